"""Changing a milestone.  ``M1 改到 9-30 因为：…``  ``M1 验收人 @李四``  ``M1 资源 …``  ``M1 改名 …``"""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, say
from commands.arguments import Someone, take
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import hears
from commands.milestone import LONGEST, settled
from commands.names import named_alone
from commands.plan_things import (
    milestone_then,
    open_milestone_of,
    require_change,
    sight_of,
    undo_button,
    with_reckoning,
)
from commands.reply import Reply
from commands.times import times
from reports.milestone_cards import milestone_card
from reports.risk_cards import named, when
from storage.milestones import Milestone

_WHY = re.compile(r"[\s,]*(?:因为|原因|because)[:是\s]*(?P<why>\S.*)$", re.DOTALL)


def begin(ctx: Ctx, match: re.Match[str]) -> Milestone:
    """The milestone a line begins with, open and theirs to change; the rest of the line stays."""
    found = open_milestone_of(ctx, int(match["n"]))
    require_change(ctx, found)
    ctx.line.cut(0, match.end("verb"))
    return found


def done(ctx: Ctx, milestone: Milestone, text: Text) -> Reply:
    redraw(ctx, milestone)
    return Reply(text_card(text, undo_button(ctx)))


def redraw(ctx: Ctx, milestone: Milestone) -> None:
    ctx.speaker.redraw(milestone.card, milestone_card(ctx.books, milestone, sight_of(ctx)))


@hears(milestone_then(r"改到|改期到?|改日期到?|日期|延期到?|延到|推迟到?|提前到?|due(?: to| by| on)?|move to"), rank=8)
def move(ctx: Ctx, match: re.Match[str]) -> Reply:
    """A new date; one that was set already needs a reason."""
    milestone = begin(ctx, match)
    why = _WHY.search(ctx.line.folded)
    words = ctx.line.text[why.start("why") :].strip()[:200] if why else ""
    if why:
        ctx.line.cut(why.start(), len(ctx.line.text))
    meant = times(ctx, ctx.line)
    settled(meant)
    if meant.due is None:
        raise UserError(
            say("{ref} 改到哪天？例：{ref} 改到 9-30 因为：供应商缺货",
                "Move {ref} to when? Example: {ref} due 9-30 because: no stock",
                ref=milestone.ref)
        )  # fmt: skip
    if (milestone.due, milestone.due_minute) == (meant.due.day, meant.due.minute):
        raise UserError(say("{ref} 本来就是这天，没有改动。", "{ref} is on that day already.", ref=milestone.ref))
    if milestone.due is not None and not words:
        raise UserError(
            say("里程碑改期要写一句原因，例：{ref} 改到 {day} 因为：供应商缺货",
                "To move a milestone, say why: {ref} due {day} because: no stock",
                ref=milestone.ref, day=f"{meant.due.day.month}-{meant.due.day.day}")
        )  # fmt: skip
    old = milestone.due
    milestone = ctx.books.milestones.change(milestone, words, due=meant.due.day, due_minute=meant.due.minute)
    text = say(
        "{name} 改到 {day}",
        "{name} moved to {day}",
        name=named(milestone),
        day=when(meant.due.day, meant.due.minute, ctx.today.year),
    )
    if old is not None:
        times_moved = sum(e.field == "due" and e.before != "" for e in ctx.books.milestones.history(milestone))
        text = say(
            "{text}，原因：{why}（第 {n} 次改期）",
            "{text}; reason: {why} (move {n})",
            text=text,
            why=words,
            n=times_moved,
        )
    return done(ctx, milestone, with_reckoning(ctx, say("{text}。", "{text}.", text=text), milestone))


@hears(milestone_then(r"(?:验收|复核)人?(?:是|为|改为|给)?|verifier(?: is)?"), rank=8)
def verifier(ctx: Ctx, match: re.Match[str]) -> Reply:
    """Somebody other than the owner."""
    milestone = begin(ctx, match)
    person = take(Someone, ctx) or named_alone(ctx, ctx.line.rest)[0]
    here_still(person)
    if person is None:
        raise UserError(
            say("谁来验收？例：{ref} 验收人 @李四", "Who verifies it? Example: {ref} verifier @Li", ref=milestone.ref)
        )
    if person.id == milestone.owner:
        raise UserError(
            say("验收人不能是负责人自己，请换一个人。", "The verifier must be somebody other than the owner.")
        )  # fmt: skip
    milestone = ctx.books.milestones.change(milestone, verifier=person.id)
    untick(ctx, milestone, "verifier")
    return done(
        ctx,
        milestone,
        say("{name} 的验收人是 {who}。", "{name} is verified by {who}.", name=named(milestone), who=person.name),
    )


@hears(milestone_then(r"(?:负责人|交给|转给|指派给?)(?:是|为|改为)?|owner(?: is)?|assign(?: to)?"), rank=8)
def owner(ctx: Ctx, match: re.Match[str]) -> Reply:
    milestone = begin(ctx, match)
    person = take(Someone, ctx) or named_alone(ctx, ctx.line.rest)[0]
    here_still(person)
    if person is None:
        raise UserError(say("交给谁？例：{ref} 负责人 @李四", "To whom? Example: {ref} owner @Li", ref=milestone.ref))
    if person.id == milestone.verifier:
        raise UserError(say("负责人和验收人不能是同一个人。", "Owner and verifier must be two people."))
    milestone = ctx.books.milestones.change(milestone, owner=person.id)
    untick(ctx, milestone, "owner")
    return done(
        ctx,
        milestone,
        say("{name} 由 {who} 负责。", "{name} belongs to {who}.", name=named(milestone), who=person.name),
    )


def untick(ctx: Ctx, milestone: Milestone, side: str) -> None:
    """Another person's ticks do not count for the new one."""
    for each in ctx.books.milestones.criteria(milestone):
        if (each.by_owner if side == "owner" else each.by_verifier) is not None:
            ctx.books.milestones.tick(milestone, each.number, side, on=False)


@hears(milestone_then(r"资源|resources?"), rank=8)
def resources(ctx: Ctx, match: re.Match[str]) -> Reply:
    """People, money, equipment: in words."""
    return _words(ctx, match, "resources", say("资源", "resources"), 300)


@hears(milestone_then(r"改名为?|rename(?: to)?"), rank=8)
def rename(ctx: Ctx, match: re.Match[str]) -> Reply:
    return _words(ctx, match, "title", say("名字", "name"), LONGEST)


def _words(ctx: Ctx, match: re.Match[str], field: str, what: Text, most: int) -> Reply:
    milestone = begin(ctx, match)
    words = " ".join(ctx.line.rest.split())
    if not words:
        raise UserError(
            say("写上{what}，例：{ref} {verb} …", "Write the {what}, e.g. {ref} {verb} …",
                what=what, ref=milestone.ref, verb=match["verb"])
        )  # fmt: skip
    if len(words) > most:
        raise UserError(
            say("最多 {most} 字，收到 {n} 字。", "{most} characters at most, not {n}.", most=most, n=len(words))
        )
    milestone = ctx.books.milestones.change(milestone, **{field: words})
    return done(
        ctx,
        milestone,
        say("{ref} 的{what}：{words}。", "{ref}: {what} {words}.", ref=milestone.ref, what=what, words=words),
    )
