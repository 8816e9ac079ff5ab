"""Core declares, the driver executes.

A ``Statement`` is a SQLAlchemy Core statement built once at import and compiled once per database to the driver's own
SQL. Columns hold integers, floats and texts only (times are UTC milliseconds, dates ISO texts, documents JSON texts),
so rows cross the driver without processors: a statement costs what the driver costs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Executable, Insert, Integer, bindparam, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from storage.tables.declared import Declared

_NEW_ID = re.compile(r"(INSERT INTO \w+ \([^()]*\) VALUES \([?, ]*\)) RETURNING id")
"""A RETURNING keeps rows aside until the statement has ended: 2 us each."""
Bind = Callable[[Mapping[str, Any]], Any]
SETTLED = frozenset({"chat", "identity", "member", "person", "project"})
"""Tables that every thing asks and that few things change: who, where and in which project."""
upsert = sqlite.insert
"""``insert`` with ``on_conflict_do_nothing()`` and ``on_conflict_do_update(index_elements=…, set_=…)``; PostgreSQL
takes the same words. ``.excluded.x`` is the value that was to be inserted."""


class Statement:
    """One named statement. ``on(dialect)``: (SQL, constants it carries, {name: value} as the driver wants it).

    ``postgresql``: what does the same there, for the few that cannot be said once for both. ``unsettles``: it changes
    one of the ``SETTLED`` tables. ``gives_id``: of its RETURNING nothing was left, as SQLite tells the new id without.
    """

    __slots__ = ("_numbered", "compiled", "core", "gives_id", "postgresql", "unsettles")

    def __init__(self, core: Executable, *, postgresql: Executable | None = None) -> None:
        self.core = core
        self.postgresql = core if postgresql is None else postgresql
        self.unsettles = isinstance(core, UpdateBase) and getattr(core.table, "name", "") in SETTLED
        self.gives_id = False
        self.compiled: tuple[str, dict[str, Any], Bind] | None = None
        """What ``on`` gave."""
        self._numbered: tuple[str, dict[str, Any], Sequence[str]] | None = None

    def on(self, dialect: Dialect) -> tuple[str, dict[str, Any], Bind]:
        """For SQLite."""
        if self.compiled is None:
            compiled = self.core.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)
            constants = {name: value for name, value in compiled.params.items() if value is not None}
            sql = str(compiled)
            if (plain := _NEW_ID.fullmatch(sql)) and _counts(self.core, dialect):
                sql, self.gives_id = plain.group(1), True
            self.compiled = sql, constants, _bind(compiled.positiontup)
        return self.compiled

    def numbered(self, dialect: Dialect) -> tuple[str, dict[str, Any], Sequence[str]]:
        """For PostgreSQL: (SQL with $1, $2 …, constants it carries, the name for each place)."""
        if self._numbered is None:
            compiled = self.postgresql.compile(dialect=dialect)  # type: ignore[attr-defined]
            assert isinstance(compiled, SQLCompiler)
            constants = {name: value for name, value in compiled.params.items() if value is not None}
            self._numbered = str(compiled), constants, compiled.positiontup or ()
        return self._numbered


def _counts(core: Executable, dialect: Dialect) -> bool:
    """Is its ``id`` the number that SQLite itself gives each row?"""
    number = core.table.c.id  # type: ignore[attr-defined]
    return bool(number.primary_key) and number.type.compile(dialect) == "INTEGER"


def _bind(order: Sequence[str] | None) -> Bind:
    """SQLite binds places at half the price of names. order: a name for each place; None: the driver takes names."""
    if order is None:
        return dict
    if len(order) == 1:
        only = order[0]
        return lambda values: (values[only],)
    return itemgetter(*order) if order else lambda _: ()


def columns(model: type[Declared]) -> ReadOnlyColumnCollection[str, Column[Any]]:
    """The Core columns of a declared table."""
    return model.__table__.c


def inserting(model: type[Declared], *omit: str) -> Insert:
    """An INSERT with one parameter per column, but for ``omit`` (ids the database gives)."""
    return insert(model).values({c.name: bindparam(c.name) for c in columns(model) if c.name not in omit})


class Sparse:
    """An INSERT of those columns that have a value: the driver takes longer over one None than over four texts."""

    def __init__(self, model: type[Declared], *omit: str) -> None:
        """omit: ids the database gives."""
        self._model = model
        self._omit = omit
        self._doubtful = [c.name for c in columns(model) if c.nullable and c.name not in omit]
        self._known: dict[tuple[bool, ...], Statement] = {}

    def of(self, values: Mapping[str, Any]) -> Statement:
        """For such values. Each kind is compiled once; its id is returned."""
        absent = tuple([values[name] is None for name in self._doubtful])
        statement = self._known.get(absent)
        if statement is None:
            none = [name for name, is_none in zip(self._doubtful, absent, strict=True) if is_none]
            core = inserting(self._model, *self._omit, *none).returning(columns(self._model).id)
            statement = self._known[absent] = Statement(core)
        return statement


class position(FunctionElement[int]):
    """``position(text, part)``: where the part begins, from 1; 0: nowhere. Cases count."""

    type = Integer()
    name = "position"
    inherit_cache = True


@compiles(position, "sqlite")
def _position_on_sqlite(element: ColumnElement[int], compiler: SQLCompiler, **words: Any) -> str:
    return f"instr({compiler.process(element.clauses, **words)})"


@compiles(position, "postgresql")
def _position_on_postgresql(element: ColumnElement[int], compiler: SQLCompiler, **words: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **words)})"


@compiles(OnConflictDoNothing, "postgresql")
@compiles(OnConflictDoUpdate, "postgresql")
def _conflict_on_postgresql(element: Any, compiler: SQLCompiler, **words: Any) -> str:
    """SQLAlchemy's words for SQLite lack what its compiler for PostgreSQL looks for first: the name of a constraint."""
    element.constraint_target = None
    return str(getattr(compiler, f"visit_{element.__visit_name__}")(element, **words))


def ms(at: datetime) -> int:
    """A moment as stored: milliseconds since 1970 UTC."""
    return int(at.timestamp() * 1000)


def moment(stored: int) -> datetime:
    """A stored moment, aware, UTC."""
    return datetime.fromtimestamp(stored / 1000, UTC)


def day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
