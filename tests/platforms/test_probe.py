"""``jindu doctor`` against the fakes: every fault that they can show is named, with its remedy and without a secret."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.platforms import read
from bot.probe import opening, probe
from chat.findings import Finding
from tests.platforms.dingtalk_rules import Refusal as DingTalkRefusal
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.feishu_files import EVENTS, Refusal
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.wecom_http import AGENT, APP_SECRET, CORP, KEY
from tests.platforms.wecom_server import BOT, SECRET, FakeWeCom

PATIENCE = 8.0
BRIEFLY = 1.5
"""For a link that will not come."""
ONE_TRY = 6.0
"""For a link that will not come, whose process has to tell why."""


@dataclass
class Clinic:
    """The three fakes, what is right for each in config.toml, and a doctor."""

    feishu: FeishuServer
    dingtalk: DingTalkServer
    wecom: FakeWeCom
    folder: Path

    def section(self, name: str) -> dict[str, Any]:
        return {
            "feishu": {
                "app_id": self.feishu.world.app_id, "app_secret": self.feishu.world.secret, "domain": self.feishu.url,
            },
            "dingtalk": {
                "client_id": self.dingtalk.world.client_id, "client_secret": self.dingtalk.world.secret,
                "api_base": self.dingtalk.url, "oapi_base": self.dingtalk.url,
            },
            "wecom": {"bot_id": BOT, "secret": SECRET, "ws_url": self.wecom.url},
        }[name]  # fmt: skip

    async def finds(self, name: str, patience: float = PATIENCE, **changed: Any) -> list[Finding]:
        platform, wrong = read(name, {**self.section(name), **changed})
        assert not wrong
        adapter = opening(platform, "进度助手", self.folder)
        assert not isinstance(adapter, Finding), adapter.text.plain()
        return await probe(adapter, patience)

    async def complains(self, name: str, patience: float = PATIENCE, **changed: Any) -> str:
        """Everything that is not well, a line each: ``✗ scope: …``."""
        found = await self.finds(name, patience, **changed)
        return "\n".join(f"{one.mark} {one.topic}: {one.text.plain()}" for one in found if one.mark != "✓")


@pytest.fixture
async def clinic(tmp_path: Path) -> AsyncIterator[Clinic]:
    clock = SystemClock()
    clinic = Clinic(FeishuServer(clock), DingTalkServer(clock), FakeWeCom(), tmp_path)
    for fake in (clinic.feishu, clinic.dingtalk, clinic.wecom):
        await fake.start()
    yield clinic
    for fake in (clinic.feishu, clinic.dingtalk, clinic.wecom):
        await fake.stop()


# --- what they have in common ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["feishu", "dingtalk", "wecom"])
async def test_a_platform_that_is_well(name: str, clinic: Clinic) -> None:
    found = await clinic.finds(name)
    assert [one.text.plain() for one in found if one.mark == "✗"] == []
    assert {"connection", "credentials", "clock"} <= {one.topic for one in found if one.mark == "✓"}
    assert {one.topic for one in found if one.mark == "!"} <= {"callback?"}


@pytest.mark.parametrize(
    ("name", "key"), [("feishu", "app_secret"), ("dingtalk", "client_secret"), ("wecom", "secret")]
)
async def test_a_wrong_secret_is_named_and_not_shown(name: str, key: str, clinic: Clinic) -> None:
    words = await clinic.complains(name, **{key: "not-the-secret-12345"})
    assert "✗ credentials: " in words
    assert "没连上" not in words, "the cause is known"
    assert "not-the-secret" not in words


@pytest.mark.parametrize(
    ("name", "keys"), [("feishu", ["domain"]), ("dingtalk", ["api_base", "oapi_base"]), ("wecom", ["ws_url"])]
)
async def test_nobody_at_that_address(name: str, keys: list[str], clinic: Clinic) -> None:
    nowhere = "ws://127.0.0.1:9" if name == "wecom" else "http://127.0.0.1:9"
    words = await clinic.complains(name, BRIEFLY, **dict.fromkeys(keys, nowhere))
    assert "✗ network: 连不上 " in words
    assert "127.0.0.1" in words
    assert "检查网络" in words


@pytest.mark.parametrize("name", ["feishu", "dingtalk"])
async def test_a_proxy_that_is_not_there(name: str, clinic: Clinic) -> None:
    words = await clinic.complains(name, BRIEFLY, proxy="http://clerk:pass-word-1@127.0.0.1:9")
    assert "✗ proxy: 代理 http://127.0.0.1:9 连不上或不让过" in words
    assert "HTTPS_PROXY" in words
    assert "pass-word-1" not in words


async def test_a_proxy_of_the_environment_that_wants_a_password(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=407)

    runner = web.ServerRunner(web.Server(refuse))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{runner.addresses[0][1]}")
    monkeypatch.setenv("no_proxy", "")
    for name in ("feishu", "dingtalk", "wecom"):
        assert "✗ proxy: 代理" in await clinic.complains(name, BRIEFLY), name
    await runner.cleanup()


@pytest.mark.parametrize("name", ["feishu", "dingtalk", "wecom"])
@pytest.mark.parametrize("ahead", [3600.0, -120.0])
async def test_a_clock_that_is_wrong(name: str, ahead: float, clinic: Clinic) -> None:
    for fake in (clinic.feishu, clinic.dingtalk, clinic.wecom):
        fake.skew = ahead
    words = await clinic.complains(name)
    assert "! clock: 时钟误差 " in words
    assert "打开系统的自动校时" in words


# --- Feishu ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "mark", "name"),
    [
        ("group", "✗", "im:message.group_at_msg:readonly"), ("p2p", "✗", "im:message.p2p_msg:readonly"),
        ("members", "!", "im:chat.members:read"), ("chat", "!", "im:chat:readonly"),
        ("message", "!", "im:message"), ("resource", "!", "im:resource"),
    ],
)  # fmt: skip
async def test_each_permission_of_feishu_that_is_missing(scope: str, mark: str, name: str, clinic: Clinic) -> None:
    clinic.feishu.world.scopes.discard(scope)
    words = await clinic.complains("feishu")
    assert f"{mark} scope: 缺权限 {name}（" in words
    assert f"/app/{clinic.feishu.world.app_id}/auth?q={name}" in words
    assert words.count("缺权限") == 1


async def test_a_wider_permission_will_do(clinic: Clinic) -> None:
    clinic.feishu.world.scopes.discard("send")
    assert await clinic.complains("feishu") == "", "im:message allows it too"
    clinic.feishu.world.scopes.discard("message")
    assert "✗ scope: 缺权限 im:message:send_as_bot（说话）" in await clinic.complains("feishu")


async def test_feishu_card_callback_not_subscribed(clinic: Clinic) -> None:
    clinic.feishu.world.callbacks.clear()
    words = await clinic.complains("feishu")
    assert "✗ callback: 没订阅卡片回调，按钮会提示 200340" in words
    assert "card.action.trigger" in words
    assert "回调配置" in words


async def test_feishu_does_not_say_what_is_subscribed(clinic: Clinic) -> None:
    clinic.feishu.world.scopes.discard("self")
    words = await clinic.complains("feishu")
    assert words.startswith("! callback?: ")
    assert "点一次卡片上的按钮就知道了" in words


async def test_feishu_events_not_subscribed(clinic: Clinic) -> None:
    clinic.feishu.world.events.remove("im.chat.member.bot.deleted_v1")
    assert "! events: 没订阅事件 im.chat.member.bot.deleted_v1（机器人被移出群）" in await clinic.complains("feishu")
    clinic.feishu.world.events.clear()
    words = await clinic.complains("feishu")
    assert "✗ events: " in words
    assert all(name in words for name in EVENTS)


async def test_feishu_events_go_elsewhere(clinic: Clinic) -> None:
    clinic.feishu.world.transport = "webhook"
    words = await clinic.complains("feishu")
    assert "✗ events: 事件没有发到这里" in words
    assert "✗ callback: 卡片回调没有发到这里" in words
    assert "改成「长连接」" in words


@pytest.mark.parametrize(("status", "words"), [(1, "被停用了"), (3, "装上了还没启用"), (5, "许可过期了")])
async def test_feishu_app_not_active(status: int, words: str, clinic: Clinic) -> None:
    clinic.feishu.world.activated = status
    assert f"✗ app: 应用{words}" in await clinic.complains("feishu")


@pytest.mark.parametrize(
    ("code", "topic", "words"),
    [
        (10014, "app", "版本管理与发布"), (99991401, "ip", "安全设置"), (99991662, "app", "应用管理"),
        (99991673, "app", "应用管理"), (212100, "app", "版本管理与发布"),
    ],
)  # fmt: skip
async def test_feishu_turns_the_app_away(code: int, topic: str, words: str, clinic: Clinic) -> None:
    clinic.feishu.world.about = Refusal(code, "no")
    said = await clinic.complains("feishu")
    assert f"✗ {topic}: " in said
    assert words in said


async def test_too_many_connections_of_one_app(clinic: Clinic) -> None:
    clinic.feishu.endpoint.append((1000040350, "the number of connections exceeded the limit"))
    assert "最多 50 个" in await clinic.complains("feishu")


async def test_a_port_for_callbacks_that_is_taken(clinic: Clinic) -> None:
    port = int(clinic.wecom.url.rsplit(":", 1)[1])
    clinic.feishu.world.transport = "webhook"
    words = await clinic.complains("feishu", transport="webhook", port=port, encrypt_key="k" * 16)
    assert "✗ port: 回调的地址用不了（已被别的程序占用）" in words
    assert "没有发到这里" not in words


async def test_feishu_is_busy(clinic: Clinic) -> None:
    clinic.feishu.broken = 9
    assert "! busy: " in await clinic.complains("feishu")


# --- DingTalk --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "mark"), [("qyapi_robot_sendmsg", "✗"), ("Card.Instance.Write", "!"), ("qyapi_get_member", "!")]
)
async def test_each_permission_of_dingtalk_that_is_missing(scope: str, mark: str, clinic: Clinic) -> None:
    clinic.dingtalk.world.missing_scopes.add(scope)
    words = await clinic.complains("dingtalk")
    assert f"{mark} scope: 缺权限 {scope}（" in words
    assert f"appscope/apply?content={clinic.dingtalk.world.client_id}%23{scope}" in words
    assert words.count("缺权限") == 1


async def test_dingtalk_does_not_say_whether_presses_arrive(clinic: Clinic) -> None:
    words = await clinic.complains("dingtalk")
    assert words.startswith("! callback?: ")
    assert "Stream 模式推送" in words


async def test_the_month_is_used_up(clinic: Clinic) -> None:
    clinic.dingtalk.world.calls_left = 0
    words = await clinic.complains("dingtalk")
    assert words.count("✗ quota: ") == 1
    assert "本月调用量已用完" in words


async def test_a_wrong_robot_code(clinic: Clinic) -> None:
    words = await clinic.complains("dingtalk", robot_code="dingsomethingelse")
    assert "✗ app: " in words
    assert "robot_code" in words


async def test_a_robot_that_is_stopped(clinic: Clinic) -> None:
    clinic.dingtalk.world.refusals.append(DingTalkRefusal("bot.stopped", "机器人已停用"))
    assert "启用机器人" in await clinic.complains("dingtalk")


async def test_an_app_that_is_not_published(clinic: Clinic) -> None:
    clinic.dingtalk.gateway.extend([400] * 50)
    words = await clinic.complains("dingtalk", ONE_TRY)
    assert "✗ connection: 平台不让连（HTTP 400）：应用没发布版本、机器人不是 Stream 模式" in words


async def test_a_hotel_that_wants_a_login(clinic: Clinic) -> None:
    clinic.dingtalk.gateway.extend([0] * 50)
    assert "这个网络可能要先登录" in await clinic.complains("dingtalk", ONE_TRY)


async def test_this_machine_is_blocked_for_minutes(clinic: Clinic) -> None:
    clinic.dingtalk.blocked = 9
    assert "! busy: " in await clinic.complains("dingtalk")


# --- WeCom -----------------------------------------------------------------------------------------------------------


async def test_another_program_uses_this_bot(clinic: Clinic) -> None:
    platform, _ = read("wecom", clinic.section("wecom"))
    adapter = opening(platform, "进度助手", clinic.folder)
    assert not isinstance(adapter, Finding)
    probing = asyncio.create_task(probe(adapter, PATIENCE))
    await clinic.wecom.connected()
    clinic.wecom.kick()
    found = await probing
    assert any(
        one.topic == "second consumer" and "另一个程序正在用这个机器人" in one.text.plain() for one in found
    ) or ([one for one in found if one.mark == "✗"] == [], "the kick came after the look")


async def test_a_webhook_that_was_deleted(clinic: Clinic) -> None:
    hook = f"{clinic.wecom.http_url}/cgi-bin/webhook/send?key="
    assert await clinic.complains("wecom", webhook={"wrABC": hook + KEY}) == ""
    words = await clinic.complains("wecom", webhook={"wrABC": hook + "22222222-gone"})
    assert "✗ webhook: 「wrABC」的消息推送：群消息推送的网址失效了" in words
    assert "22222222" not in words
    assert clinic.wecom.http.posted == [], "nobody sees anything of it"


@pytest.mark.parametrize(
    ("spoil", "topic", "words"),
    [
        ({"secret": "another-secret"}, "app secret", "自建应用的 Secret 不对"),
        ({"agentid": 7}, "app", "agentid 不对"),
        ({}, "ip", "企业可信 IP」里：管理后台 → 应用 → 企业可信 IP。（本机出口 IP 是 203.0.113.7）"),
    ],
)
async def test_the_self_built_app(spoil: dict[str, Any], topic: str, words: str, clinic: Clinic) -> None:
    app = {"corpid": CORP, "agentid": AGENT, "secret": APP_SECRET, "api_base": clinic.wecom.http_url}
    assert await clinic.complains("wecom", app=app) == ""
    clinic.wecom.http.trusted = bool(spoil)
    said = await clinic.complains("wecom", app={**app, **spoil})
    assert f"✗ {topic}: 自建应用：" in said
    assert words in said
    assert "another-secret" not in said


async def test_wecom_does_not_answer_the_subscription(clinic: Clinic) -> None:
    clinic.wecom.faults.deaf_subscribe = 9
    words = await clinic.complains("wecom", BRIEFLY)
    assert "没连上（connecting）：检查网络、代理和网址" in words
