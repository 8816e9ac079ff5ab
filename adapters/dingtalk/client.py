"""DingTalk's REST interfaces, as far as we use them. Every call ends in data or in a DeliveryError."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from adapters.dingtalk.config import Config
from adapters.dingtalk.errors import BLOCKED_SECONDS, SLOW_SECONDS, Misconfigured, Stale, UsedUp, error
from adapters.dingtalk.shapes import Json, inner, word
from adapters.given import Homes
from adapters.http import Http, Pace, Reply, Token
from adapters.reading import LARGEST
from adapters.spending import Spending
from chat.errors import Gone, InDoubt, Rejected, RetryLater, Unreachable
from chat.messages import File
from chat.ports import Clock

PER_SECOND = 10
"""Calls of one interface, after a burst of as many; DingTalk allows 20 in any second."""
PAGES = 5
"""Of two hundred readers each, at most."""
JITTER = 0.25
"""Waits are longer by up to this share, so that many chats do not come back at the same moment."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SEALED = "$:"
"""Begins the id of somebody of another company, who cannot be written to."""


FILES_FROM = ("dingtalk.com", "aliyuncs.com", "alicdn.com")
"""Domains that files which people sent are fetched from."""


class Client:
    """``trouble``: what an admin has to repair, {what we tried: problem}, until the same succeeds.

    ``spent``: calls that count against the company's monthly quotas, by kind ("openapi", "webhook"). ``exhausted``: see
    ``chat.ports.Metered``, of the calls.
    """

    def __init__(self, config: Config, clock: Clock, *, total: float = 15.0, per_second: int = PER_SECOND) -> None:
        """total: seconds for one call. per_second: calls of one interface."""
        self.config = config
        self._per_second = per_second
        self._clock = clock
        homes = Homes(FILES_FROM, (config.api_base, config.oapi_base))
        self._http = Http(clock, proxy=config.proxy, total=total, homes=homes)
        self._token = Token(clock, self._fetch_token)
        self._paces: dict[str, Pace] = {}
        self.trouble: dict[str, Misconfigured] = {}
        self.spent = Spending()
        self.exhausted: bool | None = None

    @property
    def skew(self) -> float | None:
        return self._http.skew

    async def token(self) -> None:
        """Returns when DingTalk takes our credentials."""
        await self._token.get()

    async def close(self) -> None:
        await self._token.close()
        await self._http.close()

    # --- messages ------------------------------------------------------------------------------------------------

    async def to_group(self, chat: str, kind: str, content: Json) -> str:
        """kind: sampleText, sampleMarkdown … Returns the processQueryKey, by which quotes name this message."""
        body = {"openConversationId": chat, **self._message(kind, content)}
        return word(await self._call("group", "POST", "/v1.0/robot/groupMessages/send", body), "processQueryKey")

    async def to_person(self, person: str, kind: str, content: Json) -> str:
        """Raises Gone when DingTalk says that there is nobody with this id."""
        if person.startswith(SEALED):
            raise Gone("dingtalk: somebody of another company cannot be written to")
        body = {"userIds": [person], **self._message(kind, content)}
        answer = await self._call("direct", "POST", "/v1.0/robot/oToMessages/batchSend", body)
        if person in _list(answer, "invalidStaffIdList"):
            raise error("staffId.notExisted", "in invalidStaffIdList")
        if person in _list(answer, "flowControlledStaffIdList"):
            raise error("send.too.fast", "in flowControlledStaffIdList")
        return word(answer, "processQueryKey")

    async def by_webhook(self, url: str, kind: str, content: Json, at: Sequence[str], key: str) -> None:
        """Answer in a chat that spoke a while ago; the only way to @ in a text. Raises Stale when its time is over."""
        if not self._trusted(url):
            raise Stale("dingtalk webhook: not an address of DingTalk's")
        body = {
            "msgtype": kind, kind: content, "at": {"atUserIds": list(at), "isAtAll": False}, "msgUuid": key,
        }  # fmt: skip
        self.spent["webhook"] += 1
        try:
            reply = await self._http.call("POST", url, json=body)
        except InDoubt as problem:
            raise InDoubt("dingtalk webhook: no answer") from problem
        except RetryLater as problem:
            raise RetryLater("dingtalk webhook: busy", problem.after) from problem
        self._judged(reply, "webhook")

    def _message(self, kind: str, content: Json) -> dict[str, Any]:
        return {"robotCode": self.config.robot_code, "msgKey": kind, "msgParam": orjson.dumps(content).decode()}

    def _trusted(self, url: str) -> bool:
        """Whoever forges a message shall not make us call addresses of their choice."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return False
        ours = {urlsplit(base).hostname for base in (self.config.api_base, self.config.oapi_base)}
        is_ours = host in ours or (host in LOOPBACK and bool(ours & LOOPBACK))
        return is_ours or (parts.scheme == "https" and host.endswith(".dingtalk.com"))

    # --- cards ---------------------------------------------------------------------------------------------------

    async def card(
        self,
        track: str,
        params: Json,
        *,
        chat: str = "",
        person: str = "",
        title: str = "",
        at: Mapping[str, str] | None = None,
        only_for: Sequence[str] = (),
    ) -> str:
        """A card in a group, or to one person. Returns the carrier, by which quotes name it; raises Done when this

        ``track`` was used before. at: {person id: name}; only_for: nobody else in the group sees it.
        """
        if person.startswith(SEALED):
            raise Gone("dingtalk: somebody of another company cannot be written to")
        body = {
            "cardTemplateId": self.config.card_template, "outTrackId": track, "callbackType": "STREAM",
            "userIdType": 1, "cardData": {"cardParamMap": params},
            **self._space(chat, person, title, at or {}, only_for),
        }  # fmt: skip
        answer = await self._call("card", "POST", "/v1.0/card/instances/createAndDeliver", body)
        results = inner(answer, "result").get("deliverResults")
        results = [one for one in results if isinstance(one, dict)] if isinstance(results, list) else []
        for result in results:
            if result.get("success") is False:
                raise _undelivered(word(result, "errorMsg"))
        return next((word(result, "carrierId") for result in results), "")

    def _space(
        self, chat: str, person: str, title: str, at: Mapping[str, str], only_for: Sequence[str]
    ) -> dict[str, Any]:
        shown = {
            "supportForward": False,
            "lastMessageI18n": {"ZH_CN": title, "EN_US": title},
            "notification": {"alertContent": title, "notificationOff": False},
        }
        robot: dict[str, Any] = {"robotCode": self.config.robot_code}
        if person:
            deliver = {"spaceType": "IM_ROBOT", **robot}
            space = f"dtv1.card//IM_ROBOT.{person}"
            return {"openSpaceId": space, "imRobotOpenSpaceModel": shown, "imRobotOpenDeliverModel": deliver}
        if at:
            robot["atUserIds"] = dict(at)
        if only_for:
            robot["recipients"] = list(only_for)
        space = f"dtv1.card//IM_GROUP.{chat}"
        return {"openSpaceId": space, "imGroupOpenSpaceModel": shown, "imGroupOpenDeliverModel": robot}

    async def redraw(self, track: str, params: Json) -> None:
        """Other values for a card, for everybody. Raises Stale when there is no such card."""
        body = {
            "outTrackId": track, "userIdType": 1, "cardData": {"cardParamMap": params},
            "cardUpdateOptions": {"updateCardDataByKey": True, "updatePrivateDataByKey": True},
        }  # fmt: skip
        await self._call("redraw", "PUT", "/v1.0/card/instances", body)

    # --- files and people ----------------------------------------------------------------------------------------

    async def upload(self, kind: str, name: str, content: bytes) -> str:
        """kind: image or file, at most 20 MB. Returns the media id, which may be used again."""

        def form() -> aiohttp.FormData:
            form = aiohttp.FormData()
            form.add_field("media", content, filename=name, content_type="application/octet-stream")
            return form

        return word(await self._old("upload", "/media/upload", {"type": kind}, form=form), "media_id")

    async def download(self, file: File) -> tuple[str, bytes]:
        """("", content) of what somebody sent, by its download code. Raises Rejected: larger than what is read."""
        body = {"robotCode": self.config.robot_code, "downloadCode": file.ref}
        url = word(await self._call("download", "POST", "/v1.0/robot/messageFiles/download", body), "downloadUrl")
        reply, content = await self._http.fetch("dingtalk file", url, LARGEST)
        if reply.status != 200:
            raise Rejected(f"dingtalk file: HTTP {reply.status}")
        return "", content

    async def person(self, user: str) -> str:
        """Somebody's name. Needs a contact permission; Misconfigured without it."""
        asked = {"userid": user, "language": "zh_CN"}
        return word(inner(await self._old("person", "/topapi/v2/user/get", {}, json=asked), "result"), "name")

    async def direct_readers(self, key: str) -> frozenset[str] | None:
        """Who of those it went to has read a message to single people, at most a day old, by its processQueryKey.

        None: it has not arrived yet, or was taken back.
        """
        asked = {"robotCode": self.config.robot_code, "processQueryKey": key}
        answer = await self._asked("GET", "/v1.0/robot/oToMessages/readStatus", None, asked)
        if word(answer, "sendStatus").upper() != "SUCCESS":
            return None
        found = [one for one in _list(answer, "messageReadInfoList") if isinstance(one, dict)]
        return frozenset(word(one, "userId") for one in found if word(one, "readStatus").upper() == "READ")

    async def group_readers(self, chat: str, key: str) -> frozenset[str] | None:
        """Who has read a message in a group, by its processQueryKey; None: too many to be listed, or not there."""
        asked: dict[str, Any] = {"openConversationId": chat, "robotCode": self.config.robot_code}
        asked |= {"processQueryKey": key, "maxResults": 200}
        found: set[str] = set()
        for _ in range(PAGES):
            answer = await self._asked("POST", "/v1.0/robot/groupMessages/query", asked)
            if word(answer, "sendStatus").upper() != "SUCCESS":
                return None
            found.update(one for one in _list(answer, "readUserIds") if isinstance(one, str))
            if answer.get("hasMore") is not True or not word(answer, "nextToken"):
                return frozenset(found)
            asked["nextToken"] = word(answer, "nextToken")
        return None

    # --- inside --------------------------------------------------------------------------------------------------

    async def _asked(self, method: str, path: str, body: Json | None, params: Mapping[str, str] | None = None) -> Json:
        """Nobody misses what this would tell: a permission that is missing for it is no alarm."""
        try:
            return await self._call("readers", method, path, body, params)
        finally:
            self.trouble.pop("readers", None)

    async def _call(
        self, what: str, method: str, path: str, body: Json | None, params: Mapping[str, str] | None = None
    ) -> Json:
        await self._turn(path)
        self.spent["openapi"] += 1

        async def once(token: str) -> Json:
            headers = {"x-acs-dingtalk-access-token": token}
            url = self.config.api_base + path
            reply = await self._http.call(method, url, json=body, params=params, headers=headers)
            answer = self._judged(reply, what)
            self.exhausted = False
            return answer

        try:
            return await self._token.use(once)
        except UsedUp:
            self.exhausted = True
            raise

    async def _old(
        self, what: str, path: str, params: Mapping[str, str], *, json: Any = None,
        form: Callable[[], aiohttp.FormData] | None = None,
    ) -> Json:  # fmt: skip
        """The older interfaces: the token is part of the address, HTTP says 200 whatever happens."""
        await self._turn(path)

        async def once(token: str) -> Json:
            reply = await self._unlogged(
                self._http.call(
                    "POST", self.config.oapi_base + path, json=json, data=form() if form else None,
                    params={"access_token": token, **params},
                ), what
            )  # fmt: skip
            return self._judged(reply, what)

        return await self._token.use(once)

    async def _unlogged(self, call: Awaitable[Reply], what: str) -> Reply:
        try:
            return await call
        except InDoubt as problem:
            raise InDoubt(f"dingtalk {what}: no answer") from problem

    async def _turn(self, path: str) -> None:
        pace = self._paces.get(path)
        if pace is None:
            self._paces[path] = pace = Pace(self._clock, self._per_second, 1.0)
        await pace.turn()

    async def _fetch_token(self) -> tuple[str, float]:
        """Whatever happens here, the parcel itself was not sent."""
        asked = {"appKey": self.config.client_id, "appSecret": self.config.client_secret}
        try:
            reply = await self._http.call("POST", self.config.api_base + "/v1.0/oauth2/accessToken", json=asked)
            body = self._judged(reply, "token")
        except InDoubt as problem:
            raise Unreachable(str(problem)) from problem
        token, seconds = body.get("accessToken"), body.get("expireIn")
        if not isinstance(token, str) or not isinstance(seconds, int | float):
            raise Unreachable("dingtalk token: not the answer that was promised")
        return token, float(seconds)

    def _judged(self, reply: Reply, what: str) -> Json:
        """The body of an answer that says yes; else the remedy. A gateway's page is a block for some minutes."""
        code = _code(reply)
        if code == "0":
            self.trouble.pop(what, None)
            return reply.body
        if not code and reply.status < 400:
            raise InDoubt(f"dingtalk {what}: HTTP {reply.status} without an answer")
        jitter = 1 + random.random() * JITTER
        if not code or code == "1111":
            raise RetryLater(
                f"dingtalk {what}: HTTP {reply.status}, not DingTalk's own words", BLOCKED_SECONDS * jitter
            )
        said = str(reply.body.get("message") or reply.body.get("sub_msg") or reply.body.get("errmsg") or "")
        problem = error(code, f"{what}: {said}", SLOW_SECONDS * jitter)
        if isinstance(problem, Misconfigured):
            problem.scopes = tuple(map(str, _list(inner(reply.body, "accessdenieddetail"), "requiredScopes")))
            self.trouble[what] = problem
        raise problem


def _code(reply: Reply) -> str:
    """ "0": done. "": DingTalk itself did not answer. Old interfaces put the cause into ``sub_code``."""
    body = reply.body
    if "errcode" in body:
        code = body["errcode"]
        return str(body.get("sub_code") or code) if code else "0"
    if "code" in body and (reply.status >= 400 or body.get("success") is False):
        return str(body["code"])
    if body.get("punish") or "source" in body:
        return "1111"
    if not body or reply.status >= 400:
        return ""
    return "0" if body.get("success") is not False else "deliver"


def _undelivered(why: str) -> Gone | Rejected:
    """A card that was made but not delivered; the reason is a sentence, not a code."""
    gone = any(word in why.lower() for word in ("not in", "notin", "not exist", "notexist", "disband", "不在", "解散"))
    return Gone(f"dingtalk card: {why[:200]}") if gone else Rejected(f"dingtalk card: {why[:200]}")


def _list(body: Json, name: str) -> list[Any]:
    value = body.get(name)
    return value if isinstance(value, list) else []
