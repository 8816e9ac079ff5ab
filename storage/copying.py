"""All the books from one database into another: every row, counted and compared; whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Integer, Table, bindparam, func, insert, select, text
from sqlmodel import SQLModel

from chat.frozen import frozen
from storage import grams, tables
from storage.database import Connection, Database
from storage.errors import Again
from storage.fleet import SILENCE
from storage.pg import PgConnection, PgDatabase
from storage.statement import Statement
from storage.stores import Store
from storage.tables.work import TaskRow, TaskTag
from storage.transaction import Tx

BATCH = 500
_OF_THE_MOMENT = ("process", "lane", "lease")
"""Who is at work just now, and on what."""


class NotEmpty(Exception):
    """The target already holds books; ``str()`` is the first table with rows. Nothing was changed."""


class Differs(Exception):
    """What arrived is not what was sent; ``str()`` is the table. Nothing was changed."""


@frozen
class Copied:
    """One table: how many rows, and a checksum of them that is the same on both sides."""

    table: str
    rows: int
    checksum: str


def copy(source: Store, target: Store, on_table: Callable[[Copied], None]) -> list[Copied]:
    """Both have this version's schema, and nobody else is at work on either. One transaction in the target.

    Raises NotEmpty, Differs, DatabaseError: then the target is as it was.
    """
    assert tables
    here, there = source.connect(), target.connect()
    try:
        _begin(here, source)
        _begin(there, target)
        _refuse_books(there)
        done = [_table(table, here, there, on_table) for table in _books()]
        _index(there)
        if isinstance(there, PgConnection):
            _numbers(there)
            there.commit()
        else:
            there.command("COMMIT")
        if isinstance(target, PgDatabase):
            _measured(target)
        return done
    except Again as failed:
        raise failed.__cause__ or failed from None
    finally:
        here.close()
        there.close()


def at_work(store: Store) -> list[str]:
    """Bots that are at work on a server, by their hosts. Of a file it is known by its lock."""
    if isinstance(store, Database):
        return []
    connection = store.connect()
    now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    try:
        return [
            str(row[0]) for row in connection.command(f"SELECT host FROM process WHERE beat_at > {now} - {SILENCE}")
        ]
    finally:
        connection.close()


def _books() -> list[Table]:
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in _OF_THE_MOMENT]


def _begin(connection: Connection | PgConnection, store: Store) -> None:
    if isinstance(connection, PgConnection):
        connection.begin(set())
        connection.command("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.strict = False
    else:
        assert isinstance(store, Database)
        connection.command("BEGIN IMMEDIATE")
        connection.command("PRAGMA defer_foreign_keys = ON")


def _refuse_books(there: Connection | PgConnection) -> None:
    for table in _books():
        if there.execute(Statement(select(func.count()).select_from(table)), {}).fetchone() != (0,):
            raise NotEmpty(table.name)


def _table(
    table: Table, here: Connection | PgConnection, there: Connection | PgConnection, on_table: Callable[[Copied], None]
) -> Copied:
    names = [column.name for column in table.columns]
    put = Statement(insert(table).values({name: bindparam(name) for name in names}))
    sent, count = sha256(), 0
    rows = _rows(table, here)
    while batch := list(islice(rows, BATCH)):
        there.execute_many(put, [dict(zip(names, row, strict=True)) for row in batch])
        count += len(batch)
        _add(sent, batch)
    arrived, found = sha256(), 0
    for row in _rows(table, there):
        found += 1
        _add(arrived, [row])
    if found != count or arrived.digest() != sent.digest():
        raise Differs(table.name)
    copied = Copied(table.name, count, sent.hexdigest()[:16])
    on_table(copied)
    return copied


def _rows(table: Table, connection: Connection | PgConnection) -> Iterator[tuple[Any, ...]]:
    """By key, a stretch at a time: texts have the same order on both databases, and both know (a, b) > (x, y)."""
    keys = list(table.primary_key.columns)
    page = select(table).order_by(*keys).limit(bindparam("most"))
    first = Statement(page)
    names = [column.name for column in table.columns]
    places = [names.index(key.name) for key in keys]
    left = ", ".join(f'"{key.name}"' for key in keys)
    right = ", ".join(f":after_{n}" for n in range(len(keys)))
    after = text(f"({left}) > ({right})").bindparams(
        *(bindparam(f"after_{n}", type_=key.type) for n, key in enumerate(keys))
    )
    following = Statement(page.where(after))
    rows = list(connection.execute(first, {"most": BATCH}))
    while rows:
        yield from rows
        last = {f"after_{n}": rows[-1][place] for n, place in enumerate(places)}
        rows = list(connection.execute(following, {"most": BATCH, **last}))


def _add(checksum: Any, rows: list[tuple[Any, ...]]) -> None:
    for row in rows:
        line = [value.replace("\0", "") if isinstance(value, str) else value for value in row]
        checksum.update(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def _index(there: Connection | PgConnection) -> None:
    """The words that tasks are found by are made anew: each database has its own kind of index."""
    tasks, tags = TaskRow.__table__, TaskTag.__table__
    of: dict[int, list[str]] = {}
    for task, tag in there.execute(Statement(select(tags.c.task_id, tags.c.tag)), {}):
        of.setdefault(task, []).append(tag)
    tx = Tx(there)
    what = select(tasks.c.id, tasks.c.project_id, tasks.c.title, tasks.c.detail)
    for task, project, title, detail in there.execute(Statement(what), {}).fetchall():
        words = f"{title} {detail}" if detail else title
        grams.put(tx, task, grams.document(project, words, of.get(task, [])))
    for statement, values in tx.late:
        there.do(statement, values)


def _numbers(there: PgConnection) -> None:
    """The next ids follow those that were copied."""
    for table in SQLModel.metadata.sorted_tables:
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            there.command(
                f"SELECT setval(place, last) FROM (SELECT pg_get_serial_sequence('{table.name}', 'id') AS place, "
                f"max(id) AS last FROM {table.name}) AS numbers WHERE place IS NOT NULL AND last IS NOT NULL"
            )


def _measured(target: PgDatabase) -> None:
    """The planner knows how much there is now."""
    connection = target.connect()
    connection.command("ANALYZE")
    connection.close()
