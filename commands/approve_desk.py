"""The only way to get an approval: does it exist, does it concern this person, and what state is it in?"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import NOTHING, Text, say
from commands.access import allowed_in, alone_for
from commands.context import Ctx
from commands.line import fold
from reports.approval_cards import CHOICE, names, outcome
from reports.approval_desk import SELF, Desk
from storage.approval_sheet import Approval, Sheet

REF = re.compile(r"(?<![a-z0-9])p[ \-_.#]?(\d{1,7})(?![a-z0-9])")
_BARE = re.compile(
    r"^\s*+(?:#|no\.?|第|编号|(?P<other>[a-oq-z]))?\s*+(\d{1,7})(?:\s*+[号个条])?(?=\s*+$|[\s,，。.:：;；!！])"
)
_CARD = re.compile(r"approval:(\d+):(\d+)(?::t)?")


def desk_of(ctx: Ctx, approval: Approval) -> Desk:
    project = ctx.project if ctx.project.id == approval.project_id else ctx.books.projects.get(approval.project_id)
    return Desk(ctx.books, ctx.speaker, project)


def approval_by_id(ctx: Ctx, approval_id: int) -> Approval:
    """What a card or button names. Raises UserError: it is gone, or this person has nothing to do with its project."""
    approval = ctx.books.approvals.get(approval_id)
    if approval is None or not _concerns(ctx, approval):
        raise UserError(say("没找到这个审批。", "This request cannot be found."))
    alone_for(ctx, approval.project_id)
    return approval


def _concerns(ctx: Ctx, approval: Approval) -> bool:
    if approval.project_id == ctx.project.id or approval.requester == ctx.person.id:
        return True
    if ctx.books.people.role(approval.project_id, ctx.person.id):
        return True
    return bool(ctx.books.approvals.sheet(approval).seated(ctx.person.id))


def approval_said(ctx: Ctx, verb: Text, example: Text, *, bare: bool = False) -> Approval:
    """``P1`` in the line (it is cut out); without one the card replied to, or the only one that waits for them here.

    In a direct chat a number may be of any project: the one that waits for this person comes first. bare: a number
    that begins the line is one, too. Raises UserError.
    """
    match = ctx.line.take(REF)
    if match is not None:
        return _numbered(ctx, int(match.group(1)))
    if bare and (match := _BARE.match(ctx.line.folded)) is not None:
        if match["other"]:
            raise UserError(
                say("{code} 不是审批，没有改动。审批的编号是 P 开头，例：{example}",
                    "{code} is no request; nothing was changed. Their numbers begin with P. Example: {example}",
                    code=match.group().strip().upper(), example=example)
            )  # fmt: skip
        ctx.line.cut(match.start(), match.end())
        return _numbered(ctx, int(match.group(2)))
    if (approval := _replied_to(ctx)) is not None:
        return approval
    waiting = waiting_for(ctx)
    if len(waiting) == 1:
        return waiting[0].approval
    raise UserError(
        say("{verb}哪个审批？例：{example}", "{verb} which request? Example: {example}", verb=verb, example=example)
    )


def _replied_to(ctx: Ctx) -> Approval | None:
    """Its card, or a line of ours that names it: a reminder. Raises UserError: the card is of an older round."""
    if (card := round_of(ctx)) is not None:
        approval = approval_by_id(ctx, card[0])
        check_round(ctx, approval, card[1])
        return approval
    quote = ctx.thing.quote
    if ctx.quoted_name or quote is None or quote.sender is None or quote.sender.id != ctx.thing.bot_id:
        return None
    named = REF.search(fold(quote.text.split("\n", 1)[0]))
    return _numbered(ctx, int(named.group(1))) if named else None


def round_of(ctx: Ctx) -> tuple[int, int] | None:
    """(approval, round) of the card that was replied to."""
    card = _CARD.fullmatch(ctx.quoted_name)
    return (int(card.group(1)), int(card.group(2))) if card else None


def about(ctx: Ctx, number: int) -> Approval | None:
    """The request of this number, if this person asked for it or is asked."""
    here = ctx.books.approvals.numbered(ctx.project.id, number)
    if here is None and not ctx.in_group:
        here = next(iter(ctx.books.approvals.called(number, ctx.person.id)), None)
    if here is None or not (here.requester == ctx.person.id or ctx.books.approvals.sheet(here).seated(ctx.person.id)):
        return None
    return here


def _numbered(ctx: Ctx, number: int) -> Approval:
    here = ctx.books.approvals.numbered(ctx.project.id, number)
    if not ctx.in_group:
        mine = ctx.books.approvals.called(number, ctx.person.id)
        waiting = [
            each for each in mine if any(s.person == ctx.person.id for s in ctx.books.approvals.sheet(each).asked)
        ]
        if len(waiting) > 1 and here not in waiting:
            raise UserError(
                say(
                    "有 {n} 个项目的 P{number} 在等你。请点卡片上的按钮，或引用那张卡片回复。",
                    "P{number} of {n} projects waits for you. Press a button on the card, or reply to the card.",
                    n=len(waiting), number=number,
                )
            )  # fmt: skip
        if here not in waiting:
            here = next(iter(waiting), None) or here or next(iter(mine), None)
    if here is None:
        raise UserError(
            say(
                "没找到审批 P{n}。发「/审批」看看有哪些。",
                "There is no request P{n}. Send “/approve” to see them.",
                n=number,
            )
        )
    return here


def waiting_for(ctx: Ctx) -> list[Sheet]:
    """Open ones where it is this person's turn: of this group's project, or in a direct chat of all."""
    sheets = [
        ctx.books.approvals.sheet(each)
        for each in ctx.books.approvals.sitting(ctx.person.id)
        if not ctx.in_group or each.project_id == ctx.project.id
    ]
    return [sheet for sheet in sheets if any(seat.person == ctx.person.id for seat in sheet.asked)]


def manages(ctx: Ctx, approval: Approval) -> bool:
    """Its requester, and the project's admins."""
    return approval.requester == ctx.person.id or allowed_in(ctx, approval.project_id, "approval.manage")


def require_manager(ctx: Ctx, approval: Approval, verb: Text) -> None:
    """Raises UserError, audited."""
    if not manages(ctx, approval):
        raise UserError(
            say("{ref} 由 {who} 发起，只有 {who} 或管理员能{verb}。",
                "{ref} is from {who}: only {who} or an admin can {verb} it.",
                ref=approval.ref, who=approval.requester_name, verb=verb),
            audit="approval.manage",
        )  # fmt: skip


def check_round(ctx: Ctx, approval: Approval, in_round: int) -> None:
    """Raises UserError: what was pressed is about an older wording."""
    if in_round != approval.round:
        raise UserError(
            say("{ref} 已改成第 {n} 轮，这张卡片作废了，请看最新的一张。",
                "{ref} is in round {n} now: this card is void, please see the newest one.",
                ref=approval.ref, n=approval.round)
        )  # fmt: skip


def require_open(ctx: Ctx, approval: Approval) -> None:
    """Raises UserError with the state it is in."""
    if approval.state != "open" or ctx.at >= approval.deadline:
        raise UserError(closed(ctx, approval))


def closed(ctx: Ctx, approval: Approval) -> Text:
    """What became of it, for who comes too late."""
    if approval.state == "withdrawn":
        return say("已撤回", "This was withdrawn.")
    if approval.state in ("expired", "open"):
        return say("已过期", "This has expired.")
    desk = desk_of(ctx, approval)
    return outcome(desk.sheet(approval), desk.look(approval))


def needs(sheet: Sheet) -> Text:
    return say("{ref} 需要 {who} 处理", "{ref} is for {who} to decide", ref=sheet.approval.ref, who=names(sheet.asked))


def self_allowed(desk: Desk) -> bool:
    return bool(desk.project.settings.get(SELF))


def too_late(ctx: Ctx, sheet: Sheet) -> Text:
    """To somebody with a seat, whose press did not count: who was faster, if that is why."""
    done = sheet.votes[-1] if sheet.approval.state in ("approved", "rejected", "returned") and sheet.votes else None
    if done is None or len(sheet.silent) == 0 or not sheet.seated(ctx.person.id) or sheet.approval.mode.value != "any":
        return closed(ctx, sheet.approval)
    at = desk_of(ctx, sheet.approval).clock(done.at)
    return say(
        "已由 {who} 于 {at} {choice}，你的操作未计入",
        "{who} {choice} it at {at}; yours was not counted",
        who=done.name, at=at, choice=CHOICE.get(done.choice, NOTHING),
    )  # fmt: skip
