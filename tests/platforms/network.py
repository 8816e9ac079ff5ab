"""What lies between the bot and a platform, and fails: names, and who vouches for the platform's certificate."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Literal

import aiohttp.connector
import pytest

from tests.certificates import self_signed

Manner = Literal["good", "stranger", "no tls"]
FOLDER = Path(__file__).with_name("names")


class Names:
    """Who is who under ``.test``, for this process and its children."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._file = folder / "names"
        self._asked = folder / "asked"
        self.back()
        patch.setenv("JINDU_TEST_NAMES", str(self._file))
        patch.setenv("PYTHONPATH", str(FOLDER))
        patch.syspath_prepend(str(FOLDER))
        patch.delitem(__import__("sys").modules, "sitecustomize", raising=False)
        patch.setattr("socket.getaddrinfo", __import__("sitecustomize").answer)

    def gone(self) -> None:
        self._file.unlink()

    def back(self) -> None:
        self._file.touch()

    @property
    def questions(self) -> int:
        return len(self._asked.read_text().splitlines()) if self._asked.exists() else 0


class Front:
    """Speaks TLS for a fake: a port to which ``https://…`` and ``wss://…`` lead. ``manner``: good; with a certificate
    that nobody vouches for; or as one that does not know TLS.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.manner: Manner = "good"
        self.refused = 0
        self._contexts = {}
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        for manner in ("good", "stranger"):
            (folder / manner).mkdir()
            self._contexts[manner] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._contexts[manner].load_cert_chain(*self_signed(folder / manner, "platform.test"))
        trusted = str(folder / "good" / "cert.pem")
        for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
            patch.setenv(variable, trusted)
        context = ssl.create_default_context(cafile=trusted)
        patch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", context)

    async def start(self, target: int) -> int:
        self._target = target
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            if self.manner == "no tls":
                self.refused += 1
                await reader.read(1)
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return
            self.refused += self.manner == "stranger"
            await writer.start_tls(self._contexts[self.manner])
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            await asyncio.gather(_pass(reader, back), _pass(there, writer))
        except (OSError, ssl.SSLError):
            pass
        finally:
            with suppress(OSError, RuntimeError):
                writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Until either side ends, however."""
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
