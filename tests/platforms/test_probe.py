"""``jindu doctor`` against the fakes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.platforms import read
from bot.probe import probe
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.wecom_server import BOT, SECRET, FakeWeCom


@pytest.fixture
async def sections() -> AsyncIterator[dict[str, dict[str, Any]]]:
    """What is right for each fake."""
    clock = SystemClock()
    feishu, dingtalk, wecom = FeishuServer(clock), DingTalkServer(clock), FakeWeCom()
    for fake in (feishu, dingtalk, wecom):
        await fake.start()
    yield {
        "feishu": {"app_id": feishu.world.app_id, "app_secret": feishu.world.secret, "domain": feishu.url},
        "dingtalk": {
            "client_id": dingtalk.world.client_id, "client_secret": dingtalk.world.secret,
            "api_base": dingtalk.url, "oapi_base": dingtalk.url,
        },
        "wecom": {"bot_id": BOT, "secret": SECRET, "ws_url": wecom.url},
    }  # fmt: skip
    for fake in (feishu, dingtalk, wecom):
        await fake.stop()


@pytest.mark.parametrize("name", ["feishu", "dingtalk", "wecom"])
async def test_a_platform_that_answers(name: str, sections: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    finding = await probe(read(name, sections[name])[0], "进度助手", tmp_path)
    assert finding.mark == "✓", finding.text.render()


@pytest.mark.parametrize(
    ("name", "key"), [("feishu", "app_secret"), ("dingtalk", "client_secret"), ("wecom", "secret")]
)
async def test_a_wrong_secret_is_named_and_not_shown(
    name: str, key: str, sections: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    finding = await probe(read(name, {**sections[name], key: "not-the-secret-12345"})[0], "进度助手", tmp_path)
    words = finding.text.render()
    assert finding.mark == "✗"
    assert "没连上" not in words, "the cause is known"
    assert "not-the-secret" not in words


async def test_nobody_at_that_address(sections: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    section = {**sections["wecom"], "ws_url": "ws://127.0.0.1:9"}
    finding = await probe(read("wecom", section)[0], "进度助手", tmp_path, patience=1.0)
    assert finding.mark == "✗"
    assert "检查网络" in finding.text.render()
