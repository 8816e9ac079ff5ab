"""The whole bot on DingTalk, over the real Stream connection: from what somebody types to what the group sees."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from adapters.dingtalk.adapter import open as open_dingtalk
from bot.app import App
from bot.clock import VirtualClock
from chat.errors import Exhausted
from storage.database import MEMORY, Database
from tests.activity import going
from tests.platforms import dingtalk_rules as rules
from tests.platforms.dingtalk_people import Delivery
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.dingtalk_world import Person


class Company:
    """A group with 张三 and 李四, and the bot."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.server = DingTalkServer(clock, ack_within=5)
        self.world = self.server.world
        self.app = App(Database(MEMORY), clock)

    async def start(self) -> None:
        await self.server.start()
        self.group = self.world.group("双十一大促", "张三", "李四")
        self.zhang, self.li = self.world.person("张三"), self.world.person("李四")
        bases = {"api_base": self.server.url, "oapi_base": self.server.url}
        section = {"client_id": self.world.client_id, "client_secret": self.world.secret, **bases}
        self.adapter = open_dingtalk(section, self.clock)
        self.adapter._after_press = 0.02
        self.app.add(self.adapter)
        await self.app.start()
        await self.adapter.connection.reached("ready")

    async def stop(self) -> None:
        await self.app.close()
        await self.server.stop()

    async def see(self, delivery: Delivery, words: str, chat: str = "", reader: str = "") -> str:
        """Wait until the bot has taken this and says ``words`` in the chat; that message."""
        await delivery.finished.wait()
        assert delivery.state == "acked", delivery
        place = chat or self.group
        await self.in_time(lambda: any(words in shown for shown in self.world.shown(place, reader)))
        return next(shown for shown in reversed(self.world.shown(place, reader)) if words in shown)

    async def in_time(self, condition: Callable[[], bool]) -> None:
        """Let the clock run, quickly, until ``condition`` holds: the courier waits by it."""

        await going(lambda: self.clock.set(self.clock.now() + timedelta(seconds=0.2)), condition)

    def says(self, who: Person, text: str, *at: Person) -> Delivery:
        """In the group, to the bot."""
        return self.server.hear(who, text, self.group, at=list(at))[1]

    def card(self, words: str) -> str:
        """The outTrackId of the newest card with these words."""
        return next(t for t, card in reversed(self.world.cards.items()) if words in rules.card_words(card.params))


@pytest.fixture
async def company(still: VirtualClock) -> AsyncIterator[Company]:
    company = Company(still)
    await company.start()
    try:
        yield company
    finally:
        await company.stop()


async def test_a_task_is_made_and_done_by_a_press(company: Company) -> None:
    shown = await company.see(company.says(company.zhang, "任务 写周报 @李四 周五", company.li), "✅ T1 写周报")
    assert "李四" in shown
    assert "[完成]" in shown
    card = company.card("✅ T1 写周报")
    press = company.server.press(company.li, card, "完成")
    await press.finished.wait()
    assert "完成" in press.answer["response"]["cardData"]["cardParamMap"]["tips"]
    await company.in_time(lambda: "[完成]" not in company.world.shown(company.group)[0])
    twice = company.server.again(press)
    await twice.finished.wait()
    assert twice.answer == press.answer


async def test_dingtalk_may_cut_names_out_of_the_words(company: Company) -> None:
    shown = await company.see(company.says(company.zhang, "任务 写周报  周五", company.li), "✅ T1 写周报")
    assert "李四" in shown


async def test_without_the_card_permission_the_same_works_by_links(company: Company) -> None:
    company.world.missing_scopes.add("Card.Instance.Write")
    await company.see(company.says(company.zhang, "任务 写周报 @李四 周五", company.li), "✅ T1 写周报")
    body = company.world.messages[-1].raw
    links = rules.links((body.get("markdown") or body["sampleMarkdown"])["text"])
    await company.see(company.says(company.li, links["完成"]), "完成")


async def test_a_hostile_title_mentions_nobody(company: Company) -> None:
    title = '<at user_id="all"></at> [x](dtmd://dingtalkclient/sendMessage?content=y) {{7*7}} **x** @所有人'
    shown = await company.see(company.says(company.zhang, f"任务 {title} 明天"), "T1")
    assert "{{7*7}} **x**" in shown
    assert all("@ALL" not in message.at for message in company.world.messages)


async def test_a_direct_message_is_answered_in_the_direct_chat(company: Company) -> None:
    _, delivery = company.server.hear(company.li, "我的")
    assert await company.see(delivery, "今天没有到期任务", company.li.staff)
    assert company.world.shown(company.group) == []


async def test_a_killed_process_loses_no_task_and_makes_none_twice(company: Company) -> None:
    for n in range(1, 13):
        company.says(company.zhang, f"任务 第{n}件 明天")
        if n == 6:
            os.kill(company.adapter.connection.pid, 9)
    for delivery in list(company.server.deliveries):
        await delivery.finished.wait()
        assert delivery.state == "acked"
    await company.in_time(lambda: len(_tasks(company)) == 12)
    assert sorted(_tasks(company)) == sorted(f"T{n}" for n in range(1, 13))


async def test_the_quota_callback_breaks_nothing(company: Company) -> None:
    _, delivery = company.server.says(company.zhang, company.group, errorCode=20001, errorMessage="超量")
    await delivery.finished.wait()
    assert delivery.state == "acked"
    assert company.adapter.counts["quota_exhausted"] == 1
    lost = "本月额度已用完，刚才那条的内容没有送到我这里。已告诉管理员，急事请直接找人。"
    await company.in_time(lambda: company.world.shown(company.group) == [lost])
    assert company.adapter.exhausted
    company.server.says(company.zhang, company.group, errorCode=20001, errorMessage="超量")
    await company.see(company.says(company.zhang, "任务 写周报"), "T1")
    assert not company.adapter.exhausted
    assert company.world.shown(company.group).count(lost) == 1, "once an hour"


async def test_the_month_of_dingtalk_is_counted_and_used_up(company: Company) -> None:
    await company.see(company.says(company.zhang, "任务 写周报"), "T1")
    await company.app.idle()
    usages = {one.kind: (one.used, one.limit) for one in company.app.quota.usages["dingtalk"]}
    assert usages["pushes"] == (1, 3000), "one message heard"
    assert usages["calls"][0] > 0
    company.world.calls_left = 0
    with pytest.raises(Exhausted):
        await company.adapter.client.redraw("x", {"title": "x"})
    assert company.adapter.exhausted
    await company.app.idle()
    found = [one for one in company.app.vitals.findings("dingtalk") if one.topic == "quota" and one.mark == "✗"]
    assert "本月额度已用完" in found[0].text.plain()
    company.world.calls_left = 1000
    await company.see(company.says(company.zhang, "任务 写月报"), "T2")
    assert not company.adapter.exhausted


def _tasks(company: Company) -> list[str]:
    return [shown.split()[1] for shown in company.world.shown(company.group) if shown.startswith("✅ T")]
