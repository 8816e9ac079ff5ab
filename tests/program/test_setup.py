"""``jindu setup`` as a process, answered through a pipe, against the platforms' fakes."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.config import load
from bot.setup_walks import WALKS
from tests.platforms.dingtalk_server import DingTalkServer
from tests.platforms.feishu_server import FeishuServer
from tests.platforms.wecom_server import BOT, SECRET, FakeWeCom
from tests.program.conftest import ROOT

ENTER = ""


@dataclass
class Said:
    """What the program said, and how it ended."""

    code: int
    words: str


async def setup(folder: Path, *arguments: str, answers: list[str], **environment: str) -> Said:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "LANG": "zh_CN.UTF-8", "LC_ALL": "", **environment}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "setup", *arguments, cwd=folder, env=env, stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(150):
        out, _ = await process.communicate("".join(f"{one}\n" for one in answers).encode())
    return Said(process.returncode or 0, out.decode())


@pytest.fixture
async def wecom() -> AsyncIterator[FakeWeCom]:
    fake = FakeWeCom()
    await fake.start()
    yield fake
    await fake.stop()


async def test_feishu_from_nothing(feishu: FeishuServer, tmp_path: Path) -> None:
    secret = feishu.world.secret
    answers = [ENTER, ENTER, ENTER, feishu.world.app_id, secret, ENTER, ENTER, ENTER, ENTER, "1"]
    feishu.world.events.remove("im.message.recalled_v1")
    said = await setup(tmp_path, "feishu", "--base", feishu.url, answers=["", "", "", "cli fake", *answers[3:]])
    assert said.code == 0, said.words
    assert "App ID 以 cli_ 开头" in said.words, "a bad answer has a sentence, and is asked again"
    assert "✓ 飞书认得这组凭证。" in said.words
    for name in ("im:message:send_as_bot", "im.chat.member.bot.added_v1", "card.action.trigger", "版本管理与发布"):
        assert name in said.words
    assert "! 飞书：没订阅事件 im.message.recalled_v1（撤回消息）" in said.words
    assert secret not in said.words
    written = (tmp_path / "config.toml").read_text(encoding="utf-8")
    assert secret not in written
    assert written.startswith("# 进度助手的配置，也是它的说明书。"), "the example is the manual"
    kept = tmp_path / "data" / "secrets" / "feishu-app_secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    platform = load(tmp_path / "config.toml").adapters[0]
    assert platform.settings["app_secret"].value == secret
    assert (platform.name, platform.settings["app_id"], platform.settings["domain"]) == (
        "feishu",
        "cli_fake",
        feishu.url,
    )


async def test_feishu_is_connected_while_the_console_is_used(feishu: FeishuServer, tmp_path: Path) -> None:
    """Saving «long connection» in the console needs a client that is online."""
    answers = [ENTER, ENTER, ENTER, feishu.world.app_id, feishu.world.secret, ENTER, ENTER, ENTER, ENTER, "1"]
    await setup(tmp_path, "feishu", "--base", feishu.url, answers=answers)
    assert feishu.endpoint_calls >= 3, "for the credentials, for the steps, for the last look"


async def test_dingtalk_with_a_secret_that_is_wrong_first(dingtalk: DingTalkServer, tmp_path: Path) -> None:
    world = dingtalk.world
    answers = [
        "2", ENTER, ENTER, ENTER, world.client_id, "wrong-secret-1", "1", world.client_id, world.client_id, "密钥",
        world.secret, ENTER, ENTER, ENTER, "1",
    ]  # fmt: skip
    said = await setup(tmp_path, "--base", dingtalk.url, answers=answers)
    assert said.code == 0, said.words
    assert "✗ 凭证" in said.words or "✗ 开发者后台" in said.words
    assert "这和刚才的 client_id 一样" in said.words
    assert "密钥是一串英文字母和数字" in said.words
    assert "qyapi_robot_sendmsg" in said.words
    assert "wrong-secret-1" not in said.words
    platform = load(tmp_path / "config.toml").adapters[0]
    assert platform.settings["client_secret"].value == world.secret
    assert platform.settings["api_base"] == platform.settings["oapi_base"] == dingtalk.url


async def test_wecom_keeps_an_existing_file_with_its_comments(wecom: FakeWeCom, tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    path.write_text(
        '# 我的配置\n[bot]\nname = "小进"   # 大家这么叫\ndata = "store"\n\n[adapters.wecom]\n'
        f'enabled = false  # 先关着\n# 后台复制\nbot_id = "old" # 旧的\nsecret = "s"\nws_url = "{wecom.url}"\n\n'
        '[room]\nport = 9000\n',
        encoding="utf-8",
    )  # fmt: skip
    before = path.read_text(encoding="utf-8")
    answers = ["2", ENTER, ENTER, BOT, "env:JINDU_TEST_ABSENT", "env:JINDU_TEST_WECOM", "小进", ENTER, "1"]
    said = await setup(tmp_path, "wecom", "--config", "my.toml", answers=answers, JINDU_TEST_WECOM=SECRET)
    assert said.code == 0, said.words
    assert "已经有企业微信（bot_id = old）" in said.words
    assert "环境变量 JINDU_TEST_ABSENT 没有值" in said.words
    assert path.with_name("my.toml.bak").read_text(encoding="utf-8") == before
    assert path.read_text(encoding="utf-8") == before.replace("enabled = false  #", "enabled = true  #").replace(
        'bot_id = "old" # 旧的\nsecret = "s"', f'bot_id = "{BOT}" # 旧的\nsecret = "env:JINDU_TEST_WECOM"'
    ).replace(f'ws_url = "{wecom.url}"\n', f'ws_url = "{wecom.url}"\nbot_name = "小进"\n')
    assert SECRET not in said.words


async def test_what_is_there_stays_when_nobody_insists(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[adapters.feishu]\napp_id = "cli_old"\napp_secret = "x"\n')
    said = await setup(tmp_path, "feishu", answers=[ENTER])
    assert said.code == 2
    assert "没有写任何东西" in said.words
    assert path.read_text() == '[adapters.feishu]\napp_id = "cli_old"\napp_secret = "x"\n'


@pytest.mark.parametrize("answers", [[], ["q"], ["7", "x"], ["1", ""], ["1", "", "", "", "cli_a1", "退出"]])
async def test_leaving_writes_nothing(answers: list[str], tmp_path: Path) -> None:
    said = await setup(tmp_path, answers=answers)
    assert said.code == 2
    assert "没有写任何东西。" in said.words
    assert "Traceback" not in said.words
    assert os.listdir(tmp_path) == []  # noqa: PTH208
    if "7" in answers:
        assert "请输入 1 到 3 的数字。" in said.words


async def test_in_english(wecom: FakeWeCom, tmp_path: Path) -> None:
    answers = ["3", ENTER, ENTER, BOT, SECRET, ENTER, ENTER, "1"]
    said = await setup(tmp_path, "--english", "--base", wecom.url, answers=answers)
    assert said.code == 0, said.words
    assert "WeCom takes these credentials." in said.words
    assert "Done. Start with ./jindu run" in said.words


async def test_a_platform_that_is_not_reached_may_be_kept_for_later(tmp_path: Path) -> None:
    answers = ["", "", BOT, SECRET, "", "", "2", "1"]
    said = await setup(tmp_path, "wecom", "--base", "ws://127.0.0.1:9", answers=answers)
    assert said.code == 0, said.words
    assert "连不上 127.0.0.1" in said.words
    assert load(tmp_path / "config.toml").adapters[0].settings["bot_id"] == BOT


@pytest.mark.parametrize("text", ["[adapters\n", "adapters = 3\n[bot]\nname ="])
async def test_a_file_that_does_not_read_is_left_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(text)
    said = await setup(tmp_path, "wecom", answers=["", ""])
    assert said.code == 2
    assert "读不通" in said.words
    assert (tmp_path / "config.toml").read_text() == text


async def test_a_file_written_in_another_manner_is_not_broken(wecom: FakeWeCom, tmp_path: Path) -> None:
    text = f'adapters.wecom = {{ enabled = false, ws_url = "{wecom.url}" }}\n'
    (tmp_path / "config.toml").write_text(text)
    said = await setup(tmp_path, "wecom", answers=["", "", BOT, SECRET, "", "", "1"])
    assert said.code == 1
    assert "请自己加上" in said.words
    assert f'bot_id = "{BOT}"' in said.words
    assert (tmp_path / "config.toml").read_text() == text
    assert SECRET not in said.words


def test_every_platform_of_the_example_can_be_set_up() -> None:
    known = tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))["adapters"]
    assert set(WALKS) == set(known)
