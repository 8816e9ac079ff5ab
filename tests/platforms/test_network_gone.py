"""No DNS, or a certificate nobody vouches for, on the way of each long connection: named, tried again, healed.

The platforms' own clients run, in their processes, against the fakes behind a name and behind TLS.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.dingtalk.client import Client as DingTalkClient
from adapters.dingtalk.config import read as read_dingtalk
from adapters.dingtalk.connection import StreamConnection
from adapters.feishu.adapter import FeishuAdapter, LongConnection
from adapters.feishu.client import Client as FeishuClient
from adapters.feishu.config import read as read_feishu
from adapters.link import Limits
from adapters.wecom import open as open_wecom
from bot import status
from bot.app import App
from bot.clock import VirtualClock
from bot.examiner import MINUTE, Examiner
from commands import conditions
from storage.database import MEMORY, Database
from tests.activity import until
from tests.contract.platform import Ledger
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.network import Front, Names
from tests.platforms.wecom_office import QUICK
from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom

NOON = datetime(2026, 9, 18, 2, tzinfo=UTC)
LIMITS = Limits(silence=8, connect=15, first_pause=0.1, longest_pause=0.4, stop=0.3)
NAME = "platform.test"
UNNAMED = ("dnserror", "nameresolutionerror")
"""What aiohttp and requests call it."""
UNKNOWN = "查不到 platform.test 的地址：检查 DNS 和网络"
UNTRUSTED = (
    "platform.test 的证书没通过：检查系统时钟和网络（公司网关会换证书）；要信任自己的 CA，用环境变量 SSL_CERT_FILE"
)


class Line:
    """One platform: its fake, the adapter that reaches it by name, and what the bot has heard."""

    def __init__(self, adapter: Any, fake: Any, clock: VirtualClock) -> None:
        self.adapter, self.fake, self.clock = adapter, fake, clock
        self.ledger = Ledger([])
        self._listening: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        return str(self.adapter.state)

    @property
    def why(self) -> str:
        return str(self.adapter.connection.why)

    def listen(self) -> None:
        self._listening = asyncio.create_task(self.adapter.listen(self.ledger))

    async def ready(self) -> None:
        await until(lambda: self.state == "ready", 40)

    def cut(self) -> None:
        if isinstance(self.fake, FakeWeCom):
            self.fake.reset()
        else:
            self.fake.drop()

    async def lost(self, *signs: str) -> None:
        """Cut off until it cannot come back, for a reason that shows one of these signs.

        What aiohttp looked up it knows for ten seconds.
        """

        def told() -> bool:
            if self.state == "ready":
                self.cut()
            return self.state in ("connecting", "reconnecting") and any(sign in self.why.lower() for sign in signs)

        await until(told, 40)

    async def complaint(self) -> str:
        return "\n".join(one.text.plain() for one in await self.adapter.examine() if one.mark != "✓")

    async def is_heard(self) -> None:
        """Somebody says something: now, or it comes when it can."""
        if isinstance(self.fake, FakeWeCom):
            key = f"wecom:{self.fake.says('zhangsan', '在吗', GROUP)}"
        elif isinstance(self.fake, FeishuServer):
            group = self.fake.world.group("双十一", "张三")
            key = f"feishu:{self.fake.hear(group, self.fake.world.person('张三'), '在吗', mention=True)[0]}"
        else:
            group = self.fake.world.group("双十一", "张三")
            key = f"dingtalk:{self.fake.hear(self.fake.world.person('张三'), '在吗', group)[0]}"
        await until(lambda: key in [thing.key for thing in self.ledger.things], 30)

    async def stop(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self.adapter.close()


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Names:
    return Names(tmp_path, monkeypatch)


@pytest.fixture
def front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Front:
    return Front(tmp_path, monkeypatch)


@pytest.fixture(params=["feishu", "dingtalk", "wecom"])
async def line(request: pytest.FixtureRequest, names: Names, front: Front) -> AsyncIterator[Line]:
    clock = VirtualClock(NOON)
    fake: Any
    if request.param == "wecom":
        fake = FakeWeCom(now=lambda: clock.now().timestamp())
    else:
        fake = FeishuServer(clock) if request.param == "feishu" else DingTalkServer(clock, ack_within=5.0)
    await fake.start()
    port = await front.start(int(fake.url.rpartition(":")[2]))
    fake.url = f"https://{NAME}:{port}"
    line = Line(_opened(fake, clock), fake, clock)
    yield line
    await line.stop()
    await front.stop()
    await fake.stop()


def _opened(fake: Any, clock: VirtualClock) -> Any:
    if isinstance(fake, FakeWeCom):
        section = {"bot_id": BOT, "secret": SECRET, "ws_url": fake.url.replace("https", "wss")}
        return open_wecom(section, clock, timing=replace(QUICK, longest_pause=0.4))
    if isinstance(fake, FeishuServer):
        world = fake.world
        settings = read_feishu({"app_id": world.app_id, "app_secret": world.secret, "domain": fake.url})
        link = LongConnection(settings, extra={"beat": 0.2, "interval": 0.3}, limits=LIMITS)
        return FeishuAdapter(FeishuClient(settings, clock, total=5), link, clock, after_press=0)
    keys = {"client_id": fake.world.client_id, "client_secret": fake.world.secret}
    config = read_dingtalk({**keys, "api_base": fake.url, "oapi_base": fake.url})
    stream = StreamConnection(config, limits=LIMITS, extra={"beat": 0.2})
    return DingTalkAdapter(config, DingTalkClient(config, clock), stream, clock, after_press=0)


@pytest.mark.timeout(180)
async def test_a_name_that_is_not_known_at_the_start(line: Line, names: Names) -> None:
    names.gone()
    line.listen()
    await line.lost("")
    await until(lambda: names.questions >= 3, 40)
    await line.lost(*UNNAMED)
    assert UNKNOWN in await line.complaint()
    names.back()
    await line.ready()
    await line.is_heard()
    assert UNKNOWN not in await line.complaint()


@pytest.mark.timeout(180)
async def test_a_name_that_is_not_known_any_more(line: Line, names: Names) -> None:
    line.listen()
    await line.ready()
    names.gone()
    await line.lost(*UNNAMED)
    assert UNKNOWN in await line.complaint()
    names.back()
    await line.ready()
    await line.is_heard()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("manner", ["stranger", "no tls"])
async def test_a_peer_that_cannot_show_who_it_is(line: Line, front: Front, manner: Any) -> None:
    line.listen()
    await line.ready()
    front.manner = manner
    await line.lost("ssl", "certificate")
    refused = front.refused
    assert refused >= 1
    assert UNTRUSTED in await line.complaint()
    await until(lambda: front.refused > refused, 40)
    front.manner = "good"
    await line.ready()
    await line.is_heard()


@pytest.mark.timeout(180)
async def test_a_bot_at_work_says_why_and_takes_it_back(line: Line, names: Names, tmp_path: Path) -> None:
    """In ``/体检`` on this platform and elsewhere, and in ``jindu doctor`` beside the bot, a minute later."""
    clock, name = line.clock, line.adapter.name
    app = App(Database(MEMORY), clock)
    app.add(line.adapter, vital=False)
    examiner = Examiner(app, tmp_path)

    async def look() -> str:
        clock.set(clock.now() + MINUTE)
        await examiner.look()
        if examiner._under_way is not None:
            await examiner._under_way
        await examiner.look()
        noted = status.read(tmp_path)
        assert noted is not None
        return "\n".join(
            f"{one.mark} {one.text.plain()}" for one in conditions.connection(noted.platforms[name], pressed=True)
        )

    names.gone()
    await app.start()
    await line.lost(*UNNAMED)
    await look()
    assert await look() == f"✗ {UNKNOWN}"
    assert [trouble.plain() for _, trouble in app.vitals.look("another").elsewhere] == [UNKNOWN]
    names.back()
    await line.ready()
    assert (await look()).startswith("✓ 连接")
    assert app.vitals.look("another").elsewhere == ()
    await app.close()
