"""What would happen, without writing anything.  ``/如果 T1 再延1天``  ``/如果 T2 工期 5天``  ``/如果 M1 改到 9-30``"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from chat.cards import Button, Card, text_card
from chat.errors import UserError
from chat.frozen import frozen
from chat.text import Text, join, listed, say, verbatim
from commands.access import open_by_id
from commands.context import Ctx
from commands.grammar import button, command, hears
from commands.line import Line
from commands.milestone_change import redraw
from commands.plan_things import REF, may_change, refs_in, sight_of, thing_of, undo_button
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.times import check
from planning.dates import find
from planning.risk import Item, Outlook
from planning.suppose import Supposition, suppose
from reports.days import bare_day
from reports.risk_cards import MOST, how_late, named
from reports.sight import Sight, changed, node_of
from storage.drafts import Draft
from storage.milestones import Milestone
from storage.tasks import Task

EXAMPLE = say("/如果 T1 再延1天", "/whatif T1 slips 1 day")
VERB = say("推演", "try out")
_SPLIT = re.compile(rf"(?:^|[\s,，;；、和且]|and )(?={REF})")
MOST_PARTS = 10
REPLAN = "="
"""What a draft says that supposes nothing and moves what is late."""
NOT_WRITTEN = say("这只是推算，没有改动。", "This is only reckoned; nothing was changed.")


@frozen
class _World:
    """What would be. ``words``: what was supposed."""

    sight: Sight
    found: Outlook
    moved: list[int]
    """Open things that would end on another day than now, by day."""
    items: Mapping[int, Item]
    """What was supposed to be different, but for mere delays."""


@command(
    "如果", "whatif", "what if",
    usage=say("推演：延期会影响什么", "What would a delay change?"),
    example=EXAMPLE,
    help_rank=8,
)  # fmt: skip
def whatif(ctx: Ctx) -> Reply:
    """A card with what would move; nothing is written until [应用]."""
    words = ctx.line.text.strip()
    world = _suppose(ctx, words)
    key = ctx.books.drafts.keep("whatif", ctx.chat.id, ctx.person.id, words=words, days=_days(world))
    return Reply(_card(ctx, world, key))


@hears(rf"^\s*(?:如果|假如|要是|what if|what happens if|suppose)\s*(?P<rest>{REF}.*)$", rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``如果T1再延1天``: glued together"""
    ctx.line = Line(ctx.line.text[match.start("rest") :], ctx.line.people)
    return whatif(ctx)


@hears(rf"^\s*{REF}\s*\S.*(?:怎么?样|怎样|影响(?:什么|啥|谁|哪些|多大)?)(?:呢|吗)?[?？。]*\s*$", rank=9)
def wondered(ctx: Ctx, match: re.Match[str]) -> Reply | None:
    """``T1 延2天会怎样``"""
    ref = re.match(REF, match.group(0).lstrip())
    rest = match.group(0).lstrip()[ref.end() :] if ref else ""
    return whatif(ctx) if suppose(rest) else None


@command(
    "重排", "replan",
    usage=say("把会晚的顺延到推算的日子", "Move what will be late to its reckoned days"),
    example=say("/重排", "/replan"),
)  # fmt: skip
def replan(ctx: Ctx) -> Reply:
    """The whole plan, or what waits for one task: ``/重排 T1``. Nothing is written until [应用]."""
    refs = refs_in(ctx.line.folded)
    if not refs and ctx.line:
        raise UserError(say("写任务号，或什么都不写，例：/重排 T1", "Write a number or nothing, e.g. /replan T1"))
    return _replanned(ctx, REPLAN + (f"{refs[0][0]}{refs[0][1]}" if refs else ""))


@button("plan.replan")
def replan_pressed(ctx: Ctx, number: int) -> Pressed:
    """[后面的顺延], under a task that was moved."""
    ctx, task = open_by_id(ctx, number, VERB)
    return Pressed(say("推算好了", "Reckoned"), reply=_replanned(ctx, f"{REPLAN}t{task.number}"))


def _replanned(ctx: Ctx, words: str) -> Reply:
    world = _suppose(ctx, words)
    if not world.moved:
        raise UserError(say("都能按期，不用重排。", "Everything is on time; nothing to move."))
    key = ctx.books.drafts.keep("whatif", ctx.chat.id, ctx.person.id, words=words, days=_days(world))
    return Reply(_card(ctx, world, key))


def _late_ones(ctx: Ctx, words: str) -> _World:
    """What ends after its date, all of it or what waits for one."""
    sight = sight_of(ctx)
    moved = [n for n in range(len(sight.things)) if sight.moved(n)]
    if refs := refs_in(words):
        place = sight.place[node_of(thing_of(ctx, refs[0], VERB, EXAMPLE))]
        after = sight.found.graph.downstream(place)
        moved = [n for n in moved if n in after]
    moved.sort(key=lambda n: (sight.found.days.finish[n], n))
    return _World(sight, sight.found, moved, {})


def _suppose(ctx: Ctx, words: str) -> _World:
    """Raises UserError: nothing that can be reckoned."""
    if words.startswith(REPLAN):
        return _late_ones(ctx, words.removeprefix(REPLAN))
    line = Line(words)
    cuts = [match.end() for match in _SPLIT.finditer(line.folded)]
    ends = [*cuts[1:], len(line.text)]
    parts = [(line.text[a:b], line.folded[a:b]) for a, b in zip(cuts, ends, strict=False)]
    if not parts or len(parts) > MOST_PARTS:
        raise UserError(
            say("推演要写任务号和变化。例：{example}；/如果 T2 工期 5天；/如果 M1 改到 9-30",
                "Say which task and what changes. Example: {example}; /whatif T2 takes 5 days; /whatif M1 due 9-30",
                example=EXAMPLE)
        )  # fmt: skip
    sight = sight_of(ctx)
    items: dict[int, Item] = {}
    delays: dict[int, int] = {}
    for text, folded in parts:
        ref = refs_in(folded)[0]
        number = sight.place[node_of(thing_of(ctx, ref, VERB, EXAMPLE))]
        match = re.match(REF, folded)
        rest = folded[match.end() if match else 0 :]
        meant = suppose(rest)
        if meant is None:
            raise UserError(
                say("没看懂「{words}」。例：{example}；/如果 T2 工期 5天；/如果 M1 改到 9-30",
                    "I do not understand “{words}”. Example: {example}; /whatif T2 takes 5 days; /whatif M1 due 9-30",
                    words=text.strip()[:40], example=EXAMPLE)
            )  # fmt: skip
        _apply(ctx, sight, number, meant, items, delays)
    found = sight.if_(items, delays)
    moved = [
        n for n in range(len(sight.things)) if sight.open(n) and found.days.finish[n] != sight.found.days.finish[n]
    ]
    moved.sort(key=lambda n: (found.days.finish[n], n))
    return _World(sight, found, moved, items)


def _apply(
    ctx: Ctx, sight: Sight, number: int, meant: Supposition, items: dict[int, Item], delays: dict[int, int]
) -> None:
    """One supposition, in terms of items and delays. Raises UserError: a day that cannot be read."""
    item = sight.items[number]
    thing = sight.things[number]
    if meant.kind == "days":
        if item.milestone:
            raise UserError(
                say(
                    "里程碑没有工期，例：/如果 {ref} 改到 9-30",
                    "A milestone has no duration; e.g. /whatif {ref} due 9-30",
                    ref=thing.ref,
                )
            )
        items[number] = changed(item, days=meant.days)
        return
    if meant.kind == "delay" and meant.days > 0:
        delays[number] = meant.days
        return
    will = (
        sight.found.axis.day(sight.found.days.finish[number] + meant.days)
        if meant.kind == "delay"
        else _day(ctx, thing.ref, meant)
    )
    later = sight.found.axis.on_or_after(will) - sight.found.days.finish[number]
    if later > 0 and not item.milestone:
        delays[number] = later
    else:
        start = None if item.start is None or item.start > will else item.start
        items[number] = changed(item, due=will, start=start)


def _day(ctx: Ctx, ref: str, meant: Supposition) -> date:
    found = find(meant.when[:60], ctx.now, ctx.calendar)
    check(meant.when[:60], found, expected=True)
    days = list(dict.fromkeys(reading.day for reading in found[0].readings)) if found else []
    if len(days) != 1:
        raise UserError(
            say("没看懂日期「{words}」，写成 9-30 这样。例：/如果 {ref} 改到 9-30",
                "I cannot read the day “{words}”. Example: /whatif {ref} due 9-30",
                words=meant.when[:30], ref=ref)
        )  # fmt: skip
    return days[0]


# --- the card ------------------------------------------------------------------------------------------------------


def _card(ctx: Ctx, world: _World, key: str) -> Card:
    lines = _lines(world)
    buttons = [Button(say("关闭", "Close"), "whatif.close", (key,))]
    if world.moved:
        buttons.insert(0, Button(say("应用", "Apply"), "whatif.apply", (key,)))
    return text_card(join([*lines, NOT_WRITTEN], "\n"), *buttons)


def _lines(world: _World) -> list[Text]:
    """The line to what it hurts most, then the rest: what moves and by how much."""
    sight, found = world.sight, world.found
    if not world.moved:
        return [say("没有影响：日期都不变。", "No effect: no day changes.")]
    worst = max(world.moved, key=lambda n: (found.late(n), found.days.finish[n] - sight.found.days.finish[n], n))
    path = [n for n in found.chain(worst) if n in world.moved] or [worst]
    lines: list[Text] = [_days_of(world, path)]
    others = [n for n in world.moved if n not in path]
    if others:
        lines.append(say("另受影响：{days}", "Also: {days}", days=_days_of(world, others)))
    late = [n for n in world.moved if found.late(n)]
    better = [n for n in world.moved if sight.found.late(n) and not found.late(n)]
    lines += [say("🔴 {what}", "🔴 {what}", what=how_late(sight, n, found)) for n in late[:3]]
    lines += [say("🟢 {name} 可按期", "🟢 {name} would be on time", name=named(sight.things[n])) for n in better[:3]]
    return lines


def _days_of(world: _World, numbers: list[int]) -> Text:
    """``T1 9-29 · T2 10-8 · M2 10-9``."""
    shown = numbers if len(numbers) <= MOST else [*numbers[: MOST - 1], numbers[-1]]
    parts: list[Text] = [
        verbatim(f"{world.sight.things[n].ref} {bare_day(world.found.finish(n))}") for n in shown
    ]  # fmt: skip
    if len(numbers) > MOST:
        parts.insert(MOST - 1, say("…{n} 项…", "…{n} more…", n=len(numbers) - MOST))
    return join(parts, " · ")


def _days(world: _World) -> list[list[Any]]:
    """What [应用] would write, as it was shown: [[kind, id, first day, last day]]."""
    return [
        [*node_of(world.sight.things[n]), world.found.start(n).isoformat(), world.found.finish(n).isoformat()]
        for n in world.moved
    ]


# --- pressed -------------------------------------------------------------------------------------------------------


def _draft(ctx: Ctx, key: str) -> Draft:
    draft = ctx.books.drafts.get(key)
    if draft is None or draft.kind != "whatif" or draft.chat_id != ctx.chat.id:
        raise UserError(say("这个推算已经找不到了，请重新发。", "This reckoning is gone; please send it again."))
    if draft.used:
        raise UserError(say("这个推算已经处理过了。", "This was decided already."))
    return draft


@button("whatif.close")
def close(ctx: Ctx, key: str) -> Pressed:
    draft = _draft(ctx, key)
    ctx.books.drafts.use(draft)
    text = say("已关闭，没有改动。", "Closed; nothing was changed.")
    return Pressed(text, card=text_card(text))


@button("whatif.apply")
def write(ctx: Ctx, key: str) -> Pressed:
    """[应用]: exactly the days that were shown; when they would be others by now, the new ones are shown instead."""
    draft = _draft(ctx, key)
    words = str(draft.subject["words"])
    world = _suppose(ctx, words)
    if _days(world) != draft.subject["days"]:
        ctx.books.drafts.use(draft)
        again = ctx.books.drafts.keep("whatif", ctx.chat.id, draft.person_id, words=words, days=_days(world))
        text = say("情况变了，已经重新推算，请再看一眼。", "Things have changed; reckoned anew, please look again.")
        return Pressed(text, card=_card(ctx, world, again))
    _require_all(ctx, world)
    ctx.books.drafts.use(draft)
    return _written(ctx, world, words)


def _require_all(ctx: Ctx, world: _World) -> None:
    """Raises UserError naming what is not theirs."""
    others = [world.sight.things[n] for n in world.moved if not may_change(ctx, world.sight.things[n])]
    if others:
        names = listed(named(thing) for thing in others[:MOST])
        raise UserError(
            say(
                "{names} 不归你管，请负责人或管理员来应用。",
                "{names} are not yours: their owners or an admin can apply it.",
                names=names,
            )
        )


def _written(ctx: Ctx, world: _World, words: str) -> Pressed:
    if words.startswith(REPLAN):
        note = "顺延" if ctx.locale == "zh" else "Moved along"
    else:
        note = f"如果 {words}"[:200] if ctx.locale == "zh" else f"What if {words}"[:200]
    for number in world.moved:
        thing = world.sight.things[number]
        first, last = world.found.start(number), world.found.finish(number)
        if isinstance(thing, Milestone):
            redraw(ctx, ctx.books.milestones.change(thing, note, due=last))
        else:
            change(ctx, thing, note, **_task_values(thing, first, last, world, number))
    text = say("已应用：{days}。原因记为「{note}」。", "Applied: {days}. The reason is kept as “{note}”.",
               days=_days_of(world, world.moved), note=note)  # fmt: skip
    return Pressed(text, card=text_card(text, undo_button(ctx)))


def _task_values(task: Task, first: date, last: date, world: _World, number: int) -> Mapping[str, Any]:
    """Its planned days become the ones that were shown; a length that was supposed is kept, too."""
    values: dict[str, Any] = {"due": last}
    if task.due is None:
        values["due_minute"] = None
    if task.start is not None and task.started_at is None:
        values["start"] = first
    supposed = world.items.get(number)
    if supposed is not None:
        values["days"] = supposed.days
    return values
