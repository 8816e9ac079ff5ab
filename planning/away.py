"""Days somebody is away: what the words mean, runs of days, and how many working days they cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.dates import Expression, Reading

Part = Literal["day", "am", "pm"]
Problem = Literal["", "none", "half", "reversed", "long", "past", "far"]
NOON = 12 * 60
AFTER_NOON = 13 * 60
LONGEST = 366
"""Days of one leave, both ends included."""
UNSAID = 183
"""A span without a year that is longer than this was written the wrong way round."""
BACK = timedelta(days=31)
AHEAD = timedelta(days=366)
_DAY = timedelta(days=1)
_COUNT = re.compile(r"(?<!\d)(?P<n>\d{1,4}|[一两二三四五六七八九十])\s*(?:个?工作日|天|days?\b)")
_LASTING = re.compile(r"(?:起|开始).*(?:天|工作日)$")  # a leave is counted in working days
_HALF = re.compile(r"半天|half(?: a)? day")
_YEAR = re.compile(r"\d{4}")
_NUMBERS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}


@frozen
class Wish:
    """``days``: what was said, by day. ``problem``: why nothing can be done; ``first``/``last``: what was read."""

    days: Mapping[date, Part]
    problem: Problem = ""
    first: date | None = None
    last: date | None = None


@frozen
class Run:
    """Adjoining days that are away alike; half days stand alone."""

    first: date
    last: date
    part: Part = "day"


def wished(said: Sequence[Expression], folded: str, today: date, calendar: Calendar) -> Wish:
    """What ``folded`` asks for. said: its date expressions; of several readings the one nearest to today counts."""
    spans = [(one, min(one.readings, key=lambda r: abs((r.day - today).days))) for one in said if not one.recurrence]
    if not spans:
        return Wish({}, "none")
    days: dict[date, Part] = {}
    for one, reading in spans:
        lasting = _LASTING.search(one.words)
        last = None if lasting else reading.end_day
        last = last or _counted(lasting[0] if lasting else folded[one.stop :], reading.day, calendar)
        first = reading.day
        problem = _problem(one, first, last, today)
        if problem:
            return Wish({}, problem, first, last)
        for number in range((last - first).days + 1):
            add(days, first + timedelta(days=number), _part(reading, first, last, number))
    first, last = min(days), max(days)
    if first == last and days[first] == "day" and _HALF.search(folded):
        return Wish({}, "half", first, last)
    return Wish(dict(sorted(days.items())), "", first, last)


def add(days: dict[date, Part], day: date, part: Part) -> None:
    """Two halves make a day, and a day contains its halves."""
    days[day] = part if days.get(day, part) == part else "day"


def _counted(after: str, first: date, calendar: Calendar) -> date:
    """``9-21起3天``: so many working days from ``first`` on."""
    match = _COUNT.search(after)
    if match is None:
        return first
    number = int(_NUMBERS.get(match.group("n")) or match.group("n"))
    if number > LONGEST:
        return first + timedelta(days=number)
    return calendar.add_working(calendar.first_working(first), max(number, 1) - 1)


def _problem(said: Expression, first: date, last: date, today: date) -> Problem:
    length = (last - first).days + 1
    if last < first or (length > UNSAID and not _YEAR.search(said.words) and said.role == "range"):
        return "reversed"
    if length > LONGEST:
        return "long"
    if today - first > BACK:
        return "past"
    return "far" if first - today > AHEAD else ""


def _part(reading: Reading, first: date, last: date, number: int) -> Part:
    """Of the ``number``-th day of a span."""
    day = first + timedelta(days=number)
    late = day == first and reading.minute is not None and reading.minute >= NOON
    early = day == last and reading.end_minute is not None and reading.end_minute <= AFTER_NOON
    if late == early:
        return "day"
    return "pm" if late else "am"


def runs(days: Mapping[date, Part]) -> list[Run]:
    """In order of the days."""
    found: list[Run] = []
    for day, part in sorted(days.items()):
        before = found[-1] if found else None
        if before and part == before.part == "day" and before.last + _DAY == day:
            found[-1] = Run(before.first, day)
        else:
            found.append(Run(day, day, part))
    return found


def around(days: Mapping[date, Part], chosen: Iterable[date]) -> dict[date, Part]:
    """The days of ``days`` that hang together with ``chosen``: what a merged leave looks like."""
    found: dict[date, Part] = {}
    for start in chosen:
        for step in (_DAY, -_DAY):
            day = start
            while day in days and (day == start or day not in found):
                found[day] = days[day]
                day += step
    return dict(sorted(found.items()))


def working_days(days: Mapping[date, Part], calendar: Calendar) -> float:
    """A half day is half of one; days off cost nothing."""
    return sum(1.0 if part == "day" else 0.5 for day, part in days.items() if calendar.is_working(day))
