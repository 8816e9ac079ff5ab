"""Who waits for whom. Adding and removing is written into the history of what waits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, or_, select

from chat.frozen import frozen
from storage.statement import Statement, columns, inserting
from storage.tables.plan import LinkRow
from storage.tables.work import TaskRow
from storage.tasks import FULL, TASKS, Task, read_task
from storage.transaction import Tx

LINKS = columns(LinkRow)
_FIELDS = (
    LINKS.project_id, LINKS.before_kind, LINKS.before_id, LINKS.after_kind, LINKS.after_id, LINKS.kind, LINKS.lag,
)  # fmt: skip
_of_project = Statement(
    select(*_FIELDS)
    .where(LINKS.project_id == bindparam("project"))
    .order_by(LINKS.after_kind, LINKS.after_id, LINKS.before_kind, LINKS.before_id)
)
_of_node = Statement(
    select(*_FIELDS)
    .where(
        or_(
            and_(LINKS.after_kind == bindparam("what"), LINKS.after_id == bindparam("number")),
            and_(LINKS.before_kind == bindparam("what"), LINKS.before_id == bindparam("number")),
        )
    )
    .order_by(LINKS.before_kind, LINKS.before_id, LINKS.after_kind, LINKS.after_id)
)
_add = Statement(inserting(LinkRow))
_remove = Statement(
    delete(LinkRow).where(
        LINKS.after_kind == bindparam("a_kind"), LINKS.after_id == bindparam("a_id"),
        LINKS.before_kind == bindparam("b_kind"), LINKS.before_id == bindparam("b_id"),
    )
)  # fmt: skip
_linked = (
    exists()
    .where(
        or_(
            and_(LINKS.before_kind == "T", LINKS.before_id == TASKS.id),
            and_(LINKS.after_kind == "T", LINKS.after_id == TASKS.id),
        )
    )
    .correlate(TaskRow)
)
_tasks = Statement(
    FULL.where(TASKS.project_id == bindparam("project"), TASKS.state != "undone")
    .where(or_(TASKS.closed_at.is_(None), _linked))
    .order_by(TASKS.number)
)
TASK, MILESTONE = "T", "M"
Node = tuple[str, int]
"""T or M, and the id of its row."""
Log = Callable[[Node, str, str, str, str], None]
"""(whose history, field, before, after, note)"""


@frozen
class Link:
    """``after`` needs ``before``. ``kind``: after, part; ``lag``: working days between them."""

    project_id: int
    before: Node
    after: Node
    kind: str = "after"
    lag: int = 0

    @property
    def stored(self) -> str:
        """As history writes it."""
        return f"{self.before[0]}:{self.before[1]}:{self.kind}:{self.lag}"


def read_link(project_id: int, after: Node, stored: str) -> Link:
    """The inverse of ``stored``."""
    what, number, kind, lag = stored.split(":")
    return Link(project_id, (what, int(number)), after, kind, int(lag))


class Links:
    """The links of every project. ``log``: writes one row of history."""

    def __init__(self, tx: Tx, log: Log) -> None:
        self._tx = tx
        self._log = log
        self.touched: set[int] = set()
        """Projects whose links this thing changed."""

    def of_project(self, project_id: int) -> list[Link]:
        return [_read(row) for row in self._tx.rows(_of_project, project=project_id)]

    def edges(self, project_id: int) -> list[tuple[Node, Node, int]]:
        """[(before, after, gap)], the gap as ``planning.graph`` counts it; for plans of thousands of links."""
        return [
            ((before_kind, before_id), (after_kind, after_id), 0 if kind == "part" else 1 + lag)
            for _, before_kind, before_id, after_kind, after_id, kind, lag in self._tx.rows(
                _of_project, project=project_id
            )
        ]

    def tasks(self, project_id: int) -> list[Task]:
        """What the plan of a project consists of: open tasks, and closed ones that something is linked to."""
        return [read_task(row) for row in self._tx.rows(_tasks, project=project_id)]

    def of(self, node: Node) -> list[Link]:
        """In both directions."""
        return [_read(row) for row in self._tx.rows(_of_node, what=node[0], number=node[1])]

    def add(self, link: Link, note: str = "") -> None:
        """A link between the same two is replaced."""
        self._drop(link)
        self._tx.run(
            _add, project_id=link.project_id, before_kind=link.before[0], before_id=link.before[1],
            after_kind=link.after[0], after_id=link.after[1], kind=link.kind, lag=link.lag,
        )  # fmt: skip
        self._log(link.after, "depends", "", link.stored, note)

    def remove(self, link: Link, note: str = "") -> None:
        self._drop(link)
        self._log(link.after, "undepends", link.stored, "", note)

    def _drop(self, link: Link) -> None:
        self.touched.add(link.project_id)
        self._tx.run(
            _remove, a_kind=link.after[0], a_id=link.after[1], b_kind=link.before[0], b_id=link.before[1]
        )  # fmt: skip


def _read(row: tuple[Any, ...]) -> Link:
    project, before_kind, before_id, after_kind, after_id, kind, lag = row
    return Link(project, (before_kind, before_id), (after_kind, after_id), kind, lag)
