"""Where a project's calendar comes from: published years, its own 休/班, its country's base."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from sqlalchemy import bindparam, delete, select, update

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.calendar_years import YearPlan, parse_year
from storage.projects import ProjectInfo
from storage.statement import Statement, columns, ms, upsert
from storage.tables.people import CalendarDay, CalendarYear, Project
from storage.transaction import Tx

DAYS = columns(CalendarDay)
YEARS = columns(CalendarYear)
PROJECTS = columns(Project)
KEPT = 2048
"""Calendars in memory, at most."""
_changed = Statement(
    update(Project).where(PROJECTS.id == bindparam("project")).values(calendar_version=PROJECTS.calendar_version + 1)
)
_changed_all = Statement(
    update(Project).where(PROJECTS.country == bindparam("land")).values(calendar_version=PROJECTS.calendar_version + 1)
)
_days = Statement(select(DAYS.day, DAYS.works).where(DAYS.project_id == bindparam("project")))
_own = Statement(
    select(DAYS.day, DAYS.works, DAYS.name, DAYS.at, DAYS.by)
    .where(DAYS.project_id == bindparam("project"))
    .order_by(DAYS.day)
)
_years = Statement(select(YEARS.year, YEARS.document).where(YEARS.country == bindparam("land")))
_override = Statement(
    upsert(CalendarDay)
    .values({name: bindparam(name) for name in ("project_id", "day", "works", "name", "at", "by")})
    .on_conflict_do_update(
        index_elements=["project_id", "day"], set_={name: bindparam(name) for name in ("works", "name", "at", "by")}
    )
)
_plain = Statement(delete(CalendarDay).where(DAYS.project_id == bindparam("project"), DAYS.day == bindparam("on")))
_import = Statement(
    upsert(CalendarYear)
    .values({name: bindparam(name) for name in ("country", "year", "document", "imported_at")})
    .on_conflict_do_update(
        index_elements=["country", "year"],
        set_={"document": bindparam("document"), "imported_at": bindparam("imported_at")},
    )
)


@frozen
class OwnDay:
    """A day a project settled itself. ``at``: ms, when it was said; ``by``: person id."""

    day: date
    works: bool
    name: str
    at: int
    by: int | None


class Calendars:
    """Calendars as the bot uses them."""

    def __init__(self, tx: Tx, at: datetime) -> None:
        self._tx = tx
        self._at = ms(at)
        self._touched = False

    def of(self, project: ProjectInfo) -> Calendar:
        """The calendar of one project. It is a value: read once per version, by whichever thing asks first."""
        if not project.calendar_version:
            return base(project.country)
        if self._touched:  # may still be undone: nothing to remember
            return self._read(project.id, project.country)
        key, made = (project.id, project.country, project.calendar_version), self._tx.remembered
        found: Calendar | None = made.get(key)
        if found is None:
            if len(made) >= KEPT:
                made.clear()
            found = made[key] = self._read(project.id, project.country)
        return found

    def _read(self, project_id: int, country: str) -> Calendar:
        overrides = {date.fromisoformat(on): bool(works) for on, works in self._tx.rows(_days, project=project_id)}
        return Calendar(country, overrides, self.years(country))

    def abroad(self, country: str) -> Calendar:
        """A country's calendar as somebody who lives there has it."""
        return base(country) if country != "CN" else Calendar(country, {}, self.years(country))

    def years(self, country: str) -> Mapping[int, YearPlan]:
        """What was imported for a country."""
        return {year: parse_year(document) for year, document in self._tx.rows(_years, land=country)}

    def override(self, project_id: int, on: date, works: bool, name: str, by: int | None) -> None:
        """This project's own 休 (works False) or 班 (True) on a day."""
        self._touched = True
        self._tx.run(_changed, project=project_id)
        self._tx.run(
            _override, project_id=project_id, day=on.isoformat(), works=int(works), name=name, at=self._at, by=by
        )

    def back_to_base(self, project_id: int, on: date) -> bool:
        """Forget what was said about a day. False: nothing was."""
        self._touched = True
        self._tx.run(_changed, project=project_id)
        return self._tx.run(_plain, project=project_id, on=on.isoformat()) > 0

    def own_days(self, project_id: int) -> list[OwnDay]:
        """What this project said itself, by day."""
        return [
            OwnDay(date.fromisoformat(on), bool(works), name, at, by)
            for on, works, name, at, by in self._tx.rows(_own, project=project_id)
        ]

    def import_year(self, country: str, document: str) -> YearPlan:
        """Take over a published year. Raises planning.calendar's error on a document that is not one."""
        plan = parse_year(document)
        self._touched = True
        self._tx.run(_changed_all, land=country)
        self._tx.run(_import, country=country, year=plan.year, document=document, imported_at=self._at)
        return plan


@cache
def base(country: str) -> Calendar:
    """A country's calendar without anybody's changes."""
    return Calendar(country)
