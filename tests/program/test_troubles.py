"""``jindu outbox`` and ``jindu replay`` beside a bot at work, which notices."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.program.conftest import Start

_DEAD = (
    "INSERT INTO outbox (key, platform, chat, kind, body, locale, reply_to, asker, state, attempts, not_before, at, "
    "error) VALUES ('x/{n}', 'gone', 'g', 'post', '{{}}', 'zh', '', '', '{state}', 3, 0, 0, "
    "'POST https://open.example.com/very/long/" + "0" * 99 + ": no such chat')"
)


def test_an_admin_lists_retries_and_drops_without_stopping_the_bot(start: Start, tmp_path: Path) -> None:
    running = start("run", "--port", "0")
    running.url()
    with closing(sqlite3.connect(tmp_path / "data" / "jindu.db", isolation_level=None)) as driver:
        for number, state in enumerate(("dead", "doubt", "dead")):
            driver.execute(_DEAD.format(n=number, state=state))
        first, second, _ = (row[0] for row in driver.execute("SELECT id FROM outbox WHERE key LIKE 'x/%' ORDER BY id"))
    listing = start("outbox", "list")
    assert "不确定 1　没发出 2" in listing.until("排队")
    line = listing.until(str(first))
    assert line.endswith("POST …: no such chat"), "the reason, not where it was sent"
    assert "01-01 08:00" in line, "by the chats' clock, whatever the machine's is"
    assert listing.end() == 0
    dropping = start("outbox", "drop", str(second))
    dropping.until("已放弃 1 条")
    assert dropping.end() == 0
    retrying = start("outbox", "retry", "all")
    retrying.until("2 条会再发一次")
    assert retrying.end() == 0
    with closing(sqlite3.connect(tmp_path / "data" / "jindu.db")) as driver:
        states = [row[0] for row in driver.execute("SELECT state FROM outbox WHERE key LIKE 'x/%' ORDER BY id")]
    assert states[1] == "dropped"
    assert set(states) <= {"dropped", "again", "ready"}
    nothing = start("outbox", "retry", "999")
    nothing.until("没有这样的消息")
    assert nothing.end() == 1
    wrong = start("outbox", "retry")
    wrong.until("写上编号")
    assert wrong.end() == 2
    empty = start("replay")
    empty.until("没办成的 0 件")
    assert empty.end() == 0
    unknown = start("replay", "ABCD")
    unknown.until("没有这个编号")
    assert unknown.end() == 1
    assert running.stop() == 0
