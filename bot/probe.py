"""``jindu doctor``: all of ``jindu check``, and how each configured platform is, by the same sentences as ``/体检``.

Every platform is connected to once and asked; nothing is taken or sent. A running bot is not disturbed, since some
platforms let only one connection live: then what it noted itself is told.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import orjson

from bot import groups, status
from bot.backup import Backups
from bot.checkup import Found, findings, report
from bot.clock import SystemClock
from bot.config import Config
from bot.faults import reason_of
from bot.platforms import Platform
from bot.quota import ZONE, finding, month
from chat.errors import IntakeUnavailable
from chat.findings import Finding, bad, look
from chat.messages import Incoming, Receipt
from chat.ports import Adapter, Capabilities, Examined, Health, Linked, Metered
from chat.text import Locale, Text, say, verbatim
from commands import conditions
from storage import inbox
from storage.database import held_by_another
from storage.errors import Lost, StatementFailed
from storage.stores import looking

PATIENCE = 10.0
EXAMINED_WITHIN = 30.0
LOOK = 0.05
NEWS = timedelta(minutes=3)
"""What a bot noted longer ago says nothing about now."""


class Deaf:
    """Takes nothing, so that the platform brings it again when the bot runs."""

    async def submit(self, thing: Incoming) -> Receipt:
        raise IntakeUnavailable("only a check-up")


@dataclass
class Noted:
    """What the books of a bot that is not running tell. pressed: platforms whose buttons have worked; quotas: what is

    to be said of each one's month.
    """

    groups: tuple[tuple[str, Finding], ...] = ()
    pressed: set[str] = field(default_factory=set)
    quotas: Mapping[str, list[Finding]] = field(default_factory=dict)


def doctor(config: Config, locale: Locale, tell: Callable[[str], None], *, as_json: bool = False) -> int:
    """Tell every finding, as lines or as one JSON document; 1 when something will not work."""
    found = [*map(Found, findings(config)), *map(Found, _backup(config)), *platforms(config)]
    if not as_json:
        return report(found, locale, tell)
    document = {
        "ok": not any(one.finding.mark == "✗" for one in found),
        "findings": [
            {
                "platform": one.platform,
                "topic": one.finding.topic,
                "mark": MARKS[one.finding.mark],
                "text": one.text.render(locale),
            }
            for one in found
        ],
    }
    tell(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
    return 0 if document["ok"] else 1


MARKS = {"✓": "well", "!": "look", "✗": "bad"}


def _backup(config: Config) -> Iterator[Finding]:
    """Only of books that exist."""
    if not config.server and config.database.exists():
        newest = Backups(config.database, config.data / "backup").newest()
        yield conditions.backup(newest, SystemClock().now(), ZoneInfo(config.room.zone))


def platforms(config: Config, patience: float = PATIENCE) -> list[Found]:
    if not config.adapters:
        return []
    if _works(config):
        return _at_work(config)
    with TemporaryDirectory() as folder:
        return asyncio.run(_all(config, Path(folder), patience))


async def _all(config: Config, folder: Path, patience: float) -> list[Found]:
    """Every platform, one after the other, and the groups that the books know of."""
    found: list[Found] = []
    opened: dict[str, Adapter] = {}
    for platform in config.adapters:
        adapter = opening(platform, config.bot.name, folder)
        if isinstance(adapter, Finding):
            found.append(Found(adapter, platform.name))
        else:
            opened[platform.name] = adapter
    noted = _noted(config, opened)
    found += [Found(one, platform) for platform, one in noted.groups]
    for name, adapter in opened.items():
        found += [Found(one, name) for one in await probe(adapter, patience, pressed=name in noted.pressed)]
        found += [Found(one, name) for one in noted.quotas.get(name, ())]
    return found


def opening(platform: Platform, bot_name: str, folder: Path) -> Adapter | Finding:
    """The adapter, or why there is none."""
    try:
        return platform.open(bot_name, SystemClock(), folder)
    except (ImportError, ValueError, OSError) as error:
        return bad("settings", verbatim(str(error)))


def _works(config: Config) -> bool:
    """Is a bot at work? A file of books is held by it; on a server's only what it noted here can tell."""
    if not config.server:
        return held_by_another(config.database)
    noted = status.read(config.data)
    return noted is not None and SystemClock().now() - noted.at <= NEWS


def _at_work(config: Config) -> list[Found]:
    """What the bot at work noted about its platforms."""
    noted, now = status.read(config.data), SystemClock().now()
    if noted is None or now - noted.at > NEWS:
        words = say(
            "机器人正在运行，没有去连平台；平台的情况在群里发 /体检 看",
            "The bot is running, so the platforms were not tried; send /doctor in a group to see how they are",
        )
        return [Found(look("running", words))]
    at = noted.at.astimezone(ZoneInfo(config.room.zone))
    words = say(
        "机器人正在运行，没有去连平台；下面是它 {at} 记下的",
        "The bot is running, so the platforms were not tried; this is what it noted at {at}",
        at=f"{at:%H:%M}",
    )
    found = [Found(look("running", words))]
    for name, health in noted.platforms.items():
        found += [Found(one, name) for one in _conditions(health, conditions.LOST)]
    return [*found, *(Found(one, platform) for platform, one in noted.groups)]


def _conditions(health: Health, lost: Text, *, pressed: bool = False) -> list[Finding]:
    """lost: what is said of a link that is down for no reason that is known."""
    found = [*conditions.connection(health, pressed=pressed, lost=lost)]
    found += [one for one in health.findings if one.mark == "✓" or one.topic == conditions.QUOTA]
    return [*found, conditions.clock(health.skew)] if health.skew is not None else found


def _noted(config: Config, opened: Mapping[str, Adapter]) -> Noted:
    """Nothing where there are no books yet, or where they cannot be read: ``jindu check`` says so."""
    try:
        with looking(config.server or config.database) as tx:
            silent = groups.trouble(lambda name: _can(opened, name), lambda _: Health(), SystemClock().now(), tx)
            pressed = {name for name in opened if inbox.pressed(tx, name)}
            today = SystemClock().now().astimezone(ZONE).date()
            metered = {name: one.allowances for name, one in opened.items() if isinstance(one, Metered)}
            quotas = {name: [finding(one) for one in month(tx, name, what, today)] for name, what in metered.items()}
            return Noted(silent, pressed, quotas)
    except (OSError, sqlite3.Error, Lost, StatementFailed):
        return Noted()


def _can(opened: Mapping[str, Adapter], name: str) -> Capabilities:
    return opened[name].can if name in opened else Capabilities()


async def probe(adapter: Adapter, patience: float = PATIENCE, *, pressed: bool = False) -> list[Finding]:
    """Connect, ask, let go. pressed: buttons are known to work."""
    assert isinstance(adapter, Linked)
    listening = asyncio.get_running_loop().create_task(adapter.listen(Deaf()))
    try:
        await _settled(adapter, listening, patience)
        asked = await _asked(adapter) if isinstance(adapter, Examined) else ()
        asked = (*_ended(listening), *asked)
        skew = adapter.skew if isinstance(adapter, Examined) else None
        health = Health(connected=adapter.state == "ready", trouble=adapter.trouble, skew=skew, findings=asked)
        lost = say(
            "没连上（{state}）：检查网络、代理和网址", "not reached ({state}): check network, proxy and address",
            state=adapter.state,
        )  # fmt: skip
        return _conditions(health, lost, pressed=pressed)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await adapter.close()


async def _settled(adapter: Linked, listening: asyncio.Task[None], patience: float) -> None:
    """Until the link is up, or known not to come, or time is over."""
    start = time.monotonic()
    while time.monotonic() - start < patience and not listening.done():
        if adapter.state == "ready" or adapter.trouble is not None:
            return
        await asyncio.wait([listening], timeout=LOOK)


def _ended(listening: asyncio.Task[None]) -> Iterator[Finding]:
    """A server of ours that cannot have its port."""
    error = listening.exception() if listening.done() and not listening.cancelled() else None
    if isinstance(error, OSError):
        yield bad("port", say(
            "回调的地址用不了（{why}）：换 config.toml 里这一节的 host、port，或者停掉占用它的程序",
            "The address for callbacks cannot be had ({why}): change host and port of this section, or stop what uses "
            "them",
            why=reason_of(error),
        ))  # fmt: skip
    elif error is not None:
        yield bad("connection", verbatim(str(error) or type(error).__name__))


async def _asked(adapter: Examined) -> tuple[Finding, ...]:
    try:
        async with asyncio.timeout(EXAMINED_WITHIN):
            return await adapter.examine()
    except TimeoutError:
        words = say("平台很久没有回答：检查网络和代理", "the platform does not answer: check network and proxy")
        return (bad("network", words),)
