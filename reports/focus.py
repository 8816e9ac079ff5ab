"""Tasks that rest while something else comes first: they go on by themselves on the day that was said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chat.cards import text_card
from chat.text import Text, listed, say
from planning.zones import at_local
from reports.days import bare_day
from reports.risk_cards import MOST, named
from reports.speaker import Speaker
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.projects import ProjectInfo
from storage.tasks import Task

KIND = "focus.end"
SETTING = "focus"
"""The project's: {"until": day, "name": what comes first, "tasks": [ids that rest]}."""
MORNING = 9 * 60


def begin(books: Books, speaker: Speaker, project: ProjectInfo, name: str, until: date, tasks: Iterable[Task]) -> None:
    """They rest from now on; each owner hears it once."""
    by_owner: dict[int, list[Task]] = {}
    ids: list[int] = []
    for task in tasks:
        books.tasks.change(task, name, state="paused")
        ids.append(task.id)
        if task.owner is not None and task.owner != books.actor:
            by_owner.setdefault(task.owner, []).append(task)
    books.projects.set(project, **{SETTING: {"until": until.isoformat(), "name": name, "tasks": ids}})
    at = at_local(until, MORNING, ZoneInfo(project.zone))
    books.schedules.replace(KIND, f"focus:{project.id}", at)
    for owner, mine in by_owner.items():
        text = say("先做「{name}」，你的 {tasks} 暂停到 {day}。",
                   "“{name}” comes first: your {tasks} rest until {day}.",
                   name=name,
                   tasks=names(mine), day=bare_day(until))  # fmt: skip
        speaker.to_person(books.people.get(owner), project, text_card(text))


def end(books: Books, project: ProjectInfo) -> list[Task]:
    """What still rests goes on; the tasks."""
    resting = [books.tasks.get(number) for number in project.settings.get(SETTING, {}).get("tasks", ())]
    found = [task for task in resting if task is not None and task.state == "paused"]
    gone_on = [
        books.tasks.change(task, state="doing" if task.started_at is not None else "todo") for task in found
    ]  # fmt: skip
    books.projects.set(project, **{SETTING: None})
    books.schedules.drop(KIND, f"focus:{project.id}")
    return gone_on


def names(tasks: Iterable[Task]) -> Text:
    found = list(tasks)
    shown = listed(named(task) for task in found[:MOST])
    if len(found) <= MOST:
        return shown
    return say("{shown} 等 {n} 项", "{shown} and others, {n} in all", shown=shown, n=len(found))


@tick(KIND, None)
def over(occasion: Occasion) -> datetime | None:
    """The day has come."""
    books = occasion.books
    project = books.projects.get(int(occasion.entry.owner.partition(":")[2]))
    name = project.settings.get(SETTING, {}).get("name", "")
    tasks = end(books, project)
    if tasks:
        text = say(
            "「{name}」告一段落，{tasks} 恢复。", "“{name}” is over: {tasks} go on.", name=name, tasks=names(tasks)
        )
        occasion.speaker.to_groups(project, text_card(text))
    return None
