"""What can go wrong below the books. ``Unstorable`` is the only one the floors above have to know while at work."""

from __future__ import annotations

import sqlite3

_REFUSALS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""Primary result codes that say the database cannot store; anything else is one thing's own mistake."""
_REFUSED_CLASSES = ("08", "53", "57", "58", "XX")
"""Of PostgreSQL's states: connection, resources, intervention, system, internal."""
_READ_ONLY = "25006"
_ONCE_MORE = ("23505", "25P03", "40001", "40P01", "55P03")
"""Another process was faster, or in the way: unique key, idle too long, serialization, deadlock, lock not available."""


class Unstorable(Exception):
    """The database could not take it (disk full, read-only, locked, not reachable). Nothing was changed."""


class StatementFailed(Exception):
    """PostgreSQL did not do what a statement asked for."""

    def __init__(self, state: str, words: str) -> None:
        super().__init__(words)
        self.state = state

    @property
    def once_more(self) -> bool:
        """Could the same succeed if it were done again?"""
        return self.state in _ONCE_MORE

    @property
    def refused(self) -> bool:
        """Is it the server, not the statement?"""
        return self.state[:2] in _REFUSED_CLASSES or self.state == _READ_ONLY


class Lost(Exception):
    """There is no connection to the server."""


class Again(Exception):
    """The thing has to be done again from its beginning. Nobody but the writer catches it.

    ``wanted``: what it has to hold from the beginning, 0 for nothing.
    """

    def __init__(self, wanted: int = 0) -> None:
        super().__init__("again")
        self.wanted = wanted


class AlreadyOpen(Exception):
    """Another process holds this SQLite file."""


class TooNew(Exception):
    """The database was written by a later version of this program; ``str()`` is its revision. Nothing was changed."""


class NotOurs(Exception):
    """A database that holds somebody else's tables; ``str()`` is its path. Nothing was changed."""


DatabaseError = (sqlite3.Error, StatementFailed, Lost)
"""Whatever either database may raise."""


def cannot_store(error: BaseException) -> bool:
    """Is it the database that failed, and not the thing that was to be written?"""
    if isinstance(error, (Again, Lost)):
        return True
    if isinstance(error, StatementFailed):
        return error.refused
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _REFUSALS
