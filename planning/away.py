"""Days somebody is away: what the words mean, runs of days, and how many working days they cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from chat.frozen import frozen
from planning.away_words import (
    LONGEST,
    before,
    ended_before,
    lasts,
    length,
    nonsense,
    some_of,
    this_span,
    unended,
    until,
)
from planning.calendar import Calendar
from planning.dates import Expression, Reading

Part = Literal["day", "am", "pm"]
Problem = Literal["", "none", "open", "half", "reversed", "long", "past", "far"]
NOON = 12 * 60
AFTER_NOON = 13 * 60
UNSAID = 183
"""A span without a year that is longer than this was written the wrong way round."""
BACK = timedelta(days=31)
AHEAD = timedelta(days=366)
_DAY = timedelta(days=1)
_HALF = re.compile(r"(?<![一二两三四五六七八九十\d]天)半天|half[ -](?:a[ -])?day|小时|钟头|\bhours?\b")
"""Part of a day, whichever."""
_SAID = re.compile(r"\d{4}|^\D+$")
"""Which year, or days that need none."""


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
    if not spans or nonsense(folded):
        return Wish({}, "none")
    days: dict[date, Part] = {}
    span = _Span(today, today)
    for number, (one, reading) in enumerate(spans):
        began = span if number else None
        span = _span(one, reading, folded, calendar, began or _Span(today, today), alone=len(spans) == 1)
        problem = _problem(one, span, today)
        if problem:
            return Wish({}, problem, span.first, span.last)
        for number in range((span.last - span.first).days + 1):
            add(days, span.first + timedelta(days=number), _part(span, number))
        if span.half:
            add(days, calendar.next_working(span.last), "am")
    first, last = min(days), max(days)
    if first == last and days[first] == "day" and _HALF.search(folded):
        return Wish({}, "half", first, last)
    return Wish(dict(sorted(days.items())), "", first, last)


@frozen
class _Span:
    """``starts``/``ends``: minutes of the first and the last day. ``half``: and the morning of the next working day."""

    first: date
    last: date
    starts: int | None = None
    ends: int | None = None
    half: bool = False
    problem: Problem = ""


def _span(one: Expression, reading: Reading, folded: str, calendar: Calendar, since: _Span, *, alone: bool) -> _Span:
    """since: where a leave begins of which only the end is said. alone: no other day is named, so the words before it
    may say how long the leave is.
    """
    first, ends = reading.day, reading.end_minute
    if lasts(one.words) and (long := length(folded[one.start : one.stop + 1], first, calendar)):
        return _Span(first, long.last, reading.minute, None, long.half)
    if reading.end_day is not None and (reading.end_day != first or reading.minute is None):
        if some_of(one.words) and length(folded[one.stop :], first, calendar):
            return _Span(first, reading.end_day, problem="none")
        first = max(first, since.first) if this_span(one.words) else first
        return _Span(first, reading.end_day, reading.minute, ends)
    if (last := ended_before(one.words, first)) is not None:
        return _Span(first, last, problem="reversed")
    if until(folded, one.start, one.words) and first >= since.first:
        return _Span(since.first, first, since.starts, ends if ends is not None else reading.minute)
    after = folded[one.stop :]
    long = length(after, first, calendar)
    if long is None and alone:
        long = length(folded[: one.start], first, calendar)
    if long is not None:
        return _Span(first, long.last, reading.minute, ends if long.last == first else None, long.half)
    if reading.minute is None and before(one.words):
        return _Span(first, first, problem="none")
    if reading.minute is None and alone and unended(folded, one.start, one.stop, one.words):
        return _Span(first, first, problem="open")
    return _Span(first, first, reading.minute, ends)


def add(days: dict[date, Part], day: date, part: Part) -> None:
    """Two halves make a day, and a day contains its halves."""
    days[day] = part if days.get(day, part) == part else "day"


def _problem(said: Expression, span: _Span, today: date) -> Problem:
    first, days = span.first, (span.last - span.first).days + 1
    if span.problem:
        return span.problem
    if days < 1 or (days > UNSAID and not _SAID.search(said.words) and said.role == "range" and not lasts(said.words)):
        return "reversed"
    if days > LONGEST:
        return "long"
    if today - first > BACK:
        return "past"
    return "far" if first - today > AHEAD else ""


def _part(span: _Span, number: int) -> Part:
    """Of the ``number``-th day of a span."""
    day = span.first + timedelta(days=number)
    late = day == span.first and span.starts is not None and span.starts >= NOON
    early = day == span.last and span.ends is not None and span.ends <= AFTER_NOON
    if late == early:
        return "day"
    return "pm" if late else "am"


def without(part: Part, gone: Part | None) -> Part | None:
    """What is left of a day's leave when ``gone`` of it is taken back; None: nothing."""
    if gone is None or (part != "day" and gone not in ("day", part)):
        return part
    if part != "day" or gone == "day":
        return None
    return "pm" if gone == "am" else "am"


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
