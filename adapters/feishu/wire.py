"""Feishu's events as ``Incoming`` things. Pure: no socket, no clock, no SDK; names that Feishu hides stay empty.

The shapes are Feishu's «v2» events; every number in them is a string. Anything may be missing, null or of another type:
what a thing cannot do without raises Malformed, all else is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from adapters.feishu import leave
from adapters.feishu.content import files, held, moment, needed, people, tokens, unpacked, word, words
from chat.errors import Malformed
from chat.messages import TOKEN, Action, Incoming, Place, Quote, Sender

PLATFORM = "feishu"
CLICK = "card.action.trigger"
_FIELD = re.compile(r"f\d+_")
_ZONE = re.compile(r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|\d\d:\d\d) [+-]\d{4}")
Things = tuple[Incoming, ...]
Reader = Callable[[Mapping[str, Any], Mapping[str, Any], str], Things]


def read(raw: bytes | str, bot_id: str) -> tuple[Incoming, ...]:
    """What one event tells: several things when several people come or go, none when we do not use its kind.

    bot_id: the bot's open_id in this app.
    """
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed("not JSON") from error
    if isinstance(body, dict) and body.get("type") == "event_callback" and "header" not in body:
        return leave.read(body, held(body, "event"))
    header, event = held(body, "header"), held(body, "event")
    reader = _READERS.get(word(header, "event_type"))
    return reader(header, event, bot_id) if reader else ()


def kind(raw: bytes | str) -> str:
    """The event's type, for counting; "" when it has none."""
    try:
        body = orjson.loads(raw)
        if isinstance(body, dict) and "header" not in body:
            return word(held(body, "event"), "type")
        return word(held(body, "header"), "event_type")
    except (orjson.JSONDecodeError, Malformed):
        return ""


# --- messages --------------------------------------------------------------------------------------------------------


def _message(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str) -> Things:
    sender, message = held(event, "sender"), held(event, "message")
    if word(sender, "sender_type") in ("app", "bot"):
        return ()
    who = needed(held(sender, "sender_id"), "open_id")
    message_id = needed(message, "message_id")
    place = _place(message)
    what = word(message, "message_type")
    content = unpacked(message)
    text, mentions = tokens(words(what, content), people(message.get("mentions")))
    thing = Incoming(
        f"{PLATFORM}:{message_id}",
        "message",
        PLATFORM,
        moment(message.get("create_time"), header.get("create_time")),
        place,
        Sender(who, ""),
        text=text,
        mentions=mentions,
        bot_id=bot_id,
        addressed=place.kind == "direct" or any(one.id == bot_id for one in mentions),
        message_id=message_id,
        quote=_quote(message),
        files=files(what, content, message_id),
        voice=what == "audio",
    )
    return (thing,)


def _place(message: Mapping[str, Any]) -> Place:
    return Place(needed(message, "chat_id"), "direct" if word(message, "chat_type") == "p2p" else "group")


def _quote(message: Mapping[str, Any]) -> Quote | None:
    answered = word(message, "parent_id") or word(message, "root_id")
    return Quote(answered) if answered else None


# --- presses ---------------------------------------------------------------------------------------------------------


def _click(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str) -> Things:
    """A press does not say what kind of chat it is in; cards sent to one person carry ``d``."""
    action, context = held(event, "action"), held(event, "context")
    value = _value(action.get("value"))
    thing = Incoming(
        f"{PLATFORM}:card:{needed(header, 'event_id')}",
        "click",
        PLATFORM,
        moment(header.get("create_time")),
        Place(needed(context, "open_chat_id"), "direct" if value.get("d") == 1 else "group"),
        Sender(needed(held(event, "operator"), "open_id"), ""),
        bot_id=bot_id,
        addressed=True,
        message_id=needed(context, "open_message_id"),
        action=_action(value, action.get("form_value")),
    )
    return (thing,)


def _value(raw: Any) -> Mapping[str, Any]:
    """What the button carried: an object; some clients send it as a string."""
    if isinstance(raw, str):
        try:
            raw = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return {}
    return raw if isinstance(raw, dict) else {}


def _action(value: Mapping[str, Any], fields: Any) -> Action:
    args, version = value.get("a"), value.get("n")
    return Action(
        word(value, "v"),
        tuple(str(arg) for arg in args) if isinstance(args, list) else (),
        version if isinstance(version, int) else 0,
        {
            _FIELD.sub("", name, count=1): _filled(words)
            for name, words in (fields.items() if isinstance(fields, dict) else ())
        },
    )


def _filled(value: Any) -> str:
    """What somebody filled in, as words. Pickers of dates append the reader's zone: "2026-02-01 +0800"."""
    if isinstance(value, list):
        return "，".join(_filled(one) for one in value)
    if isinstance(value, bool) or value is None:
        return "1" if value else ""
    words = str(value).replace(TOKEN, "")
    found = _ZONE.fullmatch(words)
    return found[1] if found else words


# --- what else happens -----------------------------------------------------------------------------------------------


def _happened(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str, what: str, name: str = "") -> Incoming:
    operator = event.get("operator_id")
    who = word(operator, "open_id") if isinstance(operator, dict) else ""
    message_id = word(event, "message_id")
    return Incoming(
        f"{PLATFORM}:{needed(header, 'event_id')}",
        "event",
        PLATFORM,
        moment(header.get("create_time")),
        Place(needed(event, "chat_id"), "group", name or _chat_name(event)),
        Sender(who, "") if who else None,
        bot_id=bot_id,
        message_id=message_id,
        event=what,
        data={"message_id": message_id} if message_id else {},
    )


def _plainly(what: str) -> Reader:
    return lambda header, event, bot_id: (_happened(header, event, bot_id, what),)


def _moved(what: str) -> Reader:
    """Everybody who came or went is a thing of their own: ``data`` is {id, name}, as the neutral event says."""

    def reader(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str) -> Things:
        thing = _happened(header, event, bot_id, what)
        users = event.get("users")
        things: list[Incoming] = []
        for user in users if isinstance(users, list) else ():
            ids = user.get("user_id") if isinstance(user, dict) else None
            if isinstance(ids, dict) and word(ids, "open_id"):
                key = thing.key if not things else f"{thing.key}/{len(things)}"
                data = {"id": word(ids, "open_id"), "name": word(user, "name")}
                things.append(replace(thing, key=key, data=data))
        return tuple(things)

    return reader


def _renamed(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str) -> Things:
    """A change of the group's settings; only its name concerns us."""
    after, before = event.get("after_change"), event.get("before_change")
    name = word(after, "name") if isinstance(after, dict) else ""
    old = word(before, "name") if isinstance(before, dict) else ""
    if not name or name == old:
        return ()
    return (replace(_happened(header, event, bot_id, "renamed", name), data={"name": name, "old": old}),)


def _left_company(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str) -> Things:
    """Somebody's account was deleted: they are in no chat any more."""
    who = held(event, "object")
    data = {"id": needed(who, "open_id"), "name": word(who, "name")}
    key = f"{PLATFORM}:{needed(header, 'event_id')}"
    at = moment(header.get("create_time"))
    return (Incoming(key, "event", PLATFORM, at, bot_id=bot_id, event="person_left_company", data=data),)


def _chat_name(event: Mapping[str, Any]) -> str:
    names = event.get("i18n_names")
    return word(event, "name") or (word(names, "zh_cn") if isinstance(names, dict) else "")


_READERS: Mapping[str, Reader] = {
    "im.message.receive_v1": _message,
    CLICK: _click,
    "im.chat.member.bot.added_v1": _plainly("bot_added"),
    "im.chat.member.bot.deleted_v1": _plainly("bot_removed"),
    "im.chat.member.user.added_v1": _moved("member_joined"),
    "im.chat.member.user.deleted_v1": _moved("member_left"),
    "im.chat.member.user.withdrawn_v1": _moved("member_left"),
    "im.message.recalled_v1": _plainly("recalled"),
    "im.chat.updated_v1": _renamed,
    "im.chat.disbanded_v1": _plainly("dissolved"),
    "contact.user.deleted_v3": _left_company,
}
