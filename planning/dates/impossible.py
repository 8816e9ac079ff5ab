"""Days and times that do not exist but were meant as such: 明天25:70, 2月30日, 9-31, 9-29~9-31, 9-25~9-21.

Only what cannot be anything else: a ratio, a score or a version beside no date is left alone, unless it stands where a
time would, as the last word: 打电话 25:70. Where a day is expected, 13-1 and 32号 are days as well.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import timedelta

from chat.frozen import frozen
from planning.dates.readings import Expression
from planning.dates.words import NUM, compiled, fold, number, tighten

_CLOCK = re.compile(r"(?<![\d:.])(?P<h>\d{1,2})(?::(?P<m>\d{2})|点(?:(?P<m2>\d{1,2})分?)?)(?![\d:])")
_MONTH_DAY = rf"(?<![\d十])(?:(?P<year>\d{{4}})年)?(?P<month>{NUM})月(?P<day>{NUM})[日号]"
_BEFORE, _BEHIND = r"(?:^|(?<=[\s,，;(~至到从自前后]))", r"(?=$|[\s,，。;)~至到从前后之起因下上全半请])"
_NUMERIC = rf"{_BEFORE}(?:(?P<year>20\d\d)[-/.])?(?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}}){_BEHIND}"
_POINTED = rf"{_BEFORE}(?:(?P<year>20\d\d)[-/.])?(?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_BEHIND}"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = rf"\b(?P<named>{'|'.join(_MONTHS)})[a-z]*\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)"
_OF_MONTH = rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?P<named>{'|'.join(_MONTHS)})[a-z]*\b"
_ONLY_DAY = r"(?<![\d月])(?P<day>\d{1,2})[日号]"
_UNTIL = r"\s*(?:[-~至到]\s*)(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})(?!\d)"
_MONTHLY = re.compile(r"每个?月的?(?P<day>\d{1,2})[日号]")
_LAST = r"[-~至到](\d{1,2})[日号]?$"
_DIGIT = re.compile(r"\d|月[一二三四五六七八九十]")
_SIGN = re.compile(rf"[:点月日号/.-]|{'|'.join(_MONTHS)}")
"""One of them is in whatever is written like a day or a time: 36 件 is neither."""
_YEAR = re.compile(r"\d{4}")
_EDGES = " ,，。;；:：\n"
_LEAP = 2028
_LONGEST_MONTH = 31
_LONGEST = timedelta(days=183)
"""A span without a year that is longer was written the wrong way round."""


@frozen
class Impossible:
    """``words`` as they were written. ``days``: so many has ``month`` (of ``year``, if that was said; 0: of the longest
    one). All 0: no time, or a span that ends before it begins."""

    words: str
    year: int = 0
    month: int = 0
    days: int = 0


def impossible(text: str, found: Sequence[Expression], *, expected: bool = False) -> Impossible | None:
    """What names no day or time, if anything does. found: of the same text. expected: it should name a day."""
    for said in found:
        reading = said.readings[0]
        if reading.end_day and reading.end_day - reading.day > _LONGEST and not _YEAR.search(said.words):
            return Impossible(said.words.strip())
    folded = fold(text)
    if not _DIGIT.search(folded) or not (found or _SIGN.search(folded)):
        return None
    for match in _CLOCK.finditer(folded):
        if not _is_time(match) and (_beside(folded, match, found) or _last_word(folded, match)):
            return Impossible(text[match.start() : match.end()])
    if (monthly := _MONTHLY.search(folded)) and not 1 <= int(monthly["day"]) <= _LONGEST_MONTH:
        return Impossible(text[monthly.start() : monthly.end()], days=_LONGEST_MONTH)
    return _end(text, folded, found) or _day(text, folded, loose=expected and not found)


# --- days -----------------------------------------------------------------------------------------------------------


def _end(text: str, folded: str, found: Sequence[Expression]) -> Impossible | None:
    """Of a span: 9-29~9-31, 9月29到31日."""
    for said in found:
        reading = said.readings[0]
        if reading.end_day is None:
            match = compiled(_UNTIL).match(folded, said.stop)
            if match and (days := _short(0, int(match["month"]), int(match["day"]))):
                return Impossible(text[match.start("month") : match.end()], 0, int(match["month"]), days)
        elif (match := compiled(_LAST).search(fold(said.words))) and reading.end_day.day < int(match[1]) <= 31:
            month = reading.end_day.month
            if days := _short(0, month, int(match[1])):
                return Impossible(said.words, 0, month, days)
    return None


def _day(text: str, folded: str, *, loose: bool) -> Impossible | None:
    """loose: whatever looks like a day is one."""
    tight, places = tighten(folded)
    for match in _days(tight, loose=loose):
        groups = match.groupdict()
        year, day = int(groups.get("year") or 0), number(match["day"])
        month = _MONTHS.index(groups["named"]) + 1 if groups.get("named") else number(groups.get("month") or "0")
        start, stop = match.start(), match.end() - 1
        words = text[places[start] : places[stop] + 1] if places else text[start : stop + 1]
        if "month" in groups and not 1 <= month <= 12:
            if loose or (year and month <= _LONGEST_MONTH):
                return Impossible(words, year, max(month, 13))
        elif "month" not in groups and "named" not in groups:
            if day > _LONGEST_MONTH or day < 1:
                return Impossible(words, days=_LONGEST_MONTH)
        elif days := _short(year, month, day, loose=loose):
            return Impossible(words, year, month, days)
    return None


def _days(folded: str, *, loose: bool) -> list[re.Match[str]]:
    """What is written like a day, existing or not."""
    patterns = [_MONTH_DAY] if "月" in folded else []
    if loose:
        patterns += [_POINTED, _ONLY_DAY]
    elif "-" in folded or "/" in folded:
        patterns.append(_NUMERIC)
    if any(month in folded for month in _MONTHS):
        patterns += [_NAMED, _OF_MONTH]
    return [match for pattern in patterns for match in compiled(pattern).finditer(folded)]


def _short(year: int, month: int, day: int, *, loose: bool = False) -> int:
    """How many days the month has, if it has no such day; else 0. Not loose: and another month has."""
    if not 1 <= month <= 12:
        return 0
    days = monthrange(year or _LEAP, month)[1]
    return days if days < day <= _LONGEST_MONTH or (loose and not 1 <= day <= days) else 0


# --- times ----------------------------------------------------------------------------------------------------------


def _is_time(match: re.Match[str]) -> bool:
    hour, minute = int(match["h"]), int(match["m"] or match["m2"] or 0)
    return (hour <= 23 and minute <= 59) or (hour == 24 and minute == 0)


def _last_word(folded: str, match: re.Match[str]) -> bool:
    """Hour and minute both too large, nothing after it, a space before it: 16:9 is a ratio, 30:28 a score."""
    if int(match["h"]) < 25 or int(match["m"] or 0) < 60 or folded[match.end() :].strip(_EDGES):
        return False
    return bool(folded[: match.start()].strip()) and folded[match.start() - 1].isspace()


def _beside(folded: str, match: re.Match[str], found: Sequence[Expression]) -> bool:
    """Does a date stand right before or after it, and no word touch it? 比例16:90 is a ratio."""
    start = match.start()
    if start and folded[start - 1] not in _EDGES and all(said.stop != start for said in found):
        return False
    return any(
        (said.stop <= match.start() and not folded[said.stop : match.start()].strip())
        or (match.end() <= said.start and not folded[match.end() : said.start].strip())
        for said in found
    )  # fmt: skip
