"""Finding tasks by any words of them, narrowed by owner, due and tags."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    TableClause,
    bindparam,
    cast,
    column,
    or_,
    select,
    table,
)  # fmt: skip
from sqlalchemy.types import UserDefinedType

from chat.frozen import frozen
from planning.initials import sounds_like
from storage.grams import LONGEST, PROJECT, runs, tag_token
from storage.statement import Statement
from storage.tables.people import PersonRow
from storage.tables.work import TaskRow
from storage.tasks import PERSONS, TASK_FIELDS, TASKS, Task, read_task
from storage.transaction import Tx


class Query(UserDefinedType[str]):
    """PostgreSQL's own type, by its name: a bot on SQLite does without that dialect."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "TSQUERY"


_index = table("task_search", column("rowid"), column("task_search"))
_words = table("task_search", column("id"), column("words"))


def _finding(source: TableClause, number: ColumnElement[Any], matches: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*TASK_FIELDS)
        .select_from(source)
        .join(TaskRow, TASKS.id == number)
        .outerjoin(PersonRow, PERSONS.id == TASKS.owner_id)
        .where(matches, TASKS.state != "undone")
        .where(or_(bindparam("whose", type_=Integer).is_(None), TASKS.owner_id == bindparam("whose")))
        .where(or_(bindparam("since", type_=String).is_(None), TASKS.due >= bindparam("since")))
        .where(or_(bindparam("until", type_=String).is_(None), TASKS.due <= bindparam("until")))
        .order_by(number.desc())
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )


_query = bindparam("query", type_=String)
_find = Statement(
    _finding(_index, _index.c.rowid, _index.c.task_search.op("MATCH")(_query)),
    postgresql=_finding(_words, _words.c.id, _words.c.words.op("@@")(cast(_query, Query))),
)
_newest = Statement(
    select(*TASK_FIELDS)
    .select_from(TaskRow)
    .outerjoin(PersonRow, PERSONS.id == TASKS.owner_id)
    .where(TASKS.project_id == bindparam("project"), TASKS.state != "undone")
    .where(or_(bindparam("whose", type_=Integer).is_(None), TASKS.owner_id == bindparam("whose")))
    .where(or_(bindparam("since", type_=String).is_(None), TASKS.due >= bindparam("since")))
    .where(or_(bindparam("until", type_=String).is_(None), TASKS.due <= bindparam("until")))
    .order_by(TASKS.number.desc())
    .limit(bindparam("most"))
)
_TITLE = [field.key for field in TASK_FIELDS].index("title")
MOST_HEARD = 2000
"""Tasks of a project, the newest, whose titles are compared by their sound."""


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
            _find, query=query(projects, words, tags, _SERVER if self._tx.shared else _FILE), whose=owner,
            since=since.isoformat() if since else None, until=until.isoformat() if until else None,
            most=most, skip=skip,
        )  # fmt: skip
        tasks = [read_task(row) for row in rows]
        parts = runs(words)
        return [task for task in tasks if all(part in f"{task.title} {task.detail}".lower() for part in parts)]

    def sounding(
        self, projects: Sequence[int], typed: str, *, owner: int | None = None, since: date | None = None,
        until: date | None = None, most: int = 10, skip: int = 0,
    ) -> list[Task]:  # fmt: skip
        """Newest first: titles with words that begin so when they are spoken: hbsj for 海报设计."""
        found: list[Task] = []
        for project in projects:
            rows = self._tx.rows(
                _newest, project=project, whose=owner, since=since.isoformat() if since else None,
                until=until.isoformat() if until else None, most=MOST_HEARD,
            )  # fmt: skip
            found += [read_task(row) for row in rows if sounds_like(typed, row[_TITLE])]
        return sorted(found, key=lambda task: -task.id)[skip : skip + most]


@frozen
class Dialect:
    """How one index is asked."""

    either: str
    both: str
    quote: str
    begins: str


_FILE = Dialect(" OR ", " AND ", '"', "*")
_SERVER = Dialect(" | ", " & ", "'", ":*")


def query(projects: Sequence[int], words: str, tags: Sequence[str], ask: Dialect = _FILE) -> str:
    """In the index's own language: pairs of characters; a single one, and a Latin word, as a beginning."""

    def token(text: str) -> str:
        """No run contains a quote or a backslash that is not taken literally."""
        return ask.quote + text.replace("\\", "\\\\").replace(ask.quote, ask.quote * 2) + ask.quote

    parts = [f"({ask.either.join(token(f'{PROJECT}{project}') for project in projects)})"]
    for run in runs(words):
        if run[0] < "\x80" or len(run) == 1:
            parts.append(token(run[:LONGEST]) + ask.begins)
        else:
            parts += [token(run[i : i + 2]) for i in range(len(run) - 1)]
    parts += [token(tag_token(tag)) for tag in tags]
    return ask.both.join(parts)
