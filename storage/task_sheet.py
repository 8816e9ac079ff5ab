"""Every task of a project with what a table shows of it."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from chat.frozen import frozen
from storage.statement import Statement, columns
from storage.tables.work import TaskRow, TaskTag
from storage.tasks import FULL, TASKS, Task, read_task
from storage.transaction import Tx

TAGS = columns(TaskTag)
_all = Statement(FULL.where(TASKS.project_id == bindparam("project"), TASKS.state != "undone").order_by(TASKS.number))
_tags = Statement(
    select(TAGS.task_id, TAGS.tag)
    .join(TaskRow, TASKS.id == TAGS.task_id)
    .where(TASKS.project_id == bindparam("project"))
    .order_by(TAGS.task_id, TAGS.tag)
)


@frozen
class Listed:
    task: Task
    tags: tuple[str, ...]
    parent: str
    """The number of the task it belongs to, ``T3``; ""."""


def listed(tx: Tx, project_id: int) -> list[Listed]:
    """By number, cancelled ones too."""
    tags: dict[int, list[str]] = {}
    for task_id, tag in tx.rows(_tags, project=project_id):
        tags.setdefault(task_id, []).append(tag)
    tasks = [read_task(row) for row in tx.rows(_all, project=project_id)]
    refs = {task.id: task.ref for task in tasks}
    return [Listed(task, tuple(tags.get(task.id, ())), refs.get(task.parent or 0, "")) for task in tasks]
