"""What a voice message says: Feishu brings the recording alone, so it is fetched, decoded and recognised.

Recordings are Opus; the interface takes PCM (16 kHz, mono, at most 60 s), so ``ffmpeg`` is needed on this machine, and
the permission ``speech_to_text:speech``. All of it takes longer than Feishu waits for an acknowledgement now and then:
then the message comes again and finds its words.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from adapters.feishu.client import Client
from adapters.feishu.errors import Misconfigured
from adapters.memory import Memory
from chat.errors import DeliveryError
from chat.messages import Incoming

log = logging.getLogger("jindu.feishu")
BYTES_A_SECOND = 32_000
SECONDS = 60
LARGEST = 4 << 20
"""Bytes of a recording that is fetched: a minute of Opus is a tenth of it."""
DECODING = 10.0
Decode = Callable[[bytes], Awaitable[bytes]]
"""Opus to PCM. Raises Undecodable."""


class Undecodable(Exception):
    """``why``: "decoder" when there is no program for it, "failed" when it is no recording."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Speech:
    def __init__(self, client: Client, decode: Decode | None = None) -> None:
        self._client = client
        self._decode = decode or by_ffmpeg
        self._heard: Memory[asyncio.Task[tuple[str, str]]] = Memory()

    async def with_words(self, thing: Incoming) -> Incoming:
        """The same thing with what was said, or with ``data["unheard"]``: why that is not known."""
        if not thing.voice or thing.text or not thing.addressed or not thing.files:
            return thing
        task = self._heard.get(thing.key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._listen(thing))
            self._heard.keep(thing.key, task)
        words, why = await asyncio.shield(task)
        return replace(thing, text=words, data={"unheard": why} if why else {})

    async def _listen(self, thing: Incoming) -> tuple[str, str]:
        """(words, why there are none)."""
        try:
            _, recording = await self._client.download(thing.files[0].ref, LARGEST)
            pcm = await self._decode(recording)
            if len(pcm) > SECONDS * BYTES_A_SECOND:
                return "", "long"
            name = hashlib.sha256(thing.message_id.encode()).hexdigest()[:16]
            words = (await self._client.recognised(name, pcm)).strip()
            return words, "" if words else "failed"
        except Undecodable as error:
            return "", error.why
        except Misconfigured:
            return "", "permission"
        except DeliveryError as error:
            log.warning("not heard", extra={"action": "feishu.speech", "key": thing.key, "error": str(error)})
            return "", "failed"


async def by_ffmpeg(recording: bytes, program: str = "ffmpeg") -> bytes:
    command = (program, "-v", "error", "-i", "pipe:0", "-f", "s16le", "-ac", "1", "-ar", "16000", "pipe:1")
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise Undecodable("decoder") from error
    try:
        async with asyncio.timeout(DECODING):
            pcm, said = await process.communicate(recording)
    except TimeoutError as error:
        raise Undecodable("failed") from error
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
    if process.returncode or not pcm:
        log.warning("not decoded", extra={"action": "feishu.speech", "error": said.decode(errors="replace")[:200]})
        raise Undecodable("failed")
    return pcm
