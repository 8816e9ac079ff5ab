"""Ask for an approval in one line, and see what waits.  ``/审批 预算追加3万元 会签 @王五 @赵六 截止 10-10 12:00``"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chat.cards import Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.access import require
from commands.approve_desk import REF, approval_said, desk_of, self_allowed, waiting_for
from commands.approve_line import PATIENCE, Wish, only_names, read, take_named
from commands.arguments import Everyone, take
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import answers, button, command, hears
from commands.reply import Again, Pressed, Reply
from planning.approval import Mode
from reports.approval_away import stand_in
from reports.approval_cards import head
from reports.approval_desk import Desk, is_apart
from reports.clocks import own
from reports.days import bare_day
from reports.own_clock import reader_of
from storage.approval_sheet import Approval, Sheet
from storage.drafts import Draft
from storage.people import Person

_SHOWN = say(
    "/审批 预算追加3万元 会签 @王五 @赵六 截止 10-10 12:00",
    "/approve extra budget 30000 all of @Wang @Zhao due 10-10 12:00",
)
_VERB = say("看", "Show")
_ABOUT = re.compile(r"(?:[^\s\d]{0,8}\s*)?(?<![a-z0-9])p ?(\d{1,7})(?:\s*[^\s\d]{0,4})?")
"""A word or nothing before a number, a word or nothing after it."""
_LIST = re.compile(r"\s*(?:列表|全部|待办|我的|查看|看看|有哪些|list|all|mine)[\s?？。]*")
MOST_PEOPLE = 20
MOST_LINES = 20
NOT_ONESELF = say(
    "默认不能自审，已移除。管理员可在 /设置 审批 打开。",
    "Nobody approves their own request: removed. An admin can allow it with /set approval.",
)
SENT = say("已发起。", "Asked.")
EXPIRED = say("这条已经过期，请重新发一次。", "This has expired. Please send it again.")


@command(
    "审批", "approve", "approval", "approvals",
    usage=say("发起审批：会签、或签、依次；不带内容看等我的", "Ask for an approval; alone: what waits for me"),
    example=_SHOWN,
)  # fmt: skip
def approve(ctx: Ctx, people: Everyone) -> Reply:
    """With people: a new one. ``P1``: its card. Alone: what waits for me and what I wait for."""
    if not people:
        if not ctx.line or _LIST.fullmatch(ctx.line.folded):
            return _list(ctx)
        if REF.fullmatch(ctx.line.folded.strip()):
            return show(ctx, approval_said(ctx, _VERB, say("/审批 P1", "/approve P1")))
    _not_about_another(ctx)
    require(ctx, "approval.make")
    people = people or take_named(ctx)
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    wish = read(ctx, _SHOWN)
    if not people:
        raise UserError(
            say("请写上谁来审批。例：{example}", "Please say who decides. Example: {example}", example=_SHOWN)
        )
    others, notes = without_oneself(desk, people, ctx.person.id)
    if not others:
        raise UserError(NOT_ONESELF)
    here_still(*others)
    if len(others) > MOST_PEOPLE:
        raise UserError(say("一次最多 {n} 位审批人。", "At most {n} people at once.", n=MOST_PEOPLE))
    here = {mention.id for mention in ctx.thing.mentions}
    wish = wish.with_people(
        [(person.id, is_apart(ctx.books, ctx.speaker, ctx.chat, person.id, here)) for person in others]
    )
    away = [person for person in others if _is_away(ctx, person)]
    if away:
        return _ask_about(ctx, wish, away)
    return make(ctx, wish, notes)


@hears(r"^\s*(?:我的|等我的?|待我的?|要我)(?:审批|批)的?[\s?？。]*$|^\s*审批列表[\s。]*$", rank=40)
def waiting_said(_: Ctx, __: object) -> Again:
    """``我的审批``."""
    return Again("/审批")


def _not_about_another(ctx: Ctx) -> None:
    """``/审批 催 P1 @李四`` is no request called 催 P1. Raises UserError."""
    if (match := _ABOUT.fullmatch(ctx.line.folded.strip())) is None:
        return
    raise UserError(what_about(f"P{int(match.group(1))}"))


def what_about(ref: str) -> Text:
    """What can be said of a request."""
    return say(
        "{ref} 要做什么？可以发：同意 {ref} · 拒绝 {ref} 原因 · /审批 撤回 {ref} · /审批 改 {ref} 新内容 · "
        "/审批 转交 {ref} @某人 · /审批 加签 {ref} @某人 · /审批 导出 {ref}",
        "What about {ref}? You can send: yes {ref} · no {ref} reason · /approve withdraw {ref} · "
        "/approve change {ref} new words · /approve delegate {ref} @name · /approve add {ref} @name · "
        "/approve export {ref}",
        ref=ref,
    )


def without_oneself(desk: Desk, people: list[Person], oneself: int) -> tuple[list[Person], list[Text]]:
    """Each once; without who asks, unless the project allows it."""
    others = [p for p in {person.id: person for person in people}.values() if p.id != oneself or self_allowed(desk)]
    removed = any(person.id == oneself for person in people) and not self_allowed(desk)
    return others, [NOT_ONESELF] if removed else []


def make(ctx: Ctx, wish: Wish, notes: list[Text], proxies: Mapping[int, Person] | None = None) -> Reply:
    """Write it down, put it before everybody, and set the clock. proxies: {who is away: who sits there}."""
    books = ctx.books
    desk = Desk(books, ctx.speaker, ctx.project)
    number = books.projects.next_number(ctx.project.id, "P")
    approval = books.approvals.add(
        ctx.project.id, number, ctx.chat.id, ctx.person.id, wish.title, wish.detail, wish.mode, wish.deadline
    )
    for person, apart in wish.people:
        other = proxies.get(person) if proxies else None
        if other is None:
            books.approvals.seat(approval, person, apart=apart)
        else:
            where = is_apart(books, ctx.speaker, ctx.chat, other.id, set())
            books.approvals.seat(approval, other.id, apart=where, stands_for=person)
    desk.arm(approval)
    books.deeds.add(ctx.project.id, ctx.person.id, "approval", approval=approval.id)
    return put(ctx, desk, approval, notes)


def put(ctx: Ctx, desk: Desk, approval: Approval, notes: list[Text], called: Text | None = None) -> Reply:
    """The card of a new round, here; and directly to those who are not here. Said once, below it: ``notes``; and
    ``called``, who is wanted."""
    sheet = desk.sheet(approval)
    card = below(desk.card(sheet, ctx.chat.platform), notes, called)
    desk.summon(sheet, [seat for seat in sheet.asked if seat.apart])
    return Reply(card, name=desk.name(approval, ctx.chat.platform))


def below(card: Card, notes: list[Text], called: Text | None) -> Card:
    """The card with this below it."""
    more = [Paragraph(called)] if called else []
    return replace(card, blocks=(*card.blocks, *more, *(Paragraph(note, quiet=True) for note in notes)))


def show(ctx: Ctx, approval: Approval) -> Reply:
    """The card as it is now; it will be redrawn here, too."""
    desk = desk_of(ctx, approval)
    sheet = desk.sheet(approval)
    return Reply(desk.card(sheet, ctx.chat.platform), name=desk.name(sheet.approval, ctx.chat.platform))


@hears(r"^\s*p ?\d{1,7}\s*[?？]?\s*$", rank=10)
def shown(ctx: Ctx, _: re.Match[str] | None) -> Reply:
    """``P1``: its card."""
    return show(ctx, approval_said(ctx, _VERB, say("/审批 P1", "/approve P1")))


# --- what waits ----------------------------------------------------------------------------------------------------


def _list(ctx: Ctx) -> Reply:
    for_me = [line(ctx, sheet) for sheet in waiting_for(ctx)]
    by_me = [line(ctx, sheet, who=True) for sheet in asked_by(ctx)]
    if not for_me and not by_me:
        text = say(
            "没有在等你的审批。发起：{example}", "No request waits for you. To ask for one: {example}", example=_SHOWN
        )
        return Reply(text_card(text))
    lines: list[Text] = []
    if for_me:
        lines += [say("🙋 等我 {n}", "🙋 Waiting for me {n}", n=len(for_me)), *for_me[:MOST_LINES]]
    if by_me:
        lines += [say("⏳ 我在等 {n}", "⏳ I wait for {n}", n=len(by_me)), *by_me[:MOST_LINES]]
    if for_me:
        lines.append(
            say("回：同意 P1 / 拒绝 P1 原因；看卡片：/审批 P1", "Reply: yes P1 / no P1 reason; the card: /approve P1")
        )
    return Reply(Card((Paragraph(join(lines, "\n")),)))


def asked_by(ctx: Ctx) -> list[Sheet]:
    return [
        ctx.books.approvals.sheet(each)
        for each in ctx.books.approvals.asked_by(ctx.person.id)
        if not ctx.in_group or each.project_id == ctx.project.id
    ]


def line(ctx: Ctx, sheet: Sheet, *, who: bool = False) -> Text:
    """``P1 预算追加3万元（张三，截止 10-10 12:00）``; ``who``: whom it waits for, instead."""
    approval = sheet.approval
    due = approval.deadline.astimezone(ctx.zone)
    other = listed(seat.name for seat in sheet.asked) if who else approval.requester_name
    zone = reader_of(ctx.project, ctx.person, ctx.at)
    return say(
        "{head}（{who}，截止 {at}）", "{head} ({who}, due {at})", head=head(approval), who=other,
        at=own(approval.deadline, zone) if zone and not ctx.in_group else f"{bare_day(due.date())} {due:%H:%M}",
    )  # fmt: skip


# --- somebody is away ----------------------------------------------------------------------------------------------


def _is_away(ctx: Ctx, person: Person) -> bool:
    return ctx.books.daily.away(ctx.project.id, ctx.today).get(person.id) == "day"


def _ask_about(ctx: Ctx, wish: Wish, away: list[Person]) -> Reply:
    """Nothing is asked of anybody before the requester says how to go on."""
    key = ctx.books.drafts.keep(
        "approval", ctx.chat.id, ctx.person.id, **wish.stored(), away=[person.id for person in away]
    )
    lines = [_leave(ctx, person) for person in away]
    options = [
        Button(say("仍发", "Send it anyway"), "approval.send", (key,)),
        Button(say("换人", "Somebody else"), "approval.swap", (key,)),
    ]
    if _proxies(ctx, wish.people, [person.id for person in away]):
        options.insert(0, Button(say("请代理人代", "Ask who stands in"), "approval.proxy", (key,)))
    if wish.mode is not Mode.ANY and len(wish.people) > len(away):
        options.append(Button(say("改或签", "Any of them"), "approval.any", (key,)))
    return Reply(text_card(join(lines, "\n"), *options))


def _proxies(ctx: Ctx, people: Sequence[tuple[int, int]], away: Sequence[int]) -> dict[int, Person]:
    """{who is away: who decides in their place}, where everybody who is away has somebody."""
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    seated = {person for person, _ in people}
    found: dict[int, Person] = {}
    for person in away:
        other = stand_in(desk, ctx.person.id, person, seated | {each.id for each in found.values()})
        if other is None:
            return {}
        found[person] = other
    return found


def _leave(ctx: Ctx, person: Person) -> Text:
    back = ctx.calendar.next_working(ctx.today)
    for _ in range(60):
        if person.id not in ctx.books.daily.away(ctx.project.id, back):
            break
        back = ctx.calendar.next_working(back)
    return say(
        "{who} {day} 休假，预计 {back} 回。", "{who} is away on {day}, back on {back}.", who=person.name,
        day=bare_day(ctx.today), back=bare_day(back),
    )  # fmt: skip


@button("approval.send")
def send_anyway(ctx: Ctx, key: str) -> Pressed:
    draft = _draft(ctx, key)
    return _made(ctx, draft, Wish.of(draft.subject))


@button("approval.proxy")
def by_proxy(ctx: Ctx, key: str) -> Pressed:
    """[请代理人代]: their seats, with their names on record (代)."""
    draft = _draft(ctx, key)
    wish = Wish.of(draft.subject)
    proxies = _proxies(ctx, wish.people, draft.subject["away"])
    if not proxies:
        raise UserError(say("代理人现在不能代，请换人。", "Who stands in cannot now. Please choose somebody else."))
    return _made(ctx, draft, wish, proxies)


@button("approval.any")
def any_of_them(ctx: Ctx, key: str) -> Pressed:
    draft = _draft(ctx, key)
    return _made(ctx, draft, Wish.of(draft.subject).with_mode(Mode.ANY))


@button("approval.swap")
def swap(ctx: Ctx, key: str) -> Pressed:
    """The next words of the requester name who comes instead of those who are away."""
    _draft(ctx, key, decide=False)
    text = say("换成谁？回：@某人", "Who instead? Reply: @name")
    return Pressed(text, reply=_question(ctx, text, key))


def _question(ctx: Ctx, text: Text, key: str) -> Reply:
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "approval.swap", lasts=PATIENCE, key=key)
    return Reply(text_card(text))


@answers("approval.swap")
def swapped(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """``@陈晨`` (several for several). Words without a person are none of this question's."""
    people = take(Everyone, ctx) or only_names(ctx)
    if not people:
        return None
    here_still(*people)
    draft = _draft(ctx, subject["key"])
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    wish = Wish.of(draft.subject)
    here = {mention.id for mention in ctx.thing.mentions}
    staying = [each for each in wish.people if each[0] not in draft.subject["away"]]
    others, notes = without_oneself(Desk(ctx.books, ctx.speaker, ctx.project), people, ctx.person.id)
    coming = [(p.id, is_apart(ctx.books, ctx.speaker, ctx.chat, p.id, here)) for p in others]
    everyone = list(dict([*staying, *coming]).items())
    if not everyone:
        raise UserError(NOT_ONESELF)
    return make(ctx, wish.with_people(everyone), notes)


def _draft(ctx: Ctx, key: str, *, decide: bool = True) -> Draft:
    """Only its writer may go on with it, once. Raises UserError."""
    draft = ctx.books.drafts.get(key)
    if draft is None or draft.kind != "approval":
        raise UserError(EXPIRED)
    if draft.person_id != ctx.person.id:
        raise UserError(say("请让发起人来选。", "Only who asked can choose."))
    if draft.used or (decide and not ctx.books.drafts.use(draft)):
        raise UserError(say("已经选过了。", "This was already chosen."))
    if datetime.fromisoformat(draft.subject["deadline"]) <= ctx.at:
        raise UserError(EXPIRED)
    return draft


def _made(ctx: Ctx, draft: Draft, wish: Wish, proxies: Mapping[int, Person] | None = None) -> Pressed:
    """In the chat the draft was written in, which is the one its buttons stand in."""
    if draft.chat_id != ctx.chat.id:
        raise UserError(EXPIRED)
    return Pressed(SENT, text_card(SENT), make(ctx, wish, [], proxies))
