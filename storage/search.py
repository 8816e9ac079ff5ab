"""Finding tasks by any words of them, narrowed by owner, due and tags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Integer, String, bindparam, column, or_, select, table

from storage.grams import PROJECT, runs, tag_token
from storage.statement import Statement
from storage.tables.people import PersonRow
from storage.tables.work import TaskRow
from storage.tasks import PERSONS, TASK_FIELDS, TASKS, Task, read_task
from storage.transaction import Tx

_index = table("task_search", column("rowid"), column("task_search"))
_find = Statement(
    select(*TASK_FIELDS)
    .select_from(_index)
    .join(TaskRow, TASKS.id == _index.c.rowid)
    .outerjoin(PersonRow, PERSONS.id == TASKS.owner_id)
    .where(_index.c.task_search.op("MATCH")(bindparam("query", type_=String)), TASKS.state != "undone")
    .where(or_(bindparam("whose", type_=Integer).is_(None), TASKS.owner_id == bindparam("whose")))
    .where(or_(bindparam("since", type_=String).is_(None), TASKS.due >= bindparam("since")))
    .where(or_(bindparam("until", type_=String).is_(None), TASKS.due <= bindparam("until")))
    .order_by(_index.c.rowid.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)


class Search:
    """The search index of tasks. What a thing writes is found from the next group of things on."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def find(
        self, projects: Sequence[int], words: str = "", *, tags: Sequence[str] = (), owner: int | None = None,
        since: date | None = None, until: date | None = None, most: int = 10, skip: int = 0,
    ) -> list[Task]:  # fmt: skip
        """Newest first. ``projects``: where to look, at least one; every word must occur, in title or description."""
        rows = self._tx.rows(
            _find, query=query(projects, words, tags), whose=owner, since=since.isoformat() if since else None,
            until=until.isoformat() if until else None, most=most, skip=skip,
        )  # fmt: skip
        tasks = [read_task(row) for row in rows]
        parts = runs(words)
        return [task for task in tasks if all(part in f"{task.title} {task.detail}".lower() for part in parts)]


def query(projects: Sequence[int], words: str, tags: Sequence[str]) -> str:
    """In the index's own language: pairs of characters; a single one, and a Latin word, as a beginning."""
    places = " OR ".join(f'"{PROJECT}{project}"' for project in projects)
    parts = [f"({places})"]
    for run in runs(words):
        if run[0] < "\x80" or len(run) == 1:
            parts.append(f'"{run}"*')
        else:
            parts += [f'"{run[i : i + 2]}"' for i in range(len(run) - 1)]
    parts += [f'"{tag_token(tag)}"' for tag in tags]
    return " AND ".join(parts)
