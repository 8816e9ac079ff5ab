"""Things said that wait for a button: a task to confirm, a name to choose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, ms
from storage.tables.road import Draft as DraftRow
from storage.transaction import Tx

DRAFTS = columns(DraftRow)
_keep = Statement(inserting(DraftRow))
_get = Statement(
    select(DRAFTS.key, DRAFTS.kind, DRAFTS.chat_id, DRAFTS.person_id, DRAFTS.subject, DRAFTS.used).where(
        DRAFTS.key == bindparam("k")
    )
)
_use = Statement(update(DraftRow).where(DRAFTS.key == bindparam("k"), DRAFTS.used == 0).values(used=1))


@frozen
class Draft:
    """``person_id``: who said it. ``used``: a button has decided it already."""

    key: str
    kind: str
    chat_id: int
    person_id: int
    subject: Mapping[str, Any]
    used: bool


class Drafts:
    """One draft per thing, under the thing's key: a button can name it before it is written."""

    def __init__(self, tx: Tx, key: str, at: datetime) -> None:
        self._tx = tx
        self._key = key
        self._at = ms(at)

    def keep(self, kind: str, chat_id: int, person_id: int, *, under: str = "", **subject: Any) -> str:
        """Its key. ``under``: a free key of its own instead of the thing's, for what is named by a code."""
        key = under or self._key
        self._tx.run(
            _keep, key=key, kind=kind, chat_id=chat_id, person_id=person_id,
            subject=orjson.dumps(subject).decode(), at=self._at, used=0,
        )  # fmt: skip
        return key

    def get(self, key: str) -> Draft | None:
        row = self._tx.row(_get, k=key)
        return Draft(row[0], row[1], row[2], row[3], orjson.loads(row[4]), bool(row[5])) if row else None

    def use(self, draft: Draft) -> bool:
        """Decide it, once. False: somebody was faster."""
        return self._tx.run(_use, k=draft.key) == 1
