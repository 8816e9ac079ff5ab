"""The requester's side: take it back, change it (a new round), ask again after it expired.

``/审批 撤回 P1``, ``/审批 改 P1 预算追加5万元 截止 10-12 18:00``
"""

from __future__ import annotations

import re
from datetime import datetime

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.approve import below, put, without_oneself
from commands.approve_desk import (
    approval_by_id,
    approval_said,
    check_round,
    closed,
    desk_of,
    require_manager,
    require_open,
)
from commands.approve_line import as_set, check_strangers, default_deadline, take_deadline, take_mode, wording
from commands.arguments import Everyone, take
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import button, command, hears
from commands.reply import Pressed, Reply
from planning.approval import Mode
from planning.approval_words import compare, reworded
from reports.approval_cards import CHOICE, MODE, head, names
from reports.approval_desk import Desk, is_apart
from storage.approval_sheet import Approval, Sheet
from storage.people import Person

WITHDRAW = say("撤回", "withdraw")
CHANGE = say("改", "change")
_BACK = say("/审批 撤回 P1", "/approve withdraw P1")
_SHOWN = say("/审批 改 P1 预算追加5万元", "/approve change P1 extra budget 50000")


# --- take it back --------------------------------------------------------------------------------------------------


@command(
    "审批 撤回", "approve withdraw",
    usage=say("撤回自己发起的审批", "Withdraw a request of yours"),
    example=_BACK,
)  # fmt: skip
def withdraw(ctx: Ctx) -> Reply:
    """Those who voted already get one line."""
    approval = approval_said(ctx, say("撤回", "Withdraw"), _BACK)
    return Reply(text_card(withdrawn(ctx, approval)))


@hears(r"^\s*(撤回|撤销|取消|withdraw)\s*p[ \-_.#]?\d{1,7}[\s。.!~]*$", rank=10)
def withdraw_said(ctx: Ctx, match: re.Match[str] | None) -> Reply:
    """``撤回 P1``."""
    assert match is not None
    ctx.line.cut(match.start(1), match.end(1))
    return withdraw(ctx)


@button("approval.withdraw")
def withdraw_pressed(ctx: Ctx, approval_id: int, in_round: int) -> Pressed:
    approval = approval_by_id(ctx, approval_id)
    check_round(ctx, approval, in_round)
    text = withdrawn(ctx, approval)
    return Pressed(text, text_card(text))


def withdrawn(ctx: Ctx, approval: Approval) -> Text:
    """Close it, unless it is decided; who voted already gets one line. Raises UserError."""
    require_manager(ctx, approval, WITHDRAW)
    if approval.state != "returned":
        require_open(ctx, approval)
    desk = desk_of(ctx, approval)
    sheet = desk.sheet(approval)
    ctx.books.approvals.close(approval, "withdrawn")
    desk.disarm(approval)
    desk.redraw(approval)
    for person_id in dict.fromkeys(vote.person for vote in sheet.votes if vote.person != ctx.person.id):
        said = sheet.said_by(person_id)
        assert said is not None
        text = say(
            "{who} 撤回了 {head}，{at} 的{choice}不再算数。",
            "{who} withdrew {head}; that it was {choice} at {at} no longer counts.",
            who=ctx.person.name,
            head=head(approval),
            at=desk.look(approval).clock(said.at),
            choice=CHOICE[said.choice],
        )
        desk.tell_person(person_id, approval, text_card(text))
    return say("{head} 已撤回。", "{head} was withdrawn.", head=head(approval))


# --- change it -----------------------------------------------------------------------------------------------------


@command(
    "审批 改", "approve change", "审批 修改",
    usage=say("改内容、截止或审批人，重新开始一轮", "Change a request: a new round begins"),
    example=_SHOWN,
)  # fmt: skip
def change(ctx: Ctx) -> Reply:
    """Every vote of the round before is void; the approvers read what is different."""
    approval = approval_said(ctx, say("改", "Change"), _SHOWN)
    require_manager(ctx, approval, CHANGE)
    if approval.state in ("approved", "rejected", "withdrawn"):
        raise UserError(
            say("{closed}，不能再改。要再提，请重新发起：/审批 …",
                "{closed}: it cannot be changed. Ask anew: /approve …", closed=closed(ctx, approval))
        )  # fmt: skip
    desk = desk_of(ctx, approval)
    sheet = desk.sheet(approval)
    people, notes = without_oneself(desk, take(Everyone, ctx), approval.requester)
    here_still(*people)
    wished = take_mode(ctx)
    mode = None if wished is None else as_set(ctx, wished)
    deadline = take_deadline(ctx, _SHOWN)
    check_strangers(ctx)
    said = ctx.line.rest
    title, detail = wording(_reworded(approval, said)) if said else (approval.title, approval.detail)
    changes = _differences(desk, sheet, title, mode, deadline, people)
    if not changes and detail == approval.detail:
        raise UserError(
            say("{ref} 没有变化。例：{example}", "{ref}: nothing is different. Example: {example}", ref=approval.ref,
                example=_SHOWN)
        )  # fmt: skip
    if deadline is None:
        deadline = _still_ahead(ctx, approval)
    before = approval
    what = join(changes, "；", "; ") if changes else say("内容有变", "The wording changed")
    approval = ctx.books.approvals.again(approval, title, detail, mode or approval.mode, deadline, "changed", what)
    _seat_again(ctx, desk, approval, sheet, people)
    return _new_round(ctx, desk, before, approval, notes)


def _reworded(approval: Approval, said: str) -> str:
    """Raises UserError: a sum is announced and none follows; what is asked for stays as it was."""
    words = reworded(approval.title, said)
    if not words:
        raise UserError(
            say("没看懂金额「{words}」，没有改动。例：/审批 改 {ref} 金额 5万",
                "I cannot read the amount “{words}”; nothing was changed. Example: /approve change {ref} amount 50000",
                words=said[:30], ref=approval.ref)
        )  # fmt: skip
    return words


def _differences(
    desk: Desk, sheet: Sheet, title: str, mode: Mode | None, deadline: datetime | None, people: list[Person]
) -> list[Text]:
    approval, look = sheet.approval, desk.look(sheet.approval)
    found: list[Text] = []
    if (words := compare(approval.title, title)) is not None:
        what = say("金额", "Amount") if words.amount else say("内容", "Wording")
        found.append(_from_to(what, words.before, words.after))
    if mode is not None and mode is not approval.mode:
        found.append(_from_to(say("方式", "Mode"), MODE[approval.mode], MODE[mode]))
    if deadline is not None and deadline != approval.deadline:
        found.append(_from_to(say("截止", "Due"), look.day(approval.deadline), look.day(deadline)))
    if people and [person.id for person in people] != [seat.person for seat in sheet.seats]:
        found.append(_from_to(say("审批人", "Approvers"), names(sheet.seats), listed(p.name for p in people)))
    return found


def _from_to(what: Text, before: Text | str, after: Text | str) -> Text:
    return say("{what} {before} → {after}", "{what} {before} → {after}", what=what, before=before, after=after)


def _still_ahead(ctx: Ctx, approval: Approval) -> datetime:
    return approval.deadline if approval.deadline > ctx.at else default_deadline(ctx)


def _seat_again(ctx: Ctx, desk: Desk, approval: Approval, before: Sheet, people: list[Person]) -> None:
    """The same people on the same seats, or those who were named."""
    if not people:
        for seat in before.seats:
            ctx.books.approvals.seat(approval, seat.person, apart=seat.apart, stands_for=seat.stands_for)
        return
    chat, here = desk.chat(approval), {mention.id for mention in ctx.thing.mentions}
    known = {seat.person: seat.apart for seat in before.seats}
    for person in people:
        apart = known.get(
            person.id, is_apart(ctx.books, ctx.speaker, chat, person.id, here if chat.id == ctx.chat.id else set())
        )
        ctx.books.approvals.seat(approval, person.id, apart=apart)


def _new_round(ctx: Ctx, desk: Desk, before: Approval, approval: Approval, notes: list[Text]) -> Reply:
    """The old card is void; a new one stands in the chat where it was asked, and whoever is there is called."""
    desk.arm(approval)
    desk.retire(
        before,
        say("🖊 {head}\n第 {n} 轮已作废，见新的一张。", "🖊 {head}\nRound {n} is void: see the new card.",
            head=head(before), n=before.round),
    )  # fmt: skip
    sheet, chat = desk.sheet(approval), desk.chat(approval)
    here = [seat for seat in sheet.asked if not seat.apart]
    called = desk.at(here, chat.platform) if here else None
    if chat.id == ctx.chat.id:
        return put(ctx, desk, approval, notes, called)
    card = below(desk.card(sheet, chat.platform), notes, called)
    ctx.speaker.in_chat(chat, desk.project, card, name=desk.name(approval, chat.platform))
    desk.summon(sheet, [seat for seat in sheet.asked if seat.apart])
    return Reply(text_card(say("{ref} 已改，第 {n} 轮开始。", "{ref} changed: round {n} begins.", ref=approval.ref,
                               n=approval.round)))  # fmt: skip


# --- after it expired ----------------------------------------------------------------------------------------------


@button("approval.again")
def again(ctx: Ctx, approval_id: int, in_round: int) -> Pressed:
    """As much time as before, from now; the votes of the round before are void."""
    approval = approval_by_id(ctx, approval_id)
    require_manager(ctx, approval, say("重新发起", "ask again for"))
    check_round(ctx, approval, in_round)
    if approval.state != "expired":
        raise UserError(say("{ref} 没有过期。", "{ref} has not expired.", ref=approval.ref))
    desk = desk_of(ctx, approval)
    before, sheet = approval, desk.sheet(approval)
    deadline = max(ctx.at + (approval.deadline - approval.opened_at), default_deadline(ctx))
    look = desk.look(approval)
    what = _from_to(say("截止", "Due"), look.day(before.deadline), look.day(deadline))
    approval = ctx.books.approvals.again(
        approval, approval.title, approval.detail, approval.mode, deadline, "again", what
    )
    _seat_again(ctx, desk, approval, sheet, [])
    said = _new_round(ctx, desk, before, approval, [])
    done = say("已重新发起。", "Asked again.")
    return Pressed(done, text_card(say("{ref} 已重新发起。", "{ref} was asked again.", ref=approval.ref)), said)
