"""What follows from leave: days that were summed up are corrected, and the lead sees once what falls due meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from chat.cards import Button, text_card
from chat.text import Text, listed, say
from planning.away import NOON, Part, Run, around, runs
from planning.calendar import Calendar
from reports import approval_away
from reports.daily_desk import Desk
from reports.days import bare_day, short_day
from reports.digest import amend
from reports.task_cards import due_button, head, owner_button
from storage.books import Books
from storage.people import Person
from storage.tasks import Task

PARTS: Mapping[Part, Text] = {"day": say("", ""), "am": say("上午", " morning"), "pm": say("下午", " afternoon")}
MOST_TASKS = 5
AROUND = timedelta(days=183)
"""How far from a due the days of one leave are looked for."""
MOST_RUNS = 8
MOST_BUTTONS = 3


def shown(days: Mapping[date, Part], calendar: Calendar) -> Text:
    """``9-21（周一）~9-22（周二）、9-24（周四）下午``."""
    found = runs(days)
    parts = [_run(run, calendar) for run in found[:MOST_RUNS]]
    if len(found) > MOST_RUNS:
        parts.append(say("…", "…"))
    return listed(parts)


def bare(days: Mapping[date, Part]) -> Text:
    """``9-21~9-22、9-24 下午``."""
    parts = [
        say("{day} {part}", "{day}{part}", day=bare_day(run.first), part=PARTS[run.part])
        if run.part != "day"
        else say("{day}", "{day}", day=bare_day(run.first))
        if run.first == run.last
        else say("{first}~{last}", "{first} to {last}", first=bare_day(run.first), last=bare_day(run.last))
        for run in runs(days)[:MOST_RUNS]
    ]
    return listed(parts)


def _run(run: Run, calendar: Calendar) -> Text:
    first = say("{day}{part}", "{day}{part}", day=short_day(run.first, calendar), part=PARTS[run.part])
    if run.first == run.last:
        return first
    return say("{first}~{last}", "{first} to {last}", first=first, last=short_day(run.last, calendar))


def go_away(desk: Desk, day: date, person: Person) -> None:
    """Somebody takes the whole of this day off, and may take it back; what follows is as of any other leave."""
    team = desk.team
    before = team.books.leaves.of(team.project.id, person.id, day, day).get(day)
    team.books.leaves.put(team.project.id, person.id, {day: "day"})
    was = {str(team.project.id): {day.isoformat(): before}}
    team.books.deeds.add(team.project.id, person.id, "leave", person=person.id, was=was)
    correct(team, [day])
    if before != "day" and day >= team.rhythm.local(team.books.at).date():
        tell_lead(team, person, [day])
    approval_away.arm(team.books, person)


def correct(desk: Desk, days: Iterable[date]) -> int:
    """Draw the digests of these days anew; how many there were."""
    done = 0
    for day in sorted(days):
        collection = desk.books.collections.of(desk.project.id, day)
        if collection is not None and collection.digest_at is not None:
            amend(desk, collection, None)
            done += 1
    return done


def tell_lead(desk: Desk, person: Person, days: Iterable[date]) -> None:
    """What of theirs falls due on ``days``: to the admins; to themselves when nobody else leads."""
    wanted = set(days)
    tasks = [t for t in desk.books.tasks.open_of(person.id) if t.project_id == desk.project.id and t.due in wanted]
    if tasks:
        _tell(desk, person, tasks)


def tell_lead_of(desk: Desk, person: Person, task: Task, by: Person) -> None:
    """The same of one task that ``by`` put into leave that stood already; who leads and did it themselves knows."""
    if all(admin.id != by.id for admin in desk.admins):
        _tell(desk, person, [task])


def away_then(books: Books, task: Task) -> dict[date, Part]:
    """The leave of its owner that lies around its due; {}: they are here when it is due."""
    if task.owner is None or task.due is None or task.closed:
        return {}
    days = books.leaves.of(task.project_id, task.owner, task.due - AROUND, task.due + AROUND)
    part = days.get(task.due)
    morning = task.due_minute is not None and task.due_minute <= NOON
    if part is None or part == ("pm" if morning else "am"):
        return {}
    return around(days, [task.due])


def _tell(desk: Desk, person: Person, tasks: list[Task]) -> None:
    card = text_card(_falling_due(person, tasks), *_ways(tasks))
    for admin in [a for a in desk.admins if a.id != person.id] or desk.admins:
        desk.speaker.to_person(admin, desk.project, card)


def _falling_due(person: Person, tasks: list[Task]) -> Text:
    named: list[Text] = [
        say("{head}（{day}）", "{head} ({day})", head=head(task), day=bare_day(task.due))
        for task in tasks[:MOST_TASKS]
        if task.due is not None
    ]
    if len(tasks) > MOST_TASKS:
        named.append(say("…", "…"))
    return say(
        "{who}休假期间有 {n} 项到期：{tasks}。", "Due while {who} is away ({n}): {tasks}.",
        who=person.name, n=len(tasks), tasks=listed(named),
    )  # fmt: skip


def _ways(tasks: list[Task]) -> list[Button]:
    if len(tasks) == 1:
        return [
            due_button(tasks[0], say("改期", "Reschedule")),
            _labelled(owner_button(tasks[0]), say("交接", "Hand over")),
        ]
    ways: list[Button] = []
    for task in tasks[:MOST_BUTTONS]:
        ways.append(due_button(task, say("{ref} 改期", "Reschedule {ref}", ref=task.ref)))
        ways.append(_labelled(owner_button(task), say("{ref} 交接", "Hand over {ref}", ref=task.ref)))
    return ways


def _labelled(button: Button, label: Text) -> Button:
    return Button(label, button.verb, button.args, button.version)
