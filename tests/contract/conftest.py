"""The platforms, one by one. Add yours to ``PLATFORMS``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib import import_module

import pytest

from tests.contract.platform import Platform

PLATFORMS = {
    "room": "tests.contract.room_contract:RoomPlatform",
    "feishu": "tests.platforms.feishu_contract:FeishuPlatform",
    "feishu-webhook": "tests.platforms.feishu_contract:FeishuWebhookPlatform",
    "wecom": "tests.platforms.wecom_contract:WeComPlatform",
    "dingtalk": "tests.platforms.dingtalk_contract:DingTalkPlatform",
    "dingtalk-webhook": "tests.platforms.dingtalk_contract:DingTalkCallbackPlatform",
}
"""{name: "module:class"}; the class is made without arguments."""


@pytest.fixture(params=PLATFORMS)
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    """A running platform. A test marked ``needs("tokens", …)`` is skipped where the platform has no such thing."""
    module, name = PLATFORMS[request.param].split(":")
    kind: type[Platform] = getattr(import_module(module), name)
    needs = {need for mark in request.node.iter_markers("needs") for need in mark.args}
    if missing := needs & kind.cannot:
        pytest.skip(f"{request.param} has no {', '.join(sorted(missing))}")
    platform = kind()
    try:
        await platform.start()
        yield platform
    finally:
        await platform.stop()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "needs(*abilities): skip on a platform that cannot; see tests/contract/platform.py"
    )
