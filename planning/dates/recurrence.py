"""Things that come again: every weekday, 每周一三五, 隔天, 每月最后一个工作日."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.dates.months import add_months, month_day, nth_weekday, quarter_first
from planning.work_weeks import WorkWeek, week_after, work_week

Unit = Literal["minute", "hour", "day", "workday", "week", "month", "year"]

_PERIODS_TRIED = 64  # 31 February never comes, nor does a fifth Friday every month: stop looking some time


@frozen
class Recurrence:
    """A rule that gives days.

    unit and every: each n-th day, working day, week, month or year (a quarter is three months). Of hours and minutes
    the rule knows the days alone: its first moment is that of the expression's reading.
    weekdays: Monday = 0, for weeks; empty means the weekday of the day before. month_days: 1..31, negative counts from
    the end (-1 = last day); in a shorter month the last day stands in. nth: (1..5 or -1..-5, weekday) of a month.
    nth_workday: 1.. or -1, of the month or of the work week.
    month: 1..12, for years; for quarters the month within it (1..3).
    minute: minutes after midnight, or None.
    """

    unit: Unit
    every: int = 1
    weekdays: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    nth: tuple[int, int] | None = None
    nth_workday: int | None = None
    month: int | None = None
    minute: int | None = None

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Recurrence:
        """The inverse of ``asdict``, through JSON."""
        lists = {name: tuple(raw[name]) for name in ("weekdays", "month_days", "nth") if raw[name] is not None}
        return cls(**{**raw, **lists})

    def next_after(self, day: date, calendar: Calendar) -> date:
        """The first day of the rule strictly after ``day``.

        For every n-th day or week with n > 1, ``day`` counts as the last time it happened. Raises ValueError when the
        rule never comes again.
        """
        if self.unit == "workday":
            return calendar.add_working(day, self.every)
        if self.unit == "day":
            return day + timedelta(days=self.every)
        if self.unit in ("hour", "minute"):
            return day + timedelta(days=max(1, self.every // (24 if self.unit == "hour" else 1440)))
        if self.unit == "week":
            return self._in_work_week(day, calendar, self.every) if self.nth_workday else self._next_week(day)
        return self._next_month(day, calendar, self.every * (12 if self.unit == "year" else 1))

    def first_from(self, day: date, calendar: Calendar) -> date:
        """The first day of the rule on or after ``day``: where a new rule begins."""
        if self.unit in ("day", "hour", "minute"):
            return day
        if self.unit == "workday":
            return calendar.first_working(day)
        if self.unit == "week" and self.nth_workday:
            return self._in_work_week(day - timedelta(days=1), calendar, 1)
        if self.unit == "week":
            ahead = min(((weekday - day.weekday()) % 7 for weekday in self.weekdays), default=0)
            return day + timedelta(days=ahead)
        return self._next_month(day - timedelta(days=1), calendar, self._period())

    def _in_work_week(self, day: date, calendar: Calendar, every: int) -> date:
        """The n-th working day of a work week, its last when it has fewer: of this one, else ``every`` weeks on."""
        week = work_week(day, calendar)
        if self._nth_of(week) <= day:
            for _ in range(every):
                week = week_after(week.last, calendar)
        return self._nth_of(week)

    def _nth_of(self, week: WorkWeek) -> date:
        n = self.nth_workday or 1
        return week.days[min(n - 1, len(week.days) - 1) if n > 0 else max(n, -len(week.days))]

    def _next_week(self, day: date) -> date:
        weekdays = sorted(self.weekdays) or [day.weekday()]
        monday = day - timedelta(days=day.weekday())
        for weekday in weekdays:
            if weekday > day.weekday():
                return monday + timedelta(days=weekday)
        return monday + timedelta(days=7 * self.every + weekdays[0])

    def _period(self) -> int:
        """Months between two months the rule could start in: 1, 3 (quarters) or 12."""
        if self.unit == "year":
            return 12
        return 3 if self.month else 1

    def _next_month(self, day: date, calendar: Calendar, stride: int) -> date:
        start = self._aligned(day)
        for n in range(_PERIODS_TRIED):
            found = [there for there in self._days_in(add_months(start, n * stride), day, calendar) if there > day]
            if found:
                return min(found)
        raise ValueError(f"{self} never comes after {day}")

    def _aligned(self, day: date) -> date:
        """The first of the rule's latest month that has begun by ``day``."""
        first = day.replace(day=1)
        if self.month is None:
            return first
        start = date(day.year, self.month, 1) if self.unit == "year" else add_months(quarter_first(day), self.month - 1)
        return start if start <= first else add_months(start, -self._period())

    def _days_in(self, first: date, day: date, calendar: Calendar) -> list[date]:
        """The rule's days in the month that begins at ``first``."""
        if self.nth:
            there = nth_weekday(first.year, first.month, *self.nth)
            return [there] if there else []
        if self.nth_workday:
            last = month_day(first.year, first.month, -1)
            works = calendar.working_days(first, last)
            index = self.nth_workday - 1 if self.nth_workday > 0 else self.nth_workday
            return [works[index]] if -len(works) <= index < len(works) else []
        return [month_day(first.year, first.month, n) for n in self.month_days or (day.day,)]
