"""Days told from other days: 今年第37周, 上月最后五天, 周五前两天, first week of October, two days after Friday.

Of a span (a week, month, quarter, year) 前三天 are its first three days; of a day they are the third day before it.
The n-th week of a month is its n-th whole one, begun on a Monday in it; the n-th week of a year is the ISO week.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from planning.dates.months import add_months, last_of, monday_of
from planning.dates.pieces import Day, Grain, Moment, Span
from planning.dates.words import (
    EN_NUM,
    EN_ORDINAL,
    EN_WEEKDAY,
    NUM,
    compiled,
    en_number,
    en_ordinal,
    en_weekday,
    number,
)

Told = Callable[[Day, Moment], Day | None]


Relation = tuple[Told, int]  # what the words say of a day, and where they end


_UNIT = r"工作日|天|日|周|星期|礼拜|月|季度"
_TRAILING = (
    rf"的? ?(?:第(?P<nth>{NUM})个?(?P<of>{_UNIT})(?![一二三四五六日末])"
    rf"|(?P<edge>前|后|头|首|最后|最初) ?(?P<n>{NUM}|几)? ?个?(?P<unit>{_UNIT})(?!报|度|会|节|期|薪|饼))"
)
_APART = rf"的?(?P<side>[之以]?[前后])的?第?(?P<n>{NUM})个?(?P<unit>{_UNIT})(?!报|会)"
_LASTING = (
    rf"(?:起|开始)的? ?,?(?:连续|连着|连|一共|总共|共|为期)?(?P<n>{NUM})个?(?P<unit>工作日|天|周|星期|礼拜|月)"
    r"(?!内|之|以|后|前|报|会)"
)
_SPANS = frozenset({"week", "month", "quarter", "year"})
_WEEKS = ("周", "星期", "礼拜", "week")

_EN_UNIT = (
    r"(?P<unit>(?:(?:business |working )?day|workday|weekend|week-end|week|month|quarter|year|fortnight)(?=s?(?![a-z]))"
    rf"|{EN_WEEKDAY})s?"
)
_ORDINAL = rf"{EN_ORDINAL}|\d{{1,3}}(?:st|nd|rd|th)|last|final"
_IN = r"(?: (?:of|in) (?:the )?| (?=(?:this|next|last) ))"
_TOLD = rf"(?:on )?(?=today|tomorrow|tonight|{EN_WEEKDAY})"
_LEADING = (
    rf"(?:the )?(?:(?P<nth>{_ORDINAL})(?P<back> (?:to )?last)? (?:full )?(?:(?P<n>{EN_NUM}) )?{_EN_UNIT}{_IN}"
    rf"|(?P<steps>{EN_NUM}|day|week|month)(?: (?P<su>(?:business |working )?day|workday|week|month|year)s?)?"
    r" (?P<way>before|after|from|prior to|ahead of) (?:the )?(?!now|that|this(?! )|next(?! [a-z]))"
    rf"|(?P<wd>{EN_WEEKDAY}) (?P<wd_way>before|after|following) (?:the )?(?!noon|that|this(?! )|lunch|\d{{1,2}}"
    rf"(?: ?[ap]m|:))"
    rf"|(?P<weeks>{EN_NUM}) (?P<wu>week|fortnight)s? {_TOLD}"
    rf"|(?P<long>(?:for )?(?P<ln>{EN_NUM}) (?P<lu>(?:business |working )?day|workday|week|month)s?"
    r" (?:starting|beginning)(?: on| from)? (?:the )?)"
    r"|(?P<week>(?:week (?:of|commencing|starting|beginning)|w/c)) (?:on )?(?:the )?)"
)


def trailing(text: str, pos: int, day: Day) -> Relation | None:
    """What stands behind a day: 9月「最后五天」, 周五「前两天」, 月底「之前三天」."""
    if day.minute is not None:
        return None
    found = compiled(_TRAILING).match(text, pos)
    if found and day.grain in _SPANS and day.options[0][1]:
        return _zh_inside(found)
    if day.grain != "day" or day.options[0][1]:
        return None
    lasting = compiled(_LASTING).match(text, pos)
    if lasting and 0 < (n := number(lasting["n"])) < 400:
        return partial(lasts, n, unit_of(lasting["unit"])), lasting.end()
    found = compiled(_APART).match(text, pos)
    if found is None or found["unit"] == "季度":
        return None
    n = number(found["n"]) * (-1 if found["side"].endswith("前") else 1)
    return (partial(_stepped, n, unit_of(found["unit"])), found.end()) if 0 < abs(n) < 400 else None


def leading(text: str, pos: int) -> Relation | None:
    """What stands before a day: 「two days after」 next Friday, 「first week of」 October."""
    found = compiled(_LEADING).match(text, pos)
    if found is None:
        return None
    if found["week"]:
        return _week_of, found.end()
    if found["long"]:
        return _en_lasting(found)
    if found["wd"]:
        return partial(_weekday_by, en_weekday(found["wd"]), found["wd_way"] == "before"), found.end()
    if found["weeks"]:
        weeks = en_number(found["weeks"]) * (2 if found["wu"] == "fortnight" else 1)
        return partial(_stepped, int(weeks), "week"), found.end()
    if found["way"] == "from" and found["su"] and text.endswith("for ", 0, pos):
        return _en_lasting(found)
    if found["way"]:
        return _en_steps(found)
    unit = found["unit"].replace("-", "").removeprefix("working ").removeprefix("business ")
    unit = "workday" if unit != found["unit"].replace("-", "") else unit
    n = en_ordinal(found["nth"]) * (-1 if found["back"] else 1)
    if found["n"]:
        return (partial(_edge, n > 0, int(en_number(found["n"])), unit), found.end()) if abs(n) == 1 else None
    return (partial(_nth, n, unit), found.end())


_BEFORE_TIME = rf"(?P<n>{EN_NUM}) (?P<unit>hours?|hrs?|minutes?|mins?) (?P<way>before|after|prior to) (?:the )?"


_AFTER_TIME = (
    r"(?P<side>[之以]?前|[之以]?后)?的?(?P<n>\d{1,3}(?:\.\d)?|半|[一二两三四五六七八九十]{1,3})个?(?P<half>半)?"
    r"(?P<unit>小时|钟头|分钟|刻钟)(?![之以]?内)"
)


def trail_of_time(text: str, pos: int, before: bool) -> tuple[int, int] | None:
    """Minutes to add to the time before, and where its words end: 3点「前半小时」. before: 前 was said (下班前)."""
    found = compiled(_AFTER_TIME).match(text, pos)
    if found is None or bool(found["side"]) == before:
        return None
    said = found["n"]
    n = 0.5 if said == "半" else float(said) if said.isascii() else float(number(said))
    unit = {"分": 1, "刻": 15}.get(found["unit"][0], 60)
    minutes = round((n + (0.5 if found["half"] else 0)) * unit)
    return (minutes if (found["side"] or "前").endswith("后") else -minutes), found.end()


def lead_of_time(text: str, pos: int) -> tuple[int, int] | None:
    """Minutes to add to the time that follows, and where it stands: 「half an hour before」 5pm."""
    found = compiled(_BEFORE_TIME).match(text, pos)
    if found is None:
        return None
    minutes = round(en_number(found["n"]) * (60 if found["unit"][0] == "h" else 1))
    return (minutes if found["way"] == "after" else -minutes), found.end()


def unit_of(said: str) -> str:
    return {"天": "day", "日": "day", "工作日": "workday", "月": "month", "季度": "quarter"}.get(said, "week")


def _zh_inside(found: re.Match[str]) -> Relation | None:
    if found["nth"]:
        return (partial(_nth, number(found["nth"]), unit_of(found["of"])), found.end())
    if not found["n"] and found["edge"] != "首":
        return None
    n = 3 if found["n"] == "几" else number(found["n"]) if found["n"] else 1
    return (partial(_edge, found["edge"] not in ("后", "最后"), n, unit_of(found["unit"])), found.end())


def _en_lasting(found: re.Match[str]) -> Relation | None:
    """``2 weeks starting`` Oct 12, ``for 10 days from`` the 18th."""
    n, unit = en_number(found["ln"] or found["steps"]), found["lu"] or found["su"]
    unit = "workday" if unit.startswith(("business", "working")) else unit
    return (partial(lasts, int(n), unit), found.end()) if n == int(n) and 0 < n < 400 else None


def _en_steps(found: re.Match[str]) -> Relation | None:
    said, unit = found["steps"], found["su"]
    if (unit is None) != (said in ("day", "week", "month")):
        return None
    n = 1.0 if unit is None else en_number(said)
    name = (unit or said).split(" ")[-1]
    name = "workday" if unit and unit.startswith(("business", "working")) else name
    steps = int(n) * (-1 if found["way"] in ("before", "prior to", "ahead of") else 1)
    return (partial(_stepped, steps, name), found.end()) if n == int(n) and 0 < n < 400 else None


def _stepped(n: int, unit: str, day: Day, at: Moment) -> Day | None:
    """``n`` units on from the day."""
    if day.minute is not None or (day.options[0][1] and n < 0 and unit == "workday"):
        return None
    return Day(tuple((step(last if last and n > 0 else first, n, unit, at), None) for first, last in day.options))


def lasts(n: int, unit: str, day: Day, at: Moment) -> Day:
    """从明天「起三天」: the day is the first of ``n``."""
    eve = timedelta(days=1)
    if unit == "workday":
        return Day(tuple((first, at.calendar.add_working(first - eve, n)) for first, _ in day.options))
    return Day(tuple((first, step(first, n, unit, at) - eve) for first, _ in day.options))


def step(day: date, n: int, unit: str, at: Moment) -> date:
    if unit == "workday":
        return at.calendar.add_working(day, n)
    if unit in ("month", "year"):
        return add_months(day, n * (12 if unit == "year" else 1))
    return day + timedelta(days=n * (7 if unit == "week" else 1))


def _weekday_by(weekday: int, before: bool, day: Day, at: Moment) -> Day | None:
    """``the Friday before Christmas``: the nearest one that is another day."""
    if day.grain != "day" or day.minute is not None:
        return None
    days: list[Span] = []
    for first, last in day.options:
        back = (first.weekday() - weekday) % 7 or 7
        ahead = (weekday - (last or first).weekday()) % 7 or 7
        days.append((first - timedelta(days=back) if before else (last or first) + timedelta(days=ahead), None))
    return Day(tuple(days))


def _week_of(day: Day, at: Moment) -> Day | None:
    if day.grain != "day":
        return None
    mondays = [monday_of(first) for first, _ in day.options]
    return Day(tuple((monday, monday + timedelta(days=6)) for monday in mondays), "week")


def _edge(at_start: bool, n: int, unit: str, day: Day, at: Moment) -> Day | None:
    """The first or last ``n`` units of a span."""
    spans: list[Span] = []
    for first, last in day.options:
        if last is None or not 0 < n < 400:
            return None
        if at_start:
            one_, other = nth_of((first, last), 1, unit, at), nth_of((first, last), n, unit, at)
        else:
            one_, other = nth_of((first, last), -n, unit, at), nth_of((first, last), -1, unit, at)
        if one_ is None or other is None:
            return None
        end = other[1] or other[0]
        spans.append((one_[0], end if end > one_[0] else None))
    return Day(tuple(spans), "day")


def _nth(n: int, unit: str, day: Day, at: Moment) -> Day | None:
    """The n-th unit of a span (-1: the last)."""
    found = [nth_of((first, last), n, unit, at) for first, last in day.options if last]
    spans = tuple(span for span in found if span)
    if unit == "week" and day.grain == "month" and spans:
        clipped = [clipped_week(n, first, last) for first, last in day.options if last]
        return Day(tuple(dict.fromkeys([*spans, *clipped])), "week")
    grains: dict[str, Grain] = {"week": "week", "month": "month", "quarter": "quarter", "weekend": "weekend"}
    return Day(spans, grains.get(unit, "day")) if spans and len(spans) == len(day.options) else None


def nth_of(span: tuple[date, date], n: int, unit: str, at: Moment) -> Span | None:
    """The n-th day, working day, week, weekend, month or quarter of a span; None when it has no n-th one."""
    first, last = span
    if unit == "day":
        there = first + timedelta(days=n - 1) if n > 0 else last + timedelta(days=n + 1)
        return (there, None) if first <= there <= last else None
    if unit == "workday":
        there = at.calendar.add_working(first - timedelta(days=1) if n > 0 else last + timedelta(days=1), n)
        return (there, None) if first <= there <= last else None
    if unit in ("week", "weekend"):
        return _nth_week(first, last, n, unit)
    if unit not in ("month", "quarter", "year"):
        return _nth_weekday(first, last, n, en_weekday(unit))
    months = 3 if unit == "quarter" else 1 if unit == "month" else 12
    start = add_months(first, months * (n - 1)) if n > 0 else add_months(last + timedelta(days=1), months * n)
    return (start, last_of(start, months)) if first <= start <= last else None


def clipped_week(n: int, first: date, last: date) -> Span:
    """The n-th calendar week a month has a part in, as far as it lies in the month."""
    monday = monday_of(first if n > 0 else last)
    start = monday + timedelta(weeks=n - 1 if n > 0 else n + 1)
    return max(start, first), min(start + timedelta(days=6), last)


def _nth_weekday(first: date, last: date, n: int, weekday: int) -> Span | None:
    """The n-th Thursday of a span."""
    there = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
    if n < 0:
        there = last - timedelta(days=(last.weekday() - weekday) % 7 - 7 * (n + 1))
    return (there, None) if first <= there <= last else None


def _nth_week(first: date, last: date, n: int, unit: str) -> Span | None:
    if unit == "weekend":
        start = first + timedelta(days=(5 - first.weekday()) % 7 + 7 * (n - 1))
        if n < 0:
            start = last - timedelta(days=(last.weekday() - 5) % 7 - 7 * (n + 1))
        return (start, start + timedelta(days=1)) if first <= start <= last else None
    if n > 0:
        whole_year = (last - first).days > 200
        start = monday_of(first + timedelta(days=3 if whole_year else 6)) + timedelta(days=7 * (n - 1))
    else:
        start = monday_of(last - timedelta(days=6)) + timedelta(days=7 * (n + 1))
    return (start, start + timedelta(days=6)) if first - timedelta(days=4) < start <= last else None
