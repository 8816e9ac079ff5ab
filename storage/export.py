"""Everything the books hold about one project, as one JSON document."""

from __future__ import annotations

from functools import cache

import orjson
from sqlalchemy import Table, bindparam, select
from sqlmodel import SQLModel

from storage.statement import Statement
from storage.transaction import Tx

FORMAT = 1
_PARENTS = {
    "task_tag": ("task_id", "task"), "task_event": ("task_id", "task"), "daily_version": ("daily_id", "daily"),
    "asked": ("ask_id", "ask"), "push": ("task_id", "task"),
    "approval_seat": ("approval_id", "approval"), "approval_vote": ("approval_id", "approval"),
    "approval_shown": ("approval_id", "approval"), "approval_event": ("approval_id", "approval"),
    "criterion": ("milestone_id", "milestone"), "milestone_event": ("milestone_id", "milestone"),
    "baseline_item": ("baseline_id", "baseline"), "repeat_copy": ("repeat_id", "repeat"),
}  # fmt: skip
"""Tables that belong to a project through another one: {table: (its column, the other table)}."""
_NOT_ITS_OWN = ("person",)


@cache
def _statements() -> dict[str, tuple[tuple[str, ...], Statement]]:
    """{table: (its columns, every row of one project)}."""
    tables = {str(table.name): table for table in SQLModel.metadata.sorted_tables}
    found: dict[str, tuple[tuple[str, ...], Statement]] = {}
    for name, table in tables.items():
        if "project_id" in table.c and name not in _NOT_ITS_OWN:
            core = select(table).where(table.c.project_id == bindparam("project"))
        elif name in _PARENTS:
            column, parent = _PARENTS[name][0], tables[_PARENTS[name][1]]
            core = (
                select(table)
                .join(parent, parent.c.id == table.c[column])
                .where(parent.c.project_id == bindparam("project"))
            )
        else:
            continue
        found[name] = _names(table), Statement(core.order_by(*table.primary_key.columns))
    found["project"] = _one(tables["project"])
    found["person"] = _members(tables["person"], tables["member"])
    return found


def _names(table: Table) -> tuple[str, ...]:
    return tuple(str(column.name) for column in table.columns)


def _one(table: Table) -> tuple[tuple[str, ...], Statement]:
    return _names(table), Statement(select(table).where(table.c.id == bindparam("project")))


def _members(person: Table, member: Table) -> tuple[tuple[str, ...], Statement]:
    """Who the numbers mean: names only, everybody who ever had a part in it."""
    core = (
        select(person.c.id, person.c.name)
        .join(member, member.c.person_id == person.c.id)
        .where(member.c.project_id == bindparam("project"))
        .order_by(person.c.id)
    )
    return ("id", "name"), Statement(core)


def document(tx: Tx, project_id: int) -> str:
    """JSON: {"format": 1, table: [row as {column: value}]}; tables without rows are left out."""
    content: dict[str, object] = {"format": FORMAT}
    for name, (columns, statement) in sorted(_statements().items()):
        rows = tx.rows(statement, project=project_id)
        if rows:
            content[name] = [dict(zip(columns, row, strict=True)) for row in rows]
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()
