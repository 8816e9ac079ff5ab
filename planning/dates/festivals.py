"""Festivals people name dates by: public holidays, fixed days, lunar days, n-th Sundays.

Public holidays are taken from the calendar as they are taken (first to last day off). Outside the lunar table a
lunar festival is not known, and not guessed.
"""

from collections.abc import Callable
from datetime import date, timedelta
from types import MappingProxyType

from planning.dates.lunar import lunar
from planning.dates.months import nth_weekday

Finder = Callable[[int], date | None]  # year → the day, None when it is not known


def _fixed(month: int, day: int) -> Finder:
    return lambda year: date(year, month, day)


def _nth(month: int, n: int, weekday: int) -> Finder:
    return lambda year: nth_weekday(year, month, n, weekday)


def _after(find: Finder, days: int) -> Finder:
    def later(year: int) -> date | None:
        there = find(year)
        return there + timedelta(days=days) if there else None

    return later


def _lunar(month: int, day: int, days: int = 0) -> Finder:
    def find(year: int) -> date | None:
        there = lunar(year, month, day)
        return there + timedelta(days=days) if there else None

    return find


def _qingming(year: int) -> date:
    short = year % 100
    return date(year, 4, int(short * 0.2422 + 4.81) - short // 4)


_TERMS = {  # a day of the century's tables for each solar term: month, constant, days off in some years
    "小寒": (1, 5.4055, 2019, -1), "大寒": (1, 20.12, 2082, 1), "立春": (2, 3.87, 0, 0), "雨水": (2, 18.73, 2026, -1),
    "惊蛰": (3, 5.63, 0, 0), "春分": (3, 20.646, 2084, 1), "谷雨": (4, 20.1, 0, 0), "立夏": (5, 5.52, 0, 0),
    "小满": (5, 21.04, 2008, 1), "芒种": (6, 5.678, 0, 0), "夏至": (6, 21.37, 0, 0), "小暑": (7, 7.108, 2016, 1),
    "大暑": (7, 22.83, 0, 0), "立秋": (8, 7.5, 2002, 1), "处暑": (8, 23.13, 0, 0), "白露": (9, 7.646, 0, 0),
    "秋分": (9, 23.042, 0, 0), "寒露": (10, 8.318, 0, 0), "霜降": (10, 23.438, 0, 0), "立冬": (11, 7.438, 0, 0),
    "小雪": (11, 22.36, 0, 0), "大雪": (12, 7.18, 0, 0), "冬至": (12, 21.94, 2021, -1),
}  # fmt: skip


def _term(month: int, constant: float, odd_year: int, shift: int) -> Finder:
    """A solar term of the years 2000 to 2099: [Y * 0.2422 + C] - [Y / 4], with its one exception."""

    def find(year: int) -> date | None:
        if not 2000 <= year <= 2099:
            return None
        short = year - 2000
        leaps = (short - 1) // 4 if month < 3 else short // 4
        return date(year, month, int(short * 0.2422 + constant) - leaps + (shift if year == odd_year else 0))

    return find


def _easter(year: int) -> date:
    """Western Easter Sunday by the anonymous Gregorian computus."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def _black_friday(year: int) -> date:
    """The day after the fourth Thursday of November, which falls on 22..28."""
    return date(year, 11, 29) - timedelta(days=(date(year, 11, 29).weekday() - 4) % 7)


PUBLIC: MappingProxyType[str, Finder] = MappingProxyType(
    {
        "元旦": _fixed(1, 1),
        "春节": _lunar(1, 1),
        "清明": _qingming,
        "五一": _fixed(5, 1),
        "劳动节": _fixed(5, 1),
        "端午": _lunar(5, 5),
        "中秋": _lunar(8, 15),
        "国庆": _fixed(10, 1),
        "十一": _fixed(10, 1),
    }
)

FEASTS: MappingProxyType[str, Finder] = MappingProxyType(
    {
        "除夕": _lunar(1, 1, -1),
        "大年三十": _lunar(1, 1, -1),
        "年三十": _lunar(1, 1, -1),
        "大年初一": _lunar(1, 1),
        "大年初二": _lunar(1, 2),
        "大年初三": _lunar(1, 3),
        "大年初四": _lunar(1, 4),
        "大年初五": _lunar(1, 5),
        "大年初六": _lunar(1, 6),
        "大年初七": _lunar(1, 7),
        "大年初八": _lunar(1, 8),
        "大年初九": _lunar(1, 9),
        "大年初十": _lunar(1, 10),
        "元宵": _lunar(1, 15),
        "七夕": _lunar(7, 7),
        "重阳": _lunar(9, 9),
        "情人节": _fixed(2, 14),
        "妇女节": _fixed(3, 8),
        "三八": _fixed(3, 8),
        "植树节": _fixed(3, 12),
        "愚人节": _fixed(4, 1),
        "青年节": _fixed(5, 4),
        "五四": _fixed(5, 4),
        "儿童节": _fixed(6, 1),
        "六一": _fixed(6, 1),
        "建党节": _fixed(7, 1),
        "建军节": _fixed(8, 1),
        "教师节": _fixed(9, 10),
        "万圣节": _fixed(10, 31),
        "光棍节": _fixed(11, 11),
        "双十一": _fixed(11, 11),
        "双11": _fixed(11, 11),
        "618": _fixed(6, 18),
        "双十二": _fixed(12, 12),
        "双12": _fixed(12, 12),
        "平安夜": _fixed(12, 24),
        "圣诞": _fixed(12, 25),
        "跨年夜": _fixed(12, 31),
        "母亲节": _nth(5, 2, 6),
        "父亲节": _nth(6, 3, 6),
        "感恩节": _nth(11, 4, 3),
        "复活节": _easter,
        "农历新年": _lunar(1, 1),
        "消费者权益日": _fixed(3, 15),
        **{name: _term(*numbers) for name, numbers in _TERMS.items()},
        "黑五": _black_friday,
    }
)

ENGLISH: MappingProxyType[str, Finder] = MappingProxyType(
    {
        "christmas eve": _fixed(12, 24),
        "christmas day": _fixed(12, 25),
        "christmas": _fixed(12, 25),
        "xmas": _fixed(12, 25),
        "new year's eve": _fixed(12, 31),
        "new years eve": _fixed(12, 31),
        "new year's day": _fixed(1, 1),
        "new years day": _fixed(1, 1),
        "new year's": _fixed(1, 1),
        "valentine's day": _fixed(2, 14),
        "valentines day": _fixed(2, 14),
        "valentine day": _fixed(2, 14),
        "martin luther king day": _nth(1, 3, 0),
        "presidents day": _nth(2, 3, 0),
        "presidents' day": _nth(2, 3, 0),
        "ash wednesday": _after(_easter, -46),
        "palm sunday": _after(_easter, -7),
        "groundhog day": _fixed(2, 2),
        "women's day": _fixed(3, 8),
        "children's day": _fixed(6, 1),
        "patriot day": _fixed(9, 11),
        "armistice day": _fixed(11, 11),
        "singles' day": _fixed(11, 11),
        "singles day": _fixed(11, 11),
        "saint patrick's day": _fixed(3, 17),
        "saint patricks day": _fixed(3, 17),
        "st patrick's day": _fixed(3, 17),
        "st. patrick's day": _fixed(3, 17),
        "st patricks day": _fixed(3, 17),
        "april fools' day": _fixed(4, 1),
        "april fools day": _fixed(4, 1),
        "april fool's day": _fixed(4, 1),
        "earth day": _fixed(4, 22),
        "juneteenth": _fixed(6, 19),
        "columbus day": _nth(10, 2, 0),
        "veterans day": _fixed(11, 11),
        "boxing day": _fixed(12, 26),
        "thanksgiving day": _nth(11, 4, 3),
        "cyber monday": _after(_black_friday, 3),
        "good friday": _after(_easter, -2),
        "easter monday": _after(_easter, 1),
        "easter sunday": _easter,
        "halloween": _fixed(10, 31),
        "thanksgiving": _nth(11, 4, 3),
        "black friday": _black_friday,
        "mother's day": _nth(5, 2, 6),
        "mothers day": _nth(5, 2, 6),
        "father's day": _nth(6, 3, 6),
        "fathers day": _nth(6, 3, 6),
        "memorial day": _nth(5, -1, 0),
        "labor day": _nth(9, 1, 0),
        "independence day": _fixed(7, 4),
        "easter": _easter,
        "spring festival": _lunar(1, 1),
        "chinese new year": _lunar(1, 1),
        "lunar new year": _lunar(1, 1),
        "mid-autumn festival": _lunar(8, 15),
        "mid-autumn": _lunar(8, 15),
        "dragon boat festival": _lunar(5, 5),
        "national day": _fixed(10, 1),
    }
)


def coming(find: Finder, day: date) -> date | None:
    """The festival's first day on or after ``day``; None when its date is not known."""
    there = find(day.year)
    if there is not None and there >= day:
        return there
    return find(day.year + 1)
