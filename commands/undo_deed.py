"""Take back what is no change of a task: leave, the calendar, a report, a blocker, a question, a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from chat.errors import UserError
from chat.text import Text, listed, say
from commands.approve_change import withdrawn
from commands.approve_desk import approval_by_id
from commands.ask_answer import redraw
from commands.calendar import rearranged
from commands.context import Ctx
from commands.daily_desk import desk_of
from commands.repeat_rule import take_back
from planning.away import Part
from reports import approval_away, person_left
from reports.asks import disarm
from reports.away import bare, correct
from reports.daily_desk import Desk
from reports.daily_filing import Source, file, withdraw
from reports.days import bare_day
from storage.blockers import Blocker
from storage.deeds import Deed

WITHIN = timedelta(minutes=10)
LATER = say("后来又改过，不能直接撤销。", "It was changed again since and cannot simply be undone.")


def undo_deed(ctx: Ctx, deed: Deed) -> Text:
    """Their own last deed here; what to answer. Raises UserError: too late, changed since, or it stands for good."""
    if ctx.at - deed.at > WITHIN:
        raise UserError(
            say("超过 10 分钟，不能撤销了。请直接改回去。", "More than 10 minutes ago. Please change it back yourself.")
        )
    text = _WAYS[deed.kind](ctx, deed)
    ctx.books.deeds.undo(deed)
    return text


def _leave(ctx: Ctx, deed: Deed) -> Text:
    person = ctx.books.people.get(deed.detail["person"])
    days: dict[date, Part] = {}
    for project, was in deed.detail["was"].items():
        desk = Desk(ctx.books, ctx.speaker, ctx.books.projects.get(int(project)))
        before: dict[date, Part | None] = {date.fromisoformat(day): part for day, part in was.items()}
        ctx.books.leaves.remove(desk.project.id, person.id, [day for day, part in before.items() if part is None])
        ctx.books.leaves.put(desk.project.id, person.id, {day: part for day, part in before.items() if part})
        correct(desk, (day for day in before if day <= ctx.today))
        days |= dict.fromkeys(before, "day")
    approval_away.arm(ctx.books, person)
    return say(
        "已撤销 {who} {days} 的休假改动。", "Undone: days off of {who}, {days}.", who=person.name, days=bare(days)
    )


def _calendar(ctx: Ctx, deed: Deed) -> Text:
    was: Mapping[str, Any] = deed.detail["was"]
    for day, said in was.items():
        if said is None:
            ctx.books.calendars.back_to_base(ctx.project.id, date.fromisoformat(day))
        else:
            ctx.books.calendars.override(ctx.project.id, date.fromisoformat(day), said[0], said[1], ctx.person.id)
    rearranged(ctx)
    return say("已撤销日历 {days} 的改动。", "Undone: the calendar, {days}.",
               days=bare({date.fromisoformat(day): "day" for day in was}))  # fmt: skip


def _daily(ctx: Ctx, deed: Deed) -> Text:
    report = ctx.books.daily.get(deed.detail["report"])
    if report is None or report.withdrawn or report.version != deed.detail["version"]:
        raise UserError(LATER)
    desk = desk_of(ctx, ctx.project)
    before = ctx.books.daily.wording(report, report.version - 1) if deed.detail["was_in"] else None
    if before is None:
        withdraw(desk, report)
        return say("已撤回 {day} 日报，重发即可。", "Report for {day} taken back; just send it again.",
                   day=bare_day(report.day))  # fmt: skip
    file(desk, ctx.books.people.get(report.person), report.day, before, Source("change"))
    return say("{day} 日报已恢复成上一版。", "The report for {day} is as it was before.", day=bare_day(report.day))


def _blocker(ctx: Ctx, deed: Deed) -> Text:
    blocker = _numbered(ctx, deed)
    if blocker.state != "open":
        raise UserError(LATER)
    ctx.books.blockers.drop(blocker)
    return say("已撤销 {ref}，不再请人回应。", "Undone: {ref}; nobody is asked any more.", ref=blocker.ref)


def _solved(ctx: Ctx, deed: Deed) -> Text:
    blocker = _numbered(ctx, deed)
    if not ctx.books.blockers.reopen(blocker):
        raise UserError(LATER)
    return say("{ref} 又打开了，没有解决。", "{ref} is open again.", ref=blocker.ref)


def _numbered(ctx: Ctx, deed: Deed) -> Blocker:
    blocker = ctx.books.blockers.numbered(deed.project, deed.detail["number"])
    assert blocker is not None, "blockers stay"
    return blocker


def _ask(ctx: Ctx, deed: Deed) -> Text:
    ask = ctx.books.asks.get(deed.detail["ask"])
    if ask is None or not ctx.books.asks.close(ask):
        raise UserError(LATER)
    disarm(ctx.books, ask)
    redraw(ctx, Desk(ctx.books, ctx.speaker, ctx.project), ctx.books.asks.get(ask.id) or ask)
    return say("已撤销 {ref}，不再等回复。", "Undone: {ref}; nobody need answer.", ref=ask.ref)


def _repeat(ctx: Ctx, deed: Deed) -> Text:
    before = take_back(ctx, deed.detail)
    if before is None:
        raise UserError(LATER)
    return say("已撤销重复 {n} 的改动。", "Undone: the change of repeat {n}.", n=before.number)


def _approval(ctx: Ctx, deed: Deed) -> Text:
    return withdrawn(ctx, approval_by_id(ctx, deed.detail["approval"]))


def _vote(_: Ctx, deed: Deed) -> Text:
    raise UserError(
        say(
            "{ref} 的表态不能撤销。要重来，请发起人发：/审批 改 {ref} 新内容",
            "What was said about {ref} stands. To begin anew, who asked sends: /approve change {ref} new words",
            ref=deed.detail["ref"],
        )
    )


def _choice(_: Ctx, deed: Deed) -> Text:
    raise UserError(
        say(
            "{ref} 已经定了，不能撤销。要改就再发起一次：/决策 …",
            "{ref} is decided and cannot be undone. To decide anew: /decide …",
            ref=deed.detail["ref"],
        )
    )


def _answer(_: Ctx, deed: Deed) -> Text:
    raise UserError(
        say(
            "{ref} 的回复撤不回，再发一次就以新的为准：{ref} 你的话",
            "An answer to {ref} cannot be taken back; send it again and the new one counts: {ref} your words",
            ref=deed.detail["ref"],
        )
    )


def _gone(ctx: Ctx, deed: Deed) -> Text:
    people = [ctx.books.people.get(number) for number in deed.detail["people"]]
    returned = [person_left.come_back(ctx.books, person) for person in people if person.left_at is not None]
    if not returned:
        raise UserError(LATER)
    return say(
        "已撤销：{who} 照常提醒、计入。", "Undone. As before, prompted and counted: {who}.",
        who=listed(person.name for person in returned),
    )  # fmt: skip


_WAYS: Mapping[str, Callable[[Ctx, Deed], Text]] = {
    "leave": _leave,
    "calendar": _calendar,
    "daily": _daily,
    "blocker": _blocker,
    "solved": _solved,
    "ask": _ask,
    "repeat": _repeat,
    "approval": _approval,
    "vote": _vote,
    "choice": _choice,
    "answer": _answer,
    "gone": _gone,
}
