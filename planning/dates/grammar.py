"""Putting the pieces together: every phrase of a text, and the lists they stand in."""

from collections.abc import Iterator
from dataclasses import replace

from planning.dates.days_zh import next_weekday
from planning.dates.joining import extend, phrase_at
from planning.dates.lexer import piece_at, skip, start_from
from planning.dates.phrase import Phrase
from planning.dates.pieces import Clock, Day, Moment
from planning.dates.ranges import ENDS_IN_WEEKDAY, close, hours_of, range_end
from planning.dates.words import compiled, zh_weekday

_ROW = frozenset("、/一二三四五六日天")
_NO_COUNT = "(?![点月号日个周十百千万名人位次组项维])"
_MORE_WEEKDAYS = (
    rf"(?:[、/][一二三四五六日天]{_NO_COUNT})+|[一二三四五六日天]{{2,5}}{_NO_COUNT}"
    r"|[一二三四五六日天](?=上午|下午|晚上|早上|中午|前|都|各|[\d ,。]|$)"
)
_LIST = r" ?(?:[,、/]|和|与|及|以及|或者?|and|or|&) ?"
_CLAUSE = r"(?!之?[前后]|以[前后]|截|为止|不迟|起|开始)[^。.;!?\n,]{0,16},[^。.;!?\n,]{0,6}"
_MOVED = r"[^。.;!?\n,]{0,12},?(?:改|挪|调整?|推迟|延迟?|延后|提前|换|移)(?:到|至|成|为)[^。.;!?\n,\d]{0,2}"
_LISTS = frozenset("、和与及或/& 周星礼")


def _follow(phrase: Phrase, before: Day, timed: bool, at: Moment) -> None:
    """In a list each item takes over what the one before it said: 10月25、26日, 下周一和周三, 明天上午10点和下午3点."""
    first, last = before.options[0]
    if phrase.day is None and phrase.clock and timed:
        phrase.day = Day(before.options)
    elif phrase.day and phrase.day.roll and phrase.day.open and (last or first) >= at.day:
        phrase.day = replace(phrase.day, options=((phrase.day.roll(last or first), None),), weekday=None, weak=False)


def _same_day(text: str, phrase: Phrase, before: Phrase, at: Moment) -> None:
    """A later time in the next clause is of the same day: 明天上午开会，「下午」健身. Not so after a deadline.

    Nor is another time a thing is moved to of another day: 明天3点的会改到「4点」.
    """
    day, clock, until = before.day, phrase.clock, before.clock
    if day is None or day.grain != "day" or before.rule or before.end or phrase.rule or not clock:
        return
    if not day.options or day.options[0][0] <= at.day:
        return
    later = until is None or clock.minute >= (until.end or until.minute + 1)
    gap = compiled(_MOVED if until and not later else rf"{_MOVED}|{_CLAUSE}" if until else _CLAUSE)
    if gap.fullmatch(text, before.stop, phrase.start):
        phrase.day = Day(day.options)


def _same_rule(text: str, previous: Phrase, phrase: Phrase) -> bool:
    """Is it one more hour of the days said before: 每天9:00、15:00、21:00?"""
    timed = previous.clock and phrase.clock and not (previous.end or phrase.end or phrase.day or phrase.rule)
    return bool(timed and compiled(_LIST).fullmatch(text, previous.stop, phrase.start))


def _lent(text: str, phrase: Phrase, at: Moment, depth: int = 4) -> None:
    """A day without a time takes the time said after a later one of its list: 周二和周四晚上8点."""
    plain = phrase.day and phrase.day.grain == "day" and not (phrase.clock or phrase.rule or phrase.end)
    if not plain or not depth or text[phrase.stop : phrase.stop + 1] not in _LISTS:
        return
    link = compiled(_LIST).match(text, phrase.stop)
    start = link.end() if link else phrase.stop
    adjoining = start == phrase.stop and phrase.day and phrase.day.weekday is None
    other = None if adjoining else phrase_at(text, start, at)
    if other is None or other.day is None or other.led_by_clock or other.rule:
        return
    _lent(text, other, at, depth - 1)
    if other.clock and not other.clock.vague:
        phrase.clock = other.clock


def _more_weekdays(text: str, phrase: Phrase, at: Moment) -> list[Phrase]:
    """The further days of 周一三五下午3点 and 周一、三、五, in the order of the week, all at the last one's time."""
    day = phrase.day
    if day is None or phrase.clock or phrase.rule or phrase.end or text[phrase.stop : phrase.stop + 1] not in _ROW:
        return []
    row = compiled(_MORE_WEEKDAYS).match(text, phrase.stop)
    if row is None or not compiled(ENDS_IN_WEEKDAY).search(text, phrase.start, phrase.stop):
        return []
    said = [zh_weekday(char) for char in text[phrase.stop - 1 : row.end()] if char not in "、/"]
    if said != sorted(set(said)):
        return []
    more: list[Phrase] = []
    for place in range(row.start(), row.end()):
        if text[place] not in "、/":
            weekday = zh_weekday(text[place])
            day = Day(tuple((next_weekday(weekday, first), None) for first, _ in day.options))
            more.append(Phrase(day, place, place + 1))
    extend(text, more[-1], at)
    other = range_end(text, more[-1], at)
    if other is not None:
        close(text, more[-1], other)
    for each in (phrase, *more[:-1]):
        each.clock, each.end = more[-1].clock, more[-1].end
    return more


def _past_time(text: str, pos: int, at: Moment) -> int:
    """Past the time of day that follows a day there is not: 2月30号下午三点."""
    while got := piece_at(text, pos, at._replace(joined=True)):
        if not isinstance(got[0], Clock):
            break
        pos = got[1]
    return pos


def phrases(text: str, at: Moment) -> Iterator[Phrase]:
    """Every phrase of the folded text, in order."""
    previous: Phrase | None = None
    pos = start_from(text, 0)
    while pos >= 0:
        if text[pos - 1] == "#" and pos:  # a tag
            gap = text.find(" ", pos)
            pos = start_from(text, gap) if gap > 0 else -1
            continue
        phrase = phrase_at(text, pos, at)
        if phrase is None:
            pos = start_from(text, skip(text, pos))
            continue
        if phrase.void:
            pos = start_from(text, _past_time(text, phrase.stop, at))
            continue
        other = range_end(text, phrase, at)
        if other is not None:
            close(text, phrase, other)
            hours_of(text, phrase, other, at)
        if (
            previous
            and previous.day
            and (previous.stop == phrase.start or compiled(_LIST).fullmatch(text, previous.stop, phrase.start))
        ):
            _follow(phrase, previous.day, bool(previous.clock), at)
        elif previous and previous.rule and _same_rule(text, previous, phrase):
            phrase.rule = previous.rule._replace(clock=None)
        elif previous and phrase.day is None:
            _same_day(text, phrase, previous, at)
        more = []
        if phrase.stop < len(text):
            _lent(text, phrase, at)
            more = _more_weekdays(text, phrase, at)
        yield from (phrase, *more)
        previous = more[-1] if more else phrase
        pos = start_from(text, previous.stop)
