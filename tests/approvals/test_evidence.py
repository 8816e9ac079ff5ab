"""What is kept of a press is the hash of the very words that stood above the button, wherever and whenever it was."""

from __future__ import annotations

import csv
import io
from hashlib import sha256

from adapters.room.things import Message
from bot.script import Step
from chat.cards import Attachment, Buttons, Paragraph
from chat.text import Locale
from storage.books import Books
from storage.transaction import Tx
from tests.approvals.conftest import ASK, Office


def words_above(message: Message, locale: Locale) -> str:
    assert message.card is not None
    first = message.card.blocks[0]
    assert isinstance(first, Paragraph)
    return first.text.plain(locale)


async def pressed(office: Office, who: str, label: str, on: str = "", where: str = "") -> str:
    """The hash of what this person is looking at while they press."""
    stage, room = office.stage, office.stage.room
    person = next(p.id for p in room.people.values() if p.name == who)
    place = room.direct(person) if where else room.group(stage.group)
    message = stage._with(place, person, Step(1, "press", who, where, label, on), Buttons)
    seen = words_above(message, message.locale)
    await office.press(who, label, on, where)
    return sha256(seen.encode()).hexdigest()


async def kept(office: Office) -> list[tuple[str, str]]:
    """(whose, hash) of every vote."""

    def read(tx: Tx) -> list[tuple[str, str]]:
        sql = "SELECT name, shown FROM approval_vote JOIN person ON person.id = person_id ORDER BY approval_vote.id"
        return [(name, shown) for name, shown in tx._connection.command(sql).fetchall()]

    return await office.stage.app.writer.submit(read)


async def test_each_press_is_kept_with_what_it_stood_under(office: Office) -> None:
    """The card, the same card after a vote, the next day's copy of it, and a reminder."""
    await office.say("张三", "/审批 预算追加3万元 会签 @张三 @李四 @王五 @赵六 截止 9-21 18:00")
    first = await pressed(office, "王五", "同意", "会签")
    after = await pressed(office, "赵六", "同意", "已同意：王五")
    assert await kept(office) == [("王五", first), ("赵六", after)]
    assert first != after
    await office.later(days=2, hours=20)
    await office.say("张三", "/审批 P1")
    later = await pressed(office, "李四", "同意", "已同意：王五 9-18 14:00")
    assert (await kept(office))[2] == ("李四", later)


async def test_a_reminder_is_what_was_seen(office: Office) -> None:
    await office.say("张三", "/审批 预算追加3万元 会签 @王五 @赵六 截止 17:00")
    assert any("⏰ P1" in line for line in await office.later(hours=2))
    seen = await pressed(office, "王五", "同意", "在等你")
    assert await kept(office) == [("王五", seen)]
    assert (await pressed(office, "赵六", "同意", "会签 1/2")) == (await kept(office))[1][1]


async def test_whoever_is_asked_directly_reads_what_changed_as_well(office: Office) -> None:
    """A new round says the same to those who are not in the group, and until the last of them has spoken."""
    person = office.stage.room.add_person("钱七")

    def meet(tx: Tx) -> None:
        books = Books(tx, "test:meet", office.stage.clock.now())
        books.people.enrol(1, books.people.meet("room", person, "钱七").id, "member")

    await office.stage.app.writer.submit(meet)
    await office.say("张三", "/审批 预算追加3万元 会签 @王五 @钱七 截止 明天12:00")
    said = await office.say("张三", "/审批 改 P1 金额 5万")
    assert sum("金额 3万元 → 5万元，请重新处理" in line for line in said) == 2
    here = await pressed(office, "王五", "同意", "请重新处理")
    assert any("金额 3万元 → 5万元，请重新处理\n已同意：王五" in line.text for line in office.stage.said)
    there = await pressed(office, "钱七", "同意", "请重新处理", where="私聊")
    assert await kept(office) == [("王五", here), ("钱七", there)]


async def test_somebody_who_reads_english_saw_english(office: Office) -> None:
    await office.say("张三", "/设置 语言 English")
    await office.say("张三", ASK)
    seen = await pressed(office, "王五", "Approve")
    assert await kept(office) == [("王五", seen)]
    assert (await office.say("张三", "/approve export P1"))[0].startswith("The record of P1: 1 votes.")


async def test_the_record_can_be_had_after_somebody_in_it_was_erased(office: Office) -> None:
    """The words name nobody then; the hash is of what they were, and the record says so."""
    await office.say("张三", ASK)
    seen = await pressed(office, "王五", "同意")
    await office.say("赵六", "/删除我的数据", where="私聊")
    await office.press("赵六", "清除", where="私聊")
    await office.later(minutes=30)
    assert (await office.say("张三", "/审批 导出 P1"))[0].startswith("P1 的记录：1 次表态。")
    message = office.stage.room.messages(office.stage.room.group(office.stage.group))[-1]
    assert message.card is not None
    file = next(block for block in message.card.blocks if isinstance(block, Attachment))
    rows = list(csv.DictReader(io.StringIO(file.content.removeprefix("\ufeff"))))
    vote = next(row for row in rows if row["平台"])
    assert vote["所见内容 SHA-256"] == seen
    assert vote["所见内容"].startswith("（有人的个人数据已清除，名字换成了编号，与哈希不再一致）\n🖊 P1 预算追加3万元")
    assert "赵六" not in vote["所见内容"]
