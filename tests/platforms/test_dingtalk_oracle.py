"""The fake is judged by the real dingtalk-stream client: gateway, frames, parsers, webhook, cards, tokens."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import VirtualClock
from tests.platforms.dingtalk_server import DingTalkServer

STOCK = Path(__file__).with_name("dingtalk_stock.py")


class Oracle:
    """The stock client in its process, and the fake."""

    def __init__(self) -> None:
        self.server = DingTalkServer(VirtualClock(datetime.now(UTC)), ack_within=2.0)
        self.group = self.server.world.group("双十一", "张三")
        self.zhang = self.server.world.person("张三")

    async def start(self) -> None:
        await self.server.start()
        environment = {**os.environ, "DINGTALK_OPENAPI_ENDPOINT": self.server.url, "NO_PROXY": "127.0.0.1,localhost"}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(STOCK), self.server.world.client_id, env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdin is not None
        self._process.stdin.write(self.server.world.secret.encode() + b"\n")
        await self.server.until(lambda: self.server.links)

    async def stop(self) -> None:
        self._process.kill()
        await self._process.wait()
        await self.server.stop()

    async def told(self, what: str) -> dict[str, Any]:
        """The next line, which has to be about this."""
        assert self._process.stdout is not None
        async with asyncio.timeout(15):
            said = json.loads(await self._process.stdout.readline())
        assert said["what"] == what
        return dict(said)


@pytest.fixture
async def oracle() -> AsyncIterator[Oracle]:
    oracle = Oracle()
    await oracle.start()
    yield oracle
    await oracle.stop()


async def test_the_real_client_understands_messages_and_answers_them(oracle: Oracle) -> None:
    server = oracle.server
    for words, shown in (("文字", "好的"), ("格式", "好的")):
        message, delivery = server.hear(oracle.zhang, words, oracle.group)
        told = await oracle.told("message")
        assert (told["id"], told["nick"], told["at"]) == (message, "张三", True)
        assert (await oracle.told("replied"))["answer"]["errcode"] == 0
        await delivery.finished.wait()
        assert delivery.state == "acked"
        assert shown in server.world.shown(oracle.group)[-1]
    _, delivery = server.says(
        oracle.zhang, oracle.group, msgtype="richText", content={"richText": [{"text": "一"}, {"text": "二"}]}
    )
    assert (await oracle.told("message"))["text"] == ["一", "二"]
    await delivery.finished.wait()


async def test_the_real_client_sends_a_card_hears_its_press_and_changes_it(oracle: Oracle) -> None:
    server = oracle.server
    _, delivery = server.hear(oracle.zhang, "卡片", oracle.group)
    await oracle.told("message")
    card = (await oracle.told("card"))["id"]
    await delivery.finished.wait()
    assert server.world.shown(oracle.group) == ["审批\n要同意吗？\n[同意]"]
    press = server.press(oracle.zhang, card)
    told = await oracle.told("press")
    assert (told["user"], told["card"]) == (oracle.zhang.staff, card)
    assert told["content"]["cardPrivateData"]["params"] == {"id": "approve:42"}
    await press.finished.wait()
    assert server.world.shown(oracle.group, oracle.zhang.staff)[0].endswith("已收到")
    assert "已收到" not in server.world.shown(oracle.group)[0]
    server.hear(oracle.zhang, f"改 {card}", oracle.group)
    await oracle.told("message")
    await oracle.told("updated")
    assert server.world.shown(oracle.group) == ["审批\n已同意"]


async def test_the_real_client_hears_events_pings_and_leaves_when_told(oracle: Oracle) -> None:
    server = oracle.server
    event = server.happen("chat_update_title", {"title": "新名", "openConversationId": oracle.group})
    told = await oracle.told("event")
    assert (told["name"], told["data"]["title"]) == ("chat_update_title", "新名")
    await event.finished.wait()
    assert event.state == "acked"
    (pong,) = await server.ping()
    assert (pong["code"], json.loads(pong["data"])) == (200, {"opaque": "o-1"})
    await server.tell_to_leave()
    await server.until(lambda: server.links)
    assert server.opens == 2
    server.hear(oracle.zhang, "还在吗", oracle.group)
    await oracle.told("message")
