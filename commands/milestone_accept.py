"""When a milestone is reached.  ``M1 标准 主图 3 张``  ``M1 勾 1``  ``M1 达成``  ``M1 取消``  ``M1 重开``"""

from __future__ import annotations

import re
from collections.abc import Callable

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.context import Ctx
from commands.grammar import button, hears
from commands.milestone_change import begin, done, redraw
from commands.plan_things import (
    milestone_by_id,
    milestone_of,
    milestone_then,
    open_milestone_of,
    require_change,
    sight_of,
    undo_button,
)
from commands.reply import Pressed, Reply
from reports.days import bare_day
from reports.milestone_cards import milestone_card
from reports.risk_cards import named
from reports.sight import node_of
from storage.milestones import Criterion, Milestone

MOST_CRITERIA = 20
LONGEST_CRITERION = 200
_NUMBERING = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.、)])\s*")


@hears(milestone_then(r"(?:删除?|去掉)(?:验收)?标准|drop criterion"), rank=7)
def drop(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``M1 删标准 2``"""
    milestone = begin(ctx, match)
    criterion = _criterion(ctx, milestone, ctx.line.folded)
    ctx.books.milestones.drop_criterion(milestone, criterion)
    return done(ctx, milestone, say("{ref} 去掉标准 {n}：{words}。", "{ref}: criterion {n} dropped: {words}.",
                                     ref=milestone.ref, n=criterion.number, words=criterion.words))  # fmt: skip


@hears(milestone_then(r"取消勾|不通过|untick"), rank=7)
def untick(ctx: Ctx, match: re.Match[str]) -> Reply:
    return Reply(
        text_card(_tick(ctx, open_milestone_of(ctx, int(match["n"])), ctx.line.folded[match.end("verb") :], on=False))
    )


@hears(milestone_then(r"勾选?|打勾|通过|tick"), rank=8)
def tick(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``M1 勾 1``, by the owner and by the verifier"""
    return Reply(
        text_card(_tick(ctx, open_milestone_of(ctx, int(match["n"])), ctx.line.folded[match.end("verb") :], on=True))
    )


@hears(milestone_then(r"(?:加|添加|新增)?(?:验收)?标准|criteri(?:on|a)"), rank=8)
def add(ctx: Ctx, match: re.Match[str]) -> Reply:
    """One a line, or separated by ；"""
    milestone = begin(ctx, match)
    parts = re.split(r"[\n；;]", ctx.line.rest.lstrip(":： "))
    words = [clean for part in parts if (clean := _NUMBERING.sub("", part).strip())]
    standing = ctx.books.milestones.criteria(milestone)
    if not words:
        raise UserError(
            say(
                "写上标准，例：{ref} 标准 主图 3 张",
                "Write the criterion, e.g. {ref} criterion 3 main pictures",
                ref=milestone.ref,
            )
        )
    if len(standing) + len(words) > MOST_CRITERIA:
        raise UserError(
            say("一个里程碑最多 {most} 条标准。", "A milestone has {most} criteria at most.", most=MOST_CRITERIA)
        )
    if max(map(len, words)) > LONGEST_CRITERION:
        raise UserError(
            say("一条标准最多 {most} 字。", "A criterion has {most} characters at most.", most=LONGEST_CRITERION)
        )
    numbers = [ctx.books.milestones.add_criterion(milestone, each) for each in words]
    rows = join(
        [say("{n}. {words}", "{n}. {words}", n=n, words=each) for n, each in zip(numbers, words, strict=True)], "\n"
    )
    return done(ctx, milestone, say("{name} 加了 {n} 条标准：\n{rows}", "{name}, criteria added ({n}):\n{rows}",
                                     name=named(milestone),
                                     n=len(words), rows=rows))  # fmt: skip


def _criterion(ctx: Ctx, milestone: Milestone, words: str) -> Criterion:
    """Raises UserError: no number, or none of that number."""
    criteria = ctx.books.milestones.criteria(milestone)
    match = re.search(r"\d{1,4}", words)
    found = next((each for each in criteria if match and each.number == int(match.group())), None)
    if found is None and criteria:
        numbers = listed(str(each.number) for each in criteria)
        raise UserError(
            say("{ref} 的标准有 {numbers}，写上编号，例：{ref} 勾 {first}",
                "{ref} has the criteria {numbers}; e.g. {ref} tick {first}",
                ref=milestone.ref, numbers=numbers, first=criteria[0].number)
        )  # fmt: skip
    if found is None:
        raise _none_yet(milestone)
    return found


def _none_yet(milestone: Milestone) -> UserError:
    return UserError(
        say("{ref} 还没有验收标准。先加：{ref} 标准 主图 3 张",
            "{ref} has no criteria yet. Add one: {ref} criterion 3 main pictures",
            ref=milestone.ref)
    )  # fmt: skip


def _tick(ctx: Ctx, milestone: Milestone, words: str, *, on: bool) -> Text:
    """In the name of whichever the sender is. Raises UserError: neither owner nor verifier."""
    criterion = _criterion(ctx, milestone, words)
    side = {milestone.owner: "owner", milestone.verifier: "verifier"}.get(ctx.person.id)
    if side is None:
        raise UserError(
            say("{ref} 由负责人（{owner}）和验收人（{verifier}）来勾。",
                "{ref} is ticked by its owner ({owner}) and its verifier ({verifier}).",
                ref=milestone.ref, owner=milestone.owner_name or say("待定", "nobody"),
                verifier=milestone.verifier_name or say("未定，发：{ref} 验收人 @…", "none: {ref} verifier @…",
                                                        ref=milestone.ref))
        )  # fmt: skip
    standing = criterion.by_owner if side == "owner" else criterion.by_verifier
    if (standing is not None) == on:
        raise UserError(
            say("{ref} 标准 {n} 没有变。", "Criterion {n} of {ref} is the same.", ref=milestone.ref, n=criterion.number)
        )
    ctx.books.milestones.tick(milestone, criterion.number, side, on=on)
    redraw(ctx, milestone)
    left = [c for c in ctx.books.milestones.criteria(milestone) if c.by_owner is None or c.by_verifier is None]
    more = (
        say("还差 {n} 条。", "{n} to go.", n=len(left))
        if left
        else say("全部勾完，可以发：{ref} 达成", "All ticked; now send: {ref} reached", ref=milestone.ref)
    )
    who = say("负责人", "owner") if side == "owner" else say("验收人", "verifier")
    if not on:
        return say("{ref} 标准 {n}：{who}取消了勾。", "{ref} criterion {n}: no longer ticked by the {who}.",
                   ref=milestone.ref,
                   n=criterion.number, who=who)  # fmt: skip
    return say("{ref} 标准 {n}：{who}已勾。{more}", "{ref} criterion {n}: ticked by the {who}. {more}",
               ref=milestone.ref,
               n=criterion.number, who=who, more=more)  # fmt: skip


# --- its end -------------------------------------------------------------------------------------------------------


@hears(milestone_then(r"(?:已经?)?(?:达成|完成|达到)了?|reached|done|completed?"), rank=8)
def reached(ctx: Ctx, match: re.Match[str]) -> Reply:
    """Only when each criterion is ticked by both and nothing of it is open."""
    milestone = begin(ctx, match)
    return Reply(text_card(_reach(ctx, milestone), undo_button(ctx)))


def _reach(ctx: Ctx, milestone: Milestone) -> Text:
    criteria = ctx.books.milestones.criteria(milestone)
    if not criteria:
        raise _none_yet(milestone)
    if milestone.verifier is None:
        raise UserError(
            say(
                "{ref} 还没有验收人。先定：{ref} 验收人 @李四",
                "{ref} has no verifier yet: {ref} verifier @Li",
                ref=milestone.ref,
            )
        )
    missing = [each for each in criteria if each.by_owner is None or each.by_verifier is None]
    if missing:
        rows = join([_missing(each, milestone) for each in missing[:6]], "；", "; ")
        raise UserError(
            say("{ref} 还不能达成，差 {n} 条：{rows}。", "{ref} is not reached yet; {n} missing: {rows}.",
                ref=milestone.ref,
                n=len(missing), rows=rows)
        )  # fmt: skip
    sight = sight_of(ctx)
    tasks = sight.unfinished(sight.place[node_of(milestone)])
    if tasks:
        rows = listed(named(task) for task in tasks[:6])
        raise UserError(
            say("{ref} 还有 {n} 项任务没完成：{rows}。完成它们，或移出：{ref} 不含 {first}",
                "{ref} has {n} open tasks: {rows}. Finish them, or take them out: {ref} excludes {first}",
                ref=milestone.ref, n=len(tasks), rows=rows, first=tasks[0].ref)
        )  # fmt: skip
    after = _close(ctx, milestone, "reached")
    return say("🏁 {name} 达成（{day}）。", "🏁 {name} is reached ({day}).", name=named(after), day=bare_day(ctx.today))


def _missing(criterion: Criterion, milestone: Milestone) -> Text:
    both = ((criterion.by_owner, milestone.owner_name), (criterion.by_verifier, milestone.verifier_name))
    who = [name for by, name in both if by is None]
    return say("{n}. {words}（{who} 未勾）", "{n}. {words} (not ticked by {who})",
               n=criterion.number, words=criterion.words,
               who=listed(who))  # fmt: skip


def _close(ctx: Ctx, milestone: Milestone, state: str) -> Milestone:
    after = ctx.books.milestones.change(milestone, state=state, closed_at=ctx.at if state != "open" else None)
    redraw(ctx, after)
    return after


@hears(milestone_then(r"取消|作废|删除|cancel|drop|delete"), rank=9)
def cancel(ctx: Ctx, match: re.Match[str]) -> Reply:
    milestone = begin(ctx, match)
    after = _close(ctx, milestone, "cancelled")
    return Reply(text_card(say("{name} 已取消。", "{name} is cancelled.", name=named(after)), undo_button(ctx)))


@hears(milestone_then(r"重开|恢复|reopen"), rank=8)
def reopen(ctx: Ctx, match: re.Match[str]) -> Reply:
    return Reply(text_card(_reopen(ctx, milestone_of(ctx, int(match["n"]))), undo_button(ctx)))


def _reopen(ctx: Ctx, milestone: Milestone) -> Text:
    require_change(ctx, milestone)
    if not milestone.closed:
        raise UserError(say("{ref} 本来就在进行。", "{ref} is open already.", ref=milestone.ref))
    after = _close(ctx, milestone, "open")
    return say("{name} 重新打开。", "{name} is open again.", name=named(after))


# --- pressed -------------------------------------------------------------------------------------------------------


def _pressed(ctx: Ctx, number: int, act: Callable[[Ctx, Milestone], Text], *, closed: bool = False) -> Pressed:
    ctx, milestone = milestone_by_id(ctx, number)
    milestone = milestone_of(ctx, milestone.number) if closed else open_milestone_of(ctx, milestone.number)
    text = act(ctx, milestone)
    after = milestone_of(ctx, milestone.number)
    return Pressed(text, card=milestone_card(ctx.books, after, sight_of(ctx)))


@button("milestone.tick")
def tick_pressed(ctx: Ctx, number: int, criterion: int) -> Pressed:
    return _pressed(ctx, number, lambda ctx, milestone: _tick(ctx, milestone, str(criterion), on=True))


@button("milestone.reach")
def reach_pressed(ctx: Ctx, number: int) -> Pressed:
    def act(ctx: Ctx, milestone: Milestone) -> Text:
        require_change(ctx, milestone)
        return _reach(ctx, milestone)

    return _pressed(ctx, number, act)


@button("milestone.reopen")
def reopen_pressed(ctx: Ctx, number: int) -> Pressed:
    return _pressed(ctx, number, _reopen, closed=True)
