"""Days people look back on: of all readings of a date the newest that is past, within a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chat.frozen import frozen
from planning.dates import Reading

SOON = timedelta(days=60)
"""A day this near ahead is meant as such; one further ahead is last year's."""
LONGEST = timedelta(days=366)


@frozen
class Span:
    """Both days inclusive."""

    first: date
    last: date


def looked_back(readings: Sequence[Reading], today: date) -> Span:
    """The span that is meant. It begins after ``today`` only when that is what was said; it is a year at most."""
    spans = [Span(reading.day, reading.end_day or reading.day) for reading in readings]
    past = [span for span in spans if span.first <= today]
    if past:
        span = max(past, key=lambda one: one.first)
    else:
        span = min(spans, key=lambda one: one.first)
        if span.first - today > SOON:
            span = Span(_year_before(span.first), _year_before(span.last))
    return Span(max(span.first, span.last - LONGEST), span.last)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
