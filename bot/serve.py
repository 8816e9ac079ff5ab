"""A bot at work: open everything, greet, serve until told to stop, let go of everything."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from errno import EADDRINUSE
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot import keys, links
from bot.app import App, out_of_the_way
from bot.backup import Backups
from bot.clock import SystemClock
from bot.config import Config
from bot.faults import BAD_USE, Fault, reason_of, terminal_locale
from bot.greeting import greet, room_token
from bot.pace import Pace
from bot.painter import FOLDER, Painter
from bot.upkeep import Upkeep
from chat.ports import TimeMachine
from chat.text import Text, say
from storage.ddl import Prepared
from storage.errors import AlreadyOpen, DatabaseError, Lost, NotOurs, StatementFailed, TooNew, Unstorable
from storage.schema import prepare
from storage.stores import Store, open_store

if TYPE_CHECKING:
    from adapters.room.adapter import RoomAdapter

log = logging.getLogger("jindu.program")
CLOSE_SECONDS = 4.0
"""After being told to stop. What is not finished by then is found unfinished, and done, at the next start."""
Tell = Callable[[str], None]
"""Writes one line to the terminal."""
STANDING_BY = say(
    "聊天室由另一个进程开着，这个候着，它停了就接过来；到点的事和别的平台照常分着做。",
    "Another process has the room open; this one takes it over when that one stops. What is due, and the other "
    "platforms, are shared meanwhile.",
)


def run(config: Config, tell: Tell) -> int:
    """``jindu run``. Raises Fault."""
    if not config.room.enabled and not config.adapters:
        raise Fault(
            say(
                "聊天室关着（room.enabled = false），也没有接任何平台。打开聊天室，或者加一节 [adapters.feishu]、"
                "[adapters.dingtalk]、[adapters.wecom]。",
                "The room is off (room.enabled = false) and no platform is configured. Set it to true, or add "
                "[adapters.feishu], [adapters.dingtalk] or [adapters.wecom].",
            ),
            BAD_USE,
        )
    database = open_database(config.books)
    keys.unlock(config)

    async def work() -> None:
        app = App(database, SystemClock())
        app.intake.pace = Pace()
        app.courier.painter = Painter(config.data)
        backups = None if config.server else Backups(config.database, config.data / "backup")
        keeper = Upkeep(app.writer, app.vitals, app.clock, backups, ZoneInfo(config.room.zone), config.retention)
        keeper.pictures = config.data / FOLDER
        upkeep = asyncio.get_running_loop().create_task(keeper.run())
        locale = config.language(terminal_locale())

        def say_it(text: Text) -> None:
            tell(text.render(locale))

        def open_all() -> RoomAdapter | None:
            links.connect(config, app, say_it)
            return open_room(config, app, config.data) if config.room.enabled else None

        watching: list[asyncio.Task[None]] = []

        def at_work() -> None:
            watching.append(asyncio.get_running_loop().create_task(links.watched(app, say_it, config.data)))

        def ready(room: RoomAdapter | None) -> None:
            greet(config, room, tell)
            if not watching:
                at_work()

        def stand_by() -> None:
            say_it(STANDING_BY)
            at_work()

        try:
            async with _health_pages(config, app):
                await serve(app, open_all, ready, stand_by)
        finally:
            for task in (upkeep, *watching):
                task.cancel()

    return guarded(config, database, work)


def guarded(config: Config, database: Store, work: Callable[[], Awaitable[None]]) -> int:
    """Run ``work`` to its end. What goes wrong below becomes a Fault with a remedy."""

    async def main() -> None:
        await work()

    try:
        asyncio.run(main())
    except (TooNew, NotOurs, Unstorable, *DatabaseError) as error:
        raise unusable(database.path, error) from error
    except OSError as error:
        raise _no_address(config, error) from error
    finally:
        database.close()
    return 0


async def serve(
    app: App,
    open_all: Callable[[], RoomAdapter | None],
    ready: Callable[[RoomAdapter | None], None],
    stand_by: Callable[[], None] = lambda: None,
) -> None:
    """Until SIGINT or SIGTERM, or until something the bot cannot do without has ended.

    open_all: returns the room. stand_by: called when the room is not ours yet, as another process has it open.
    """
    stop = _told_to_stop()
    try:
        room = open_all()
        if room is not None:
            app.add(room)
        await app.start()
        out_of_the_way()
        if room is not None:
            if app.waits_for(room.name):
                stand_by()
            await _first(room.ready(), stop.wait(), app.broken())
        if not stop.is_set():
            ready(room)
            await _first(stop.wait(), app.broken())
        log.info("stopping", extra={"action": "stopping"})
    finally:
        await _close(app)


def migrate(config: Config) -> Prepared:
    """``jindu migrate``. Raises Fault."""
    database = open_database(config.books)
    try:
        return prepare(database)
    except (TooNew, NotOurs, *DatabaseError) as error:
        raise unusable(database.path, error) from error
    finally:
        database.close()


def open_database(path: Path | str) -> Store:
    """Raises Fault: somebody else has it, or it cannot be written."""
    try:
        return open_store(path)
    except AlreadyOpen:
        raise Fault(
            say(
                "另一个 Jindu 正在用 {path}。先停掉它（Ctrl-C），或者用 --data 换一个数据目录。",
                "Another Jindu is using {path}. Stop it first (Ctrl-C), or choose another folder with --data.",
                path=str(path),
            )
        ) from None
    except OSError as error:
        raise Fault(
            say(
                "写不了 {path}：{why}。检查磁盘空间和目录权限，或者用 --data 换一个数据目录。",
                "Cannot write {path}: {why}. Check disk space and permissions, or choose another folder with --data.",
                path=str(path),
                why=reason_of(error),
            )
        ) from error


def open_room(config: Config, app: App, data: Path, machine: TimeMachine | None = None) -> RoomAdapter:
    """The built-in platform; on the first start with people and a group to try it with."""
    from adapters.room import adapter
    from bot.health import HealthPages

    section = {
        "host": config.room.host,
        "port": config.room.port,
        "token": room_token(config),
        "bot_name": config.bot.name,
        "language": config.bot.language or "zh",
        "zone": config.room.zone,
    }
    room = adapter.open(
        section, app.clock, hints=app.table.hints, time_machine=machine, data_dir=data, pages=HealthPages(app).routes()
    )
    if not room.room.people:
        room.room.seed_trial()
    return room


def unusable(path: Path | str, error: Exception) -> Fault:
    """A database that is there but cannot be worked with."""
    if isinstance(error, (Lost, StatementFailed, Unstorable)):
        return Fault(
            say(
                "数据库 {path} 用不了：{why}。检查 storage.url、网络和 PostgreSQL 是否开着。",
                "The database {path} cannot be used: {why}. Check storage.url, the network and whether PostgreSQL "
                "is running.",
                path=str(path),
                why=str(error).strip().splitlines()[0],
            )
        )
    if isinstance(error, TooNew):
        return Fault(
            say(
                "{path} 是更新版本的 Jindu 写的（结构 {found}）。请先升级程序；数据没有改动。",
                "{path} was written by a newer Jindu (schema {found}). Upgrade the program first; nothing was changed.",
                path=str(path),
                found=str(error),
            )
        )
    if isinstance(error, NotOurs):
        return Fault(
            say(
                "{path} 里是别的程序的数据，没有动它。换一个 storage.url 或 --data。",
                "{path} belongs to another program and was left alone. Choose another storage.url or --data.",
                path=str(path),
            )
        )
    return Fault(
        say(
            "数据库 {path} 用不了：{why}。检查磁盘空间和权限；文件坏了就用备份换回它。",
            "The database {path} cannot be used: {why}. Check disk space and permissions, or restore it.",
            path=str(path),
            why=str(error),
        )
    )


@asynccontextmanager
async def _health_pages(config: Config, app: App) -> AsyncIterator[None]:
    """On an address of their own, if one is set. Raises Fault."""
    if not config.ops.port:
        yield
        return
    from bot.health import apart

    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(apart(app, config.ops.host, config.ops.port))
        except OSError as error:
            raise Fault(
                say(
                    "监控地址 {where} 用不了：{why}。检查 ops.host、ops.port。",
                    "The address {where} for monitoring cannot be had: {why}. Check ops.host and ops.port.",
                    where=f"{config.ops.host}:{config.ops.port}",
                    why=reason_of(error),
                )
            ) from error
        yield


def _no_address(config: Config, error: OSError) -> Fault:
    where = f"{config.room.host}:{config.room.port}"
    if error.errno == EADDRINUSE:
        return Fault(
            say(
                "{where} 已被别的程序占用。换一个端口：jindu run --port {other}，或者先停掉那个程序。",
                "{where} is in use by another program. Choose another port, jindu run --port {other}, "
                "or stop that program.",
                where=where,
                other=config.room.port + 1 if config.room.port < 65535 else 0,
            )
        )
    return Fault(
        say(
            "启动不了（{where}）：{why}。检查 room.host、room.port 和数据目录的权限。",
            "Cannot start ({where}): {why}. Check room.host, room.port and the permissions of the data folder.",
            where=where,
            why=reason_of(error),
        )
    )


def _told_to_stop() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def told() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    return stop


async def _first(*awaited: Awaitable[object]) -> None:
    """Return when one of them returned; raises what it raised. The others are dropped."""
    tasks = [asyncio.ensure_future(each) for each in awaited]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


async def _close(app: App) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await app.close()
    except TimeoutError:
        log.error("not everything could be finished", extra={"action": "stopping"})
        os._exit(1)  # a thread waits for a disk that does not answer; what it writes is whole or not there
