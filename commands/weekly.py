"""The weekly digest on demand, and what stands behind its numbers.  ``/周报``  ``/周报 上周``"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

from chat.cards import Attachment, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import say
from commands.arguments import Rest
from commands.context import Ctx
from commands.daily_desk import expired
from commands.daily_export import BOM, harmless
from commands.daily_look import privately
from commands.grammar import button, command
from commands.line import fold
from commands.publish import groups_for, may_publish, pressed, privately_first, with_publish
from commands.reply import Pressed, Reply
from planning.work_weeks import opening, week_before, work_week
from planning.zones import at_local
from reports import weekly_rows, weekly_views
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.own_templates import words
from reports.planning.week import Week, gather
from storage.statement import moment

EXAMPLE = say("/周报 上周", "/weekly last")
SHOWN = "week"
"""The kind of draft that [公开] sends."""
FAR = timedelta(days=3660)
"""No card is of a week so far away."""
_LAST = re.compile(r"上周|上个?星期|上一周|last")
_THIS = re.compile(r"本周|这周|预览|this|preview|week")


@command(
    "周报",
    "weekly",
    usage=say("本周或上周的周报", "How this week or last week went"),
    example=EXAMPLE,
    help_rank=8,
)
def show(ctx: Ctx, words: Rest) -> Reply:
    """As of now; last week's as it was sent; to the asker alone. Raises UserError: other words, no tasks, no way."""
    desk = desk_of(ctx)
    week = _said(desk, words)
    if not (week.works or week.blockers):
        raise UserError(
            say("还没有任务，周报没有可写的。建一个：{example}", "There are no tasks to report on. Make one: {example}",
                example=say("/任务 渠道投放 @李四 周五18:00", "/task Fix banner @Li tomorrow 6pm"))
        )  # fmt: skip
    found = privately_first(ctx, _view(ctx, week), say("周报", "The digest"), publish=may_publish(ctx))
    if found is None:
        raise UserError(
            say("周报先私聊给你看，但私聊发不到你。请先点开我发一句“你好”，再发一次。",
                "The digest goes to you alone first, but I cannot reach you directly. Please send me a word, then ask "
                "again.")
        )  # fmt: skip
    return found


def desk_of(ctx: Ctx) -> Desk:
    return Desk(ctx.books, ctx.speaker, ctx.project)


def _said(desk: Desk, words: str) -> Week:
    folded = fold(words).strip()
    today = desk.rhythm.local(desk.books.at).date()
    calendar = desk.rhythm.calendar
    if not folded or _THIS.fullmatch(folded):
        day = today if calendar.is_working(today) else calendar.previous_working(today)
        return gather(desk, day)
    if _LAST.fullmatch(folded):
        week = week_before(work_week(today, calendar).first, calendar)
        sent = desk.books.weeks.of(desk.project.id, week.first)
        return gather(desk, week.last, sent.at if sent else at_local(week.last, 24 * 60, desk.rhythm.zone))
    raise UserError(
        say("周报能看「本周」和「上周」，例：{example}", "Say this or last, e.g. {example}", example=EXAMPLE)
    )


def _view(ctx: Ctx, week: Week) -> Card:
    """What one's role is told; who takes part may show the team's to the group."""
    name, number = ctx.project.name, ctx.project.id
    fill = partial(words, desk_of(ctx))
    if ctx.role in ("observer", "guest", ""):
        return weekly_views.watcher(name, week)
    if ctx.is_admin:
        card = weekly_views.team(name, number, week, fill=fill)
    else:
        card = weekly_views.member(name, number, week, ctx.person.id, fill)
    if not may_publish(ctx):
        return card
    at = int(week.at.timestamp() * 1000)
    return with_publish(ctx, card, SHOWN, first=week.span.first.isoformat(), at=at)


# --- pressed -------------------------------------------------------------------------------------------------------


@button("week.rows")
def rows(ctx: Ctx, project: int, first: date, at: int) -> Pressed:
    """[明细], to the presser alone."""
    desk, week = _pressed(ctx, project, first, at)
    begun = at_local(opening(week.span, desk.rhythm.calendar), 0, desk.rhythm.zone)
    redated = desk.books.weeks.redated(desk.project.id, begun, week.at)
    return privately(ctx, desk, weekly_rows.rows(desk.project.name, week, redated))


@button("week.export")
def export(ctx: Ctx, project: int, first: date, at: int) -> Pressed:
    """[导出], to the presser alone."""
    desk, week = _pressed(ctx, project, first, at)
    name = f"{say('周报', 'weekly').render(ctx.locale)}-{week.span.first}~{week.span.last}.csv"
    text = say(
        "周报 {first} ~ {last}，{n} 项任务。", "Weekly {first} ~ {last}: {n} tasks.", n=len(week.works),
        first=bare_day(week.span.first), last=bare_day(week.span.last),
    )  # fmt: skip
    content = BOM + weekly_rows.as_csv(week, ctx.locale, harmless)
    return privately(ctx, desk, Card((Paragraph(text), Attachment(name, content))))


@button("week.review")
def review(ctx: Ctx, project: int, first: date, at: int) -> Pressed:
    """[复盘]: a draft to the presser alone, who fills in what only people know."""
    desk, week = _pressed(ctx, project, first, at)
    return privately(ctx, desk, text_card(weekly_rows.review(desk.project.name, week)))


@button("week.publish")
def publish(ctx: Ctx, key: str) -> Pressed:
    """[公开]: the team's view, once, to the group it was asked in; asked for alone, to every group of the project.

    This week's is as of now, an earlier one as it was.
    """
    draft = pressed(ctx, key, SHOWN)
    first, at = date.fromisoformat(draft.subject["first"]), int(draft.subject["at"])
    desk, week = _pressed(ctx, int(draft.subject["project"]), first, at)
    if week.span.last >= ctx.today:
        week = gather(desk, first)
    groups = groups_for(ctx, draft)
    card = weekly_views.team(desk.project.name, desk.project.id, week, fill=partial(words, desk))
    for chat in groups:
        desk.speaker.in_chat(chat, desk.project, card)
    return Pressed(say("已发到群里。", "Sent to the group."))


def _pressed(ctx: Ctx, project: int, first: date, at: int) -> tuple[Desk, Week]:
    """The same figures as on the card, reckoned again from history. Raises UserError."""
    try:
        desk = Desk(ctx.books, ctx.speaker, ctx.books.projects.get(project))
        then = moment(at)
    except (KeyError, ValueError, OverflowError, OSError):
        raise expired() from None
    if abs(first - ctx.today) > FAR:
        raise expired()
    if ctx.books.people.role(project, ctx.person.id) in ("", "guest"):
        raise UserError(
            say("只有项目成员能看明细。请管理员发：/成员 加 @{name}",
                "Only members of the project can see this. Ask an admin: /members add @{name}", name=ctx.person.name),
            audit="daily.look",
        )  # fmt: skip
    return desk, gather(desk, first, min(then, ctx.at))
