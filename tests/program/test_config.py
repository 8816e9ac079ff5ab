"""The configuration: its manual works as it stands, and everything wrong is named at once with line and remedy."""

from __future__ import annotations

import logging
from pathlib import Path

import orjson
import pytest

from bot import logs
from bot.cli import bad_config, main
from bot.config import BadConfig, Config, load
from bot.values import Secret

EXAMPLE = Path("config.example.toml")

BROKEN = [
    # (the file, [(line, what it says)])
    ('[room]\nport = "8765"', [(2, "room.port 要写整数，不加引号，例如 8765")]),
    ("[room]\nport = 70000", [(2, "room.port 要在 0–65535 之间，例如 8765")]),
    ("[room]\nport = true", [(2, "room.port 要写整数，不加引号，例如 8765")]),
    ('[room]\nenabled = "yes"', [(2, "room.enabled 只能写 true 或 false（不加引号）")]),
    ("[room]\nprot = 1", [(2, "不认识 prot，是不是 port？")]),
    ("[rooom]\nport = 1", [(1, "不认识 [rooom]，是不是 [room]？")]),
    ("[zzz]", [(1, "不认识 [zzz]；这里可以写 [bot]、[room]、[storage]、[log]")]),
    ('[room]\nzone = "Asia/Peking"', [(2, "room.zone 没有「Asia/Peking」这个时区，例如 Asia/Shanghai、Europe/London")]),
    ('[room]\nzone = "../../etc/passwd"', [(2, "没有「../../etc/passwd」这个时区")]),
    ('[bot]\nlanguage = "fr"', [(2, 'bot.language 只能是 "zh" / "en"')]),
    ('[bot]\nname = ""', [(2, "bot.name 要 1–20 个字，不含 @")]),
    ('[bot]\nname = "@所有人"', [(2, "bot.name 要 1–20 个字，不含 @")]),
    ("[bot]\ndata = 3", [(2, "bot.data 要写成文字，用引号括起来")]),
    ('[log]\nlevel = "loud"', [(2, 'log.level 只能是 "debug" / "info" / "warning" / "error"')]),
    ('[room]\ntoken = "env:JINDU_NO_SUCH"', [(2, "room.token 环境变量 JINDU_NO_SUCH 没有值")]),
    ('[room]\ntoken = "file:/no/such/file"', [(2, "room.token 读不到文件 /no/such/file")]),
    ('[storage]\nurl = "postgresql+asyncpg://x"', [(2, '要写成 "postgresql+psycopg://用户:口令@主机:5432/库名"')]),
    ('[mail]\nhost = "smtp.example.com"', [(1, "缺 mail.sender：发件人地址")]),
    ('[mail]\nsender = "a@example.com"', [(1, "缺 mail.host：邮件服务器")]),
    ('[mail]\nhost = "h"\nsender = "nobody"', [(3, "mail.sender 要写成邮箱地址，例如 jindu@example.com")]),
    ('[mail]\nhost = "h"\nsender = "a@b.cn"\nuser = "a"', [(1, "缺 mail.password：a 的密码或授权码")]),
    ('[mail]\nhost = "h"\nsecurity = "ssl"', [(3, 'mail.security 只能是 "starttls" / "tls" / "none"')]),
    ('[mail]\npassword = "env:JINDU_NO_SUCH"', [(2, "mail.password 环境变量 JINDU_NO_SUCH 没有值")]),
    ('[storage]\nurl = "mysql://x"', [(2, 'storage.url 要写成 "sqlite:///路径"')]),
    ('[adapters.feishu]\napp_id = "x"', [(1, "缺 adapters.feishu.app_secret：开发者后台 → 凭证与基础信息")]),
    ('[adapters.wecom]\nbot_id = "x"\nsecret = "env:JINDU_NO_SUCH"', [(3, "环境变量 JINDU_NO_SUCH 没有值")]),
    ('[adapters.wecom]\nbot_id = "x"\nsecret = "y"\nws_url = "https://x"', [(4, "adapters.wecom.ws_url 要写成网址")]),
    ('[adapters.wecom]\nbot_id = "x"\nsecret = "y"\napp = {corpid = "c"}', [(4, "adapters.wecom.app 缺 agentid")]),
    ('[adapters.feishu]\napp_id = ""\napp_secret = "y"', [(2, "缺 adapters.feishu.app_id")]),
    ('[adapters.feishuu]\napp_id = "x"', [(1, "不认识 [adapters.feishuu]，是不是 [adapters.feishu]？")]),
    ("room = 3", [(1, "[room] 要写成一节")]),
    ("room.port = -1", [(1, "room.port 要在 0–65535 之间")]),
    ("[room]\nport = 8765\nport = 8766", [(3, "写法有误（Cannot overwrite a value）")]),
    ("[room\nport = 1", [(1, "写法有误")]),
    ("[bot]\nname = 进度助手", [(2, "写法有误（Invalid value）。文字要加引号，一行一个 键 = 值")]),
    (
        '[bot]\nname = ""\nlanguge = "zh"\n\n[room]\nport = 99999\n\n[adapters.dingtalk]\nkey = "x"',
        [
            (2, "bot.name"),
            (3, "不认识 languge，是不是 language？"),
            (6, "room.port"),
            (8, "缺 adapters.dingtalk.client_id"),
            (8, "缺 adapters.dingtalk.client_secret"),
            (9, "不认识 key"),
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN, ids=[text.replace("\n", " ")[:40] for text, _ in BROKEN])
def test_each_mistake_is_named_with_its_line(tmp_path: Path, text: str, expected: list[tuple[int, str]]) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig) as caught:
        load(path)
    found = [(problem.line, problem.text.render("zh")) for problem in caught.value.problems]
    assert len(found) == len(expected), found
    for (line, words), (wanted_line, wanted) in zip(found, expected, strict=True):
        assert line == wanted_line, words
        assert wanted in words


def test_a_broken_configuration_starts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[bot]\ndata = "d"\nnmae = "x"\n[room]\nport = 99999\n', encoding="utf-8")
    assert main(["run", "--config", str(path)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "配置有 2 处要改，什么都没有启动：",
        f"  {path}:3: 不认识 nmae，是不是 name？",
        f"  {path}:5: room.port 要在 0–65535 之间，例如 8765",
    ]
    assert [each.name for each in tmp_path.iterdir()] == ["config.toml"]


def test_english_twin_of_the_report(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[room]\nprot = 1\nzone = "x"', encoding="utf-8")
    with pytest.raises(BadConfig) as caught:
        load(path)
    assert bad_config(caught.value, "en").splitlines() == [
        "2 problems in the configuration; nothing was started:",
        f"  {path}:2: unknown: prot. Did you mean port?",
        f"  {path}:3: room.zone “x” is no time zone; e.g. Asia/Shanghai, Europe/London",
    ]


@pytest.mark.parametrize("content", [b"\xff\xfe[bot]", None], ids=["UTF-16", "missing"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "config.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadConfig) as caught:
        load(path)
    assert [problem.line for problem in caught.value.problems] == [0]


def test_the_example_is_the_defaults_and_stands_alone(tmp_path: Path) -> None:
    copy = tmp_path / "config.toml"
    copy.write_bytes(EXAMPLE.read_bytes())
    found, plain = load(copy), Config()
    assert (found.room, found.storage, found.log) == (plain.room, plain.storage, plain.log)
    assert found.bot.name == plain.bot.name
    assert found.data == tmp_path / "data"
    assert found.database == tmp_path / "data" / "jindu.db"


def test_the_example_explains_every_key() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for section, kind in (("bot", Config().bot), ("room", Config().room), ("log", Config().log), ("ops", Config().ops)):
        assert f"[{section}]" in text
        for key in vars(kind):
            assert f"\n{key} = " in text, f"{section}.{key}"


def test_a_byte_order_mark_from_windows_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes("\ufeff[bot]\nname = '助手'\r\n".encode())
    assert load(path).bot.name == "助手"


def test_secrets_are_fetched_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOM_TOKEN", "from-env")
    kept = tmp_path / "token"
    kept.write_text("from-file\n")
    path = tmp_path / "config.toml"
    path.write_text('[room]\ntoken = "env:ROOM_TOKEN"')
    config = load(path)
    assert config.room.token.value == "from-env"
    assert "from-env" not in repr(config)
    assert "from-env" not in f"{config.room.token}"
    path.write_text(f'[room]\ntoken = "file:{kept}"')
    assert load(path).room.token == Secret("from-file")


def test_a_log_line_is_one_line_without_what_people_wrote() -> None:
    try:
        raise ValueError("张三说的话\n第二行")
    except ValueError as error:
        record = logging.LogRecord("jindu.x", logging.ERROR, "f", 1, "failed", None, (type(error), error, None))
        record.exc_info = (type(error), error, error.__traceback__)
    record.key, record.after, record.words = "room:m7", 5, "two words"
    line = logs.OneLine().format(record)
    assert line.count("\n") == 0
    assert "张三" not in line
    assert "ERROR jindu.x key=room:m7 after=5" in line
    assert 'words="two words"' in line
    assert "error=ValueError at=test_config.py:" in line
    assert line.endswith("| failed")
    assert "张三" in logs.OneLine(verbose=True).format(record)
    read = orjson.loads(logs.Json().format(record))
    assert {name: read[name] for name in ("level", "logger", "message", "key", "after", "error")} == {
        "level": "error", "logger": "jindu.x", "message": "failed", "key": "room:m7", "after": 5, "error": "ValueError",
    }  # fmt: skip
    assert "张三" not in str(read)


def test_platforms_are_read_and_their_secrets_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINDU_TEST_SECRET", "s3cret-value")
    path = tmp_path / "config.toml"
    path.write_text(
        '[adapters.feishu]\napp_id = "cli_1"\napp_secret = "env:JINDU_TEST_SECRET"\n'
        '[adapters.wecom]\nbot_id = "b"\nsecret = "s3cret-value"\nwebhook = "https://h/?key=s3cret-value"\n'
        "[adapters.dingtalk]\nenabled = false\n",
        encoding="utf-8",
    )
    config = load(path)
    assert [platform.name for platform in config.adapters] == ["feishu", "wecom"]
    assert config.adapters[0].settings["app_secret"].value == "s3cret-value"
    assert "s3cret" not in repr(config)
