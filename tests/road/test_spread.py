"""What the clock says at full and half hours is spread where a platform asks for it, and lets people pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.courier import UNASKED
from chat.cards import text_card
from chat.ports import Capabilities
from chat.text import say
from storage.outbox import Outboxes
from storage.transaction import Tx
from tests.activity import PATIENCE
from tests.road.conftest import Road

pytestmark = pytest.mark.sqlite

TICK = "tick:1:2026-09-18T01:00Z"
BRIEFLY = 3.0


@pytest.fixture
async def road() -> AsyncIterator[Road]:
    """A platform that wants a moment; the road's clock stands at nine, the loop's does not."""
    road = Road(can=Capabilities(jitter=BRIEFLY, per_app=(4, 1.0)))
    road.app.courier.spread = True
    await road.app.start()
    yield road
    await road.app.close()


async def sent(road: Road, count: int) -> list[str]:
    async with asyncio.timeout(PATIENCE):
        await road.post.until(count)
    await road.turn()
    return road.words


async def test_people_are_answered_first_and_the_rest_follows_in_order(road: Road) -> None:
    await road.say(TICK, "日报提示", "第二条")
    await road.say("m1", "回答")
    await road.turn()
    assert road.words == ["回答"]
    assert await sent(road, 3) == ["回答", "日报提示", "第二条"]


async def test_an_edit_waits_for_its_card(road: Road) -> None:
    await road.say(TICK, "旧", name="digest:1")

    def redraw(tx: Tx) -> None:
        Outboxes(tx, "press", road.clock.now()).edit("digest:1", text_card(say("新", "new")))

    await road.app.writer.submit(redraw)
    await road.turn()
    assert road.words == []
    assert await sent(road, 2) == ["旧", "新"]
    assert [one.kind for one in road.post.sent] == ["post", "edit"]


async def test_what_was_superseded_meanwhile_is_not_sent(road: Road) -> None:
    await road.say(TICK, "一")
    (parcel,) = [one for aside in road.app.courier._lanes._aside.values() for one in aside]
    road.app.courier.drop([parcel.id])
    await road.say(TICK + "b", "二")
    assert await sent(road, 1) == ["二"]


async def test_at_other_minutes_nothing_waits(road: Road) -> None:
    road.clock.set(road.clock.now() + timedelta(minutes=1))
    await road.say(TICK, "不等")
    await road.app.idle()
    assert road.words == ["不等"]


async def test_the_clock_leaves_room_in_what_the_app_may_send(road: Road) -> None:
    """Three a second for digests where an app may send four; whoever asked is answered at once."""
    road.clock.set(road.clock.now() + timedelta(minutes=1))

    def work(tx: Tx) -> None:
        digests = Outboxes(tx, TICK, road.clock.now())
        for number in range(8):
            digests.post("post", f"g{number}", text_card(say("{n}", "{n}", n=number)))
        Outboxes(tx, "m1", road.clock.now()).post("post", "g9", text_card(say("回答", "answer")))

    await road.app.writer.submit(work)
    assert sorted(await sent(road, 4)) == sorted([*map(str, range(int(4 * UNASKED))), "回答"])
    for second in range(1, 4):
        road.clock.set(road.clock.now() + timedelta(seconds=1))
        await sent(road, min(4 + 3 * second, 9))
        assert len(road.words) == min(4 + 3 * second, 9)


@pytest.mark.parametrize(("processes", "first", "later"), [(2, 1, [2, 4, 5, 7]), (6, 1, [1, 2, 2, 3])])
async def test_several_processes_share_what_the_app_may_send(
    road: Road, processes: int, first: int, later: list[int]
) -> None:
    """Three a second for all of them: one and a half for each of two, one in two seconds for each of six."""
    road.clock.set(road.clock.now() + timedelta(minutes=1))
    road.app.courier.processes = lambda: processes
    for number in range(9):
        await post(road, number)
    await sent(road, first)
    counts = []
    for _ in later:
        road.clock.set(road.clock.now() + timedelta(seconds=1.1))
        await road.turn()
        counts.append(len(road.post.sent))
    assert counts == later


async def post(road: Road, number: int) -> None:
    """Something that the clock says in a group of its own."""

    def work(tx: Tx) -> None:
        outbox = Outboxes(tx, f"{TICK}{number}", road.clock.now())
        outbox.post("post", f"g{number}", text_card(say("{n}", "{n}", n=number)))

    await road.app.writer.submit(work)
