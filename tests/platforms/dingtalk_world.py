"""DingTalk's side of things without sockets: people, groups, messages, cards, tokens, sessions, limits.

Time is the clock's, so limits, expiry and quotas are tested by moving it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from chat.ports import Clock
from tests.platforms import dingtalk_rules as rules
from tests.platforms.dingtalk_rules import Json, Refusal, need

CORP = "dingcorp0001"
BOT = "$:LWCP_v1:$bot"
TOKEN_SECONDS, SESSION_SECONDS, TICKET_SECONDS = 7200, 5400, 90
PER_SECOND, PER_MINUTE = 20, 20
READ_SECONDS = 86_400
CALLS_A_MONTH, PUSHES_A_MONTH = 5000, 3000
SCOPES = {
    "/v1.0/card/": "Card.Instance.Write",
    "/v1.0/robot/": "qyapi_robot_sendmsg",
    "/topapi/v2/user/get": "qyapi_get_member",
}


@dataclass
class Person:
    staff: str
    name: str
    external: bool = False

    @property
    def sealed(self) -> str:
        return f"$:LWCP_v1:${self.staff}"


@dataclass
class Message:
    """``chat``: a group's id or a person's. ``at``: who is notified. ``via``: api, webhook or card.

    ``key``: its processQueryKey, where it has one. ``read``: who has read it, by staff id.
    """

    chat: str
    words: str
    via: str
    at: tuple[str, ...] = ()
    track: str = ""
    raw: Json = field(default_factory=dict)
    key: str = ""
    sent: float = 0.0
    read: set[str] = field(default_factory=set)


@dataclass
class Card:
    """``own``: what single readers see instead of ``params``. ``only_for``: nobody else sees it."""

    template: str
    params: Json
    chat: str = ""
    direct: bool = False
    carrier: str = ""
    only_for: tuple[str, ...] = ()
    own: dict[str, Json] = field(default_factory=dict)

    def seen_by(self, person: str) -> Json:
        return {**self.params, **self.own.get(person, {})}


class World:
    """One company with one app."""

    def __init__(self, clock: Clock, client_id: str = "dingfake000000000001", secret: str = "fake-secret-012") -> None:
        self.clock = clock
        self.client_id = client_id
        self.secret = secret
        self.people: dict[str, Person] = {}
        self.groups: dict[str, tuple[str, list[str]]] = {}
        self.removed_from: set[str] = set()
        self.unreachable: set[str] = set()
        self.messages: list[Message] = []
        self.cards: dict[str, Card] = {}
        self.media: dict[str, bytes] = {}
        self.files: dict[str, bytes] = {}
        """What people sent, by download code."""
        self.tokens: dict[str, float] = {}
        self.sessions: dict[str, tuple[str, float]] = {}
        self.missing_scopes: set[str] = set()
        self.refusals: deque[Refusal] = deque()
        """What the next calls that send or change something are answered with."""
        self.undelivered: deque[str] = deque()
        """Why the next cards are made but not delivered."""
        self.calls: list[str] = []
        self.calls_left, self.pushes_left = CALLS_A_MONTH, PUSHES_A_MONTH
        self.hurried = False
        """No limits of speed are kept: for a clock that stands still."""
        self._uuids: dict[str, bool] = {}
        self._windows: dict[str, deque[float]] = {}
        self._count = 0

    def number(self) -> int:
        self._count += 1
        return self._count

    def now(self) -> float:
        return self.clock.now().timestamp()

    def person(self, name: str, *, external: bool = False) -> Person:
        found = next((one for one in self.people.values() if one.name == name), None)
        if found is None:
            found = Person(f"user{len(self.people) + 101}", name, external)
            self.people[found.staff] = found
        return found

    def group(self, title: str, *names: str) -> str:
        chat = f"cid{self.number():04d}GROUP=="
        self.groups[chat] = (title, [self.person(name).staff for name in names])
        return chat

    # --- limits --------------------------------------------------------------------------------------------------

    def limit(self, what: str, count: int, seconds: float, code: str | int, status: int = 403) -> None:
        if self.hurried:
            return
        window = self._windows.setdefault(what, deque())
        now = self.now()
        while window and window[0] <= now - seconds:
            window.popleft()
        need(len(window) < count, code, what, status)
        window.append(now)

    def authorise(self, token: str | None, path: str) -> None:
        need(token, "AuthenticationFailed.MissingParameter", "x-acs-dingtalk-access-token")
        need(self.tokens.get(str(token), 0) > self.now(), "InvalidAuthentication", "不合法的access_token")
        scope = next((scope for start, scope in SCOPES.items() if path.startswith(start)), "")
        if scope in self.missing_scopes:
            detail = {"requiredScopes": [scope]}
            denied = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
            raise Refusal(denied, "应用尚未开通所需的权限", 403, accessdenieddetail=detail)
        self.limit(path, PER_SECOND, 1.0, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi")
        need(self.calls_left, "Forbidden.AccessDenied.ApiCountLimitForOrg", "", 403)
        self.calls_left -= 1

    def token(self, client_id: Any, secret: Any) -> str:
        need((client_id, secret) == (self.client_id, self.secret), "invalidClientIdOrSecret", "无效的clientId")
        for token, until in self.tokens.items():
            if until > self.now():
                return token
        token = f"token{self.number():028d}"
        self.tokens[token] = self.now() + TOKEN_SECONDS
        return token

    # --- messages ------------------------------------------------------------------------------------------------

    def session(self, chat: str) -> tuple[str, int]:
        """(a new session's name, until when in ms). chat: a group's id or a person's."""
        name = f"session{self.number():032d}"
        self.sessions[name] = (chat, self.now() + SESSION_SECONDS)
        return name, int((self.now() + SESSION_SECONDS) * 1000)

    def by_session(self, name: str, body: Json, size: int) -> None:
        chat, until = self.sessions.get(name, ("", 0.0))
        need(until > self.now(), 300001, "session 不存在或已过期")
        need(size <= rules.WEBHOOK, 460101, "message too long, exceed 20000 bytes")
        kind = body.get("msgtype")
        need(kind in rules.WEBHOOK_KINDS, 400105, "unsupported msgtype")
        if self.refusals:
            raise self.refusals.popleft()
        need(chat not in self.removed_from, 400013, "group dismissed")
        if self._uuids.get(body.get("msgUuid", ""), False):
            return
        self.limit(f"webhook {chat}", PER_MINUTE, 60.0, 130101, 200)
        need(self.pushes_left, 20001)
        self.pushes_left -= 1
        self._uuids[body.get("msgUuid") or f"none{self.number()}"] = True
        inner = body[kind]
        at = tuple((body.get("at") or {}).get("atUserIds") or ())
        words = inner["content"] if kind == "text" else rules.rendered(inner["text"])
        for staff in at:
            if staff in self.people:
                words = words.replace(f"@{staff}", f"@{self.people[staff].name}")
        self.messages.append(Message(chat, words, "webhook", at, raw=body))

    def to_group(self, body: Json) -> Json:
        chat = body.get("openConversationId")
        need(chat, "miss.openConversationId")
        need(body.get("robotCode") == self.client_id, "invalidParameter.robotCode.notExsit")
        content = rules.check_message(body.get("msgKey"), body.get("msgParam"))
        self._may_send(str(chat))
        return self._sent(str(chat), body["msgKey"], content)

    def to_people(self, body: Json) -> Json:
        users = body.get("userIds")
        need(users, "invalidParameter.userIds.empty")
        need(len(users or ()) <= 20, "invalidParameter.userIds.overMax")
        need(body.get("robotCode") == self.client_id, "invalidParameter.robotCode.notExsit")
        content = rules.check_message(body.get("msgKey"), body.get("msgParam"))
        if self.refusals:
            raise self.refusals.popleft()
        answer: Json = {"invalidStaffIdList": [], "flowControlledStaffIdList": []}
        for user in users or ():
            if user not in self.people or self.people[user].external or user in self.unreachable:
                answer["invalidStaffIdList"].append(user)
            else:
                answer |= self._sent(user, body["msgKey"], content)
        return answer

    def _may_send(self, chat: str) -> None:
        if self.refusals:
            raise self.refusals.popleft()
        need(chat in self.groups and chat not in self.removed_from, "invalid.openConversationId")

    def _sent(self, chat: str, kind: str, content: Json) -> Json:
        words = rules.rendered(content["text"]) if "text" in content else str(next(iter(content.values())))
        key = f"pqk{self.number():020d}+/="
        self.messages.append(Message(chat, words, "api", raw={kind: content}, key=key, sent=self.now()))
        return {"processQueryKey": key}

    # --- cards ---------------------------------------------------------------------------------------------------

    def create(self, body: Json) -> Json:
        track = body.get("outTrackId")
        need(track and body.get("cardTemplateId"), "param.error")
        need(track not in self.cards, "param.cardAlreadyExist")
        params = (body.get("cardData") or {}).get("cardParamMap")
        rules.check_card(params)
        if self.refusals:
            raise self.refusals.popleft()
        self.cards[str(track)] = Card(body["cardTemplateId"], dict(params))
        return {"success": True, "result": str(track)}

    def deliver(self, body: Json) -> Json:
        """Into one space. What goes wrong is told inside an answer that is a success."""
        track, space = str(body["outTrackId"]), str(body.get("openSpaceId", ""))
        need(track in self.cards, "param.cardNotExist")
        kind, _, where = space.removeprefix("dtv1.card//").partition(".")
        direct = kind.upper() == "IM_ROBOT"
        model = body.get("imRobotOpenDeliverModel" if direct else "imGroupOpenDeliverModel")
        need(model is not None, "param.openDeliverModelEmpty")
        result: Json = {"spaceType": kind, "spaceId": where, "success": True, "errorMsg": ""}
        known = where in self.people and where not in self.unreachable if direct else where in self.groups
        if self.undelivered:
            result |= {"success": False, "errorMsg": self.undelivered.popleft()}
        elif not known or where in self.removed_from:
            result |= {"success": False, "errorMsg": "robot not in group or user not exist"}
        else:
            card = self.cards[track]
            card.chat, card.direct, card.carrier = where, direct, f"carrier{self.number():020d}"
            card.only_for = tuple((model or {}).get("recipients") or ())
            result["carrierId"] = card.carrier
            at = tuple((model or {}).get("atUserIds") or ())
            self.messages.append(Message(where, "", "card", at, track, body, card.carrier, self.now()))
        return {"success": True, "result": {"outTrackId": track, "deliverResults": [result]}}

    def redraw(self, body: Json) -> Json:
        """For everybody: single readers' values of the same names are gone."""
        card = self.cards.get(str(body.get("outTrackId")))
        if card is None:
            raise Refusal("param.cardNotExist")
        params = (body.get("cardData") or {}).get("cardParamMap")
        rules.check_card(params)
        if self.refusals:
            raise self.refusals.popleft()
        by_key = (body.get("cardUpdateOptions") or {}).get("updateCardDataByKey")
        card.params = {**card.params, **params} if by_key else dict(params)
        card.own = {who: {k: v for k, v in own.items() if k not in params} for who, own in card.own.items()}
        return {"success": True, "result": True}

    def answered(self, track: str, person: str, answer: Any) -> None:
        """The answer to a press changes the card for the one who pressed."""
        response = answer.get("response") if isinstance(answer, dict) else None
        params = ((response or {}).get("cardData") or {}).get("cardParamMap")
        if params and track in self.cards:
            rules.check_card(params)
            self.cards[track].own.setdefault(person, {}).update(params)

    # --- who has read what ---------------------------------------------------------------------------------------

    def reads(self, person: Person) -> None:
        """Somebody opens every chat they are in."""
        for message in self.messages:
            if message.chat == person.staff or person.staff in self.groups.get(message.chat, ("", []))[1]:
                message.read.add(person.staff)

    def _keyed(self, asked: Json, *, direct: bool) -> Message:
        need(asked.get("robotCode") == self.client_id, "invalidParameter.robotCode.notExsit")
        key = asked.get("processQueryKey")
        need(key, "invalidParameter.processQueryKey.missing")
        found = next((one for one in self.messages if one.key == key and (one.chat in self.people) == direct), None)
        if found is None:
            raise Refusal("invalid.processQueryKey", "无效的processQueryKey")
        return found

    def read_status(self, asked: Json) -> Json:
        """Of a message to single people, for a day."""
        message = self._keyed(asked, direct=True)
        need(self.now() - message.sent <= READ_SECONDS, "processQueryKey.expireTime", "已过期")
        person = self.people[message.chat]
        info = {"name": person.name, "userId": person.staff}
        status = "READ" if person.staff in message.read else "UNREAD"
        return {"sendStatus": "SUCCESS", "messageReadInfoList": [{**info, "readStatus": status}]}

    def read_list(self, asked: Json) -> Json:
        """Of a message in a group. Pages of two, so that paging is walked."""
        message = self._keyed(asked, direct=False)
        need(asked.get("openConversationId") == message.chat, "invalid.openConversationId")
        need(0 < int(asked.get("maxResults") or 20) <= 200, "invalidParameter.pageSize.invalid")
        need(self.now() - message.sent <= READ_SECONDS, "processQueryKey.expireTime", "已过期")
        start, readers = int(asked.get("nextToken") or 0), sorted(message.read)
        more = len(readers) > start + 2
        answer = {"sendStatus": "SUCCESS", "readUserIds": readers[start : start + 2], "hasMore": more}
        return {**answer, **({"nextToken": str(start + 2)} if more else {})}

    # --- what readers see ----------------------------------------------------------------------------------------

    def shown(self, chat: str, reader: str = "") -> list[str]:
        """The bot's messages in a group, or to a person (by id), oldest first. reader: whose view it is."""
        found = []
        for message in self.messages:
            if message.chat != chat:
                continue
            card = self.cards.get(message.track)
            if card is None:
                found.append(message.words)
            elif not card.only_for or reader in card.only_for:
                found.append(rules.card_words(card.seen_by(reader)))
        return found

    def user(self, staff: str) -> Json:
        person = self.people.get(staff)
        if person is None or person.external:
            raise Refusal(33012, "无效的USERID")
        return {"errcode": 0, "errmsg": "ok", "result": {"userid": staff, "name": person.name}}
