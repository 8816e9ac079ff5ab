"""No secret is ever written where people look: logs, complaints, crashes, the printed configuration."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from bot import config, logs
from tests.program.conftest import ROOT, Start

SECRETS = {name: f"geheim-{name}-Zx81+/=" for name in ("mail", "feishu", "dingtalk", "wecom", "hook", "app", "proxy")}
CONFIG = """
[room]
port = 0
[mail]
host = "127.0.0.1"
port = 1
sender = "a@example.com"
user = "a"
password = "{mail}"
[adapters.dingtalk]
enabled = true
client_id = "ding1"
client_secret = "env:DING_SECRET"
transport = "webhook"
port = 0
api_base = "http://127.0.0.1:1"
oapi_base = "http://127.0.0.1:1"
proxy = "http://u:{proxy}@127.0.0.1:1"
[adapters.wecom]
enabled = true
bot_id = "bot1"
secret = "file:{file}"
ws_url = "ws://127.0.0.1:1"
webhook = "http://127.0.0.1:1/send?key={hook}"
app = {{ corpid = "ww1", agentid = 1, secret = "{app}", api_base = "http://127.0.0.1:1" }}
[log]
level = "debug"
format = "{format}"
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    (tmp_path / "wecom").write_text(SECRETS["wecom"], encoding="utf-8")
    return tmp_path / "config.toml"


def _write(path: Path, shape: str) -> None:
    path.write_text(CONFIG.format(**SECRETS, file=path.with_name("wecom"), format=shape), encoding="utf-8")


def _clean(words: str) -> None:
    assert [name for name, secret in SECRETS.items() if secret in words or "geheim" in words] == []


@pytest.mark.parametrize("shape", ["line", "json"])
def test_a_run_says_no_secret(start: Start, written: Path, shape: str) -> None:
    """At the level that says most, with nothing to connect to."""
    _write(written, shape)
    program = start("run", "--config", str(written), DING_SECRET=SECRETS["dingtalk"])
    program.until("已启动")
    program.until("wecom")
    program.stop()
    _clean(program.words)


def test_what_is_kept_is_the_owners_alone(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.greeting import room_token

    monkeypatch.setenv("DING_SECRET", SECRETS["dingtalk"])
    _write(written, "line")
    found = config.load(written)
    _clean(repr(found) + str(found))
    assert {SECRETS["mail"], SECRETS["dingtalk"], SECRETS["wecom"], SECRETS["app"]} <= set(found.secrets)
    written.write_text('[room]\nhost = "0.0.0.0"', encoding="utf-8")
    token = room_token(config.load(written))
    kept = written.with_name("data") / "room-token"
    assert (kept.stat().st_mode & 0o777, len(token) >= 16) == (0o600, True)


def test_children_inherit_no_secret(start: Start, written: Path, tmp_path: Path) -> None:
    """The one of an SDK is asked by the system what it was started with."""
    written.write_text(
        '[room]\nport = 0\n[adapters.feishu]\nenabled = true\napp_id = "cli_1"\napp_secret = "env:LARK_SECRET"\n'
        'domain = "http://127.0.0.1:1"\n', encoding="utf-8",
    )  # fmt: skip
    program = start("run", "--config", str(written), LARK_SECRET=SECRETS["feishu"], OTHER="kept")
    program.until("已启动")
    words, environment = _child(program.process.pid, monotonic() + 20)
    assert "geheim" not in environment
    assert "geheim" not in words
    program.stop()
    _clean(program.words)


def _child(parent: int, deadline: float) -> tuple[str, str]:
    """What a child of it was started with: a moment before, it still is its parent's twin, with all that it knows."""
    own = Path(f"/proc/{parent}/cmdline").read_text()
    family = Path(f"/proc/{parent}/task/{parent}/children")
    while monotonic() < deadline:
        for child in family.read_text().split():
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile; the next one is on its way
                words = Path(f"/proc/{child}/cmdline").read_text()
                environment = Path(f"/proc/{child}/environ").read_text()
                if words not in ("", own) and environment:
                    return words, environment
        os.sched_yield()
    raise AssertionError("it never had a child")


@pytest.mark.parametrize("shape", [logs.OneLine(verbose=True), logs.Json(verbose=True)])
def test_whatever_brings_it_there_it_is_masked(shape: logging.Formatter) -> None:
    logs._masks.set([SECRETS["mail"], "abc"])
    try:
        raise RuntimeError(f"https://x/?key={SECRETS['mail']}&k=geheim-mail-Zx81%2B%2F%3D")
    except RuntimeError:
        record = logging.getLogger("jindu").makeRecord(
            "jindu", logging.ERROR, "f", 1, "abc %s", (SECRETS["mail"],), sys.exc_info(),
            extra={"error": SECRETS["mail"]},
        )  # fmt: skip
    line = shape.format(record)
    logs._masks.set([])
    _clean(line)
    assert "abc ***" in line


def test_a_crash_says_no_secret() -> None:
    done = _crashed("raise ValueError('geheim-xyz')", "debug")
    assert done.returncode == 1
    assert "geheim-xyz" not in done.stderr.replace("raise ValueError('geheim-xyz')", "")
    assert "ValueError: ***" in done.stderr


CRASHES = {
    "program": "said = ''.join(['王五', '说的话']); raise KeyError(said)",
    "thread": "import threading; said = ''.join(['王五', '说的话'])\n"
    "def f(): raise KeyError(said)\nt = threading.Thread(target=f); t.start(); t.join()",
    "unraisable": "said = ''.join(['王五', '说的话'])\nclass A:\n def __del__(self): raise KeyError(said)\n"
    "a = A(); del a",
    "task": "import asyncio, gc; said = ''.join(['王五', '说的话'])\nasync def f(): raise KeyError(said)\n"
    "async def main():\n t = asyncio.create_task(f()); await asyncio.sleep(0); del t; gc.collect()\n"
    "asyncio.run(main())",
    "callback": "import asyncio; said = ''.join(['王五', '说的话'])\ndef f(words): raise KeyError(words)\n"
    "async def main(): asyncio.get_running_loop().call_soon(f, said); await asyncio.sleep(0.01)\nasyncio.run(main())",
    "cause": "said = ''.join(['王五', '说的话'])\ntry: raise KeyError(said)\n"
    "except KeyError as error: raise ValueError(said) from error",
}


@pytest.mark.parametrize("how", CRASHES)
def test_a_crash_repeats_nobodys_words(how: str) -> None:
    """Locals are never shown, nor what an error says: it may be a message."""
    done = _crashed(CRASHES[how], "info")
    assert "王五说的话" not in done.stderr
    assert "Error" in done.stderr, "but where and of what kind"


def _crashed(code: str, level: str) -> subprocess.CompletedProcess[str]:
    begin = f"from bot import logs; logs.start('{level}', 'line', ['geheim-xyz'])\n"
    return subprocess.run([sys.executable, "-c", begin + code], cwd=ROOT, capture_output=True, text=True, check=False)
