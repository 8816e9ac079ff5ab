"""Whom TLS trusts is read when somebody may be called, not when a page is served.

aiohttp reads the certificates of all authorities for each of its two contexts as it is imported: 2 MB and 70 ms of a
start that the room alone has no use for.
"""

from __future__ import annotations

import ssl
import sys

_unread: list[ssl.SSLContext] = []


def _leave(context: ssl.SSLContext) -> None:
    _unread.append(context)


def later() -> None:
    """Import aiohttp, unless somebody did, and leave the certificates for ``read``: until then it trusts nobody."""
    if "aiohttp" in sys.modules:
        return
    ssl.SSLContext.set_default_verify_paths = _leave  # type: ignore[assignment, method-assign]
    try:
        import aiohttp  # noqa: F401
    finally:
        del ssl.SSLContext.set_default_verify_paths  # the class it comes from has its own


def read() -> None:
    """For whoever calls others."""
    while _unread:
        _unread.pop().set_default_verify_paths()
