"""Days and times that do not exist; what only looks like one stays."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from planning.dates import find
from planning.dates.impossible import Impossible, impossible

NOW = datetime(2026, 9, 18, 14, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("出海报 明天25:70", "25:70"), ("出海报 明天 13:60 前", "13:60"), ("明天25点 开会", "25点"),
        ("２５：７０ 明天", "２５：７０"), ("交材料 2月30日", "2月30日"), ("交材料 9-31", "9-31"),
        ("交材料 9-25~9-21", "9-25~9-21"), ("report tomorrow 25:70", "25:70"),
        ("打电话 25:70", "25:70"), ("打电话 25:70。", "25:70"), ("25:70", ""), ("画面比例 16:90", ""),
        ("25:70 的画面", ""), ("画面比例25:70", ""),
        ("出海报 明天18:00", ""), ("明天24:00 上线", ""), ("比例16:90 明天", ""), ("比分 30:28", ""), ("v1:70", ""),
        ("对账 每月32号", "每月32号"), ("对账 每个月0号", "每个月0号"), ("对账 每月31号", ""), ("对账 每月15号", ""),
        ("9-31号楼", ""), ("尺寸 3-45", ""), ("2月29日", ""), ("跨年 2026-12-1~2027-7-1", ""), ("", ""), ("🎉", ""),
    ],
)  # fmt: skip
def test_impossible(text: str, words: str) -> None:
    found = impossible(text, find(text, NOW, Calendar()))
    assert (found.words if found else "") == words


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("9-31", Impossible("9-31", 0, 9, 30)), ("9-31请假", Impossible("9-31", 0, 9, 30)),
        ("改到9-31", Impossible("9-31", 0, 9, 30)),
        ("９－３１", Impossible("９－３１", 0, 9, 30)), ("9月31号下午", Impossible("9月31号", 0, 9, 30)),
        ("9 月 31 日", Impossible("9 月 31 日", 0, 9, 30)), ("九月三十一日", Impossible("九月三十一日", 0, 9, 30)),
        ("2-30", Impossible("2-30", 0, 2, 29)), ("2026-02-30", Impossible("2026-02-30", 2026, 2, 28)),
        ("2026/2/29", Impossible("2026/2/29", 2026, 2, 28)), ("2028-2-29", None),
        ("2027年2月29日", Impossible("2027年2月29日", 2027, 2, 28)), ("2026-13-01", Impossible("2026-13-01", 2026, 13)),
        ("9-29~9-31", Impossible("9-31", 0, 9, 30)), ("9.29-9.31", Impossible("9.31", 0, 9, 30)),
        ("9-29~31", Impossible("9-29~31", 0, 9, 30)), ("9月29到31日", Impossible("9月29到31日", 0, 9, 30)),
        ("9-1~10-31", None), ("10月30到31日", None),
        ("sep 31", Impossible("sep 31", 0, 9, 30)), ("September 31st", Impossible("September 31st", 0, 9, 30)),
        ("31 June", Impossible("31 June", 0, 6, 30)), ("may 31", None), ("sep 30 18:00", None),
        ("13-1", None), ("9-32", None), ("32号楼", None), ("9.31 元", None),
        ("一月三十一日", None), ("十一月三十日", None),
    ],
)  # fmt: skip
def test_why(text: str, what: Impossible | None) -> None:
    assert impossible(text, find(text, NOW, Calendar())) == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("13-1", Impossible("13-1", 0, 13)), ("13月1日", Impossible("13月1日", 0, 13)),
        ("0-5", Impossible("0-5", 0, 13)), ("9-0", Impossible("9-0", 0, 9, 30)), ("9-32", Impossible("9-32", 0, 9, 30)),
        ("9.31", Impossible("9.31", 0, 9, 30)), ("32号", Impossible("32号", days=31)), ("31号", None), ("9-30", None),
        ("9-21 14-18", None), ("请1-3天", None), ("", None), ("🎉", None),
    ],
)  # fmt: skip
def test_where_a_day_is_expected(text: str, what: Impossible | None) -> None:
    assert impossible(text, find(text, NOW, Calendar()), expected=True) == what
