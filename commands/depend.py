"""Who waits for whom.  ``T2 依赖 T1``  ``T130 依赖 T128 +1工作日``  ``T2 不依赖 T1``  ``M1 包含 T1 T2``  ``/依赖``"""

from __future__ import annotations

import re

from chat.cards import Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.frozen import frozen
from chat.text import NOTHING, Text, join, listed, say
from commands.context import Ctx
from commands.grammar import command, hears
from commands.milestone_change import redraw as redraw_milestone
from commands.plan_things import (
    REF,
    begin_watch,
    names,
    refs_in,
    require_change,
    sight_of,
    thing_of,
    thing_then,
    too_early,
    undo_button,
    with_reckoning,
)
from commands.reply import Reply
from commands.task_view import redraw
from planning.graph import way
from reports.risk_cards import named
from reports.sight import Sight, Thing, node_of
from storage.links import Link, Node
from storage.milestones import Milestone
from storage.tasks import Task

EXAMPLE = say("T2 依赖 T1", "T2 depends on T1")
VERB = say("改依赖", "change what it waits for")
LONGEST_LAG = 250
MOST_LINES = 25
_OFF = (
    r"(?:不(?:再)?依赖|取消依赖|去掉依赖|删除?依赖|移出|不(?:再)?包含|不含)"
    r"|(?:does not|no longer) depends? on|excludes?"
)
_ON = r"依赖于?|前置(?:任务)?(?:是|为)?|等(?= ?[tm] ?\d)|包含|包括|depends? on|waits? for|after(?= ?[tm] ?\d)|includes?"
_AFTER = (
    rf"^\s*+(?:(?:等|要等|先)\s*+)?(?P<before>{REF}(?:[\s,、和]*{REF})*+)\s*+(?=.*(?:后|才|再|就))(?:要|都)?(?:先)?"
    r"(?:做完|完成|搞定|办完|弄完|结束|好)了?(?:之?后|以后)?[\s,，]*(?:才|再|就)?(?:能|可以)?(?:做|开始|开工|启动|轮到)?"
    rf"\s*(?P<after>{REF})\s*$"
)
_LAG = re.compile(
    r"(?:\+|隔|间隔|lag|plus)\s*(?P<n>-?\d{1,6}(?:\.\d+)?)\s*(?:个)?(?:工作日|天|日|working days?|days?|wd|d)?"
    r"|(?<![\w])(?P<minus>-\d{1,6})\s*(?:个)?(?:工作日|天|日|working days?|days?|wd|d)"
)
_PART = ("包", "含", "includ", "exclud", "移")


@frozen
class _Wanted:
    """What one line asks for."""

    after: Thing
    before: list[Thing]
    part: bool
    lag: int


@hears(thing_then(rf"(?P<off>{_OFF})|(?:{_ON})"), rank=8)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T2 依赖 T1 +1工作日``, ``M1 包含 T1 T2``, ``T2 不依赖 T1``"""
    word = match["verb"]
    after = thing_of(ctx, refs_in(match["thing"])[0], VERB, EXAMPLE)
    wanted = _wanted(ctx, after, ctx.line.folded[match.end("verb") :], part=any(word.find(p) >= 0 for p in _PART))
    return _remove(ctx, wanted) if match["off"] else _add(ctx, wanted)


@hears(_AFTER, rank=8)
def after(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T3 做完才能做 T1``"""
    waiting = thing_of(ctx, refs_in(match["after"])[0], VERB, EXAMPLE)
    return _add(ctx, _wanted(ctx, waiting, match["before"], part=False))


@command(
    "依赖", "depends", "deps",
    usage=say("谁等谁：列出、添加、删除", "Who waits for whom"),
    example=say("T2 依赖 T1", "T2 depends on T1"),
)  # fmt: skip
def links(ctx: Ctx) -> Reply:
    """All of it; of one task what it waits for and what waits for it; ``/依赖 T2 T1`` adds."""
    refs = refs_in(ctx.line.folded)
    if len(refs) > 1:
        after = thing_of(ctx, refs[0], VERB, EXAMPLE)
        first = ctx.line.folded.find(refs[0][0])
        rest = ctx.line.folded[first + 1 :]
        return _add(ctx, _wanted(ctx, after, rest, part=False))
    if refs:
        return _of_one(ctx, thing_of(ctx, refs[0], say("看", "Show"), say("/依赖 T2", "/depends T2")))
    if ctx.line.rest:
        raise UserError(
            say("写上任务号，例：T2 依赖 T1；去掉：T2 不依赖 T1",
                "Write the numbers, e.g. T2 depends on T1, or T2 no longer depends on T1")
        )  # fmt: skip
    return _all(ctx)


# --- changing ------------------------------------------------------------------------------------------------------


def _wanted(ctx: Ctx, after: Thing, words: str, *, part: bool) -> _Wanted:
    refs = refs_in(words)
    if not refs:
        example = say("M1 包含 T1 T2", "M1 includes T1 T2") if part else EXAMPLE
        raise UserError(
            say("{ref} 要等哪个任务？写上任务号，例：{example}", "Which task does {ref} wait for? Example: {example}",
                ref=after.ref, example=example)
        )  # fmt: skip
    if part and not isinstance(after, Milestone):
        raise UserError(
            say("只有里程碑能包含任务。{ref} 要等别的任务，发：{ref} 依赖 T1",
                "Only a milestone includes tasks. If {ref} waits for another task, send: {ref} depends on T1",
                ref=after.ref)
        )  # fmt: skip
    before = [_before(ctx, ref) for ref in refs]
    if part and any(isinstance(thing, Milestone) for thing in before):
        raise UserError(
            say("里程碑只能包含任务；要排在另一个里程碑后面，发：{ref} 依赖 M1",
                "A milestone includes tasks only; to come after another milestone, send: {ref} depends on M1",
                ref=after.ref)
        )  # fmt: skip
    return _Wanted(after, before, part, 0 if part else _lag(after, words))


def _before(ctx: Ctx, ref: tuple[str, int]) -> Thing:
    """It may be finished already."""
    letter, number = ref
    found: Thing | None = (
        ctx.tasks.numbered(ctx.project.id, number)
        if letter == "t"
        else ctx.books.milestones.numbered(ctx.project.id, number)
    )
    if found is None:
        raise UserError(
            say("没找到 {ref}。发「/进度」看看有哪些任务，「/里程碑」看里程碑。",
                "There is no {ref}. Send “/status” for the tasks, “/milestone” for the milestones.",
                ref=f"{letter.upper()}{number}")
        )  # fmt: skip
    return found


def _lag(after: Thing, words: str) -> int:
    match = _LAG.search(words)
    if match is None:
        return 0
    number = match["n"] or match["minus"]
    if "." in number or not 0 <= int(number) <= LONGEST_LAG:
        raise UserError(
            say("间隔写 0–{most} 的整工作日，收到「{n}」。例：{ref} 依赖 T1 +1工作日",
                "The gap is 0–{most} whole working days, not “{n}”. Example: {ref} depends on T1 +1 day",
                most=LONGEST_LAG, n=number, ref=after.ref)
        )  # fmt: skip
    return int(number)


def _add(ctx: Ctx, wanted: _Wanted) -> Reply:
    after = wanted.after
    require_change(ctx, after)
    sight = sight_of(ctx)
    kind = "part" if wanted.part else "after"
    standing = {(link.before, link.after): link for link in ctx.books.links.of_project(ctx.project.id)}
    new: list[Link] = []
    for before in wanted.before:
        link = Link(ctx.project.id, node_of(before), node_of(after), kind, wanted.lag)
        if standing.get((link.before, link.after)) != link:
            _check(ctx, sight, standing, before, after)
            standing[(link.before, link.after)] = link
            new.append(link)
    if not new:
        raise UserError(
            say("{ref} 已经{verb}{names}，没有改动。", "{ref} {verb} {names} already; nothing changed.", ref=after.ref,
                verb=_verb(part=wanted.part), names=names(wanted.before))
        )  # fmt: skip
    for link in new:
        ctx.books.links.add(link)
    begin_watch(ctx)
    _redraw(ctx, after)
    text = _added(wanted)
    early = too_early(ctx, wanted.after, wanted.before)
    if early:
        text = say("{text}\n{early}", "{text}\n{early}", text=text, early=join(early, "\n"))
    return Reply(text_card(with_reckoning(ctx, text, after), undo_button(ctx)))


def _redraw(ctx: Ctx, thing: Thing) -> None:
    if isinstance(thing, Task):
        redraw(ctx, thing)
    else:
        redraw_milestone(ctx, thing)


def _verb(*, part: bool) -> Text:
    return say("包含 ", "includes") if part else say("依赖 ", "depends on")


def _added(wanted: _Wanted) -> Text:
    if wanted.part:
        return say("{name} 包含 {names}。", "{name} includes {names}.", name=named(wanted.after),
                   names=names(wanted.before))  # fmt: skip
    refs = listed(thing.ref for thing in wanted.before)
    zh, en = ("完成后的下一个工作日开始", "on the next working day after") if wanted.lag == 0 else ("", "")
    rule = say(zh, en) if zh else say("完成后第 {n} 个工作日开始", "on working day {n} after", n=wanted.lag + 1)
    return say(
        "{name} 依赖 {names}：{refs} {rule}。", "{name} depends on {names}: it starts {rule} {refs}.",
        name=named(wanted.after), names=names(wanted.before), refs=refs, rule=rule,
    )  # fmt: skip


def _check(ctx: Ctx, sight: Sight, standing: dict[tuple[Node, Node], Link], before: Thing, after: Thing) -> None:
    """Raises UserError: itself, its own family, or a circle."""
    if node_of(before) == node_of(after):
        raise UserError(
            say("{ref} 不能依赖自己，未添加。", "{ref} cannot wait for itself; nothing was added.", ref=after.ref)
        )
    if isinstance(before, Task) and isinstance(after, Task) and _family(ctx, before, after):
        raise UserError(
            say("{a} 和 {b} 是上下级，不能互相依赖，未添加。",
                "{a} and {b} belong to each other: neither can wait for the other.",
                a=after.ref, b=before.ref)
        )  # fmt: skip
    found = way(
        [(sight.place[b], sight.place[a]) for b, a in standing if b in sight.place and a in sight.place],
        sight.place.get(node_of(after), -1), sight.place.get(node_of(before), -2),
    )  # fmt: skip
    if found:
        path = " → ".join(sight.things[number].ref for number in [*found, found[0]])
        raise UserError(
            say("会成环：{path}，未添加。", "That would be a circle: {path}. Nothing was added.", path=path)
        )


def _family(ctx: Ctx, one: Task, other: Task) -> bool:
    def above(task: Task) -> set[int]:
        found: set[int] = set()
        parent = task.parent
        while parent is not None and parent not in found:
            found.add(parent)
            up = ctx.tasks.get(parent)
            parent = up.parent if up else None
        return found

    return one.id in above(other) or other.id in above(one)


def _remove(ctx: Ctx, wanted: _Wanted) -> Reply:
    require_change(ctx, wanted.after)
    standing = {link.before: link for link in ctx.books.links.of(node_of(wanted.after))
                if link.after == node_of(wanted.after)}  # fmt: skip
    found = [standing[node_of(thing)] for thing in wanted.before if node_of(thing) in standing]
    if not found:
        raise UserError(
            say("{ref} 没有依赖 {names}，没有改动。", "{ref} does not wait for {names}; nothing changed.",
                ref=wanted.after.ref,
                names=names(wanted.before))
        )  # fmt: skip
    for link in found:
        ctx.books.links.remove(link)
    _redraw(ctx, wanted.after)
    text = say("{name} 不再等 {names}。", "{name} no longer waits for {names}.", name=named(wanted.after),
               names=names(wanted.before))  # fmt: skip
    return Reply(text_card(with_reckoning(ctx, text, wanted.after), undo_button(ctx)))


# --- looking -------------------------------------------------------------------------------------------------------


def _of_one(ctx: Ctx, thing: Thing) -> Reply:
    sight = sight_of(ctx)
    node = node_of(thing)
    needs = [_row(sight, link.before, link) for link in sight.links if link.after == node]
    waits = [_row(sight, link.after, link) for link in sight.links if link.before == node]
    lines = [named(thing)]
    lines.append(say("前置：{names}", "Waits for: {names}", names=listed(needs) if needs else say("无", "nothing")))
    lines.append(
        say("后继：{names}", "Waiting for it: {names}", names=listed(waits) if waits else say("无", "nothing"))
    )
    text = join([*lines, *too_early(ctx, thing)], "\n")
    return Reply(text_card(with_reckoning(ctx, text, thing)))


def _row(sight: Sight, node: Node, link: Link) -> Text:
    lag = say("（+{n} 工作日）", " (+{n} working days)", n=link.lag) if link.lag else NOTHING
    done = "" if sight.open(sight.place[node]) else "✅"
    return say(
        "{done}{name}{lag}", "{done}{name}{lag}", done=done, name=named(sight.things[sight.place[node]]), lag=lag
    )


def _all(ctx: Ctx) -> Reply:
    sight = sight_of(ctx)
    lines: list[Text] = []
    for number in sight.found.graph.order:
        thing = sight.things[number]
        needs = [link for link in sight.links if link.after == node_of(thing)]
        if needs and not thing.closed:
            rows = listed(_row(sight, link.before, link) for link in needs)
            lines.append(say("{name} ← {rows}", "{name} ← {rows}", name=named(thing), rows=rows))
    if not lines:
        return Reply(
            text_card(
                say("还没有依赖。加一条：T2 依赖 T1", "Nothing waits for anything yet. Add one: T2 depends on T1")
            )
        )
    shown = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        shown.append(say("还有 {n} 条", "{n} more", n=len(lines) - MOST_LINES))
    button = Button(say("关键路径", "Critical path"), "plan.path")
    title = say("依赖 {n} 条：后面的等前面的", "{n} things wait for others", n=len(lines))
    return Reply(Card((Paragraph(join([title, *shown], "\n")), *text_card(NOTHING, button).blocks[1:])))
