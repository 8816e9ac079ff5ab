"""Ranges: 9:00-18:00, 周三至五, 10月10日~15日 9:00-18:00, from March to May 2027."""

from dataclasses import replace
from datetime import date
from functools import partial

from planning.dates.days_zh import next_weekday
from planning.dates.joining import phrase_at
from planning.dates.lexer import piece_at
from planning.dates.months import last_of, month_day
from planning.dates.phrase import Phrase
from planning.dates.pieces import Clock, Day, Moment
from planning.dates.words import compiled, zh_weekday

_LINK = r" ?(?:起|开始)?(?:到|至|直到|[-~]{1,2}|to |till |untill? |but before |through |thru |和|与|and ) ?"
_DAY_FIRST = r"(?:the )?\d{1,2}(?:st|nd|rd|th)? ?(?:of )?[a-z]"
_AMONG = r"之?间(?!隔|断|接)"
_BETWEEN = r"(?:从|自|from|between) ?$"
_BARE_HOUR = r"\d{1,2}(?![\d:.%/-]| ?[a-z]| ?[个人天号月日年分折元万点时])"
_BARE_WEEKDAY = r"[一二三四五六日天](?![点月号日天个周年])"
ENDS_IN_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天]$"


def _bare_end(text: str, pos: int, phrase: Phrase) -> Phrase | None:
    """The far end of a range said short: 周三至五, 9点到11, 8am until 6."""
    if phrase.clock:
        hour = compiled(_BARE_HOUR).match(text, pos)
        if hour is None or phrase.clock.vague or not 1 <= int(hour[0]) <= 24:
            return None
        end = Clock(int(hour[0]) % 24 * 60, carry=int(hour[0]) // 24, loose=int(hour[0]) <= 12)
        return Phrase(end, pos, hour.end())
    found = compiled(_BARE_WEEKDAY).match(text, pos)
    if phrase.day is None or found is None or not compiled(ENDS_IN_WEEKDAY).search(text[phrase.start : phrase.stop]):
        return None
    weekday = zh_weekday(found[0])
    there = next_weekday(weekday, phrase.day.options[0][0])
    return Phrase(Day(((there, None),), roll=partial(next_weekday, weekday)), pos, found.end())


def range_end(text: str, phrase: Phrase, at: Moment) -> Phrase | None:
    """The phrase after 到 / ~ / to, when it can be the far end of a range that begins with ``phrase``."""
    if (
        phrase.stop == len(text)
        or phrase.void
        or (phrase.rule and not phrase.clock)
        or (phrase.day and not phrase.day.may_begin_a_range and not phrase.clock)
    ):
        return None
    link = compiled(_LINK).match(text, phrase.stop)
    if link is None:
        return None
    either = link[0].strip() in ("和", "与", "and") and not compiled(_BETWEEN).search(text[: phrase.start])
    other = _bare_end(text, link.end(), phrase) or phrase_at(text, link.end(), at._replace(joined=True))
    if other is None or other.rule or other.void or (phrase.rule and (other.day or not other.clock)):
        return None
    if either and not compiled(_AMONG).match(text, other.stop):
        return None
    if phrase.day and other.day is None and not (phrase.clock and other.clock):
        return None
    if other.day and (not phrase.clock if phrase.day is None else not phrase.day.may_begin_a_range):
        return None
    if other.day and other.day.minute is not None:
        return None
    timed = phrase.clock and other.clock and not other.day
    if phrase.day and phrase.day.options[0][1] and not timed and (not other.day or not _alike(phrase.day, other.day)):
        return None
    return other


def _alike(day: Day, last: Day) -> bool:
    """May a range go from this span to that day: months to months, and 11月到12月9号?"""
    whole = day.grain in ("month", "year") and last.grain == "day" and not last.options[0][1] and not last.open
    return day.grain == last.grain or whole


def close(text: str, phrase: Phrase, other: Phrase) -> None:
    """Make ``other`` the far end. A day said after both times (9:30 - 11:00 on Thursday) is the day of both."""
    phrase.end, phrase.stop = other, other.stop
    if phrase.rule and phrase.clock and other.clock:
        phrase.clock = _until(phrase.clock, other.clock)
        return
    if other.led_by_clock and other.day and phrase.day is None:
        phrase.day, other.day = other.day, None
    if phrase.clock and other.clock and phrase.clock.loose and other.clock.part == "afternoon" and not other.day:
        late = phrase.clock.minute + 720
        if phrase.clock.minute < 720 and late < other.clock.minute:
            phrase.clock = replace(phrase.clock, minute=late, loose=False)
    if phrase.day and other.day:
        phrase.day = _shared(phrase.day, other.day, bool(compiled(_DAY_FIRST).match(text, other.start)))


def hours_of(text: str, phrase: Phrase, other: Phrase, at: Moment) -> None:
    """Take the hours said after a range of days: 10月10日~15日 9:00-18:00."""
    if phrase.rule or phrase.clock or not other.day or phrase.stop == len(text):
        return
    if other.clock:  # 周一到周三 10点-12点
        end = range_end(text, Phrase(other.clock, phrase.stop, phrase.stop), at)
        if end and end.clock and not end.day:
            phrase.clock, other.clock, phrase.stop = other.clock, end.clock, end.stop
        return
    glue = compiled(r" ?[,(]? ?的?").match(text, phrase.stop)
    got = piece_at(text, glue.end() if glue else phrase.stop, at._replace(joined=True))
    if got is None or not isinstance(got[0], Clock) or got[0].vague:
        return
    hours = Phrase(got[0], phrase.stop, got[1])
    end = range_end(text, hours, at)
    last = end.clock if end else Clock(got[0].end) if got[0].end else None
    if last is None:
        return
    phrase.clock, other.clock = replace(got[0], end=None), last
    phrase.stop = end.stop if end else hours.stop


def _month_before(day: Day, end: date) -> Day:
    """The month of ``day``, in the year that has it before ``end``: from March to May 2027."""
    first = day.options[0][0].replace(year=end.year)
    first = first if first <= end else first.replace(year=end.year - 1)
    return replace(day, options=((first, last_of(first, 1)),), assumed=())


def _until(clock: Clock, last: Clock) -> Clock:
    """The time of a recurrence with its end: 每周一9点到11点."""
    end = last.end if last.vague and last.end else last.minute
    return replace(clock, end=end + 720 if last.loose and end <= clock.minute and end < 720 else end)


def _shared(day: Day, last: Day, day_first: bool) -> Day:
    """The near end takes the month or the year that only the far end says: the 13th to the 15th July."""
    first, end = day.options[0][0], last.options[0][0]
    if day.grain == last.grain == "month" and day.assumed and not last.assumed:
        return _month_before(day, end)
    if last.options[0][1] or last.roll is None or last.weekday is not None:
        return day
    if day.assumed == ("month",) and day_first and last.assumed != ("month",):
        return replace(day, options=tuple((month_day(end.year, end.month, first.day), None) for end, _ in last.options))
    if day.assumed == ("year",) and not last.assumed:
        near = month_day(end.year, first.month, first.day)
        near = near if near <= end else month_day(end.year - 1, first.month, first.day)
        return replace(day, options=((near, None),), assumed=())
    return day
