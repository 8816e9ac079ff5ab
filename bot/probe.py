"""``jindu doctor``: connect to every configured platform once and say how that went. Nothing is taken or sent.

A running bot is not disturbed: some platforms let only one connection live, so then nothing is tried.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.checkup import Finding, findings, report
from bot.clock import SystemClock
from bot.config import Config
from bot.platforms import Platform
from chat.errors import IntakeUnavailable
from chat.messages import Incoming, Receipt
from chat.ports import Adapter, Linked
from chat.text import Locale, say
from storage.database import held_by_another

PATIENCE = 10.0
LOOK = 0.05


class Deaf:
    """Takes nothing, so that the platform brings it again when the bot runs."""

    async def submit(self, thing: Incoming) -> Receipt:
        raise IntakeUnavailable("only a check-up")


def doctor(config: Config, locale: Locale, tell: Callable[[str], None]) -> int:
    """What ``jindu check`` finds, and each platform; 1 when something will not work."""
    return report([*findings(config), *platforms(config)], locale, tell)


def platforms(config: Config) -> list[Finding]:
    if config.adapters and held_by_another(config.database):
        words = say(
            "机器人正在运行，没有去连平台；平台的情况在群里发 /体检 看",
            "The bot is running, so the platforms were not tried; send /doctor in a group to see how they are",
        )
        return [Finding("!", words)]
    with TemporaryDirectory() as folder:
        return [asyncio.run(probe(platform, config.bot.name, Path(folder))) for platform in config.adapters]


async def probe(platform: Platform, bot_name: str, folder: Path, patience: float = PATIENCE) -> Finding:
    """Connect, look, let go."""
    try:
        adapter = platform.open(bot_name, SystemClock(), folder)
    except (ImportError, ValueError, OSError) as error:
        return Finding("✗", say("{on}：{why}", "{on}: {why}", on=platform.title, why=str(error)))
    listening = asyncio.get_running_loop().create_task(adapter.listen(Deaf()))
    try:
        return await _look(platform, adapter, listening, patience)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await adapter.close()


async def _look(platform: Platform, adapter: Adapter, listening: asyncio.Task[None], patience: float) -> Finding:
    assert isinstance(adapter, Linked)
    start = time.monotonic()
    while time.monotonic() - start < patience and not listening.done():
        if (trouble := adapter.trouble) is not None:
            return Finding("✗", say("{on}：{trouble}", "{on}: {trouble}", on=platform.title, trouble=trouble))
        if adapter.state == "ready":
            seconds = f"{time.monotonic() - start:.1f}"
            return Finding("✓", say("{on}连上了（{s} 秒）", "{on} is connected ({s} s)", on=platform.title, s=seconds))
        await asyncio.wait([listening], timeout=LOOK)
    return Finding(
        "✗",
        say(
            "{on}没连上（{state}）：检查网络、代理和网址",
            "{on} was not reached ({state}): check network, proxy and address",
            on=platform.title,
            state=adapter.state,
        ),
    )
