"""The whole bot on Feishu in webhook mode, alone in a process. Arguments: port, address of Feishu, folder.

Feishu's own limits (4 messages a second in a chat, 40 for the app) are not kept, so that the figure is the bot's.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from adapters.feishu import open as open_feishu
from adapters.listening import Listening
from bot.app import App, out_of_the_way
from bot.clock import SystemClock
from storage.stores import open_store


async def main(port: int, feishu: str, folder: Path) -> None:
    clock = SystemClock()
    section = {
        "app_id": "cli_bench", "app_secret": "bench-secret", "domain": feishu, "transport": "webhook", "port": port,
        "verification_token": "token",
    }  # fmt: skip
    adapter = open_feishu(section, clock)
    adapter.can = replace(adapter.can, per_chat=None)
    adapter.client._paces = ()  # type: ignore[assignment]  # nobody is slowed down
    app = App(open_store(folder / "jindu.db"), clock)
    app.add(adapter)
    await app.start()
    out_of_the_way()
    assert isinstance(adapter.connection, Listening)
    await adapter.connection.serving()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await app.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
