"""What the tests of several platforms share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from tests.platforms.dingtalk_desk import Desk
from tests.platforms.feishu_contract import FeishuWebhookPlatform
from tests.platforms.together import START, World


@pytest.fixture
def feishu_fixtures() -> Path:
    return Path(__file__).parent / "fixtures" / "feishu"


@pytest.fixture
def still() -> VirtualClock:
    """18 September 2026, 12:00 in Shanghai, until it is moved."""
    return VirtualClock(datetime(2026, 9, 18, 4, 0, tzinfo=UTC))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """DingTalk's adapter, given frames by hand."""
    desk = Desk()
    await desk.server.start()
    await desk.open()
    yield desk
    await desk.adapter.close()
    await desk.server.stop()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(VirtualClock(START), tmp_path)
    await world.start()
    await world.linked("feishu", "dingtalk", "wecom")
    try:
        yield world
    finally:
        await world.stop()


@pytest.fixture
async def feishu() -> AsyncIterator[FeishuWebhookPlatform]:
    platform = FeishuWebhookPlatform()
    await platform.start()
    yield platform
    await platform.stop()
