"""DingTalk's frames as ``Incoming`` things. Pure: no socket, no clock, no SDK.

A frame is ``{"type", "headers", "data"}`` with JSON as text in ``data``. Anything may be missing, null or of another
type: what a thing cannot do without raises Malformed, all else is left out. A person's id is the ``staffId``; people of
other companies have none and keep DingTalk's sealed id (``$:LWCP…``), which can be answered but not written to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

import orjson

from adapters.dingtalk import codes
from adapters.dingtalk.events import happened
from adapters.dingtalk.mentions import placed
from adapters.dingtalk.shapes import PLATFORM as PLATFORM
from adapters.dingtalk.shapes import (
    Json,
    clean,
    inner,
    inside,
    is_time,
    malformed,
    moment,
    needed,
    parsed,
    word,
)
from chat.errors import Malformed
from chat.frozen import frozen
from chat.messages import TOKEN, Action, File, Incoming, Place, Quote, Sender

ROBOT = "/v1.0/im/bot/messages/get"
CARD = "/v1.0/card/instances/callback"
DIRECT = "user:"
"""Before a person's id: the id of their direct chat with the bot. Groups keep DingTalk's conversation id."""
QUOTA = 20001


@frozen
class Frame:
    """``id``: DingTalk's of this push, of an event the event's own. ``name``: what is counted."""

    kind: Literal["message", "click", "event", "other"]
    id: str
    name: str
    data: Json

    @property
    def lane(self) -> str:
        """Things with the same one keep their order."""
        return next((v for k in ("conversationId", "openConversationId", "spaceId") if (v := word(self.data, k))), "")


@frozen
class Session:
    """A chat can be answered at ``url`` until then (seconds)."""

    url: str
    until: float


class People(Protocol):
    """Who is known. ``name``, ``staff``, ``card_chat``, ``message`` return "" for what is not."""

    def name(self, person: str) -> str: ...

    def staff(self, sealed: str) -> str:
        """The staffId of a sealed id."""

    def card_chat(self, message_id: str) -> str:
        """Where our card with this id was sent to."""

    def message(self, carrier: str) -> str:
        """Our id of what DingTalk calls so in quotes."""


def frame(raw: str | bytes) -> Frame:
    """Raises Malformed."""
    try:
        whole = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed("not JSON") from error
    headers = inside(whole, "headers")
    topic, push = word(headers, "topic"), word(headers, "messageId")
    data = parsed(whole.get("data"))
    match word(whole, "type"), topic:
        case "CALLBACK", str() if topic == ROBOT:
            return Frame("message", push, topic, data)
        case "CALLBACK", str() if topic == CARD:
            return Frame("click", push, topic, data)
        case "EVENT", _:
            return Frame("event", word(headers, "eventId") or push, word(headers, "eventType") or topic, data)
        case kind, _:
            return Frame("other", push, f"{kind or '?'} {topic}", data)


def read(frame: Frame, people: People, bot_names: Sequence[str], now: datetime) -> tuple[Incoming, ...]:
    """What a frame tells; nothing where it is of a kind that we do not use. bot_names: how people @ the bot."""
    match frame.kind:
        case "message":
            return _message(frame.data, people, bot_names, now)
        case "click":
            return _click(frame, people, now)
        case "event":
            return happened(frame.id, frame.name, frame.data, people.name, now)
        case _:
            return ()


def session(frame: Frame) -> tuple[str, Session] | None:
    """(chat, where it can be answered), if the frame tells."""
    data = frame.data
    url, until = word(data, "sessionWebhook"), data.get("sessionWebhookExpiredTime")
    if frame.kind != "message" or not url or not isinstance(until, int | float) or not _sender_id(data):
        return None
    return _place(data).id, Session(url, until / 1000)


def mentioned(frame: Frame, people: People) -> list[str]:
    """Ids of those who were @ed, besides the bot."""
    return [one.id for one in _at_users(frame.data, people)[0]] if frame.kind == "message" else []


# --- messages --------------------------------------------------------------------------------------------------------


def _message(data: Json, people: People, bot_names: Sequence[str], now: datetime) -> tuple[Incoming, ...]:
    key, sender = needed(data, "msgId"), _sender(data)
    place, bot = _place(data), word(data, "chatbotUserId")
    thing = Incoming(
        f"{PLATFORM}:{key}", "message", PLATFORM, moment(data.get("createAt"), now), place, sender,
        bot_id=bot, addressed=True, message_id=key,
    )  # fmt: skip
    if data.get("errorCode") in (QUOTA, str(QUOTA)):
        why = word(data, "errorMessage") or word(data, "errMsg")
        return (replace(thing, kind="event", event="quota_exhausted", data={"why": why[:200]}),)
    what = word(data, "msgtype")
    text, files = _content(what, data)
    if not text and not files and what != "text":
        return ()
    action = codes.read_typed(_unnamed(text, bot_names))
    if action is not None:
        return (replace(thing, kind="click", action=action, message_id=""),)
    mentions: tuple[Sender, ...] = ()
    addressed = True
    if place.kind == "group":
        others, addressed = _at_users(data, people)
        text, mentions = placed(_unnamed(text, bot_names), others)
        if addressed:
            text, mentions = f"{TOKEN} {text}", (Sender(bot, bot_names[0] if bot_names else ""), *mentions)
    return (
        replace(
            thing, text=text, mentions=mentions, addressed=addressed, files=files, voice=what == "audio",
            quote=_quote(data, people),
        ),
    )  # fmt: skip


def _sender_id(data: Json) -> str:
    return word(data, "senderStaffId") or word(data, "senderId")


def _sender(data: Json) -> Sender:
    who = _sender_id(data)
    if not who:
        raise Malformed("a message from nobody")
    return Sender(who, clean(word(data, "senderNick")))


def _place(data: Json) -> Place:
    if str(data.get("conversationType")) == "1":
        return Place(DIRECT + _sender_id(data), "direct")
    return Place(needed(data, "conversationId"), "group", clean(word(data, "conversationTitle")))


def _at_users(data: Json, people: People) -> tuple[list[Sender], bool]:
    """(who was @ed besides the bot, was the bot). DingTalk brings group messages to the bot only when it was."""
    bot, others, seen = word(data, "chatbotUserId"), [], False
    users = data.get("atUsers")
    for user in users if isinstance(users, list) else ():
        if not isinstance(user, dict):
            continue
        sealed = word(user, "dingtalkId")
        if sealed and sealed == bot:
            seen = True
            continue
        person = word(user, "staffId") or people.staff(sealed) or sealed
        if person:
            others.append(Sender(person, people.name(person)))
    said = data.get("isInAtList")
    return others, seen or said is True or not isinstance(said, bool)


def _content(what: str, data: Json) -> tuple[str, tuple[File, ...]]:
    """(words, files)."""
    content = parsed(data.get("content"))
    match what:
        case "text":
            return clean(word(inner(data, "text"), "content")), ()
        case "richText":
            return _rich(content)
        case "audio":
            words = clean(word(content, "recognition"))
            return words, () if words else _file("语音", content)
        case "picture":
            return "", _file("图片", content)
        case "video":
            return "", _file("视频", content)
        case "file":
            return "", _file(clean(word(content, "fileName")) or "文件", content)
        case _:
            return "", ()


def _rich(content: Json) -> tuple[str, tuple[File, ...]]:
    words: list[str] = []
    files: tuple[File, ...] = ()
    for item in _items(content):
        if word(item, "type") == "picture":
            files += _file("图片", item)
        elif word(item, "type") == "at":
            words.append(f"@{word(item, 'atName')} ")
        else:
            words.append(word(item, "text"))
    return clean("".join(words)), files


def _items(content: Json) -> Iterator[Json]:
    items = content.get("richText")
    yield from (item for item in (items if isinstance(items, list) else ()) if isinstance(item, dict))


def _file(name: str, content: Json) -> tuple[File, ...]:
    """References are download codes, good for a while, with the robot's own code."""
    code = word(content, "downloadCode") or word(content, "pictureDownloadCode")
    return (File(name, code),) if code else ()


def _quote(data: Json, people: People) -> Quote | None:
    """What this message answers. Our own messages are named by the id of their delivery."""
    text = inner(data, "text")
    replied = inner(text, "repliedMsg") or inner(data, "repliedMsg")
    carrier = word(data, "originalProcessQueryKey") or word(text, "originalProcessQueryKey")
    original = word(data, "originalMsgId") or word(text, "originalMsgId") or word(replied, "msgId")
    if not (carrier or original or replied):
        return None
    content = replied.get("content")
    words = content if isinstance(content, str) else _content(word(replied, "msgType"), _quoted(content))[0]
    sealed = word(replied, "senderId")
    who = people.staff(sealed) or sealed
    at = replied.get("createdAt")
    return Quote(
        people.message(carrier) or carrier or original,
        Sender(who, people.name(who)) if who else None,
        clean(words),
        datetime.fromtimestamp(at / 1000, UTC) if at is not None and is_time(at) else None,
    )


def _quoted(content: Any) -> Json:
    """The content of a quoted message, shaped like that of a message."""
    inner = content if isinstance(content, dict) else {}
    return {"text": {"content": inner.get("text") or inner.get("content")}, "content": inner}


# --- presses ---------------------------------------------------------------------------------------------------------


def _click(frame: Frame, people: People, now: datetime) -> tuple[Incoming, ...]:
    """``params`` is what the button carried; some clients tell only its id."""
    data = frame.data
    user, track = needed(data, "userId"), needed(data, "outTrackId")
    private = inner(parsed(data.get("content")) or parsed(data.get("value")), "cardPrivateData")
    params, buttons = parsed(private.get("params")), private.get("actionIds")
    carried = [params.get("id"), *(buttons if isinstance(buttons, list) else ())]
    action = next((found for one in carried if isinstance(one, str) and (found := codes.read(one))), Action(""))
    card, direct = codes.track_of(track), codes.is_direct(track)
    chat = word(data, "spaceId") or people.card_chat(card)
    if not direct and not chat:
        raise Malformed("a press nowhere")
    return (
        Incoming(
            f"{PLATFORM}:card:{frame.id or malformed('a press without an id')}", "click", PLATFORM, now,
            Place(DIRECT + user, "direct") if direct else Place(chat, "group"), Sender(user, people.name(user)),
            addressed=True, message_id=card, action=replace(action, fields=_fields(params)),
        ),
    )  # fmt: skip


def _fields(params: Json) -> dict[str, str]:
    """What was filled in: under ``form``, or beside our own id."""
    form = parsed(params.get("form")) or {name: value for name, value in params.items() if name not in ("id", "form")}
    return {name: clean(_filled(value)) for name, value in form.items()}


def _filled(value: Any) -> str:
    if isinstance(value, list):
        return "，".join(_filled(one) for one in value)
    if isinstance(value, dict):
        return _filled(next((value[name] for name in ("value", "id", "text") if name in value), ""))
    if isinstance(value, bool) or value is None:
        return "1" if value else ""
    return str(value)


# --- small things ----------------------------------------------------------------------------------------------------


def _unnamed(text: str, bot_names: Sequence[str]) -> str:
    """Without the bot's own name in front; DingTalk usually removes it, not in rich text."""
    while name := next((name for name in bot_names if text.startswith((f"@{name}", f"＠{name}"))), ""):
        text = text[len(name) + 1 :].lstrip()
    return text
