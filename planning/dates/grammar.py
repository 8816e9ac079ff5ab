"""Putting the pieces together: what joins a day to a time, and ranges."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from planning.dates.days_zh import next_weekday
from planning.dates.lexer import piece_at, skip, start_from
from planning.dates.months import last_of, month_day
from planning.dates.phrase import Phrase
from planning.dates.pieces import Clock, Day, Moment
from planning.dates.relative import lead_of_time, leading, trail_of_time, trailing
from planning.dates.words import compiled, zh_weekday

_GLUE = (
    r" ?[,(]? ?(?:的?(?:大约|大概|约)|的|-(?=\d{1,2}:\d\d)|at |on |of |in |@ ?|(?:at )?(?:around|about|approximately"
    r"|approx\.?|roughly) |for |from |after |(?:no"
    r"|not) (?:later|earlier) than |by |before "
    r"|提醒(?:我们|我|他|她|大家)(?=(?:[早晚]上?|[上下中]午|凌晨|傍晚)?(?:\d{1,2}[点:]"
    r"|[一二两三四五六七八九十]{1,3}点))|(?=[^ ]))"
)
_BY = r"by |before |later than "
_LINK = r" ?(?:起|开始)?(?:到|至|直到|[-~]{1,2}|to |till |until |through |thru |和|与|and ) ?"
_ROW = frozenset("、/一二三四五六日天")
_NO_COUNT = "(?![点月号日个周十百千万名人位次组项维])"
_MORE_WEEKDAYS = (
    rf"(?:[、/][一二三四五六日天]{_NO_COUNT})+|[一二三四五六日天]{{2,5}}{_NO_COUNT}"
    r"|[一二三四五六日天](?=上午|下午|晚上|早上|中午|前|都|各|[\d ,。]|$)"
)
_DAY_FIRST = r"(?:the )?\d{1,2}(?:st|nd|rd|th)? ?(?:of )?[a-z]"
_AMONG = r"之?间(?!隔|断|接)"
_BETWEEN = r"(?:从|自|from|between) ?$"
_LIST = r" ?(?:[,、/]|和|与|及|以及|或者?|and|or|&) ?"
_BARE_HOUR = r"\d{1,2}(?![\d:.%/-]| ?[a-z]| ?[个人天号月日年分折元万点时])"
_BARE_WEEKDAY = r"[一二三四五六日天](?![点月号日天个周年])"
_LISTS = frozenset("、和与及或/& ")
_TRAILS = frozenset("的前后最第首头之以")
_LEADS = frozenset("0123456789tfslwdmnoaeh")
_ENDS_IN_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天]$"


def _extend(text: str, phrase: Phrase, at: Moment) -> None:
    """Take every further piece that adjoins and fits."""
    at = at._replace(joined=True)
    while phrase.stop < len(text):
        if text[phrase.stop] in _TRAILS and phrase.day and not phrase.clock and _told(text, phrase, at):
            continue
        glue = compiled(_GLUE).match(text, phrase.stop)
        pos = glue.end() if glue else phrase.stop
        joined = False
        space = phrase.stop + (text[phrase.stop] == " ")
        for place in dict.fromkeys((pos, space, phrase.stop)):
            got = piece_at(text, place, at)
            if got is not None and phrase.join(got[0]):
                stop = got[1]
                if place > phrase.stop and compiled(_BY).search(text, phrase.stop, place):
                    phrase.limit = "within"
                closes = "(" in text[phrase.stop : place] and text[stop : stop + 1] == ")"
                phrase.stop = stop + closes
                joined = True
                break
        if not joined:
            return


def _shift_time(text: str, phrase: Phrase) -> None:
    """Take the words that tell another time from the phrase's own: 3点「前半小时」, 下班前「一小时」."""
    clock = phrase.clock
    if clock is None or clock.vague or phrase.rule or phrase.stop == len(text):
        return
    trail = trail_of_time(text, phrase.stop, clock.role == "deadline")
    if trail and 0 <= clock.minute + trail[0] < 1440:
        phrase.clock = replace(clock, minute=clock.minute + trail[0], end=None, role=None, weak=False)
        phrase.stop = trail[1]


def _told(text: str, phrase: Phrase, at: Moment) -> bool:
    """Take the words that tell another day from the phrase's own: 9月「最后五天」."""
    relation = phrase.day and trailing(text, phrase.stop, phrase.day)
    day = relation and phrase.day and relation[0](phrase.day, at)
    if not relation or not day:
        return False
    phrase.day, phrase.stop = day, relation[1]
    return True


def _led(text: str, pos: int, at: Moment) -> Phrase | None:
    """A phrase that begins with words telling its day from another one: 「two days after」 next Friday."""
    if text[pos : pos + 1] not in _LEADS:
        return None
    relation = leading(text, pos)
    if relation is None:
        return _before_time(text, pos, at)
    inner = relation and _phrase(text, relation[1], at._replace(joined=True))
    day = relation and inner and inner.day and inner.day.options and relation[0](inner.day, at)
    if not inner or not day:
        return None
    inner.day, inner.start, inner.led_by_clock = day, pos, False
    return inner


def _before_time(text: str, pos: int, at: Moment) -> Phrase | None:
    """A phrase whose time is told from another one: 「an hour before」 5pm tomorrow."""
    lead = lead_of_time(text, pos)
    inner = lead and _phrase(text, lead[1], at._replace(joined=True))
    if not lead or not inner or not inner.clock or inner.clock.vague or inner.rule:
        return None
    minute = inner.clock.minute + lead[0]
    if not 0 <= minute < 1440:
        return None
    inner.clock = replace(inner.clock, minute=minute, end=None, loose=False)
    inner.start = pos
    return inner


def phrase_at(text: str, pos: int, at: Moment) -> Phrase | None:
    """The longest phrase that begins at ``pos``, without its range end and role words."""
    return _led(text, pos, at) or _phrase(text, pos, at)


def _phrase(text: str, pos: int, at: Moment) -> Phrase | None:
    got = piece_at(text, pos, at)
    if got is None:
        return None
    phrase = Phrase(got[0], pos, got[1])
    if phrase.day is None or phrase.day.options:
        _extend(text, phrase, at)
    _shift_time(text, phrase)
    return phrase


def _bare_end(text: str, pos: int, phrase: Phrase) -> Phrase | None:
    """The far end of a range said short: 周三至五, 9点到11, 8am until 6."""
    if phrase.clock:
        hour = compiled(_BARE_HOUR).match(text, pos)
        if hour is None or phrase.clock.vague or not 1 <= int(hour[0]) <= 24:
            return None
        end = Clock(int(hour[0]) % 24 * 60, carry=int(hour[0]) // 24, loose=int(hour[0]) <= 12)
        return Phrase(end, pos, hour.end())
    found = compiled(_BARE_WEEKDAY).match(text, pos)
    if phrase.day is None or found is None or not compiled(_ENDS_IN_WEEKDAY).search(text[phrase.start : phrase.stop]):
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


def _close(text: str, phrase: Phrase, other: Phrase) -> None:
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


def _hours_of(text: str, phrase: Phrase, other: Phrase, at: Moment) -> None:
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


def _follow(phrase: Phrase, before: Day, timed: bool, at: Moment) -> None:
    """In a list each item takes over what the one before it said: 10月25、26日, 下周一和周三, 明天上午10点和下午3点."""
    first, last = before.options[0]
    if phrase.day is None and phrase.clock and timed:
        phrase.day = Day(before.options)
    elif phrase.day and phrase.day.roll and phrase.day.open and (last or first) >= at.day:
        phrase.day = replace(phrase.day, options=((phrase.day.roll(last or first), None),), weekday=None, weak=False)


def _lent(text: str, phrase: Phrase, at: Moment, depth: int = 4) -> None:
    """A day without a time takes the time said after a later one of its list: 周二和周四晚上8点."""
    plain = phrase.day and phrase.day.grain == "day" and not (phrase.clock or phrase.rule or phrase.end)
    if not plain or not depth or text[phrase.stop : phrase.stop + 1] not in _LISTS:
        return
    link = compiled(_LIST).match(text, phrase.stop)
    other = phrase_at(text, link.end(), at) if link and link.end() > phrase.stop else None
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
    if row is None or not compiled(_ENDS_IN_WEEKDAY).search(text, phrase.start, phrase.stop):
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
    _extend(text, more[-1], at)
    other = range_end(text, more[-1], at)
    if other is not None:
        _close(text, more[-1], other)
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
            _close(text, phrase, other)
            _hours_of(text, phrase, other, at)
        if previous and previous.day and compiled(_LIST).fullmatch(text, previous.stop, phrase.start):
            _follow(phrase, previous.day, bool(previous.clock), at)
        more = []
        if phrase.stop < len(text):
            _lent(text, phrase, at)
            more = _more_weekdays(text, phrase, at)
        yield from (phrase, *more)
        previous = more[-1] if more else phrase
        pos = start_from(text, previous.stop)
