"""Who has read what the bot said: each platform is asked as it wants to be asked, and nothing depends on its answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.feishu.adapter import FeishuAdapter
from bot.script import Step
from chat.cards import text_card
from chat.errors import DeliveryError, Gone, Rejected
from chat.messages import Outgoing
from chat.ports import Observant
from chat.text import say
from tests.platforms.stage_dingtalk import DingTalkStage
from tests.platforms.stage_feishu import FeishuStage

TEXT = text_card(say("在吗", "Hello?"))


def _card(kind: str, chat: str, key: str = "k/0") -> Outgoing:
    return Outgoing(1, key, "any", kind, chat, TEXT, name="ask:1")  # type: ignore[arg-type]


@pytest.fixture
async def feishu(still):
    stage = FeishuStage(still.now())
    adapter = await stage.open()
    yield stage, adapter
    await adapter.close()
    await stage.shut()


@pytest.fixture
async def dingtalk(still):
    stage = DingTalkStage(still.now())
    adapter = await stage.open()
    yield stage, adapter
    await adapter.close()
    await stage.shut()


async def test_feishu_tells_page_by_page_who_has_read_a_card_in_a_group(feishu) -> None:
    stage, adapter = feishu
    assert isinstance(adapter, FeishuAdapter)
    assert isinstance(adapter, Observant)
    world = stage.world
    names = ("张三", "李四", "王五", "赵六", "陈晨")
    group = world.group("双十一大促", *names)
    sent = await adapter.deliver(_card("post", group))
    assert await adapter.readers(sent.message_id, group, direct=False) == frozenset()
    for name in names:
        world.reads(world.person(name))
    assert await adapter.readers(sent.message_id, group, direct=False) == {world.person(name) for name in names}


async def test_feishu_tells_of_a_direct_card_too(feishu) -> None:
    stage, adapter = feishu
    zhang = stage.world.person("张三")
    sent = await adapter.deliver(_card("direct", zhang))
    stage.world.reads(stage.world.person("李四"))
    assert await adapter.readers(sent.message_id, zhang, direct=True) == frozenset()
    stage.world.reads(zhang)
    assert await adapter.readers(sent.message_id, zhang, direct=True) == {zhang}


async def test_feishu_refuses_what_is_old_gone_or_not_allowed_and_it_is_no_alarm(feishu) -> None:
    stage, adapter = feishu
    world = stage.world
    group = world.group("双十一大促", "张三")
    sent = await adapter.deliver(_card("post", group))
    world.scopes.discard("message")
    with pytest.raises(DeliveryError):
        await adapter.readers(sent.message_id, group, direct=False)
    assert not adapter.client.trouble
    assert adapter.trouble is None
    world.scopes.add("message")
    world.chats[group].bot = False
    with pytest.raises(Gone):
        await adapter.readers(sent.message_id, group, direct=False)
    world.chats[group].bot = True
    stage.clock.set(stage.clock.now() + timedelta(days=7, seconds=1))
    with pytest.raises(Rejected):
        await adapter.readers(sent.message_id, group, direct=False)
    said = world.add(group, world.person("张三"), "text", {"text": "我的"})
    with pytest.raises(Rejected):
        await adapter.readers(said.id, group, direct=False)


async def test_too_many_readers_are_not_gone_through_without_end(feishu) -> None:
    stage, adapter = feishu
    group = stage.world.group("全员", *(f"同事{n}" for n in range(30)))
    sent = await adapter.deliver(_card("post", group))
    for n in range(30):
        stage.world.reads(stage.world.person(f"同事{n}"))
    before = len(stage.world.calls)
    assert await adapter.readers(sent.message_id, group, direct=False) is None
    assert len(stage.world.calls) == before + 10


async def test_dingtalk_tells_of_cards_in_groups_and_to_one_person(dingtalk) -> None:
    stage, adapter = dingtalk
    assert isinstance(adapter, DingTalkAdapter)
    assert isinstance(adapter, Observant)
    world = stage.world
    names = ("张三", "李四", "王五")
    group = world.group("双十一大促", *names)
    shared = await adapter.deliver(_card("post", group))
    zhang = world.person("张三")
    own = await adapter.deliver(_card("direct", zhang.staff, "k/1"))
    assert await adapter.readers(shared.message_id, group, direct=False) == frozenset()
    assert await adapter.readers(own.message_id, zhang.staff, direct=True) == frozenset()
    for name in names:
        world.reads(world.person(name))
    assert await adapter.readers(shared.message_id, group, direct=False) == {world.person(one).staff for one in names}
    assert await adapter.readers(own.message_id, zhang.staff, direct=True) == {zhang.staff}
    assert "GET /v1.0/robot/oToMessages/readStatus" in world.calls


async def test_dingtalk_says_nothing_of_what_it_has_no_key_for_or_what_is_older_than_a_day(dingtalk) -> None:
    stage, adapter = dingtalk
    world = stage.world
    zhang = world.person("张三")
    own = await adapter.deliver(_card("direct", zhang.staff))
    calls = world.calls_left
    assert await adapter.readers("jd_" + "0" * 40, zhang.staff, direct=True) is None
    assert world.calls_left == calls
    world.missing_scopes.add("qyapi_robot_sendmsg")
    with pytest.raises(DeliveryError):
        await adapter.readers(own.message_id, zhang.staff, direct=True)
    assert not adapter.client.trouble
    world.missing_scopes.clear()
    stage.clock.set(stage.clock.now() + timedelta(days=1, seconds=1))
    with pytest.raises(Rejected):
        await adapter.readers(own.message_id, zhang.staff, direct=True)


async def test_dingtalk_words_are_asked_about_by_their_own_key(dingtalk) -> None:
    stage, adapter = dingtalk
    zhang = stage.world.person("张三")
    sent = await adapter.deliver(Outgoing(1, "k/2", "dingtalk", "direct", zhang.staff, TEXT))
    stage.world.reads(zhang)
    assert await adapter.readers(sent.message_id, zhang.staff, direct=True) == {zhang.staff}


AT = datetime(2026, 9, 21, 13, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


async def _asked(stage: FeishuStage) -> list[str]:
    """What 张三 is told at the end of a question that 王五 has read and 赵六 has not."""
    await stage.start()
    try:
        await stage.open_group("双十一大促", ["张三", "王五", "赵六"], met=True)
        await stage.act(Step(1, "said", "张三", text='@进度助手 /请回复 @王五 @赵六 16:00 "主图尺寸定哪个？"'))
        stage.world.reads(stage.world.person("王五"))
        stage.said.clear()
        await stage.go(AT.replace(hour=16))
        return [line.text for line in stage.said if line.place == "@张三"]
    finally:
        await stage.close()


async def test_who_has_read_is_told_to_who_asked() -> None:
    (told,) = await _asked(FeishuStage(AT))
    assert told.startswith("R1 截止：王五 未回（已读），赵六 未回（未读）。")


async def test_without_the_permission_all_else_is_as_before() -> None:
    stage = FeishuStage(AT)
    stage.world.scopes.discard("message")
    (told,) = await _asked(stage)
    assert told.startswith("R1 截止：王五 未回，赵六 未回。")
    assert not stage.app.vitals.trouble("feishu")


async def test_nobody_is_asked_while_the_month_is_nearly_used_up() -> None:
    stage = FeishuStage(AT)
    stage.app.quota._scarce.add("feishu")
    (told,) = await _asked(stage)
    assert told.startswith("R1 截止：王五 未回，赵六 未回。")
    assert not [path for _, path in stage.world.calls if path.endswith("read_users")]
