"""Milestones that come near: five, three and one working day before. Who has something open hears it, and the group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chat.cards import Button, Buttons, Card, Paragraph
from chat.text import Text, join, say
from planning.due import END_OF_DAY
from planning.warning import day_of
from planning.zones import at_local
from reports.clocks import seen_by
from reports.daily_desk import Desk
from reports.days import bare_day, working_days
from reports.milestone_cards import milestone_card
from reports.risk_cards import MOST, named, when
from reports.rules import MILESTONE as RULE
from reports.sight import SWITCH, Sight, look, node_of
from reports.slot import Part, collect, redraws
from storage.links import MILESTONE
from storage.milestones import Milestone
from storage.people import Person
from storage.pushes import GROUPS
from storage.tasks import Task

STEPS = (5, 3, 1)
"""Working days before the date."""
NEAR, DAY = "milestone.near", "milestone.day"


def morning(desk: Desk, sight: Sight, today: date, at: datetime) -> None:
    """One card for the groups, one part of a message for each person."""
    asked = desk.books.warnings.milestones(desk.project.id)
    near = [
        (milestone, days)
        for milestone in sight.things
        if isinstance(milestone, Milestone) and not milestone.closed and milestone.due is not None
        and (
            (days := sight.calendar.working_days_between(today, milestone.due)) in STEPS
            or today in [day_of(milestone.due, ahead, sight.calendar) for ahead in asked.get(milestone.id, ())]
        )
        and desk.books.pushes.once(GROUPS, milestone.id, f"{RULE}.{days}", milestone.due, state="sent")
    ]  # fmt: skip
    if not near:
        return
    lines = [line for milestone, days in near for line in _lines(sight, milestone, days)]
    note = say("里程碑预警 · 关闭此类：/设置 风险预警 关", "Milestone warning · To turn these off: /set risk off")
    desk.speaker.to_groups(desk.project, Card((Paragraph(join(lines, "\n")), Paragraph(note, quiet=True))))
    away = desk.books.daily.away(desk.project.id, today)
    for person, mine in _people(desk, sight, near).items():
        if away.get(person) != "day":
            collect(desk, person, _part(desk, sight, person, mine), at)


def on_the_day(desk: Desk, sight: Sight, today: date, at: datetime) -> None:
    """18:00 of its last working day: a milestone that is not reached, to its owner, once."""
    for milestone in sight.things:
        if not isinstance(milestone, Milestone) or milestone.closed or milestone.due is None or milestone.owner is None:
            continue
        last = sight.calendar.last_working(milestone.due)
        if last == today and desk.books.pushes.once(milestone.owner, milestone.id, f"{RULE}.0", milestone.due,
                                                    state="sent"):  # fmt: skip
            collect(desk, milestone.owner, _due_part(desk, sight, milestone), at)


@redraws(NEAR)
def near_still(desk: Desk, person: int, subject: str) -> Part | None:
    """Of those that are open yet."""
    sight = look(desk.books, desk.project, desk.books.at)
    found = [_open_one(desk, sight, int(number)) for number in subject.split(",")]
    near = [
        (milestone, max(0, sight.calendar.working_days_between(sight.now.date(), milestone.due)))
        for milestone in found
        if milestone is not None and milestone.due is not None
    ]
    return _part(desk, sight, person, near) if near else None


@redraws(DAY)
def day_still(desk: Desk, person: int, subject: str) -> Part | None:
    """While it is not reached and still its owner's."""
    sight = look(desk.books, desk.project, desk.books.at)
    milestone = _open_one(desk, sight, int(subject))
    if milestone is None or milestone.owner != person or milestone.due is None or not sight.past(milestone):
        return None
    return _due_part(desk, sight, milestone)


def _open_one(desk: Desk, sight: Sight, number: int) -> Milestone | None:
    """None: it is closed, or nobody wants to be warned any more."""
    place = sight.place.get((MILESTONE, number))
    thing = sight.things[place] if place is not None else None
    wanted = desk.project.settings.get(SWITCH, True)
    return thing if isinstance(thing, Milestone) and not thing.closed and wanted else None


def _due_part(desk: Desk, sight: Sight, milestone: Milestone) -> Part:
    head = say("⏰ {name} 到期，还没有达成。", "⏰ {name} is due and not reached.", name=named(milestone))
    blocks = milestone_card(desk.books, milestone, sight).blocks
    return Part(
        RULE, DAY, str(milestone.id), (head, *(block.text for block in blocks if isinstance(block, Paragraph))),
        tuple(button for block in blocks if isinstance(block, Buttons) for button in block.buttons), milestone.ref,
        brief=1, last=1, nodes=((MILESTONE, milestone.id),),
    )  # fmt: skip


def _people(desk: Desk, sight: Sight, near: Sequence[tuple[Milestone, int]]) -> dict[int, list[tuple[Milestone, int]]]:
    """Who has something open; of what nobody owns, the lead; of a milestone without open tasks, its owner."""
    found: dict[int, list[tuple[Milestone, int]]] = {}
    for milestone, days in near:
        tasks = sight.unfinished(sight.place[node_of(milestone)])
        people = {task.owner for task in tasks} or {milestone.owner}
        lead: list[Person] = desk.leads if None in people else []
        for person in {p for p in people if p is not None} | {each.id for each in lead}:
            found.setdefault(person, []).append((milestone, days))
    return dict(sorted(found.items()))


def _lines(sight: Sight, milestone: Milestone, days: int, reader: str = "") -> tuple[Text, Text]:
    assert milestone.due is not None
    place = sight.place[node_of(milestone)]
    here = ZoneInfo(str(sight.now.tzinfo))
    at = at_local(milestone.due, END_OF_DAY if milestone.due_minute is None else milestone.due_minute, here)
    head = say(
        "⏳ {name} 还有 {n}（{when}）", "⏳ {name}: {n} left ({when})", name=named(milestone), n=working_days(days),
        when=seen_by([reader], when(milestone.due, milestone.due_minute), at, here),
    )  # fmt: skip
    return head, _open(sight.unfinished(place), milestone, linked=sight.linked(place))


def _open(tasks: Sequence[Task], milestone: Milestone, *, linked: bool) -> Text:
    if not linked:
        return say("还没有关联任务。关联：{ref} 包含 T1 T2", "No tasks yet. Add some: {ref} includes T1 T2",
                   ref=milestone.ref)  # fmt: skip
    if not tasks:
        return say("任务都完成了，等验收。发「{ref}」看标准", "All tasks are done; to be accepted. Send “{ref}”",
                   ref=milestone.ref)  # fmt: skip
    rows = [_row(task) for task in tasks[:MOST]]
    if len(tasks) > MOST:
        rows.append(say("另 {n} 项", "{n} more", n=len(tasks) - MOST))
    return say("未完成 {n}：{rows}", "Open {n}: {rows}", n=len(tasks), rows=join(rows, "；", "; "))


def _row(task: Task) -> Text:
    """``T1 海报设计（王五，9-23）0%``."""
    who = task.owner_name or say("待指派", "unassigned")
    due = bare_day(task.due) if task.due else say("没有截止", "no date")
    return say("{name}（{who}，{due}）{p}%", "{name} ({who}, {due}) {p}%", name=named(task), who=who, due=due,
               p=task.progress)  # fmt: skip


def _part(desk: Desk, sight: Sight, person: int, near: Sequence[tuple[Milestone, int]]) -> Part:
    """With buttons for who has something of it to do."""
    zone = desk.books.people.get(person).zone
    lines = [line for milestone, days in near for line in _lines(sight, milestone, days, zone)]
    ids = ",".join(str(milestone.id) for milestone, _ in near)
    own = any(task.owner == person for m, _ in near for task in sight.unfinished(sight.place[node_of(m)]))
    buttons = (
        Button(say("正常推进", "On track"), "plan.going", (ids,)),
        Button(say("可能延期…", "May be late…"), "plan.later", (ids,)),
        Button(say("需要帮助", "I need help"), "plan.help", (ids,)),
    )
    return Part(
        RULE, NEAR, ids, tuple(lines), buttons if own else (), " ".join(milestone.ref for milestone, _ in near),
        nodes=tuple((MILESTONE, milestone.id) for milestone, _ in near), each=2,
    )  # fmt: skip
