"""A milestone as it is now: date, tasks, what must hold, who has ticked it, and where it is heading."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from chat.cards import Button, Buttons, Card, Paragraph
from chat.text import NOTHING, Text, join, listed, say, verbatim
from planning.due import END_OF_DAY
from planning.zones import at_local
from reports.clocks import seen_by
from reports.days import bare_day, working_days
from reports.risk_cards import MOST, how_late, named, when
from reports.sight import Sight, node_of
from storage.books import Books
from storage.links import MILESTONE
from storage.milestones import Criterion, Milestone
from storage.tasks import Task

STATE = {
    "open": say("进行中", "open"),
    "reached": say("已达成", "reached"),
    "cancelled": say("已取消", "cancelled"),
    "undone": say("已撤销", "undone"),
}
MOST_TICKS = 4


def milestone_card(books: Books, milestone: Milestone, sight: Sight, reader: str = "") -> Card:
    """The card of one milestone. reader: the zone of whom it is shown to alone."""
    head = named(milestone)
    if milestone.closed:
        when_closed = milestone.closed_at.astimezone(sight.now.tzinfo) if milestone.closed_at else sight.now
        text = say("{head} {state}（{day}）", "{head}: {state} ({day})", head=head, state=STATE[milestone.state],
                   day=bare_day(when_closed.date()))  # fmt: skip
        args = (str(milestone.id),)
        return Card((Paragraph(text), Buttons((Button(say("重开", "Reopen"), "milestone.reopen", args),))))
    criteria = books.milestones.criteria(milestone)
    lines = [head, join(_facts(milestone, _due(books, milestone, sight, reader)), "｜", " | ")]
    lines += _tasks(sight, milestone)
    if milestone.resources:
        lines.append(say("资源：{words}", "Resources: {words}", words=milestone.resources))
    lines += [
        say("{name} {now}", "{name} {now}", name=name, now=numbers[-1].words)
        for name, numbers in books.numbers.of((MILESTONE, milestone.id)).items()
    ]
    lines += _criteria(milestone, criteria)
    lines += _heading(sight, milestone)
    return Card((Paragraph(join(lines, "\n")), Buttons(_buttons(milestone, criteria))))


def _due(books: Books, milestone: Milestone, sight: Sight, reader: str) -> Text:
    """By the project's clock; where its owner, its verifier or ``reader`` goes by another one, it says whose."""
    if milestone.due is None:
        return say("日期未定", "no date")
    plain = when(milestone.due, milestone.due_minute, sight.now.year)
    people = [number for number in (milestone.owner, milestone.verifier) if number is not None]
    zones = [reader, *(books.people.get(number).zone for number in people)]
    here = ZoneInfo(sight.project.zone)
    minute = END_OF_DAY if milestone.due_minute is None else milestone.due_minute
    return seen_by(zones, plain, at_local(milestone.due, minute, here), here)


def _facts(milestone: Milestone, due: Text) -> list[Text]:
    owner = milestone.owner_name or say("待定", "nobody")
    facts = [due, say("负责人 {who}", "Owner {who}", who=owner)]
    facts.append(
        say("验收人 {who}", "Verifier {who}", who=milestone.verifier_name)
        if milestone.verifier_name
        else say("验收人 未定", "no verifier")
    )
    return facts


def _tasks(sight: Sight, milestone: Milestone) -> list[Text]:
    """Its own tasks and what it comes after."""
    node = (MILESTONE, milestone.id)
    parts = [
        sight.things[sight.place[link.before]] for link in sight.links if link.after == node and link.kind == "part"
    ]
    after = [
        sight.things[sight.place[link.before]] for link in sight.links if link.after == node and link.kind != "part"
    ]
    lines: list[Text] = []
    if parts:
        done = sum(thing.closed for thing in parts)
        lines.append(say("任务 {done}/{all}：{names}", "Tasks {done}/{all}: {names}", done=done, all=len(parts),
                         names=_names([thing for thing in parts if isinstance(thing, Task)])))  # fmt: skip
    if after:
        lines.append(say("依赖：{names}", "After: {names}", names=listed(named(thing) for thing in after[:MOST])))
    return lines


def _names(tasks: Sequence[Task]) -> Text:
    rows = [
        say("{name} ✅", "{name} ✅", name=named(task)) if task.closed
        else say("{name} {p}%", "{name} {p}%", name=named(task), p=task.progress)
        for task in tasks[:MOST]
    ]  # fmt: skip
    if len(tasks) > MOST:
        rows.append(say("另 {n} 项", "{n} more", n=len(tasks) - MOST))
    return listed(rows)


def _criteria(milestone: Milestone, criteria: Sequence[Criterion]) -> list[Text]:
    if not criteria:
        return [say("验收标准：还没有。加一条：{ref} 标准 主图 3 张",
                    "No criteria yet. Add one: {ref} criterion 3 main pictures",
                    ref=milestone.ref)]  # fmt: skip
    title = say("验收标准（负责人、验收人都要勾）：", "Criteria (owner and verifier both tick):")
    return [
        title,
        *(
            say("{n}. {words} {a}负责人 {b}验收人", "{n}. {words} {a}owner {b}verifier",
                n=each.number, words=each.words,
                a=_box(each.by_owner), b=_box(each.by_verifier))
            for each in criteria
        ),
    ]  # fmt: skip


def _box(by: int | None) -> str:
    return "☐" if by is None else "☑"


def _heading(sight: Sight, milestone: Milestone) -> list[Text]:
    number = sight.place[node_of(milestone)]
    if milestone.due is None or not sight.linked(number):
        return []
    if sight.found.late(number):
        return [say("🔴 预计 {what}", "🔴 {what}", what=how_late(sight, number, sight.found))]
    if sight.found.days.driver[number] < 0 and not sight.unfinished(number):
        return []
    return [say("推算可按期，余量 {n}", "On time as things stand, {n} of room",
                n=working_days(sight.found.room[number] or 0))]  # fmt: skip


def _buttons(milestone: Milestone, criteria: Sequence[Criterion]) -> tuple[Button, ...]:
    open_ones = [each for each in criteria if each.by_owner is None or each.by_verifier is None]
    args = (str(milestone.id),)
    ticks = [
        Button(say("勾 {n}", "Tick {n}", n=each.number), "milestone.tick", (*args, str(each.number)))
        for each in open_ones[:MOST_TICKS]
    ]
    return (*ticks, Button(say("达成", "Reached"), "milestone.reach", args))


def listing(milestones: Sequence[Milestone], sight: Sight) -> list[Text]:
    """One line each: ``M2 预热启动 9-29 🔴 预计 10-8``."""
    return [_line(milestone, sight) for milestone in milestones]


def _line(milestone: Milestone, sight: Sight) -> Text:
    number = sight.place[node_of(milestone)]
    note: Text = NOTHING
    if milestone.closed:
        note = STATE[milestone.state]
    elif sight.found.late(number):
        note = say("🔴 预计 {day}", "🔴 likely {day}", day=bare_day(sight.found.finish(number)))
    elif sight.found.level(number) == "medium" and sight.linked(number):
        note = say("🟡 余量 {n}", "🟡 {n} of room", n=working_days(sight.found.room[number] or 0))
    due: Text = say("日期未定", "no date")
    if milestone.due is not None:
        year = f"{milestone.due.year}-" if milestone.due.year != sight.now.year else ""
        due = verbatim(year + bare_day(milestone.due))
    return say("{name} {due} {note}", "{name} {due} {note}", name=named(milestone), due=due, note=note)
