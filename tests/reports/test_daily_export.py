"""Files that leave the bot: readable by Excel, harmless to it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from clerk import START, Clerk

from commands.daily_export import as_csv, as_markdown, harmless
from storage.daily import Words


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("\u3000=cmd|' /C calc'!A0", "'\u3000=cmd|' /C calc'!A0"), ("\n=1", "'\n=1"), ("主图", "主图"), ("a=b", "a=b"),
        ("", ""),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: str, safe: str) -> None:
    assert harmless(cell) == safe


def test_csv(clerk: Clerk) -> None:
    person = clerk.person("=李四")
    clerk.hand_in(person, Words('说了"好"，\n第二行', "-明天", "@所有人"))
    desk = clerk.desk(START + timedelta(hours=1))
    text = as_csv(desk, desk.books.daily.on(clerk.project.id, START.date()))
    assert text.startswith("\ufeff日期,姓名,")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert rows[1] == [
        "2026-09-21", "'=李四", '说了"好"，\n第二行', "'-明天", "'@所有人", "准时", "2026-09-21 17:35", "1", "",
    ]  # fmt: skip


def test_markdown(clerk: Clerk) -> None:
    person = clerk.person("李*四*")
    clerk.hand_in(person, Words("# 标题\n[点我](http://x)", "<b>b</b>", ""))
    desk = clerk.desk(START + timedelta(hours=1))
    text = as_markdown(desk, desk.books.daily.on(clerk.project.id, START.date()))
    assert "- **李\\*四\\***（准时）" in text
    assert "  - 今日：\\# 标题；\\[点我\\](http://x)" in text
    assert "  - 明日：\\<b\\>b\\</b\\>" in text
    assert "  - 阻塞：—" in text


def test_unsent_answers_to_a_recalled_message_are_not_sent(clerk: Clerk) -> None:
    from chat.cards import text_card
    from chat.text import verbatim
    from storage.outbox import unsent

    outbox = clerk.books(START).outbox
    outbox.post("room", "g1", text_card(verbatim("今日：秘密")), reply_to="m1")
    outbox.post("room", "g1", text_card(verbatim("别的")), reply_to="m2")
    books = clerk.books(START)
    books.outbox.silence("room", "m1")
    assert len(clerk.tx.superseded) == 1
    assert [waiting.parcel.reply_to for waiting in unsent(clerk.tx)] == ["m2"]
