"""One's own weekly report, drafted from one's daily reports; looked over, changed and sent.  ``/周报 草稿``"""

from __future__ import annotations

import re
from datetime import date, timedelta

from chat.cards import Block, Button, Buttons, Card, Field, Form, Paragraph, text_card
from chat.errors import UserError
from chat.text import say, verbatim
from commands.access import alone_for
from commands.arguments import Rest
from commands.context import Ctx
from commands.daily_desk import expired
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Pressed, Reply
from planning.work_weeks import week_before, work_week
from reports import own_week
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.own_week import OwnWeek

EXAMPLE = say("/周报 草稿", "/weekly draft")
LONGEST = 4000
"""Characters of what is sent."""
FAR = timedelta(days=400)
"""No draft is of days so far away."""
_LAST = re.compile(r"上周|上个?星期|上一周|last(?: week)?")
_MONTH = re.compile(r"本月|这个?月|月报|this month|month")
_LAST_MONTH = re.compile(r"上个?月|last month")
_THIS = re.compile(r"本周|这周|this(?: week)?")


@command(
    "周报 草稿",
    "weekly draft",
    "月报",
    usage=say("从自己的日报和完成的任务写周报草稿", "A draft of your own report, from your daily reports"),
    example=EXAMPLE,
)
def show(ctx: Ctx, words: Rest) -> Reply:
    """本周, 上周, 本月 or 上月; to the writer alone. Raises UserError: nothing to write from."""
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    named = "本月" if fold(ctx.thing.text).lstrip(" /").startswith("月报") and not words else words
    first, last = _span(desk, fold(named).strip())
    found = own_week.own_week(desk, ctx.person, first, last)
    if found.empty:
        raise UserError(
            say("{first} ~ {last} 没有你的日报，也没有完成的任务，写不出草稿。",
                "There is no report of yours and no finished task from {first} to {last}.",
                first=bare_day(first), last=bare_day(last))
        )  # fmt: skip
    return Reply(_card(ctx, desk, found), private=ctx.speaker.reaches(ctx.person))


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


def _card(ctx: Ctx, desk: Desk, found: OwnWeek) -> Card:
    text = own_week.draft(found)
    args = (str(desk.project.id), found.first.isoformat(), found.last.isoformat())
    blocks: list[Block] = [
        Paragraph(text),
        Buttons((Button(say("发到群里", "Send to the group"), "own_week.send", args),)),
    ]
    if ctx.can.input_in_card:
        words = Field("words", say("周报", "Report"), "lines", required=True, value=text.render(ctx.locale))
        blocks.append(
            Form(
                "own_week.send",
                (words,),
                say("发到群里", "Send to the group"),
                args,
                opener=say("改一改再发", "Edit it first"),
            )
        )
    else:
        blocks.append(
            Paragraph(
                say("要改：复制上面的文字，改好发到群里。", "To change it: copy, edit and send it to the group."),
                quiet=True,
            )
        )
    return Card(tuple(blocks), own_week.title(ctx.person.name, found))


@button("own_week.send")
def send(ctx: Ctx, project: int, first: date, last: date) -> Pressed:
    """As it stands, or as it was edited; to every group of the project. Raises UserError."""
    try:
        desk = Desk(ctx.books, ctx.speaker, ctx.books.projects.get(project))
    except KeyError:
        raise expired() from None
    if not ctx.books.people.role(project, ctx.person.id) or not ctx.today - FAR <= first <= last <= ctx.today + FAR:
        raise expired()
    alone_for(ctx, project)
    found = own_week.own_week(desk, ctx.person, first, last)
    edited = ctx.action.fields.get("words", "").strip()
    if len(edited) > LONGEST:
        raise UserError(
            say("最多 {most} 字，现在 {n} 字，请删一些。", "At most {most} characters, these are {n}.", most=LONGEST,
                n=len(edited))
        )  # fmt: skip
    if not desk.groups:
        raise UserError(say("这个项目没有群，发不出去。", "This project has no group to send it to."))
    body = verbatim(edited) if edited else own_week.draft(found)
    text = say("{title}\n{body}", "{title}\n{body}", title=own_week.title(ctx.person.name, found), body=body)
    desk.speaker.to_groups(desk.project, text_card(text))
    sent = say("已发到群里。", "Sent to the group.")
    return Pressed(sent, card=text_card(text))
