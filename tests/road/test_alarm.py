"""The clock: rows are the truth, each firing happens once, and ten thousand at once are no different."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from bot.alarm import Alarm
from bot.app import Travel
from bot.dispatch import Dispatcher
from bot.intake import Intake
from chat.errors import IntakeUnavailable
from commands.grammar import Table
from reports.ticks import Occasion
from storage.books import Books
from storage.schedules import Schedules
from storage.transaction import Tx
from tests.road.conftest import NINE, Road

MINUTE = timedelta(minutes=1)


class Clockwork:
    """A road whose ticks write down when they fired: ``fired`` is [(name, due, now)]."""

    def __init__(self) -> None:
        self.road = Road()
        self.fired: list[tuple[str, datetime, datetime]] = []
        app = self.road.app
        self.then: Callable[[Occasion], datetime | None] = lambda occasion: None
        dispatcher = Dispatcher(Table(), {"ping": self._ping}, app.can)
        app.intake = Intake(app.writer, dispatcher, app.courier, app.meter)
        app.alarm = Alarm(app.writer, app.intake, self.road.clock)
        self.travel = Travel(app, self.road.clock)

    def _ping(self, occasion: Occasion) -> datetime | None:
        self.fired.append((occasion.entry.owner, occasion.entry.at, occasion.at))
        return self.then(occasion)

    async def plan(self, *entries: tuple[str, datetime]) -> None:
        def work(tx: Tx) -> None:
            schedules = Schedules(tx, "test", NINE)
            for owner, at in entries:
                schedules.add("ping", owner, at)

        await self.road.app.writer.submit(work)

    @property
    def owners(self) -> list[str]:
        return [owner for owner, _, _ in self.fired]


@pytest.fixture
async def works() -> AsyncIterator[Clockwork]:
    works = Clockwork()
    await works.road.app.start()
    yield works
    await works.road.app.close()


async def test_things_happen_in_order_each_at_its_own_minute(works: Clockwork) -> None:
    await works.plan(("b", NINE + 2 * MINUTE), ("a", NINE + MINUTE), ("late", NINE + 60 * MINUTE))
    await works.travel.forward(180)
    assert works.fired == [("a", NINE + MINUTE, NINE + MINUTE), ("b", NINE + 2 * MINUTE, NINE + 2 * MINUTE)]
    assert works.road.clock.now() == NINE + 3 * MINUTE


async def test_a_handler_that_names_its_next_moment_fires_again_then(works: Clockwork) -> None:
    works.then = lambda occasion: occasion.entry.at + timedelta(days=1)
    await works.plan(("daily", NINE + MINUTE))
    await works.travel.forward(3 * 86400)
    assert [due for _, due, _ in works.fired] == [NINE + MINUTE + timedelta(days=n) for n in range(3)]


async def test_going_to_the_next_thing(works: Clockwork) -> None:
    assert await works.travel.forward_to_next() is None
    await works.plan(("a", NINE + 7 * MINUTE))
    assert await works.travel.forward_to_next() == NINE + 7 * MINUTE
    assert works.owners == ["a"]


async def test_going_back_does_nothing_and_what_fired_stays_fired(works: Clockwork) -> None:
    works.then = lambda occasion: occasion.entry.at + timedelta(days=1)
    await works.plan(("a", NINE + MINUTE))
    await works.travel.forward(120)
    await works.travel.to(NINE)
    await works.travel.forward(120)
    assert works.owners == ["a"]


async def test_two_sweeps_at_once_fire_each_thing_once(works: Clockwork) -> None:
    await works.plan(*((f"o{n}", NINE) for n in range(50)))
    other = Alarm(works.road.app.writer, works.road.app.intake, works.road.clock)
    await asyncio.gather(works.road.app.alarm.sweep(), other.sweep(), works.road.app.alarm.sweep())
    assert sorted(works.owners) == sorted(f"o{n}" for n in range(50))


async def test_the_key_of_a_firing_is_its_row_and_its_moment(works: Clockwork) -> None:
    works.then = lambda occasion: occasion.entry.at + timedelta(days=1)
    await works.plan(("a", NINE))
    await works.road.app.alarm.sweep()
    assert await works.road.rows("inbox") == [("tick:1:2026-09-18T01:00:00Z", "done")]


async def test_a_number_that_is_given_again_for_the_same_moment_fires_again(works: Clockwork) -> None:
    await works.plan(("a", NINE))
    await works.road.app.alarm.sweep()
    await works.plan(("b", NINE))
    await works.road.app.alarm.sweep()
    assert works.owners == ["a", "b"]
    assert len(set(await works.road.rows("inbox"))) == 2


async def test_what_was_paused_or_removed_meanwhile_does_not_fire(works: Clockwork) -> None:
    await works.plan(("a", NINE), ("b", NINE), ("c", NINE))

    def work(tx: Tx) -> None:
        books = Books(tx, "test", NINE)
        books.schedules.pause("a")
        books.schedules.drop("ping", "b")

    await works.road.app.writer.submit(work)
    await works.road.app.alarm.sweep()
    assert works.owners == ["c"]


async def test_downtime_is_caught_up_once_with_the_hour_it_was_due(works: Clockwork) -> None:
    works.then = lambda occasion: occasion.at + timedelta(days=1)
    await works.plan(("a", NINE + MINUTE))
    works.road.clock.set(NINE + timedelta(hours=5))
    await works.road.app.alarm.sweep()
    assert works.fired == [("a", NINE + MINUTE, NINE + timedelta(hours=5))]


async def test_ten_thousand_at_once_fire_once_each_and_let_people_through(works: Clockwork) -> None:
    works.then = lambda occasion: occasion.entry.at + timedelta(days=1)
    await works.plan(*((f"o{n}", NINE) for n in range(10_000)))
    sweep = asyncio.ensure_future(works.road.app.alarm.sweep())
    answered_before: list[int] = []
    while not sweep.done():
        await works.road.turn()
        answered_before.append(len(works.fired))
    assert await sweep == 10_000
    assert len(set(works.owners)) == len(works.owners) == 10_000
    assert len(answered_before) > 50, "a person waits for one group of ticks, not for all"


async def test_a_handler_that_never_moves_on_is_moved_on(works: Clockwork) -> None:
    """The same moment again would be known already, and the sweep would never end."""
    works.then = lambda occasion: occasion.entry.at
    await works.plan(("stuck", NINE))
    async with asyncio.timeout(20):
        await works.travel.to(NINE + timedelta(seconds=3))
    assert [due - NINE for _, due, _ in works.fired] == [timedelta(seconds=n) for n in range(4)]


async def test_rings_that_overlap_are_one(works: Clockwork) -> None:
    """Books so slow that the next sweep begins before the last has ended."""
    gate, alarm = asyncio.Event(), works.road.app.alarm
    inside = most = 0

    async def besides() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await gate.wait()
        inside -= 1

    alarm.besides = besides
    await works.plan(*((f"o{n}", NINE) for n in range(50)))
    rings = [asyncio.ensure_future(alarm._ring()) for _ in range(5)]
    await asyncio.wait(rings, return_when=asyncio.FIRST_COMPLETED)
    while len(works.owners) < 50:
        await works.road.turn()
    gate.set()
    await asyncio.gather(*rings)
    assert most == 1
    assert sorted(works.owners) == sorted(f"o{n}" for n in range(50))


async def test_second_chances_that_fail_leave_the_clock_going(works: Clockwork) -> None:
    tried = asyncio.Event()

    async def besides() -> None:
        tried.set()
        raise IntakeUnavailable("the disk is full")

    works.road.app.alarm.besides = besides
    await works.plan(("a", NINE))
    await works.road.app.alarm.start()
    assert tried.is_set()
    assert works.owners == ["a"]


async def test_a_bot_that_stops_while_the_clock_rings_stops_quietly(
    works: Clockwork, caplog: pytest.LogCaptureFixture
) -> None:
    alarm, inside = works.road.app.alarm, asyncio.Event()
    await alarm.start()

    async def besides() -> None:
        inside.set()
        await asyncio.Event().wait()

    alarm.besides = besides
    alarm._struck()
    await inside.wait()
    alarm._struck()
    await alarm.close()
    await works.road.turn()
    assert not alarm._rings
    assert [record.message for record in caplog.records if record.exc_info] == []


async def test_a_defect_of_the_clock_is_told_and_it_goes_on(works: Clockwork, caplog: pytest.LogCaptureFixture) -> None:
    alarm = works.road.app.alarm
    await alarm.start()

    async def besides() -> None:
        raise ZeroDivisionError

    alarm.besides = besides
    alarm._struck()
    await asyncio.wait(alarm._rings)
    assert [record.message for record in caplog.records if record.exc_info] == ["the clock has a defect"]
