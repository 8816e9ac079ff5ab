"""Three working days without a word about a task: its owner is asked, once; after five the lead hears of it, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chat.cards import Button, Buttons, Card, Paragraph
from chat.text import Text, join, say
from planning.silence import ASK_AFTER, LEAD_AFTER, NEAR, silent_days
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.rules import SILENT as RULE
from reports.rules import foot
from reports.task_cards import done_button
from reports.ticks import PART
from storage.people import Person
from storage.pushes import Place, Push
from storage.tasks import Task

OWNER, LEAD = "silent.3", "silent.5"
MOST = 3
MOST_LINES = 8


def called(desk: Desk, today: date, leads: Sequence[Person], after: Place) -> tuple[set[int], Place | None]:
    """Enter what is to be asked today, of a part of the tasks; whom, and where to go on."""
    calendar, zone = desk.rhythm.calendar, desk.rhythm.zone
    before = at_local(calendar.add_working(today, -ASK_AFTER), 0, zone)
    found: set[int] = set()
    near = calendar.add_working(today, NEAR)
    part, following = desk.books.pushes.silent(desk.project.id, today, near, before, after, PART)
    for task, at in part:
        last = at.astimezone(zone).date()
        leave = desk.books.leaves.of(desk.project.id, task.owner or 0, last, today)
        away = {day for day, part in leave.items() if part == "day"}
        days = silent_days(last, today, calendar, away)
        if today in away or days < ASK_AFTER:
            continue
        found |= _enter(desk, task, OWNER, last, [task.owner or 0])
        if days >= LEAD_AFTER:
            found |= _enter(desk, task, LEAD, last, [lead.id for lead in leads if lead.id != task.owner])
    return found, following


def _enter(desk: Desk, task: Task, rule: str, last: date, people: Sequence[int]) -> set[int]:
    pushes = desk.books.pushes
    return {person for person in people if not pushes.muted(person, RULE) and pushes.once(person, task.id, rule, last)}


def card(person: Person, pushes: Sequence[Push]) -> Card:
    """``T6 详情页 3 个工作日没更新。`` with an answer one press away."""
    ways = tuple(buttons(person, pushes))
    return Card(
        (
            Paragraph(words(person, pushes)),
            *((Buttons(ways),) if ways else ()),
            *foot(RULE),
        )
    )


def words(person: Person, pushes: Sequence[Push], most: int = MOST_LINES) -> Text:
    lines = [_line(push, person) for push in pushes[:most]]
    if len(pushes) > most:
        lines.append(say("还有 {n} 项，发「/我的」看全部", "{n} more: send “/my”", n=len(pushes) - most))
    return join(lines, "\n")


def buttons(person: Person, pushes: Sequence[Push], *, named: bool = False) -> list[Button]:
    """named: with the task's number even where there is only one."""
    own = [push.task for push in pushes if push.rule == OWNER and push.task.owner == person.id]
    return [button for task in own[:MOST] for button in _ways(task, alone=len(own) == 1 and not named)]


def _line(push: Push, person: Person) -> Text:
    days = LEAD_AFTER if push.rule == LEAD else ASK_AFTER
    task = push.task
    if task.owner == person.id:
        return say("{ref} {title} {n} 个工作日没更新。", "{ref} {title}: no word for {n} working days.", ref=task.ref,
                   title=task.title, n=days)  # fmt: skip
    return say("{ref} {title}（{who}）{n} 个工作日没更新。", "{ref} {title} ({who}): no word for {n} working days.",
               ref=task.ref, title=task.title, who=task.owner_name, n=days)  # fmt: skip


def _ways(task: Task, *, alone: bool) -> tuple[Button, ...]:
    args = (str(task.id),)

    def label(text: Text) -> Text:
        return text if alone else say("{ref} {text}", "{ref} {text}", ref=task.ref, text=text)

    return (
        Button(label(say("还在做", "Still at it")), "silent.going", args, task.version),
        Button(label(say("已完成", "Done")), "task.done" if alone else "overdue.done", done_button(task).args),
        Button(label(say("卡住了", "Stuck")), "overdue.help", args),
    )
