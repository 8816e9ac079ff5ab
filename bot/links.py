"""The platforms of a bot at work: opened one by one, watched, and their troubles told once to whom it concerns."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path

from bot.app import App
from bot.config import Config
from bot.examiner import Examiner
from bot.gaps import Gaps
from bot.platforms import TITLES, Platform
from chat.cards import text_card
from chat.ports import MAIL
from chat.text import Locale, Text, say, verbatim
from storage.books import Books
from storage.people import Address
from storage.transaction import Tx

log = logging.getLogger("jindu.links")
LOOK = timedelta(seconds=0.5)
ASK_AGAIN = timedelta(seconds=5)
"""Until an admin is known who can be told."""
Tell = Callable[[Text], None]


def connect(config: Config, app: App, tell: Tell) -> None:
    """Open every platform that is configured. One that cannot be opened is told of, and the others go on."""
    for platform in config.adapters:
        try:
            adapter = platform.open(config.bot.name, app.clock, config.data)
        except (ImportError, ValueError, OSError) as error:
            log.error("not opened", extra={"action": "open", "platform": platform.name, "error": str(error)})
            app.vitals.absent[platform.name] = why = _why(platform, error)
            tell(why)
        else:
            app.add(adapter, vital=False)
    connect_mail(config, app, tell)


def connect_mail(config: Config, app: App, tell: Tell) -> None:
    """The way of last resort, where a mail server is configured."""
    if not config.mail.host:
        return
    section = {
        "host": config.mail.host, "port": config.mail.port, "security": config.mail.security,
        "user": config.mail.user, "password": config.mail.password.value, "sender": config.mail.sender,
        "ca": config.mail.ca, "name": config.bot.name,
    }  # fmt: skip
    try:
        app.add(import_module("adapters.mail.adapter").open(section, app.clock), vital=False)
    except (ImportError, ValueError, OSError) as error:
        log.error("not opened", extra={"action": "open", "platform": MAIL, "error": str(error)})
        tell(say("邮件没有接上：{why}。运行 make setup 再启动。", "No mail: {why}. Run make setup, then start again.",
                 why=str(error)))  # fmt: skip


def title(name: str) -> Text:
    return TITLES.get(name, say("邮件", "E-mail") if name == MAIL else verbatim(name))


def _why(platform: Platform, error: Exception) -> Text:
    if isinstance(error, ImportError):
        return say(
            "{platform}没有接上：缺少程序库 {name}。运行 make setup 再启动。",
            "{platform} was not connected: the library {name} is missing. Run make setup, then start again.",
            platform=platform.title,
            name=error.name or str(error),
        )
    return say(
        "{platform}没有接上：{why}。改好 config.toml 再启动。",
        "{platform} was not connected: {why}. Correct config.toml, then start again.",
        platform=platform.title,
        why=str(error),
    )


async def watch(app: App, tell: Tell, folder: Path | None = None) -> None:
    """Say on the terminal when a link is up or needs an admin, and tell the admins once; until cancelled.

    folder: where it is noted how the platforms are.
    """
    told: dict[str, Text] = {}
    up: set[str] = set()
    owed = dict(app.vitals.absent)
    ask_at = app.clock.now()
    examiner, gaps = Examiner(app, folder), Gaps(app)
    while True:
        await examiner.look()
        await gaps.look()
        app.readings.poke()
        if app.quota.due:
            await app.quota.look()
        for name, link in app.vitals.links.items():
            trouble = link.trouble
            if trouble is not None and name not in told:
                told[name] = owed[name] = say(
                    "{platform}：{trouble}", "{platform}: {trouble}", platform=title(name), trouble=trouble
                )
                log.error("in trouble", extra={"action": "link.trouble", "platform": name, "state": link.state})
                tell(told[name])
            elif trouble is None and link.state == "ready":
                told.pop(name, None)
                owed.pop(name, None)
                if name not in up:
                    up.add(name)
                    tell(say("{platform}已连接。", "{platform} is connected.", platform=title(name)))
        if owed and app.clock.now() >= ask_at:
            for name, text in list(owed.items()):
                if await app.writer.submit(partial(tell_admins, app, name, text)):
                    del owed[name]
            ask_at = app.clock.now() + ASK_AGAIN
        await app.clock.sleep_until(app.clock.now() + LOOK)


def tell_admins(app: App, platform: str, text: Text, tx: Tx) -> int:
    """Directly, where they can be reached on another platform. How many were told."""
    count = 0
    books = Books(tx, f"link:{platform}:{app.clock.now().isoformat()}", app.clock.now())
    for person in books.people.admins():
        others = [one for one in books.people.addresses(person) if one.platform != platform and _takes(app, one)]
        if others:
            address = next((one for one in others if one.reachable), others[0])
            locale: Locale = "en" if books.people.get(person).locale == "en" else "zh"
            books.outbox.post(address.platform, address.external_id, text_card(text), kind="direct", locale=locale)
            count += 1
    return count


def _takes(app: App, address: Address) -> bool:
    """Does a message to this address arrive just now?"""
    adapter = app.adapters.get(address.platform)
    well = adapter is not None and app.vitals.trouble(address.platform) is None
    return well and (address.reachable or app.can(address.platform).push_unasked)


async def watched(app: App, tell: Tell, folder: Path | None = None) -> None:
    """``watch``, whose own faults never end the bot."""
    try:
        await watch(app, tell, folder)
    except asyncio.CancelledError:
        raise
    except Exception:
        log.exception("not watching", extra={"action": "link.watch"})
