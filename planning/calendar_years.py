"""What a year's public holiday notice says: its days off, its makeup days, and their names.

``country_table("CN")`` is the published base (2004 to the last year ``chinese_calendar`` knows, loaded on first use);
``parse_year`` reads the widely published JSON of a newer notice.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from chat.frozen import frozen

REASONS = {
    "json": "not JSON at line {line}, column {column}",
    "deep": "nested too deeply",
    "missing": "missing",
    "kind": "should be {wanted}",
    "year": "{found} is not between 1901 and 2199",
    "date": "“{found}” is not a date like {year}-01-01",
    "elsewhere": "{found} does not belong to {year}",
    "twice": "{found} appears twice",
    "none": "no day off in the whole year",
}
KINDS = {int: "a number", str: "text", bool: "true or false", list: "a list", dict: "an object"}


class CalendarError(ValueError):
    """A calendar file could not be read. ``place``: ``days[3].date``; ``data`` fills ``REASONS[reason]``."""

    def __init__(self, place: str, reason: str, **data: Any) -> None:
        super().__init__(f"{place}: {REASONS[reason].format(**data)}")
        self.place = place
        self.reason = reason
        self.data = data


class HolidayName(NamedTuple):
    """A holiday's name in Chinese (``中秋``) and English (``Mid-Autumn``)."""

    zh: str
    en: str


@frozen
class YearPlan:
    """One imported notice. ``off``: {day off: its name}; ``work``: weekend days that work.

    A notice may also speak of the last days of the year before (the New Year break often starts in December).
    """

    year: int
    off: Mapping[date, HolidayName]
    work: frozenset[date]


class CountryTable(NamedTuple):
    """A country's published years: the same shapes as ``YearPlan``, for many years at once."""

    off: Mapping[date, HolidayName]
    work: frozenset[date]
    first_year: int
    last_year: int


NEW_YEAR = HolidayName("元旦", "New Year")
SPRING = HolidayName("春节", "Spring Festival")
TOMB = HolidayName("清明", "Tomb-Sweeping Day")
LABOUR = HolidayName("劳动节", "Labour Day")
DRAGON = HolidayName("端午", "Dragon Boat Festival")
MID_AUTUMN = HolidayName("中秋", "Mid-Autumn")
NATIONAL = HolidayName("国庆", "National Day")
VICTORY = HolidayName("抗战胜利纪念日", "Victory Day")

_KNOWN_NAMES = {
    "元旦": NEW_YEAR,
    "新年": NEW_YEAR,
    "春节": SPRING,
    "过年": SPRING,
    "清明": TOMB,
    "劳动节": LABOUR,
    "五一": LABOUR,
    "端午": DRAGON,
    "中秋": MID_AUTUMN,
    "国庆": NATIONAL,
    "十一": NATIONAL,
}

_PACKAGE_NAMES = {
    "New Year's Day": NEW_YEAR,
    "Spring Festival": SPRING,
    "Tomb-sweeping Day": TOMB,
    "Labour Day": LABOUR,
    "Dragon Boat Festival": DRAGON,
    "Mid-autumn Festival": MID_AUTUMN,
    "National Day": NATIONAL,
    "Anti-Fascist 70th Day": VICTORY,
}

_WEEKENDS: Mapping[str, frozenset[int]] = {
    country: frozenset({4, 5}) for country in ("SA", "EG", "QA", "KW", "BH", "OM", "JO", "DZ", "IQ", "LY", "SD", "YE")
} | {"IL": frozenset({4, 5}), "IR": frozenset({4}), "NP": frozenset({5}), "BN": frozenset({4, 6})}


def weekend_of(country: str) -> frozenset[int]:
    """The weekly days off of an ISO country code, Monday = 0; Saturday and Sunday where nothing else is known."""
    return _WEEKENDS.get(country.partition("-")[0], frozenset({5, 6}))


def holiday_named(word: str) -> HolidayName | None:
    """The public holiday a Chinese word means (``国庆节``, ``五一``, ``十一假期``), or None."""
    for known, name in _KNOWN_NAMES.items():
        if word.startswith(known):
            return name
    return None


@cache
def country_table(country: str) -> CountryTable | None:
    """The built-in published years of a country, or None: nobody needs to publish them."""
    if country != "CN":
        return None
    from chinese_calendar import constants  # 8 ms and 200 kB: only when a Chinese calendar is first asked

    off = {day: _PACKAGE_NAMES.get(name, HolidayName(name, name)) for day, name in constants.holidays.items()}
    years = [day.year for day in off]
    return CountryTable(off, frozenset(constants.workdays), min(years), max(years))


def parse_year(text: str) -> YearPlan:
    """Read ``{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, …]}``.

    Raises CalendarError. Unknown keys are ignored.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise CalendarError("file", "json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise CalendarError("file", "deep") from None
    year = _field(data, "year", int, "year")
    if not 1900 < year < 2200:
        raise CalendarError("year", "year", found=year)
    off: dict[date, HolidayName] = {}
    work: set[date] = set()
    for number, entry in enumerate(_field(data, "days", list, "days")):
        place = f"days[{number}]"
        day = _day(entry, place, year)
        if day in off or day in work:
            raise CalendarError(f"{place}.date", "twice", found=day.isoformat())
        if _field(entry, "isOffDay", bool, f"{place}.isOffDay"):
            off[day] = _name(_field(entry, "name", str, f"{place}.name"))
        else:
            work.add(day)
    if not off:
        raise CalendarError("days", "none")
    return YearPlan(year, off, frozenset(work))


def _field(holder: Any, key: str, kind: type, place: str) -> Any:
    if not isinstance(holder, dict):
        raise CalendarError(place.removesuffix("." + key), "kind", wanted=KINDS[dict])
    if key not in holder:
        raise CalendarError(place, "missing")
    value = holder[key]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise CalendarError(place, "kind", wanted=KINDS[kind])
    return value


def _day(entry: Any, place: str, year: int) -> date:
    said = _field(entry, "date", str, f"{place}.date")
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise CalendarError(f"{place}.date", "date", found=said, year=year) from None
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise CalendarError(f"{place}.date", "elsewhere", found=day.isoformat(), year=year)
    return day


def _name(said: str) -> HolidayName:
    if not said.strip():
        return HolidayName("假期", "Holiday")
    return holiday_named(said) or HolidayName(said, said)
