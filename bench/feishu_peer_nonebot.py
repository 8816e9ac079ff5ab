"""The same command on nonebot2 and nonebot-adapter-feishu. Runs in an environment of its own; see ``feishu_webhook``.

As cheap as such a bot can be and still be durable: each message once, the task in the same transaction, synced to the
disk before the answer is sent; the connection is kept, statements run on a thread so that the loop goes on.
Arguments: port, address of Feishu, folder.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from pathlib import Path

import nonebot
from nonebot.adapters import Message
from nonebot.adapters.feishu import Adapter, GroupMessageEvent
from nonebot.params import CommandArg

PORT, FEISHU, FOLDER = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
BOTS = json.dumps([{"app_id": "cli_bench", "app_secret": "bench-secret", "verification_token": "token"}])
nonebot.init(
    driver="~fastapi+~aiohttp", host="127.0.0.1", port=PORT, log_level="ERROR", feishu_bots=json.loads(BOTS),
    feishu_api_base=FEISHU, command_start=["/"], fastapi_reload=False,
)  # fmt: skip
nonebot.get_driver().register_adapter(Adapter)

books = sqlite3.connect(FOLDER / "nonebot.db", check_same_thread=False, isolation_level=None)
books.executescript(
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "CREATE TABLE inbox (key TEXT PRIMARY KEY);"
    "CREATE TABLE task (id INTEGER PRIMARY KEY, chat TEXT, number INTEGER, title TEXT, made_by TEXT);"
    "CREATE UNIQUE INDEX ix_task ON task (chat, number);"
)
writing = asyncio.Lock()
add = nonebot.on_command("任务")


def enter(key: str, chat: str, title: str, who: str) -> int:
    """The number of the task; 0 when this message was there before."""
    books.execute("BEGIN IMMEDIATE")
    if not books.execute("INSERT INTO inbox VALUES (?) ON CONFLICT DO NOTHING", (key,)).rowcount:
        books.execute("ROLLBACK")
        return 0
    number = books.execute("SELECT coalesce(max(number), 0) + 1 FROM task WHERE chat = ?", (chat,)).fetchone()[0]
    books.execute("INSERT INTO task (chat, number, title, made_by) VALUES (?, ?, ?, ?)", (chat, number, title, who))
    books.execute("COMMIT")
    return int(number)


@add.handle()
async def made(event: GroupMessageEvent, title: Message = CommandArg()) -> None:  # noqa: B008
    words = title.extract_plain_text().strip()
    message = event.event.message
    async with writing:
        number = await asyncio.to_thread(enter, message.message_id, message.chat_id, words, event.get_user_id())
    if number:
        await add.send(f"✅ T{number} {words}｜负责人 待指派｜截止 未定")


@nonebot.get_driver().on_startup
async def ready() -> None:
    asyncio.get_running_loop().call_later(0.5, lambda: print("ready", flush=True))


nonebot.run()
