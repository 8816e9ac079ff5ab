"""Presses at once, again, after the end, by others: each is answered, one counts, one outcome is told.

All presses of one process go through one writer, whatever platform they come from. Those of several processes, which
is PostgreSQL's affair, are in ``tests/fleet``; the unique seat and the compare-and-set of the state, which keep them
apart, are tested by themselves below.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chat.plain import plain
from storage.books import Books
from storage.transaction import Tx
from tests.approvals.conftest import ASK, Office, toast


async def test_fifty_presses_at_once_give_one_outcome(office: Office) -> None:
    """Two approvers, each pressing 25 times, all in flight together."""
    await office.say("张三", ASK)
    presses = [office.thing(f"p{n}", ("王五", "赵六")[n % 2], "approval.yes", "1", "1") for n in range(50)]
    receipts = await asyncio.gather(*(office.submit(press) for press in presses))
    said = Counter(toast(receipt.answer) for receipt in receipts)
    assert said == {"已同意 P1（1/2）": 1, "已同意 P1": 1, "你已于 14:00 同意": 48}
    for receipt in receipts:
        receipt.acked()
    await office.stage.idle()
    outcomes = [line for line in office.heard() if "已通过" in line]
    assert outcomes == ["✅ P1 预算追加3万元 已通过（王五 14:00、赵六 14:00）"]
    assert await office.count("表态") == 2


async def twenty(office: Office) -> list[str]:
    """Twenty more in the group."""
    names = [f"同事{n:02}" for n in range(20)]
    await office.say("张三", "/成员 加 " + " ".join(f"@{name}" for name in names))
    for name in names:
        await office.say(name, "你好", where="私聊")
    chat = office.stage.room.group(office.stage.group)
    for name in names:
        person = next(p.id for p in office.stage.room.people.values() if p.name == name)
        office.stage.room.add_member(chat, person, office.stage.room.chats[chat].owner)
    await office.stage.idle()
    return names


async def test_presses_at_once_are_one_redrawing(office: Office) -> None:
    """Each is answered for itself, with the card as it stands after all of them; everybody else sees it change once."""
    names = await twenty(office)
    await office.say("张三", "/审批 换供应商 会签 " + " ".join(f"@{name}" for name in names) + " 截止 明天12:00")
    office.unhurried()
    edits = "SELECT count(*) FROM outbox WHERE kind = 'edit'"
    before = await office.number(edits)
    presses = [office.thing(f"p{n}", name, "approval.yes", "1", "1") for n, name in enumerate(names[:19])]
    receipts = await asyncio.gather(*(office.submit(press) for press in presses))
    assert [toast(receipt.answer) for receipt in receipts] == [f"已同意 P1（{n}/20）" for n in range(1, 20)]
    cards = [receipt.answer.card for receipt in receipts if receipt.answer and receipt.answer.card]
    assert len(cards) == 19
    shown = {plain(card).splitlines()[0] for card in cards}
    redrawn = await office.number(edits) - before
    assert len(shown) == redrawn <= 3, "as many as there were commits"
    assert "🖊 P1 换供应商　会签 19/20" in shown
    again = await office.submit(presses[0])
    assert again.answer == receipts[0].answer


async def test_fifty_people_pressing_any_of_them(office: Office) -> None:
    """或签: whoever is first decides; everybody else reads who that was."""
    names = await twenty(office)
    await office.say("张三", "/审批 换供应商 或签 " + " ".join(f"@{name}" for name in names) + " 截止 明天12:00")
    presses = [office.thing(f"p{n}", name, "approval.yes", "1", "1") for n, name in enumerate(names)]
    receipts = await asyncio.gather(*(office.submit(press) for press in presses))
    said = Counter(toast(receipt.answer) for receipt in receipts)
    assert said == {"已同意 P1": 1, "已由 同事00 于 14:00 同意，你的操作未计入": 19}
    for receipt in receipts:
        receipt.acked()
    await office.stage.idle()
    assert sum("已通过" in line for line in office.heard()) == 1


async def test_a_press_that_comes_again_is_answered_alike_and_counts_once(office: Office) -> None:
    """The platform did not get our acknowledgement and sends it again."""
    await office.say("张三", ASK)
    press = office.thing("p1", "王五", "approval.yes", "1", "1")
    first, second = await office.submit(press), await office.submit(press)
    assert toast(first.answer) == toast(second.answer) == "已同意 P1（1/2）"
    assert second.duplicate
    assert await office.count("表态") == 1


async def test_what_everybody_sees_goes_out_after_the_press_was_answered(office: Office) -> None:
    await office.say("张三", ASK)
    await office.say("赵六", "同意 P1")
    receipt = await office.submit(office.thing("p1", "王五", "approval.yes", "1", "1"))
    await office.stage.app.idle()
    assert not any("已通过" in line for line in office.heard())
    receipt.acked()
    await office.stage.idle()
    assert sum("已通过" in line for line in office.heard()) == 1


async def test_the_books_let_a_seat_speak_once_and_a_round_end_once(office: Office) -> None:
    """As if another process had come between."""
    await office.say("张三", ASK)

    def race(tx: Tx) -> list[bool]:
        books = Books(tx, "test:race", office.stage.clock.now(), 1)
        approval = books.approvals.get(1)
        assert approval is not None
        seat = books.approvals.sheet(approval).seats[0]
        evidence = {"via": "button", "platform": "room", "message_id": "m", "seen": (0, "")}
        votes = [books.approvals.vote(approval, seat, choice, "", **evidence) for choice in ("yes", "no")]
        return [*votes, books.approvals.close(approval, "approved"), books.approvals.close(approval, "rejected")]

    assert await office.stage.app.writer.submit(race) == [True, False, True, False]


@pytest.mark.parametrize(
    ("args", "answer"),
    [
        (("1", "2"), "P1 已改成第 1 轮，这张卡片作废了，请看最新的一张。"),
        (("99", "1"), "没找到这个审批。"),
        ((), "这个按钮已失效，请重新发命令。"),
        (("1",), "这个按钮已失效，请重新发命令。"),
        (("x", "1"), "这个按钮已失效，请重新发命令。"),
        (("9" * 18, "1"), "没找到这个审批。"),
        (("-1", "1"), "这个按钮已失效，请重新发命令。"),
    ],
)
@pytest.mark.parametrize("verb", ["approval.yes", "approval.back", "approval.withdraw", "approval.again"])
async def test_buttons_nobody_drew_are_refused(office: Office, verb: str, args: tuple[str, ...], answer: str) -> None:
    await office.say("张三", ASK)
    before = await office.ledger()
    assert await office.forge("王五", verb, *args) in (answer, "P1 由 张三 发起，只有 张三 或管理员能重新发起。")
    assert await office.ledger() == before


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("approval.no", ("1", "1", "99")), ("approval.no", ("1", "1")), ("approval.sit", ("1", "1", "1", "1")),
        ("approval.sit", ("1", "1", "9", "2")), ("approval.replace", ("1", "1", "9")), ("approval.send", ("nokey",)),
        ("approval.any", ("",)),
        ("decision", ("1", "1")), ("decision", ("x", "1")), ("approval.swap", ("nokey",)),
        ("approval.again", ("1", "1")),
    ],
)  # fmt: skip
async def test_forged_presses_change_nothing(office: Office, verb: str, args: tuple[str, ...]) -> None:
    await office.say("张三", ASK)
    before = await office.ledger()
    for who in ("张三", "王五", "李四"):
        assert await office.forge(who, verb, *args)
        assert await office.ledger() == before


async def test_a_press_after_the_deadline_does_not_count_even_before_the_clock_rings(office: Office) -> None:
    await office.say("张三", ASK)
    thing = office.thing("late", "王五", "approval.yes", "1", "1")
    receipt = await office.submit(replace(thing, at=thing.at + timedelta(days=2)))
    assert toast(receipt.answer) == "已过期"
    assert await office.count("表态") == 0
