"""A day, a time of day and a recurrence that belong together, and how one more piece joins them."""

from dataclasses import replace
from datetime import timedelta

from planning.dates.months import monday_of, month_day
from planning.dates.pieces import Clock, Day, Every, Piece
from planning.dates.roles import Limit


class Phrase:
    """A day, a time and a recurrence gathered from adjoining pieces; ``start`` to ``stop`` in the folded text.

    end: the far end of a range. limit: a deadline word inside (Friday by 5).
    """

    __slots__ = ("clock", "day", "end", "led_by_clock", "limit", "rule", "start", "stop")

    def __init__(self, piece: Piece, start: int, stop: int) -> None:
        self.start, self.stop = start, stop
        self.day: Day | None = None
        self.clock: Clock | None = None
        self.rule: Every | None = None
        self.end: Phrase | None = None
        self.limit: Limit | None = None
        self.led_by_clock = isinstance(piece, Clock)
        self._take(piece)

    @property
    def void(self) -> bool:
        """Do its words name no day (2月30日)?"""
        return self.day is not None and not self.day.options

    def _take(self, piece: Piece) -> None:
        if isinstance(piece, Clock):
            self.clock = piece
        elif isinstance(piece, Every):
            self.rule = piece
            self.clock = self.clock or piece.clock
        else:
            self.day = piece
            if piece.clock:
                self._join_clock(piece.clock)

    def join(self, piece: Piece) -> bool:
        """Add an adjoining piece, if it can belong to the same expression."""
        if isinstance(piece, Clock):
            return self._join_clock(piece)
        if isinstance(piece, Every):
            if self.day or self.rule:
                return False
            self._take(piece)
            return True
        if self.rule or not piece.options:
            return False
        if self.day is None:
            if piece.minute is not None or (piece.role and self.clock and self.clock.vague):
                return False
            self._take(piece)
            return True
        return self._join_day(self.day, piece)

    def _join_clock(self, piece: Clock) -> bool:
        if self.day and self.day.minute is not None:
            return False
        if self.clock is None:
            self.clock = piece
            return True
        if self.clock.habit and not piece.vague:
            self.clock = within_part(piece, self.clock)
            return True
        if (
            self.clock.vague
            and self.clock.part == "evening"
            and (piece.part == "dawn" or (piece.vague and piece.carry))
        ):
            self.clock = replace(piece, carry=1)  # 今晚凌晨两点, 今晚午夜
            return True
        if self.clock.vague and not piece.vague:
            self.clock = within_part(piece, self.clock)
            return True
        if piece.vague and self.clock.loose:
            self.clock = within_part(self.clock, piece)
            return True
        return False

    def _join_day(self, day: Day, other: Day) -> bool:
        """A weekday with its date (周五 9月25日), or a weekday in a week (下周的周三, Friday next week).

        When weekday and date disagree both are readings, the date first.
        """
        if self.clock and other.clock:
            return False
        joined = _within(day, other) or _within(other, day) or _agreed(day, other)
        if joined:
            self.day = joined
            if other.clock and not self.clock:
                self.clock = other.clock
        return joined is not None


def _within(span: Day, other: Day) -> Day | None:
    """A weekday of a week (下周的周三, 三周后的周二), a day of a month (next month on the 5th)."""
    if (span.grain == "week" or span.in_week) and other.weekday is not None:
        shift = timedelta(days=other.weekday)
        days = tuple((monday_of(first) + shift, None) for first, _ in span.options)
        return replace(other, options=days, weekday=None)
    if span.grain == "weekend" and other.weekday in (5, 6):
        return Day(tuple((first + timedelta(days=other.weekday - 5), None) for first, _ in span.options))
    if span.grain == "month" and other.assumed == ("month",) and other.options[0][1] is None:
        wanted = other.options[0][0].day
        return Day(tuple((month_day(first.year, first.month, wanted), None) for first, _ in span.options))
    return None


def _agreed(day: Day, other: Day) -> Day | None:
    """The same day said twice: 周五 9月25日, 下周三（9月23日）. A bare weekday may disagree: then both are readings."""
    if day.grain != "day" or other.grain != "day":
        return None
    shared = tuple(span for span in day.options if span in other.options)
    if shared:
        return replace(day, options=shared, weekday=None)
    if day.weekday is not None:
        day, other = other, day
    if other.weekday is None or day.weekday is not None:
        return None
    agreeing = tuple(span for span in day.options if span[0].weekday() == other.weekday)
    return replace(day, options=agreeing or day.options + other.options)


def within_part(time: Clock, part: Clock) -> Clock:
    """``5:30`` said with ``afternoon``: 17:30."""
    if not time.loose:
        return time
    minute, carry = time.minute, 0
    if part.part in ("afternoon", "evening") and minute < 720:
        late = part.part == "evening" and minute < 300
        minute, carry = (minute, 1) if late else (minute + 720, 0)
    elif part.part == "evening" and minute < 780:
        minute, carry = minute - 720, 1
    elif part.part == "noon" and minute < 240:
        minute += 720
    elif part.part in ("morning", "dawn") and minute >= 720:
        minute -= 720
    end = time.end
    if end is not None and end < minute and end < 720:
        end += 720
    return replace(time, minute=minute, carry=carry, part=part.part, loose=False, weak=False, end=end)
