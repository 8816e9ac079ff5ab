"""One thing's part of a transaction: statements in, rows out, parcels collected for the courier."""

from __future__ import annotations

from typing import Any

from chat.messages import Outgoing
from storage.database import Connection
from storage.statement import Statement


class Tx:
    """Lives as long as one thing.

    After COMMIT the courier gets ``parcels`` in order and drops what was ``superseded``; ``rescheduled`` wakes the
    alarm. ``late``: statements that run just before COMMIT, with those of the whole group.
    """

    __slots__ = ("_connection", "late", "parcels", "rescheduled", "superseded")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.late: list[tuple[Statement, dict[str, Any]]] = []
        self.parcels: list[Outgoing] = []
        self.superseded: list[int] = []
        self.rescheduled = False

    @property
    def remembered(self) -> dict[Any, Any]:
        """Values read once per version of their row, for as long as the connection lives."""
        return self._connection.remembered

    def rows(self, statement: Statement, **values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def row(self, statement: Statement, **values: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
        return row

    def value(self, statement: Statement, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self._connection.execute(statement, values).fetchone()
        return row[0] if row else None

    def run(self, statement: Statement, **values: Any) -> int:
        """How many rows it touched."""
        return self._connection.execute(statement, values).rowcount

    def do(self, statement: Statement, **values: Any) -> None:
        """A write whose outcome nobody looks at."""
        self._connection.execute(statement, values)

    def run_many(self, statement: Statement, values: list[dict[str, Any]]) -> None:
        if values:
            self._connection.execute_many(statement, values)

    def restart(self) -> None:
        """Undo everything this thing did so far; the thing goes on from nothing."""
        self._connection.command("ROLLBACK TO thing")
        self.late.clear()
        self.parcels.clear()
        self.superseded.clear()
