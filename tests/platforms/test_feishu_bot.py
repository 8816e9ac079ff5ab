"""The whole bot on Feishu, over the real long connection: from what somebody types to what the group sees."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from adapters.feishu import open as open_feishu
from bot.app import App
from bot.clock import VirtualClock
from storage.database import MEMORY, Database
from tests.activity import going
from tests.platforms.feishu_push import Delivery
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.feishu_world import BOT


class Company:
    """A group with 张三 and 李四, and the bot."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.server = FeishuServer(clock)
        self.world = self.server.world
        self.app = App(Database(MEMORY), clock)

    async def start(self) -> None:
        await self.server.start()
        self.group = self.world.group("双十一大促", "张三", "李四")
        self.zhang, self.li = self.world.person("张三"), self.world.person("李四")
        section = {"app_id": self.world.app_id, "app_secret": self.world.secret, "domain": self.server.url}
        self.adapter = open_feishu(section, self.clock)
        self.adapter._after_press = 0.05
        self.app.add(self.adapter)
        await self.app.start()
        await self.adapter.connection.reached("ready")

    async def stop(self) -> None:
        await self.app.close()
        await self.server.stop()

    async def see(self, delivery: Delivery, words: str, chat: str = "") -> str:
        """Wait until the bot has taken this and says ``words`` in the chat; that message."""
        await delivery.finished.wait()
        assert delivery.state == "acked", delivery
        place = chat or self.group
        await self.in_time(lambda: any(words in shown for shown in self.world.shown(place)))
        return next(shown for shown in reversed(self.world.shown(place)) if words in shown)

    async def in_time(self, condition: Callable[[], bool]) -> None:
        """Let the clock run, quickly, until ``condition`` holds: the courier waits by it."""

        await going(lambda: self.clock.set(self.clock.now() + timedelta(seconds=0.2)), condition)

    def says(self, who: str, text: str, *people: tuple[str, str]) -> Delivery:
        """In the group, to the bot. people: (open_id, name) for @_user_2, @_user_3 …"""
        named = [(BOT, "进度助手"), *people]
        mentions = [
            {"key": f"@_user_{n}", "id": {"open_id": one}, "name": name} for n, (one, name) in enumerate(named, start=1)
        ]
        return self.server.hear(self.group, who, text, mention=True, mentions=mentions)[1]

    def last(self, words: str) -> str:
        """The id of the bot's newest message with these words."""
        return next(
            message.id
            for message in reversed(self.world.messages.values())
            if message.sender == self.world.app_id and words in self.world.words(message)
        )


@pytest.fixture
async def company(still: VirtualClock) -> AsyncIterator[Company]:
    company = Company(still)
    await company.start()
    try:
        yield company
    finally:
        await company.stop()


async def test_the_bot_is_added_a_task_is_made_and_done_by_a_press(company: Company) -> None:
    who: dict[str, Any] = {"operator_id": {"open_id": company.zhang}}
    added = company.server.happen(
        "im.chat.member.bot.added_v1", {"chat_id": company.group, "name": "双十一大促", **who}
    )
    assert "[开始设置]" in await company.see(added, "我是进度助手")
    made = company.says(company.zhang, "任务 写周报 @_user_2 周五", (company.li, "李四"))
    shown = await company.see(made, "✅ T1 写周报")
    assert "李四" in shown
    assert "[完成]" in shown
    card = company.last("✅ T1 写周报")
    press = company.server.press(card, company.li, "完成")
    assert "已完成" in await company.see(press, "已完成")
    assert "完成" in press.answer["toast"]["content"]
    await company.server.until(lambda: company.world.messages[card].edits)
    assert company.world.violations == []
    twice = company.server.again(press)
    await twice.finished.wait()
    assert twice.answer["toast"] == press.answer["toast"]


async def test_the_setup_goes_on_by_presses(company: Company) -> None:
    who: dict[str, Any] = {"operator_id": {"open_id": company.zhang}}
    added = company.server.happen(
        "im.chat.member.bot.added_v1", {"chat_id": company.group, "name": "双十一大促", **who}
    )
    await company.see(added, "我是进度助手")
    started = company.server.press(company.last("我是进度助手"), company.zhang, "开始设置")
    await company.see(started, "① 项目叫什么？")
    assert started.answer["toast"]["content"] == "开始设置，共 3 步。"
    named = company.server.press(company.last("① 项目叫什么？"), company.zhang, "就叫「双十一大促」")
    await company.see(named, "②")
    assert company.world.violations == []


async def test_a_quoted_message_becomes_a_task(company: Company) -> None:
    asked = company.world.add(company.group, company.li, "text", {"text": "把首页文案改一下"})
    mentions = [{"key": "@_user_1", "id": {"open_id": BOT}, "name": "进度助手"}]
    _, delivery = company.server.hear(
        company.group, company.zhang, "转任务 周五", mention=True, mentions=mentions, parent_id=asked.id
    )
    assert "把首页文案改一下" in await company.see(delivery, "✅ T1")


async def test_a_hostile_title_mentions_nobody(company: Company) -> None:
    title = '<at user_id="all"></at> <at id=all></at> {{7*7}} **x**'
    shown = await company.see(company.says(company.zhang, f"任务 {title} 明天"), "T1")
    assert "@所有人" not in shown
    assert "{{7*7}}" in shown


async def test_a_direct_message_is_answered_in_the_direct_chat(company: Company) -> None:
    chat = company.world.direct(company.li)
    _, delivery = company.server.hear(chat, company.li, "我的")
    assert await company.see(delivery, "今天没有到期任务", chat)
    assert company.world.shown(company.group) == []


async def test_a_killed_connection_loses_no_task_and_makes_none_twice(company: Company) -> None:
    for n in range(1, 13):
        company.says(company.zhang, f"任务 第{n}件 明天")
        if n == 6:
            os.kill(company.adapter.connection.pid, 9)
    for delivery in list(company.server.deliveries):
        await delivery.finished.wait()
        assert delivery.state == "acked"
    await company.in_time(lambda: len(_tasks(company)) == 12)
    assert sorted(_tasks(company)) == sorted(f"T{n}" for n in range(1, 13))


def _tasks(company: Company) -> list[str]:
    return [shown.split()[1] for shown in company.world.shown(company.group) if shown.startswith("✅ T")]


async def test_a_report_whose_recall_names_nobody_is_taken_back_all_the_same(company: Company) -> None:
    """Feishu does not say who recalled; after a restart, and without the permission to ask, the report knows."""
    await company.see(company.says(company.zhang, "/成员 加 @_user_2", (company.li, "李四")), "✅ 参与")
    said = company.says(company.li, "/日报 今日：报价写错了 明日：重写 阻塞：无")
    await company.see(said, "✅ 已收 李四")
    message = said.event["event"]["message"]["message_id"]
    company.world.messages[message].recalled = True
    company.world.scopes.discard("message")
    company.adapter.directory._writers.clear()
    recalled = company.server.happen("im.message.recalled_v1", {"chat_id": company.group, "message_id": message})
    await company.see(recalled, "你撤回了", company.world.direct(company.li))
    nothing = company.server.happen("im.message.recalled_v1", {"chat_id": company.group, "message_id": "om_other"})
    await nothing.finished.wait()
    assert nothing.state == "acked"


async def test_a_leave_approved_in_feishu_is_one_here_until_it_is_withdrawn(company: Company) -> None:
    await company.see(company.says(company.zhang, "/成员 加 @_user_2", (company.li, "李四")), "参与")
    leave = {
        "instance_code": "A-1", "open_id": company.li, "leave_start_time": "2026-09-21 12:00:00",
        "leave_end_time": "2026-09-23 00:00:00", "leave_type": "事假", "leave_unit": 2, "leave_reason": "家里有事",
    }  # fmt: skip
    for _ in range(2):
        delivery = company.server.happen_before("leave_approval", leave)
        await delivery.finished.wait()
        assert delivery.state == "acked"
    listed = await company.see(company.says(company.zhang, "/请假"), "9-21（周一）")
    assert "9-21（周一）下午、9-22（周二）" in listed
    assert "家里有事" not in listed
    await company.server.happen_before("leave_approval_revert", {"instance_code": "A-1"}).finished.wait()
    assert "近 30 天没人休假" in await company.see(company.says(company.zhang, "/请假"), "没人休假")
    assert company.world.violations == []
