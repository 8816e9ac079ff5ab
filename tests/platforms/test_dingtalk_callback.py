"""Robot callbacks over HTTP are signed; and the section of the configuration is checked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.dingtalk import adapter, config
from adapters.dingtalk.callback import Callback, signature
from bot.clock import VirtualClock

VECTORS = json.loads((Path(__file__).parent / "fixtures" / "dingtalk_sign.json").read_text())
SECTION = {"client_id": "ding1", "client_secret": "s3cr3t-s3cr3t"}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_signatures_are_those_that_others_published(vector: dict[str, str]) -> None:
    assert signature(vector["timestamp"], vector["secret"]) == vector["signature"]


@pytest.mark.parametrize(("seconds", "fresh"), [(0, True), (3599, True), (3601, False), (-3599, True), (-3601, False)])
def test_the_window_is_an_hour(seconds: float, fresh: bool) -> None:
    at = datetime(2026, 9, 18, tzinfo=UTC)
    callback = Callback(config.read({**SECTION, "transport": "webhook"}), VirtualClock(at))
    stamp = str(int((at.timestamp() + seconds) * 1000))
    headers = {"timestamp": stamp, "sign": signature(stamp, SECTION["client_secret"])}
    assert callback.is_signed(headers) is fresh
    assert not callback.is_signed({**headers, "sign": headers["sign"][:-2] + "x="})


def test_what_is_not_given_has_a_default_and_secrets_are_not_shown() -> None:
    settings = config.read(SECTION)
    assert (settings.robot_code, settings.api_base, settings.oapi_base) == ("ding1", config.API, config.OAPI)
    assert (settings.card_template, settings.own_template) == (config.PUBLIC_TEMPLATE, False)
    assert "s3cr3t" not in repr(settings)
    assert config.read({**SECTION, "card_template": ""}).card_template == config.PUBLIC_TEMPLATE
    assert config.read({**SECTION, "card_template": "mine.schema"}).own_template


def test_every_key_of_the_section_is_taken() -> None:
    given = {
        **SECTION, "api_base": "http://127.0.0.1:1/", "oapi_base": "http://127.0.0.1:2", "robot_code": "r",
        "card_template": "t", "bot_name": ["甲", "乙"], "proxy": "http://p:1", "transport": "webhook", "host": "::1",
        "port": 0, "monthly_calls": 5000, "monthly_pushes": 3000,
    }  # fmt: skip
    settings = config.read(given)
    assert (settings.api_base, settings.oapi_base, settings.robot_code) == (
        "http://127.0.0.1:1",
        "http://127.0.0.1:2",
        "r",
    )
    assert (settings.bot_names, settings.port) == (("甲", "乙"), 0)
    assert set(given) == config.KEYS


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"client_id": ""}, ["client_id"]),
        ({"client_id": 7, "client_secret": None}, ["client_id", "client_secret"]),
        ({"api_base": "api.dingtalk.com", "oapi_base": "ftp://x"}, ["api_base", "oapi_base"]),
        ({"transport": "carrier pigeon", "port": "80"}, ["transport", "port"]),
        ({"bot_name": [7]}, ["bot_name"]),
        ({"app_key": "x"}, ["app_key: not a setting"]),
    ],
)
def test_everything_wrong_is_said_at_once(change: dict[str, Any], names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"adapters\.dingtalk") as caught:
        adapter.open({**SECTION, **change}, VirtualClock(datetime(2026, 9, 18, tzinfo=UTC)))
    assert all(name in str(caught.value) for name in names)


def test_what_each_transport_can() -> None:
    clock = VirtualClock(datetime(2026, 9, 18, tzinfo=UTC))
    stream = adapter.open(SECTION, clock).can
    webhook = adapter.open({**SECTION, "transport": "webhook", "card_template": "mine"}, clock).can
    own = adapter.open({**SECTION, "card_template": "mine"}, clock).can
    assert (stream.input_in_card, own.input_in_card, webhook.input_in_card) == (False, True, False)
    assert (stream.edit_seconds, webhook.edit_seconds) == (float("inf"), 0)
    assert (stream.recall_event, stream.member_events, stream.idempotent) == (False, False, False)
