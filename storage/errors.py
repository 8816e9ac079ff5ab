"""What can go wrong below the books. ``Unstorable`` is the only one the floors above have to know."""

from __future__ import annotations


class Unstorable(Exception):
    """The database could not take it (disk full, read-only, locked). Nothing was changed."""


class AlreadyOpen(Exception):
    """Another process holds this SQLite file."""
