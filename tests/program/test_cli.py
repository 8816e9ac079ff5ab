"""The command line: what it says, in which language, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from bot.cli import main
from bot.usage import COMMANDS, VERSION
from tests.program.conftest import ROOT, Start

TRANSCRIPT = """\
== 2026-09-18 14:00 ==
群 双十一大促：张三 李四
张三> @进度助手 /没有这个
机器人> {expected}
"""
ANSWER = "没有「/没有这个」这个命令。发「/帮助」看我能做什么。"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")


Said = pytest.CaptureFixture[str]


@pytest.mark.parametrize("arguments", [["--help"], ["-h"]])
def test_help_names_every_command(arguments: list[str], capsys: Said) -> None:
    assert main([]) == 0
    said = capsys.readouterr().out
    for name, about in COMMANDS.items():
        assert f"{name} " in said
        assert about.zh in said
    with pytest.raises(SystemExit, match="0"):
        main(arguments)
    assert capsys.readouterr().out == said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_its_options(name: str, capsys: Said) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    said = capsys.readouterr().out
    assert f"用法：jindu {name} [选项]" in said
    assert COMMANDS[name].zh in said


def test_help_in_english(capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    main([])
    said = capsys.readouterr().out
    assert "start the bot with its built-in room" in said
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in said)


def test_version(capsys: Said) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out.strip() == f"jindu {VERSION}"
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["rnu"], "没有 jindu rnu 这个命令，是不是 jindu run？"),
        (["dmeo"], "是不是 jindu demo？"),
        (["启动"], f"没有 jindu 启动 这个命令。可用的有：{'、'.join(COMMANDS)}"),
        (["run", "--prot", "1"], "这条命令没写对：不认识「--prot 1」。看用法：jindu --help"),
        (["run", "--port"], "这条命令没写对：--port 后面少了值。看用法：jindu run --help"),
        (["run", "--port", "abc"], "--port 不能是 abc (0–65535)"),
        (["run", "--port", "99999"], "--port 不能是 99999 (0–65535)"),
        (["play"], "没写文件名。看用法：jindu play --help"),
        (["audit"], "没写要做什么（verify 或 export）。看用法：jindu audit --help"),
        (["outbox", "rm"], "没有「rm」，可以写 list, retry, drop。看用法：jindu outbox --help"),
        (["play", "no-such.chat"], "读不到 no-such.chat：没有这个文件或目录"),
        (["play", "."], "读不到 .：这是一个目录"),
        (["run", "--config", "no-such.toml"], "no-such.toml: 读不到这个文件：没有这个文件或目录"),
    ],
)
def test_a_wrong_command_line_says_what_to_do(arguments: list[str], words: str, capsys: Said) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert said.out == ""


def test_play_says_where_a_transcript_differs(tmp_path: Path, capsys: Said) -> None:
    good, bad = tmp_path / "good.chat", tmp_path / "bad.chat"
    good.write_text(TRANSCRIPT.format(expected=ANSWER), encoding="utf-8")
    bad.write_text(TRANSCRIPT.format(expected="好的"), encoding="utf-8")
    assert main(["play", str(good)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{good}: 一致"]
    assert main(["play", str(good), str(bad)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{good}: 一致"
    assert said[1] == f"{bad}:4: 应为：好的"
    assert ANSWER in said[2]
    assert said[-1] == f"{bad}: 1 处不同"


def test_play_of_something_that_is_no_transcript(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "x.chat"
    path.write_text("hello\n")
    assert main(["play", str(path)]) == 2
    assert f"{path}:1" in capsys.readouterr().err
    path.write_bytes(b"\xff\xfe\x00")
    assert main(["play", str(path)]) == 2


def test_migrate_twice(tmp_path: Path, capsys: Said) -> None:
    assert main(["migrate", "--data", str(tmp_path)]) == 0
    assert "已新建" in capsys.readouterr().out
    assert main(["migrate", "--data", str(tmp_path)]) == 0
    assert "已是最新" in capsys.readouterr().out


def test_check_of_a_fresh_folder_is_well_and_changes_nothing(tmp_path: Path, capsys: Said) -> None:
    folder = tmp_path / "data"
    assert main(["check", "--data", str(folder), "--port", "0"]) == 0
    said = capsys.readouterr().out
    assert "✗" not in said
    assert "0 不行" in said
    assert not folder.exists()


def test_check_names_what_will_not_work(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "jindu.db").write_bytes(b"junk" * 500)
    assert main(["check", "--data", str(tmp_path / "data"), "--port", "0", "--host", "192.0.2.1"]) == 1
    said = capsys.readouterr().out
    assert "✗ 数据库" in said
    assert "✗ 聊天室用不了 192.0.2.1:0" in said
    assert "! 别人能打开聊天室" in said


def test_check_beside_a_bot_at_work(start: Start) -> None:
    bot = start("run", "--port", "0")
    bot.url()
    check = start("check", "--port", "0")
    assert check.end() == 0
    assert "机器人正在用" in check.words
    assert bot.stop() == 0


def test_the_launcher_works_from_anywhere(tmp_path: Path) -> None:
    assert os.access(ROOT / "jindu", os.X_OK)
    link = tmp_path / "jindu"
    link.symlink_to(ROOT / "jindu")
    found = subprocess.run([str(link), "--version"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == f"jindu {VERSION}"


def test_doctor_for_programs(tmp_path: Path, capsys: Said) -> None:
    assert main(["doctor", "--json", "--data", str(tmp_path / "data"), "--port", "0"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    topics = {one["topic"] for one in document["findings"]}
    assert {"config", "sqlite", "folder", "disk", "database", "port", "zones", "font"} <= topics
    assert {one["mark"] for one in document["findings"]} <= {"well", "look"}
    assert all(one["text"] and one["platform"] == "" for one in document["findings"])
