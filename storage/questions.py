"""What the bot is waiting to hear from somebody: one open question per person and chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, select

from chat.frozen import frozen
from storage.statement import Statement, columns, ms, upsert
from storage.tables.road import Question
from storage.transaction import Tx

QUESTIONS = columns(Question)
_ask = Statement(
    upsert(Question)
    .values({name: bindparam(name) for name in ("chat_id", "person_id", "kind", "subject", "expires_at")})
    .on_conflict_do_update(
        index_elements=["chat_id", "person_id"],
        set_={name: bindparam(name) for name in ("kind", "subject", "expires_at")},
    )
)
_open = Statement(
    select(QUESTIONS.kind, QUESTIONS.subject)
    .where(QUESTIONS.chat_id == bindparam("chat"), QUESTIONS.person_id == bindparam("person"))
    .where(QUESTIONS.expires_at > bindparam("now"))
)
_drop = Statement(
    delete(Question).where(QUESTIONS.chat_id == bindparam("chat"), QUESTIONS.person_id == bindparam("person"))
)


@frozen
class Asked:
    kind: str
    subject: Mapping[str, Any]


class Questions:
    """Ask, look up, close."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = at

    def ask(self, chat_id: int, person_id: int, kind: str, *, lasts: timedelta, **subject: Any) -> None:
        """The next plain message of this person in this chat goes to the ``kind`` handler. Replaces an older one."""
        self._tx.run(
            _ask, chat_id=chat_id, person_id=person_id, kind=kind, subject=orjson.dumps(subject).decode(),
            expires_at=ms(self._at + lasts),
        )  # fmt: skip

    def open(self, chat_id: int, person_id: int) -> Asked | None:
        row = self._tx.row(_open, chat=chat_id, person=person_id, now=ms(self._at))
        return Asked(row[0], orjson.loads(row[1])) if row else None

    def close(self, chat_id: int, person_id: int) -> None:
        self._tx.run(_drop, chat=chat_id, person=person_id)
