"""An approval across platforms, and where a platform refuses the card."""

from __future__ import annotations

import asyncio
from pathlib import Path

from chat.errors import Rejected
from chat.messages import Action, Incoming, Outgoing, Place, Sender, Sent
from chat.plain import plain
from chat.ports import Capabilities, Intake
from storage.books import Books
from storage.transaction import Tx
from tests.approvals.conftest import ASK, Office, toast
from tests.tasks.conftest import GROUP


class Elsewhere:
    """Another platform with direct chats only, which keeps what it was given."""

    name = "elsewhere"
    can = Capabilities()

    def __init__(self) -> None:
        self.parcels: list[Outgoing] = []

    async def listen(self, intake: Intake) -> None:
        await asyncio.Event().wait()

    async def deliver(self, parcel: Outgoing) -> Sent:
        self.parcels.append(parcel)
        return Sent(f"e{len(self.parcels)}")

    async def close(self) -> None:
        pass

    def said(self) -> list[tuple[str, str]]:
        return [(parcel.kind, plain(parcel.card).split("\n")[0]) for parcel in self.parcels]


async def test_an_approver_on_another_platform_sees_and_decides_the_same(office: Office) -> None:
    elsewhere = Elsewhere()
    office.stage.app.add(elsewhere)

    def meet(tx: Tx) -> None:
        books = Books(tx, "test:meet", office.stage.clock.now())
        books.people.enrol(1, books.people.meet("elsewhere", "u9", "钱七").id, "member")

    await office.stage.app.writer.submit(meet)
    said = await office.say("张三", "/审批 预算追加3万元 会签 @王五 @钱七 截止 明天12:00")
    assert "钱七不在本群，已私聊" in said[0]
    press = Incoming(
        "e:1", "click", "elsewhere", office.stage.clock.now(), Place("d9", "direct"), Sender("u9", "钱七"),
        addressed=True, message_id="e1", action=Action("approval.yes", ("1", "1"), 1),
    )  # fmt: skip
    receipt = await office.submit(press)
    assert toast(receipt.answer) == "已同意 P1（1/2）"
    receipt.acked()
    await office.stage.idle()
    assert any("已同意：钱七 14:00" in line.text for line in office.stage.said if line.edited)
    assert (await office.say("王五", "同意 P1")) == ["✅ P1 预算追加3万元 已通过（钱七 14:00、王五 14:00）"]
    first = "🖊 P1 预算追加3万元　会签 "
    assert elsewhere.said() == [("direct", first + "0/2"), ("edit", first + "1/2"), ("edit", first + "2/2")]


async def test_a_refused_card_goes_out_as_words_and_the_words_are_enough(office: Office) -> None:
    deliver = office.stage.adapter.deliver

    async def no_cards(parcel: Outgoing) -> Sent:
        if not parcel.card.is_text:
            raise Rejected("no cards today")
        return await deliver(parcel)

    office.stage.adapter.deliver = no_cards  # type: ignore[method-assign]
    await office.say("张三", ASK)
    chat = office.stage.room.group(office.stage.group)
    text = office.stage.room.text_of(office.stage.room.messages(chat)[-1].id)
    assert text.startswith("🖊 P1 预算追加3万元")
    assert text.endswith("也可回：同意 P1 / 拒绝 P1 原因")
    await office.say("王五", "同意 P1")
    await office.say("赵六", "拒绝 P1 预算已满")
    assert await office.count("表态") == 2
    assert await office.count("审批") == 0


async def test_the_first_press_after_a_restart_counts_once(tmp_path: Path) -> None:
    """A card drawn before it is as good as new, and a press that comes again finds its answer."""
    before = Office(tmp_path)
    await before.open()
    await before.say("张三", ASK)
    press = before.thing("p1", "王五", "approval.yes", "1", "1")
    await before.submit(press)
    await before.stage.close()
    after = Office(tmp_path)
    await after.stage.start()
    after.stage.group = GROUP
    again = await after.submit(press)
    assert (toast(again.answer), again.duplicate) == ("已同意 P1（1/2）", True)
    assert await after.press("赵六", "同意") == "已同意 P1"
    assert [line for line in after.heard() if "已通过" in line] == [
        "✅ P1 预算追加3万元 已通过（王五 14:00、赵六 14:00）"
    ]
    assert await after.count("表态") == 2
    await after.stage.close()


async def test_where_the_bot_was_removed_the_requester_is_told_directly(office: Office) -> None:
    await office.say("张三", ASK)
    room = office.stage.room
    chat = room.group(office.stage.group)
    room.remove_bot(chat, next(p.id for p in room.people.values() if p.name == "张三"))
    await office.stage.idle()
    office.heard()
    assert await office.say("王五", "同意 P1", where="私聊") == ["已同意 P1（1/2）"]
    said = await office.say("赵六", "拒绝 P1 预算已满", where="私聊")
    assert set(said) == {"已拒绝 P1", "❌ P1 未通过（赵六：预算已满）"}
    assert len(said) == 2
