"""Which groups cannot be written to just now, of all that the bot is in."""

from __future__ import annotations

from datetime import datetime

from chat.findings import Finding
from chat.ports import Abilities, Condition
from chat.text import say
from commands import conditions
from storage.books import Books
from storage.transaction import Tx


def trouble(can: Abilities, health: Condition, now: datetime, tx: Tx) -> tuple[tuple[str, Finding], ...]:
    """(platform, finding) for each of them."""
    books = Books(tx, "check", now)
    found = []
    for chat in books.projects.everywhere():
        name = chat.name or chat.external_id
        unheard = chat.heard_at is None and not can(chat.platform).push_unasked
        if unheard or chat.external_id in health(chat.platform).asleep:
            found.append((chat.platform, conditions.asleep(say("「{name}」", "“{name}”", name=name))))
        elif why := books.outbox.trouble(chat.platform, chat.external_id, "post"):
            found.append((chat.platform, conditions.not_delivered(name, why)))
    return tuple(found)
