"""E-mail addresses of people: told, confirmed with a code, returned by a server, forgotten."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from chat.frozen import frozen
from storage import vault
from storage.statement import Statement, columns, inserting, moment, ms, upsert
from storage.tables.mail import MailRow, MailWaiting
from storage.transaction import Tx

ROWS = columns(MailRow)
WAITING = columns(MailWaiting)
_of = Statement(
    select(ROWS.address, ROWS.state, ROWS.code, ROWS.code_until, ROWS.tries).where(
        ROWS.person_id == bindparam("person")
    )
)
_put = Statement(
    upsert(MailRow)
    .values({c.name: bindparam(c.name) for c in ROWS})
    .on_conflict_do_update(
        index_elements=["person_id"],
        set_={c.name: bindparam(c.name) for c in ROWS if c.name != "person_id"},
    )
)
_state = Statement(
    update(MailRow).where(ROWS.person_id == bindparam("person")).values(state=bindparam("to_state"), code="")
)
_wrong = Statement(update(MailRow).where(ROWS.person_id == bindparam("person")).values(tries=ROWS.tries + 1))
_bounce = Statement(update(MailRow).where(ROWS.address == bindparam("to")).values(state="bounced"))
_drop = Statement(delete(MailRow).where(ROWS.person_id == bindparam("person")))
_wait = Statement(inserting(MailWaiting, "id"))
_waiting = Statement(
    select(WAITING.words, WAITING.at).where(WAITING.person_id == bindparam("person")).order_by(WAITING.id)
)
_sent = Statement(delete(MailWaiting).where(WAITING.person_id == bindparam("person")))


@frozen
class Mail:
    """``code``: what ``fits`` compares with; ``code_until``: when the code sent there ends."""

    person_id: int
    address: str
    state: str
    code: str = field(repr=False)
    code_until: datetime
    tries: int

    def fits(self, code: str) -> bool:
        """Is it the code that was sent there?"""
        return bool(self.code) and vault.fits(code, _about(self.person_id, self.address), self.code)


class Mails:
    """Addresses of everybody, changed by one thing."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = at

    def of(self, person_id: int) -> Mail | None:
        row = self._tx.row(_of, person=person_id)
        return Mail(person_id, row[0], row[1], row[2], moment(row[3]), row[4]) if row else None

    def confirmed(self, person_id: int) -> str:
        """The address letters go to; "" when there is none."""
        found = self.of(person_id)
        return found.address if found is not None and found.state == "confirmed" else ""

    def ask(self, person_id: int, address: str, code: str, lasts: timedelta) -> None:
        """A code went to this address; whatever was known before is forgotten. Only the letter knows the code."""
        self._tx.run(
            _put, person_id=person_id, address=address, state="asked",
            code=vault.hashed(code, _about(person_id, address)), code_until=ms(self._at + lasts), tries=0,
            at=ms(self._at),
        )  # fmt: skip

    def confirm(self, person_id: int) -> None:
        self._tx.run(_state, person=person_id, to_state="confirmed")

    def wrong(self, person_id: int) -> None:
        """Somebody guessed."""
        self._tx.run(_wrong, person=person_id)

    def bounced(self, address: str) -> int:
        """The server says that there is no such address; whose it was hears of it when they look."""
        return self._tx.run(_bounce, to=address)

    def drop(self, person_id: int) -> bool:
        """False: there was none."""
        return self._tx.run(_drop, person=person_id) == 1

    def wait(self, person_id: int, words: str) -> None:
        """To be written to them with whatever comes until then."""
        self._tx.run(_wait, person_id=person_id, words=words, at=ms(self._at))

    def take_waiting(self, person_id: int) -> list[tuple[datetime, str]]:
        """Everything that waits for one person; from now on it counts as written."""
        found = [(moment(at), words) for words, at in self._tx.rows(_waiting, person=person_id)]
        self._tx.run(_sent, person=person_id)
        return found


def _about(person_id: int, address: str) -> str:
    """A code counts for one person and one address."""
    return f"mail:{person_id}:{address}"
