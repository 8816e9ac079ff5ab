"""A task's card as the books have it now: its tags, its family, who closed it."""

from __future__ import annotations

from chat.cards import Card
from chat.text import Text, join, say
from reports.task_cards import Desk, head, task_card
from storage.books import Books
from storage.tasks import Task

SHOWN_CHILDREN = 6


def look(books: Books, task: Task, desk: Desk) -> Card:
    """The card to show."""
    if task.closed:
        return task_card(task, (), desk, by=_closer(books, task))
    return task_card(task, books.tasks.tags(task), desk, more=_family(books, task))


def _closer(books: Books, task: Task) -> str:
    closing = [event for event in books.tasks.history(task) if event.field == "state" and event.after == task.state]
    return closing[-1].actor_name if closing else ""


def _family(books: Books, task: Task) -> list[Text]:
    lines: list[Text] = []
    parent = books.tasks.get(task.parent) if task.parent else None
    if parent is not None:
        lines.append(say("属于 {head}", "Part of {head}", head=head(parent)))
    children = [child for child in books.tasks.children(task.id) if child.state != "cancelled"]
    if children:
        done = sum(child.state == "done" for child in children)
        names = join([head(child) for child in children[:SHOWN_CHILDREN]], "、", ", ")
        lines.append(
            say(
                "子任务 {done}/{all}：{names}{more}",
                "Sub-tasks {done}/{all}: {names}{more}",
                done=done,
                all=len(children),
                names=names,
                more="…" if len(children) > SHOWN_CHILDREN else "",
            )
        )
    return lines
