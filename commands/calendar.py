"""The project's own days.  ``/日历``  ``/日历 休 10-9 团建``  ``/日历 班 10-11 大促加班``  ``/日历 恢复 10-9``"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from chat.cards import Button
from chat.errors import UserError
from chat.text import Text, join, say
from commands.access import require
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Pressed, Reply, reply
from commands.times import apart, check
from planning.calendar import Calendar
from planning.dates import find
from reports.daily_plan import arrange
from reports.days import bare_day
from reports.rhythm import rhythm_of
from reports.special_days import named, span, spans_of, special, state, unknown
from storage.statement import ms

EXAMPLE = say("/日历 休 10-9 团建", "/calendar off 10-9 outing")
MOST_DAYS = 31
FAR_BACK, FAR_AHEAD = timedelta(days=366), timedelta(days=731)
_EXAMPLES = {
    "日历 休": EXAMPLE,
    "日历 班": say("/日历 班 10-11 大促加班", "/calendar work 10-11 sale"),
    "日历 恢复": say("/日历 恢复 10-9", "/calendar reset 10-9"),
}
TOGETHER = timedelta(minutes=10)
"""Changes made within so long of each other are echoed together."""
_DAY = timedelta(days=1)
Own = Mapping[str, tuple[bool, str] | None]
"""{day: (works, its name)} as the project said itself; None: nothing was said."""
_PARTS = re.compile(r"[;；\n]")
_HEAD = re.compile(r"\s*/?\s*(?:日历|calendar)?\s*(?:(休息|休假|放假|休|off|rest)|(上班|加班|班|work|on))?(?![a-z])\s*")


_KIND = re.compile(r"(?:^|(?<=[\s\d日号]))(?:(休息|休假|放假|休|off)|上班|加班|班|work)(?![a-z])")
"""The same words anywhere in the line."""


@command(
    "日历",
    "calendar",
    usage=say("本月和下月的放假、调休；改休、改班", "Holidays and makeup days; your own days off"),
    example=EXAMPLE,
    help_rank=10,
)
def show(ctx: Ctx) -> Reply:
    """This month's and the next month's special days; with words and a day, change it."""
    if ctx.line and _KIND.search(ctx.line.folded):
        return _settle(ctx, None)
    asked = find(apart(ctx.line.text), ctx.now, ctx.calendar)
    check(ctx.line.text, asked, expected=True)
    if ctx.line and not asked:
        raise UserError(
            say("没看懂「{words}」。例：{example}", "“{words}” is not clear. Example: {example}",
                words=ctx.line.rest[:30], example=EXAMPLE)
        )  # fmt: skip
    first = (asked[0].readings[0].day if asked else ctx.today).replace(day=1)
    lines = [say("📅 {called} 的日历", "📅 Calendar of {called}", called=ctx.project.name)]
    own = {each.day: each for each in ctx.books.calendars.own_days(ctx.project.id)}
    for _ in range(2):
        after = (first + timedelta(days=32)).replace(day=1)
        days = [first + timedelta(days=n) for n in range((after - first).days)]
        lines.append(
            say(
                "{n} 月：{days}",
                "{month}: {days}",
                n=first.month,
                month=f"{first:%b}",
                days=special(days, ctx.calendar, own),
            )
        )
        first = after
    lines += [unknown(year) for year in ctx.calendar.unknown_years(ctx.today, first)]
    lines.append(
        say(
            "要改：/日历 休 10-9 团建 · /日历 班 10-11 大促加班 · /日历 恢复 10-9",
            "To change: /calendar off 10-9 outing · /calendar work 10-11 · /calendar reset 10-9",
        )
    )
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))


@command("日历 休", "日历 休息", "日历 放假", "calendar off", usage=say("这天休息", "A day off"), example=EXAMPLE,
         roles="admin", help_rank=3)  # fmt: skip
def rest(ctx: Ctx) -> Reply:
    """These days rest, whatever the public calendar says."""
    return _settle(ctx, False)


@command("日历 班", "日历 上班", "日历 加班", "calendar work", usage=say("这天上班", "A working day"),
         example=say("/日历 班 10-11 大促加班", "/calendar work 10-11 sale"), roles="admin")  # fmt: skip
def work(ctx: Ctx) -> Reply:
    """These days work."""
    return _settle(ctx, True)


@command("日历 恢复", "日历 取消", "日历 删除", "calendar reset", usage=say("恢复原样", "Back to the public calendar"),
         example=say("/日历 恢复 10-9", "/calendar reset 10-9"), roles="admin")  # fmt: skip
def reset(ctx: Ctx) -> Reply:
    """Forget what the project said about these days."""
    require(ctx, "calendar.change")
    days = _days(ctx, ctx.line.text, "日历 恢复")
    own = _own(ctx, days)
    changed = [day for day in days if ctx.books.calendars.back_to_base(ctx.project.id, day)]
    if not changed:
        raise UserError(
            say("{day} 没有单独改过，没有改动。", "{day} was never changed here; nothing to reset.", day=named(days[0]))
        )
    calendar = rearranged(ctx)
    states = [
        say("{day}恢复为{state}", "{day}: {state} again", day=named(day), state=state(calendar.is_working(day)))
        for day in changed
    ]
    return _echo(ctx, states, calendar, own)


@button("calendar.day")
def day_pressed(ctx: Ctx, day: date, works: str, name: str) -> Pressed:
    """``works``: "1", or "0" for a day off."""
    require(ctx, "calendar.change")
    said = _write(ctx, [(day, works == "1", name[:30])])
    return Pressed(say("好的。", "OK."), said.card, said)


def _settle(ctx: Ctx, works: bool | None) -> Reply:
    """``10-9 团建；班 10-11 大促加班``: one or several changes, echoed together."""
    require(ctx, "calendar.change")
    wishes: list[tuple[date, bool, str]] = []
    for part in _PARTS.split(ctx.line.text):
        head = _HEAD.match(fold(part))
        if head is not None:
            works = False if head.group(1) else True if head.group(2) else works
            part = part[head.end() :]
        if works is None and (kind := _KIND.search(fold(part))):
            works = kind.group(1) is None
            part = part[: kind.start()] + " " + part[kind.end() :]
        if not part.strip():
            continue
        if works is None:
            raise UserError(say("休还是班？例：{example}", "Off or work? Example: {example}", example=EXAMPLE))
        wishes += _wishes(ctx, part, works)
    if not wishes:
        raise UserError(say("哪天？例：{example}", "Which day? Example: {example}", example=EXAMPLE))
    return _write(ctx, wishes)


def _wishes(ctx: Ctx, part: str, works: bool) -> list[tuple[date, bool, str]]:
    found = find(apart(part), ctx.now, ctx.calendar)
    name = part
    for expression in reversed(found):
        name = name[: expression.start] + " " + name[expression.stop :]
    name = " ".join(name.split()).strip(" ，,、。.;:：")[:30]
    verb = "日历 班" if works else "日历 休"
    return [(day, works, name) for day in _days(ctx, part, verb, works, name)]


def _days(ctx: Ctx, text: str, verb: str, works: bool = True, name: str = "") -> list[date]:
    """Every day named in ``text``. Raises UserError: none, ambiguous, or too many."""
    days: list[date] = []
    found = find(apart(text), ctx.now, ctx.calendar)
    for expression in found:
        meant = expression.readings
        if expression.recurrence is not None:
            raise UserError(
                say(
                    "「{words}」会重复，这里只能写具体的日子。例：/{verb} 10-9",
                    "“{words}” recurs; only single days can be changed. Example: /calendar off 10-9",
                    words=expression.words,
                    verb=verb,
                )
            )
        if len({(reading.day, reading.end_day) for reading in meant}) > 1:
            one_year = len({reading.day.year for reading in meant}) == 1
            buttons = [
                Button(
                    named(r.day) if one_year else ctx.day(r.day),
                    "calendar.day",
                    (r.day.isoformat(), str(int(works)), name),
                )
                for r in meant[:3]
            ]
            raise UserError(
                say("「{words}」指哪天？", "Which day is “{words}”?", words=expression.words),
                *(buttons if verb != "日历 恢复" else []),
            )
        last = meant[0].end_day or meant[0].day
        days += [meant[0].day + n * _DAY for n in range((last - meant[0].day).days + 1)][: MOST_DAYS + 1]
    if len(days) > MOST_DAYS:
        raise UserError(
            say("一次最多改 {n} 天，没有改动。", "At most {n} days at once; nothing was changed.", n=MOST_DAYS)
        )
    check(text, found, expected=True)
    if far := [day for day in days if not -FAR_BACK <= day - ctx.today <= FAR_AHEAD]:
        raise UserError(
            say("{day} 太远了，只能改前一年到后两年的日子。没有改动。",
                "{day} is too far off: only days from a year ago to two years ahead. Nothing was changed.",
                day=far[0].isoformat())
        )  # fmt: skip
    if not days and not text.strip():
        raise UserError(say("哪天？例：{example}", "Which day? Example: {example}", example=_EXAMPLES[verb]))
    if not days:
        raise UserError(
            say(
                "没看懂日期「{words}」。例：/{verb} 10-9",
                "I cannot read the day “{words}”. Example: /calendar off 10-9",
                words=text.strip()[:30],
                verb=verb,
            )
        )
    return days


def _write(ctx: Ctx, wishes: list[tuple[date, bool, str]]) -> Reply:
    calendar = ctx.books.calendars.of(ctx.project)
    changes = [(day, works, name) for day, works, name in wishes if calendar.is_working(day) != works]
    if not changes:
        day, works, _ = wishes[0]
        raise UserError(
            say("{day}本来就{state}，没有改动。", "{day}: {state} already; nothing was changed.", day=named(day),
                state=state(works))
        )  # fmt: skip
    own = _own(ctx, [day for day, _, _ in changes])
    for day, works, name in changes:
        ctx.books.calendars.override(ctx.project.id, day, works, name, ctx.person.id)
    ctx.books.audit(ctx.project.id, "calendar.change", "done", " ".join(f"{d}={int(w)}" for d, w, _ in changes))
    recent = [
        (each.day, each.works)
        for each in ctx.books.calendars.own_days(ctx.project.id)
        if each.by == ctx.person.id and each.at >= ms(ctx.at - TOGETHER)
    ]
    states = [say("{days}改为{state}", "{days}: {state} now", days=span(each), state=state(each.works))
              for each in spans_of(recent)]  # fmt: skip
    return _echo(ctx, states, rearranged(ctx), own)


def _own(ctx: Ctx, days: Sequence[date]) -> Own:
    """What the project says about these days before they are changed."""
    said = {each.day: each for each in ctx.books.calendars.own_days(ctx.project.id)}
    return {day.isoformat(): (said[day].works, said[day].name) if day in said else None for day in days}


def rearranged(ctx: Ctx) -> Calendar:
    """The calendar as it is now; the clock's next prompt follows it."""
    project = ctx.books.projects.get(ctx.project.id)
    rhythm = rhythm_of(ctx.books, project)
    if rhythm.plan.on:
        arrange(ctx.books, rhythm)
    return rhythm.calendar


def _echo(ctx: Ctx, states: list[Text], calendar: Calendar, own: Own) -> Reply:
    """``✅ 10-9（周五）改为休息，10-11（周日）改为上班。接下来：10-8 · 10-10 · 10-11``"""
    day = calendar.first_working(ctx.today)
    ahead = [day, second := calendar.next_working(day), calendar.next_working(second)]
    ctx.books.deeds.add(ctx.project.id, ctx.person.id, "calendar", was=own)
    return reply(
        "✅ {states}。接下来：{ahead}",
        "✅ {states}. Next working days: {ahead}",
        states=join(states, "，", "; "),
        ahead=" · ".join(bare_day(each) for each in ahead),
    )
