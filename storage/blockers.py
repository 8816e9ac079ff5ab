"""Obstacles people reported: who asked, who is asked, what they answered, how long it took."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, and_, bindparam, null, or_, select, update

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting, moment, ms
from storage.tables.daily import BlockerRow
from storage.tables.people import PersonRow
from storage.transaction import Tx

ROWS = columns(BlockerRow)
_PEOPLE: Table = PersonRow.__table__
_REPORTERS = _PEOPLE.alias("reporter")
_HELPERS = _PEOPLE.alias("helper")
_FIELDS = (
    ROWS.id, ROWS.project_id, ROWS.number, ROWS.day, ROWS.person_id, _REPORTERS.c.name, ROWS.helper_id, _HELPERS.c.name,
    ROWS.daily_id, ROWS.words, ROWS.state, ROWS.opened_at, ROWS.answer, ROWS.answered_at, ROWS.told_at, ROWS.closed_at,
)  # fmt: skip
_blockers = (
    select(*_FIELDS)
    .select_from(BlockerRow)
    .join(_REPORTERS, _REPORTERS.c.id == ROWS.person_id)
    .outerjoin(_HELPERS, _HELPERS.c.id == ROWS.helper_id)
)
_numbered = Statement(_blockers.where(ROWS.project_id == bindparam("project"), ROWS.number == bindparam("n")))
_open = Statement(_blockers.where(ROWS.project_id == bindparam("project"), ROWS.state == "open").order_by(ROWS.number))
_of_daily = Statement(_blockers.where(ROWS.daily_id == bindparam("report"), ROWS.state == "open").order_by(ROWS.number))
_between = Statement(
    _blockers.where(
        ROWS.project_id == bindparam("project"), ROWS.day >= bindparam("first"), ROWS.day <= bindparam("last")
    )
    .where(ROWS.state != "dropped")
    .order_by(ROWS.number)
)
_moved = Statement(
    _blockers.where(
        ROWS.project_id == bindparam("project"),
        ROWS.opened_at <= bindparam("until"),
        or_(
            ROWS.opened_at > bindparam("since"),
            and_(ROWS.answered_at > bindparam("since"), ROWS.answered_at <= bindparam("until")),
        ),
    )
    .where(ROWS.state != "dropped")
    .order_by(ROWS.number)
)
_add = Statement(inserting(BlockerRow, "id").returning(ROWS.id))
_answer = Statement(
    update(BlockerRow)
    .where(ROWS.id == bindparam("blocker"))
    .values(answer=bindparam("said"), answered_by=bindparam("by"), answered_at=bindparam("when"))
)
_reword = Statement(
    update(BlockerRow)
    .where(ROWS.id == bindparam("blocker"))
    .values(words=bindparam("said"), helper_id=bindparam("helper"), answer="", answered_by=null(), answered_at=null())
)
_add_words = Statement(update(BlockerRow).where(ROWS.id == bindparam("blocker")).values(words=bindparam("said")))
_close = Statement(
    update(BlockerRow)
    .where(ROWS.id == bindparam("blocker"), ROWS.state == "open")
    .values(state=bindparam("to_state"), closed_by=bindparam("by"), closed_at=bindparam("when"))
)
_reopen = Statement(
    update(BlockerRow)
    .where(ROWS.id == bindparam("blocker"), ROWS.state == "solved")
    .values(state="open", closed_by=null(), closed_at=null())
)
_help = Statement(update(BlockerRow).where(ROWS.id == bindparam("blocker")).values(helper_id=bindparam("other")))
_whose = Statement(update(BlockerRow).where(ROWS.id == bindparam("blocker")).values(person_id=bindparam("other")))
_link = Statement(update(BlockerRow).where(ROWS.id == bindparam("blocker")).values(daily_id=bindparam("report")))
_tell = Statement(update(BlockerRow).where(ROWS.id == bindparam("blocker")).values(told_at=bindparam("when")))


@frozen
class Blocker:
    """``helper``: who is asked, None when nobody else leads; ``state``: open, solved, dropped."""

    id: int
    project_id: int
    number: int
    day: date
    person: int
    name: str
    helper: int | None
    helper_name: str
    daily: int | None
    words: str
    state: str
    opened_at: datetime
    answer: str
    answered_at: datetime | None
    told_at: datetime | None
    closed_at: datetime | None

    @property
    def ref(self) -> str:
        return f"B{self.number}"


class Blockers:
    """Blockers, changed by one thing in the name of one actor."""

    def __init__(self, tx: Tx, actor: int | None, at: datetime) -> None:
        self._tx = tx
        self._actor = actor
        self._at = ms(at)

    def numbered(self, project_id: int, number: int) -> Blocker | None:
        row = self._tx.row(_numbered, project=project_id, n=number)
        return _read(row) if row else None

    def open_in(self, project_id: int) -> list[Blocker]:
        """By number."""
        return [_read(row) for row in self._tx.rows(_open, project=project_id)]

    def of_report(self, report_id: int) -> Blocker | None:
        """The open blocker that came with a report."""
        row = self._tx.row(_of_daily, report=report_id)
        return _read(row) if row else None

    def between(self, project_id: int, first: date, last: date) -> list[Blocker]:
        """Reported from ``first`` to ``last``, solved ones too."""
        rows = self._tx.rows(_between, project=project_id, first=first.isoformat(), last=last.isoformat())
        return [_read(row) for row in rows]

    def moved(self, project_id: int, since: datetime, until: datetime) -> list[Blocker]:
        """Reported, or answered, after ``since`` and by ``until``, solved ones too."""
        return [_read(row) for row in self._tx.rows(_moved, project=project_id, since=ms(since), until=ms(until))]

    def add(
        self, project_id: int, number: int, day: date, person_id: int, words: str, *, helper: int | None,
        report: int | None,
    ) -> Blocker:  # fmt: skip
        self._tx.value(
            _add, project_id=project_id, number=number, day=day.isoformat(), person_id=person_id, helper_id=helper,
            daily_id=report, words=words, state="open", opened_at=self._at, answer="", answered_by=None,
            answered_at=None, told_at=None, closed_by=None, closed_at=None,
        )  # fmt: skip
        added = self.numbered(project_id, number)
        assert added is not None
        return added

    def answer(self, blocker: Blocker, words: str) -> None:
        """The first answer's time counts; later words replace the words."""
        at = ms(blocker.answered_at) if blocker.answered_at else self._at
        self._tx.run(_answer, blocker=blocker.id, said=words, by=self._actor, when=at)

    def reword(self, blocker: Blocker, words: str, helper: int | None) -> None:
        """Its report was changed: the question is a new one."""
        self._tx.run(_reword, blocker=blocker.id, said=words, helper=helper)

    def supplement(self, blocker: Blocker, words: str) -> None:
        """The reporter says more; what was answered stays."""
        self._tx.run(_add_words, blocker=blocker.id, said=words)

    def link(self, blocker: Blocker, report_id: int) -> None:
        """The same obstacle in a newer report."""
        self._tx.run(_link, blocker=blocker.id, report=report_id)

    def solve(self, blocker: Blocker) -> bool:
        """False: it was closed before."""
        return self._tx.run(_close, blocker=blocker.id, to_state="solved", by=self._actor, when=self._at) == 1

    def reopen(self, blocker: Blocker) -> bool:
        """It was closed by mistake. False: it is open."""
        return self._tx.run(_reopen, blocker=blocker.id) == 1

    def drop(self, blocker: Blocker) -> None:
        """Its report was withdrawn or says now that there is none."""
        self._tx.run(_close, blocker=blocker.id, to_state="dropped", by=self._actor, when=self._at)

    def pass_on(self, blocker: Blocker, person_id: int, other_id: int) -> None:
        """Wherever the one stood, asked or stuck, stands the other."""
        if blocker.helper == person_id:
            self._tx.run(_help, blocker=blocker.id, other=other_id)
        if blocker.person == person_id:
            self._tx.run(_whose, blocker=blocker.id, other=other_id)

    def ask(self, blocker: Blocker, person_id: int) -> None:
        """Somebody else is asked; nobody has told the lead of that yet."""
        self._tx.run(_help, blocker=blocker.id, other=person_id)
        self._tx.run(_tell, blocker=blocker.id, when=None)

    def told(self, blocker: Blocker) -> None:
        """The lead knows that nobody answered."""
        self._tx.run(_tell, blocker=blocker.id, when=self._at)


def _read(row: tuple[Any, ...]) -> Blocker:
    (number_id, project, number, day, person, name, helper, helper_name, daily, words, state, opened, answer, answered,
     told, closed) = row  # fmt: skip
    return Blocker(
        number_id, project, number, date.fromisoformat(day), person, name, helper, helper_name or "", daily, words,
        state, moment(opened), answer, moment(answered) if answered else None, moment(told) if told else None,
        moment(closed) if closed else None,
    )  # fmt: skip
