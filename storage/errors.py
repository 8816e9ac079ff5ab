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


class Unstorable(Exception):
    """The database could not take it (disk full, read-only, locked). Nothing was changed."""


class AlreadyOpen(Exception):
    """Another process holds this SQLite file."""


class TooNew(Exception):
    """The database was written by a later version of this program; ``str()`` is its revision. Nothing was changed."""


class NotOurs(Exception):
    """A SQLite file that holds somebody else's tables; ``str()`` is its path. Nothing was changed."""


def cannot_store(error: BaseException) -> bool:
    """Is it the database that failed, and not the thing that was to be written?"""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _REFUSALS
