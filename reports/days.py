"""Days and times as people read them: always with the weekday, and whether one works.

Chinese: ``2026-09-18（周五·今天）18:00``, short ``9-20（周日·调休上班）``. English: ``Sat 2026-09-19 18:00 (day off)``.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from chat.text import Text, say
from planning.calendar import Calendar, DayKind
from planning.zone_names import city, city_zh

WEEKDAYS = "一二三四五六日"
_ENGLISH = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def clock(minute: int) -> str:
    """Minutes after midnight as ``18:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def weekday(day: date) -> Text:
    return say(f"周{WEEKDAYS[day.weekday()]}", _ENGLISH[day.weekday()])


def _note(day: date, calendar: Calendar, today: date | None) -> tuple[str, str]:
    if day == today:
        return "今天", "today"
    kind = calendar.kind(day)
    if kind is DayKind.MAKEUP:
        return "调休上班", "working day"
    if kind is DayKind.WORKING:
        return "", ""
    return "休息", "day off"


def long_day(day: date, calendar: Calendar, today: date | None = None, minute: int | None = None) -> Text:
    """``2026-09-19（周六·休息）10:00``; a day equal to ``today`` says 今天."""
    zh, en = _note(day, calendar, today)
    at = "" if minute is None else clock(minute)
    number = day.weekday()
    return say(
        f"{day}（周{WEEKDAYS[number]}{'·' + zh if zh else ''}）{at}",
        f"{_ENGLISH[number]} {day}{' ' + at if at else ''}{f' ({en})' if en else ''}",
    )


def short_day(day: date, calendar: Calendar, today: date | None = None, minute: int | None = None) -> Text:
    """``9-20（周日·调休上班）17:30``."""
    zh, en = _note(day, calendar, today)
    at = "" if minute is None else clock(minute)
    number = day.weekday()
    return say(
        f"{day.month}-{day.day}（周{WEEKDAYS[number]}{'·' + zh if zh else ''}）{at}",
        f"{_ENGLISH[number]} {day.month}-{day.day}{' ' + at if at else ''}{f' ({en})' if en else ''}",
    )


def place(zone: str) -> Text:
    """Whose clock a time is by: ``伦敦``, ``London``."""
    return say(city_zh(zone), city(zone))


def both(at: datetime, here: ZoneInfo, reader: ZoneInfo) -> Text:
    """A moment of ``here`` for somebody elsewhere: ``10-30（周五）18:00 北京（伦敦 10:00）``."""
    home, there = at.astimezone(here), at.astimezone(reader)
    other: Text | str = f"{there:%H:%M}"
    if there.date() != home.date():
        other = say("{day}（{w}）{at}", "{w} {day} {at}", day=bare_day(there), w=weekday(there), at=other)
    return say(
        "{day}（{w}）{at} {here}（{city} {other}）", "{w} {day} {at} {here} ({other} {city})", day=bare_day(home),
        w=weekday(home), at=f"{home:%H:%M}", here=place(here.key), city=place(reader.key), other=other,
    )  # fmt: skip


def bare_day(day: date) -> str:
    """``9-20``: within a sentence that already named the weekday."""
    return f"{day.month}-{day.day}"


def stamp(at: datetime) -> str:
    """``9-18 14:00``, of a local moment."""
    return f"{bare_day(at.date())} {at:%H:%M}"


def working_days(n: int) -> Text:
    """``2 个工作日``; in English one is one."""
    return say("{n} 个工作日", "{n} working day" if n == 1 else "{n} working days", n=n)
