"""Rows of a table become tasks, or are taken back, a hundred at a time between what people say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from chat.cards import Button, Card, text_card
from chat.text import Text, say
from reports.ticks import Occasion, tick
from storage.tasks import Task

STEP = 100
SOON = timedelta(milliseconds=1)
"""Before the next hundred: whatever people said meanwhile comes first."""


def card_name(batch: str) -> str:
    return f"import:{batch}"


def going_on(rows: int) -> Card:
    return text_card(say("正在导入 {n} 项…", "Importing {n} tasks…", n=rows))


@tick("import.rows", None)
def make(occasion: Occasion) -> datetime | None:
    """The next hundred; when all are made, says so."""
    books, subject = occasion.books, occasion.entry.subject
    books.actor = subject["person"]
    batch, project = subject["batch"], subject["project"]
    for row in books.imports.ready(batch, STEP):
        task = _made(occasion, project, subject, row.body)
        books.imports.made(batch, row.number, task.id)
        books.imports.remember(project, row.body["source"], task.id)
    if books.imports.ready(batch, 1):
        return occasion.at + SOON
    made = books.imports.counts(batch).get("made", 0)
    done = say("✅ 已导入 {n} 项任务。发「/进度」看看。", "✅ {n} tasks imported. Send “/status” to see them.", n=made)
    again = str(int(occasion.at.timestamp()))
    undo = Button(say("撤销导入", "Undo"), "import.undo", (batch, again))
    _tell(occasion, subject, batch, done, undo)
    return None


def _made(occasion: Occasion, project: int, subject: Mapping[str, Any], row: Mapping[str, Any]) -> Task:
    books = occasion.books
    owner = books.people.get(row["owner"]) if row["owner"] is not None else None
    task = books.tasks.add(
        project, books.projects.next_number(project, "T"), row["title"], creator=subject["person"],
        owner=owner.id if owner else None, owner_name=owner.name if owner else "", due=_day(row["due"]),
        due_minute=row["due_minute"], priority=row["priority"], detail=row["detail"],
        chat=subject["chat"], tags=tuple(row["tags"]), start=_day(row["start"]), days=row["days"], stage=row["stage"],
    )  # fmt: skip
    if row["state"] == "todo" and not row["progress"]:
        return task
    closed = occasion.at if row["state"] in ("done", "cancelled") else None
    started = occasion.at if row["state"] in ("doing", "blocked", "done") else None
    return books.tasks.change(
        task, state=row["state"], progress=row["progress"], started_at=started, closed_at=closed
    )  # fmt: skip


@tick("import.undo", None)
def take_back(occasion: Occasion) -> datetime | None:
    """The next hundred; a task somebody changed since stays."""
    books, subject = occasion.books, occasion.entry.subject
    books.actor = subject["person"]
    batch, project = subject["batch"], subject["project"]
    for number, task_id in books.imports.tasks(batch, STEP):
        task = books.tasks.get(task_id)
        touched = task is None or len({event.change for event in books.tasks.history(task)}) > 1
        if task is not None and not touched:
            books.tasks.change(task, f"undo:{batch}", state="undone", closed_at=occasion.at)
            books.imports.forget(project, task_id)
        books.imports.settled(batch, number, "kept" if touched else "undone", task_id)
    if books.imports.tasks(batch, 1):
        return occasion.at + SOON
    counts = books.imports.counts(batch)
    kept = counts.get("kept", 0)
    left = say("；{n} 项后来有人改过，留着了", "; {n} were changed since and stay", n=kept) if kept else ""
    done = say("已撤销导入：{n} 项{left}。", "Taken back: {n} tasks{left}.", n=counts.get("undone", 0), left=left)
    _tell(occasion, subject, batch, done)
    return None


def _tell(occasion: Occasion, subject: Mapping[str, Any], batch: str, text: Text, *buttons: Button) -> None:
    """On the card that the import began with; as a message where that cannot be changed."""
    card = text_card(text, *buttons)
    if occasion.speaker.redraw(card_name(batch), card):
        return
    chat = occasion.books.projects.chat_by_id(subject["chat"])
    project = occasion.books.projects.get(subject["project"])
    occasion.speaker.in_chat(chat, project, card, name=card_name(batch))


def _day(words: str | None) -> date | None:
    return date.fromisoformat(words) if words else None
