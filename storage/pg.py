"""PostgreSQL as Jindu uses it: the same ``Statement``s, prepared once a connection; several processes may share it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from psycopg.conninfo import make_conninfo
from psycopg.pq.abc import PGresult
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect, make_url

from storage import pg_link
from storage.errors import Again, StatementFailed
from storage.statement import Statement

DIALECT: Dialect = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
SCHEMES = ("postgresql://", "postgresql+psycopg://")
CONNECTIONS = 4
"""Of one process: as many groups of things are written side by side."""
_PATIENCE = {"connect_timeout": 5, "tcp_user_timeout": 5000, "keepalives_idle": 3, "keepalives_interval": 1}
Row = tuple[Any, ...]
Decode = Callable[[bytes], Any]
_TRY = b"SELECT pg_try_advisory_xact_lock($1::BIGINT)"
_HOLD = b"SELECT pg_advisory_xact_lock(k) FROM unnest($1::BIGINT[]) AS k"


def _number(text: bytes) -> int | float:
    return float(text) if b"." in text else int(text)


_DECODE: dict[int, Decode] = {
    16: lambda value: 1 if value == b"t" else 0,
    20: int, 21: int, 23: int, 26: int, 700: float, 701: float, 1700: _number,
}  # fmt: skip
"""By the server's type numbers; everything else is a text."""


class Rows:
    """What a statement returned."""

    __slots__ = ("_next", "_rows", "rowcount")

    def __init__(self, rows: list[Row], rowcount: int) -> None:
        self._rows = rows
        self._next = 0
        self.rowcount = rowcount

    def fetchall(self) -> list[Row]:
        return self._rows

    def fetchone(self) -> Row | None:
        if self._next >= len(self._rows):
            return None
        self._next += 1
        return self._rows[self._next - 1]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)


class _Prepared:
    """A statement as the server knows it."""

    __slots__ = ("constants", "decoders", "name", "order")

    def __init__(self, name: bytes, order: Sequence[str], constants: Mapping[str, bytes | None]) -> None:
        self.name = name
        self.order = order
        self.constants = constants
        self.decoders: list[Decode] | None = None

    def values(self, given: Mapping[str, Any]) -> list[bytes | None]:
        constants = self.constants
        encode = _ENCODE
        return [
            encode[type(value := given[name])](value) if name in given else constants[name] for name in self.order
        ]  # fmt: skip

    def rows(self, result: PGresult) -> list[Row]:
        decoders = self.decoders
        if decoders is None:
            decoders = self.decoders = [_DECODE.get(result.ftype(i), bytes.decode) for i in range(result.nfields)]
        get = result.get_value
        return [
            tuple(
                [None if (value := get(i, j)) is None else decode(value) for j, decode in enumerate(decoders)]
            )
            for i in range(result.ntuples)
        ]  # fmt: skip


class PgConnection:
    """One connection that speaks ``Statement``.

    ``strict``: every statement is waited for, so that a failure is known where it belongs; else what nobody looks at
    travels with the next question, and a failure means that the whole group has to be done again, one by one.
    ``final``: what fails because of others is not done once more; it is told to the thing.
    """

    shared = True

    def __init__(self, link: pg_link.Link, dialect: Dialect) -> None:
        self.link = link
        self.remembered: dict[Any, Any] = {}
        self.settled = None
        self.strict = True
        self.final = False
        self.held: set[int] = set()
        self.from_the_beginning: set[int] = set()
        self.in_transaction = False
        self._dialect = dialect
        self._prepared: dict[Statement | bytes, _Prepared] = {}
        self._ahead: tuple[Statement, list[bytes | None], pg_link.Ask] | None = None

    def execute(self, statement: Statement, values: Mapping[str, Any]) -> Rows:
        prepared = self._ready(statement)
        given, ahead = prepared.values(values), self._ahead
        if ahead is not None and ahead[0] is statement and ahead[1] == given:
            self._ahead, ask = None, ahead[2]
        else:
            ask = self.link.send(prepared.name, given)
        result = self._answer(ask)
        return Rows(prepared.rows(result), result.command_tuples or 0)

    def ahead(self, statement: Statement, values: Mapping[str, Any]) -> None:
        """``execute`` will be asked this soon: it travels with the question before it. One at a time."""
        if not self.strict:
            prepared = self._ready(statement)
            given = prepared.values(values)
            self._ahead = statement, given, self.link.send(prepared.name, given)

    def do(self, statement: Statement, values: Mapping[str, Any]) -> None:
        prepared = self._ready(statement)
        ask = self.link.send(prepared.name, prepared.values(values))
        if self.strict:
            self._answer(ask)

    def then(self, statement: Statement, values: Mapping[str, Any], use: Callable[[Row], None]) -> None:
        prepared = self._ready(statement)
        ask = self.link.send(prepared.name, prepared.values(values), lambda result: use(prepared.rows(result)[0]))
        if self.strict:
            self._answer(ask)

    def execute_many(self, statement: Statement, values: Sequence[Mapping[str, Any]]) -> None:
        for each in values:
            self.do(statement, each)

    def command(self, sql: str) -> Rows:
        """Run bare words of the database's own, never SQL with data in it."""
        result = self._answer(self.link.command(sql.encode()))
        if not self.in_transaction:
            self.link.sync()  # that is what ends a transaction which nobody began
        plain = _Prepared(b"", (), {})
        return Rows(plain.rows(result), result.command_tuples or 0)

    def hold(self, key: int) -> None:
        """This process alone is at work on it until the transaction ends. Raises Again: another one is."""
        if key in self.held:
            return
        prepared = self._ready_sql(_TRY)
        result = self._answer(self.link.send(prepared.name, [b"%d" % key]))
        if result.get_value(0, 0) != b"t":
            raise Again(key)
        self.held.add(key)

    def begin(self, keys: set[int]) -> None:
        """Wait for the keys in their order, so that nobody waits in a circle."""
        self.in_transaction = True
        self.link.command(b"BEGIN")
        self.held, self.from_the_beginning = set(keys), keys
        if keys:
            prepared = self._ready_sql(_HOLD)
            self.link.send(prepared.name, [b"{%s}" % b",".join(b"%d" % key for key in sorted(keys))])

    def commit(self) -> None:
        """Raises StatementFailed, Lost: then nobody knows whether it is done; who asks again finds the key or not."""
        result = self.link.wait(self.link.command(b"COMMIT"))
        self.in_transaction = False
        if result.command_status != b"COMMIT":
            raise StatementFailed("25P02", "the transaction had failed")

    def rollback(self) -> None:
        self.link.command(b"ROLLBACK")
        self.link.sync()
        self.in_transaction = False

    def accepted(self) -> None:
        """The savepoint stands before that."""

    def restart(self) -> None:
        """What the thing held since its savepoint is let go."""
        self.queue(b"ROLLBACK TO thing")
        self.held &= self.from_the_beginning

    def queue(self, sql: bytes) -> None:
        """SAVEPOINT and its like. What was asked ahead was for the thing before."""
        self._ahead = None
        ask = self.link.send(self._ready_sql(sql).name, ())
        if self.strict:
            self._answer(ask)

    def close(self) -> None:
        self.link.close()

    def _answer(self, ask: pg_link.Ask) -> PGresult:
        try:
            return self.link.wait(ask)
        except StatementFailed as failure:
            if not self.strict or (failure.once_more and not self.final):
                raise Again from failure
            raise

    def _ready(self, statement: Statement) -> _Prepared:
        found = self._prepared.get(statement)
        if found is None:
            sql, constants, order = statement.numbered(self._dialect)
            encoded = {name: _ENCODE[type(value)](value) for name, value in constants.items()}
            found = self._new(statement, sql.encode(), order, encoded)
        return found

    def _ready_sql(self, sql: bytes) -> _Prepared:
        return self._prepared.get(sql) or self._new(sql, sql, (), {})

    def _new(
        self, key: Statement | bytes, sql: bytes, order: Sequence[str], constants: Mapping[str, bytes | None]
    ) -> _Prepared:
        name = b"s%d" % len(self._prepared)
        found = self._prepared[key] = _Prepared(name, order, constants)
        self.link.prepare(name, sql, lambda: self._forget(key))
        return found

    def _forget(self, key: Statement | bytes) -> None:
        """A name that was given stays given, even to nothing."""
        found = self._prepared.pop(key, None)
        if found is not None:
            self._prepared[found.name + b"?"] = found


class PgDatabase:
    """A database on a server, shared with whoever else is at work on it."""

    shared = True

    def __init__(self, url: str, connections: int = 0) -> None:
        """url: ``postgresql+psycopg://user:password@host:5432/name?sslmode=require&connections=4``."""
        parts = make_url(url)
        wanted = parts.query.get("connections", "")
        parts = parts.difference_update_query(["connections"])
        self.path = parts.render_as_string(hide_password=True)
        self.dialect = DIALECT
        self.connections = connections or (int(wanted) if isinstance(wanted, str) and wanted else CONNECTIONS)
        words: dict[str, str | int | None] = {**_PATIENCE}
        words |= {name: value for name, value in parts.query.items() if isinstance(value, str)}
        said = {"host": parts.host, "port": parts.port, "user": parts.username, "dbname": parts.database}
        words |= {name: value for name, value in said.items() if value}
        self.conninfo = make_conninfo("", password=parts.password, **words)

    def connect(self) -> PgConnection:
        """A new connection; waits for the server. Raises Lost."""
        return PgConnection(pg_link.connect(self.conninfo), self.dialect)

    def close(self) -> None:
        pass


def key_of(words: str) -> int:
    """A key to hold for anything that has no number."""
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), "big", signed=True) | 1 << 62


def _text(value: str) -> bytes:
    """A NUL is nothing that a text can hold there."""
    encoded = value.encode()
    return encoded.replace(b"\0", b"") if b"\0" in encoded else encoded


class _Encode(dict[type, Callable[[Any], bytes | None]]):
    """As text, by type."""

    def __missing__(self, kind: type) -> Callable[[Any], bytes | None]:
        known = next((encode for base, encode in self.items() if issubclass(kind, base)), None)
        self[kind] = encode = known or (lambda value: str(int(value)).encode())
        return encode


_ENCODE = _Encode({
    bool: lambda value: b"1" if value else b"0", int: b"%d".__mod__, str: _text, type(None): lambda _: None,
    float: lambda value: repr(value).encode(),
})  # fmt: skip
