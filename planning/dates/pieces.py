"""The pieces a date expression is put together from: a day, a time of day. Internal to the grammar."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.dates.readings import Role
from planning.dates.recurrence import Recurrence

Grain = Literal["minute", "day", "weekend", "week", "month", "quarter", "year"]
Span = tuple[date, date | None]


class Moment(NamedTuple):
    """When and where the text was said: the chat's local day, minute of the day, and calendar.

    joined: the piece looked for stands beside a day or a time already found, so ``3点`` needs no other proof.
    """

    day: date
    minute: int
    calendar: Calendar
    joined: bool = False

    def ahead(self, days: int) -> date:
        """The day ``days`` from today."""
        return self.day + timedelta(days=days)


@frozen
class Clock:
    """A time of day. carry: days to add (24:00 is 0:00 tomorrow).

    part: the part of the day that was said (``afternoon``). loose: an hour of a 12-hour clock nobody qualified.
    weak: only a time where a day stands beside it, or a deadline word. vague: a part of the day without an hour.
    habit: an hour named by what is usually done then (下班后), which an hour said beside it replaces.
    """

    minute: int
    end: int | None = None
    carry: int = 0
    part: str | None = None
    loose: bool = False
    weak: bool = False
    vague: bool = False
    habit: bool = False
    role: Role | None = None


@frozen
class Day:
    """A day or span of days.

    options: every reading, most likely first; empty when the words name no day (2月30日).
    roll: the first such day on or after another one, for the far end of a range.
    weekday: 0..6 when a bare weekday was said. in_week: a weekday beside it lies in its week (三周后的周二).
    minute: fixed by an offset (两小时后). weak: as in Clock.
    """

    options: tuple[Span, ...]
    grain: Grain = "day"
    roll: Callable[[date], date] | None = None
    weekday: int | None = None
    minute: int | None = None
    clock: Clock | None = None
    role: Role | None = None
    assumed: tuple[str, ...] = ()
    weak: bool = False
    in_week: bool = False

    @property
    def may_begin_a_range(self) -> bool:
        """May 到 another day follow: is it one day, or a whole week, month or year?"""
        return self.minute is None and (self.options[0][1] is None or self.grain not in ("day", "weekend"))

    @property
    def open(self) -> bool:
        """Was less said than a date: a bare weekday, a day of no named month?"""
        return self.weekday is not None or self.assumed == ("month",)


class Every(NamedTuple):
    """A recurrence, to which a time of day may be added."""

    rule: Recurrence
    clock: Clock | None = None


Piece = Day | Clock | Every


def one(day: date, last: date | None = None, grain: Grain = "day", **more: object) -> Day:
    """A Day with a single reading."""
    return Day(((day, last),), grain, **more)  # type: ignore[arg-type]
