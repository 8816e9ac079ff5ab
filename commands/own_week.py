"""One's own weekly report, drafted from one's daily reports; looked over, changed and sent.

``/周报 草稿``  ``/周报 草稿 上周``  ``/月报``; ``/周报 草稿 关``: not unasked any more.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256

from chat.cards import Card, text_card
from chat.errors import UserError
from chat.text import Text, say, verbatim
from commands.access import alone_for
from commands.arguments import Rest
from commands.context import Ctx
from commands.daily_desk import expired
from commands.daily_look import privately
from commands.grammar import button, command
from commands.line import fold
from commands.mutes import muting
from commands.reply import Pressed, Reply
from planning.work_weeks import week_before, work_week
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.own_week_cards import (
    PROJECTS,
    UNASKED,
    Drafts,
    Part,
    asked_for,
    drafts,
    field_of,
    settled,
    sources,
    title,
    told,
)
from reports.own_week_push import month_of
from reports.rules import DRAFT, RATE

EXAMPLE = say("/周报 草稿", "/weekly draft")
LONGEST = 4000
"""Characters of what is sent."""
FAR = timedelta(days=400)
"""No draft is of days so far away."""
_LAST = re.compile(r"上周|上个?星期|上一周|last(?: week)?")
_MONTH = re.compile(r"本月|这个?月|月报|this month|month")
_LAST_MONTH = re.compile(r"上个?月|last month")
_THIS = re.compile(r"本周|这周|this(?: week)?")
_SWITCH = re.compile(r"(?:(?P<off>关|关闭|关掉|不要|不用了|off|no)|开|打开|恢复|on|yes)")


@command(
    "周报 草稿",
    "weekly draft",
    "月报",
    usage=say("从自己的日报和完成的任务写周报草稿", "A draft of your own report, from your daily reports"),
    example=EXAMPLE,
)
def show(ctx: Ctx, words: Rest) -> Reply:
    """本周, 上周, 本月 or 上月; to the writer alone. Raises UserError: nothing to write from."""
    if (switch := _SWITCH.fullmatch(fold(words).strip())) is not None:
        return Reply(text_card(muting(ctx, DRAFT, off=switch["off"] is not None)))
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    named = "本月" if fold(ctx.thing.text).lstrip(" /").startswith("月报") and not words else words
    first, last = _span(desk, fold(named).strip())
    found = drafts([desk], ctx.person, first, last)
    if not found.parts:
        raise _nothing(first, last)
    card = asked_for(found, ctx.locale, fill=ctx.can.input_in_card)
    return Reply(card, private=ctx.speaker.reaches(ctx.person))


def _span(desk: Desk, words: str) -> tuple[date, date]:
    calendar = desk.rhythm.calendar
    today = desk.rhythm.local(desk.books.at).date()
    week = work_week(calendar.last_working(today), calendar)
    if _LAST_MONTH.fullmatch(words):
        end = today.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end
    if _MONTH.fullmatch(words):
        return today.replace(day=1), today
    if _LAST.fullmatch(words):
        before = week_before(week.first, calendar)
        return before.first, before.last
    if not words or _THIS.fullmatch(words):
        return week.first, week.last
    raise UserError(
        say("草稿能写「本周」「上周」「本月」「上月」，例：{example}",
            "Say this, last, month or last month, e.g. {example}",
            example=say("/周报 草稿 上周", "/weekly draft last"))
    )  # fmt: skip


@button("own_week.send")
def send(ctx: Ctx, projects: str, first: date, last: date, seen: str = "", what: str = "") -> Pressed:
    """As it stands, or as it was edited; each project's words to its own groups, once. Raises UserError."""
    found = _found(ctx, projects, first, last)
    edited = {part.desk.project.id: ctx.action.fields.get(field_of(found, part), "").strip() for part in found.parts}
    longest = max((len(words) for words in edited.values()), default=0)
    if longest > LONGEST:
        raise UserError(
            say("最多 {most} 字，现在 {n} 字，请删一些。", "At most {most} characters, these are {n}.", most=LONGEST,
                n=longest)
        )  # fmt: skip
    changed = any(edited.values())
    if not changed and seen not in ("", found.seen):
        again = say("内容有变化，草稿已更新，看过再发。", "Something changed: please look at the new draft first.")
        return Pressed(again, card=_drawn(ctx, found, what))
    parts = [part for part in found.parts if part.desk.groups and (edited[part.desk.project.id] or not changed)]
    if not parts:
        raise UserError(say("这个项目没有群，发不出去。", "This project has no group to send it to."))
    new = [part for part in parts if _sent(ctx, found, part, edited[part.desk.project.id])]
    if not new:
        return Pressed(say("这一份已经发过了，没有再发。", "This was sent before; it was not sent again."))
    text = say("已发到群里。", "Sent to the group.")
    return Pressed(text, card=settled(text, _rates(ctx, found, what)))


def _sent(ctx: Ctx, found: Drafts, part: Part, edited: str) -> bool:
    """False: the same words went there before."""
    body = verbatim(edited) if edited else found.words(part)
    text = say("{title}\n{body}", "{title}\n{body}", title=title(found), body=body)
    project = part.desk.project
    mark = sha256(text.plain().encode()).hexdigest()[:12]
    if not ctx.books.pushes.once(ctx.person.id, project.id, f"own_week.{mark}", found.last, state="sent"):
        return False
    part.desk.speaker.to_groups(project, text_card(text))
    return True


@button("own_week.skip")
def skip(ctx: Ctx, projects: str, first: date, last: date, seen: str = "", what: str = "") -> Pressed:
    """[本周不发]; the month's figures stay."""
    found = _found(ctx, projects, first, last)
    text = say("好的，{first} ~ {last} 的不发。", "OK, the one of {first} to {last} is not sent.",
               first=bare_day(first), last=bare_day(last))  # fmt: skip
    return Pressed(text, card=settled(text, _rates(ctx, found, what)))


@button("own_week.sources")
def look(ctx: Ctx, projects: str, first: date, last: date) -> Pressed:
    """The reports and tasks it was written from, to the writer alone."""
    found = _found(ctx, projects, first, last)
    if not found.parts:
        raise _nothing(first, last)
    return privately(ctx, found.parts[0].desk, sources(found))


@button("own_week.month")
def month(ctx: Ctx, projects: str, last: date) -> Pressed:
    """The month that ends with ``last``, as a draft of its own."""
    found = _found(ctx, projects, last.replace(day=1), last)
    if not found.parts:
        raise _nothing(found.first, last)
    return privately(ctx, found.parts[0].desk, asked_for(found, ctx.locale, fill=ctx.can.input_in_card))


def _found(ctx: Ctx, projects: str, first: date, last: date) -> Drafts:
    """As it is now. Raises UserError: not drawn by us, or not theirs any more."""
    numbers = projects.split(",")
    far = not ctx.today - FAR <= first <= last <= ctx.today + FAR
    if far or len(numbers) > PROJECTS or not all(each.isdecimal() and len(each) < 18 for each in numbers):
        raise expired()
    desks: list[Desk] = []
    for project in dict.fromkeys(int(each) for each in numbers):
        if not ctx.books.people.role(project, ctx.person.id):
            raise expired()
        alone_for(ctx, project)
        desks.append(Desk(ctx.books, ctx.speaker, ctx.books.projects.get(project)).own(ctx.person))
    return drafts(desks, ctx.person, first, last)


def _drawn(ctx: Ctx, found: Drafts, what: str) -> Card:
    fill = ctx.can.input_in_card
    if not found.parts:
        return text_card(_nothing(found.first, found.last).text)
    for unasked in UNASKED:
        if what == unasked:
            return told(found, _rates(ctx, found, what), ctx.locale, unasked, fill=fill)
    return asked_for(found, ctx.locale, fill=fill)


def _rates(ctx: Ctx, found: Drafts, what: str) -> list[Text]:
    """What stood on the card besides."""
    if what not in ("month", "both") or ctx.books.pushes.muted(ctx.person.id, RATE):
        return []
    return month_of([part.desk for part in found.parts], ctx.person, found.last)


def _nothing(first: date, last: date) -> UserError:
    return UserError(
        say("{first} ~ {last} 没有你的日报，也没有完成的任务，写不出草稿。",
            "There is no report of yours and no finished task from {first} to {last}.",
            first=bare_day(first), last=bare_day(last))
    )  # fmt: skip
