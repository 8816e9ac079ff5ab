"""Feishu's REST interface, as far as we use it. Every call ends in data or in a DeliveryError."""

from __future__ import annotations

import base64
import hashlib
import io
import random
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import quote

import aiohttp
import orjson

from adapters.feishu.config import Config
from adapters.feishu.errors import SLOW_SECONDS, Misconfigured, error
from adapters.given import Homes
from adapters.http import Http, Pace, Reply, Token
from adapters.spending import Spending
from chat.errors import InDoubt, Rejected
from chat.ports import Clock

MESSAGES = "/open-apis/im/v1/messages"
BYTES = "application/octet-stream"
RESET = "x-ogw-ratelimit-reset"
UUID_LIMIT = 50
PER_SECOND, PER_MINUTE = 40, 900
"""Calls of one app; Feishu allows 50 and 1000."""
PAGES = 10
"""Of a hundred people each, at most."""
JITTER = 0.25
"""Waits are longer by up to this share, so that many chats do not come back at the same moment."""


class Client:
    """``trouble``: what an admin has to repair, {what we tried: problem}, until the same succeeds."""

    def __init__(self, config: Config, clock: Clock, *, total: float = 15.0) -> None:
        """total: seconds for one call."""
        self.config = config
        self._http = Http(clock, proxy=config.proxy, total=total, homes=Homes((), (config.domain,)))
        self._token = Token(clock, self._fetch_token)
        self._paces = (Pace(clock, PER_SECOND, 1.0), Pace(clock, PER_MINUTE, 60.0))
        self.trouble: dict[str, Misconfigured] = {}
        self.spent = Spending()

    async def close(self) -> None:
        await self._token.close()
        await self._http.close()

    # --- messages ------------------------------------------------------------------------------------------------

    async def send(self, id_type: str, to: str, kind: str, content: Mapping[str, Any], key: str) -> str:
        """id_type: chat_id or open_id. Returns the message id; the same ``key`` within an hour is the same message."""
        body = {"receive_id": to, "msg_type": kind, "content": _json(content), "uuid": uuid(key)}
        data = await self._call("send", "POST", MESSAGES, json=body, params={"receive_id_type": id_type})
        return _message_id(data)

    async def reply(self, message_id: str, kind: str, content: Mapping[str, Any], key: str) -> str:
        """Raises Stale when the message answered is no longer there."""
        body = {"msg_type": kind, "content": _json(content), "uuid": uuid(key)}
        return _message_id(await self._call("reply", "POST", f"{_message(message_id)}/reply", json=body))

    async def redraw(self, message_id: str, card: Mapping[str, Any]) -> None:
        """Another card in the place of a card."""
        await self._call("redraw", "PATCH", _message(message_id), json={"content": _json(card)})

    async def rewrite(self, message_id: str, content: Mapping[str, Any]) -> None:
        """Another text in the place of a text."""
        body = {"msg_type": "text", "content": _json(content)}
        await self._call("rewrite", "PUT", _message(message_id), json=body)

    async def upload_image(self, image: bytes) -> str:
        """At most 10 MB. Returns image_key."""

        def form() -> aiohttp.FormData:
            form = aiohttp.FormData({"image_type": "message"})
            form.add_field("image", io.BytesIO(image), filename="image.png", content_type=BYTES)
            return form

        data = await self._call("upload_image", "POST", "/open-apis/im/v1/images", form=form)
        return str(data.get("image_key") or "")

    async def upload_file(self, name: str, content: bytes) -> str:
        """At most 30 MB, not empty. Returns file_key."""

        def form() -> aiohttp.FormData:
            form = aiohttp.FormData({"file_type": "stream", "file_name": name})
            form.add_field("file", io.BytesIO(content), filename=name, content_type=BYTES)
            return form

        data = await self._call("upload_file", "POST", "/open-apis/im/v1/files", form=form)
        return str(data.get("file_key") or "")

    async def download(self, ref: str, largest: int) -> tuple[str, bytes]:
        """("", content) of a file in somebody's message; ref: see ``content.files``. Raises Rejected when larger."""
        message_id, kind, key = ref.split("/", 2)
        url = f"{self.config.domain}{_message(message_id)}/resources/{quote(key, safe='')}"

        async def once(token: str) -> bytes:
            headers = {"Authorization": f"Bearer {token}"}
            reply, content = await self._http.fetch("feishu file", url, largest, headers=headers, params={"type": kind})
            if reply.status != 200:
                self._judged(reply, "download")
                raise Rejected("feishu file: not the answer that was promised")
            self.trouble.pop("download", None)
            return content

        await self._turn()
        return "", await self._token.use(once)

    async def recognised(self, name: str, pcm: bytes) -> str:
        """What is said in 60 s at most of PCM, 16 kHz, mono. name: 16 letters or digits, the recording's.

        Misconfigured without the permission, which is worth a word to who speaks but no alarm.
        """
        config = {"file_id": name, "format": "pcm", "engine_type": "16k_auto"}
        body = {"speech": {"speech": base64.b64encode(pcm).decode()}, "config": config}
        try:
            data = await self._call("speech", "POST", "/open-apis/speech_to_text/v1/speech/file_recognize", json=body)
        finally:
            self.trouble.pop("speech", None)
        return str(data.get("recognition_text") or "")

    # --- who is who ----------------------------------------------------------------------------------------------

    async def own_id(self) -> str:
        """The bot's own open_id."""
        return str((await self._bot()).get("open_id") or "")

    async def activated(self) -> int | None:
        """``activate_status`` of the bot; None: Feishu does not say."""
        status = (await self._bot()).get("activate_status")
        return status if isinstance(status, int) else None

    async def _bot(self) -> Mapping[str, Any]:
        bot = (await self._authorised("own_id", "GET", "/open-apis/bot/v3/info")).get("bot")
        return bot if isinstance(bot, dict) else {}

    async def granted(self) -> dict[str, bool]:
        """Every permission the app asked for, and whether it has it. Needs none itself."""
        scopes = (await self._call("granted", "GET", "/open-apis/application/v6/scopes")).get("scopes")
        return {
            str(one.get("scope_name")): one.get("grant_status") == 1
            for one in (scopes if isinstance(scopes, list) else ())
            if isinstance(one, dict)
        }

    async def application(self) -> Mapping[str, Any]:
        """How the app is set up. Misconfigured without a permission of its own, which is not worth an alarm."""
        path = f"/open-apis/application/v6/applications/{quote(self.config.app_id, safe='')}"
        try:
            app = (await self._call("application", "GET", path, params={"lang": "zh_cn"})).get("app")
        finally:
            self.trouble.pop("application", None)
        return app if isinstance(app, dict) else {}

    @property
    def skew(self) -> float | None:
        return self._http.skew

    async def chat(self, chat_id: str) -> tuple[Literal["group", "direct"], str]:
        """(kind, name) of a chat."""
        data = await self._call("chat", "GET", f"/open-apis/im/v1/chats/{quote(chat_id, safe='')}")
        return "direct" if data.get("chat_mode") == "p2p" else "group", str(data.get("name") or "")

    async def members(self, chat_id: str) -> dict[str, str]:
        """{open_id: name} of a group, without bots; at most 1000."""
        names: dict[str, str] = {}
        page: dict[str, str] = {}
        for _ in range(PAGES):
            data = await self._call(
                "members",
                "GET",
                f"/open-apis/im/v1/chats/{quote(chat_id, safe='')}/members",
                params={"member_id_type": "open_id", "page_size": "100", **page},
            )
            items = data.get("items")
            for item in items if isinstance(items, list) else ():
                if isinstance(item, dict) and isinstance(item.get("member_id"), str):
                    names[item["member_id"]] = str(item.get("name") or "")
            token = data.get("page_token")
            if not data.get("has_more") or not isinstance(token, str):
                break
            page = {"page_token": token}
        return names

    async def person(self, open_id: str) -> str:
        """Somebody's name. Needs a contact permission; Misconfigured without it."""
        path = f"/open-apis/contact/v3/users/{quote(open_id, safe='')}"
        data = await self._call("person", "GET", path, params={"user_id_type": "open_id"})
        user = data.get("user")
        return str(user.get("name") or "") if isinstance(user, dict) else ""

    async def message(self, message_id: str) -> Mapping[str, Any]:
        """A message as ``content.quoted`` and ``content.writer`` read it; without its content once it was recalled."""
        items = (await self._call("message", "GET", _message(message_id))).get("items")
        return items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}

    async def readers(self, message_id: str) -> frozenset[str] | None:
        """Who has read a message of ours that is at most 7 days old; None: they are too many to be listed.

        Misconfigured without a permission that is needed anyhow, so it is not worth an alarm of its own.
        """
        found: set[str] = set()
        page: dict[str, str] = {}
        try:
            for _ in range(PAGES):
                asked = {"user_id_type": "open_id", "page_size": "100", **page}
                data = await self._call("readers", "GET", f"{_message(message_id)}/read_users", params=asked)
                items = data.get("items")
                items = items if isinstance(items, list) else []
                found.update(str(item.get("user_id") or "") for item in items if isinstance(item, dict))
                token = data.get("page_token")
                if not data.get("has_more") or not isinstance(token, str):
                    return frozenset(found)
                page = {"page_token": token}
        finally:
            self.trouble.pop("readers", None)
        return None

    async def subscribe(self, code: str) -> None:
        """From now on events of approvals of this kind are told."""
        await self._call("leave", "POST", f"/open-apis/approval/v4/approvals/{quote(code, safe='')}/subscribe")

    # --- inside --------------------------------------------------------------------------------------------------

    async def _call(self, what: str, method: str, path: str, **how: Any) -> Mapping[str, Any]:
        data = (await self._authorised(what, method, path, **how)).get("data")
        return data if isinstance(data, dict) else {}

    async def _authorised(
        self,
        what: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        form: Callable[[], aiohttp.FormData] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        await self._turn()
        self.spent["api"] += 1

        async def once(token: str) -> Mapping[str, Any]:
            reply = await self._http.call(
                method, self.config.domain + path, json=json, data=form() if form else None, params=params,
                headers={"Authorization": f"Bearer {token}"}, wait_header=RESET,
            )  # fmt: skip
            return self._judged(reply, what)

        return await self._token.use(once)

    async def _turn(self) -> None:
        for pace in self._paces:
            await pace.turn()

    async def _fetch_token(self) -> tuple[str, float]:
        reply = await self._http.call(
            "POST",
            self.config.domain + "/open-apis/auth/v3/tenant_access_token/internal",
            json={"app_id": self.config.app_id, "app_secret": self.config.app_secret},
        )
        body = self._judged(reply, "token")
        token, seconds = body.get("tenant_access_token"), body.get("expire")
        if not isinstance(token, str) or not isinstance(seconds, int | float):
            raise InDoubt("feishu token: not the answer that was promised")
        return token, float(seconds)

    def _judged(self, reply: Reply, what: str) -> Mapping[str, Any]:
        code = reply.body.get("code")
        if code == 0:
            self.trouble.pop(what, None)
            return reply.body
        if not isinstance(code, int):
            raise InDoubt(f"feishu {what}: HTTP {reply.status} without an answer")
        wait = self._http.wait(reply, RESET, SLOW_SECONDS) * (1 + random.random() * JITTER)
        problem = error(code, f"{what}: {reply.body.get('msg')}", max(wait, 0.2))
        if isinstance(problem, Misconfigured):
            self.trouble[what] = problem
        raise problem


def _message(message_id: str) -> str:
    return f"{MESSAGES}/{quote(message_id, safe='')}"


def uuid(key: str) -> str:
    """A parcel's key as Feishu takes it."""
    return key if len(key) <= UUID_LIMIT else hashlib.sha256(key.encode()).hexdigest()[:40]


def _json(content: Mapping[str, Any]) -> str:
    return orjson.dumps(content).decode()


def _message_id(data: Mapping[str, Any]) -> str:
    return str(data.get("message_id") or "")
