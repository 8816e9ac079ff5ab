"""Approvers who are on leave, left the group, left the company; and who reads the record."""

from __future__ import annotations

import csv
import io
from hashlib import sha256

from chat.errors import Gone
from chat.messages import Outgoing, Sent
from storage.books import Books
from storage.transaction import Tx
from tests.approvals.conftest import ASK, Office


class Leavers:
    """Stands before the room: whoever has left cannot be written to."""

    def __init__(self, office: Office, *names: str) -> None:
        self._deliver = office.stage.adapter.deliver
        self._gone = {p.id for p in office.stage.room.people.values() if p.name in names}
        office.stage.adapter.deliver = self.deliver  # type: ignore[method-assign]

    async def deliver(self, parcel: Outgoing) -> Sent:
        if parcel.kind == "direct" and parcel.chat in self._gone:
            raise Gone("no such user")
        return await self._deliver(parcel)


async def leave_company(office: Office, *names: str) -> list[str]:
    """Out of the group, and no message reaches them; what was said within a minute."""
    Leavers(office, *names)
    room = office.stage.room
    chat = room.group(office.stage.group)
    for name in names:
        person = next(p.id for p in room.people.values() if p.name == name)
        room.remove_member(chat, person, person)
    await office.stage.idle()
    return office.heard() + await office.later(minutes=1)


async def test_on_leave_is_asked_about_before_anything_is_sent(office: Office) -> None:
    await office.send_away("赵六", "2026-09-18", "2026-09-20")
    asked = await office.say("张三", ASK)
    assert asked == ["赵六 9-18 休假，预计 9-21 回。\n[仍发] [换人] [改或签]"]
    assert await office.count("审批") == 0
    assert await office.press("王五", "仍发") == "请让发起人来选。"
    assert await office.press("张三", "改或签") == "已发起。"
    assert "或签 0/2" in office.heard()[0]
    assert await office.count("审批") == 1


async def test_somebody_else_instead_of_who_is_on_leave(office: Office) -> None:
    await office.send_away("赵六", "2026-09-18")
    await office.say("张三", ASK)
    assert await office.press("张三", "换人") == "换成谁？回：@某人"
    assert office.heard() == ["换成谁？回：@某人"]
    said = await office.say("张三", "@李四")
    assert "待：王五、李四" in said[0]
    assert await office.count("审批") == 1


async def test_who_left_the_company_is_replaced_by_who_the_requester_names(office: Office) -> None:
    await office.say("张三", ASK)
    said = await leave_company(office, "赵六")
    assert "赵六 已离职，P1 由谁代？\n[王五兼] [指定…] [撤回]" in said
    assert await office.press("张三", "指定…", where="私聊") == "由谁代？回：@某人"
    office.heard()
    assert await office.say("张三", "@张三", where="私聊") == ["默认不能自审，已移除。管理员可在 /设置 审批 打开。"]
    said = await office.say("张三", "@李四", where="私聊")
    assert "P1 由 @李四 代 赵六 处理。" in said
    await office.say("王五", "同意 P1")
    assert await office.say("李四", "同意 P1") == ["✅ P1 预算追加3万元 已通过（王五 14:01、李四（代 赵六） 14:01）"]


async def test_what_waits_for_somebody_who_was_erased_goes_to_somebody_else(office: Office) -> None:
    """By themselves, from one moment to the next; what they said before stays counted."""
    await office.say("张三", ASK)
    await office.say("王五", "/审批 另一件 会签 @赵六 @李四 截止 明天12:00")
    await office.say("赵六", "同意 P2")
    await office.say("赵六", "/删除我的数据", where="私聊")
    await office.press("赵六", "清除", where="私聊")
    said = await office.later(minutes=1)
    asked = [line for line in said if "的个人数据已清除，" in line]
    assert len(asked) == 1, said
    assert "，P1 由谁代？\n[王五兼] [指定…] [撤回]" in asked[0]
    assert "赵六" not in asked[0]
    await office.press("张三", "王五兼", where="私聊")
    assert (await office.say("王五", "同意 P1"))[0].startswith("✅ P1 预算追加3万元 已通过（王五 14:01、王五（代 ")


async def test_one_of_the_others_sits_for_both(office: Office) -> None:
    await office.say("张三", ASK)
    await leave_company(office, "赵六")
    await office.press("张三", "王五兼", where="私聊")
    assert await office.say("王五", "同意 P1") == ["✅ P1 预算追加3万元 已通过（王五 14:01、王五（代 赵六） 14:01）"]


async def test_the_stand_in_takes_over_by_themselves(office: Office) -> None:
    await office.say("张三", "/设置 审批 后备 @李四")
    await office.say("张三", ASK)
    said = await leave_company(office, "赵六")
    assert "赵六 已离职，P1 由后备人 @李四 代。" in said
    assert not any("由谁代" in line for line in said)
    await office.say("李四", "同意 P1", where="私聊")
    assert "✅ P1 预算追加3万元 已通过（李四（代 赵六） 14:01、王五 14:01）" in await office.say("王五", "同意 P1")


async def test_in_a_direct_chat_of_a_project_everybody_is_asked_directly(office: Office) -> None:
    said = await office.say("张三", "/审批 私下问一句 @王五 明天12:00", where="私聊")
    assert len(said) == 2
    assert await office.press("王五", "同意", where="私聊") == "已同意 P1"
    assert "✅ P1 私下问一句 已通过（王五 14:00）" in office.heard()


async def test_the_record_has_every_act_and_what_was_seen(office: Office) -> None:
    await office.say("张三", ASK)
    await office.press("王五", "同意")
    await office.say("张三", "/审批 改 P1 预算追加5万元")
    await office.press("王五", "同意", "请重新处理")
    await office.say("赵六", "拒绝 P1 =1+1 预算已满")
    assert (await office.say("李四", "/审批 导出 P1"))[0] == "P1 的记录只给发起人、审批人和管理员。"
    assert (await office.say("王五", "/审批 导出 P1"))[0].startswith("P1 的记录：3 次表态。")
    message = office.stage.room.messages(office.stage.room.group(office.stage.group))[-1]
    assert message.card is not None
    content = next(block.content for block in message.card.blocks if block.kind == "attachment")
    rows = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"))))
    acts = [(row["轮次"], row["人"], row["动作"]) for row in rows]
    assert acts == [
        ("1", "张三", "发起"), ("1", "王五", "同意"), ("2", "张三", "修改，新一轮"), ("2", "王五", "同意"),
        ("2", "赵六", "拒绝"), ("2", "赵六", "结果"),
    ]  # fmt: skip
    votes = [row for row in rows if row["平台"]]
    assert [row["方式"] for row in votes] == ["按钮", "按钮", "文字"]
    for row in votes:
        assert row["消息 id"]
        assert sha256(row["所见内容"].encode()).hexdigest() == row["所见内容 SHA-256"]
    assert "3万元" in votes[0]["所见内容"]
    assert "3万元 → 5万元" in votes[1]["所见内容"]
    assert votes[2]["说明"].startswith("'=1+1")


async def test_what_waits_is_in_mine(office: Office) -> None:
    await office.say("张三", ASK)
    assert "🙋 等我 1\nP1 预算追加3万元（张三，截止 9-19 12:00）" in (await office.say("王五", "/我的"))[0]
    assert "⏳ 我在等 1\nP1 预算追加3万元（王五、赵六，截止 9-19 12:00）" in (await office.say("张三", "/我的"))[0]


async def test_who_was_never_seen_in_the_group_is_asked_directly_too(office: Office) -> None:
    """Written as words, not picked with @: we do not know that they are not there, and do not say so."""
    person = office.stage.room.add_person("钱七")

    def meet(tx: Tx) -> None:
        books = Books(tx, "test:meet", office.stage.clock.now())
        books.people.enrol(1, books.people.meet("room", person, "钱七").id, "member")

    await office.stage.app.writer.submit(meet)
    said = await office.say("张三", "/审批 换供应商 @钱七 明天12:00")
    assert len(said) == 2
    assert all("待：钱七\n已私聊 钱七\n" in each for each in said)
