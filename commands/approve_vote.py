"""Yes, no, or back to the requester: by button, by form, or in words.

``同意 P1``, ``拒绝 P1 预算已满``, ``退回 P1``
"""

from __future__ import annotations

import re
from functools import partial

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Locale, Text, say
from commands.approve import show
from commands.approve_desk import (
    REF,
    approval_by_id,
    approval_said,
    check_round,
    desk_of,
    needs,
    require_open,
    too_late,
)
from commands.approve_words import ANOTHER, NUMBER_FIRST, QUESTION, REFUSED_ASKED, WORD_FIRST, choice_of
from commands.context import Ctx
from commands.grammar import button, command, hears
from commands.reply import Pressed, Reply
from planning.approval import Choice, Mode
from reports.approval_cards import CHOICE, REASONS, names, outcome
from reports.approval_desk import Desk
from storage.approval_sheet import Approval, Sheet

LONGEST = 2000
"""Characters of a reason that are kept; cards show the beginning, the record has all of it."""
_VERBS: dict[Choice, Text] = {
    "yes": say("同意", "Approve"),
    "no": say("拒绝", "Reject"),
    "back": say("退回", "Send back"),
}
_EXAMPLES: dict[Choice, Text] = {
    "yes": say("同意 P1", "yes P1"),
    "no": say("拒绝 P1 预算已满", "no P1 over budget"),
    "back": say("退回 P1 缺报价单", "back P1 the offer is missing"),
}


# --- in words ------------------------------------------------------------------------------------------------------


@command(
    "同意", "approve yes", "审批 同意",
    usage=say("同意一个审批", "Approve a request"),
    example=_EXAMPLES["yes"],
)  # fmt: skip
def yes(ctx: Ctx) -> Reply:
    return said(ctx, "yes")


@command(
    "拒绝", "驳回", "approve no", "审批 拒绝",
    usage=say("拒绝一个审批，要写原因", "Reject a request, with a reason"),
    example=_EXAMPLES["no"],
)  # fmt: skip
def no(ctx: Ctx) -> Reply:
    return said(ctx, "no")


@command(
    "退回", "退回修改", "approve back", "审批 退回",
    usage=say("退回一个审批，改好再来", "Send a request back for changes"),
    example=_EXAMPLES["back"],
)  # fmt: skip
def back(ctx: Ctx) -> Reply:
    return said(ctx, "back")


@hears(WORD_FIRST, rank=10)
def word_first(ctx: Ctx, match: re.Match[str] | None) -> Reply:
    """``同意P1``, ``no P1 over budget``. English words are no commands: those would swallow answers to questions."""
    assert match is not None
    group = 1 if match.group(1) else 2
    ctx.line.cut(0, match.end(group))
    return said(ctx, choice_of(match))


@hears(NUMBER_FIRST, rank=10)
def number_first(ctx: Ctx, match: re.Match[str] | None) -> Reply:
    """``P1 同意``, ``P1 拒绝 预算已满``."""
    assert match is not None
    group = 1 if match.group(1) else 2
    ctx.line.cut(match.start(group), match.end() if group == 1 else match.end(group))
    return said(ctx, choice_of(match))


@hears(r"^\s*(approve)\s+p ?\d{1,7}[\s.!~]*$", rank=0)
def approve_said(ctx: Ctx, match: re.Match[str] | None) -> Reply | None:
    """``approve P1`` by who is asked; with a slash, or by others, it is a command that shows the card."""
    assert match is not None
    number = REF.search(ctx.line.folded)
    assert number is not None
    approval = ctx.books.approvals.numbered(ctx.project.id, int(number.group(1)))
    seated = approval is not None and ctx.books.approvals.sheet(approval).seated(ctx.person.id)
    if not seated and (ctx.in_group or not ctx.books.approvals.sitting(ctx.person.id)):
        return None
    ctx.line.cut(match.start(1), match.end(1))
    return said(ctx, "yes")


def said(ctx: Ctx, choice: Choice) -> Reply:
    """A vote in words; its number and reason are what is left of the line. Raises UserError."""
    approval = approval_said(ctx, _VERBS[choice], _EXAMPLES[choice], bare=True)
    if ANOTHER.match(ctx.line.folded):
        raise UserError(
            say("一次只能处理一个，没有改动。请分开发，例：{example}",
                "One at a time, please; nothing was changed. Example: {example}", example=_EXAMPLES[choice])
        )  # fmt: skip
    if QUESTION.search(ctx.line.folded) if choice == "yes" else REFUSED_ASKED.fullmatch(ctx.line.rest):
        return show(ctx, approval)
    reason = ctx.line.rest
    desk = desk_of(ctx, approval)
    told, news = _vote(ctx, desk, approval, choice, reason, via="words", version=0)
    if news is None:
        return Reply(text_card(told))
    if ctx.chat.id == approval.chat_id:
        return Reply(text_card(news))
    desk.tell(approval, text_card(news))
    return Reply(text_card(told))


# --- pressed -------------------------------------------------------------------------------------------------------


@button("approval.yes")
def yes_pressed(ctx: Ctx, approval: int, in_round: int) -> Pressed:
    return _pressed(ctx, approval, in_round, "yes", "")


@button("approval.back")
def back_pressed(ctx: Ctx, approval: int, in_round: int) -> Pressed:
    return _pressed(ctx, approval, in_round, "back", "")


@button("approval.no")
def no_pressed(ctx: Ctx, approval: int, in_round: int, preset: int = 0) -> Pressed:
    """The form's field ``why``, or the number of one of four reasons."""
    why = ctx.action.fields.get("why", "").strip()
    if 1 <= preset <= len(REASONS):
        why = REASONS[preset - 1].plain(ctx.locale)
    return _pressed(ctx, approval, in_round, "no", why)


def _pressed(ctx: Ctx, approval_id: int, in_round: int, choice: Choice, reason: str) -> Pressed:
    approval = approval_by_id(ctx, approval_id)
    check_round(ctx, approval, in_round)
    desk = desk_of(ctx, approval)
    told, news = _vote(ctx, desk, approval, choice, reason, via="button", version=ctx.action.version)
    if news is not None:
        desk.tell(approval, text_card(news))
    return Pressed(told, drawing=partial(desk.drawn_at_end, approval, ctx.chat.platform))


# --- what both mean ------------------------------------------------------------------------------------------------


def _vote(
    ctx: Ctx, desk: Desk, approval: Approval, choice: Choice, reason: str, *, via: str, version: int
) -> tuple[Text, Text | None]:
    """(what the voter is told, what everybody is told if that decided it or made it somebody's turn).

    version: of the card that was looked at; 0: nobody knows which. Raises UserError: it does not count, and why.
    """
    sheet = desk.sheet(approval)
    _check(ctx, desk, sheet)
    if choice == "no" and not reason:
        raise UserError(
            say(
                "请写原因，例：拒绝 {ref} 预算已满", "Please give a reason, e.g. no {ref} over budget", ref=approval.ref
            )
        )
    seen = ctx.books.evidence.seen(approval.id, version, _read_in(ctx))
    while mine := [seat for seat in sheet.asked if seat.person == ctx.person.id]:
        counted = ctx.books.approvals.vote(
            sheet.approval, mine[0], choice, reason[:LONGEST], via=via, platform=ctx.chat.platform,
            message_id=ctx.thing.message_id or ctx.thing.key, seen=seen,
        )  # fmt: skip
        assert counted, "one writer: nobody came between"
        sheet = desk.sheet(approval)
        if sheet.decision.result != "open":
            break
    ctx.books.deeds.add(approval.project_id, ctx.person.id, "vote", ref=approval.ref)
    return _settle(desk, sheet, choice)


def _read_in(ctx: Ctx) -> Locale:
    """The language of the card that was pressed, where it is known which."""
    return ctx.books.outbox.locale_of(ctx.chat.platform, ctx.thing.message_id) or ctx.locale


def _check(ctx: Ctx, desk: Desk, sheet: Sheet) -> None:
    """Is it open, and is it this person's turn? Raises UserError."""
    approval = sheet.approval
    mine = [seat for seat in sheet.asked if seat.person == ctx.person.id]
    said = sheet.said_by(ctx.person.id)
    if said is not None and not mine:
        at = desk.clock(said.at)
        raise UserError(say("你已于 {at} {choice}", "You {choice} this at {at}", at=at, choice=CHOICE[said.choice]))
    if approval.state != "open":
        raise UserError(too_late(ctx, sheet))
    require_open(ctx, approval)
    if mine:
        return
    if sheet.seated(ctx.person.id):
        raise UserError(
            say("还没轮到你，{ref} 先等 {who}。", "It is not your turn yet: {ref} waits for {who} first.",
                ref=approval.ref, who=names(sheet.asked))
        )  # fmt: skip
    raise UserError(needs(sheet), audit="approval.vote")


def _settle(desk: Desk, sheet: Sheet, choice: Choice) -> tuple[Text, Text | None]:
    """Close what is decided, once; redraw; call the next."""
    approval, result = sheet.approval, sheet.decision.result
    if result == "open":
        told = say(
            "已同意 {ref}（{yes}/{n}）" if choice == "yes" else "已拒绝 {ref}（同意 {yes}/{n}）",
            "{ref}: approved ({yes}/{n})" if choice == "yes" else "{ref}: rejected ({yes}/{n} approved)",
            ref=approval.ref,
            yes=sheet.decision.yes,
            n=len(sheet.seats),
        )
        return told, _next(desk, sheet, told)
    closed = desk.books.approvals.close(approval, result)
    assert closed, "one writer: nobody came between"
    desk.disarm(approval)
    desk.redraw_at_end(approval)
    sheet = desk.sheet(approval)
    text = outcome(sheet, desk.look(approval))
    if result == "returned":
        text = say(
            "{text}。改好后发：/审批 改 {ref} …", "{text}. When it is changed: /approve change {ref} …", text=text,
            ref=approval.ref,
        )  # fmt: skip
    told = say("已{choice} {ref}", "{ref}: {choice}", ref=approval.ref, choice=CHOICE[choice])
    return told, text


def _next(desk: Desk, sheet: Sheet, told: Text) -> Text | None:
    """One after the other: the next is told that it is their turn, directly when they are not in the chat."""
    approval = sheet.approval
    if approval.mode is not Mode.IN_TURN:
        desk.redraw_at_end(approval)
        return None
    desk.redraw(approval)
    desk.summon(sheet, [seat for seat in sheet.asked if seat.apart])
    here = [seat for seat in sheet.asked if not seat.apart]
    if not here:
        return None
    who = desk.at(here, desk.chat(approval).platform)
    return say("{told}，轮到 {who}。", "{told}; it is the turn of {who}.", told=told, who=who)
