"""The whole bot on WeCom: from what somebody types to what the group sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from adapters.wecom import WeComAdapter
from adapters.wecom import open as open_wecom
from bot.app import App
from bot.clock import VirtualClock
from chat.cards import text_card
from chat.text import say
from storage.books import Books
from storage.database import MEMORY, Database
from storage.transaction import Tx
from tests.platforms.wecom_office import QUICK
from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom


class Company:
    def __init__(self, fake: FakeWeCom, app: App, adapter: WeComAdapter) -> None:
        self.fake = fake
        self.app = app
        self.adapter = adapter

    async def says(self, user: str, text: str, chat: str = GROUP) -> list[str]:
        """What the chat shows that it did not show before."""
        place = chat or user
        before = len(self.fake.views(place))
        self.fake.says(user, text, chat)
        await self.fake.until(lambda: len(self.fake.views(place)) > before)
        await self.fake.pinged()
        return self.fake.views(place, user)[before:]


@pytest.fixture
async def company() -> AsyncIterator[Company]:
    clock = VirtualClock(datetime(2026, 9, 18, 6, 0, tzinfo=UTC))
    fake = FakeWeCom(now=lambda: clock.now().timestamp())
    await fake.start()
    app = App(Database(MEMORY), clock)
    adapter = open_wecom({"bot_id": BOT, "secret": SECRET, "ws_url": fake.url}, clock, timing=QUICK)
    app.add(adapter)
    await app.start()
    await fake.until(adapter.connection.ready.is_set)
    try:
        yield Company(fake, app, adapter)
    finally:
        await app.close()
        await fake.stop()


async def test_a_task_is_made_taken_and_done_by_presses(company: Company) -> None:
    shown = await company.says("zhangsan", "/任务 写周报 周五18:00 !高")
    assert shown[0].startswith("✅ T1 写周报｜负责人 待指派\n截止 2026-09-18（周五·今天）18:00｜优先级 高\n[")
    for label in ("我来做", "完成"):
        task, card = next((name, one.body) for name, one in company.fake.cards.items() if label in one.words())
        key = next(button["key"] for button in card["button_list"] if button["text"] == label)
        before = len(company.fake.updates)
        company.fake.clicks("zhangsan", task, key)
        await company.fake.until(lambda before=before: len(company.fake.updates) > before)  # type: ignore[misc]
    assert not any("[完成]" in view for view in company.fake.views(GROUP, "zhangsan"))
    assert not company.fake.advisory


async def test_the_same_message_twice_is_one_task_and_one_answer(company: Company) -> None:
    await company.says("zhangsan", "/任务 写周报")
    msgid = next(iter(company.fake.told))
    company.fake.again(msgid)
    shown = await company.says("zhangsan", "/我的")
    assert sum("T1" in line for line in company.fake.views(GROUP)[:1]) == 1
    assert len(shown) == 1


async def test_words_nobody_understands_get_an_answer_and_a_stranger_button_too(company: Company) -> None:
    await company.says("zhangsan", "/任务 写周报")
    task = next(iter(company.fake.cards))
    company.fake.clicks("lisi", task, '["nothing",["T1"],0]')
    await company.fake.until(lambda: company.fake.updates)
    assert "这个按钮已失效" in company.fake.views(GROUP, "lisi")[0]
    assert "这个按钮已失效" not in company.fake.views(GROUP, "zhangsan")[0]


async def test_a_parked_digest_is_the_first_thing_said_when_somebody_speaks(company: Company) -> None:
    def post(tx: Tx) -> None:
        books = Books(tx, "test:1", company.app.clock.now())
        books.outbox.post("wecom", GROUP, text_card(say("日汇总", "Digest")))

    await company.app.writer.submit(post)
    await company.fake.until(lambda: company.adapter.chats.at(GROUP).push == "asleep")
    assert company.fake.views(GROUP) == []
    company.fake.says("zhangsan", "/任务 写周报", GROUP)
    await company.fake.until(lambda: len(company.fake.views(GROUP)) >= 2)
    assert company.fake.views(GROUP)[0] == "日汇总"


async def test_hostile_titles_are_titles(company: Company) -> None:
    shown = await company.says("zhangsan", "/任务 {{7*7}} ${jndi:x} <at id=all></at> @所有人")
    assert "{{7*7}} ${jndi:x} <at id=all></at> @所有人" in shown[0]
