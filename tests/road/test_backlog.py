"""After a restart everything left is sent once and in each chat's order, and nobody waits until all of it is read."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.backlog import PAGE
from chat.cards import text_card
from chat.text import say
from storage import outbox
from storage.outbox import Outboxes
from storage.statement import Statement
from storage.transaction import Tx
from tests.road.conftest import Road, message

CHATS = ("a", "g1", "z")


def post(road: Road, key: str, chat: str, *words: str) -> asyncio.Future[None]:
    def work(tx: Tx) -> None:
        box = Outboxes(tx, key, road.clock.now())
        for each in words:
            box.post("post", chat, text_card(say("{w}", "{w}", w=each)))

    return road.app.writer.submit(work)


async def left_behind(path: Path, each: int) -> Road:
    """Another bot on the books of one that could send nothing."""
    before = Road(path)
    await before.app.start()
    before.post.gate.clear()
    for number in range(each):
        for chat in CHATS:
            await post(before, f"{chat}{number}", chat, str(number))
    await before.app.close()
    return Road(path)


def in_chat(road: Road, chat: str) -> list[str]:
    pairs = zip(road.words, road.post.sent, strict=True)
    return [words for words, parcel in pairs if parcel.chat == chat]


@pytest.mark.parametrize("each", [1, PAGE // 3, PAGE - 1, PAGE, PAGE + 7])
async def test_everything_once_and_in_order_with_what_is_said_meanwhile_behind_it(tmp_path: Path, each: int) -> None:
    road = await left_behind(tmp_path / "jindu.db", each)
    await road.app.start()
    old = [str(number) for number in range(each)]
    for number in range(20):
        for chat in CHATS:
            await post(road, f"new {chat}{number}", chat, f"新 {number}")
    await road.app.idle()
    for chat in CHATS:
        assert in_chat(road, chat) == [*old, *(f"新 {number}" for number in range(20))]
    await road.app.close()


async def test_a_chat_with_nothing_left_is_answered_before_the_rest_is_read(tmp_path: Path) -> None:
    road = await left_behind(tmp_path / "jindu.db", 3 * PAGE)
    await road.app.start()
    await post(road, "first", "A", "先说")
    reading = road.app.courier._backlog.reading
    assert reading is not None
    assert not reading.done()
    await road.app.idle()
    assert in_chat(road, "A") == ["先说"]
    assert len(road.words) == 3 * PAGE * len(CHATS) + 1
    await road.app.close()


async def test_what_is_taken_back_meanwhile_is_not_sent(tmp_path: Path) -> None:
    road = await left_behind(tmp_path / "jindu.db", PAGE)
    road.post.gate.clear()
    await road.app.start()
    await post(road, "new", "z", "新的")
    await road.app.writer.submit(lambda tx: Outboxes(tx, "off", road.clock.now()).cancel("post", "z"))
    road.post.gate.set()
    await road.app.idle()
    assert in_chat(road, "z") == []
    assert len(in_chat(road, "a")) == PAGE
    await road.app.close()


async def test_a_stop_in_the_middle_leaves_the_rest_for_the_next_start(tmp_path: Path) -> None:
    first = await left_behind(tmp_path / "jindu.db", PAGE)
    await first.app.start()
    await first.app.intake.submit(message("post:1", "/任务 写周报"))
    await first.app.close()
    second = Road(tmp_path / "jindu.db")
    await second.app.start()
    await second.app.idle()
    keys = [parcel.key for road in (first, second) for parcel in road.post.sent]
    assert sorted(keys) == sorted({*keys})
    assert len(keys) == PAGE * len(CHATS) + 1
    await second.app.close()


async def test_reading_on_takes_no_longer_the_more_was_ever_sent(road: Road) -> None:
    """The index of what waits is used, not the table."""

    def plan(tx: Tx) -> str:
        statement: Statement = outbox._unsent
        values = {"on": "", "to": "", "after": 0, "last": 9, "most": 9}
        connection = tx._connection
        sql, constants, bind = statement.on(connection._dialect)  # type: ignore[attr-defined]
        rows = connection._driver.execute(f"EXPLAIN QUERY PLAN {sql}", bind({**constants, **values}))  # type: ignore[attr-defined]
        return " ".join(str(row[3]) for row in rows)

    if not road.app.database.shared:
        assert "ix_outbox_ready" in (said := await road.app.writer.submit(plan))
        assert "TEMP B-TREE" not in said
