"""What was said already and shall not be said again for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam

from storage.statement import Statement, columns, ms, upsert
from storage.tables.notices import Notice
from storage.transaction import Tx

NOTICES = columns(Notice)
_first = Statement(
    upsert(Notice)
    .values({name: bindparam(name) for name in ("whom", "what", "until")})
    .on_conflict_do_update(
        index_elements=["whom", "what"], set_={"until": bindparam("until")}, where=NOTICES.until <= bindparam("now")
    )
)


class Notices:
    """Rate limits in words: once an hour, once a week."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = at

    def first(self, whom: str, what: str, every: timedelta) -> bool:
        """True, and remembered, when ``what`` was not said to ``whom`` ("person:3", "chat:7") within ``every``."""
        return self._tx.run(_first, whom=whom, what=what, until=ms(self._at + every), now=ms(self._at)) > 0
