"""Questions with a time to answer: who was asked, who answered what and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Table, bindparam, delete, func, null, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, moment, ms
from storage.tables.people import PersonRow
from storage.tables.time import AskedRow, AskRow
from storage.transaction import Tx

ROWS = columns(AskRow)
ASKED = columns(AskedRow)
_PEOPLE: Table = PersonRow.__table__
_ASKERS = _PEOPLE.alias("asker")
_asks = (
    select(
        ROWS.id, ROWS.project_id, ROWS.number, ROWS.asker_id, _ASKERS.c.name, ROWS.chat_id, ROWS.words, ROWS.made_at,
        ROWS.due_at, ROWS.state, ASKED.person_id, _PEOPLE.c.name, ASKED.answer, ASKED.answered_at,
        ASKED.read_at, ASKED.unread_at, _PEOPLE.c.left_at,
    )
    .select_from(AskRow)
    .join(_ASKERS, _ASKERS.c.id == ROWS.asker_id)
    .join(AskedRow, ASKED.ask_id == ROWS.id)
    .join(_PEOPLE, _PEOPLE.c.id == ASKED.person_id)
    .order_by(ROWS.number, ROWS.id, ASKED.person_id)
)  # fmt: skip
_numbered = Statement(_asks.where(ROWS.project_id == bindparam("project"), ROWS.number == bindparam("n")))
_get = Statement(_asks.where(ROWS.id == bindparam("ask")))
_open = Statement(_asks.where(ROWS.project_id == bindparam("project"), ROWS.state == "open"))
_by = Statement(_asks.where(ROWS.asker_id == bindparam("person"), ROWS.state == "open"))
_waiting_for = Statement(
    select(ASKED.ask_id)
    .join(AskRow, ROWS.id == ASKED.ask_id)
    .where(ASKED.person_id == bindparam("person"), ASKED.answered_at.is_(None), ROWS.state == "open")
    .order_by(ROWS.due_at)
)
_add = Statement(inserting(AskRow, "id", "look_at").returning(ROWS.id))
_address = Statement(inserting(AskedRow, "read_at", "unread_at"))
_answer = Statement(
    update(AskedRow)
    .where(ASKED.ask_id == bindparam("ask"), ASKED.person_id == bindparam("person"))
    .values(
        answer=bindparam("said"), message_id=bindparam("message"),
        answered_at=func.coalesce(ASKED.answered_at, bindparam("now", type_=BigInteger)),
    )
)  # fmt: skip
_said_in = Statement(
    select(ASKED.ask_id, ASKED.person_id).where(ASKED.message_id == bindparam("message"), ASKED.message_id != "")
)
_take_back = Statement(
    update(AskedRow)
    .where(ASKED.ask_id == bindparam("ask"), ASKED.person_id == bindparam("person"))
    .values(answer="", message_id="", answered_at=null())
)
_reopen = Statement(update(AskRow).where(ROWS.id == bindparam("ask")).values(state="open"))
_pass_on = Statement(
    update(AskedRow)
    .where(
        ASKED.ask_id == bindparam("ask"), ASKED.person_id == bindparam("person"), ASKED.answered_at.is_(None)
    )
    .values(person_id=bindparam("other"))
)  # fmt: skip
_spare = Statement(
    delete(AskedRow).where(
        ASKED.ask_id == bindparam("ask"), ASKED.person_id == bindparam("person"), ASKED.answered_at.is_(None)
    )
)
_asker = Statement(update(AskRow).where(ROWS.id == bindparam("ask")).values(asker_id=bindparam("other")))
_close = Statement(update(AskRow).where(ROWS.id == bindparam("ask"), ROWS.state == "open").values(state="closed"))


@frozen
class Asked:
    """One of those who were asked. ``read``: have they seen it? None: their platform does not tell.

    ``left``: they are not in the company any more.
    """

    person: int
    name: str
    answer: str
    answered_at: datetime | None
    read: bool | None = None
    left: bool = False


@frozen
class Ask:
    """``people``: everybody who was asked."""

    id: int
    project_id: int
    number: int
    asker: int
    asker_name: str
    chat: int
    words: str
    made_at: datetime
    due_at: datetime
    state: str
    people: tuple[Asked, ...]

    @property
    def ref(self) -> str:
        return f"R{self.number}"

    @property
    def name(self) -> str:
        """Of its card."""
        return f"ask:{self.id}"

    @property
    def missing(self) -> list[Asked]:
        """Who is waited for."""
        return [one for one in self.people if one.answered_at is None and not one.left]

    def of(self, person_id: int) -> Asked | None:
        return next((one for one in self.people if one.person == person_id), None)


class Asks:
    """Questions of every project, changed by one thing."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)

    def get(self, ask_id: int) -> Ask | None:
        return next(iter(_read(self._tx.rows(_get, ask=ask_id))), None)

    def numbered(self, project_id: int, number: int) -> Ask | None:
        return next(iter(_read(self._tx.rows(_numbered, project=project_id, n=number))), None)

    def open_in(self, project_id: int) -> list[Ask]:
        """By number."""
        return _read(self._tx.rows(_open, project=project_id))

    def by(self, person_id: int) -> list[Ask]:
        """Open ones of one asker, over all projects."""
        return _read(self._tx.rows(_by, person=person_id))

    def waiting_for(self, person_id: int) -> list[Ask]:
        """Open ones this person has not answered, over all projects, the most urgent first."""
        found = (self.get(row[0]) for row in self._tx.rows(_waiting_for, person=person_id))
        return [ask for ask in found if ask is not None]

    def add(
        self, project_id: int, number: int, asker: int, chat_id: int, people: Iterable[int], words: str, due: datetime
    ) -> Ask:
        ask_id = self._tx.value(
            _add, project_id=project_id, number=number, asker_id=asker, chat_id=chat_id, words=words, made_at=self._at,
            due_at=ms(due), state="open",
        )  # fmt: skip
        for person in people:
            self._tx.run(_address, ask_id=ask_id, person_id=person, answer="", answered_at=None, message_id="")
        added = self.get(ask_id)
        assert added is not None
        return added

    def answer(self, ask: Ask, person_id: int, words: str, message_id: str = "") -> Ask:
        """The first answer's time counts; later words replace the words. message_id: of who says it, as a message."""
        self._tx.run(_answer, ask=ask.id, person=person_id, said=words, message=message_id, now=self._at)
        return self._again(ask)

    def said_in(self, platform: str, message_id: str) -> tuple[Ask, int] | None:
        """The question that a message answered, and whose answer it is."""
        row = self._tx.row(_said_in, message=f"{platform}:{message_id}") if message_id else None
        found = self.get(row[0]) if row else None
        return (found, row[1]) if row and found else None

    def take_back(self, ask: Ask, person_id: int) -> Ask:
        """As if they had not answered; a question that everybody had answered waits again."""
        if ask.state != "open" and not ask.missing:
            self._tx.run(_reopen, ask=ask.id)
        self._tx.run(_take_back, ask=ask.id, person=person_id)
        return self._again(ask)

    def pass_on(self, ask: Ask, person_id: int, other_id: int) -> Ask:
        """Somebody else is asked instead; who was asked anyway is not asked twice."""
        statement = _pass_on if ask.of(other_id) is None else _spare
        values = {"ask": ask.id, "person": person_id} | ({"other": other_id} if statement is _pass_on else {})
        self._tx.run(statement, **values)
        return self._again(ask)

    def ask_for(self, ask: Ask, other_id: int) -> Ask:
        """Somebody else waits for the answers."""
        self._tx.run(_asker, ask=ask.id, other=other_id)
        return self._again(ask)

    def _again(self, ask: Ask) -> Ask:
        found = self.get(ask.id)
        assert found is not None
        return found

    def close(self, ask: Ask) -> bool:
        """False: it was closed before."""
        return self._tx.run(_close, ask=ask.id) == 1


def _read(rows: Iterable[tuple[Any, ...]]) -> list[Ask]:
    """One row for each person asked, those of one question together."""
    heads: dict[int, tuple[Any, ...]] = {}
    people: dict[int, list[Asked]] = {}
    for row in rows:
        heads.setdefault(row[0], row[:10])
        person, name, answer, answered, read, unread, left = row[10:]
        seen = True if read else (False if unread else None)
        one = Asked(person, name, answer, moment(answered) if answered else None, seen, left is not None)
        people.setdefault(row[0], []).append(one)
    return [_ask(row, tuple(people[number])) for number, row in heads.items()]


def _ask(row: tuple[Any, ...], people: tuple[Asked, ...]) -> Ask:
    ask_id, project, number, asker, asker_name, chat, words, made, due, state = row
    return Ask(ask_id, project, number, asker, asker_name, chat, words, moment(made), moment(due), state, people)
