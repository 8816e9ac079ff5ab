"""Which days work. A chat's calendar = a country's base + imported years + the chat's own days.

Precedence, strongest first: the chat's own day (``overrides``), an imported year, the published base, the weekend.
A year nobody has published is reckoned by its weekends; ``known`` says so, and callers announce it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Literal, NamedTuple

from planning.calendar_years import (
    LABOUR,
    NATIONAL,
    NEW_YEAR,
    CalendarError,
    CountryTable,
    HolidayName,
    YearPlan,
    country_table,
    holiday_named,
    parse_year,
    weekend_of,
)
from planning.countries import public_holidays

__all__ = ["Break", "Calendar", "CalendarError", "DayKind", "HolidayName", "YearPlan", "parse_year"]

_DAY = timedelta(days=1)
_LONGEST_REST = 366  # days; a calendar with no working day in a year is a mistake, not a holiday
_FIXED = {(1, 1): NEW_YEAR, (5, 1): LABOUR, (10, 1): NATIONAL}


class DayKind(Enum):
    """What sort of day it is. MAKEUP: a day that would rest, but works (调休上班). OFF: the chat's own day off."""

    WORKING = "working"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    OFF = "off"


_LABELS: dict[DayKind, Literal["rest", "makeup", "holiday"]] = {
    DayKind.MAKEUP: "makeup",
    DayKind.WEEKEND: "rest",
    DayKind.OFF: "rest",
    DayKind.HOLIDAY: "holiday",
}


class Break(NamedTuple):
    """A public holiday as it is taken: adjoining days off, first to last, both inclusive."""

    name: HolidayName
    first: date
    last: date


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """One chat's calendar; immutable, cheap to make, equal to itself alone (so that what follows from it is kept).

    country: ISO code; ``CN`` has published years, others follow their own rules, in any year.
    overrides: {day: True works | False rests}, the chat's own word. years: {year: imported notice}.
    """

    country: str = "CN"
    overrides: Mapping[date, bool] = field(default_factory=dict)
    years: Mapping[int, YearPlan] = field(default_factory=dict)
    _weekend: frozenset[int] = field(init=False, repr=False, compare=False)
    _said: Mapping[date, bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        said: dict[date, bool] = {}
        for year in sorted(self.years):
            said |= dict.fromkeys(self.years[year].off, False) | dict.fromkeys(self.years[year].work, True)
        object.__setattr__(self, "_said", said | dict(self.overrides))
        object.__setattr__(self, "_weekend", weekend_of(self.country))

    def is_working(self, day: date) -> bool:
        """Does ``day`` work? One to three look-ups (about 0.3 µs)."""
        said = self._said.get(day)
        if said is not None:
            return said
        table = self._table(day)
        if table is not None:
            if day in table.off:
                return False
            if day in table.work:
                return True
        return day.weekday() not in self._weekend

    def known(self, year: int) -> bool:
        """Has this year's holiday notice been published or imported? A country without notices is always known."""
        table = country_table(self.country)
        return table is None or year in self.years or table.first_year <= year <= table.last_year

    def unknown_years(self, first: date, last: date) -> list[int]:
        """The years touched by first..last whose holidays are reckoned by weekends only."""
        return [year for year in range(first.year, last.year + 1) if not self.known(year)]

    def kind(self, day: date) -> DayKind:
        """What sort of day it is."""
        weekend = day.weekday() in self._weekend
        holiday = self.holiday_name(day) is not None
        if self.is_working(day):
            return DayKind.MAKEUP if weekend or holiday else DayKind.WORKING
        if holiday:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if weekend else DayKind.OFF

    def label(self, day: date) -> Literal["rest", "makeup", "holiday"] | None:
        """The token a text shows beside the weekday: None for a plain working day. The wording is the caller's."""
        return _LABELS.get(self.kind(day))

    def holiday_name(self, day: date) -> HolidayName | None:
        """The public holiday ``day`` belongs to, whatever the chat's own overrides say, or None."""
        for year in (day.year + 1, day.year):
            plan = self.years.get(year)
            if plan is not None and day in plan.off:
                return plan.off[day]
        table = self._table(day)
        return table.off.get(day) if table else None

    def next_working(self, day: date) -> date:
        """The first working day strictly after ``day``."""
        return self._walk(day + _DAY, 1)

    def previous_working(self, day: date) -> date:
        """The last working day strictly before ``day``."""
        return self._walk(day - _DAY, -1)

    def first_working(self, on_or_after: date) -> date:
        """``on_or_after`` itself if it works, else the next working day."""
        return self._walk(on_or_after, 1)

    def last_working(self, on_or_before: date) -> date:
        """``on_or_before`` itself if it works, else the working day before it."""
        return self._walk(on_or_before, -1)

    def add_working(self, day: date, n: int) -> date:
        """The n-th working day after ``day`` (before it when n < 0); n = 0 gives ``day`` itself, working or not."""
        step = 1 if n > 0 else -1
        for _ in range(abs(n)):
            day = self._walk(day + step * _DAY, step)
        return day

    def working_days(self, first: date, last: date) -> list[date]:
        """Every working day from first to last, both inclusive; empty when last < first."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.is_working(day)]

    def working_days_between(self, a: date, b: date) -> int:
        """How many working days lie in (a, b]: from the evening of a to the evening of b; negative when b < a.

        ``working_days_between(a, add_working(a, n)) == n`` for every n when a works.
        """
        if b < a:
            return -len(self.working_days(b, a - _DAY))
        return len(self.working_days(a + _DAY, b))

    def last_working_of_month(self, year: int, month: int) -> date:
        """The month's last working day; raises ValueError when the whole month rests."""
        first = date(year, month, 1)
        last = date(year + month // 12, month % 12 + 1, 1) - _DAY
        day = self._walk(last, -1)
        if day < first:
            raise ValueError(f"no working day in {year}-{month:02}")
        return day

    def holiday(self, keyword: str | None, after: date) -> Break | None:
        """The next holiday called ``keyword`` (``国庆``, ``五一``; None = any) that has not ended by ``after``.

        In a year not yet published only 元旦, 劳动节 and 国庆 are known, each as its one fixed day. None: not known.
        """
        wanted = holiday_named(keyword) if keyword else None
        if keyword and wanted is None:
            return None
        for n in range(_LONGEST_REST + 14):
            day = after + timedelta(days=n)
            name = self._festive(day)
            if name is not None and wanted in (None, name):
                return self._break_around(day, wanted or name)
        return None

    def first_working_after_holiday(self, keyword: str | None, after: date) -> date | None:
        """The first working day after that holiday (国庆后第一个工作日, 节后第一天); None: holiday not known."""
        rest = self.holiday(keyword, after)
        return self.next_working(rest.last) if rest else None

    def _break_around(self, day: date, name: HolidayName) -> Break:
        first = last = day
        while self._festive(first - _DAY):
            first -= _DAY
        while self._festive(last + _DAY):
            last += _DAY
        return Break(name, first, last)

    def _festive(self, day: date) -> HolidayName | None:
        if self.country == "CN" and not self.known(day.year):
            return _FIXED.get((day.month, day.day))
        return self.holiday_name(day)

    def _table(self, day: date) -> CountryTable | None:
        if day.year in self.years:
            return None
        return country_table("CN") if self.country == "CN" else public_holidays(self.country, day.year)

    def _walk(self, day: date, step: int) -> date:
        for n in range(_LONGEST_REST):
            there = day + timedelta(days=n * step)
            if self.is_working(there):
                return there
        raise ValueError(f"no working day within a year of {day}")
