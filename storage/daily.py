"""Reports as they were handed in, every wording they ever had, and who is away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, func, or_, select, update

from chat.frozen import frozen
from planning.window import Standing
from storage.statement import Statement, columns, inserting, moment, ms, position
from storage.tables.daily import Away, DailyRow, DailyVersion
from storage.tables.people import PersonRow
from storage.transaction import Tx

ROWS = columns(DailyRow)
VERSIONS = columns(DailyVersion)
AWAY = columns(Away)
PERSONS = columns(PersonRow)
_FIELDS = (
    ROWS.id, ROWS.project_id, ROWS.day, ROWS.person_id, PERSONS.name, ROWS.done, ROWS.plan, ROWS.blocked,
    ROWS.standing, ROWS.reason, ROWS.state, ROWS.version, ROWS.at, ROWS.changed_at, ROWS.platform, ROWS.message_id,
)  # fmt: skip
_reports = select(*_FIELDS).join(PersonRow, PERSONS.id == ROWS.person_id)
_whose = (ROWS.project_id == bindparam("project"), ROWS.person_id == bindparam("person"))
_one = Statement(_reports.where(*_whose, ROWS.day == bindparam("on")))
_get = Statement(_reports.where(ROWS.id == bindparam("report")))
_on = Statement(
    _reports.where(ROWS.project_id == bindparam("project"), ROWS.day == bindparam("on"), ROWS.state == "in").order_by(
        ROWS.id
    )
)
_between = Statement(
    _reports.where(ROWS.project_id == bindparam("project"), ROWS.state == "in")
    .where(ROWS.day >= bindparam("first"), ROWS.day <= bindparam("last"))
    .order_by(ROWS.day, ROWS.id)
)
_saying = Statement(
    _reports.where(ROWS.project_id == bindparam("project"), ROWS.state == "in")
    .where(ROWS.day >= bindparam("first"), ROWS.day <= bindparam("last"))
    .where(or_(bindparam("whose", type_=BigInteger).is_(None), ROWS.person_id == bindparam("whose")))
    .where(
        position(
            func.lower(ROWS.done.concat(" ").concat(ROWS.plan).concat(" ").concat(ROWS.blocked)),
            bindparam("word", type_=String),
        )
        > 0
    )
    .order_by(ROWS.day.desc(), ROWS.id.desc())
    .limit(bindparam("most"))
)
_latest = Statement(
    _reports.where(*_whose, ROWS.state == "in", ROWS.day <= bindparam("on")).order_by(ROWS.day.desc()).limit(1)
)
_before = Statement(
    _reports.where(*_whose, ROWS.state == "in", ROWS.day < bindparam("on"), ROWS.day >= bindparam("since")).order_by(
        ROWS.day
    )
)
_by_message = Statement(
    _reports.where(ROWS.platform == bindparam("on"), ROWS.message_id == bindparam("message"), ROWS.message_id != "")
)
_add = Statement(inserting(DailyRow, "id").returning(ROWS.id))
_write = Statement(
    update(DailyRow)
    .where(ROWS.id == bindparam("report"))
    .values(
        {name: bindparam("to_" + name) for name in (
            "done", "plan", "blocked", "standing", "reason", "state", "version", "at", "changed_at", "platform",
            "message_id",
        )}
    )
)  # fmt: skip
_keep = Statement(inserting(DailyVersion))
_wordings = (
    select(ROWS.id, ROWS.day, ROWS.person_id, ROWS.standing, ROWS.at, VERSIONS.at, VERSIONS.via)
    .select_from(DailyRow)
    .join(DailyVersion, VERSIONS.daily_id == ROWS.id)
    .where(ROWS.project_id == bindparam("project"), ROWS.day >= bindparam("first"), ROWS.day <= bindparam("last"))
    .where(VERSIONS.at <= bindparam("until"))
    .order_by(ROWS.id, VERSIONS.version)
)
_history = Statement(_wordings)
_own_history = Statement(_wordings.where(ROWS.person_id == bindparam("person")))
_away = Statement(
    select(AWAY.person_id, AWAY.part).where(AWAY.project_id == bindparam("project"), AWAY.day == bindparam("on"))
)


WITHDRAWN = "withdrawn"
"""How a wording came that takes the report back."""
_version = Statement(
    select(VERSIONS.done, VERSIONS.plan, VERSIONS.blocked).where(
        VERSIONS.daily_id == bindparam("report"), VERSIONS.version == bindparam("n")
    )
)


@frozen
class Words:
    """The three parts. "" : not said, or nothing."""

    done: str = ""
    plan: str = ""
    blocked: str = ""


@frozen
class HandedIn:
    """``at``: when. ``standing`` None: it was withdrawn and handed in anew since; the day's times tell how it stood."""

    day: date
    person: int
    at: datetime
    standing: Standing | None


@frozen
class Report:
    """``at``: when it was first handed in; ``state``: in, withdrawn."""

    id: int
    project_id: int
    day: date
    person: int
    name: str
    words: Words
    standing: Standing
    reason: str
    state: str
    version: int
    at: datetime
    changed_at: datetime
    platform: str
    message_id: str

    @property
    def withdrawn(self) -> bool:
        return self.state == "withdrawn"


class Daily:
    """Reports, changed by one thing."""

    def __init__(self, tx: Tx, key: str, at: datetime) -> None:
        self._tx = tx
        self._key = key
        self._at = ms(at)

    def of(self, project_id: int, day: date, person_id: int) -> Report | None:
        """Withdrawn ones too."""
        row = self._tx.row(_one, project=project_id, on=day.isoformat(), person=person_id)
        return _read(row) if row else None

    def get(self, report_id: int) -> Report | None:
        row = self._tx.row(_get, report=report_id)
        return _read(row) if row else None

    def on(self, project_id: int, day: date) -> list[Report]:
        """What was handed in for a day and not withdrawn."""
        return [_read(row) for row in self._tx.rows(_on, project=project_id, on=day.isoformat())]

    def between(self, project_id: int, first: date, last: date) -> list[Report]:
        """Both days inclusive, oldest first."""
        rows = self._tx.rows(_between, project=project_id, first=first.isoformat(), last=last.isoformat())
        return [_read(row) for row in rows]

    def saying(
        self, project_id: int, word: str, first: date, last: date, most: int, person: int | None = None
    ) -> list[Report]:
        """With this word anywhere in them, newest first. ``word``: lower case."""
        rows = self._tx.rows(
            _saying, project=project_id, word=word, first=first.isoformat(), last=last.isoformat(), whose=person,
            most=most,
        )  # fmt: skip
        return [_read(row) for row in rows]

    def handed_in(
        self, project_id: int, first: date, last: date, until: datetime, person: int | None
    ) -> list[HandedIn]:
        """What was in at ``until``, from every wording there was: what came and was withdrawn later changes nothing.

        person: of them alone; None: of everybody.
        """
        found: dict[int, HandedIn | None] = {}
        span = {"project": project_id, "first": first.isoformat(), "last": last.isoformat(), "until": ms(until)}
        rows = self._tx.rows(_history, **span) if person is None else self._tx.rows(_own_history, **span, person=person)
        for number, day, person, standing, last_at, at, via in rows:
            if via == WITHDRAWN:
                found[number] = None
            elif found.get(number) is None:
                known = standing if at == last_at else None
                found[number] = HandedIn(date.fromisoformat(day), person, moment(at), known)
        return [one for one in found.values() if one is not None]

    def latest(self, project_id: int, person_id: int, day: date) -> Report | None:
        """A person's newest report up to ``day``."""
        row = self._tx.row(_latest, project=project_id, person=person_id, on=day.isoformat())
        return _read(row) if row else None

    def before(self, project_id: int, person_id: int, day: date, since: date) -> list[Report]:
        """A person's reports from ``since`` on and before ``day``, oldest first."""
        rows = self._tx.rows(_before, project=project_id, person=person_id, on=day.isoformat(), since=since.isoformat())
        return [_read(row) for row in rows]

    def said_in(self, platform: str, message_id: str) -> Report | None:
        """The report whose present wording came with this message."""
        row = self._tx.row(_by_message, on=platform, message=message_id)
        return _read(row) if row else None

    def wording(self, report: Report, version: int) -> Words | None:
        """As it was then."""
        row = self._tx.row(_version, report=report.id, n=version)
        return Words(*row) if row else None

    def add(
        self, project_id: int, day: date, person_id: int, words: Words, *, standing: Standing, via: str,
        reason: str = "", platform: str = "", message_id: str = "",
    ) -> Report:  # fmt: skip
        """The first report of this person for this day."""
        number = self._tx.value(
            _add, project_id=project_id, day=day.isoformat(), person_id=person_id, done=words.done, plan=words.plan,
            blocked=words.blocked, standing=standing, reason=reason, state="in", version=1, at=self._at,
            changed_at=self._at, platform=platform, message_id=message_id,
        )  # fmt: skip
        self._log(number, 1, words, via)
        added = self.get(number)
        assert added is not None
        return added

    def rewrite(
        self, report: Report, words: Words, *, via: str, standing: Standing | None = None, reason: str = "",
        platform: str = "", message_id: str = "",
    ) -> Report:  # fmt: skip
        """The next version. ``standing``: given when it counts as handed in only now (it had been withdrawn)."""
        self._save(
            report, words, "in", standing or report.standing, reason or report.reason,
            self._at if standing else ms(report.at), platform or report.platform, message_id or report.message_id,
        )  # fmt: skip
        self._log(report.id, report.version + 1, words, via)
        changed = self.get(report.id)
        assert changed is not None
        return changed

    def withdraw(self, report: Report) -> None:
        """Out of every digest; its versions stay."""
        self._save(
            report, report.words, "withdrawn", report.standing, report.reason, ms(report.at), report.platform,
            report.message_id,
        )  # fmt: skip
        self._log(report.id, report.version + 1, report.words, WITHDRAWN)

    # --- who is away --------------------------------------------------------------------------------------------

    def away(self, project_id: int, day: date) -> dict[int, str]:
        """{person id: day, am or pm}."""

        return dict(self._tx.rows(_away, project=project_id, on=day.isoformat()))

    # --- inside -------------------------------------------------------------------------------------------------

    def _save(
        self, report: Report, words: Words, state: str, standing: Standing, reason: str, at: int, platform: str,
        message_id: str,
    ) -> None:  # fmt: skip
        self._tx.run(
            _write, report=report.id, to_done=words.done, to_plan=words.plan, to_blocked=words.blocked,
            to_standing=standing, to_reason=reason, to_state=state, to_version=report.version + 1, to_at=at,
            to_changed_at=self._at, to_platform=platform, to_message_id=message_id,
        )  # fmt: skip

    def _log(self, report_id: int, version: int, words: Words, via: str) -> None:
        self._tx.run(
            _keep, daily_id=report_id, version=version, at=self._at, change=self._key, done=words.done,
            plan=words.plan, blocked=words.blocked, via=via,
        )  # fmt: skip


def _read(row: tuple[Any, ...]) -> Report:
    (number, project, day, person, name, done, plan, blocked, standing, reason, state, version, at, changed, platform,
     message) = row  # fmt: skip
    return Report(
        number, project, date.fromisoformat(day), person, name, Words(done, plan, blocked), standing, reason, state,
        version, moment(at), moment(changed), platform, message,
    )  # fmt: skip
