"""One engine: each way to decide, with one, two and twenty people, in a group or on three platforms: one outcome."""

from __future__ import annotations

from collections import Counter

import pytest

from chat.messages import Action, Incoming, Place, Sender
from chat.plain import plain
from storage.books import Books
from storage.transaction import Tx
from tests.approvals.conftest import Office, toast
from tests.approvals.test_delivery import Elsewhere
from tests.approvals.test_presses import twenty

WAYS = ("会签", "或签", "依次")


@pytest.mark.parametrize("count", [1, 2, 20])
@pytest.mark.parametrize("way", WAYS)
async def test_each_way_with_one_two_and_twenty(office: Office, way: str, count: int) -> None:
    names = (await twenty(office))[:count]
    office.heard()
    await office.say("张三", f"/审批 换供应商 {way} " + " ".join(f"@{name}" for name in names) + " 截止 明天12:00")
    heard: list[str] = []
    for number, name in enumerate(names):
        later = await office.press(names[-1], "同意") if way == "依次" and number < count - 1 else ""
        assert later == (f"还没轮到你，P1 先等 {name}。" if later else "")
        told = await office.press(name, "同意")
        heard += office.heard()
        if number == count - 1 or way == "或签":
            assert told == "已同意 P1"
            break
        assert told.startswith(f"已同意 P1（{number + 1}/{count}）")
        assert (f"已同意 P1（{number + 1}/{count}），轮到 @{names[number + 1]}。" in heard) == (way == "依次")
    spoke = names[:1] if way == "或签" else names
    said = "、".join(f"{name} 14:00" for name in spoke)
    assert [line for line in heard if "✅" in line] == [f"✅ P1 换供应商 已通过（{said}）"]
    assert await office.count("审批") == 0
    assert await office.count("表态") == len(spoke)
    assert await office.say(names[0], "同意 P1") == ["你已于 14:00 同意"]


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_across_three_platforms(office: Office, way: str) -> None:
    """王五 in the room, 钱七 and 孙八 each elsewhere: the same number, the same state, everywhere."""
    others = {"钱七": Elsewhere(), "孙八": Elsewhere()}
    others["孙八"].name = "afar"
    for one in others.values():
        office.stage.app.add(one)

    def meet(tx: Tx) -> None:
        books = Books(tx, "test:meet", office.stage.clock.now())
        for name, one in others.items():
            books.people.enrol(1, books.people.meet(one.name, f"u-{name}", name).id, "member")

    async def press(name: str, key: str = "") -> str:
        thing = Incoming(
            f"press:{name}{key}", "click", others[name].name, office.stage.clock.now(), Place(f"d-{name}", "direct"),
            Sender(f"u-{name}", name), addressed=True, message_id="m", action=Action("approval.yes", ("1", "1"), 1),
        )  # fmt: skip
        receipt = await office.submit(thing)
        receipt.acked()
        await office.stage.idle()
        return toast(receipt.answer)

    await office.stage.app.writer.submit(meet)
    await office.say("张三", f"/审批 换供应商 {way} @钱七 @王五 @孙八 截止 明天12:00")
    assert [len(one.parcels) for one in others.values()] == ([1, 0] if way == "依次" else [1, 1])
    if way == "依次":
        assert await press("孙八") == "还没轮到你，P1 先等 钱七。"
        assert await office.press("王五", "同意") == "还没轮到你，P1 先等 钱七。"
    assert await press("钱七") == ("已同意 P1" if way == "或签" else "已同意 P1（1/3）")
    if way == "或签":
        assert await press("孙八") == "已由 钱七 于 14:00 同意，你的操作未计入"
    else:
        assert (await office.press("王五", "同意")).startswith("已同意 P1（2/3）")
        if way == "依次":
            assert others["孙八"].said() == [("direct", "🖊 P1 换供应商　依次 2/3")]
            assert await press("孙八", "again") == "已同意 P1"
        else:
            assert await press("孙八") == "已同意 P1"
    outcomes = Counter(line.text for line in office.stage.said if line.text.startswith("✅"))
    who = "钱七 14:00" if way == "或签" else "钱七 14:00、王五 14:00、孙八 14:00"
    assert outcomes == {f"✅ P1 换供应商 已通过（{who}）": 1}
    for one in others.values():
        assert f"✅ 已通过（{who}）" in plain(one.parcels[-1].card)
