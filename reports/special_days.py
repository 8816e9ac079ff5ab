"""The days of a calendar that are not as their weekday says: holidays, makeup days, a project's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from chat.frozen import frozen
from chat.text import Text, join, say, verbatim
from planning.calendar import Calendar, DayKind
from reports.days import bare_day, weekday
from storage.calendars import OwnDay

_DAY = timedelta(days=1)


@frozen
class Span:
    """Adjoining days that were settled alike."""

    first: date
    last: date
    works: bool


def spans_of(days: Iterable[tuple[date, bool]]) -> list[Span]:
    spans: list[Span] = []
    for day, works in days:
        if spans and spans[-1].works == works and spans[-1].last + _DAY == day:
            spans[-1] = Span(spans[-1].first, day, works)
        else:
            spans.append(Span(day, day, works))
    return spans


def span(span: Span) -> Text:
    if span.first == span.last:
        return named(span.first)
    return say("{first}~{last}", "{first} to {last}", first=named(span.first), last=named(span.last))


def named(day: date) -> Text:
    return say("{day}（{week}）", "{week} {day}", day=bare_day(day), week=weekday(day))


def state(works: bool) -> Text:
    return say("上班", "working") if works else say("休息", "off")


def special(days: list[date], calendar: Calendar, own: dict[date, OwnDay]) -> Text:
    """``9-20（周日）上班 · 9-25（周五）~9-27（周日）休（中秋）``."""
    groups: list[tuple[date, date, bool, Text]] = []
    for day in days:
        kind = calendar.kind(day)
        if day not in own and kind in (DayKind.WORKING, DayKind.WEEKEND):
            continue
        works, why = calendar.is_working(day), _why(day, calendar, own)
        if groups and groups[-1][1] + _DAY == day and groups[-1][2:] == (works, why):
            groups[-1] = (groups[-1][0], day, works, why)
        else:
            groups.append((day, day, works, why))
    parts = [
        say(
            "{days}{state}{why}",
            "{days} {state}{why}",
            days=span(Span(first, last, works)),
            state=state(works),
            why=why,
        )
        for first, last, works, why in groups
    ]
    return join(parts, " · ") if parts else say("没有特别的日子", "nothing special")


def _why(day: date, calendar: Calendar, own: dict[date, OwnDay]) -> Text:
    if day in own:
        name = verbatim(own[day].name) if own[day].name else say("本项目", "this project's own")
        return say("（{what}）", " ({what})", what=name)
    holiday = calendar.holiday_name(day)
    if holiday is not None and not calendar.is_working(day):
        return say("（{name}）", " ({name})", name=say(holiday.zh, holiday.en))
    return say("（调休）", " (makeup day)")


def unknown(year: int) -> Text:
    return say(
        "! {year} 年放假安排还没导入，按周一至周五推算 → /日历 导入 {year}",
        "! The holidays of {year} are not imported; weekends only are assumed → /calendar import {year}",
        year=year,
    )
