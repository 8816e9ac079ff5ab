"""Frames of the long connection into neutral things. Pure: a frame and the hour in, an ``Incoming`` out.

A frame is ``{"cmd", "headers": {"req_id"}, "body"}``; an acknowledgement of ours has no ``cmd``. The bot hears a group
only when it was @ed; the @ is plain text, so its name has to be found in the words (see ``addressed``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from adapters.wecom import codes
from chat.errors import Malformed
from chat.frozen import frozen
from chat.messages import TOKEN, Action, File, Incoming, Place, Quote, Sender

PLATFORM = "wecom"
DIRECT = "user:"
"""Before a person's id: the id of their direct chat with the bot. Groups keep WeCom's own id, letter for letter."""

Frame = Mapping[str, Any]
Kind = Literal["message", "click", "enter", "kicked", "other"]

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffc\ud800-\udfff]")
_COMMAND = re.compile(r"(?:(?<=\s)|^)[/／](?=[^\W\d_])")
_FIRST_NAME = re.compile(r"[@＠]\S*\s*")
_ONLY_NAMES = re.compile(rf"(?:[@＠]\S+\s*|{TOKEN}\s*)*")
_CALLBACKS = ("aibot_msg_callback", "aibot_event_callback")
_MEDIA = {"image": "图片", "file": "文件", "video": "视频"}


@frozen
class Callback:
    """What WeCom told. ``req_id``: the handle an answer needs. ``task_id``: of the card that was pressed.

    thing: None where there is nothing for the books (kinds enter, kicked, other). event: WeCom's own name of it.
    """

    req_id: str
    kind: Kind
    thing: Incoming | None = None
    task_id: str = ""
    event: str = ""
    user: str = ""


def decode(raw: str | bytes) -> Frame:
    """A frame from the socket. WeCom puts raw control characters into strings, which JSON forbids. Raises Malformed."""
    try:
        frame = orjson.loads(raw)
    except orjson.JSONDecodeError:
        frame = _lenient(raw)
    if not isinstance(frame, dict):
        raise Malformed("a frame that is no object")
    return frame


def _lenient(raw: str | bytes) -> Any:
    try:
        return json.loads(raw if isinstance(raw, str) else raw.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise Malformed("a frame that is no JSON") from error


def req_id_of(frame: Frame) -> str:
    headers = frame.get("headers")
    return _word(headers.get("req_id")) if isinstance(headers, dict) else ""


def read(frame: Frame, bot_id: str, names: Sequence[str], now: datetime) -> Callback:
    """A callback frame. names: how people @ the bot, the likeliest first. Raises Malformed."""
    body = frame.get("body")
    if not isinstance(body, dict):
        raise Malformed("a callback without a body")
    req_id = req_id_of(frame)
    if frame.get("cmd") not in _CALLBACKS:
        return Callback(req_id, "other", event="unknown cmd")
    if frame.get("cmd") == "aibot_event_callback" or body.get("msgtype") == "event":
        return _event(body, req_id, bot_id, now)
    return _message(body, req_id, bot_id, names, now)


def _message(body: Frame, req_id: str, bot_id: str, names: Sequence[str], now: datetime) -> Callback:
    msgid = _word(body.get("msgid"))
    if not msgid:
        raise Malformed("a message without a msgid")
    place, sender = _place(body), _sender(body)
    kind = _word(body.get("msgtype"))
    words, files = _content(kind, body)
    if not words and not files:
        return Callback(req_id, "other", event=f"message.{kind or '?'}")
    mentions: tuple[Sender, ...] = ()
    if place.kind == "group":
        words, named = addressed(words, names)
        mentions = (Sender(bot_id, names[0] if names else ""),) * named
    thing = Incoming(
        f"{PLATFORM}:{msgid}",
        "message",
        PLATFORM,
        _at(body, now),
        place,
        sender,
        words,
        mentions,
        bot_id,
        addressed=True,
        message_id=msgid,
        quote=_quote(body.get("quote")),
        files=files,
        voice=kind == "voice",
    )
    return Callback(req_id, "message", thing, user=sender.id)


def _content(kind: str, body: Frame) -> tuple[str, tuple[File, ...]]:
    """(words, files) of a message or of a quoted one."""
    part = body.get(kind)
    if not isinstance(part, dict):
        return "", ()
    if kind == "mixed":
        items = part.get("msg_item")
        read_items = [
            _content(_word(item.get("msgtype")), item)
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict)
        ]
        return "\n".join(words for words, _ in read_items if words), tuple(f for _, files in read_items for f in files)
    if kind in _MEDIA:
        url = _word(part.get("url"))
        name = _text(part.get("filename") or part.get("name")) or _MEDIA[kind]
        return "", (File(name, f"{url}#{_word(part.get('aeskey'))}"),) if url else ()
    if kind in ("text", "voice"):
        return _text(part.get("content")), ()
    return "", ()


def _quote(quote: Any) -> Quote | None:
    """WeCom tells what was quoted, but not which message it was."""
    if not isinstance(quote, dict):
        return None
    words, _ = _content(_word(quote.get("msgtype")), quote)
    return Quote("", text=words)


def _event(body: Frame, req_id: str, bot_id: str, now: datetime) -> Callback:
    event = body.get("event")
    name = _word(event.get("eventtype")) if isinstance(event, dict) else ""
    if name == "disconnected_event":
        return Callback(req_id, "kicked", event=name)
    if name == "enter_chat":
        return Callback(req_id, "enter", event=name, user=_sender(body).id)
    if name != "template_card_event" or not isinstance(event, dict):
        return Callback(req_id, "other", event=name or "?")
    inner = event.get(name)
    card = inner if isinstance(inner, dict) else event  # the Node SDK types show the fields one level higher
    task_id = _word(card.get("task_id"))
    sender = _sender(body)
    key = _word(body.get("msgid")) or f"event:{req_id}"
    thing = Incoming(
        f"{PLATFORM}:{key}",
        "click",
        PLATFORM,
        _at(body, now),
        _place(body),
        sender,
        bot_id=bot_id,
        addressed=True,
        message_id=codes.base_of(task_id),
        action=_action(card),
    )
    return Callback(req_id, "click", thing, task_id, name, sender.id)


def _action(card: Frame) -> Action:
    chosen = _chosen(card.get("selected_items"))
    return codes.read_key(_word(card.get("event_key")), chosen)


def _chosen(selected: Any) -> dict[str, str]:
    """{question: the first option chosen}. WeCom leaves the lists out, or leaves out the list around one thing."""
    items = selected.get("selected_item") if isinstance(selected, dict) else selected
    found = {}
    for item in items if isinstance(items, list) else [items]:
        if not isinstance(item, dict):
            continue
        options = item.get("option_ids")
        options = options.get("option_id") if isinstance(options, dict) else options
        first = options[0] if isinstance(options, list) and options else options
        if isinstance(first, str) and first:
            found[_word(item.get("question_key"))] = first
    return found


def addressed(text: str, names: Sequence[str]) -> tuple[str, int]:
    """The words of a group message with the bot's @ as a token, and how many tokens there are.

    The bot's name may hold spaces and other people may be @ed too, so: a name we know is replaced wherever it stands;
    of a text that begins with an @ we do not know, everything before the first command word goes, else the first @word.
    Other people's @s before a command word go too.
    """
    pattern = _names(names)
    found = pattern.sub(f"{TOKEN} ", text) if pattern else text
    command = _COMMAND.search(found)
    before = found[: command.start()] if command else ""
    if TOKEN in found:
        if command and before and _ONLY_NAMES.fullmatch(before):
            found = f"{TOKEN} {found[command.start() :]}"
        found = re.sub(f"{TOKEN}\\s+", f"{TOKEN} ", found)
    elif found.startswith(("@", "＠")):
        found = f"{TOKEN} {found[command.start() :] if command else _FIRST_NAME.sub('', found, count=1)}"
    return found.strip(), found.count(TOKEN)


def _names(names: Sequence[str]) -> re.Pattern[str] | None:
    longest = sorted((re.escape(name) for name in names if name), key=len, reverse=True)
    return re.compile(rf"[@＠](?:{'|'.join(longest)})(?![0-9A-Za-z_])", re.IGNORECASE) if longest else None


# --- the parts every callback has --------------------------------------------------------------------------------


def _place(body: Frame) -> Place:
    chat, kind = _word(body.get("chatid")), body.get("chattype")
    if kind == "group" and not chat:
        raise Malformed("a group without a chatid")
    if chat and kind != "single":
        return Place(chat, "group")
    return Place(DIRECT + _sender(body).id, "direct")


def _sender(body: Frame) -> Sender:
    """WeCom tells the id alone."""
    who = body.get("from")
    user = _word(who.get("userid")) if isinstance(who, dict) else ""
    if not user:
        raise Malformed("a callback from nobody")
    return Sender(user, "")


def _at(body: Frame, now: datetime) -> datetime:
    """When it happened, never in the future; ``create_time`` is seconds and often absent."""
    created = body.get("create_time")
    if not isinstance(created, int) or isinstance(created, bool) or not 0 < created < now.timestamp():
        return now
    return datetime.fromtimestamp(created, UTC)


def _word(value: Any) -> str:
    """An id: a string, or a number that stands for one."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _text(value: Any) -> str:
    """Somebody's words without what no one can type: our token, control characters, half characters."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip() if isinstance(value, str) else ""


def named(thing: Incoming, name: str) -> Incoming:
    """The same with the sender's name, which another source told."""
    return replace(thing, sender=Sender(thing.sender.id, name)) if thing.sender else thing
