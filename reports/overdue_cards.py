"""What one person reads about overdue tasks: one message, at most ten lines, an answer one press away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from chat.cards import Button, Buttons, Card, Paragraph
from chat.text import Text, join, listed, say, verbatim
from planning.due import END_OF_DAY
from reports.clocks import due_moment, own
from reports.daily_desk import Desk
from reports.days import bare_day, both, clock, short_day
from reports.own_clock import reader_of
from reports.rules import OVERDUE as RULE
from reports.rules import foot
from reports.task_cards import done_button, due_button, owner_button
from storage.people import Person
from storage.pushes import Push
from storage.tasks import Task

MOST_LINES = 8
MOST_BUTTONS = 3
GROUP_MOST = 8


def card(desk: Desk, person: Person, pushes: Sequence[Push]) -> Card:
    """The rule's name and the way out of it stand at the end of every push."""
    return Card(
        (
            Paragraph(words(desk, person, pushes)),
            Buttons(tuple(buttons(person, pushes))),
            *foot(RULE),
        )
    )


def words(desk: Desk, person: Person, pushes: Sequence[Push], most: int = MOST_LINES) -> Text:
    """most: lines about single tasks."""
    late = [push.task for push in pushes if push.rule == "overdue.1"]
    today = [push.task for push in pushes if push.rule != "overdue.1"]
    if not late and len(today) == 1:
        return _due_now(desk, today[0], person)
    lines: list[Text] = []
    if late:
        refs = listed(task.ref for task in late[:most])
        lines.append(say("逾期 1 个工作日：{refs}", "Overdue for 1 working day: {refs}", refs=refs))
        lines += [_line(desk, task, person) for task in late[:most]]
    if today:
        lines.append(say("到期未完成：{n} 项", "Due and not done: {n}", n=len(today)))
        lines += [_line(desk, task, person) for task in today[: max(0, most - len(late))]]
    left = len(pushes) - min(len(late), most) - len(today[: max(0, most - len(late))])
    if left > 0:
        lines.append(say("还有 {n} 项，发「/我的」看全部", "{n} more: send “/my”", n=left))
    return join(lines, "\n")


def _due_now(desk: Desk, task: Task, person: Person) -> Text:
    """``T5 商品上架 今天 18:00 到期未完成。``"""
    at = clock(END_OF_DAY if task.due_minute is None else task.due_minute)
    due = task.due or date.min
    day = bare_day(due)
    zone = reader_of(desk.project, person, desk.books.at)
    if zone is not None and task.due is not None:
        return say(
            "{ref} {title} {at} 到期未完成。", "{ref} {title} was due {at} and is not done.",
            ref=task.ref, title=task.title, at=both(_at(desk, task), desk.rhythm.zone, zone),
        )  # fmt: skip
    if due == desk.rhythm.local(desk.books.at).date():
        day_text: Text = say("今天 ", "today")
    else:
        day_text = short_day(due, desk.rhythm.calendar) if due != date.min else verbatim(day)
    return say(
        "{ref} {title} {day}{at} 到期未完成。", "{ref} {title} was due {day} {at} and is not done.",
        ref=task.ref, title=task.title, day=day_text, at=at,
    )  # fmt: skip


def _at(desk: Desk, task: Task) -> datetime:
    return due_moment(desk.project, task, END_OF_DAY if task.due_minute is None else task.due_minute)


def _line(desk: Desk, task: Task, person: Person) -> Text:
    at: Text | str = ""
    if task.due is not None:
        zone = reader_of(desk.project, person, desk.books.at)
        minute = END_OF_DAY if task.due_minute is None else task.due_minute
        at = own(_at(desk, task), zone) if zone else f"{bare_day(task.due)} {clock(minute)}"
    if task.owner == person.id:
        return say("{ref} {title}（{at}）", "{ref} {title} ({at})", ref=task.ref, title=task.title, at=at)
    return say("{ref} {title}（{who}，{at}）", "{ref} {title} ({who}, {at})", ref=task.ref, title=task.title,
               who=task.owner_name, at=at)  # fmt: skip


def buttons(person: Person, pushes: Sequence[Push], *, named: bool = False) -> list[Button]:
    """named: with the task's number even where there is only one."""
    tasks = [push.task for push in pushes]
    if len(tasks) == 1 and not named:
        return ways(tasks[0], person)
    found: list[Button] = []
    for task in tasks[:MOST_BUTTONS]:
        if task.owner == person.id:
            label = say("{ref} 完成", "{ref} done", ref=task.ref)
            found.append(Button(label, "overdue.done", done_button(task).args, task.version))
            found.append(_later(task, say("{ref} 延期…", "{ref} later…", ref=task.ref)))
        else:
            found.append(due_button(task, say("{ref} 改期", "Reschedule {ref}", ref=task.ref)))
    return found


def ways(task: Task, person: Person) -> list[Button]:
    """What can be done about one task: by its owner, by who leads."""
    if task.owner != person.id:
        return [due_button(task, say("改期", "Reschedule")), owner_button(task)]
    args = (str(task.id),)
    return [
        done_button(task),
        _later(task, say("延期…", "Later…")),
        Button(say("求助", "Ask for help"), "overdue.help", args),
        Button(say("今天别提醒", "Not today"), "overdue.hush", args),
    ]


def _later(task: Task, label: Text) -> Button:
    return Button(label, "overdue.later", (str(task.id),), task.version)
