"""A whole bot for the benches, with a socket for its platform: here, or as ``python -m bench.whole ADDRESS``."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.wire import WireAdapter
from bot.app import App, out_of_the_way
from bot.clock import SystemClock
from storage.stores import open_store


@asynccontextmanager
async def whole(address: str) -> AsyncIterator[int]:
    """Its port, for as long as the block lasts. address: a file, or a database on a server."""
    clock = SystemClock()
    app = App(open_store(address), clock)
    adapter = WireAdapter(clock)
    app.add(adapter)
    await app.start()
    await adapter.listening.wait()
    out_of_the_way()
    try:
        yield adapter.port
    finally:
        await app.close()


async def serve(address: str) -> None:
    """Its port, then on until its input ends."""
    async with whole(address) as port:
        print(port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def apart(*words: str, module: str = "bench.whole") -> AsyncIterator[tuple[Process, int]]:
    """A process that serves, and its port; at the end of the block it has ended."""
    bot = await asyncio.create_subprocess_exec(sys.executable, "-m", module, *words, stdin=PIPE, stdout=PIPE)
    assert bot.stdin is not None
    assert bot.stdout is not None
    try:
        yield bot, int(await bot.stdout.readline())
    finally:
        bot.stdin.close()
        await bot.wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
