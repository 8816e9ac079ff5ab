"""The times of a task in one line: a due and a reminder, wherever they stand.

Of several dates the due is the one that says so (截止, 前), else the last that stands alone; the others stay in the
text. A date that is part of a name stays in it: 整理9月25日活动照片 is due then and keeps its words, 2026年预算 and
下周计划 say nothing about a due. Below the first line, in the description, only words like 截止 and 提醒 count.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated
from zoneinfo import ZoneInfo

from chat.errors import UserError
from chat.text import Text, say
from commands.context import Ctx
from commands.line import Line, fold
from commands.repeat_end import endless
from planning.dates import Expression, find
from planning.dates.impossible import Impossible, impossible
from planning.due import NOTHING_SAID, Meant, Point, meant
from planning.reminding import Ahead, ahead, on_the_day, together, with_ahead
from planning.repeats import DAYS_OFF, Choice, choice_in
from planning.zones import at_local
from reports.own_clock import reader_of

LOOKED_AT = 1000
"""Characters in which times are looked for."""
_EDGES = " \n,，.;；:：、。！!？?~（）()【】[]\ufffc@!#＠＃"
_LEFT_OVER = "的 "
_NO_NAME = r"(?=[A-Za-z])(?!(?:to|till?|until|through|thru|and|[ap]\.?m)\b)"
_FIGURES = re.compile(rf"(?<=\d[-/.]\d) {_NO_NAME}|(?<=\d[-/.]\d\d) {_NO_NAME}", re.IGNORECASE)
_BRACKETS = ("（）", "()", "【】", "[]")
_CALENDAR_DATE = re.compile(r"\d\s*(?:月|日|号|[-/.]\d)|[一二三四五六七八九十]月")


def apart(text: str) -> str:
    """For commands that expect a day: ``10-9 outing`` as ``10-9,outing``, so that the figures are no version or score.

    ``10-9 to 10-11`` stays a span. The same length.
    """
    return _FIGURES.sub(",", text)


class _Times:
    @classmethod
    def take(cls, ctx: Ctx) -> Meant:
        return times(ctx, ctx.line)


Times = Annotated[Meant, _Times]


def times(ctx: Ctx, line: Line) -> Meant:
    """Cut the times out of ``line`` and say what they mean."""
    wish, words = _ahead(line)
    found = together(line.text, find(line.text[:LOOKED_AT], ctx.now, ctx.calendar))
    days_off = _days_off(line, found)
    if days_off is not None:
        found = together(line.text, find(line.text[:LOOKED_AT], ctx.now, ctx.calendar))
    check(line.text[:LOOKED_AT], found)
    endless(line.text[:LOOKED_AT], found)
    if not found:
        _put_back(line, words)
        return NOTHING_SAID
    first_line = line.text.find("\n") % (len(line.text) + 1)
    found = [e for e in found if e.start < first_line or e.role in ("deadline", "reminder")]
    reminder = next((e for e in found if e.role == "reminder"), None)
    others = [e for e in found if e.role != "reminder" and (_one_day(e) or _apart(line, e))]
    limit = _limit(line, others)
    if reminder is not None and limit is not None and limit.role != "range":
        reminder = on_the_day(reminder, limit.readings[0].day)
    said = [e for e in (limit, reminder) if e is not None]
    for expression in sorted(said, key=lambda e: -e.start):
        if expression.role != "point" or _apart(line, expression) or _loose(line, expression):
            _cut(line, expression)
    understood = meant(said, ctx.now, ctx.calendar)
    if wish is not None and understood.due is not None:
        understood = with_ahead(understood, wish, ctx.now, ctx.calendar)
    else:
        _put_back(line, words)
    return _at_home(ctx, replace(understood, holiday=days_off) if days_off else understood, limit)


def _days_off(line: Line, found: list[Expression]) -> Choice | None:
    """``遇放假提前``, cut out, beside what comes again."""
    said = DAYS_OFF.search(line.folded[:LOOKED_AT]) if any(each.recurrence for each in found) else None
    if said is not None:
        line.cut(said.start(), said.end())
    return choice_in(said) if said is not None else None


def _ahead(line: Line) -> tuple[Ahead | None, str]:
    """``提前30分钟提醒``, cut out before the dates are looked for; and the words."""
    if "提" not in line.text and "remind" not in line.folded:
        return None, ""
    wish = ahead(line.folded[:LOOKED_AT])
    return wish, line.cut(wish.start, wish.stop) if wish is not None else ""


def _put_back(line: Line, words: str) -> None:
    """Without a due there is nothing before which to remind: the words stay where they can be read."""
    if words:
        line.text, line.folded = f"{line.text}{words}", f"{line.folded}{fold(words)}"


def check(text: str, found: list[Expression], *, expected: bool = False) -> None:
    """Raises UserError: a day or time that does not exist. expected: the text should name a day."""
    what = impossible(text, found, expected=expected)
    if what is None:
        return
    if not (what.month or what.days):
        raise UserError(
            say("没有「{words}」这个时间，没有改动。例：9-30 18:00", "There is no such time as “{words}”; nothing was "
                "changed. Example: 9-30 18:00", words=what.words)
        )  # fmt: skip
    raise UserError(
        say("没有「{words}」这一天，{why}。没有改动，例：9-30 18:00",
            "There is no such day as “{words}”: {why}. Nothing was changed; example: 9-30 18:00",
            words=what.words, why=_why(what))
    )  # fmt: skip


def _why(what: Impossible) -> Text:
    if not what.month:
        return say("一个月最多 {n} 天", "a month has {n} days at most", n=what.days)
    if not what.days:
        return say("一年只有 12 个月", "a year has 12 months")
    if what.year:
        return say("{year} 年 {month} 月只有 {n} 天", "month {month} of {year} has {n} days",
                   year=what.year, month=what.month, n=what.days)  # fmt: skip
    if what.month == 2:
        return say("2 月最多 {n} 天", "February has {n} days at most", n=what.days)
    return say("{month} 月只有 {n} 天", "month {month} has {n} days", month=what.month, n=what.days)


def _at_home(ctx: Ctx, found: Meant, limit: Expression | None) -> Meant:
    """A due with a time of day, said by another clock than the project's, as the project's clock has it."""
    home = ZoneInfo(ctx.project.zone)
    timed = limit is not None and all(r.minute is not None or r.end_minute is not None for r in limit.readings)
    if not timed or reader_of(ctx.project, ctx.person, ctx.at) is None or ctx.in_group:
        return found
    moved = [point and _moved(point, ctx.zone, home) for point in (found.due, *found.options)]
    return replace(found, due=moved[0], options=tuple(point for point in moved[1:] if point))


def _moved(point: Point, here: ZoneInfo, home: ZoneInfo) -> Point:
    there = at_local(point.day, point.minute, here).astimezone(home)
    return Point(there.date(), there.hour * 60 + there.minute)


def _one_day(said: Expression) -> bool:
    """No week, month or year."""
    reading = said.readings[0]
    return said.role != "range" or reading.end_day in (None, reading.day)


def _limit(line: Line, found: list[Expression]) -> Expression | None:
    if len(found) < 2:
        return found[0] if found else None
    said = [e for e in found if e.role == "deadline"] or [e for e in found if _free(line, e)] or found
    return said[-1]


def _free(line: Line, said: Expression) -> bool:
    """Something other than a word ends on at least one side of it."""
    return _before(line, said) or _after(line, said)


def _apart(line: Line, said: Expression) -> bool:
    """No word touches it."""
    return _before(line, said) and _after(line, said)


def _loose(line: Line, said: Expression) -> bool:
    """A word touches it on one side, but 明天打电话 is a time and a deed, unlike 9月25日活动."""
    return _free(line, said) and not _CALENDAR_DATE.search(fold(said.words))


def _before(line: Line, said: Expression) -> bool:
    return said.start == 0 or line.text[said.start - 1] in _EDGES


def _after(line: Line, said: Expression) -> bool:
    return said.stop == len(line.text) or line.text[said.stop] in _EDGES + _LEFT_OVER


def _cut(line: Line, said: Expression) -> None:
    """With brackets around it, or the 的 that ties it to what follows."""
    start, stop = said.start, said.stop
    if start and stop < len(line.text) and line.text[start - 1] + line.text[stop] in _BRACKETS:
        start, stop = start - 1, stop + 1
    while stop < len(line.text) and line.text[stop] in _LEFT_OVER:
        stop += 1
    line.cut(start, stop)
