"""Whose leave is meant, and which days: what the words say, or what to write instead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from chat.cards import Button
from chat.errors import UserError
from chat.text import Text, say
from commands.access import require
from commands.context import Ctx
from commands.line import fold
from commands.names import beginning
from commands.times import apart, check
from planning.away import AHEAD, BACK, Part, Wish, wished, working_days
from planning.away_words import LONGEST, tidied
from planning.dates import Expression, find
from planning.dates.words import compiled
from reports.away import shown
from reports.days import bare_day
from reports.own_clock import calendar_of
from storage.people import Person

EXAMPLE = say("/请假 9-21~9-22 年假", "/away 9-21~9-22")
LOOKED_AT = 300
"""Characters in which days are looked for."""
_STRANGER = r"[@＠]\s*([^\s@＠]{1,12})"
_EVERYONE = (
    r"^\s*(?:所有人|全体(?:人员|同事|成员|员工)?|全员|全组|全队|大家|everyone|everybody|the (?:whole )?team|all of us)"
    r"(?![大会])|@\s*(?:所有人|全体成员|全体|全员|all\b|everyone\b|channel\b|here\b)"
)
_WHOLE = (
    r"(?:[\s,，.。!！]|我|的|全部|全|所有|一切|都|了|吧|休假|请假|假期|假|all|everything|of|my|mine|leave|days? off)*"
)
"""Words beside 取消 that name no day: all that is entered."""


def whose(ctx: Ctx, whom: Person | None, words: str) -> tuple[Person, str]:
    """Whose leave, and what is left of the words: ``李四 9-28`` is 李四's, 9-28 李四婚礼 is not. Raises UserError."""
    if compiled(_EVERYONE).search(fold(words)):
        raise UserError(_for_everyone(ctx, words))
    said = beginning(ctx, fold(words)) if whom is None else None
    if said is not None:
        rest = words[said[1] :].lstrip(" 的,，:：")
        _, found = said_days(ctx, rest)
        if not rest or (found and found[0].start == 0):
            whom, words = said[0], rest
    return person_meant(ctx, whom), words


def _for_everyone(ctx: Ctx, words: str) -> Text:
    _, found = said_days(ctx, words)
    day = found[0].readings[0].day if found else ctx.calendar.next_working(ctx.today)
    return say(
        "请假一次一个人，没有改动。全员休息请管理员发：/日历 休 {day}",
        "Leave is for one person at a time; nothing was changed. A day off for everybody is an admin's: "
        "/calendar off {day}",
        day=bare_day(day),
    )  # fmt: skip


def said_days(ctx: Ctx, words: str) -> tuple[str, list[Expression]]:
    """The words as days are found in them, and the days."""
    text = tidied(fold(apart(words[:LOOKED_AT])), ctx.today)
    return text, find(text, ctx.now, ctx.calendar)


def person_meant(ctx: Ctx, whom: Person | None) -> Person:
    """Whose leave. Raises UserError: of others only admins decide, and only for who belongs here."""
    if whom is None or whom.id == ctx.person.id:
        return ctx.person
    require(ctx, "leave.others")
    if not ctx.books.people.role(ctx.project.id, whom.id):
        raise UserError(
            say("{name} 不在本项目。先加进来：/成员 加 @{name}",
                "{name} is not in this project. Add them first: /members add @{name}", name=whom.name)
        )  # fmt: skip
    return whom


def days_of(ctx: Ctx, person: Person, words: str) -> Mapping[date, Part]:
    """Raises UserError with what to write instead."""
    if person.id != ctx.person.id and compiled(_STRANGER).search(words):
        raise UserError(
            say("一次替一个人请。例：/请假 @{name} 9-21，没有改动。",
                "One person at a time, e.g. /away @{name} 9-21; nothing was changed.", name=person.name)
        )  # fmt: skip
    if stranger := compiled(_STRANGER).search(words):
        raise UserError(
            say("没找到「{name}」。请用 @ 选人，没有改动。",
                "There is no “{name}” here. Please pick the person with @; nothing was changed.", name=stranger[1])
        )  # fmt: skip
    text, found = said_days(ctx, words)
    wish = wished(found, text, ctx.today, ctx.calendar)
    if wish.problem not in ("reversed", "long"):
        check(text, found, expected=True)
    if wish.problem == "half" and wish.first is not None:
        raise _which_half(ctx, person, wish.first)
    if wish.problem:
        raise UserError(_trouble(wish))
    calendar = calendar_of(ctx.books, ctx.project, person)
    if not working_days(wish.days, calendar) and not calendar.unknown_years(min(wish.days), max(wish.days)):
        raise UserError(
            say("{days}本来就休息，不用请假。", "{days}: a day off anyway, nothing to do.",
                days=shown(wish.days, calendar))
        )  # fmt: skip
    return wish.days


def _which_half(ctx: Ctx, person: Person, day: date) -> UserError:
    args = (str(person.id), day.isoformat())
    return UserError(
        say("{day}上午还是下午？", "{day}: morning or afternoon?", day=ctx.short_day(day)),
        Button(say("上午", "Morning"), "leave.half", (*args, "am")),
        Button(say("下午", "Afternoon"), "leave.half", (*args, "pm")),
    )


def _named(day: date, *, years: bool) -> str:
    return f"{day.year}-{bare_day(day)}" if years else bare_day(day)


def _trouble(wish: Wish) -> Text:
    first, last = wish.first or date.min, wish.last or date.min
    match wish.problem:
        case "open":
            return say(
                "{day} 起到哪天？例：/请假 {day}起3天 或 {example}",
                "From {day} until when? Example: /away {day} for 3 days, or {example}",
                day=bare_day(first), example=EXAMPLE,
            )  # fmt: skip
        case "reversed":
            return say(
                "结束日早于开始日（{first}～{end}）。例：{example}；跨年请写全年份。",
                "The end is before the start ({first} to {end}). Example: {example}; across years write the year.",
                first=_named(first, years=first.year > last.year), end=_named(last, years=first.year > last.year),
                example=EXAMPLE,
            )  # fmt: skip
        case "long":
            return say(
                "一次最多请 {n} 天，这里是 {days} 天。请分开写，或检查日期：{example}",
                "At most {n} days at a time; these are {days}. Split it or check the dates: {example}",
                n=LONGEST, days=(last - first).days + 1, example=EXAMPLE,
            )  # fmt: skip
        case "past":
            return say(
                "{day} 太久以前了，只能补记 {n} 天内的。",
                "{day} is too long ago; only the last {n} days can be entered.",
                day=first.isoformat(), n=BACK.days,
            )  # fmt: skip
        case "far":
            return say(
                "{day} 太远了，只能请一年内的。", "{day} is too far ahead; at most a year.", day=first.isoformat()
            )
    return say("请哪天？例：{example} 或 /请假 今天下午", "Which days? Example: {example} or /away this afternoon",
               example=EXAMPLE)  # fmt: skip


def chosen_of(ctx: Ctx, person: Person, words: str) -> Mapping[date, Part]:
    """Which days are to be cancelled; {}: none were named. 9-23 起 reaches as far as leave does. Raises UserError."""
    text, named = said_days(ctx, words)
    if not named:
        check(text, named, expected=True)
        if compiled(_STRANGER).search(words) or not compiled(_WHOLE).fullmatch(text):
            raise UserError(
                say("取消哪天？例：/请假 取消 {day}；全部取消：/请假 取消。没有改动。",
                    "Cancel which days? Example: /away cancel {day}; all of them: /away cancel. Nothing was changed.",
                    day=bare_day(ctx.calendar.next_working(ctx.today)))
            )  # fmt: skip
        return {}
    wish = wished(named, text, ctx.today, ctx.calendar)
    if wish.problem == "half" and wish.first is not None:
        raise UserError(
            say("{day}上午还是下午？例：/请假 取消 {bare}下午",
                "{day}: morning or afternoon? Example: /away cancel {bare} afternoon",
                day=ctx.short_day(wish.first), bare=bare_day(wish.first))
        )  # fmt: skip
    if wish.problem == "open" and wish.first is not None:
        return {wish.first + timedelta(days=number): "day" for number in range(2 * AHEAD.days)}
    return days_of(ctx, person, words)
