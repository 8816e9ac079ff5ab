"""What the books say after the bot was killed so often; ``crash`` compares it with what the platform saw."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from time import sleep
from typing import Any

import psycopg

from storage.pg import PgDatabase
from storage.stores import SERVER

_INDEXES = """
SELECT bt_index_check(index.oid, true) FROM pg_class AS index JOIN pg_am ON pg_am.oid = index.relam
WHERE index.relkind = 'i' AND pg_am.amname = 'btree' AND index.relnamespace = 'public'::regnamespace
"""
"""Raises where an index and its table do not say the same."""
_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE application_name = 'jindu' AND datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``lost``: acknowledged, but not in the books. ``doubled``: done more than once. ``unanswered``: nobody was told
    and no row says that it is in doubt. ``twice``: told more than once under different keys. ``doubt``: rows.
    """

    lost: int
    doubled: int
    unanswered: int
    twice: int
    repeats: int
    doubt: int
    sound: bool

    @property
    def good(self) -> bool:
        return self.sound and not (self.lost or self.doubled or self.unanswered or self.twice)


def judge(store: str, acked: set[str], replies: Mapping[str, set[str]], seen: Mapping[str, int]) -> Verdict:
    """Read the books when the bot is off. replies: outbox keys by message; seen: how often each came."""
    made = Counter(str(row[0]) for row in rows(store, "SELECT change FROM task_event WHERE field = 'created'"))
    things = dict(rows(store, "SELECT key, state FROM inbox"))
    doubt = doubtful(store)
    return Verdict(
        lost=sum(key not in things or (things[key] == "done") != (made[key] == 1) for key in acked),
        doubled=sum(count > 1 for count in made.values()),
        unanswered=sum(key not in replies and key not in doubt for key in acked),
        twice=sum(len(keys) > 1 for keys in replies.values()),
        repeats=sum(count - 1 for count in seen.values()),
        doubt=len(doubt),
        sound=_sound(store),
    )


def rows(store: str, sql: str) -> list[tuple[Any, ...]]:
    """What these books, in use or not, answer."""
    if store.startswith(SERVER):
        with psycopg.connect(PgDatabase(store).conninfo, autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as driver:
        return driver.execute(sql).fetchall()


def doubtful(store: str) -> set[str]:
    """The messages whose answer is in doubt."""
    return {str(row[0]) for row in rows(store, "SELECT reply_to FROM outbox WHERE state = 'doubt'")}


def all_written(store: str) -> None:
    """Waits until a server has done what a process that was killed had sent it.

    Whoever comes next in earnest finds that at its next look, within a second. Simulated time does not wait for that.
    """
    if store.startswith(SERVER):
        with psycopg.connect(PgDatabase(store).conninfo, autocommit=True) as connection:
            while connection.execute(_AT_WORK).fetchone() != (0,):
                sleep(0.005)


def nobody_lives(store: str) -> None:
    """The process at work on a server's books is dead: the next one need not wait until it has been silent for long."""
    if store.startswith(SERVER):
        with psycopg.connect(PgDatabase(store).conninfo, autocommit=True) as connection:
            connection.execute("UPDATE process SET beat_at = 0")


def version(store: str) -> str:
    """Of the server."""
    return f"PostgreSQL {str(rows(store, 'SHOW server_version')[0][0]).split()[0]}"


def _sound(store: str) -> bool:
    if not store.startswith(SERVER):
        return bool(rows(store, "PRAGMA integrity_check") == [("ok",)])
    with psycopg.connect(PgDatabase(store).conninfo, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION amcheck")
        checked = connection.execute(_INDEXES).fetchall()
        connection.execute("DROP EXTENSION amcheck")
        return len(checked) > 0
