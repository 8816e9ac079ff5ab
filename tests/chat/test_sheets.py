"""Tables go out as workbooks and come in as text, whatever somebody puts into them."""

from __future__ import annotations

import io
from datetime import date, datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from adapters.reading import words_of
from chat.errors import Malformed
from chat.sheets import MOST_UNPACKED, table, workbook

TABLE = '标题,负责人,截止\n"海报, 终稿",王五,2026-09-18\n=1+1,@SUM(A1),\n"两行\n字",,\n'


def test_a_table_comes_back_as_it_went_out() -> None:
    assert table(workbook(TABLE, "任务")) == TABLE


def test_no_cell_is_a_formula() -> None:
    sheet = load_workbook(io.BytesIO(workbook("\ufeff" + TABLE, "双十一/任务:[9]"))).active
    assert sheet.title == "双十一任务9"
    assert "f" not in {cell.data_type for row in sheet for cell in row}
    assert sheet["A3"].value == "=1+1"
    assert sheet.freeze_panes == "A2"


def test_dates_numbers_and_blanks_are_words() -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["截止", "进度", "是"])
    sheet.append([datetime(2026, 9, 18, 18, 0), 80.0, True])  # noqa: DTZ001 — as Excel has it
    sheet.append([date(2026, 9, 18), 0.5, None])
    out = io.BytesIO()
    book.save(out)
    assert table(out.getvalue()) == "截止,进度,是\n2026-09-18 18:00,80,True\n2026-09-18,0.5,\n"


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no", b"\xd0\xcf\x11\xe0 locked by a password", _zip(a=b"x"), _zip(workbook=b"<x")]
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        table(content)
    assert words_of("a.xlsx", content) == ""


def test_a_bomb_is_not_unpacked() -> None:
    bomb = _zip(**{"xl/worksheets/sheet1.xml": bytes(MOST_UNPACKED + 1)})
    assert len(bomb) < 200_000
    with pytest.raises(Malformed, match="too large"):
        table(bomb)


def test_text_of_old_windows_programs_is_read() -> None:
    assert words_of("a.csv", "标题,负责人".encode("gbk")) == "标题,负责人"
    assert words_of("a.csv", "\ufeff标题".encode()) == "标题"
    assert words_of("a.png", b"x") == ""
