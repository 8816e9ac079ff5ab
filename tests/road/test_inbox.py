"""Every thing once, and nothing acknowledged that is not stored."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from chat.errors import IntakeUnavailable
from tests.road.conftest import Road, message


async def test_the_same_key_again_is_the_same_thing(road: Road) -> None:
    thing = message("post:1", "/任务 写周报")
    first = await road.app.intake.submit(thing)
    again = await road.app.intake.submit(thing)
    await road.app.idle()
    assert (first.duplicate, again.duplicate) == (False, True)
    assert [key for key, *_ in await road.rows("outbox")] == ["post:1/0"]
    assert len(road.post.sent) == 1


async def test_duplicates_within_one_group_are_one_thing(road: Road) -> None:
    thing = message("post:1", "/任务 写周报")
    receipts = await asyncio.gather(*(road.app.intake.submit(thing) for _ in range(5)))
    await road.app.idle()
    assert sorted(receipt.duplicate for receipt in receipts) == [False, True, True, True, True]
    assert len(road.post.sent) == 1


async def test_a_thing_is_known_after_a_restart(tmp_path: Path) -> None:
    thing = message("post:1", "/任务 写周报")
    before = Road(tmp_path / "jindu.db")
    await before.app.start()
    await before.app.intake.submit(thing)
    await before.app.idle()
    await before.app.close()
    after = Road(tmp_path / "jindu.db")
    await after.app.start()
    receipt = await after.app.intake.submit(thing)
    await after.app.idle()
    assert receipt.duplicate
    assert after.post.sent == []
    await after.app.close()


async def test_a_refusal_is_a_row_and_an_answer(road: Road) -> None:
    await road.app.intake.submit(message("post:1", "/任务"))
    await road.app.idle()
    assert await road.rows("inbox") == [("post:1", "refused")]
    assert len(road.post.sent) == 1


async def test_what_is_not_said_to_the_bot_leaves_no_row(road: Road) -> None:
    thing = message("post:1", "大家好")
    receipt = await road.app.intake.submit(replace(thing, addressed=False))
    assert receipt.answer is None
    assert await road.rows("inbox") == []


async def test_one_chat_keeps_its_order_through_dispatch_and_delivery(road: Road) -> None:
    things = [message(f"post:{n}", f"/任务 第 {n} 件") for n in range(150)]
    await asyncio.gather(*(road.app.intake.submit(thing) for thing in things))
    await road.app.idle()
    assert [parcel.reply_to for parcel in road.post.sent] == [thing.message_id for thing in things]


async def test_a_full_disk_tells_the_chat_once_a_minute_and_loses_nothing(tmp_path: Path) -> None:
    road = Road(tmp_path / "jindu.db")
    await road.app.start()
    await road.app.intake.submit(message("post:0", "/任务 第一件"))
    await road.app.idle()
    road.post.sent.clear()
    fill(road)
    for number in (1, 2, 1, 2):
        with pytest.raises(IntakeUnavailable):
            await road.app.intake.submit(message(f"post:{number}", "/任务 " + "长" * 30_000))
    group = [parcel for parcel in road.post.sent if parcel.kind == "post"]
    assert [plain for plain in road.words if "存不了" in plain][:1] == ["我现在存不了，请稍后再发（已通知管理员）"]
    assert len(group) == 1, "twice within a minute, and twice the same thing"
    assert group[0].reply_to == "msg-post:1"
    assert [parcel.chat for parcel in road.post.sent if parcel.kind == "direct"] == ["u1"], "the admin, once"
    assert not any("✅" in words for words in road.words)
    road.clock.set(road.clock.now().replace(minute=2))
    with pytest.raises(IntakeUnavailable):
        await road.app.intake.submit(message("post:3", "/任务 " + "长" * 30_000))
    assert len([parcel for parcel in road.post.sent if parcel.kind == "post"]) == 2
    assert [key for key, _ in await road.rows("inbox")] == ["post:0"]
    road.app.writer.connection.command("PRAGMA max_page_count = 1000000")
    receipt = await road.app.intake.submit(message("post:1", "/任务 " + "长" * 30_000))
    await road.app.idle()
    assert not receipt.duplicate
    assert "✅" in road.words[-1]
    await road.app.close()


async def test_a_read_only_file_is_no_different(tmp_path: Path) -> None:
    road = Road(tmp_path / "jindu.db")
    await road.app.start()
    road.app.writer.connection.command("PRAGMA query_only = ON")
    with pytest.raises(IntakeUnavailable):
        await road.app.intake.submit(message("post:1", "/任务 写周报"))
    assert road.words == ["我现在存不了，请稍后再发"], "there is no admin yet who could have been told"
    road.app.writer.connection.command("PRAGMA query_only = OFF")
    await road.app.intake.submit(message("post:1", "/任务 写周报"))
    await road.app.idle()
    assert "✅" in road.words[-1]
    await road.app.close()


def fill(road: Road) -> None:
    """No page more than there are."""
    connection = road.app.writer.connection
    connection.command("PRAGMA wal_checkpoint(TRUNCATE)")
    pages = connection.command("PRAGMA page_count").fetchone()[0]
    connection.command(f"PRAGMA max_page_count = {pages}")
