"""When somebody wants to be reminded of a due, as they say it: 提前半小时提醒, 9-22 提醒 10:30, 周五交 9点提醒."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.dates import Expression
from planning.due import REMIND_AT, Meant, Point

Unit = Literal["minute", "hour", "day", "workday", "week"]
_NUMBERS = {
    "半": 0.5, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3,
}  # fmt: skip
_MINUTES: dict[Unit, int] = {"minute": 1, "hour": 60, "day": 24 * 60, "workday": 24 * 60, "week": 7 * 24 * 60}
_UNITS: dict[Unit, re.Pattern[str]] = {
    "minute": re.compile(r"分|min"),
    "hour": re.compile(r"小时|钟头|hour"),
    "workday": re.compile(r"工作日|working"),
    "day": re.compile(r"天|日|day"),
    "week": re.compile(r"周|星期|week"),
}
_UNIT = r"(?P<unit>分钟?|小时|钟头|工作日|天|日|周|星期)"
_ME = r"(?:我们?|大家|他们?|她们?|一下|负责人)*"
_ZH = (
    rf"(?:截止|到期|开始)?(?:提前|之?前)\s*(?P<n>\d{{1,3}}(?:\.5)?|[半一两二三四五六七八九十])\s*个?(?P<half>半)?"
    rf"{_UNIT}"
)
_EN = (
    r"(?P<n>\d{1,3}(?:\.5)?|half an|an?|one|two|three) (?P<unit>min(?:ute)?s?|hours?|working days?|days?|weeks?)"
    r" (?:before|ahead|earlier|in advance)"
)
_GAP = r"[\s,，、;；]*"
_NO_NAME = r"(?!事项|功能|卡|方式|设置|服务)"
_AHEAD = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_GAP}{_ZH}(?:的时候|时|就|再)*\s*(?:(?:提醒|通知){_NO_NAME}|叫(?=我|大家)|喊){_ME}",
        rf"{_GAP}(?:提醒|通知){_ME}\s*{_ZH}",
        rf"{_GAP}(?:and )?(?:please )?remind(?:er)?(?: me| us)? {_EN}(?: it(?:'s| is) due)?",
        rf"{_GAP}{_EN},? remind(?:er)?(?: me| us)?",
    )
)
_LONE = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (rf"\s*(?:提前)?{_ZH}\s*", rf"\s*{_EN}\s*"))
_ASKS = re.compile(
    r"(?:(?:提醒|叫|通知|喊)(?:我们?|大家|他|她|一下)?|remind(?:er)?(?: me| us)?)[\s:：]*$", re.IGNORECASE
)


@frozen
class Ahead:
    """So long before a due. ``start`` and ``stop``: where it is said."""

    start: int
    stop: int
    n: float
    unit: Unit

    def point(self, due: Point, calendar: Calendar) -> Point:
        """Minutes and hours are counted from the due; days end in a morning."""
        if self.unit in ("minute", "hour"):
            days, minute = divmod(due.minute - round(self.n * _MINUTES[self.unit]), 24 * 60)
            return Point(due.day + timedelta(days=days), minute)
        if self.unit == "workday":
            return Point(calendar.add_working(due.day, -max(1, round(self.n))), REMIND_AT)
        return Point(due.day - timedelta(minutes=round(self.n * _MINUTES[self.unit])), REMIND_AT)


def ahead(text: str) -> Ahead | None:
    """``提前30分钟提醒`` within a line; None: it says no such thing."""
    return next((_read(match) for pattern in _AHEAD if (match := pattern.search(text))), None)


def ahead_alone(text: str) -> Ahead | None:
    """``提前2小时`` and nothing else."""
    return next((_read(match) for pattern in _LONE if (match := pattern.fullmatch(text))), None)


def _read(match: re.Match[str]) -> Ahead:
    said, words = match["n"].lower(), match["unit"].lower()
    n = 0.5 if said.startswith("half") else _NUMBERS.get(said) or float(said)
    if match.groupdict().get("half"):
        n += 0.5
    unit = next(unit for unit, pattern in _UNITS.items() if pattern.search(words))
    return Ahead(match.start(), match.end(), n, unit)


def with_ahead(found: Meant, wish: Ahead, now: datetime, calendar: Calendar) -> Meant:
    """The reminder that goes before the due."""
    assert found.due is not None
    point = wish.point(found.due, calendar)
    return replace(found, late=True) if point.before(now) else replace(found, remind=point, late=False)


def together(text: str, found: Sequence[Expression]) -> list[Expression]:
    """``9-22 提醒 10:30`` is one reminder, and what follows ``截止周五 提醒`` is another."""
    joined: list[Expression] = []
    for each in found:
        before = joined[-1] if joined else None
        if before is None or text[before.stop : each.start].strip() or not _ASKS.search(before.words):
            joined.append(each)
        elif before.role == "reminder" and _only_day(before) and _only_hour(each):
            minute = each.readings[0].minute
            readings = tuple(replace(reading, minute=minute) for reading in before.readings)
            words = text[before.start : each.stop]
            joined[-1] = replace(before, stop=each.stop, words=words, readings=readings)
        else:
            joined.append(replace(each, role="reminder") if before.role == "deadline" else each)
    return joined


def on_the_day(reminder: Expression, due: date | None) -> Expression:
    """``周五交 9点提醒``: at nine of that day, not of today."""
    if due is None or reminder.recurrence is not None or not _only_hour(reminder):
        return reminder
    return replace(reminder, readings=tuple(replace(reading, day=due) for reading in reminder.readings))


def _only_day(said: Expression) -> bool:
    return all(reading.minute is None for reading in said.readings)


def _only_hour(said: Expression) -> bool:
    return all(reading.minute is not None and "day" in reading.assumed for reading in said.readings)
