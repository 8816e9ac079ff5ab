"""Lines, templates and files made to keep a program busy for ever: a polite answer soon, and nothing is changed."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from adapters.reading import with_words
from chat.messages import File
from chat.sheets import MOST_UNPACKED, workbook
from tests.abuse.hall import LEAD, QUIET, Hall, Pulse

BUSY = 1.5
"""Seconds of the loop, in processor time: many times what is needed."""
LONGEST = 2000
LINES = (
    "T", "周", "1-", "9-18 ", "@", " ", "今日：", "a1", "（", "每周", "下", "12:", "T1,", "\n", "零一二三四",
    "依赖 T1 ", "明天", "T1 80%\n", "a@b.", "\u202e", "🏴‍☠️", "０", "-", "。", "http://a.", "1.", "年月日", "P1 同意 ",
    "|", "((a+)+)+$",
)  # fmt: skip
BEFORE = ("", "/任务 ", "/日报 ", "/查 ", "T1 ", "/请假 ", "/审批 ", "/导入\n")
SHEET = "xl/worksheets/sheet1.xml"
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
CELL = '<row r="1"><c t="inlineStr"><is><t>{}</t></is></c></row>'
LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
pytestmark = pytest.mark.timeout(300)


def sheet(rows: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<worksheet {SPACE}><sheetData>{rows}</sheetData></worksheet>'


BOMBS = {
    "much": b" " * (MOST_UNPACKED + 1),
    "one cell": sheet(CELL.format("a" * 20_000_000)).encode(),
    "laughs": sheet(CELL.format("&i;"), f'<!DOCTYPE l [<!ENTITY a "{"a" * 1000}">{LAUGHS}]>').encode(),
    "columns": sheet("".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 20_001))).encode(),
    "far away": sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>').encode(),
    "cells": sheet("".join(f'<row r="{n}">{"<c><v>1</v></c>" * 60}</row>' for n in range(1, 8001))).encode(),
}


def packed(part: bytes) -> bytes:
    """A workbook whose sheet is this."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(workbook("标题\na\n", "计划"))) as whole, ZipFile(out, "w", ZIP_DEFLATED) as bomb:
        for name in whole.namelist():
            bomb.writestr(name, part if name == SHEET else whole.read(name))
    return out.getvalue()


@pytest.mark.parametrize("name", list(BOMBS))
async def test_a_bomb_in_a_workbook(hall: Hall, name: str) -> None:
    """As an adapter hands it in: read beside the loop, refused like any file that is no table."""
    content = packed(BOMBS[name])
    assert len(content) < 2 << 20, "small enough to be fetched"

    async def fetch(file: File) -> tuple[str, bytes]:
        return file.name, content

    with Pulse() as pulse:
        thing = await with_words(hall.thing(LEAD, "/导入", files=(File("计划.xlsx", "r"),)), fetch)
        (await hall.app.intake.submit(thing)).acked()
        await hall.app.idle()
    (said,) = hall.texts()
    assert "读不了「计划.xlsx」" in said or "标题" in said
    assert len(said) <= LONGEST
    assert pulse.longest < BUSY
    assert "没有未完成的任务" in (await hall.hear(LEAD, "/进度"))[0]
    assert "✅ T1" in (await hall.hear(LEAD, "/任务 写周报"))[0], "and on it goes"


@pytest.mark.parametrize("before", BEFORE)
async def test_a_line_that_wants_to_be_searched_for_ever(hall: Hall, before: str) -> None:
    """Twenty thousand characters of what our own patterns look for."""
    await hall.hear(LEAD, "/任务 写周报")
    for piece in LINES:
        with Pulse() as pulse:
            said = await hall.hear(LEAD, before + piece * (20_000 // len(piece)))
        assert pulse.longest < BUSY, piece
        assert max(map(len, said), default=0) <= LONGEST, piece


@pytest.mark.parametrize("blank", [" ", "\n", "\u3000"])
async def test_a_word_far_behind_another_is_looked_for_once(hall: Hall, blank: str) -> None:
    for before, after in (
        ("我", "同意P1x"),
        ("D1 选", "x"),
        ("P1", "x"),
        ("/决策 标题：a", "b / c"),
        ("T1 改到", "吧x"),
    ):
        with Pulse() as pulse:
            await hall.hear(LEAD, before + blank * 19_900 + after)
        assert pulse.longest < BUSY, before


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in people %}{% for b in people %}{% for c in people %}x{% endfor %}{% endfor %}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{% for n in range(10 ** 9) %}x{% endfor %}",
        "{{ '%1000000000d' % 1 }}",
        "{{ people|map('x')|list * 9 }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% set a = people %}{{ a }}",
        "{{ ((((((((((((((((((((" * 60,
        "{{ [" * 1000,
        "{% for a in people %}" * 190,
        "{{ 'a'|string|upper" + "|upper" * 600 + " }}",
        "{{ a" + ".b" * 1900 + " }}",
        "x" * 30_000,
    ],
)
async def test_a_template_that_wants_to_run_for_ever(hall: Hall, template: str) -> None:
    await hall.enrol(300)
    with Pulse() as pulse:
        (said,) = await hall.hear(LEAD, f"/模板 日汇总\n{template}")
    assert pulse.longest < BUSY
    assert len(said) <= 2 * LONGEST
    assert "编号" not in said, "it is a mistake of theirs, not one of ours"
    assert "日汇总：内置的" in (await hall.hear(LEAD, "/模板"))[0]


async def test_two_loops_over_everybody(hall: Hall) -> None:
    """Allowed, and cut off."""
    await hall.enrol(3000)
    with Pulse() as pulse:
        (said,) = await hall.hear(
            LEAD, "/模板 日汇总\n{% for a in people %}{% for b in people %}字{% endfor %}{% endfor %}"
        )
    assert pulse.longest < BUSY
    assert len(said) <= 3 * LONGEST
    assert "✅ T" in (await hall.hear(LEAD, "/任务 写周报", place=QUIET))[0]
