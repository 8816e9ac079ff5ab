"""Tables as people exchange them: CSV text inside the bot, a workbook (.xlsx) at its doors.

Both directions are slow enough for a thread of their own. Imported when the first workbook comes or goes.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from zipfile import ZipFile

from chat.errors import Malformed

MOST_UNPACKED = 32 << 20
"""Bytes a workbook may hold once unpacked; more is a bomb, not a table."""
MOST_LETTERS = 4 << 20
"""Of its first sheet."""
MOST_ROWS, MOST_COLUMNS = 20_000, 60
BOM = "\ufeff"
WIDEST = 48
"""Letters of a column."""


def workbook(table: str, name: str) -> bytes:
    """A CSV text as .xlsx with one sheet called ``name``: bold first row that stays, columns as wide as their words.

    Every cell is text, so nothing in it can become a formula.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    rows = list(csv.reader(io.StringIO(table.removeprefix(BOM))))
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_name(name))
    sheet.freeze_panes = "A2"
    for number in range(max((len(row) for row in rows), default=0)):
        widest = max(_columns(row[number]) for row in rows if number < len(row))
        sheet.column_dimensions[get_column_letter(number + 1)].width = min(widest, WIDEST) + 2
    for row_number, row in enumerate(rows):
        cells = []
        for words in row:
            cell = WriteOnlyCell(sheet, "".join(letter for letter in words if letter >= " " or letter in "\n\t"))
            cell.data_type = "s"
            if row_number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(content: bytes) -> str:
    """The first sheet of a workbook as CSV text; dates as ISO, whole numbers without a point.

    Raises Malformed: it is no workbook, is locked by a password, or is far too large.
    """
    from openpyxl import load_workbook

    try:
        with ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Malformed("the workbook is too large")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows, letters = [], 0
        for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True):
            rows.append([_word(value) for value in row])
            letters += sum(map(len, rows[-1]))
            if letters > MOST_LETTERS:
                raise Malformed("the workbook is too large")
        book.close()
    except Malformed:
        raise
    except Exception as error:  # whatever unpacking and three parsers trip over in a stranger's file
        raise Malformed(f"no workbook: {type(error).__name__}") from error
    return _csv(rows)


def _csv(rows: list[list[str]]) -> str:
    """Without the empty columns and rows at the edges that workbooks carry along."""
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((number for row in rows for number, word in enumerate(row, 1) if word), default=0)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(row[:width] for row in rows)
    return out.getvalue()


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _sheet_name(name: str) -> str:
    """What a workbook takes as a name."""
    return "".join(letter for letter in name if letter not in r"[]:*?/\\'" and letter.isprintable())[:31] or "Sheet1"


def _columns(words: str) -> int:
    return max((sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) for line in words.split("\n")), default=0)
