"""One person cannot flood the bot or a group."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.pace import Pace
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


def test_presses_are_not_counted() -> None:
    pace = Pace(most=1)
    first = message("m0", "/任务 一件")
    press = replace(first, kind="click")
    verdicts = [pace.judge(thing) for thing in (first, press, first, press, first)]
    assert verdicts == ["take", "take", "tell", "take", "drop"]
