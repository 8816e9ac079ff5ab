"""A group of ten thousand: every answer stays short, nobody is called by all names, and the others go on.

Busy means processor time of the loop between two looks around, which does not depend on what else the machine does.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from chat.messages import Incoming, Receipt, Sender
from tests.abuse.hall import BOT, CROWD, LEAD, QUIET, Hall, Pulse, crowd

PEOPLE, MANY = 10_000, 3000
LONGEST = 2000
"""Characters of anything that is said to so many."""
BUSY = 1.5
"""Seconds: several times what is needed."""
pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(
    "words",
    [
        "/成员", "/进度", "/看板", "/搜索 走查", "/查 状态:待办", "/我的", "/负荷", "/周报", "/风险", "/阻塞",
        "/撤销", "/统计", "/帮助",
    ],
)  # fmt: skip
async def test_whatever_is_asked_the_answer_is_short_and_soon(hall: Hall, words: str) -> None:
    await hall.enrol(PEOPLE)
    with Pulse() as pulse:
        said = await hall.hear(LEAD, words)
    assert 1 <= len(said) <= 2, "here, or to the asker alone and a word of it here"
    assert max(map(len, said)) <= LONGEST, said[0][:200]
    assert pulse.longest < BUSY


async def test_a_working_day_with_ten_thousand_people(hall: Hall) -> None:
    """One prompt, one digest, nobody hears anything a hundred times; those who did not report are counted."""
    await hall.enrol(PEOPLE)
    with Pulse() as pulse:
        (prompt,) = await hall.later(hours=3, minutes=31)
        assert prompt.startswith("📝 9-18（周五）日报")
        assert "员工" not in prompt, "nobody is called by name yet"
        things = [hall.thing(crowd(n), "/日报 今日：写了 明日：再写 阻塞：等法务") for n in range(60)]
        things += [hall.thing(crowd(n), "/日报 今日：写了 明日：再写 阻塞：无") for n in range(60, 400)]
        for receipt in await asyncio.gather(*(hall.app.intake.submit(thing) for thing in things)):
            receipt.acked()
        await hall.app.idle()
        assert len(hall.parcels()) >= 400
        await hall.later(minutes=49)
        each = hall.where()
        said = await hall.later(minutes=10)
    digests = [words for words in said if words.startswith("📊")]
    assert len(digests) == 1
    assert "交 400/10001" in digests[0]
    assert max(map(len, said)) <= LONGEST
    assert each[CROWD.id] - 400 < 20, "in the group itself nearly nothing but the receipts"
    assert max(count for chat, count in each.items() if chat != CROWD.id) <= 8
    assert pulse.longest < 2 * BUSY


async def test_another_group_is_answered_while_thousands_are_due(hall: Hall) -> None:
    """What is said there is committed before the clock has told a tenth of them."""
    await hall.enrol(MANY)
    await hall.hear(Sender("q", "安静"), "/任务 热身", place=QUIET)
    await hall.later(hours=3, minutes=59)
    hall.clock.set(hall.clock.now() + timedelta(minutes=2))
    ticks = Counter[str]()
    begun = asyncio.Event()
    submit = hall.app.intake.submit

    async def counted(thing: Incoming) -> Receipt:
        receipt = await submit(thing)
        ticks[thing.kind] += 1
        begun.set()
        return receipt

    hall.app.intake.submit = counted  # type: ignore[method-assign]
    sweeping = asyncio.ensure_future(hall.app.alarm.sweep())
    await begun.wait()
    before = ticks["tick"]
    for number in range(5):
        thing = hall.thing(Sender("q", "安静"), f"/任务 第 {number} 件", place=QUIET)
        (await submit(thing)).acked()
    between = ticks["tick"] - before
    await sweeping
    await hall.app.idle()
    assert ticks["tick"] - before > MANY // 2, "there was a crowd to wait for"
    assert between < MANY // 10
    assert sum("第 4 件" in words for words in hall.texts()) == 1


async def test_everybody_at_once_is_nobody_in_particular(hall: Hall) -> None:
    """``@所有人`` comes as words from every platform: one task, no owner, no ten thousand messages."""
    await hall.enrol(PEOPLE)
    before = hall.where()
    (said,) = await hall.hear(LEAD, "/任务 @所有人 交照片")
    assert "负责人 待指派" in said
    (said,) = await hall.hear(LEAD, "/成员 加 @所有人")
    assert len(said) <= LONGEST
    (said,) = await hall.hear(LEAD, "/指派 T1 @所有人")
    assert "✅" not in said
    assert (hall.where() - before).total() == 3


async def test_ten_thousand_names_in_one_message(hall: Hall) -> None:
    """Longer than what is read of a message; whoever is named in the rest of it is simply not added."""
    with Pulse() as pulse:
        said = await hall.hear(LEAD, "/成员 加", *(crowd(number) for number in range(PEOPLE)))
    assert len(said) == 1
    assert len(said[0]) <= LONGEST
    assert pulse.longest < 4 * BUSY


async def test_thousands_come_and_go(hall: Hall) -> None:
    """Members that join and leave are noted, and nobody is told about each of them."""
    before = len(hall.post.sent)
    for event in ("member_joined", "member_left"):
        for first in range(0, MANY, 500):
            things = [
                Incoming(
                    f"{event}{number}", "event", "post", hall.clock.now(), CROWD, LEAD, bot_id=BOT.id, event=event,
                    data={"id": f"u{number}", "name": f"员工{number}"},
                )
                for number in range(first, first + 500)
            ]  # fmt: skip
            await asyncio.gather(*(hall.app.intake.submit(thing) for thing in things))
    await hall.app.idle()
    assert len(hall.post.sent) == before
    assert "员工" not in (await hall.hear(LEAD, "/成员"))[0]
