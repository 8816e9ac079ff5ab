"""More comes in than can be done: memory stays bounded, everybody is answered, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from bot.intake import CROWDED
from bot.unstorable import AT_ONCE, BUSY
from chat.errors import IntakeUnavailable
from chat.messages import Action, Incoming, Place, Receipt
from tests.road.conftest import Road, message

MOST = 3


async def storm(road: Road, things: list[Incoming]) -> list[Receipt | BaseException]:
    """All at once."""
    road.app.intake.most = MOST
    return await asyncio.gather(*(road.app.intake.submit(thing) for thing in things), return_exceptions=True)


async def test_beyond_the_limit_nothing_is_kept_and_it_comes_again(
    road: Road, caplog: pytest.LogCaptureFixture
) -> None:
    things = [message(f"m{number}", f"/任务 第{number}件") for number in range(50)]
    with caplog.at_level(logging.WARNING, "jindu.intake"):
        receipts = await storm(road, things)
    refused = [each for each in receipts if isinstance(each, IntakeUnavailable)]
    assert len(refused) == 50 - MOST
    assert [record.message for record in caplog.records] == ["more comes in than can be done"]
    assert road.app.meter.things["post", "message", "crowded"] == len(refused)
    assert len(await road.rows("inbox")) == MOST
    for thing in things:  # as a platform does whose message was not acknowledged
        await road.app.intake.submit(thing)
    await road.app.idle()
    assert len(await road.rows("inbox")) == 50
    assert sum(words.startswith("✅ T") for words in road.words) == 50


async def test_who_has_to_wait_is_told_once_a_minute_in_a_chat(road: Road) -> None:
    await storm(road, [message(f"m{number}", f"/任务 第{number}件") for number in range(50)])
    await road.post.until(MOST + 1)
    await road.app.idle()
    assert road.words.count(BUSY.plain()) == 1


async def test_telling_so_is_itself_limited(road: Road) -> None:
    road.post.gate.clear()
    chats = [Place(f"g{number}", "group", f"群{number}") for number in range(200)]
    await storm(road, [replace(message(f"m{place.id}", "/任务 一件"), chat=place) for place in chats])
    await road.post.until(AT_ONCE)
    telling = [task for task in asyncio.all_tasks() if task.get_name() == "crowded"]
    assert len(telling) == AT_ONCE
    road.post.gate.set()
    await asyncio.gather(*telling)
    await road.app.idle()
    assert road.words.count(BUSY.plain()) == AT_ONCE


async def test_a_press_is_answered_at_once(road: Road) -> None:
    presses = [
        replace(message(f"c{number}", ""), kind="click", action=Action("task.done", ("999",))) for number in range(10)
    ]
    receipts = await storm(road, presses)
    toasts = [each.answer.toast for each in receipts if isinstance(each, Receipt) and each.answer]
    assert len(toasts) == 10
    assert toasts.count(CROWDED) == 10 - MOST


async def test_the_clock_is_never_refused(road: Road) -> None:
    ticks = [
        Incoming(f"tick:{number}", "tick", "clock", road.clock.now(), event="none", data={"schedule": number})
        for number in range(10)
    ]
    assert not any(isinstance(each, BaseException) for each in await storm(road, ticks))


async def test_there_is_room_again_afterwards(road: Road) -> None:
    await storm(road, [message(f"m{number}", f"/任务 第{number}件") for number in range(50)])
    await road.app.intake.submit(message("later", "/任务 后来的"))
    await road.app.idle()
    assert road.words[-1].endswith("后来的｜负责人 待指派｜截止 未定")
