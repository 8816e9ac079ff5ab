"""One life of the bot in the simulated year: from a start to the moment its process is killed.

Runs in a process of its own. What it delivered, what was acknowledged and how late it is stands in a log outside of it,
as a platform and its users would have it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from bench.year_plan import Act
from bot.app import App, Travel
from bot.clock import VirtualClock
from chat.messages import Outgoing, Sent
from chat.plain import plain
from chat.ports import Capabilities, Intake
from storage.stores import open_store


@dataclass(frozen=True, slots=True)
class Life:
    """``store``: as ``open_store``. ``dies``: the simulated moment; None: it lives on. ``after``: real seconds later,

    whatever is going on then; 0: before anything happens at that moment.
    """

    folder: Path
    store: str
    begins: datetime
    ends: datetime
    dies: datetime | None
    after: float
    clock_first: bool


class Log:
    """Lines that survive their writer."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, **line: object) -> None:
        os.write(self._file, orjson.dumps(line) + b"\n")


class MortalClock(VirtualClock):
    """A virtual clock that ends its process when its hour has come."""

    def __init__(self, life: Life, log: Log) -> None:
        super().__init__(life.begins)
        self._life = life
        self._log = log
        self._armed = False
        log.write(now=life.begins.timestamp(), born=True)

    def set(self, at: datetime) -> None:
        self._log.write(now=at.timestamp())
        if self._life.dies is not None and at >= self._life.dies and not self._armed:
            self._armed = True
            if not self._life.after:
                os.kill(os.getpid(), signal.SIGKILL)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, self._life.after)
        super().set(at)


class Post:
    """A platform that takes everything at once, and drops what it has seen the key of."""

    name = "wire"
    can = Capabilities()

    def __init__(self, clock: VirtualClock, log: Log) -> None:
        self._clock = clock
        self._log = log

    async def listen(self, intake: Intake) -> None:
        await asyncio.Event().wait()

    async def deliver(self, parcel: Outgoing) -> Sent:
        await asyncio.sleep(0)
        if parcel.kind != "edit":
            words, now = plain(parcel.card, parcel.locale)[:2000], self._clock.now().timestamp()
            self._log.write(key=parcel.key, to=parcel.chat, at=now, text=words, reply=bool(parcel.reply_to))
        await asyncio.sleep(0)
        return Sent(f"m{parcel.id}")

    async def close(self) -> None:
        pass


def live(life: Life, acts: list[Act]) -> None:
    """acts: what nobody acknowledged yet, in order."""
    asyncio.run(_live(life, acts))


async def _live(life: Life, acts: list[Act]) -> None:
    log = Log(life.folder / "log")
    clock = MortalClock(life, log)
    app = App(open_store(life.store), clock)
    app.add(Post(clock, log))
    await app.start()
    travel = Travel(app, clock)
    if life.clock_first:
        await app.alarm.sweep()
    await app.idle()  # real time does not leap ahead while what was left is being sent
    for batch in minutes(acts):
        await travel.to(max(batch[0].at, clock.now()))
        await asyncio.gather(*(_said(app, act, log) for act in batch))
    await travel.to(life.ends)
    await app.close()
    log.write(now=life.ends.timestamp(), done=True)


async def _said(app: App, act: Act, log: Log) -> None:
    await app.intake.submit(act.thing(app.clock.now()))
    log.write(ack=act.key)


def now_of(line: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(line["now"], UTC)


def minutes(acts: list[Act]) -> Iterator[list[Act]]:
    """Acts of one moment together."""
    batch: list[Act] = []
    for act in acts:
        if batch and batch[0].at != act.at:
            yield batch
            batch = []
        batch.append(act)
    if batch:
        yield batch
