"""Who sits where: hand a seat on, add one, fill the seat of somebody who left.

``/审批 转交 P1 @陈晨``, ``/审批 加签 P1 @陈晨``, ``/审批 代理 @陈晨``
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, say
from commands.approve import NOT_ONESELF
from commands.approve_desk import (
    approval_by_id,
    approval_said,
    check_round,
    desk_of,
    manages,
    needs,
    require_manager,
    require_open,
    self_allowed,
)
from commands.approve_line import PATIENCE, check_strangers, only_names
from commands.arguments import Everyone, Rest, Someone, take
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import answers, button, command
from commands.reply import Pressed, Reply, reply
from planning.approval import Mode
from reports.approval_desk import Desk, is_apart
from reports.approval_gone import absent
from storage.approval_sheet import Approval, Seat, Sheet
from storage.people import Person

_HAND = say("/审批 转交 P1 @陈晨", "/approve delegate P1 @Chen")
_PROXY = say("/审批 代理 @陈晨", "/approve proxy @Chen")
_NOBODY = re.compile(r"^(?:取消|无|没有|不要|关|清除|none|nobody|off|cancel)$")
_ADD = say("/审批 加签 P1 @陈晨", "/approve add P1 @Chen")


@command(
    "审批 转交", "approve delegate", "审批 转", "审批 转给", "审批 交给", "审批 委托",
    usage=say("把自己要处理的审批交给别人", "Let somebody else decide in your place"),
    example=_HAND,
)  # fmt: skip
def delegate(ctx: Ctx) -> Reply:
    """Only who is asked may; whose seat it was stays on record (代)."""
    approval = approval_said(ctx, say("转交", "Delegate"), _HAND)
    require_open(ctx, approval)
    desk = desk_of(ctx, approval)
    sheet = desk.sheet(approval)
    mine = [seat for seat in sheet.silent if seat.person == ctx.person.id]
    if not mine:
        raise UserError(needs(sheet), audit="approval.vote")
    person = _one_person(ctx, _HAND)
    _may_sit(desk, sheet, person)
    for seat in mine:
        ctx.books.approvals.hand_over(approval, seat, person.id, apart=_apart(ctx, desk, approval, person))
    return Reply(text_card(_seated(ctx, desk, approval, ctx.person.name, person)))


@command(
    "审批 加签", "approve add",
    usage=say("再加一位审批人", "One more person has to decide"),
    example=_ADD,
)  # fmt: skip
def add(ctx: Ctx) -> Reply:
    """Who is asked, who asked, or an admin. In turn: right after the one whose turn it is."""
    approval = approval_said(ctx, say("加签", "Add to"), _ADD)
    require_open(ctx, approval)
    desk = desk_of(ctx, approval)
    sheet = desk.sheet(approval)
    if not manages(ctx, approval) and all(seat.person != ctx.person.id for seat in sheet.silent):
        raise UserError(needs(sheet), audit="approval.vote")
    person = _one_person(ctx, _ADD)
    _may_sit(desk, sheet, person)
    after = sheet.asked[0].seat if approval.mode is Mode.IN_TURN and sheet.asked else 0
    ctx.books.approvals.seat(approval, person.id, apart=_apart(ctx, desk, approval, person), after=after)
    ctx.books.approvals.note(approval, "added", person.name)
    _tell(desk, approval, person)
    text = say("{ref} 加签 {who}。", "{ref}: {who} has to decide, too.", ref=approval.ref,
               who=ctx.speaker.mention(person, ctx.chat.platform))  # fmt: skip
    return Reply(text_card(text))


@command(
    "审批 代理", "approve proxy",
    usage=say("自己休假时谁代为审批", "Who decides in your place while you are away"),
    example=_PROXY,
)  # fmt: skip
def proxy(ctx: Ctx, people: Everyone, words: Rest) -> Reply:
    """Of the writer, in this project. Alone: who it is."""
    if not people and not words:
        other = ctx.books.delegates.of(ctx.project.id, ctx.person.id)
        name = ctx.books.people.get(other).name if other else say("无", "nobody")
        return reply("休假时代你审批：{who}。改：{example}", "While you are away: {who}. Change: {example}",
                     who=name, example=_PROXY)  # fmt: skip
    if not people and _NOBODY.match(words.lower()):
        ctx.books.delegates.name(ctx.project.id, ctx.person.id, None)
        return reply("✅ 休假时没人代你审批，会问发起人。",
                     "✅ Nobody decides in your place: the requester is asked.")  # fmt: skip
    check_strangers(ctx)
    people = people or only_names(ctx)
    if len(people) != 1:
        raise UserError(say("请写一位。例：{example}", "Please name one person. Example: {example}", example=_PROXY))
    if people[0].id == ctx.person.id:
        raise UserError(say("不能由自己代自己。例：{example}", "That is yourself. Example: {example}", example=_PROXY))
    here_still(people[0])
    ctx.books.delegates.name(ctx.project.id, ctx.person.id, people[0].id)
    return reply("✅ 你休假时，找你的审批由 {who} 代。", "✅ While you are away {who} decides what you are asked.",
                 who=people[0].name)  # fmt: skip


# --- the seat of somebody who left ---------------------------------------------------------------------------------


@button("approval.sit")
def sit(ctx: Ctx, approval_id: int, in_round: int, seat: int, person_id: int) -> Pressed:
    """[王五兼]: one of the others decides for it as well."""
    desk, empty = _empty(ctx, approval_id, in_round, seat)
    sheet = desk.sheet(approval_by_id(ctx, approval_id))
    if all(each.person != person_id for each in sheet.seats):
        raise UserError(say("没找到这个人。", "This person cannot be found."))
    return _filled(ctx, desk, sheet.approval, empty, ctx.books.people.get(person_id))


@button("approval.replace")
def replace(ctx: Ctx, approval_id: int, in_round: int, seat: int) -> Pressed:
    """[指定…]: the next words of the requester name who."""
    _empty(ctx, approval_id, in_round, seat)
    ctx.books.questions.ask(
        ctx.chat.id, ctx.person.id, "approval.replace", lasts=PATIENCE, approval=approval_id, round=in_round, seat=seat
    )
    text = say("由谁代？回：@某人", "Who stands in? Reply: @name")
    return Pressed(text, reply=Reply(text_card(text)))


@answers("approval.replace")
def replaced(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """``@陈晨``. Words without a person are none of this question's."""
    person = take(Someone, ctx) or next(iter(only_names(ctx)), None)
    if person is None:
        return None
    desk, empty = _empty(ctx, subject["approval"], subject["round"], subject["seat"])
    approval = approval_by_id(ctx, subject["approval"])
    _may_sit(desk, desk.sheet(approval), person)
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    return Reply(text_card(_filled(ctx, desk, approval, empty, person).toast))


def _empty(ctx: Ctx, approval_id: int, in_round: int, number: int) -> tuple[Desk, Seat]:
    """The seat a card asks about. Raises UserError: not theirs to say, closed, or somebody spoke for it meanwhile."""
    approval = approval_by_id(ctx, approval_id)
    require_manager(ctx, approval, say("换人", "replace anybody in"))
    check_round(ctx, approval, in_round)
    require_open(ctx, approval)
    desk = desk_of(ctx, approval)
    for seat in desk.sheet(approval).silent:
        if seat.seat == number:
            return desk, seat
    raise UserError(say("这一位已经处理了。", "This one has been decided already."))


def _filled(ctx: Ctx, desk: Desk, approval: Approval, seat: Seat, person: Person) -> Pressed:
    if person.id == seat.person:
        raise UserError(say("{who} 已经在了。", "{who} is asked already.", who=person.name))
    if person.id == approval.requester and not self_allowed(desk):
        raise UserError(NOT_ONESELF)
    here_still(person)
    ctx.books.approvals.hand_over(approval, seat, person.id, apart=_apart(ctx, desk, approval, person))
    text = _seated(ctx, desk, approval, seat.name, person)
    return Pressed(text, text_card(text))


def left_group(ctx: Ctx, person: Person) -> None:
    """Their word counts as before: what waits for them in this group comes to them directly."""
    for approval in ctx.books.approvals.sitting(person.id):
        if approval.chat_id == ctx.chat.id:
            absent(desk_of(ctx, approval), approval, person.id)


# --- what all have in common ---------------------------------------------------------------------------------------


def _one_person(ctx: Ctx, example: Text) -> Person:
    people: list[Person] = take(Everyone, ctx) or only_names(ctx)
    check_strangers(ctx)
    if len(people) != 1:
        raise UserError(say("请写一位。例：{example}", "Please name one person. Example: {example}", example=example))
    here_still(people[0])
    return people[0]


def _may_sit(desk: Desk, sheet: Sheet, person: Person) -> None:
    if person.id == sheet.approval.requester and not self_allowed(desk):
        raise UserError(NOT_ONESELF)
    if sheet.seated(person.id):
        raise UserError(
            say("{who} 已经是 {ref} 的审批人。", "{who} is asked about {ref} already.", who=person.name,
                ref=sheet.approval.ref)
        )  # fmt: skip


def _apart(ctx: Ctx, desk: Desk, approval: Approval, person: Person) -> int:
    chat = desk.chat(approval)
    here = {mention.id for mention in ctx.thing.mentions} if chat.id == ctx.chat.id else set()
    return is_apart(ctx.books, ctx.speaker, chat, person.id, here)


def _seated(ctx: Ctx, desk: Desk, approval: Approval, before: str, person: Person) -> Text:
    ctx.books.approvals.note(approval, "delegated", f"{before} → {person.name}")
    _tell(desk, approval, person)
    return say(
        "{ref} 由 {who} 代 {before} 处理。", "{who} decides {ref} for {before}.", ref=approval.ref,
        who=ctx.speaker.mention(person, ctx.chat.platform), before=before,
    )  # fmt: skip


def _tell(desk: Desk, approval: Approval, person: Person) -> None:
    desk.redraw(approval)
    sheet = desk.sheet(approval)
    desk.summon(sheet, [seat for seat in sheet.asked if seat.person == person.id])
