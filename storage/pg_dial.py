"""The way to a PostgreSQL server, one server and one address after the other.

libpq could do all of it in one call, but then no other thread of the process runs until it is done, the event loop's
neither: a server that does not answer, or a name nobody knows, would hold up everybody for many seconds.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from time import monotonic

from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import ConnStatus, PollingStatus
from psycopg.pq.abc import PGconn

from storage.errors import Lost

PATIENCE = 5.0
"""Seconds for a server to let us in, if its address says nothing else."""
PORT = "5432"
Words = dict[str, str]


def dial(conninfo: str) -> PGconn:
    """Waits. Raises Lost: why none of them lets us in."""
    words = {name: str(value) for name, value in conninfo_to_dict(conninfo).items() if value is not None}
    why = []
    for server in _servers(words):
        try:
            for attempt in _addresses(server):
                try:
                    return _connected(attempt)
                except Lost as error:
                    why.append(str(error).strip())
        except OSError as error:
            why.append(f"{server['host']}: {error.strerror or error}")
    raise Lost("\n".join(dict.fromkeys(why)))


def _servers(words: Words) -> Iterator[Words]:
    """Several may be named, for the time when one is not there."""
    listed = {name: words.get(name, "").split(",") for name in ("host", "hostaddr", "port")}
    for number in range(max(len(listed["host"]), len(listed["hostaddr"]))):
        own = {name: each[number if len(each) > 1 else 0] for name, each in listed.items()}
        yield {name: value for name, value in {**words, **own}.items() if value}


def _addresses(server: Words) -> Iterator[Words]:
    """A name may have several. Raises OSError: nobody knows it."""
    host = server.get("host", "")
    if not host or host.startswith(("/", "@")) or "hostaddr" in server:
        yield server
        return
    found = socket.getaddrinfo(host, server.get("port", PORT), type=socket.SOCK_STREAM)
    for address in dict.fromkeys(str(each[4][0]) for each in found):
        yield {**server, "hostaddr": address}


def _connected(attempt: Words) -> PGconn:
    """Raises Lost."""
    pgconn = pq.PGconn.connect_start(make_conninfo("", **attempt).encode())
    until = monotonic() + (float(attempt.get("connect_timeout", PATIENCE)) or PATIENCE)
    poll: int = PollingStatus.WRITING
    while pgconn.status != ConnStatus.BAD and poll in (PollingStatus.READING, PollingStatus.WRITING):
        waiting = select.poll()
        waiting.register(pgconn.socket, select.POLLIN if poll == PollingStatus.READING else select.POLLOUT)
        if not waiting.poll(max(until - monotonic(), 0) * 1000):
            pgconn.finish()
            raise Lost(f"{attempt.get('host') or 'the server'} does not answer")
        poll = pgconn.connect_poll()
    if poll != PollingStatus.OK:
        why = pgconn.get_error_message()
        pgconn.finish()
        raise Lost(why)
    return pgconn
