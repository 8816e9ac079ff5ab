"""Feishu's events as ``Incoming`` things. Pure: no socket, no clock, no SDK; names that Feishu hides stay empty.

The shapes are Feishu's «v2» events; every number in them is a string. Anything may be missing, null or of another type:
what a thing cannot do without raises Malformed, all else is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from chat.errors import Malformed
from chat.messages import TOKEN, Action, File, Incoming, Place, Quote, Sender

PLATFORM = "feishu"
CLICK = "card.action.trigger"
_FIELD = re.compile(r"f\d+_")
_KEYS = re.compile(r"@_user_\d+|@_all")
_ZONE = re.compile(r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|\d\d:\d\d) [+-]\d{4}")
Things = tuple[Incoming, ...]
Reader = Callable[[Mapping[str, Any], Mapping[str, Any], str], Things]
_LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def read(raw: bytes | str, bot_id: str) -> tuple[Incoming, ...]:
    """What one event tells: one thing, several when several people come or go at once, nothing when it is of a kind

    that we do not use or the bot's own words. bot_id: the bot's open_id in this app.
    """
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Malformed("not JSON") from error
    header, event = _dict(body, "header"), _dict(body, "event")
    reader = _READERS.get(_word(header, "event_type"))
    return reader(header, event, bot_id) if reader else ()


def kind(raw: bytes | str) -> str:
    """The event's type, for counting; "" when it has none."""
    try:
        return _word(_dict(orjson.loads(raw), "header"), "event_type")
    except (orjson.JSONDecodeError, Malformed):
        return ""


# --- messages --------------------------------------------------------------------------------------------------------


def _message(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str) -> Things:
    sender, message = _dict(event, "sender"), _dict(event, "message")
    if _word(sender, "sender_type") in ("app", "bot"):
        return ()
    who = _needed(_dict(sender, "sender_id"), "open_id")
    message_id = _needed(message, "message_id")
    place = _place(message)
    people = _people(message.get("mentions"))
    what = _word(message, "message_type")
    content = _content(message)
    text, mentions = _tokens(_text(what, content), people)
    thing = Incoming(
        f"{PLATFORM}:{message_id}",
        "message",
        PLATFORM,
        _at(message.get("create_time"), header.get("create_time")),
        place,
        Sender(who, ""),
        text=text,
        mentions=mentions,
        bot_id=bot_id,
        addressed=place.kind == "direct" or any(one.id == bot_id for one in mentions),
        message_id=message_id,
        quote=_quote(message),
        files=_files(what, content, message_id),
        voice=what == "audio",
    )
    return (thing,)


def _place(message: Mapping[str, Any]) -> Place:
    return Place(_needed(message, "chat_id"), "direct" if _word(message, "chat_type") == "p2p" else "group")


def _quote(message: Mapping[str, Any]) -> Quote | None:
    answered = _word(message, "parent_id") or _word(message, "root_id")
    return Quote(answered) if answered else None


def _content(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content is JSON in a string."""
    try:
        content = orjson.loads(message.get("content") or "{}")
    except (orjson.JSONDecodeError, TypeError) as error:
        raise Malformed("content is not JSON") from error
    if not isinstance(content, dict):
        raise Malformed("content is not an object")
    return content


def _people(raw: Any) -> dict[str, Sender]:
    """{"@_user_1": who} of the message's mentions."""
    people: dict[str, Sender] = {}
    for one in raw if isinstance(raw, list) else ():
        if not isinstance(one, dict):
            continue
        ids = one.get("id")
        open_id = ids.get("open_id") if isinstance(ids, dict) else None
        if isinstance(open_id, str) and open_id and _word(one, "key"):
            people[_word(one, "key")] = Sender(open_id, _word(one, "name"))
    return people


def _tokens(text: str, people: Mapping[str, Sender]) -> tuple[str, tuple[Sender, ...]]:
    """``@_user_N`` becomes TOKEN in order; the same characters typed by hand stay words."""
    mentions: list[Sender] = []

    def one(found: re.Match[str]) -> str:
        if found[0] == "@_all":
            return "@所有人"
        who = people.get(found[0])
        if who is None:
            return found[0]
        mentions.append(who)
        return TOKEN

    return _KEYS.sub(one, text.replace(TOKEN, "")), tuple(mentions)


def _text(what: str, content: Mapping[str, Any]) -> str:
    if what == "text":
        return _word(content, "text")
    if what == "post":
        return _post(content)
    return ""


def _post(content: Mapping[str, Any]) -> str:
    lines = [_word(content, "title"), *("".join(_run(run) for run in row) for row in _rows(content))]
    return "\n".join(lines).strip("\n")


def _rows(content: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    """The lines of a post, each as its runs."""
    rows = content.get("content")
    return [
        [run for run in row if isinstance(run, dict)] if isinstance(row, list) else []
        for row in (rows if isinstance(rows, list) else ())
    ]


def _run(run: Mapping[str, Any]) -> str:
    match _word(run, "tag"):
        case "text" | "code_block" | "md":
            return _word(run, "text")
        case "a":
            label, link = _word(run, "text"), _word(run, "href")
            return f"[{label}]({link})" if label and link != label else label or link
        case "at":
            return _word(run, "user_id")
        case _:
            return ""


def _files(what: str, content: Mapping[str, Any], message_id: str) -> tuple[File, ...]:
    """References are "message id/kind/key": Feishu hands a file out only together with its message."""
    if what == "image":
        return _file("", "image", content.get("image_key"), message_id)
    if what in ("file", "audio", "media"):
        return _file(_word(content, "file_name"), "file", content.get("file_key"), message_id)
    if what != "post":
        return ()
    found: list[File] = []
    for run in (run for row in _rows(content) for run in row):
        if run.get("tag") == "img":
            found += _file("", "image", run.get("image_key"), message_id)
        elif run.get("tag") == "media":
            found += _file("", "file", run.get("file_key"), message_id)
    return tuple(found)


def _file(name: str, how: str, key: Any, message_id: str) -> tuple[File, ...]:
    return (File(name, f"{message_id}/{how}/{key}"),) if isinstance(key, str) and key else ()


# --- presses ---------------------------------------------------------------------------------------------------------


def _click(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str) -> Things:
    """A press does not say what kind of chat it is in; cards sent to one person carry ``d``."""
    action, context = _dict(event, "action"), _dict(event, "context")
    value = _value(action.get("value"))
    thing = Incoming(
        f"{PLATFORM}:card:{_needed(header, 'event_id')}",
        "click",
        PLATFORM,
        _at(header.get("create_time")),
        Place(_needed(context, "open_chat_id"), "direct" if value.get("d") == 1 else "group"),
        Sender(_needed(_dict(event, "operator"), "open_id"), ""),
        bot_id=bot_id,
        addressed=True,
        message_id=_needed(context, "open_message_id"),
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
        _word(value, "v"),
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
    who = _word(operator, "open_id") if isinstance(operator, dict) else ""
    message_id = _word(event, "message_id")
    return Incoming(
        f"{PLATFORM}:{_needed(header, 'event_id')}",
        "event",
        PLATFORM,
        _at(header.get("create_time")),
        Place(_needed(event, "chat_id"), "group", name or _chat_name(event)),
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
            if isinstance(ids, dict) and _word(ids, "open_id"):
                key = thing.key if not things else f"{thing.key}/{len(things)}"
                data = {"id": _word(ids, "open_id"), "name": _word(user, "name")}
                things.append(replace(thing, key=key, data=data))
        return tuple(things)

    return reader


def _renamed(header: Mapping[str, Any], event: Mapping[str, Any], bot_id: str) -> Things:
    """A change of the group's settings; only its name concerns us."""
    after, before = event.get("after_change"), event.get("before_change")
    name = _word(after, "name") if isinstance(after, dict) else ""
    old = _word(before, "name") if isinstance(before, dict) else ""
    if not name or name == old:
        return ()
    return (replace(_happened(header, event, bot_id, "renamed", name), data={"name": name, "old": old}),)


def _chat_name(event: Mapping[str, Any]) -> str:
    names = event.get("i18n_names")
    return _word(event, "name") or (_word(names, "zh_cn") if isinstance(names, dict) else "")


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
}


# --- small readers ---------------------------------------------------------------------------------------------------


def _dict(raw: Any, name: str) -> Mapping[str, Any]:
    value = raw.get(name) if isinstance(raw, dict) else None
    if not isinstance(value, dict):
        raise Malformed(f"no {name}")
    return value


def _word(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _needed(raw: Mapping[str, Any], name: str) -> str:
    value = _word(raw, name)
    if not value:
        raise Malformed(f"no {name}")
    return value


def _at(*values: Any) -> datetime:
    """Feishu's times are milliseconds, in cards microseconds, sometimes seconds: told apart by their length."""
    for value in values:
        try:
            number = float(value)
        except (TypeError, ValueError):
            continue
        while _LATEST < number < math.inf:
            number /= 1000
        if 0 < number < math.inf:
            return datetime.fromtimestamp(number, UTC)
    raise Malformed("no time")
