"""WeCom's rules as the developer pages and field reports state them: what is refused, and with which code."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

CODES = {
    0: "ok", -1: "system busy", 6000: "data version conflict", 40001: "invalid credential", 40003: "invalid userid",
    40008: "invalid message type", 40014: "invalid access_token", 40016: "invalid button size",
    40058: "exceed max length", 42001: "access_token expired", 42014: "invalid task_id", 45009: "api freq out of limit",
    45033: "api concurrent out of limit", 48002: "api forbidden", 60011: "no privilege to access",
    60020: "not allow to access from your ip", 60111: "userid not found", 81013: "all recipients invalid",
    93000: "invalid webhook url", 93001: "not allowed to send in this room", 93006: "invalid chatid",
    130101: "robot send too fast", 301002: "no permission for agent", 600039: "device type not support",
    846605: "invalid req_id", 846608: "stream message update expired", 846609: "aibot websocket not subscribed",
    853000: "invalid bot_id or secret", 853006: "tool not available",
}  # fmt: skip
"""Every code the dossier names; the adapter must have a remedy for each."""

PUSHED = ("markdown", "template_card", "file", "image", "voice", "video")
REPLIED = (*PUSHED, "stream")
CONTENT_BYTES = 20480
_TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
Json = dict[str, Any]


class Refusal(Exception):
    def __init__(self, code: int, why: str = "") -> None:
        super().__init__(f"{code} {why or CODES[code]}")
        self.code = code
        self.message = why or CODES[code]


def need(condition: Any, code: int, why: str = "") -> None:
    if not condition:
        raise Refusal(code, why)


def check_message(body: Json, kinds: tuple[str, ...], advisory: list[str]) -> None:
    """A message of one of ``kinds``. advisory: what a client would cut off is noted there."""
    kind = body.get("msgtype")
    need(kind in kinds, 40008)
    part: Any = body.get(kind or "")
    need(isinstance(part, dict), 40058, "missing body")
    if kind in ("markdown", "stream"):
        content = part.get("content")
        need(isinstance(content, str) and content.strip(), 40058, "empty content")
        need(len(content.encode()) <= CONTENT_BYTES, 40058, "exceed max length 20480")
    elif kind == "template_card":
        check_card(part, advisory)
    else:
        need(part.get("media_id"), 40058, "media_id")


def check_card(card: Json, advisory: list[str]) -> None:
    kind = card.get("card_type")
    need(kind in _KINDS, 40058, "card_type")
    title = card.get("main_title") or {}
    _shorter(advisory, title.get("title"), 26, "title")
    _shorter(advisory, title.get("desc"), 30, "desc")
    _shorter(advisory, card.get("sub_title_text"), 112, "sub_title_text")
    task = card.get("task_id")
    if task is not None or kind not in ("text_notice", "news_notice"):
        need(isinstance(task, str) and _TASK.fullmatch(task), 42014)
    need(title.get("title") or card.get("sub_title_text"), 40058, "main_title")
    _KINDS[kind](card, advisory)


def _notice(card: Json, _: list[str]) -> None:
    action = card.get("card_action") or {}
    need(action.get("type") == 1 and str(action.get("url", "")).startswith("http"), 40058, "card_action")


def _buttons(card: Json, advisory: list[str]) -> None:
    buttons: Any = card.get("button_list")
    need(isinstance(buttons, list) and 1 <= len(buttons) <= 6, 40016)
    keys = [button.get("key") for button in buttons]
    need(all(isinstance(key, str) and 0 < len(key.encode()) <= 1024 for key in keys), 40058, "button key")
    need(len(set(keys)) == len(keys), 40058, "duplicate button key")
    for button in card["button_list"]:
        need(button.get("text"), 40058, "button text")
        need(button.get("style", 1) in (1, 2, 3, 4), 40058, "button style")
        _shorter(advisory, button["text"], 10, "button")


def _vote(card: Json, advisory: list[str]) -> None:
    box = card.get("checkbox") or {}
    need(box.get("question_key") and box.get("mode") in (0, 1), 40058, "checkbox")
    _options(box.get("option_list"), 20, advisory)
    _submit(card, advisory)


def _multiple(card: Json, advisory: list[str]) -> None:
    selects: Any = card.get("select_list")
    need(isinstance(selects, list) and 1 <= len(selects) <= 3, 40058, "select_list")
    for select in selects:
        need(select.get("question_key"), 40058, "question_key")
        _options(select.get("option_list"), 10, advisory)
        ids = [option["id"] for option in select["option_list"]]
        need(select.get("selected_id") in (None, *ids), 40058, "selected_id")
    _submit(card, advisory)


def _options(options: Any, most: int, advisory: list[str]) -> None:
    need(isinstance(options, list) and 1 <= len(options) <= most, 40058, "option_list")
    ids = [option.get("id") for option in options]
    need(all(isinstance(one, str) and 0 < len(one.encode()) <= 128 for one in ids), 40058, "option id")
    need(len(set(ids)) == len(ids), 40058, "duplicate option id")
    for option in options:
        need(option.get("text"), 40058, "option text")


def _submit(card: Json, advisory: list[str]) -> None:
    button = card.get("submit_button") or {}
    need(button.get("text") and 0 < len(str(button.get("key", "")).encode()) <= 1024, 40058, "submit_button")
    _shorter(advisory, button["text"], 10, "submit")


def _shorter(advisory: list[str], words: Any, most: int, what: str) -> None:
    if isinstance(words, str) and len(words) > most:
        advisory.append(f"{what}: {words}")


_KINDS: dict[Any, Callable[[Json, list[str]], None]] = {
    "text_notice": _notice,
    "news_notice": _notice,
    "button_interaction": _buttons,
    "vote_interaction": _vote,
    "multiple_interaction": _multiple,
}


class Window:
    """At most ``count`` in ``seconds`` for each name, else ``code``."""

    def __init__(self, now: Callable[[], float], *limits: tuple[int, float], code: int = 45009) -> None:
        self._now = now
        self._limits = limits
        self._code = code
        self._times: dict[str, list[float]] = {}

    def count(self, name: str) -> None:
        now = self._now()
        longest = max(seconds for _, seconds in self._limits)
        times = self._times[name] = [at for at in self._times.get(name, []) if at > now - longest]
        for count, seconds in self._limits:
            need(sum(at > now - seconds for at in times) < count, self._code)
        times.append(now)


def card_words(card: Json) -> str:
    """What a reader sees of a card."""
    title = card.get("main_title") or {}
    lines = [title.get("title"), title.get("desc"), card.get("sub_title_text")]
    if "button_list" in card:
        lines.append(" ".join(f"[{button['text']}]" for button in card["button_list"]))
    for select in [*card.get("select_list", []), *([card["checkbox"]] if "checkbox" in card else [])]:
        shown = " ".join(f"({option['text']})" for option in select["option_list"])
        lines.append(f"{select.get('title', '')} {shown}".strip())
    if "submit_button" in card:
        lines.append(f"[{card['submit_button']['text']}]")
    return "\n".join(line for line in lines if line)
