"""When daily reports are asked for, nudged, closed and still taken: the arithmetic of one project's window."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.zones import at_local, exists

DAY = 24 * 60
LATE_LINE = 10 * 60
"""Minute of the next working day until which a report still counts as handed in late."""
AWAKE = (9 * 60, 20 * 60)
"""Minutes of a day between which people may be spoken to unasked."""
LATEST_PROMPT = timedelta(hours=2)
"""A prompt later than this is not sent any more: an admin decides."""
_NUDGE = (4, 5)
_DAY = timedelta(days=1)

Standing = Literal["early", "on_time", "late", "overdue"]


@frozen
class Times:
    """The moments of one day's reports, UTC. ``nudge`` None: there is no good moment for one."""

    opens: datetime
    nudge: datetime | None
    closes: datetime
    late_until: datetime

    def shifted(self, by: timedelta) -> Times:
        """The same for a prompt that goes out ``by`` later."""
        closes = self.closes + by
        nudge = self.nudge + by if self.nudge else None
        return Times(self.opens + by, nudge, closes, max(self.late_until, closes))

    def standing(self, at: datetime) -> Standing:
        """What a report handed in at ``at`` is."""
        if at < self.opens:
            return "early"
        if at <= self.closes:
            return "on_time"
        return "late" if at < self.late_until else "overdue"


@frozen
class Window:
    """Minutes of the local day. ``closes`` of 1440 and more: on the next working day."""

    opens: int = 17 * 60 + 30
    closes: int = 18 * 60 + 30

    @property
    def overnight(self) -> bool:
        return self.closes >= DAY

    def times(self, day: date, calendar: Calendar, zone: ZoneInfo) -> Times:
        """The moments of ``day``'s reports. ``late_until``: the next working day (after the close) at 10:00."""
        opens = at_local(day, self.opens, zone)
        after = calendar.next_working(day)
        if not self.overnight:
            part, whole = _NUDGE
            nudge = at_local(day, self.opens + (self.closes - self.opens) * part // whole, zone)
            return Times(opens, nudge, at_local(day, self.closes, zone), at_local(after, LATE_LINE, zone))
        closes = at_local(after, self.closes - DAY, zone)
        late = at_local(calendar.next_working(after), LATE_LINE, zone)
        return Times(opens, self._over_night(opens, closes, after, calendar, zone), closes, late)

    def _over_night(
        self, opens: datetime, closes: datetime, last: date, calendar: Calendar, zone: ZoneInfo
    ) -> datetime | None:
        """At 80 % if people work and are awake then, else on the last morning; None: that is after the close."""
        part, whole = _NUDGE
        at = (opens + (closes - opens) * part / whole).replace(second=0, microsecond=0)
        local = at.astimezone(zone)
        if calendar.is_working(local.date()) and AWAKE[0] <= local.hour * 60 + local.minute < AWAKE[1]:
            return at
        morning = at_local(last, AWAKE[0], zone)
        return morning if morning < closes else None

    def next_opening(self, after: datetime, calendar: Calendar, zone: ZoneInfo, first: date | None = None) -> date:
        """The first working day (from ``first`` on) whose prompt is later than ``after``.

        Asked again after each prompt it gives every working day once, wherever the clocks are moved.
        """
        day = calendar.first_working(max(first or date.min, after.astimezone(zone).date() - _DAY))
        while at_local(day, self.opens, zone) <= after or not exists(day, zone):
            day = calendar.next_working(day)
        return day

    def day_at(self, at: datetime, zone: ZoneInfo) -> date:
        """The latest day, working or not, whose prompt was due by ``at``: also where a gap moved it past midnight."""
        day = at.astimezone(zone).date()
        return day if at_local(day, self.opens, zone) <= at else day - _DAY


# --- what an admin writes -------------------------------------------------------------------------------------------

_TIME = re.compile(
    r"(?P<next>次日|翌日|第二天|隔天|明早|明天|next day)?\s*(?P<half>上午|早上|中午|下午|傍晚|晚上)?\s*"
    r"(?<!\d)(?:(?P<h>\d{1,2})\s*(?:[:.点時时](?P<m>\d{1,2})?|(?=\s*[ap]m))|(?P<hhmm>\d{4}))(?!\d)"
    r"(?P<thirty>半)?分?\s*(?P<ampm>[ap]m)?"
)
_CLOSE = re.compile(r"截止|截至|结束|收齐|关闭|close|due|end|until|deadline")
_LATER = re.compile(r"下午|傍晚|晚上|pm")
_OPEN = re.compile(r"收(?!齐)|提示|提醒|开始|打开|open|start|prompt|ask")


@frozen
class Wish:
    """``opens``/``closes``: minutes; ``closes`` None: not said. ``bad``: words that are no time of day."""

    opens: int | None = None
    closes: int | None = None
    bad: str = ""


def read_window(folded: str) -> Wish:
    """``17:30 收 18:30 截止``, ``5pm to 6pm``, ``截止 次日10点, 18:30 提示`` … folded: half-width, lower case."""
    found: list[tuple[int, int]] = []  # minute, 1 when the words beside it say that it closes, -1 opens, 0 silent
    matches = list(_TIME.finditer(folded))
    for number, match in enumerate(matches):
        minute = _minute(match)
        if minute is None:
            return Wish(bad=match.group(0).strip())
        before = folded[matches[number - 1].end() if number else 0 : match.start()]
        after = folded[match.end() : matches[number + 1].start() if number + 1 < len(matches) else len(folded)]
        found.append((minute, _role(before, after)))
    if not found:
        return Wish()
    if len(found) == 1:
        minute, role = found[0]
        return Wish(closes=minute) if role > 0 else Wish(opens=minute)
    first, second = found[:2]
    if first[1] > 0 > second[1]:
        first, second = second, first
    opens, closes = first[0] % DAY, second[0]
    if closes < opens < closes + DAY // 2 and opens >= DAY // 2 and _LATER.search(folded):
        closes += DAY // 2  # 下午5点半 收 6点半
    return Wish(opens, closes)


def _role(before: str, after: str) -> int:
    """Words after a time (17:30 收) say more than words before it (截止 18:30)."""
    for words in (after[:4], before[-5:]):
        if _CLOSE.search(words):
            return 1
        if _OPEN.search(words):
            return -1
    return 0


def _minute(match: re.Match[str]) -> int | None:
    """None: there is no such time of day."""
    four = match.group("hhmm")
    hour = int(four[:2] if four else match.group("h"))
    minute = int(four[2:]) if four else int(match.group("m") or (30 if match.group("thirty") else 0))
    later = match.group("ampm") == "pm" or match.group("half") in ("下午", "傍晚", "晚上")
    if later and hour < 12:
        hour += 12
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return hour * 60 + minute + (DAY if match.group("next") and hour < 24 else 0)


def awake(at: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """``at``, or the next moment at which people may be disturbed: working days, 9:00 to 20:00."""
    local = at.astimezone(zone)
    day, minute = local.date(), local.hour * 60 + local.minute
    if calendar.is_working(day) and minute <= AWAKE[1]:
        return max(at, at_local(day, AWAKE[0], zone))
    return at_local(calendar.next_working(day), AWAKE[0], zone)


def awake_there(at: datetime, zone: str) -> datetime | None:
    """When it is 9:00 for somebody with a zone of their own for whom it is night now; None: they are awake."""
    if not zone:
        return None
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if AWAKE[0] <= minute <= AWAKE[1]:
        return None
    day = local.date() if minute < AWAKE[0] else local.date() + _DAY
    return at_local(day, AWAKE[0], ZoneInfo(zone))
