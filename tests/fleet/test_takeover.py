"""How long others wait for a process that is gone, by the leases' own clock: no test has to wait, none can be too slow.

A process says each second, by the database's clock, that it lives. After six seconds of silence whoever looks next has
everything that it held; everybody looks once a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

import psycopg
import pytest

from bot import fleet
from bot.fleet import BEAT
from chat.ports import Capabilities
from storage.fleet import SILENCE
from storage.pg import PgDatabase
from tests.postgres import Server
from tests.road.conftest import Road

ONLY = Capabilities(exclusive=True)
TAKE_OVER = 10.0
TURNS = 2
"""Of the one who looks, at most, after the silence: one may just be over, or fail with the connection."""


class Two:
    """Two processes on one database. Neither says that it lives, nor looks, unless it is told to."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.first, self.second = Road(address, ONLY), Road(address, ONLY)

    async def start(self) -> None:
        for road in (self.first, self.second):
            await road.app.start()
            assert road.app.fleet is not None
            running = road.app.fleet._running
            assert running is not None
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def close(self) -> None:
        self.first.post.gate.set()
        for road in (self.second, self.first):
            await road.app.close()

    async def look(self, road: Road) -> None:
        assert road.app.fleet is not None
        await road.app.fleet._turn()

    def silent_for(self, milliseconds: int) -> None:
        """The first one, as the database has it; the second one has just said that it lives."""
        now = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
        with psycopg.connect(PgDatabase(self._address).conninfo, autocommit=True) as connection:
            assert self.first.app.fleet is not None
            connection.execute(f"UPDATE process SET beat_at = {now} + 3600000".encode())
            words = f"UPDATE process SET beat_at = {now} - {milliseconds} WHERE id = '{self.first.app.fleet._id}'"
            connection.execute(words.encode())

    def holders(self) -> set[str]:
        """Names of the processes that hold a chat or a connection."""
        with psycopg.connect(PgDatabase(self._address).conninfo) as connection:
            held = connection.execute("SELECT leased_by FROM lane UNION SELECT holder FROM lease").fetchall()
        names = {road.app.fleet._id: name for name, road in vars(self).items() if isinstance(road, Road)}  # type: ignore[union-attr]
        return {names.get(str(who), "nobody") for (who,) in held}


@pytest.fixture
async def two(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Two]:
    monkeypatch.setattr(fleet, "FENCE", 3600.0)  # however slow this machine is
    address = postgres.fresh()
    two = Two(address)
    await two.start()
    yield two
    await two.close()
    postgres.back(address)


async def test_silence_and_one_look_are_all_that_others_wait_for(two: Two) -> None:
    """What was on its way is delivered under the same key, the platform's only connection is held by who is left."""
    await two.look(two.first)
    two.first.post.gate.clear()  # it hangs while it delivers
    await two.first.say("thing", "日报，18:30 截止")
    await two.look(two.first)
    await two.first.post.until(1)
    assert two.holders() == {"first"}
    two.silent_for(-SILENCE)
    await two.look(two.second)
    assert two.holders() == {"first"}, "it is only late"
    two.silent_for(SILENCE + 1)
    await two.look(two.second)
    assert two.holders() == {"second"}
    assert two.second.app.fleet is not None
    await two.second.app.fleet.held("post")
    await two.second.post.until(1)
    assert two.second.words_and_keys() == [("日报，18:30 截止", "thing/0")]
    assert SILENCE / 1000 + TURNS * BEAT * 1.5 < TAKE_OVER, "a turn that fails is followed by half a beat of rest"


async def test_what_was_said_by_a_clock_ahead_of_the_servers_is_not_waited_for(two: Two) -> None:
    two.first.clock.set(datetime(2999, 1, 1, tzinfo=UTC))
    await two.look(two.first)
    two.first.post.gate.clear()
    await two.first.say("nudge", "日报还有 12 分钟截止")
    await two.look(two.first)
    await two.first.post.until(1)
    two.silent_for(SILENCE + 1)
    await two.look(two.second)
    assert two.holders() == {"second"}
    await two.second.post.until(1)
    assert two.second.words_and_keys() == [("日报还有 12 分钟截止", "nudge/0")]


async def test_who_wakes_up_again_delivers_nothing_that_is_somebody_elses(two: Two) -> None:
    await two.look(two.first)
    await two.first.say("before", "第一句")
    await two.look(two.first)
    await two.first.post.until(1)
    await two.first.app.courier.settle()
    two.silent_for(SILENCE + 1)
    await two.look(two.second)
    await two.second.say("after", "第二句")
    await two.look(two.second)
    await two.second.post.until(1)
    await two.look(two.first)  # it learns that it was struck off, and is somebody new
    assert two.holders() == {"second"}
    assert [two.first.words, two.second.words] == [["第一句"], ["第二句"]]


async def test_who_leaves_of_its_own_accord_is_not_waited_for_at_all(two: Two) -> None:
    await two.look(two.first)
    two.first.post.gate.clear()
    await two.first.say("thing", "日报，18:30 截止")
    await two.look(two.first)
    await two.first.post.until(1)
    await two.first.app.close()
    await two.look(two.second)
    await two.second.post.until(1)
    assert two.second.words_and_keys() == [("日报，18:30 截止", "thing/0")]
    assert two.first.words == []
