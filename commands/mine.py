"""What I have to do, what waits for me, what I wait for.  ``/我的``"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chat.cards import Card, Paragraph
from chat.text import NOTHING, Text, join, listed, say, verbatim
from commands.approve import asked_by, line
from commands.approve_desk import waiting_for
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply
from commands.task_view import desk
from planning.due import overdue, soon
from reports.approval_cards import head
from reports.asks import read_mark
from reports.clocks import due_moment, own
from reports.days import bare_day, clock
from reports.own_clock import reader_of
from reports.task_board import cut
from reports.task_cards import Desk
from storage.asks import Ask, Asked
from storage.tasks import Task

MOST_LINES = 20
LATELY = timedelta(days=14)
"""How long an approval that was sent back waits to be changed."""
AHEAD = 7
"""Days that count as coming up."""


@command(
    "我的",
    "我的任务",
    "我的待办",
    "my",
    usage=say("我的任务：今天、逾期、在等的", "My tasks: today, overdue, waiting"),
    example=say("/我的", "/my"),
    help_rank=4,
)
def mine(ctx: Ctx) -> Reply:
    """In a group of this project, in a direct chat of all of them; at most twenty lines."""
    own = [task for task in ctx.tasks.open_of(ctx.person.id) if _here(ctx, task)]
    given = [task for task in ctx.tasks.given_by(ctx.person.id) if _here(ctx, task)]
    at = desk(ctx)
    late = [task for task in own if overdue(task.due, task.due_minute, at.now)]
    today = [task for task in own if task.due == at.today and task not in late]
    waiting = [task for task in own if task.state == "awaiting_note"]
    shown = [*late, *today, *waiting]
    coming = [task for task in own if soon(task.due, at.today, AHEAD) and task not in shown]
    open_end = [task for task in own if task not in shown and task not in coming]
    sections: list[tuple[Text, list[Text]]] = [
        (say("🔴 逾期", "🔴 Overdue"), _rows(ctx, late)),
        (say("📅 今天", "📅 Today"), _rows(ctx, today)),
        (
            say("🙋 等我", "🙋 Waiting for me"),
            [
                *_asked_of_me(ctx),
                *_to_decide(ctx),
                *_sent_back(ctx),
                *_to_take(ctx),
                *_to_answer(ctx),
                *_rows(ctx, waiting),
            ],
        ),
        (
            say("⏳ 我在等", "⏳ I wait for"),
            [
                *_asked_by_me(ctx),
                *_undecided(ctx),
                *_unanswered(ctx),
                *_rows(ctx, given, who=True),
            ],
        ),
        (say("7 天内", "Within 7 days"), _rows(ctx, coming)),
        (say("以后", "Later"), _rows(ctx, open_end)),
    ]
    lines: list[Text] = []
    if not late and not today:
        lines.append(_nothing_today(at, [*coming, *open_end]))
    return Reply(Card((Paragraph(join([*lines, *_fit(sections, MOST_LINES - len(lines))], "\n")),)))


def _here(ctx: Ctx, task: Task) -> bool:
    return not ctx.in_group or task.project_id == ctx.project.id


def _nothing_today(at: Desk, ahead: Sequence[Task]) -> Text:
    dated = [task for task in ahead if task.due is not None]
    if not dated:
        return say("今天没有到期任务。", "Nothing is due today.")
    first = min(dated, key=lambda task: task.due or at.today)
    return say(
        "今天没有到期任务，最近一项 {ref} {day}。",
        "Nothing is due today; the next is {ref} on {day}.",
        ref=first.ref,
        day=bare_day(first.due or at.today),
    )


def _fit(sections: Sequence[tuple[Text, list[Text]]], room: int) -> list[Text]:
    """Sections with their heads, cut to so many lines; the last line says how many are missing."""
    lines: list[Text] = []
    missing = 0
    for title, rows in sections:
        if not rows:
            continue
        space = max(room - len(lines) - 2, 0)
        if space:
            lines += [say("{title} {n}", "{title} {n}", title=title, n=len(rows)), *rows[:space]]
        missing += max(len(rows) - space, 0)
    if missing:
        lines.append(say("还有 {n} 项，发「/查 负责人:我」", "{n} more: /find owner:me", n=missing))
    return lines


def _rows(ctx: Ctx, tasks: Sequence[Task], *, who: bool = False) -> list[Text]:
    """``T1 渠道投放 9-18 18:00``; in a direct chat over several projects with the project's name."""
    names = {} if ctx.in_group else {project.id: project.name for project in ctx.books.projects.of(ctx.person.id)}
    rows = []
    for task in tasks:
        parts = [task.ref, cut(task.title, 28)]
        if who:
            parts.append(task.owner_name)
        if task.progress:
            parts.append(f"{task.progress}%")
        when = _when(ctx, task)
        whose = f"（{cut(names.get(task.project_id, ''), 16)}）" if len(names) > 1 else ""
        rows.append(join([verbatim(" ".join(parts)), *([when] if when else []), *([verbatim(whose)] if whose else [])],
                         " "))  # fmt: skip
    return rows


def _when(ctx: Ctx, task: Task) -> Text | None:
    """``9-18``, on the very day ``9-18 18:00``; for a reader elsewhere ``9-18 10:00 London``."""
    if task.due is None:
        return None
    if task.due_minute is None or task.due != ctx.today:
        return verbatim(bare_day(task.due))
    zone = None if ctx.in_group else reader_of(ctx.project, ctx.person, ctx.at)
    if zone is not None:
        return own(due_moment(ctx.books.projects.get(task.project_id), task, task.due_minute), zone)
    return verbatim(f"{bare_day(task.due)} {clock(task.due_minute)}")


def _asked_of_me(ctx: Ctx) -> list[Text]:
    """Blockers that ask this person."""
    return [
        say(
            "{ref} {words}（{who}）",
            "{ref} {words} ({who})",
            ref=blocker.ref,
            words=cut(blocker.words, 28),
            who=blocker.name,
        )
        for blocker in ctx.books.blockers.open_in(ctx.project.id)
        if blocker.helper == ctx.person.id and not blocker.answer
    ]


def _to_decide(ctx: Ctx) -> list[Text]:
    """Approvals where it is this person's turn."""
    return [line(ctx, sheet) for sheet in waiting_for(ctx)]


def _sent_back(ctx: Ctx) -> list[Text]:
    """Approvals of this person's own that were sent back lately: it is their turn to change them."""
    return [
        say("{head} 被退回，改好发：/审批 改 {ref} …", "{head} was sent back; when changed: /approve change {ref} …",
            head=head(approval), ref=approval.ref)
        for approval in ctx.books.approvals.returned_to(ctx.person.id, ctx.at - LATELY)
        if not ctx.in_group or approval.project_id == ctx.project.id
    ]  # fmt: skip


def _to_take(ctx: Ctx) -> list[Text]:
    """What somebody wants to hand over to this person."""
    return [
        say("{giver} 的交接：接受交接 / 不接交接 原因", "{giver}'s work: accept handover / refuse handover why",
            giver=one.giver_name)
        for one in ctx.books.handovers.concerning(ctx.person.id)
        if one.taker == ctx.person.id and (not ctx.in_group or one.project_id == ctx.project.id)
    ]  # fmt: skip


def _undecided(ctx: Ctx) -> list[Text]:
    """Approvals this person wants."""
    return [line(ctx, sheet, who=True) for sheet in asked_by(ctx)]


def _asked_by_me(ctx: Ctx) -> list[Text]:
    """Blockers this person reported."""
    return [
        say(
            "{ref} {words}（{who}）",
            "{ref} {words} ({who})",
            ref=blocker.ref,
            words=cut(blocker.words, 28),
            who=blocker.helper_name or say("待回应", "nobody yet"),
        )
        for blocker in ctx.books.blockers.open_in(ctx.project.id)
        if blocker.person == ctx.person.id
    ]


def _to_answer(ctx: Ctx) -> list[Text]:
    """Questions that wait for this person."""
    return [_question(ctx, ask, ask.asker_name) for ask in ctx.books.asks.waiting_for(ctx.person.id)]


def _unanswered(ctx: Ctx) -> list[Text]:
    """Questions of this person that somebody has not answered."""
    return [
        _question(ctx, ask, listed(_missing(ctx, one) for one in ask.missing[:5]))
        for ask in ctx.books.asks.by(ctx.person.id)
        if ask.missing
    ]


def _missing(ctx: Ctx, one: Asked) -> Text:
    """``赵六（已读）``, where a platform tells and nobody else reads this."""
    read = NOTHING if ctx.in_group else read_mark(one)
    return say("{who}{read}", "{who}{read}", who=one.name, read=read)


def _question(ctx: Ctx, ask: Ask, who: str | Text) -> Text:
    """``R1 主图尺寸定哪个？ 16:00（张三）``."""
    local = ask.due_at.astimezone(ctx.zone)
    zone = None if ctx.in_group else reader_of(ctx.project, ctx.person, ctx.at)
    when = f"{local:%H:%M}" if local.date() == ctx.today else f"{bare_day(local.date())} {local:%H:%M}"
    at = own(ask.due_at, zone) if zone else when
    return say(
        "{ref} {words} {at}（{who}）", "{ref} {words} {at} ({who})",
        ref=ask.ref, words=cut(ask.words, 28), at=at, who=who,
    )  # fmt: skip
