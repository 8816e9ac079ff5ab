"""English dates and months: Oct 5th, the 15th, first Monday of October, late September, 20th of next month."""

import re
from datetime import date, timedelta

from planning.dates.months import add_months, day_from, last_of, month_day, nth_weekday
from planning.dates.months_zh import coming, dated
from planning.dates.periods_en import period_span
from planning.dates.pieces import Clock, Day, Moment, Span, one
from planning.dates.words import (
    EN_MONTH,
    EN_NUMBERS,
    EN_ORDINAL_WORD,
    EN_WEEKDAY,
    compiled,
    en_month,
    en_ordinal,
    en_weekday,
)

_D = (
    rf"(?P<day>3[01]|[12]\d|0?[1-9]|{EN_ORDINAL_WORD}|(?:twenty|thirty)[ -](?:one|two|three|four|five|six|seven"
    rf"|eight|nine)(?![a-z]))(?:st|nd|rd|th)?(?![\d:%a-z])(?! ?(?:am|pm|a\.m|p\.m|o'?clock))"
)
_Y = (
    r"(?:(?: ?,? |,|-|/)(?:of |in (?=20\d\d))?"
    r"(?P<year>(?:19|2[01])\d\d|'\d\d|(?:3[2-9]|[4-9]\d)(?=$|[,.;!?)])|(?<=[a-z]-)\d\d(?=$|[ ,.;!?)])"
    r"|(?P<yrel>this|next|last) year)(?!\d|:))?"
)
_TO = (
    rf"(?: ?(?:-|~|to|thru|through|until|till) ?(?P<day2>3[01]|[12]\d|0?[1-9]|{EN_ORDINAL_WORD})(?:st|nd|rd|th)?"
    r"(?![\d:a-z/]))?"
)
_MONTH_DAY = rf"(?:the )?(?:(?P<year0>20\d\d)[ /-])?(?P<month>{EN_MONTH})(?:, ?|[ /-])?(?:the )?{_D}{_TO}{_Y}"
_DAY_MONTH = (
    rf"(?<![$¥€])(?<![$¥€] )(?:the )?(?P<day>3[01]|[12]\d|0?[1-9]|{EN_ORDINAL_WORD})(?:st|nd|rd|th)?"
    r"(?:(?: ?(?:-|to) ?| (?:and|till|until|through) )(?:the )?(?P<day2>3[01]|[12]\d"
    rf"|0?[1-9]|{EN_ORDINAL_WORD})(?:st|nd|rd|th)?)?"
    rf"(?: ?(?:of )?(?:day of )?(?P<mrel>this |next |last )?| ?[-/])(?P<month>{EN_MONTH}){_Y}"
)
_MONTH = (
    r"(?:(?P<rel>this|next|last) )?(?P<part>early |mid[- ]|late |(?:the )?(?:end|beginning|start|middle) of )?"
    rf"(?:(?P<year0>20\d\d)[ ,-]{{1,2}})?(?P<month>{EN_MONTH}){_Y}"
)
_SHORT_MONTHS = frozenset(
    {
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "march",
        "june",
        "august",
        "april",
    }
)
_IN_MAY = r"(?<![a-z])(?:in|by|until|since|from|before|during|between|end of|for) $"
_TO_MONTH = rf" ?(?:-|~|to|until|till|through|thru|and) ?{EN_MONTH}"
_IN_MONTH = (
    r"(?<![a-z])(?:between|and|through|thru|till|in|by|until|since|of|from|before|after|mid|during|to|end of|for) $"
    r"|[a-z] ?[-~] ?$"
)
_THE_DAY = (
    r"(?:the )?(?P<day>3[01]|[12]\d|[1-9])(?P<th>st|nd|rd|th)(?![a-z])(?! (?:floor|place|party|version|time|edition"
    r"|century|grade|row|level|item|quarter|qtr|street|anniversary|draft|round|week|month|day|[a-z]+ of))"
)
_ON_THE = r"(?<=on )the (?P<day>3[01]|[12]\d|[1-9])(?=$|[.,;!?](?!\d)| (?:at|from|between|by|in the)(?![a-z]))"
_DAY_OF = (
    r"(?:the )?(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?: day)? of (?:the )?"
    r"(?:(?P<rel>this|next|last|current|previous|coming|following) )?month(?![a-z])"
)
_LAST_OF = (
    rf"(?:the )?(?P<n>last|first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th) (?P<what>{EN_WEEKDAY}|business day"
    r"|working day|workday|day|weekday) (?:of|in) "
    rf"(?:(?:the )?(?:(?P<rel>this|next|last) )?(?P<unit>month|year|quarter)|(?P<month>{EN_MONTH}))(?![a-z]){_Y}"
)


def _en_year(found: re.Match[str], at: Moment) -> int | None:
    if "year0" in found.re.groupindex and found["year0"]:
        return int(found["year0"])
    said = found["year"]
    if not said and "mrel" in found.re.groupindex and found["mrel"]:
        return _year_of(found["mrel"].strip(), en_month(found["month"]), at)
    if not said:
        return None
    if found["yrel"]:
        return at.day.year + {"this": 0, "next": 1, "last": -1}[found["yrel"]]
    year = int(said.removeprefix("'"))
    return year if year > 99 else year + (1900 if year > 69 and not said.startswith("'") else 2000)


def _year_of(rel: str, month: int, at: Moment) -> int:
    """The year of ``next October``, ``last October``."""
    return at.day.year + (rel == "next" and month <= at.day.month) - (rel == "last" and month >= at.day.month)


def _number(word: str) -> int:
    if word.isdecimal():
        return int(word)
    tens, _, ones = word.replace("-", " ").partition(" ")
    if ones in EN_NUMBERS:
        return (20 if tens == "twenty" else 30) + int(EN_NUMBERS[ones])
    return en_ordinal(word)


def _month_day(found: re.Match[str], at: Moment) -> Day | None:
    month, day = en_month(found["month"]), _number(found["day"])
    first = dated(month, day, _en_year(found, at), at)
    if first is None:
        return Day(())  # February 29, 2027: words of a date, and no day
    if not found["day2"]:
        return first
    last = _number(found["day2"])
    if (
        " and " in found[0]
        and last != day + 1
        and not compiled(r"between (?:the )?$").search(found.string[: found.start()])
    ):
        return None  # 3 and 12 June are two days
    spans = tuple((start, month_day(start.year, month, last)) for start, _ in first.options)
    return Day(spans, roll=first.roll) if last >= day else None


_STAMP = (
    rf"(?P<month>{EN_MONTH}) {{1,2}}(?P<day>3[01]|[12]\d|0?[1-9]),? (?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?::[0-5]\d)?"
    r"(?: [a-z]{3,4})? (?P<year>20\d\d)(?![\d:])"
)


def _stamp(found: re.Match[str], at: Moment) -> Day | None:
    """``Oct 26 11:00:09 2026``, as machines write it."""
    there = dated(en_month(found["month"]), int(found["day"]), int(found["year"]), at)
    return there and one(there.options[0][0], clock=Clock(int(found["h"]) * 60 + int(found["m"])))


def _month(found: re.Match[str], at: Moment) -> Day | None:
    word = found["month"].rstrip(".")
    if found["rel"] == "this" and word == "may" and not compiled(r" ?(?:$|[.,;!?)])").match(found.string, found.end()):
        return None  # this may take longer
    if word in _SHORT_MONTHS and not (
        found["rel"]
        or found["part"]
        or found["year"]
        or found["year0"]
        or compiled(_IN_MAY if word == "may" else _IN_MONTH).search(found.string[: found.start()])
        or compiled(_TO_MONTH).match(found.string, found.end())
        or (found[0] == found.string and len(word) > 3 and word != "march")
    ):
        return None
    month, year = en_month(word), _en_year(found, at)
    part = (found["part"] or "").strip(" -")

    def span(y: int) -> Span:
        first = date(y, month, 1)
        if part.endswith("end of"):
            return last_of(first, 1), None
        if part.endswith(("beginning of", "start of")):
            return first, None
        if "mid" in part:
            return first.replace(day=15), None
        if part == "early":
            return first, first.replace(day=10)
        return (first.replace(day=21) if part == "late" else first), last_of(first, 1)

    if year or found["rel"]:
        y = year or _year_of(found["rel"], month, at)
        return Day((span(y),), "month")

    def roll(day: date) -> date:
        there = span(day.year)[0]
        return there if there >= day else span(day.year + 1)[0]

    return Day(coming(span, at), "month", roll=roll, assumed=("year",))


def _the_day(found: re.Match[str], at: Moment) -> Day | None:
    day, th = int(found["day"]), found["th"]
    if (
        found["day"] != "1"
        and not found[0].startswith("the")
        and not (day > 9 and found.end() == len(found.string))
        and not re.search(r"(?<![a-z])(?:on|by|due|until|before|from|to|and|-) $", found.string[: found.start()])
        and found[0] != found.string
        and not (at.joined or compiled(r" (?:at |@ ?)\d").match(found.string, found.end()))
    ):
        return None
    if th != {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day // 10 != 1 else 0, "th"):
        return None
    return one(day_from(at.day, day), roll=lambda first: day_from(first, day), assumed=("month",))


def _on_the(found: re.Match[str], at: Moment) -> Day:
    """``on the 24``."""
    day = int(found["day"])
    return one(day_from(at.day, day), roll=lambda first: day_from(first, day), assumed=("month",))


def _last_of(found: re.Match[str], at: Moment) -> Day | None:
    word = found["n"]
    n = en_ordinal(word)
    if found["month"]:
        month, year = en_month(found["month"]), _en_year(found, at)
        if year:
            return one(_pick(found["what"], n, date(year, month, 1), 1, at))
        return Day(coming(lambda y: (_pick(found["what"], n, date(y, month, 1), 1, at), None), at))
    shift = {"next": 1, "last": -1}.get(found["rel"] or "", 0)
    first, last, _ = period_span(found["unit"], shift, at)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    there = _pick(found["what"], n, first, months, at)
    if there < at.day and not found["rel"]:
        there = _pick(found["what"], n, add_months(first, months), months, at)
    return one(there)


def _pick(what: str, n: int, first: date, months: int, at: Moment) -> date:
    last = last_of(first, months)
    if what == "day":
        return last if n < 0 else first + timedelta(days=n - 1)
    if what in ("business day", "working day", "workday", "weekday"):
        return (
            at.calendar.add_working(last + timedelta(days=1), -1)
            if n < 0
            else at.calendar.add_working(first - timedelta(days=1), n)
        )
    edge = last if n < 0 else first
    return nth_weekday(edge.year, edge.month, n, en_weekday(what)) or last


def _day_of(found: re.Match[str], at: Moment) -> Day:
    """``20th of next month``."""
    shift = {"next": 1, "coming": 1, "following": 1, "last": -1, "previous": -1}.get(found["rel"] or "", 0)
    there = add_months(at.day.replace(day=1), shift)
    if not found["rel"] and month_day(there.year, there.month, int(found["day"])) < at.day:
        there = add_months(there, 1)
    return one(month_day(there.year, there.month, int(found["day"])))


EN_RULES = (
    ("tflscp12345", _LAST_OF, _last_of),
    ("jfmasond", _STAMP, _stamp),
    ("2tjfmasond", _MONTH_DAY, _month_day),
    ("tfsen0123456789", _DAY_MONTH, _month_day),
    ("t0123456789", _DAY_OF, _day_of),
)
LATER_RULES = (
    ("tnljfmasondeb2", _MONTH, _month),
    ("t0123456789", _THE_DAY, _the_day),
    ("t", _ON_THE, _on_the),
)
