"""Tasks that come near: their owners hear of them at 10:00 the working day before and on the day, or as was asked.

The arithmetic is ``planning.warning``'s and serves any date; what is said of tasks is here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chat.cards import Button, Buttons, Card, Paragraph
from chat.text import Text, join, say
from planning.due import END_OF_DAY
from planning.warning import FARTHEST, stored, warned
from planning.zones import at_local
from reports.clocks import seen_by
from reports.daily_desk import Desk
from reports.days import short_day
from reports.overdue_cards import ways
from reports.rules import WARN as RULE
from reports.rules import foot
from reports.task_cards import done_button
from reports.ticks import PART
from storage.people import Person
from storage.pushes import Place, Push
from storage.tasks import Task

MOST_LINES = 8
MOST = 3


def called(desk: Desk, today: date, after: Place) -> tuple[set[int], Place | None]:
    """Enter what comes near today, of a part of the tasks; whom to tell, and where to go on.

    Who is away hears nothing: their lead was told when they left.
    """
    books, calendar = desk.books, desk.rhythm.calendar
    away = books.daily.away(desk.project.id, today)
    found: set[int] = set()
    last = today + timedelta(days=FARTHEST)
    part, following = books.warnings.dated(desk.project.id, today, last, after, PART)
    for dated in part:
        task, person = dated.task, dated.task.owner
        ahead = warned(task.due, today, dated.aheads, calendar) if task.due else None
        if ahead is None or person is None or away.get(person) == "day":
            continue
        if not dated.asked and desk.rhythm.local(books.warnings.settled_at(task)).date() == today:
            continue  # it was spoken of this very morning
        if books.pushes.muted(person, RULE) or books.pushes.hushed(person, task.id, today):
            continue
        if books.pushes.once(person, task.id, f"{RULE}.{stored((ahead,))}", task.due or today):
            found.add(person)
    return found, following


def card(desk: Desk, person: Person, pushes: Sequence[Push]) -> Card:
    """The rule's name and the way out of it stand at the end."""
    return Card((Paragraph(words(desk, person, pushes)), Buttons(tuple(buttons(person, pushes))), *foot(RULE)))


def words(desk: Desk, person: Person, pushes: Sequence[Push], most: int = MOST_LINES) -> Text:
    """``T5 商品上架 还有 3 个工作日到期：10-12（周一）18:00。``"""
    if len(pushes) == 1:
        return say("{line}。", "{line}.", line=_line(desk, pushes[0].task, person))
    lines: list[Text] = [say("快到期：{n} 项", "Coming up: {n}", n=len(pushes))]
    lines += [_line(desk, push.task, person) for push in pushes[:most]]
    if len(pushes) > most:
        lines.append(say("还有 {n} 项，发「/我的」看全部", "{n} more: send “/my”", n=len(pushes) - most))
    return join(lines, "\n")


def _line(desk: Desk, task: Task, person: Person) -> Text:
    due, calendar = task.due or date.min, desk.rhythm.calendar
    today = desk.rhythm.local(desk.books.at).date()
    minute = END_OF_DAY if task.due_minute is None else task.due_minute
    if due == today:
        left: Text = say("今天到期", "is due today")
    else:
        n = max(1, calendar.working_days_between(today, due))
        left = say("还有 {n} 个工作日到期", "is due in {n} working days", n=n)
    return say(
        "{ref} {title} {left}：{day}", "{ref} {title} {left}: {day}", ref=task.ref, title=task.title, left=left,
        day=seen_by(
            [person.zone], short_day(due, calendar, None, minute), at_local(due, minute, desk.rhythm.zone),
            desk.rhythm.zone,
        ),
    )  # fmt: skip


def buttons(person: Person, pushes: Sequence[Push], *, named: bool = False) -> list[Button]:
    """named: with the task's number even where there is only one."""
    tasks = [push.task for push in pushes]
    if len(tasks) == 1 and not named:
        return ways(tasks[0], person)
    return [
        Button(say("{ref} 完成", "{ref} done", ref=task.ref), "overdue.done", done_button(task).args, task.version)
        for task in tasks[:MOST]
    ]
