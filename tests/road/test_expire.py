"""What waits for a chat to wake up comes too late some day: prompts are dropped with a reason, answers are kept."""

from __future__ import annotations

import asyncio

from chat.errors import RetryLater
from storage.outbox import Outboxes
from storage.transaction import Tx
from tests.road.conftest import NINE, Road, message


def asleep(times: int) -> tuple[list[Exception], asyncio.Event]:
    """What WeCom says of a chat where nobody has spoken for a day; set the event when somebody does."""
    spoken = asyncio.Event()
    troubles: list[Exception] = []
    for _ in range(times):
        error = RetryLater("parked until somebody speaks", 600.0)
        error.sooner = spoken
        troubles.append(error)
    return troubles, spoken


async def expire(road: Road, name: str) -> None:
    def work(tx: Tx) -> None:
        Outboxes(tx, f"close/{name}", road.clock.now()).expire(name, "the day was closed")

    await road.app.writer.submit(work)


async def errors(road: Road) -> list[tuple[str, str]]:
    sql = "SELECT state, error FROM outbox ORDER BY id"
    return await road.app.writer.submit(lambda tx: tx._connection.command(sql).fetchall())  # type: ignore


async def test_a_prompt_that_waits_is_dropped_and_what_waits_behind_it_is_not(road: Road) -> None:
    troubles, spoken = asleep(1)
    road.post.troubles.extend(troubles)
    await road.say("tick", "📝 日报", name="daily:1")
    await road.say("answer", "✅ T1")
    await road.post.until(1)
    await road.turn()
    await asyncio.sleep(0)
    await road.app.courier.settle()
    await expire(road, "daily:1")
    spoken.set()
    await road.app.idle()
    assert road.words == ["✅ T1"]
    assert await errors(road) == [("dropped", "the day was closed"), ("sent", "")]


async def test_one_that_has_not_been_tried_yet_is_dropped_too(road: Road) -> None:
    troubles, spoken = asleep(1)
    road.post.troubles.extend(troubles)
    await road.say("a", "第一")
    await road.say("tick", "📝 日报", name="daily:1")
    await road.post.until(1)
    await expire(road, "daily:1")
    await expire(road, "daily:2")
    spoken.set()
    await road.app.idle()
    assert road.words == ["第一"]


async def test_what_has_arrived_stays(road: Road) -> None:
    await road.say("tick", "📝 日报", name="daily:1")
    await road.app.idle()
    await expire(road, "daily:1")
    assert (await errors(road))[0][0] == "sent"


async def test_the_close_of_a_day_drops_its_prompt(road: Road) -> None:
    """At 17:30 the chat takes nothing; when it does again at 19:00, the digest is said and the prompt is not."""
    await road.app.intake.submit(message("m1", "/日报 设置 17:30 收 18:30 截止"))
    await road.app.idle()
    said = len(road.words)
    troubles, spoken = asleep(20)
    road.post.troubles.extend(troubles)
    await _ring(road, 17, 30)
    await road.post.until(said + 1)
    await road.turn()
    for hour, minute in ((18, 18), (18, 30)):
        await _ring(road, hour, minute)
    road.post.troubles.clear()
    spoken.set()
    await road.app.idle()
    assert road.words[said:] == ["9-18 日报 0/1，今天没人提交。"]


async def _ring(road: Road, hour: int, minute: int) -> None:
    """What the clock has to do at that minute in Shanghai is done; nobody waits for it to be said."""
    road.clock.set(NINE.replace(hour=hour - 8, minute=minute))
    await road.app.alarm.sweep()
    await road.turn()
