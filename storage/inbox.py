"""Every thing once: accept it, remember what it was told."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, upsert
from storage.tables.road import Inbox
from storage.transaction import Tx

INBOX = columns(Inbox)

_accept = Statement(
    upsert(Inbox)
    .values({name: bindparam(name) for name in ("key", "kind", "at", "state", "code")})
    .on_conflict_do_nothing()
)
_refuse = Statement(
    upsert(Inbox)
    .values({name: bindparam(name) for name in ("key", "kind", "at", "state", "code")})
    .on_conflict_do_update(index_elements=["key"], set_={name: bindparam(name) for name in ("state", "code")})
)
_answer = Statement(update(Inbox).where(INBOX.key == bindparam("k")).values(answer=bindparam("a")))
_stored = Statement(select(INBOX.answer).where(INBOX.key == bindparam("k")))


_pressed = Statement(
    select(INBOX.key)
    .where(INBOX.key >= bindparam("first"), INBOX.key < bindparam("beyond"), INBOX.kind == "click")
    .limit(1)
)


@frozen
class Accepted:
    """``new`` False: seen before; ``answer`` is then what the press was told the first time (JSON), or None."""

    new: bool
    answer: str | None = None


NEW = Accepted(True)


def accept(tx: Tx, key: str, kind: str, at: int) -> Accepted:
    """Take the thing if it is new."""
    if tx.run(_accept, key=key, kind=kind, at=at, state="done", code=""):
        tx.accepted()
        return NEW
    return Accepted(False, tx.value(_stored, k=key))


def answered(tx: Tx, key: str, answer: str) -> None:
    """Keep what a press was told, for the day the same press is delivered again."""
    tx.do(_answer, k=key, a=answer)


def pressed(tx: Tx, platform: str) -> bool:
    """Has a press from this platform arrived within the last month?"""
    return tx.row(_pressed, first=f"{platform}:", beyond=f"{platform};") is not None


def close(tx: Tx, key: str, kind: str, at: int, state: str, code: str = "") -> None:
    """Enter a thing that was undone: refused (its answer is a refusal) or failed (``code`` is shown to the user)."""
    tx.do(_refuse, key=key, kind=kind, at=at, state=state, code=code)
