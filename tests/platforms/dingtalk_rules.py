"""What DingTalk demands of messages and cards, and what its readers then see."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
MSG_PARAM, WEBHOOK, VALUE = 15_000, 20_000, 1_024
KINDS: dict[str, tuple[str, ...]] = {
    "sampleText": ("content",),
    "sampleMarkdown": ("title", "text"),
    "sampleImageMsg": ("photoURL",),
    "sampleLink": ("text", "title", "picUrl", "messageUrl"),
    "sampleActionCard": ("title", "text", "singleTitle", "singleURL"),
    "sampleFile": ("mediaId", "fileName", "fileType"),
}
WEBHOOK_KINDS = ("text", "markdown", "link", "actionCard", "feedCard", "empty")
_BREAK = re.compile(r" {2}\n {2}|\n\n")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")


class Refusal(Exception):
    """An error of the platform: OpenAPI's (HTTP ``status``, a word) or oapi's (HTTP 200, a number)."""

    def __init__(self, code: str | int, message: str = "no", status: int = 400, **more: Any) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.more = more


def need(condition: object, code: str | int, message: str = "no", status: int = 400) -> None:
    if not condition:
        raise Refusal(code, message, status)


def check_message(kind: Any, param: Any) -> Json:
    """The parameters of an OpenAPI message."""
    need(kind in KINDS, "invalidParameter.msgKey.notExsit", str(kind))
    need(isinstance(param, str), "invalidParameter.msgParam.invalid", "msgParam must be a string")
    need(len(param.encode()) <= MSG_PARAM, "invalidParameter.msgParam.tooLong")
    try:
        content = json.loads(param)
    except ValueError:
        raise Refusal("invalidParameter.msgParam.invalid") from None
    wanted = KINDS[kind]
    fits = isinstance(content, dict) and all(isinstance(content.get(name), str) and content[name] for name in wanted)
    need(fits, "invalidParameter.msgParam.invalid", f"{kind} needs {wanted}")
    return dict(content)


def check_card(params: Any) -> None:
    """Values of a card are strings of at most 1 KB; buttons are JSON within one of them."""
    need(isinstance(params, dict) and params, "param.cardDataAndPrivateDataBothEmpty")
    for name, value in params.items():
        need(isinstance(value, str), "MissingStringValue", name)
        need(name == "form" or len(value.encode()) <= VALUE, "invalidParameter.msgParam.tooLong", name)
    buttons_of(params)


def buttons_of(params: Json) -> list[Json]:
    buttons = json.loads(params.get("sys_full_json_obj") or "{}").get("msgButtons", [])
    for button in buttons:
        need(isinstance(button.get("text"), str) and button["text"], "MissingStringValue", "text")
        need(button.get("color") in (None, "blue", "gray", "red"), "MissingStringValue", "color")
        need(button.get("url") or button.get("request") is True, "MissingStringValue", "a button that does nothing")
    need(len(buttons) <= 8, "MissingStringValue", "too many buttons")
    return list(buttons)


def rendered(text: str) -> str:
    """Markdown as a reader sees it: only «two blanks, line end, two blanks» or an empty line breaks."""
    text = "\x00".join(part.replace("\n", " ") for part in _BREAK.split(text))
    text = _BOLD.sub(r"\1", _LINK.sub(r"[\1]", text)).replace("\u200a", "").replace("\u200b", "")
    return text.replace("\x00", "\n").strip()


def links(text: str) -> dict[str, str]:
    """{label: what a dtmd link makes the reader's client send}."""
    found = {}
    for label, url in _LINK.findall(text):
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc, parts.path) == ("dtmd", "dingtalkclient", "/sendMessage"):
            found[label] = parse_qs(parts.query)["content"][0]
    return found


def card_words(params: Json) -> str:
    """A card as its reader sees it."""
    row = " ".join(f"[{button['text']}]" for button in buttons_of(params))
    parts = [params.get("title", ""), rendered(params.get("markdown", "")), row, params.get("tips", "")]
    return "\n".join(part for part in parts if part)
