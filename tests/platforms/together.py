"""Three fakes and a bot on all of them and in its room, in one process."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.room.adapter import RoomAdapter
from adapters.room.model import Room
from bot import links
from bot.app import App, Travel
from bot.clock import SystemClock, VirtualClock
from bot.config import Config, load
from chat.text import Text
from storage.database import MEMORY, Database
from tests.activity import going
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.wecom_rules import Window
from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom

START = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)


class World:
    """Three fakes and a bot on all of them and in the room. 张三 is on each."""

    def __init__(self, clock: VirtualClock | SystemClock, folder: Path) -> None:
        self.clock = clock
        self.folder = folder
        self.feishu, self.dingtalk = FeishuServer(clock), DingTalkServer(clock)
        self.wecom = FakeWeCom(now=lambda: clock.now().timestamp())
        self.feishu.world.hurried = self.dingtalk.world.hurried = True
        self.wecom.chat_limit = Window(self.wecom.now, (10_000, 60.0))
        self.on_feishu = self.feishu.world.group("飞书群", "张三")
        self.on_dingtalk = self.dingtalk.world.group("钉钉群", "张三")
        self.app = App(Database(MEMORY), clock)
        self.room = Room(clock)
        self.said: list[str] = []

    async def start(self, feishu_secret: str = "") -> None:
        for fake in (self.feishu, self.dingtalk, self.wecom):
            await fake.start()
        links.connect(self.config(feishu_secret or self.feishu.world.secret), self.app, self.tell)
        self.app.add(RoomAdapter(self.room))
        await self.app.start()

    def config(self, feishu_secret: str) -> Config:
        path = self.folder / "config.toml"
        sections = {
            "feishu": {"app_id": self.feishu.world.app_id, "app_secret": feishu_secret, "domain": self.feishu.url},
            "dingtalk": {
                "client_id": self.dingtalk.world.client_id, "client_secret": self.dingtalk.world.secret,
                "api_base": self.dingtalk.url, "oapi_base": self.dingtalk.url,
            },
            "wecom": {"bot_id": BOT, "secret": SECRET, "ws_url": self.wecom.url},
        }  # fmt: skip
        lines = [
            f"[adapters.{name}]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
            for name, values in sections.items()
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
        return load(path)

    def tell(self, text: Text) -> None:
        self.said.append(text.render())

    async def stop(self) -> None:
        await self.app.close()
        for fake in (self.feishu, self.dingtalk, self.wecom):
            await fake.stop()

    async def until(self, condition: Callable[[], object]) -> None:
        """A clock that would stand still goes a little: the courier paces itself by it."""

        def step() -> None:
            if isinstance(self.clock, VirtualClock):
                self.clock.set(self.clock.now() + timedelta(seconds=0.1))

        await going(step, condition, 20)

    async def linked(self, *names: str) -> None:
        await self.until(lambda: all(self.app.vitals.links[name].state == "ready" for name in names))

    # --- what people do, and see ---------------------------------------------------------------------------------

    def on_feishu_says(self, text: str, who: str = "张三") -> None:
        self.feishu.hear(self.on_feishu, self.feishu.world.person(who), text, mention=True)

    def on_dingtalk_says(self, text: str, who: str = "张三", chat: bool = True) -> None:
        self.dingtalk.hear(self.dingtalk.world.person(who), text, self.on_dingtalk if chat else "")

    def on_wecom_says(self, text: str, who: str = "张三") -> None:
        self.wecom.says(who, text, GROUP)

    def everywhere(self) -> dict[str, str]:
        return {
            "feishu": "\n".join(self.feishu.world.shown(self.on_feishu)),
            "dingtalk": "\n".join(self.dingtalk.world.shown(self.on_dingtalk)),
            "wecom": "\n".join(self.wecom.views(GROUP)),
        }

    async def seen(self, words: str, *platforms: str) -> None:
        wanted = platforms or ("feishu", "dingtalk", "wecom")
        await self.until(lambda: all(words in self.everywhere()[name] for name in wanted))

    async def share(self) -> None:
        """张三's group on Feishu gives a code; the groups on DingTalk and WeCom join with it."""
        for join, name in ((self.on_dingtalk_says, "dingtalk"), (self.on_wecom_says, "wecom")):
            join(f"/项目 绑定 {await self.code()}")
            await self.seen("✅ 本群加入", name)

    async def code(self) -> str:
        """A new one. The greeting may come before it."""
        before = len(self.feishu.world.shown(self.on_feishu))

        def said() -> list[str]:
            return re.findall(r"/项目 绑定 (\d{6})", "\n".join(self.feishu.world.shown(self.on_feishu)[before:]))

        self.on_feishu_says("/项目 绑定")
        await self.until(said)
        return said()[0]

    async def at(self, hour: int, minute: int) -> None:
        """It is so late in Shanghai on the first day."""
        assert isinstance(self.clock, VirtualClock)
        at = START.replace(hour=hour - 8, minute=minute)
        await Travel(self.app, self.clock).to(at)
