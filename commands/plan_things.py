"""Tasks and milestones by their numbers, ``T2`` and ``M1``, and what a change of one does to the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from chat.cards import Button
from chat.errors import UserError
from chat.text import NOTHING, Text, listed, say
from commands.access import allowed, decides, open_task_of, seen_from
from commands.context import Ctx
from commands.task_lines import DIGITS
from reports.days import bare_day, working_days
from reports.risk_cards import MOST, named, span
from reports.risk_watch import watch
from reports.sight import Sight, Thing, changed, look, node_of
from storage.milestones import Milestone
from storage.tasks import Task

REF = rf"[tm] ?{DIGITS}(?![a-z0-9%])"
_REF = re.compile(rf"(?<![a-z0-9])([tm]) ?({DIGITS})(?![a-z0-9%])")
_CLOSED = {"reached": say("已达成", "reached"), "cancelled": say("已取消", "cancelled")}
MOST_REFS = 20


def thing_then(verb: str) -> str:
    """A pattern for a line of one task or milestone and then ``verb``."""
    return rf"^\s*(?P<thing>{REF})[\s:,]*(?P<verb>{verb})"


def milestone_then(verb: str) -> str:
    return rf"^\s*m ?(?P<n>{DIGITS})(?![a-z0-9%])[\s:,]*(?P<verb>{verb})"


def refs_in(folded: str) -> list[tuple[str, int]]:
    """[(t or m, number)], each once, in order."""
    return list(dict.fromkeys((letter, int(number)) for letter, number in _REF.findall(folded)))[:MOST_REFS]


def milestone_of(ctx: Ctx, number: int) -> Milestone:
    """Raises UserError: there is none."""
    found = ctx.books.milestones.numbered(ctx.project.id, number)
    if found is None:
        raise UserError(
            say("没找到里程碑 M{n}。发「/里程碑」看看有哪些。",
                "There is no milestone M{n}. Send “/milestone” to see them.",
                n=number)
        )  # fmt: skip
    return found


def open_milestone_of(ctx: Ctx, number: int) -> Milestone:
    """The same, and it is neither reached nor cancelled."""
    found = milestone_of(ctx, number)
    if found.closed:
        raise UserError(
            say("{ref} {state}，不能再改。要继续，请先「重开 {ref}」。",
                "{ref} is {state} and cannot be changed. To go on with it, send “reopen {ref}” first.",
                ref=found.ref, state=_CLOSED[found.state])
        )  # fmt: skip
    return found


def milestone_by_id(ctx: Ctx, milestone_id: int) -> tuple[Ctx, Milestone]:
    """The milestone a button names, and this thing seen from its own project. Raises UserError."""
    found = ctx.books.milestones.get(milestone_id)
    there = seen_from(ctx, found.project_id) if found is not None else None
    if found is None or there is None or found.state == "undone":
        raise UserError(say("没找到这个里程碑。", "This milestone cannot be found."))
    return there, found


def thing_of(ctx: Ctx, ref: tuple[str, int], verb: Text, example: Text) -> Thing:
    """An open task or milestone. Raises UserError."""
    letter, number = ref
    return open_task_of(ctx, number, verb, example) if letter == "t" else open_milestone_of(ctx, number)


def may_change(ctx: Ctx, thing: Thing) -> bool:
    """Its owner, who made it, and admins."""
    if isinstance(thing, Task):
        return decides(ctx, thing)
    return ctx.person.id in (thing.owner, thing.creator) or allowed(ctx, "plan.others")


def require_change(ctx: Ctx, thing: Thing) -> None:
    """Raises UserError naming who may."""
    if not may_change(ctx, thing):
        raise UserError(
            say("{ref} 由{who}负责，请 {who} 或管理员来改。", "{ref} belongs to {who}: they or an admin can change it.",
                ref=thing.ref, who=thing.owner_name or say("别人", "somebody else"))
        )  # fmt: skip


def begin_watch(ctx: Ctx) -> None:
    """There is a plan now: the clock looks at it."""
    watch(ctx.books, ctx.project)


def sight_of(ctx: Ctx) -> Sight:
    return look(ctx.books, ctx.project, ctx.at)


def reckoned(ctx: Ctx, thing: Thing) -> Text:
    """``推算：T2 9-28~9-29、M2 9-30（晚 1 个工作日）``: it and what waits for it; NOTHING when it stands alone."""
    if not ctx.books.links.of(node_of(thing)):
        return NOTHING
    sight = sight_of(ctx)
    place = sight.place[node_of(thing)]
    after = [number for number in sight.found.graph.order if number in sight.found.graph.downstream(place)]
    numbers = [place, *(number for number in after if sight.open(number))]
    parts: list[Text] = []
    for number in numbers[:MOST]:
        late = sight.found.late(number)
        text = span(sight, number)
        if late:
            text = say("{text}（晚 {n}）", "{text} ({n} late)", text=text, n=working_days(late))
        parts.append(text)
    if len(numbers) > MOST:
        parts.append(say("另 {n} 项", "{n} more", n=len(numbers) - MOST))
    return say("推算：{parts}", "Reckoned: {parts}", parts=listed(parts))


def too_early(ctx: Ctx, after: Thing, needs: Sequence[Thing] | None = None) -> list[Text]:
    """It has begun, or is planned to begin, before what it waits for will be finished. ``needs`` None: all of that."""
    if not isinstance(after, Task) or after.closed:
        return []
    sight = sight_of(ctx)
    if needs is None:
        links = [link for link in sight.links if link.after == node_of(after)]
        needs = [sight.things[sight.place[link.before]] for link in links]
    lines: list[Text] = []
    for before in needs:
        number = sight.place.get(node_of(before))
        if number is None or not sight.open(number):
            continue
        finish = sight.found.finish(number)
        if after.started_at is not None:
            lines.append(say("注意：{ref} 已经开始，而 {other} 预计 {day} 才完成。",
                             "Note: {ref} has begun, while {other} ends {day}.",
                             ref=after.ref, other=before.ref, day=bare_day(finish)))  # fmt: skip
        elif after.start is not None and after.start <= finish:
            lines.append(say("注意：{ref} 计划 {start} 开始，而 {other} 预计 {day} 才完成。",
                             "Note: {ref} is planned to start {start}, while {other} ends {day}.", ref=after.ref,
                             start=bare_day(after.start), other=before.ref, day=bare_day(finish)))  # fmt: skip
    return lines


def milestones_late(ctx: Ctx, task: Task, day: date) -> list[Text]:
    """``M2 预热启动 9-29 → 9-30``: milestones that will be later than now when a task is due then."""
    if not ctx.books.links.of(node_of(task)):
        return []
    sight = sight_of(ctx)
    number = sight.place[node_of(task)]
    found = sight.if_({number: changed(sight.items[number], due=day)}, {})
    later = [
        n for n in sight.found.graph.downstream(number)
        if isinstance(sight.things[n], Milestone) and found.late(n) > sight.found.late(n)
    ]  # fmt: skip
    return [
        say("{name} {was} → {will}", "{name} {was} → {will}", name=named(sight.things[n]),
            was=bare_day(sight.things[n].due or day), will=bare_day(found.finish(n)))
        for n in sorted(later)
    ]  # fmt: skip


def pushes(ctx: Ctx, task: Task) -> bool:
    """Does something that waits for it miss its date now?"""
    if not ctx.books.links.of(node_of(task)):
        return False
    sight = sight_of(ctx)
    return bool(sight.affected(sight.place[node_of(task)]))


def with_reckoning(ctx: Ctx, text: Text, thing: Thing) -> Text:
    """A sentence and on the next line what follows from it."""
    more = reckoned(ctx, thing)
    if more is not NOTHING:
        ctx.books.alarms.read_by.add(ctx.person.id)
    return text if more is NOTHING else say("{text}\n{more}", "{text}\n{more}", text=text, more=more)


def undo_button(ctx: Ctx) -> Button:
    """Takes the whole of what this thing changed back, tasks and milestones."""
    return Button(say("撤销", "Undo"), "plan.undo", (ctx.books.key,))


def names(things: list[Thing]) -> Text:
    return listed(named(thing) for thing in things)
