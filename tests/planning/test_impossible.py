"""Days and times that do not exist; what only looks like one stays."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from planning.dates import find
from planning.dates.impossible import impossible

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
        ("9-31号楼", ""), ("尺寸 3-45", ""), ("2月29日", ""), ("跨年 2026-12-1~2027-7-1", ""), ("", ""), ("🎉", ""),
    ],
)  # fmt: skip
def test_impossible(text: str, words: str) -> None:
    assert impossible(text, find(text, NOW, Calendar())) == words
