"""Date words in Chinese and English: ``find`` gives every expression of a text with every reading of it.

    >>> find("周五18:00 交周报", now, calendar)[0].readings
    (Reading(day=date(2026, 9, 18), minute=1080, ...),)

Deterministic, no clock, no I/O; a typical sentence takes well under 0.1 ms. The rules of doubt, one line each:

- A week is Monday to Sunday; 下周X is X of the next one; said on a Sunday it has two readings, the nearer first.
- A bare weekday is the coming one, today included unless the time said with it has passed.
- "next X" is X of the next calendar week; when X is still ahead this week, that is the second reading.
- A time without a day is today while ahead; later it is tomorrow, and today as the second reading.
- 1 to 6 o'clock without 上午/下午/am/pm is in the afternoon, 7 to 12 in the morning (``assumed`` says so).
- A month-day without a year: this year if ahead; up to two months past: this year, or next; longer past: next year.
- A part of the day without an hour is a range: 上午 9–12, 中午 12–14, 下午 13–18, 晚上 18–22.
- A deadline is one moment: 本周内 the week's last working day, 月内 the last day, 下周前 the day before it begins.
- A deadline before a holiday is the last working day before it; after one, the first working day after it.
- 月底 is the last day, 月初 the 1st, 月中 the 15th; 每隔两天 is every third day, 每两天 every second.
- 前两天 and "last 2 days" are the days before today; 上两周 and 下两个月 are whole weeks and months.
- Of a span 前三天 are its first three days (今年前三个月), of a day the third day before it (周五前三天).
- The n-th week of a month is its n-th whole one; the n-th calendar week is the second reading. 今年第37周 is ISO's.
- 半夜 and 午夜 belong to the evening before: 明天半夜两点 is two o'clock of the day after tomorrow.
- A recurrence with a day it begins (从10月8日起每周四) is one expression, its reading the first time from that day on.
- In a list a day without a time takes the time of a later one: 周二和周四晚上8点.
"""

from dataclasses import replace
from datetime import datetime

from planning.calendar import Calendar
from planning.dates.beginnings import begun
from planning.dates.grammar import phrases
from planning.dates.lexer import start_from
from planning.dates.phrase import Phrase
from planning.dates.pieces import Moment
from planning.dates.readings import Expression, Reading, Role, past
from planning.dates.recurrence import Recurrence
from planning.dates.resolve import readings, recurring
from planning.dates.roles import Limit, roles
from planning.dates.words import compiled, fold, tighten

__all__ = ["Expression", "Reading", "Recurrence", "find", "find_recurrence", "past"]

_AFTER_HOUR = frozenset(
    " ,。.!;)、~前后之左准整钟到开提交去来吃起睡出上下见集碰面给发叫喊打截会在吧我你要过许送取拿买做写看听学跑练接赶坐"
    "飞直播汇讨约聊退还检复站培值洗换签拜联跟陪健锻有必从需叮请和跳游喝带回测考路放入结闭关停"
)


_AT_HOUR = (
    r"的?(?:闹钟|[例早晚站周晨夕年]会|航班|飞机|高铁|火车|动车|班车|电影|课(?!题|时|程)|场(?!景|所|合)|局|约)"
    r"|的(?:会(?!员|计)|车|票|班|飞机)"
)


def find(text: str, now: datetime, calendar: Calendar) -> list[Expression]:
    """Every date expression of ``text``, in order, not overlapping. ``now``: the chat's local wall clock."""
    folded, places = tighten(fold(text))
    if start_from(folded, 0) < 0:
        return []
    if places:
        return [_spread(found, text, places) for found in _find(folded, folded, now, calendar)]
    return _find(text, folded, now, calendar)


def _find(text: str, folded: str, now: datetime, calendar: Calendar) -> list[Expression]:
    at = Moment(now.date(), now.hour * 60 + now.minute, calendar)
    found: list[Expression] = []
    floor = 0
    for phrase in phrases(folded, at):
        expression = _expression(text, folded, phrase, at, floor)
        if expression:
            found.append(expression)
            floor = phrase.stop = expression.stop
    return begun(found, folded, text, at) if len(found) > 1 else found


def _spread(found: Expression, text: str, places: list[int]) -> Expression:
    """The expression where it stands in the text as it was written, spaces and all."""
    start, stop = places[found.start], places[found.stop - 1] + 1
    return replace(found, start=start, stop=stop, words=text[start:stop])


def find_recurrence(text: str, now: datetime, calendar: Calendar) -> Expression | None:
    """The first expression of ``text`` that recurs, or None."""
    return next((expression for expression in find(text, now, calendar) if expression.recurrence), None)


def _expression(text: str, folded: str, phrase: Phrase, at: Moment, floor: int) -> Expression | None:
    around = roles(folded, phrase.start, phrase.stop, floor)
    if _doubtful(phrase) and not (around.said or around.reminds) and not _hour_follows(folded, phrase):
        return None
    words = text[around.start : around.stop]
    if phrase.rule:
        rule, first = recurring(phrase.rule, phrase.clock, at)
        role: Role = "reminder" if around.reminds else "deadline" if around.limit else "point"
        return Expression(around.start, around.stop, words, (first,), role, rule)
    limit = around.limit or phrase.limit or _own_limit(phrase)
    meant = readings(phrase, limit, at)
    if not meant:
        return None
    role = "deadline" if limit else "reminder" if around.reminds else "range" if meant[0].end_day else "point"
    return Expression(around.start, around.stop, words, meant, role)


def _own_limit(phrase: Phrase) -> Limit | None:
    """Deadline words inside the phrase itself: 下班前, 本周内, EOD."""
    inside = (phrase.day and phrase.day.role) or (phrase.clock and phrase.clock.role)
    return "within" if inside == "deadline" else None


def _doubtful(phrase: Phrase) -> bool:
    if phrase.day:
        return phrase.day.weak and not phrase.clock
    return phrase.rule is None and phrase.end is None and phrase.clock is not None and phrase.clock.weak


def _hour_follows(folded: str, phrase: Phrase) -> bool:
    """Does what follows a bare ``3点`` read like an hour?"""
    clock = phrase.clock
    if clock is None or clock.vague:
        return False
    stop = phrase.stop
    return stop == len(folded) or folded[stop] in _AFTER_HOUR or bool(compiled(_AT_HOUR).match(folded, stop))
