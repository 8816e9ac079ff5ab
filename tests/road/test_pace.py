"""One person cannot flood the bot or a group."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest

from bot.pace import Pace
from chat.messages import Action
from tests.road.conftest import NINE, Road, message

TOO_FAST = "发得太快了：每人每分钟最多 20 条。从这条起没有处理，请等一分钟再发。"


async def test_a_hundred_messages_in_a_minute_are_twenty_answers_and_one_line(road: Road) -> None:
    road.app.intake.pace = Pace()
    for number in range(100):
        at = NINE + timedelta(milliseconds=500 * number)
        await road.app.intake.submit(message(f"m{number}", f"/任务 第{number}件", at=at))
    await road.app.idle()
    assert road.words.count(TOO_FAST) == 1
    assert len(road.words) == 21
    assert await road.rows("inbox") == [(f"m{number}", "done") for number in range(21)]


async def test_others_are_heard_meanwhile_and_so_is_everybody_a_minute_later(road: Road) -> None:
    road.app.intake.pace = Pace(most=2)
    for number in range(4):
        await road.app.intake.submit(message(f"m{number}", "/任务 一件", at=NINE))
    await road.app.intake.submit(message("other", "/任务 别人的", who="u2", at=NINE))
    await road.app.intake.submit(message("later", "/任务 后来的", at=NINE + timedelta(seconds=61)))
    keys = [key for key, _ in await road.rows("inbox")]
    assert keys == ["m0", "m1", "m2", "other", "later"]


def test_presses_are_counted_apart() -> None:
    pace = Pace(most=1)
    first = message("m0", "/任务 一件")
    press = replace(first, kind="click")
    verdicts = [pace.judge(thing) for thing in (first, press, first, press, first)]
    assert verdicts == ["take", "take", "tell", "take", "drop"]


async def test_a_storm_of_presses_is_answered_without_a_row_each(road: Road) -> None:
    road.app.intake.pace = Pace()
    for number in range(500):
        press = replace(message(f"c{number}", ""), kind="click", action=Action("task.done", ("999",)), at=NINE)
        receipt = await road.app.intake.submit(press)
        assert receipt.answer is not None
        receipt.acked()
    await road.app.intake.submit(message("said", "/任务 一件", at=NINE))
    await road.app.idle()
    assert len(await road.rows("inbox")) == 61


@pytest.mark.parametrize(
    "words",
    ["/任务 " + "长" * 350_000, "/任务 " + "{{7*7}}" * 50_000, "/任务 " + "@" * 400_000, "1-" * 200_000,
     "下周" * 100_000,
     "今日：" + "a\n" * 200_000, "T1 " * 100_000, "(" * 300_000, " " * 900_000 + "x", "/查 " + "#a" * 100_000,
     "9" * 500_000 + "%", "\u202e" * 100_000, "张三，" * 100_000],
    ids=lambda words: ascii(words[:6]),
)  # fmt: skip
async def test_a_huge_message_holds_nobody_up(road: Road, words: str) -> None:
    """A mebibyte, of what makes pattern searches slow. The time is that of a loaded machine."""
    begun = process_time()
    await road.app.intake.submit(message("huge", words, at=NINE))
    await road.app.idle()
    assert process_time() - begun < 5
    assert (await road.rows("inbox"))[0][1] in ("done", "refused")
    assert all(len(said) < 5_000 for said in road.words)
