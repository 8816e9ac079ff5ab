"""What can go wrong below the books. ``Unstorable`` is the only one the floors above have to know while at work."""

from __future__ import annotations


class Unstorable(Exception):
    """The database could not take it (disk full, read-only, locked). Nothing was changed."""


class AlreadyOpen(Exception):
    """Another process holds this SQLite file."""


class TooNew(Exception):
    """The database was written by a later version of this program; ``str()`` is its revision. Nothing was changed."""


class NotOurs(Exception):
    """A SQLite file that holds somebody else's tables; ``str()`` is its path. Nothing was changed."""
