"""J11 #8, #9, #11, #12 on the fakes: removed without a word, back again, a gap in the link, taken over by another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.dingtalk.adapter import open as open_dingtalk
from adapters.gaps import Gaps as Watch
from adapters.wecom import open as open_wecom
from bot import links
from bot.app import App
from bot.clock import VirtualClock
from bot.gaps import EVERY, Gaps
from chat.cards import text_card
from chat.messages import Outgoing, Sent
from chat.ports import Capabilities, Forgetful, Intake
from chat.text import Text, say
from storage.books import Books
from storage.database import MEMORY, Database
from storage.identities import Identities
from storage.transaction import Tx
from tests.activity import going
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.wecom_office import QUICK
from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom

PATIENT = replace(QUICK, kicked_pause=60.0)
Done = Callable[[], bool]


class Company:
    """张三's group on both fakes, and a third platform where nothing goes wrong."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.dingtalk = DingTalkServer(clock)
        self.wecom = FakeWeCom(now=lambda: clock.now().timestamp())
        self.app = App(Database(MEMORY), clock)
        self.mine = Mine()
        self.told: list[str] = []

    async def start(self) -> None:
        world = self.dingtalk.world
        self.zhang, self.group = world.person("张三"), world.group("双十一大促", "张三")
        await self.dingtalk.start()
        await self.wecom.start()
        keys = {"client_id": world.client_id, "client_secret": world.secret}
        bases = {"api_base": self.dingtalk.url, "oapi_base": self.dingtalk.url}
        self.ding = open_dingtalk(keys | bases, self.clock)
        self.we = open_wecom({"bot_id": BOT, "secret": SECRET, "ws_url": self.wecom.url}, self.clock, timing=PATIENT)
        for adapter in (self.ding, self.we, self.mine):
            self.app.add(adapter)
        await self.app.start()
        await self.ding.connection.reached("ready")
        await self.wecom.connected()

    async def stop(self) -> None:
        await self.app.close()
        await self.dingtalk.stop()
        await self.wecom.stop()

    async def until(self, done: Done) -> None:
        """The clock runs, quickly: the courier waits by it."""
        await going(lambda: self.clock.set(self.clock.now() + timedelta(seconds=0.2)), done, 20)

    async def says(self, text: str) -> None:
        _, delivery = self.dingtalk.hear(self.zhang, text, self.group)
        await delivery.finished.wait()
        await self.app.idle()

    async def joins(self, platform: str, external: str) -> None:
        """张三 is on the third platform, too."""

        def work(tx: Tx) -> None:
            books = Books(tx, f"join:{platform}", self.clock.now())
            person, twin = books.people.meet(platform, external, "张三"), books.people.meet("mine", "z1", "张三")
            if person.id != twin.id:
                Identities(tx, books.people).join("mine", "z1", twin.id, person.id)
            books.people.talked("mine", "z1")

        await self.app.writer.submit(work)


class Mine:
    """A platform without a link, whose direct messages are looked at."""

    name = "mine"
    can = Capabilities()

    def __init__(self) -> None:
        self.words: list[str] = []

    async def listen(self, intake: Intake) -> None:
        await asyncio.Event().wait()

    async def deliver(self, parcel: Outgoing) -> Sent:
        self.words.append(parcel.card.blocks[0].text.plain(parcel.locale))  # type: ignore[union-attr]
        return Sent(f"m{len(self.words)}")

    async def close(self) -> None:
        pass


@pytest.fixture
async def company(still: VirtualClock) -> AsyncIterator[Company]:
    company = Company(still)
    await company.start()
    yield company
    await company.stop()


async def test_dingtalk_not_in_the_group_any_more_and_back_again(company: Company) -> None:
    """#8: the first refusal is the news; no second try. #9: whoever @s it there brings it back."""
    await company.says("日报 设置 17:30 收 18:30 截止")
    company.dingtalk.world.removed_from.add(company.group)
    company.ding.directory.over(company.group)
    await company.says("任务 写周报")
    lost = "我被移出「双十一大促」，已暂停 3 个定时。数据保留。"
    world = company.dingtalk.world
    await company.until(lambda: lost in world.shown(company.zhang.staff))
    calls = len(world.calls)
    company.clock.set(company.clock.now() + timedelta(days=1))
    await company.app.alarm.sweep()
    await company.app.idle()
    assert len(world.calls) == calls, "nothing is sent there any more"
    world.removed_from.clear()
    await company.says("我的")
    await company.until(lambda: any("我回来了。停用期间漏 1 次日报。" in one for one in world.shown(company.group)))


async def test_wecom_does_not_know_the_group_any_more(company: Company) -> None:
    company.wecom.says("lisi", "/日报 设置 17:30 收 18:30 截止", GROUP)
    await company.until(lambda: any("17:30" in one for one in company.wecom.views(GROUP)))
    company.wecom.says("lisi", "你好")
    await company.until(lambda: bool(company.wecom.views("lisi")))
    company.wecom.groups.discard(GROUP)
    company.wecom.close()
    await company.until(lambda: company.we.state == "ready" and company.we.connection.epoch > 1)

    def prompt(tx: Tx) -> None:
        books = Books(tx, "prompt", company.clock.now())
        books.outbox.post("wecom", GROUP, text_card(say("日报", "report")))

    await company.app.writer.submit(prompt)
    await company.until(lambda: any("我被移出" in one for one in company.wecom.views("lisi")))
    assert any("已暂停 3 个定时。数据保留。" in one for one in company.wecom.views("lisi"))
    frames = len(company.wecom.frames)
    company.clock.set(company.clock.now() + timedelta(days=3))
    await company.app.alarm.sweep()
    await company.app.idle()
    assert all(frame["cmd"] == "ping" for frame in company.wecom.frames[frames:]), "nothing is sent any more"


async def test_a_group_that_wecom_does_not_let_us_write_to_is_in_the_check_up(company: Company) -> None:
    company.wecom.says("lisi", "/我的", GROUP)
    await company.until(lambda: bool(company.wecom.views(GROUP)))
    company.wecom.says("lisi", "你好")
    await company.until(lambda: bool(company.wecom.views("lisi")))
    company.wecom.awake.discard(GROUP)
    company.wecom.reset()
    await company.until(lambda: company.we.state == "ready" and company.we.connection.epoch > 1)

    def prompt(tx: Tx) -> None:
        books = Books(tx, "prompt", company.clock.now())
        books.outbox.post("wecom", GROUP, text_card(say("日报", "report")))

    await company.app.writer.submit(prompt)
    await company.until(lambda: GROUP in company.we.asleep)
    company.wecom.says("lisi", "/体检")
    await company.until(
        lambda: any("! 这个群还不能主动推送：请任意成员 @我 一次" in one for one in company.wecom.views("lisi"))
    )
    company.wecom.says("lisi", "/我的", GROUP)
    await company.until(lambda: not company.we.asleep)


async def test_a_gap_in_the_link_is_told_once_an_hour(company: Company) -> None:
    """#11, for platforms that do not send again what was said meanwhile."""
    await company.says("我的")
    await company.joins("dingtalk", company.zhang.staff)
    gaps = Gaps(company.app)
    await gaps.look()
    at = company.clock.now()
    watch = company.ding._gaps
    for _ in range(2):
        watch.entered("reconnecting")
        company.clock.set(company.clock.now() + timedelta(seconds=3))
        watch.entered("ready")
        await gaps.look()
        await company.app.idle()
    first = f"{_local(at)}–{_local(at + timedelta(seconds=3))}"
    assert company.mine.words == [f"钉钉：{first} 连接切换，可能漏收，请让相关人重发"]
    company.clock.set(company.clock.now() + EVERY)
    await gaps.look()
    await company.app.idle()
    assert len(company.mine.words) == 2


def _local(at: Any) -> str:
    return f"{at + timedelta(hours=8):%H:%M:%S}"


def test_what_a_gap_is(still: VirtualClock) -> None:
    gaps = Watch(still)
    for state in ("connecting", "reconnecting", "ready", "stopped", "connecting", "ready"):
        gaps.entered(state)
    assert gaps.take() == [], "never up before, or stopped on purpose"
    start = still.now()
    for state in ("reconnecting", "connecting", "reconnecting"):
        gaps.entered(state)
        still.set(still.now() + timedelta(seconds=1))
    gaps.entered("ready")
    assert gaps.take() == [(start, start + timedelta(seconds=3))]
    assert gaps.take() == []


async def test_a_link_that_is_killed_leaves_a_gap(company: Company) -> None:
    assert isinstance(company.ding, Forgetful)
    assert isinstance(company.we, Forgetful)
    company.dingtalk.drop()
    company.wecom.reset()
    await company.ding.connection.reached("reconnecting")
    company.clock.set(company.clock.now() + timedelta(seconds=4))
    await company.ding.connection.reached("ready")
    await company.wecom.connected()
    await company.until(lambda: company.we.state == "ready")
    assert len(company.ding.take_gaps()) == 1
    assert len(company.we.take_gaps()) == 1


async def test_taken_over_by_another_program_the_admin_hears_it_elsewhere(company: Company) -> None:
    """#12: no fight for the connection, one alarm."""
    company.wecom.says("lisi", "/我的", GROUP)
    await company.until(lambda: bool(company.wecom.views(GROUP)))
    await company.joins("wecom", "lisi")
    company.wecom.kick()
    await company.until(lambda: company.we.state == "kicked")

    def tell(text: Text) -> None:
        company.told.append(text.plain())

    watching = asyncio.create_task(links.watched(company.app, tell))
    await company.until(lambda: any("另一个程序正在用这个机器人" in one for one in company.mine.words))
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert any("企业微信：另一个程序正在用这个机器人，我已停止重连" in one for one in company.told)
    assert sum("另一个程序" in one for one in company.mine.words) == 1
