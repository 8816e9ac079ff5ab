"""One milestone first: what may rest until it is done.  ``/聚焦 M1``  ``/聚焦``  ``/聚焦 结束``"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chat.cards import Button, Card, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.access import require
from commands.context import Ctx
from commands.grammar import button, command
from commands.plan_things import open_milestone_of, refs_in, sight_of, undo_button
from commands.plan_undo import decided
from commands.reply import Pressed, Reply
from commands.task_view import redraw
from planning.focus import Choice, choices
from planning.work_weeks import work_week
from reports import focus
from reports.days import bare_day, working_days
from reports.risk_cards import MOST, named, owned
from reports.sight import Sight, node_of
from storage.tasks import Task

EXAMPLE = say("/聚焦 M1", "/focus M1")
MOST_LINES = 12
_WHY = {
    "urgent": say("要紧", "urgent"),
    "due": say("期间到期", "due meanwhile"),
    "late": say("停了会误别的", "others would be late"),
}


@command(
    "聚焦", "focus",
    usage=say("先做一个里程碑，别的暂停", "One milestone first, the rest pauses"),
    example=EXAMPLE,
)  # fmt: skip
def preview(ctx: Ctx) -> Reply:
    """What could pause and how much that frees. Nothing pauses before [确认暂停]."""
    refs = [number for letter, number in refs_in(ctx.line.folded) if letter == "m"]
    if not refs:
        return _standing(ctx)
    milestone = open_milestone_of(ctx, refs[0])
    if milestone.due is None:
        raise UserError(
            say("{ref} 还没有日期，不知道暂停到哪天。先定：{ref} 改到 9-28",
                "{ref} has no date yet. First: {ref} due 9-28",
                ref=milestone.ref)
        )  # fmt: skip
    _none_running(ctx)
    sight = sight_of(ctx)
    number = sight.place[node_of(milestone)]
    needed = sight.unfinished(number)
    if not needed:
        raise UserError(
            say("{ref} 没有未完成的任务，不用聚焦。关联任务：{ref} 包含 T1",
                "{ref} has no open task. Add some: {ref} includes T1",
                ref=milestone.ref)
        )  # fmt: skip
    until = sight.calendar.next_working(max(milestone.due, sight.found.finish(number)))
    people = {task.owner for task in needed if task.owner is not None}
    found = weighed(ctx, sight, {sight.place[node_of(task)] for task in needed}, until, people)
    pause = [choice for choice in found if choice.why == "pause"]
    head = say(
        "聚焦 {name}（{day}）：先做 {n} 项：{tasks}", "Focus on {name} ({day}), first these ({n}): {tasks}",
        name=named(milestone),
        day=bare_day(milestone.due), n=len(needed), tasks=listed(owned(task) for task in needed[:MOST]),
    )  # fmt: skip
    if not pause:
        raise UserError(
            say("{head}\n这些人手上没有可以暂停的任务。", "{head}\nThey have nothing that could pause.", head=head)
        )
    name = f"{milestone.ref} {milestone.title}"
    return Reply(pause_card(ctx, [head], sight, found, until, name))


def weighed(ctx: Ctx, sight: Sight, needed: set[int], until: date, people: set[int] | None) -> list[Choice]:
    """Musts of the week and high priorities do not rest."""
    week = work_week(ctx.today, sight.calendar).first
    chosen = {**ctx.books.moscow.before(ctx.project.id, week), **ctx.books.moscow.of_week(ctx.project.id, week)}
    urgent = {
        place for place, thing in enumerate(sight.things)
        if isinstance(thing, Task)
        and (thing.priority == "high" or chosen.get(thing.id) == "must" or thing.state in ("paused", "awaiting_note"))
    }  # fmt: skip
    return choices(sight.items, sight.found, needed, urgent, until, sight.floor, people)


def pause_card(ctx: Ctx, lines: list[Text], sight: Sight, found: Sequence[Choice], until: date, name: str) -> Card:
    """What would rest and what not, and a button for it."""
    pause = [choice for choice in found if choice.why == "pause"]
    tasks = [sight.things[choice.item] for choice in pause]
    freed = sum(choice.freed for choice in pause)
    lines.append(say("可暂停 {n} 项，腾出 {freed} 人天：", "Tasks that may pause: {n}, freeing {freed} person-days:",
                     n=len(pause), freed=freed))  # fmt: skip
    lines += [
        say("· {name}{days}", "· {name} {days}", name=owned(sight.things[choice.item]), days=working_days(choice.freed))
        for choice in pause[:MOST_LINES]
    ]
    if len(pause) > MOST_LINES:
        lines.append(say("另 {n} 项", "{n} more", n=len(pause) - MOST_LINES))
    kept = [choice for choice in found if choice.why != "pause"]
    if kept:
        rows = [
            say("{ref}（{why}）", "{ref} ({why})", ref=sight.things[choice.item].ref, why=_WHY[choice.why])
            for choice in kept[:MOST]
        ]
        more_of_them = say(" 等", " …") if len(kept) > MOST else ""
        lines.append(say("留着 {n} 项：{rows}{more}", "{n} go on: {rows}{more}",
                         n=len(kept), rows=listed(rows),
                         more=more_of_them))  # fmt: skip
    lines.append(say("{day}自动恢复。", "They go on by themselves on {day}.", day=ctx.short_day(until)))
    key = ctx.books.drafts.keep(
        "focus",
        ctx.chat.id,
        ctx.person.id,
        tasks=[task.id for task in tasks],
        until=until.isoformat(),
        name=name,
    )
    return text_card(
        join(lines, "\n"),
        Button(say("确认暂停", "Pause them"), "focus.begin", (key,)),
        Button(say("不用", "No"), "plan.drop", ("focus", key)),
    )


def _none_running(ctx: Ctx) -> None:
    running = ctx.project.settings.get(focus.SETTING)
    if running:
        raise UserError(
            say(
                "正在聚焦「{name}」。先结束：/聚焦 结束",
                "There is a focus already: {name}. End it first: /focus end",
                name=running["name"],
            )
        )


def _standing(ctx: Ctx) -> Reply:
    running = ctx.project.settings.get(focus.SETTING)
    if not running:
        raise UserError(
            say("先做哪个里程碑？例：{example}", "Which milestone comes first? Example: {example}", example=EXAMPLE)
        )
    tasks = [task for task in _tasks(ctx, running["tasks"]) if task.state == "paused"]
    return Reply(
        text_card(
            say("正在聚焦「{name}」。暂停中 {n} 项：{tasks}；{day} 恢复。提前恢复：/聚焦 结束",
                "Focus: {name}. Resting until {day} ({n}): {tasks}. To end it: /focus end", name=running["name"],
                n=len(tasks), tasks=focus.names(tasks), day=bare_day(date.fromisoformat(running["until"])))
        )
    )  # fmt: skip


def _tasks(ctx: Ctx, numbers: Sequence[int]) -> list[Task]:
    return [task for number in numbers if (task := ctx.tasks.get(number)) is not None]


@button("focus.begin")
def begin(ctx: Ctx, key: str) -> Pressed:
    """[确认暂停], by an admin."""
    require(ctx, "plan.focus")
    draft = decided(ctx, key, "focus")
    _none_running(ctx)
    found = _tasks(ctx, draft.subject["tasks"])
    tasks = [task for task in found if task.state != "paused" and not task.closed]
    if not tasks:
        raise UserError(say("这些任务都已经完成或暂停。", "All of these are done or resting already."))
    until = date.fromisoformat(draft.subject["until"])
    if until <= ctx.today:
        raise UserError(say("这张卡片已经过期，请重新发。", "This card has expired; please send it again."))
    name = str(draft.subject["name"])
    focus.begin(ctx.books, ctx.speaker, ctx.project, name, until, tasks)
    for task in tasks:
        redraw(ctx, ctx.tasks.get(task.id) or task)
    text = say("⏸ 先做「{name}」：暂停 {n} 项，{day} 恢复。提前恢复：/聚焦 结束",
               "⏸ “{name}” comes first; tasks resting until {day}: {n}. To end it: /focus end",
               name=name, n=len(tasks), day=bare_day(until))  # fmt: skip
    return Pressed(text, card=text_card(text, undo_button(ctx)))


@command(
    "聚焦 结束", "focus end",
    usage=say("恢复暂停的任务", "Let the paused tasks go on"),
    example=say("/聚焦 结束", "/focus end"),
    roles="admin",
)  # fmt: skip
def end(ctx: Ctx) -> Reply:
    require(ctx, "plan.focus")
    if not ctx.project.settings.get(focus.SETTING):
        raise UserError(say("现在没有聚焦。", "No focus is on."))
    tasks = focus.end(ctx.books, ctx.project)
    for task in tasks:
        redraw(ctx, task)
    if not tasks:
        return Reply(text_card(say("聚焦结束，没有还在暂停的任务。", "The focus is over; nothing rests any more.")))
    return Reply(
        text_card(say("▶️ 聚焦结束，恢复 {n} 项：{tasks}。", "▶️ The focus is over; going on ({n}): {tasks}.",
                      n=len(tasks),
                      tasks=focus.names(tasks)))
    )  # fmt: skip
