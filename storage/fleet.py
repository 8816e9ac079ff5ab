"""Several bots on one PostgreSQL: who is alive, who delivers to which chat, who holds which connection.

A process says once a second that it lives, by the database's own clock. One that has been silent for ``SILENCE`` is
struck off by whoever notices first, and what it held is free. Everything here is PostgreSQL's alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, String, bindparam, text

from storage import outbox
from storage.outbox import Waiting
from storage.statement import Statement
from storage.transaction import Tx

SILENCE = 6_000
"""Milliseconds after which a process counts as gone."""
PATIENCE = 1_500
"""Milliseconds in which a parcel's own process comes first for a chat that is nobody's."""
_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_SEPARATOR = "\x1f"


def _on_server(sql: str, **types: type[String] | type[BigInteger]) -> Statement:
    binds = [bindparam(name, type_=kind()) for name, kind in types.items()]
    return Statement(text("SELECT 1"), postgresql=text(sql).bindparams(*binds))


_enter = _on_server(
    f"INSERT INTO process (id, host, started_at, beat_at) VALUES (:id, :host, {_NOW}, {_NOW})", id=String, host=String
)
_beat = _on_server(f"UPDATE process SET beat_at = {_NOW} WHERE id = :id", id=String)
_strike = _on_server(
    f"DELETE FROM process WHERE id = ANY (ARRAY(SELECT id FROM process WHERE beat_at < {_NOW} - :silence "
    "ORDER BY id FOR UPDATE SKIP LOCKED)) RETURNING id",
    silence=BigInteger,
)
_living = _on_server("SELECT count(*) FROM process")
_leave = _on_server("DELETE FROM process WHERE id = :id", id=String)
_free_lanes = _on_server("UPDATE lane SET leased_by = '' WHERE leased_by = :id", id=String)
_free_leases = _on_server("UPDATE lease SET holder = '' WHERE holder = :id", id=String)
_hold = _on_server(
    "INSERT INTO lease (name, holder) VALUES (:name, :id) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder "
    "WHERE lease.holder = '' OR lease.holder = excluded.holder RETURNING name",
    name=String, id=String,
)  # fmt: skip
_drop_lease = _on_server("UPDATE lease SET holder = '' WHERE name = :name AND holder = :id", name=String, id=String)
_claim = _on_server(
    "INSERT INTO lane (platform, chat, leased_by) "
    "SELECT platform, chat, :id FROM unnest(string_to_array(:platforms, E'\\x1f'), string_to_array(:chats, E'\\x1f')) "
    "AS wanted (platform, chat) ORDER BY platform, chat "
    "ON CONFLICT (platform, chat) DO UPDATE SET leased_by = excluded.leased_by "
    "WHERE lane.leased_by = '' OR lane.leased_by = excluded.leased_by RETURNING platform, chat",
    id=String, platforms=String, chats=String,
)  # fmt: skip
_WAITING = (
    "(SELECT id, platform, chat, at FROM outbox WHERE state = 'ready' "
    "UNION ALL SELECT id, platform, chat, at FROM outbox WHERE state = 'sending') AS waiting"
)
_free = _on_server(
    f"SELECT DISTINCT waiting.platform, waiting.chat FROM {_WAITING} LEFT JOIN lane USING (platform, chat) "
    f"WHERE coalesce(lane.leased_by, '') = '' AND abs(waiting.at - {_NOW}) > {PATIENCE} LIMIT 1000"
)
"""A parcel's moment is by the clock of who made it, which may be ahead of the server's: then it is not waited for."""
_mine = _on_server(
    f"SELECT waiting.id FROM {_WAITING} JOIN lane USING (platform, chat) WHERE lane.leased_by = :id", id=String
)
_hint = _on_server("SELECT pg_notify('jindu', :words)", words=String)
_these = Statement(
    text("SELECT 1"),
    postgresql=outbox.UNSENT.where(
        outbox.OUTBOX.id == text("ANY (string_to_array(:numbers, ',')::bigint[])").bindparams(
            bindparam("numbers", type_=String())
        )
    ).order_by(outbox.OUTBOX.id),
)  # fmt: skip


def enter(tx: Tx, process: str, host: str) -> None:
    tx.run(_enter, id=process, host=host)


def beat(tx: Tx, process: str) -> bool:
    """False: it was silent for too long and counts as gone."""
    return tx.run(_beat, id=process) == 1


def living(tx: Tx) -> int:
    """How many processes there are."""
    return int(tx.value(_living))


def strike(tx: Tx) -> list[str]:
    """Processes that are gone; what they held is free now."""
    gone = [str(row[0]) for row in tx.rows(_strike, silence=SILENCE)]
    for process in gone:
        _let_go(tx, process)
    return gone


def leave(tx: Tx, process: str) -> None:
    tx.run(_leave, id=process)
    _let_go(tx, process)
    hint(tx)


def _let_go(tx: Tx, process: str) -> None:
    tx.run(_free_lanes, id=process)
    tx.run(_free_leases, id=process)


def hold(tx: Tx, process: str, name: str) -> bool:
    """Is this process the one that may hold this connection?"""
    return tx.row(_hold, name=name, id=process) is not None


def let_go(tx: Tx, process: str, name: str) -> None:
    """Somebody else may hold it."""
    tx.run(_drop_lease, name=name, id=process)


def claim(tx: Tx, process: str, lanes: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Which of these chats are this process's from now on."""
    wanted = [lane for lane in lanes if _SEPARATOR not in "".join(lane)]
    platforms, chats = (_SEPARATOR.join(words) for words in zip(*wanted, strict=True)) if wanted else ("", "")
    return [(on, chat) for on, chat in tx.rows(_claim, id=process, platforms=platforms, chats=chats)] if wanted else []


def free(tx: Tx) -> list[tuple[str, str]]:
    """Chats for which something waits and to which nobody delivers."""
    return [(on, chat) for on, chat in tx.rows(_free)]


def mine(tx: Tx, process: str) -> set[int]:
    """Parcels that wait in this process's chats."""
    return {int(row[0]) for row in tx.rows(_mine, id=process)}


def read(tx: Tx, parcels: Iterable[int]) -> list[Waiting]:
    """These parcels, oldest first."""
    return [outbox.waiting(row) for row in tx.rows(_these, numbers=",".join(map(str, parcels)))]


def hint(tx: Tx, words: str = "") -> None:
    """The others should look now and not at their next sweep. words: numbers of parcels that shall not be sent."""
    tx.row(_hint, words=words)
