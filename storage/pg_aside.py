"""A connection beside the writer's: beats, leases and what other processes tell. Short transactions, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from greenlet import greenlet

from storage.errors import Lost, StatementFailed, Unstorable
from storage.pg import PgConnection, PgDatabase
from storage.transaction import Tx

T = TypeVar("T")
CHANNEL = "jindu"


class Aside:
    """``on_hint`` is called when another process says that there is something to look for."""

    def __init__(self, database: PgDatabase, on_hint: Callable[[str], None]) -> None:
        self._database = database
        self._on_hint = on_hint
        self._connection: PgConnection | None = None
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[[Tx], T]) -> T:
        """``work`` in a transaction of its own. Raises Unstorable: nothing happened, or nobody knows."""
        async with self._turn:
            connection = await self._connected()
            loop = asyncio.get_running_loop()
            done: asyncio.Future[T] = loop.create_future()

            def transaction() -> None:
                try:
                    connection.begin(set())
                    result = work(Tx(connection))
                    connection.commit()
                except Exception as error:
                    if not connection.link.lost and connection.in_transaction:
                        _undo(connection)
                    done.set_exception(error)
                else:
                    done.set_result(result)

            loop.call_soon(greenlet(transaction).switch)
            try:
                return await done
            except (Lost, StatementFailed) as error:
                raise Unstorable(str(error)) from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    async def _connected(self) -> PgConnection:
        if self._connection is None or self._connection.link.lost:
            loop = asyncio.get_running_loop()
            try:
                connection = await loop.run_in_executor(None, self._database.connect)
                connection.command(f"LISTEN {CHANNEL}")
            except (Lost, StatementFailed) as error:
                raise Unstorable(str(error)) from error
            connection.link.on_notify = self._on_hint
            connection.link.attach(loop)
            self._connection = connection
        return self._connection


def _undo(connection: PgConnection) -> None:
    try:
        connection.rollback()
    except (Lost, StatementFailed):
        connection.close()
