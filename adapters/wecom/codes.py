"""What our own cards carry: ids of cards, and the keys of their buttons, which come back when somebody presses.

A key is JSON: ``[verb, args, version]``, and a fourth element {field: words} for what a form holds that WeCom cannot
show. It is our data but never authority: anybody could send it, so it is read as carefully as a stranger's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson

from chat.cards import Button, Form
from chat.messages import Action

KEY_BYTES = 1024
OPTION_BYTES = 128
PICK = "pick"
"""Key and question of a card on which one of many buttons is chosen from a list: the option is the button's key."""

_TASK = re.compile(r"(jd_[0-9a-f]{40})(?:-(\d+))?")


def base_id(parcel: str) -> str:
    """The id of a message of ours, made from its parcel's key: the same parcel always has the same."""
    return "jd_" + sha256(parcel.encode()).hexdigest()[:40]


def task_id(base: str, part: int) -> str:
    """WeCom's id of one of a message's cards; unique for the bot, letters and digits."""
    return f"{base}-{part}" if part else base


def base_of(task: str) -> str:
    """The message a card belongs to; a stranger's id is itself."""
    found = _TASK.fullmatch(task)
    return found.group(1) if found else task


def part_of(task: str) -> int:
    found = _TASK.fullmatch(task)
    return int(found.group(2) or 0) if found else 0


def button_key(button: Button, *, again: bool = False) -> str:
    """again: another key for the same action, since WeCom refuses two equal keys on one card."""
    key: list[Any] = [button.verb, button.args, button.version]
    return orjson.dumps([*key, {}] if again else key).decode()


def button_keys(buttons: Iterable[Button]) -> dict[str, Button]:
    """{key: button}. One action may have two names; what has the same name, too, is left out."""
    found: dict[str, Button] = {}
    for button in buttons:
        key = button_key(button)
        if key not in found:
            found[key] = button
        elif found[key].label != button.label:
            found.setdefault(button_key(button, again=True), button)
    return found


def form_key(form: Form, hidden: Mapping[str, str]) -> str:
    return orjson.dumps([form.verb, form.args, form.version, hidden]).decode()


def read_key(key: str, chosen: Mapping[str, str]) -> Action:
    """The action of a press. chosen: {question: option} of a card with selections. A key that is not ours: no verb."""
    if key == PICK:
        key, chosen = chosen.get(PICK, ""), {}
    try:
        value = orjson.loads(key)
    except orjson.JSONDecodeError:
        return Action("")
    match value:
        case [str(verb), list(args), int(version)] if _strings(args):
            return Action(verb, tuple(args), version, chosen)
        case [str(verb), list(args), int(version), dict(hidden)] if _strings(args) and _strings(list(hidden.values())):
            return Action(verb, tuple(args), version, {**hidden, **chosen})
    return Action("")


def _strings(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
