"""DingTalk's events: groups change, people come and go. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from adapters.dingtalk.shapes import PLATFORM, Json, clean, ids, malformed, moment, word
from chat.messages import Incoming, Place, Sender

Name = Callable[[str], str]
"""Somebody's name by their id; "" for unknown."""
_NAMES: Mapping[str, str] = {
    "chat_update_title": "renamed",
    "chat_add_member": "member_joined",
    "chat_remove_member": "member_left",
    "chat_quit": "member_left",
    "chat_disband": "dissolved",
    "im_cool_app_install": "bot_added",
    "im_cool_app_uninstall": "bot_removed",
}


def happened(event_id: str, kind: str, data: Json, named: Name, now: datetime) -> tuple[Incoming, ...]:
    """What an event of this kind tells; nothing where we do not use it."""
    key = f"{PLATFORM}:{event_id or malformed('an event without an id')}"
    if kind == "user_leave_org":
        return _left_company(key, data, named, now)
    name = _NAMES.get(kind)
    chat = word(data, "openConversationId")
    if name is None or not chat:
        return ()
    moved = ids(data.get("userId")) if name.startswith("member_") else []
    who = next(iter([*ids(data.get("operator")), *ids(data.get("operatorUserId")), *moved]), "")
    if not who:
        return ()
    title = clean(word(data, "title")) if name == "renamed" else ""
    thing = Incoming(
        key, "event", PLATFORM,
        moment(data.get("timeStamp"), now), Place(chat, "group", title), Sender(who, named(who)),
        event=name, data={"name": title} if title else {},
    )  # fmt: skip
    if not name.startswith("member_"):
        return (thing,)
    return tuple(
        replace(thing, key=f"{thing.key}/{n}" if n else thing.key, data={"id": one, "name": named(one)})
        for n, one in enumerate(moved)
    )


def _left_company(key: str, data: Json, named: Name, now: datetime) -> tuple[Incoming, ...]:
    """One thing for each of them; they are in no chat any more."""
    at = moment(data.get("timeStamp"), now)
    return tuple(
        Incoming(
            f"{key}/{n}" if n else key, "event", PLATFORM, at, event="person_left_company",
            data={"id": one, "name": named(one)},
        )
        for n, one in enumerate(ids(data.get("userId")))
    )  # fmt: skip
