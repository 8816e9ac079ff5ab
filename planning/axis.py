"""Working days as whole numbers: 0, 1, 2 … from a first day on, so that a plan is arithmetic on ints."""

from __future__ import annotations

from datetime import date, timedelta

from planning.calendar import Calendar

_DAY = timedelta(days=1)
STEP = 400
"""Days that are looked at, at a time."""


class Axis:
    """The working days of one calendar. It grows at both ends as far as it is asked about; days before it are < 0."""

    __slots__ = ("_at", "_calendar", "_days", "_first", "_last", "_origin")

    def __init__(self, calendar: Calendar, around: date) -> None:
        self._calendar = calendar
        self._first = self._last = around
        """Looked at so far: from ``_first`` to the day before ``_last``."""
        self._days: list[date] = []
        self._at: dict[date, int] = {}
        self._origin = 0
        """Where in ``_days`` number 0 stands."""
        self._forward()

    def on_or_after(self, day: date) -> int:
        """The number of ``day``, or of the next working day."""
        self._reach(day)
        while (found := self._at.get(day)) is None:
            day += _DAY
            self._reach(day)
        return found

    def on_or_before(self, day: date) -> int:
        """The number of ``day``, or of the last working day before it."""
        self._reach(day)
        while (found := self._at.get(day)) is None:
            day -= _DAY
            self._reach(day)
        return found

    def number(self, day: date) -> int | None:
        """Its own number; None: nobody works on that day."""
        self._reach(day)
        return self._at.get(day)

    def day(self, number: int) -> date:
        while self._origin + number < 0:
            self._backward()
        while self._origin + number >= len(self._days):
            self._forward()
        return self._days[self._origin + number]

    def _reach(self, day: date) -> None:
        while day < self._first:
            self._backward()
        while day >= self._last:
            self._forward()

    def _forward(self) -> None:
        for _ in range(STEP):
            if self._calendar.is_working(self._last):
                self._at[self._last] = len(self._days) - self._origin
                self._days.append(self._last)
            self._last += _DAY

    def _backward(self) -> None:
        found: list[date] = []
        for _ in range(STEP):
            self._first -= _DAY
            if self._calendar.is_working(self._first):
                found.append(self._first)
                self._at[self._first] = -self._origin - len(found)
        self._days[:0] = reversed(found)
        self._origin += len(found)
