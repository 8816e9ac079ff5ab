"""One thing's part of a transaction: statements in, rows out, parcels collected for the courier."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol

from chat.messages import Outgoing
from storage.statement import Sparse, Statement

Told = Callable[[int, str, str], None]
"""Hears (project, action, detail) of what the record of who did what must know."""


class Rows(Protocol):
    """What a statement returned."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Speaker(Protocol):
    """A connection, whatever the database. ``shared``: other processes may be at work on the same rows."""

    remembered: dict[Any, Any]

    @property
    def settled(self) -> dict[Any, Any] | None: ...

    @property
    def shared(self) -> bool: ...

    def execute(self, statement: Statement, values: Mapping[str, Any]) -> Rows: ...

    def execute_many(self, statement: Statement, values: Sequence[Mapping[str, Any]]) -> None: ...

    def do(self, statement: Statement, values: Mapping[str, Any]) -> object: ...

    def then(self, statement: Statement, values: Mapping[str, Any], use: Callable[[tuple[Any, ...]], None]) -> None: ...

    def ahead(self, statement: Statement, values: Mapping[str, Any]) -> None: ...

    def hold(self, key: int) -> None: ...

    def accepted(self) -> None: ...

    def restart(self) -> None: ...


class Tx:
    """Lives as long as one thing.

    After COMMIT the courier gets ``parcels`` in order, unless they are ``held`` for who asked, and drops what was
    ``superseded``; ``rescheduled`` wakes the alarm. ``late``: statements that run just before COMMIT, with those of the
    whole group; ``ends``: see ``at_end``.
    """

    __slots__ = (
        "_changed", "_connection", "_passing", "ends", "held", "late", "parcels", "rescheduled", "superseded",
    )  # fmt: skip

    def __init__(self, connection: Speaker, passing: dict[Hashable, Any] | None = None) -> None:
        """passing: what the things of this group tell each other; see ``keep``."""
        self._connection = connection
        self._passing = {} if passing is None else passing
        self._changed: list[Hashable] = []
        self.ends: dict[Hashable, Callable[[], None]] = {}
        self.held = False
        self.late: list[tuple[Statement, dict[str, Any]]] = []
        self.parcels: list[Outgoing] = []
        self.superseded: list[int] = []
        self.rescheduled = False

    @property
    def remembered(self) -> dict[Any, Any]:
        """Values read once per version of their row, for as long as the connection lives."""
        return self._connection.remembered

    @property
    def settled(self) -> dict[Any, Any] | None:
        """What was read of the ``SETTLED`` tables alone, emptied when anything there changes, or might have.

        None: others change them as well, so that nothing can be kept.
        """
        return self._connection.settled

    def rows(self, statement: Statement, **values: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, values).fetchall()

    def row(self, statement: Statement, **values: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._connection.execute(statement, values).fetchone()
        return row

    def value(self, statement: Statement, **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self._connection.execute(statement, values).fetchone()
        return row[0] if row else None

    def add(self, table: Sparse, values: Mapping[str, Any]) -> int:
        """The id of the new row."""
        number: int = self._connection.execute(table.of(values), values).fetchone()[0]
        return number

    def run(self, statement: Statement, **values: Any) -> int:
        """How many rows it touched."""
        return self._connection.execute(statement, values).rowcount

    def do(self, statement: Statement, **values: Any) -> None:
        """A write whose outcome nobody looks at."""
        self._connection.do(statement, values)

    def then(self, statement: Statement, values: Mapping[str, Any], use: Callable[[tuple[Any, ...]], None]) -> None:
        """Call ``use`` with the first row when it is there: now, or at the latest when the thing is committed."""
        self._connection.then(statement, values, use)

    def ahead(self, statement: Statement, **values: Any) -> None:
        """It will be asked in these words after the next question, and then need not travel by itself."""
        self._connection.ahead(statement, values)

    def hold(self, key: int) -> None:
        """Nobody else changes what belongs to this project until this transaction has ended."""
        self._connection.hold(key)

    @property
    def shared(self) -> bool:
        """Other processes may be at work on the same rows."""
        return self._connection.shared

    def run_many(self, statement: Statement, values: list[dict[str, Any]]) -> None:
        if values:
            self._connection.execute_many(statement, values)

    def accepted(self) -> None:
        """The thing was entered as new. Where it restarts that entry may be there still."""
        self._connection.accepted()

    def restart(self) -> None:
        """Undo everything this thing did since it was accepted. Raises Again, and then does it from its beginning."""
        self._connection.restart()
        self.forget()
        self.ends = {}
        self.late, self.parcels, self.superseded = [], [], []  # what is still under way goes to the old ones

    def at_end(self, key: Hashable, work: Callable[[], None]) -> None:
        """Do ``work`` just before COMMIT, once for all things of the group that ask under the same ``key``."""
        self.ends.pop(key, None)
        self.ends[key] = work

    def keep(self, key: Hashable, value: Any) -> None:
        """What was read, for this thing and those that share its COMMIT: nobody else changes it meanwhile."""
        self._passing[key] = value

    def kept(self, key: Hashable) -> Any:
        """None: nobody read it yet, or it is not what it was."""
        return self._passing.get(key)

    def change(self, key: Hashable, value: Any = None) -> None:
        """This thing made it so; None: it has to be read anew."""
        self._passing[key] = value
        self._changed.append(key)

    def forget(self) -> None:
        """What this thing changed is not so: it was undone."""
        for key in self._changed:
            self._passing.pop(key, None)
        self._changed.clear()
