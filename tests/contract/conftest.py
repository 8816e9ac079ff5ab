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


def kind_of(name: str) -> type[Platform]:
    module, made = PLATFORMS[name].split(":")
    kind: type[Platform] = getattr(import_module(module), made)
    return kind


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each test on every platform; one marked ``needs("tokens", …)`` only where there is such a thing."""
    if "platform" in metafunc.fixturenames:
        needs = {need for mark in metafunc.definition.iter_markers("needs") for need in mark.args}
        able = [name for name in PLATFORMS if not needs & kind_of(name).cannot]
        metafunc.parametrize("platform", able, indirect=True)


@pytest.fixture
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    """A running platform."""
    platform = kind_of(request.param)()
    try:
        await platform.start()
        yield platform
    finally:
        await platform.stop()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs(*abilities): only on platforms that can; see tests/contract/platform.py")
