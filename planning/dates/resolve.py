"""From a phrase to its readings: which day a time without a day means, which half of the day ``3点`` is."""

from dataclasses import replace
from datetime import date, timedelta

from planning.dates.months import week_end
from planning.dates.phrase import Phrase
from planning.dates.pieces import Clock, Day, Every, Moment, Span
from planning.dates.readings import Reading
from planning.dates.recurrence import Recurrence

_NOON = 720
_SPANS = frozenset({"week", "month", "quarter", "year", "weekend"})


def readings(phrase: Phrase, deadline: str | None, at: Moment) -> tuple[Reading, ...]:
    """Every reading of a phrase, most likely first. deadline: ``before``, ``within`` or None."""
    if phrase.day is None:
        found = _timed_only(phrase.clock, at) if phrase.clock else []
        if (
            phrase.end
            and phrase.end.clock
            and len(found) > 1
            and found[1].day == at.day
            and found[1].minute != found[0].minute
        ):
            found = found[:1]  # 9:00-18:00 does not begin at 21:00
    else:
        found = [reading for span in _spans(phrase.day, deadline, at) for reading in _on(span, phrase, at)]
    if phrase.end:
        found = [_ranged(reading, phrase.end, at) for reading in found]
    if deadline:
        found = [_closed(reading) for reading in found]
        if "year" in found[0].assumed if found else False:
            found.sort(key=lambda reading: reading.day < at.day)  # what is due is ahead
    return tuple(dict.fromkeys(found))


def recurring(every: Every, clock: Clock | None, at: Moment) -> tuple[Recurrence, Reading]:
    """The rule with its time of day, and its first day from now on."""
    plain = every.rule
    minute = _likely(clock) if clock else None
    rule = replace(plain, minute=minute)
    day = rule.first_from(at.day, at.calendar)
    if rule.unit in ("hour", "minute") and clock:
        return rule, Reading(at.ahead(clock.carry), minute)
    if day == at.day and minute is not None and minute <= at.minute:
        day = replace(rule, every=1).next_after(day, at.calendar)
    end = clock.end if clock else None
    return rule, Reading(day, minute, day if end else None, end)


def _likely(clock: Clock) -> int:
    """An unqualified 1 to 6 o'clock is in the afternoon, 7 to 12 as it stands."""
    return clock.minute + _NOON if clock.loose and clock.minute < 420 else clock.minute


def _spans(day: Day, deadline: str | None, at: Moment) -> tuple[Span, ...]:
    """A deadline on a span of days: within it means its end (a week's last working day), before it the day before."""
    if not deadline or day.grain not in _SPANS:
        return day.options
    spans: list[Span] = []
    for first, last in day.options:
        end = last or first
        if day.grain == "week":
            end = week_end(at.calendar, first)
        if deadline == "before":
            spans.append((first - timedelta(days=1), None))
        if deadline != "before" or day.grain not in ("weekend", "week"):
            spans.append((end, None))
    return tuple(spans)


def _on(span: Span, phrase: Phrase, at: Moment) -> list[Reading]:
    """The readings of a phrase on one of its days."""
    first, last = span
    day, clock = phrase.day, phrase.clock
    assert day is not None
    if day.minute is not None:
        return [Reading(first, day.minute, assumed=day.assumed)]
    if clock is None:
        return [Reading(first, None, last, None, day.assumed)]
    if day.grain == "weekend" and not clock.vague:
        last = None  # 周末10点 is one time, on its first day
    minute = _likely(clock)
    assumed = (*day.assumed, "afternoon") if minute != clock.minute else day.assumed
    if day.weekday is not None and first == at.day and (clock.end or minute) < at.minute and not clock.carry:
        first += timedelta(days=7)
    exact = _at(first, last, clock, minute, assumed)
    if first == at.day and clock.loose and minute < at.minute <= minute + _NOON < 1440:
        return [_at(first, last, clock, minute + _NOON, (*day.assumed, "afternoon")), exact]
    return [exact]


def _at(day: date, last: date | None, clock: Clock, minute: int, assumed: tuple[str, ...]) -> Reading:
    day += timedelta(days=clock.carry)
    if clock.end is None:
        return Reading(day, minute, last, None, assumed)
    end = clock.end + (minute - clock.minute)
    if end >= 1440:  # 3~12点半 does not reach past midnight: it begins in the morning
        minute, end = clock.minute, clock.end
    if end < minute and clock.loose and end + _NOON > minute and end + _NOON < 1440:
        end += _NOON
    return Reading(day, minute, last or day + timedelta(days=end < minute), end, assumed)


def _timed_only(clock: Clock, at: Moment) -> list[Reading]:
    """A time without a day: today while it is still ahead; else tomorrow, and today (past) as the second reading."""
    minute = _likely(clock)
    if clock.loose and at.minute < 360 and clock.minute >= at.minute:
        minute = clock.minute
    assumed = ("day", "afternoon") if minute != clock.minute else ("day",)
    today = _at(at.day, None, clock, minute, assumed)
    if clock.carry or (clock.end if clock.vague and clock.end else minute) >= at.minute:
        return [today]
    tomorrow = _at(at.ahead(1), None, clock, minute, assumed)
    if (clock.loose and at.minute <= minute + _NOON <= (clock.end or 0) + _NOON < 1440) or (
        clock.loose and clock.end is None and at.minute <= minute + _NOON < 1440
    ):
        return [tomorrow, _at(at.day, None, clock, minute + _NOON, (*assumed, "afternoon"))]
    return [tomorrow, today]


def _ranged(reading: Reading, end: Phrase, at: Moment) -> Reading:
    """The reading stretched to the far end of its range; the far end takes over what it leaves unsaid."""
    last = reading.end_day or reading.day
    if end.day:
        last = _far_day(reading.day, end.day)
    minute = None
    if end.clock:
        minute = end.clock.end if end.clock.vague and end.clock.end else end.clock.minute
        if end.clock.loose and reading.minute is not None and last == reading.day:
            while minute <= reading.minute and minute + _NOON < 1440:
                minute += _NOON
        elif end.clock.loose:
            minute = _likely(end.clock)
        last += timedelta(days=end.clock.carry)
        if last == reading.day and reading.minute is not None and minute < reading.minute:
            last += timedelta(days=1)
    if last < reading.day:
        return reading
    return Reading(reading.day, reading.minute, last, minute, reading.assumed)


def _far_day(first: date, end: Day) -> date:
    """The far end's last day, seen from the range's first day."""
    start, last = next((span for span in end.options if span[0] >= first), end.options[-1])
    if end.roll is None:
        return last or start
    return end.roll(first) + ((last or start) - start)


def _closed(reading: Reading) -> Reading:
    """A deadline is one moment: of a range its end, of a vague part of the day its beginning."""
    if reading.end_day and reading.end_day > reading.day:
        return Reading(reading.end_day, reading.end_minute, assumed=reading.assumed)
    return Reading(reading.day, reading.minute, assumed=reading.assumed)
