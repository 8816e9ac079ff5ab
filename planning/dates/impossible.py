"""Days and times that do not exist but were meant as such: 明天25:70, 2月30日, 9-31, 9-25~9-21.

Only what cannot be anything else: a ratio, a score or a version beside no date is left alone, unless it stands where a
time would, as the last word: 打电话 25:70.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from planning.dates.months import month_day
from planning.dates.readings import Expression
from planning.dates.words import fold

_CLOCK = re.compile(r"(?<![\d:.])(?P<h>\d{1,2})(?::(?P<m>\d{2})|点(?:(?P<m2>\d{1,2})分?)?)(?![\d:])")
_MONTH_DAY = re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_NUMERIC = re.compile(r"(?:^|(?<=[\s,，]))(?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?=$|[\s,，。])")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\d{4}")
_EDGES = " ,，。;；:：\n"
_LEAP = 2028
_LONGEST = timedelta(days=183)
"""A span without a year that is longer was written the wrong way round."""


def impossible(text: str, found: Sequence[Expression]) -> str:
    """The words that name no day or time, as they were written; "" when there are none. found: of the same text."""
    for said in found:
        reading = said.readings[0]
        if reading.end_day and reading.end_day - reading.day > _LONGEST and not _YEAR.search(said.words):
            return said.words.strip()
    if not _DIGIT.search(text):
        return ""
    folded = fold(text)
    for match in _CLOCK.finditer(folded):
        if not _is_time(match) and (_beside(folded, match, found) or _last_word(folded, match)):
            return text[match.start() : match.end()]
    for pattern in (_MONTH_DAY, _NUMERIC):
        for match in pattern.finditer(folded):
            month, day = int(match["month"]), int(match["day"])
            if 1 <= month <= 12 and month_day(_LEAP, month, -1).day < day <= 31:
                return text[match.start() : match.end()]
    return ""


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
