"""The lunar calendar, 2010 to 2035: 农历八月十五, 正月初三, 腊月二十三. Outside these years nothing is guessed."""

import re
from datetime import date, timedelta

from planning.dates.pieces import Day, Moment, one
from planning.dates.words import number

_FIRST = date(2010, 2, 14)  # the first day of the first year listed
# One number a year: bits 15..4 say which of the months 1..12 have 30 days and not 29, the low four bits which month
# is followed by a leap month (0: none), bit 16 whether that one has 30 days. Checked against published holidays.
_YEARS = (
    0x0A950, 0x0B4A0, 0x0BAA4, 0x0AD50, 0x055D9, 0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930,
    0x07954, 0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260,
    0x0EA65, 0x0D530, 0x05AA0, 0x076A3, 0x096D0, 0x04AFB, 0x04AD0, 0x0A4D0,
)  # fmt: skip
_MONTHS = {"正": 1, "冬": 11, "腊": 12}

_LUNAR = (
    r"(?P<led>农历|阴历|旧历)?(?:(?P<ry>今年|明年|去年)|(?P<year>(?:19|20)\d\d"
    r"|[一二][零〇一二三四五六七八九]{3})年)?的?"
    r"(?P<said>农历|阴历|旧历)?的?"
    r"(?P<month>正|冬|腊|十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9])月"
    r"(?:(?P<early>初)(?P<n>十|[一二三四五六七八九])|(?P<day>三十|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?"
    r"|[一二三四五六七八九]|30|[12]\d|[1-9]))(?![\d个点:])[日号]?"
)


def _months(code: int) -> list[tuple[int, int]]:
    """[(month, days)] of a lunar year; a leap month carries the negative number of the month before it."""
    months: list[tuple[int, int]] = []
    for month in range(1, 13):
        months.append((month, 29 + (code >> (16 - month) & 1)))
        if month == code & 15:
            months.append((-month, 29 + (code >> 16)))
    return months


def _length(code: int) -> int:
    """The days of a lunar year."""
    return 348 + (code >> 4 & 0xFFF).bit_count() + (29 + (code >> 16) if code & 15 else 0)


def lunar(year: int, month: int, day: int) -> date | None:
    """The solar date of a lunar one: ``lunar(2026, 8, 15)`` is 中秋. None: not in the table, or no such day."""
    n = year - _FIRST.year
    if not 0 <= n < len(_YEARS):
        return None
    past = sum(map(_length, _YEARS[:n]))
    for number_of, days in _months(_YEARS[n]):
        if number_of == month:
            return _FIRST + timedelta(days=past + day - 1) if day <= days else None
        past += days
    return None


def _lunar(found: re.Match[str], at: Moment) -> Day | None:
    """Words are lunar when they say so, or by a month 正/冬/腊, or by a day 初几/廿几."""
    month, said = found["month"], found["day"] or ""
    if not (
        found["said"]
        or found["led"]
        or found["early"]
        or month in _MONTHS
        or (said.startswith("廿") and found[0][-1] not in "日号")
    ):
        return None
    wanted = _MONTHS.get(month) or number(month), number(found["n"] or said)
    if found["ry"] or found["year"]:
        year = (
            number(found["year"] or "")
            if found["year"]
            else at.day.year + {"今年": 0, "明年": 1, "去年": -1}[found["ry"]]
        )
        there = lunar(year, *wanted)
    else:
        days = (lunar(at.day.year + n, *wanted) for n in (-1, 0, 1))
        there = next((day for day in days if day and day >= at.day), None)
    return one(there) if there else Day(())


RULES = (("农阴旧正冬腊今明去12一二三四五六七八九十3456789", _LUNAR, _lunar),)
