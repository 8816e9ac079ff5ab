"""Somebody said yes: every open thing of the one becomes the other's, each in its own way."""

from __future__ import annotations

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.ask_answer import redraw as redraw_ask
from commands.context import Ctx
from commands.milestone_change import redraw as redraw_milestone
from commands.milestone_change import untick
from commands.task_change import change
from reports.approval_desk import SELF
from reports.approval_desk import Desk as ApprovalDesk
from reports.approval_gone import reseat
from reports.daily_desk import Desk
from reports.handover import Items, items_of
from storage.handovers import Handover
from storage.milestones import Milestone
from storage.people import Person


def take_over(ctx: Ctx, found: Handover) -> Text:
    """What to say of it. Raises UserError: it was answered meanwhile, or nothing is left."""
    role = ctx.books.people.role(found.project_id, ctx.person.id) or "guest"
    project = ctx.books.projects.get(found.project_id)
    there = Ctx(ctx.books, ctx.thing, ctx.chat, project, ctx.person, role, ctx.abilities)
    if not there.books.handovers.close(found, "accepted"):
        raise UserError(say("这份交接已经答复过了。", "This handover was answered already."))
    items = items_of(there.books, found.project_id, found.giver)
    kept = _moved(there, found, items)
    there.books.audit(project.id, "handover", "done", f"person {found.giver} -> {found.taker}: {len(items)}")
    if not len(items):
        text = say("{giver} 名下已经没有要交接的。", "{giver} has nothing open any more.", giver=found.giver_name)
    else:
        text = say(
            "✅ {taker} 接下了 {giver} 的 {counted}。", "✅ {taker} took over from {giver}: {counted}.",
            taker=found.taker_name, giver=found.giver_name, counted=items.counted(),
        )  # fmt: skip
    if kept:
        text = join([text, say("没转：{kept}。", "Not moved: {kept}.", kept=listed(kept))])
    there.speaker.redraw(found.card, text_card(text))
    elsewhere(there, found, text)
    return text


def _moved(ctx: Ctx, found: Handover, items: Items) -> list[Text]:
    """What could not be moved, and why."""
    books, taker = ctx.books, ctx.books.people.get(found.taker)
    giver = books.people.get(found.giver)
    for task in items.tasks:
        change(ctx, task, "交接", owner=taker.id, owner_name=taker.name, owner_zone=taker.zone)
    kept: list[Text] = []
    desk = ApprovalDesk(books, ctx.speaker, ctx.project)
    for sheet in items.approvals:
        if sheet.approval.requester == taker.id and not ctx.project.settings.get(SELF):
            kept.append(say("{ref}（自己发起的不能自审）", "{ref} (nobody approves their own)", ref=sheet.approval.ref))
        else:
            reseat(desk, sheet, giver, taker)
    for ask in items.asked:
        redraw_ask(ctx, Desk(books, ctx.speaker, ctx.project), books.asks.pass_on(ask, giver.id, taker.id))
    for ask in items.asking:
        books.asks.ask_for(ask, taker.id)
    for blocker in {blocker.id: blocker for blocker in (*items.helping, *items.stuck)}.values():
        books.blockers.pass_on(blocker, giver.id, taker.id)
    stays = [milestone for milestone in items.milestones if not _take_milestone(ctx, milestone, giver, taker)]
    kept += [say("{ref}（负责人和验收人不能是同一个人）", "{ref} (owner and verifier must be two people)", ref=one.ref)
             for one in stays]  # fmt: skip
    return kept


def _take_milestone(ctx: Ctx, milestone: Milestone, giver: Person, taker: Person) -> bool:
    """False: its owner and who verifies it would be the same person."""
    side = "owner" if milestone.owner == giver.id else "verifier"
    if taker.id == (milestone.verifier if side == "owner" else milestone.owner):
        return False
    after = ctx.books.milestones.change(milestone, note="交接", **{side: taker.id})
    untick(ctx, after, side)
    redraw_milestone(ctx, after)
    return True


def elsewhere(ctx: Ctx, found: Handover, text: Text) -> None:
    """Who gave and who offered it hear it, too; the group where it was offered, when it was answered elsewhere."""
    chat = ctx.books.projects.chat_by_id(found.chat)
    project = ctx.books.projects.get(found.project_id)
    if chat.kind == "group" and chat.id != ctx.chat.id:
        ctx.speaker.in_chat(chat, project, text_card(text))
    for person in sorted({found.giver, found.maker} - {ctx.person.id}):
        ctx.speaker.to_person(ctx.books.people.get(person), project, text_card(text))
