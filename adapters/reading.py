"""What text files and tables of other people's say, read where the platform hands them out in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from chat.errors import DeliveryError, Malformed
from chat.messages import File, Incoming
from chat.sheets import table

log = logging.getLogger("jindu.reading")
READABLE = frozenset({".json", ".csv", ".txt", ".ics", ".md", ".yaml", ".yml", ".xlsx"})
LARGEST = 2 << 20
"""Bytes of a file that is read."""
PATIENCE = 1.5
"""Seconds that a message waits for the words of its file."""
_ONE_BY_ONE = asyncio.Lock()
"""What is unpacked takes memory."""
Fetch = Callable[[File], Awaitable[tuple[str, bytes]]]
"""(name, content) of a file somebody sent; the name is "" where the platform does not tell it here.

Raises DeliveryError: it cannot be had, or is larger than ``LARGEST``.
"""


def is_readable(name: str) -> bool:
    return Path(name).suffix.lower() in READABLE


async def with_words(thing: Incoming, fetch: Fetch, *, nameless: bool = False) -> Incoming:
    """The same thing with the text of its small text files, if they can be had in time.

    nameless: files may turn out to be readable only once they are fetched.
    """
    if not any(nameless or is_readable(file.name) for file in thing.files):
        return thing
    files = [await _read(file, fetch) if nameless or is_readable(file.name) else file for file in thing.files]
    return replace(thing, files=tuple(files))


async def _read(file: File, fetch: Fetch) -> File:
    try:
        async with asyncio.timeout(PATIENCE):
            name, content = await fetch(file)
    except (DeliveryError, TimeoutError) as error:
        log.info("not read", extra={"action": "file.read", "error": str(error)[:200]})
        return file
    file = replace(file, name=name or file.name, size=len(content))
    if not is_readable(file.name):
        return file
    async with _ONE_BY_ONE:
        return replace(file, text=await asyncio.to_thread(words_of, file.name, content))


def words_of(name: str, content: bytes) -> str:
    """A text file's words, a workbook's first sheet as CSV; "" for anything else. Slow for large ones."""
    if not is_readable(name) or len(content) > LARGEST:
        return ""
    if Path(name).suffix.lower() == ".xlsx":
        try:
            return table(content)
        except Malformed:
            return ""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
