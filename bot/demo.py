"""``jindu demo``: two weeks of a project, told to the real bot through its front door, and a clock that can be moved.

The story is the transcript ``demo.chat``. It is played once; the folder it leaves is opened again the next time, as far
as the visitor got. A new story or a new schema makes it anew. What colleagues say afterwards, when the clock gets
there, is ``demo_evening.chat``.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.room.adapter import RoomAdapter
from bot.app import App, Travel
from bot.clock import VirtualClock
from bot.company import Company
from bot.config import Config, StorageSection
from bot.greeting import Tell, greet
from bot.painter import Painter
from bot.play import Played, moment, perform
from bot.room_stage import RoomStage
from bot.script import Step, read
from bot.serve import guarded, open_database, open_room, serve
from storage.database import held_by_another
from storage.ddl import fingerprint

STORY = Path(__file__).with_name("demo.chat")
EVENING = STORY.with_name("demo_evening.chat")
ZONE = ZoneInfo("Asia/Shanghai")
log = logging.getLogger("jindu.demo")


def demo(config: Config, tell: Tell, *, fresh: bool = False) -> int:
    """Raises Fault."""
    folder = config.data / "demo"
    config = replace(config, bot=replace(config.bot, data=str(folder.absolute())), storage=StorageSection())
    if held_by_another(config.database):
        open_database(config.database)  # says so
    if fresh or not _current(folder):
        tell("正在准备两周的演示数据，要几秒钟… Preparing two weeks of history, a few seconds…")
        build(folder)
    database = open_database(config.database)

    async def work() -> None:
        clock = VirtualClock(datetime.fromisoformat((folder / "clock").read_text(encoding="utf-8")))
        app = App(database, clock)
        app.courier.painter = Painter(config.data)
        travel = Company(app, clock, read(EVENING))
        flow: list[asyncio.Task[None]] = []

        def ready(room: RoomAdapter | None) -> None:
            assert room is not None
            travel.meet(room)
            flow.append(asyncio.get_running_loop().create_task(_flow(travel, folder)))
            greet(config, room, tell)

        try:
            await serve(app, lambda: open_room(config, app, config.data, travel), ready)
        finally:
            for task in flow:
                task.cancel()

    return guarded(config, database, work)


def build(folder: Path) -> None:
    """Play the story and leave its data in ``folder``, whole or not at all. Raises OSError, LookupError."""
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    end = asyncio.run(_tell_story(new))
    (new / "clock").write_text(end.isoformat(), encoding="utf-8")
    (new / "story").write_text(_stamp(), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)


async def _tell_story(folder: Path) -> datetime:
    """Returns the hour at which the story stops."""
    steps = read(STORY)
    played = Played(STORY)
    stage = RoomStage(moment(steps[0], datetime(2026, 1, 1, tzinfo=ZONE), STORY), folder)
    stage.app.courier.painter = Painter(folder)
    await stage.start()
    try:
        for step in steps:
            await _do(stage, step, played)
        return stage.now().astimezone(UTC)
    finally:
        await stage.close()


async def _do(stage: RoomStage, step: Step, played: Played) -> None:
    """One step; what the bot says to it is not looked at."""
    try:
        await perform(stage, step, played)
    except LookupError as error:
        raise LookupError(f"{STORY.name}:{step.line}: {error}") from error
    stage.said.clear()
    stage.toasts.clear()


async def _flow(travel: Travel, folder: Path) -> None:
    """While nobody moves it the clock goes as clocks do, and its hour is kept for the next visit."""
    while True:
        await asyncio.sleep(1)
        await travel.forward(1)
        if travel.now().second == 0:
            (folder / "clock").write_text(travel.now().isoformat(), encoding="utf-8")


def _current(folder: Path) -> bool:
    try:
        return (folder / "story").read_text(encoding="utf-8") == _stamp() and (folder / "clock").exists()
    except OSError:
        return False


def _stamp() -> str:
    """Of the story and of the tables it is stored in."""
    return hashlib.sha256(STORY.read_bytes() + EVENING.read_bytes() + fingerprint().encode()).hexdigest()
