"""What a message of Feishu's holds: words, mentions and files; and small readers that trust nothing. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from chat.errors import Malformed
from chat.messages import TOKEN, File, Quote, Sender

_KEYS = re.compile(r"@_user_\d+|@_all")
_LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def unpacked(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content is JSON in a string."""
    try:
        content = orjson.loads(message.get("content") or "{}")
    except (orjson.JSONDecodeError, TypeError) as error:
        raise Malformed("content is not JSON") from error
    if not isinstance(content, dict):
        raise Malformed("content is not an object")
    return content


def people(raw: Any) -> dict[str, Sender]:
    """{"@_user_1": who} of the message's mentions."""
    people: dict[str, Sender] = {}
    for one in raw if isinstance(raw, list) else ():
        if not isinstance(one, dict):
            continue
        ids = one.get("id")
        open_id = ids.get("open_id") if isinstance(ids, dict) else None
        if isinstance(open_id, str) and open_id and word(one, "key"):
            people[word(one, "key")] = Sender(open_id, word(one, "name"))
    return people


def tokens(text: str, people: Mapping[str, Sender]) -> tuple[str, tuple[Sender, ...]]:
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


def words(what: str, content: Mapping[str, Any]) -> str:
    if what == "text":
        return word(content, "text")
    if what in ("post", "interactive"):
        return _post(content)
    return ""


def _post(content: Mapping[str, Any]) -> str:
    lines = [word(content, "title"), *("".join(_run(run) for run in row) for row in _rows(content))]
    return "\n".join(lines).strip("\n")


def _rows(content: Mapping[str, Any]) -> list[list[Mapping[str, Any]]]:
    """The lines of a post, each as its runs."""
    rows = content.get("content") or content.get("elements")
    return [
        [run for run in row if isinstance(run, dict)] if isinstance(row, list) else []
        for row in (rows if isinstance(rows, list) else ())
    ]


def _run(run: Mapping[str, Any]) -> str:
    match word(run, "tag"):
        case "text" | "code_block" | "md":
            return word(run, "text")
        case "a":
            label, link = word(run, "text"), word(run, "href")
            return f"[{label}]({link})" if label and link != label else label or link
        case "at":
            return word(run, "user_id")
        case _:
            return ""


def files(what: str, content: Mapping[str, Any], message_id: str) -> tuple[File, ...]:
    """References are "message id/kind/key": Feishu hands a file out only together with its message."""
    if what == "image":
        return _file("", "image", content.get("image_key"), message_id)
    if what in ("file", "audio", "media"):
        return _file(word(content, "file_name"), "file", content.get("file_key"), message_id)
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


def quoted(item: Mapping[str, Any], bot_id: str) -> Quote | None:
    """A message as REST gives it, as the one that somebody answers: mentions are names, the app itself is the bot."""
    try:
        message_id, what, body = needed(item, "message_id"), word(item, "msg_type"), held(item, "body")
        text, at = words(what, unpacked(body)), moment(item.get("create_time"))
    except Malformed:
        return None
    raw, named = item.get("mentions"), {}
    for one in raw if isinstance(raw, list) else ():
        if isinstance(one, dict):
            named[word(one, "key")] = "@" + word(one, "name")
    text = _KEYS.sub(lambda found: named.get(found[0], found[0]), text.replace(TOKEN, "")).replace("@_all", "@所有人")
    return Quote(message_id, writer(item, bot_id), text.strip(), at)


def writer(item: Mapping[str, Any], bot_id: str) -> Sender | None:
    """Who wrote a message that REST gives; also after it was recalled."""
    sender = item.get("sender")
    if not isinstance(sender, dict) or not word(sender, "id"):
        return None
    return Sender(bot_id if word(sender, "id_type") == "app_id" else word(sender, "id"), "")


# --- small readers ---


def held(raw: Any, name: str) -> Mapping[str, Any]:
    value = raw.get(name) if isinstance(raw, dict) else None
    if not isinstance(value, dict):
        raise Malformed(f"no {name}")
    return value


def word(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def needed(raw: Mapping[str, Any], name: str) -> str:
    value = word(raw, name)
    if not value:
        raise Malformed(f"no {name}")
    return value


def moment(*values: Any) -> datetime:
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
