"""Files: what of ours is uploaded, and what small text files of other people's say."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

from adapters.dingtalk.cards import Media
from adapters.dingtalk.client import Client
from chat.errors import DeliveryError
from chat.messages import File, Incoming

log = logging.getLogger("jindu.dingtalk")
LARGEST = 20 << 20
READABLE = frozenset({".json", ".csv", ".txt", ".ics"})
PATIENCE = 1.5
"""Seconds that a message waits for the words of its file."""


def load(folder: Path, part: Media) -> tuple[bytes, int] | None:
    """(content, time of change in ns); None: not there, empty, too large, or outside ``folder``."""
    if not part.path:
        return (part.content, 0) if 0 < len(part.content) <= LARGEST else None
    file = (folder / part.path).resolve()
    try:
        if not file.is_relative_to(folder.resolve()) or not 0 < file.stat().st_size <= LARGEST:
            return None
        return file.read_bytes(), file.stat().st_mtime_ns
    except OSError:
        return None


def is_readable(file: File) -> bool:
    return Path(file.name).suffix.lower() in READABLE


async def with_words(thing: Incoming, client: Client) -> Incoming:
    """The same thing with the text of its small text files, if they can be had in time."""
    if not any(is_readable(file) for file in thing.files):
        return thing
    return replace(thing, files=tuple([await _read(file, client) for file in thing.files]))


async def _read(file: File, client: Client) -> File:
    if not is_readable(file):
        return file
    try:
        async with asyncio.timeout(PATIENCE):
            content = await client.download(file.ref)
        return replace(file, text=content.decode("utf-8-sig"), size=len(content))
    except (DeliveryError, TimeoutError, UnicodeDecodeError) as error:
        log.info("not read", extra={"action": "dingtalk.file", "error": str(error)[:200]})
        return file
