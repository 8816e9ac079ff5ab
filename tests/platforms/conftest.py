"""What the tests of several platforms share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import VirtualClock
from tests.platforms.dingtalk_desk import Desk


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
