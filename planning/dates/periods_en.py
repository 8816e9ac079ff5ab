"""English periods: next week, end of month, Q4 2026, by 2027, from 2014 to 2018, EOM."""

import re
from datetime import date, timedelta

from planning.dates.months import add_months, last_of, monday_of, quarter_first, week_end
from planning.dates.pieces import Day, Grain, Moment, one
from planning.dates.words import compiled, en_ordinal

_UNIT = r"weekend|week-end|work ?week|week|wk|month|quarter|qtr|year|yr"
_PERIOD = (
    r"(?:(?P<edge>(?:by |at |before )?(?:the )?(?:very )?(?:end|beginning|start|middle|mid|early|late|later|last day"
    r"|first day|rest)(?:[ -](?:of|in))?)[ -])?(?:the )?(?:(?P<rel>this|next|last|coming|upcoming|current|following"
    r"|previous|past) )?"
    rf"(?P<unit>{_UNIT})(?:'s)?(?![a-z])"
)
_AFTER_NEXT = r"the (?P<unit>week|month|quarter|year) after next(?![a-z])"
_YEAR = (
    r"(?P<edge>(?:by |before |at )?(?:the )?(?:end|beginning|start|middle) of |in |by |since |during |before |until "
    r"|after )"
    r"(?:the )?(?:year )?(?P<year>20[0-4]\d)(?![\d:/a-z%-]|[.,]\d"
    r"| (?!(?:and|or|to|till|until|through|we|i|it|for|at|with|but|is|was|the|he|she|they|on|by|if)(?![a-z]))[a-z])"
)
_CODES = r"(?P<code>eow|eom|eoq|eoy|eonw|eonm)(?![a-z])|(?P<whole>month|quarter|year)[ -]end(?=$|[,.;])"
_QUARTER = (
    r"(?:the )?(?:(?P<edge>end|start|beginning) of )?(?:the )?(?:q(?P<q>[1-4])|(?P<nth>first|second|third"
    r"|fourth|1st|2nd|3rd|4th) (?:quarter|qtr))"
    r"(?:(?:,? |-)(?:of )?(?P<year>20\d\d|(?P<yrel>this|next|last) year))?(?![a-z0-9])"
)
_YEARS = (
    r"(?<![\d./-])(?P<y1>(?:19|20)\d\d)(?: ?(?:-|~) ?| (?:to|till|until|through|thru|and) )(?P<y2>(?:19|20)\d\d)"
    r"(?=$|[ ,.;!?)](?!\d))(?!,\d| ?[-~/])"
)
_OF_YEAR = r"(?:(?<=of )|(?<=year ))(?P<year>(?:19|20)\d\d)(?![\d:./-]|,\d)"


def _period(found: re.Match[str], at: Moment) -> Day | None:
    rel, unit, edge = found["rel"], found["unit"].replace("-", ""), found["edge"] or ""
    weekend = unit == "weekend" and not edge and _stands_alone(found)
    if not rel and not weekend and (not edge or edge.startswith(("late", "early")) or not _edged(found)):
        return None
    shift = {"next": 1, "coming": 1, "upcoming": 1, "following": 1, "last": -1, "previous": -1, "past": -1}.get(
        rel or "", 0
    )
    if unit == "weekend":
        saturday = monday_of(at.day) + timedelta(days=5 + 7 * (shift if rel not in ("coming", "upcoming") else 0))
        return one(saturday, saturday + timedelta(days=1), "weekend")
    if unit.startswith("work"):
        monday = monday_of(at.day) + timedelta(days=7 * shift)
        return one(monday, monday + timedelta(days=4), "week")
    first, last, grain = period_span(unit, shift, at)
    if re.search(r"\b(?:end|last day)", edge):
        if grain == "week":
            last = week_end(at.calendar, first, 4)
        return one(last, role="deadline" if edge.startswith(("by", "before")) else None)
    if re.search(r"beginning|start|first day|early", edge):
        return one(first)
    if edge.startswith("late") and not edge.startswith("later") and grain in ("week", "month"):
        return one(first + timedelta(days=3) if grain == "week" else first.replace(day=21), last)
    if "mid" in edge and grain == "week":
        return one(first + timedelta(days=2))
    if "mid" in edge:
        return one(first + (last - first) // 2 if grain != "month" else first.replace(day=15))
    return one(max(first, at.day) if "rest" in edge or "later" in edge else first, last, grain)


def _stands_alone(found: re.Match[str]) -> bool:
    """``weekend`` alone, or ``over the weekend``."""
    text, start, stop = found.string, found.start(), found.end()
    if found[0] == text:
        return True
    over = compiled(r"(?<![a-z])(?:over|during|for|on) $").search(text[:start])
    ends = over or compiled(r" ?(?:$|[,.;!?)]|(?:at|from|before|after|with|to) )").match(text, stop)
    return found[0].startswith("the ") and bool(ends) and not compiled(r"(?<![a-z])of $").search(text[:start])


def _after_next(found: re.Match[str], at: Moment) -> Day:
    first, last, grain = period_span(found["unit"], 2, at)
    return one(first, last, grain)


def _edged(found: re.Match[str]) -> bool:
    """An edge wants its ``of``: ``end of month``, not ``end year``; ``first day of week`` is a setting, no date."""
    edge, said = found["edge"], found[0]
    if "day" in edge:
        return bool(compiled(r"day[ -](?:of|in) the ").search(said))
    return edge.startswith("mid") or bool(compiled(r"(?:of|in)$|-$").search(edge)) or "-" in said


def period_span(unit: str, shift: int, at: Moment) -> tuple[date, date, Grain]:
    if unit in ("week", "wk"):
        monday = monday_of(at.day) + timedelta(days=7 * shift)
        return monday, monday + timedelta(days=6), "week"
    if unit == "month":
        first = add_months(at.day.replace(day=1), shift)
        return first, last_of(first, 1), "month"
    if unit in ("quarter", "qtr"):
        first = quarter_first(at.day, shift)
        return first, last_of(first, 3), "quarter"
    return date(at.day.year + shift, 1, 1), date(at.day.year + shift, 12, 31), "year"


def _quarter(found: re.Match[str], at: Moment) -> Day | None:
    edge, said = found["edge"], 0
    if found["yrel"]:
        said = at.day.year + {"this": 0, "next": 1, "last": -1}[found["yrel"]]
    elif found["year"]:
        said = int(found["year"])
    if not (edge or said or found["nth"]):
        return None
    q = int(found["q"]) if found["q"] else en_ordinal(found["nth"])
    first = date(said or at.day.year, q * 3 - 2, 1)
    if not said and last_of(first, 3) < at.day:
        first = add_months(first, 12)
    if not edge:
        return one(first, last_of(first, 3), "quarter")
    return one(last_of(first, 3) if edge == "end" else first)


_HALF = (
    r"(?:h(?P<h>[12])[ -]?(?P<y>20\d\d)|(?P<y2>20\d\d)[ -]h(?P<h2>[12])|(?:the )?(?P<nth>first|second) half of "
    r"(?:(?P<rel>this|next|last|the) year|(?P<y3>20\d\d)))(?![a-z\d])"
)


def _half(found: re.Match[str], at: Moment) -> Day:
    """``H2 2026``, ``first half of next year``."""
    said = found["y"] or found["y2"] or found["y3"]
    year = int(said) if said else at.day.year + {"next": 1, "last": -1}.get(found["rel"], 0)
    early = (found["h"] or found["h2"]) == "1" or found["nth"] == "first"
    first = date(year, 1 if early else 7, 1)
    return one(first, last_of(first, 6))


_WEEK_NO = r"(?:calendar )?(?:week|wk|cw|kw) ?#?(?P<n>[1-5]?\d)(?![\d.,:/%-]| ?(?:of|weeks|days|hours|to|and)(?![a-z]))"
NEAR = 8
"""Weeks from this one within which ``week 40`` is one of the calendar, and not of a course or a project."""


def week_number(n: int, at: Moment) -> Day | None:
    """The ISO week with this number, where that is near."""
    year = at.day.isocalendar().year
    for there in (year, year + 1):
        if 1 <= n <= 52 and abs((first := date.fromisocalendar(there, n, 1)) - monday_of(at.day)).days <= 7 * NEAR:
            return one(first, first + timedelta(days=6), "week")
    return None


def _week_no(found: re.Match[str], at: Moment) -> Day | None:
    return week_number(int(found["n"]), at) if int(found["n"]) > 9 else None


def _year(found: re.Match[str], at: Moment) -> Day:
    """``end of 2027``, ``in 2027``; a bare number is no year."""
    edge, year = found["edge"], int(found["year"])
    if "end" in edge:
        return one(date(year, 12, 31), role="deadline" if edge.startswith(("by", "before")) else None)
    if "beginning" in edge or "start" in edge:
        return one(date(year, 1, 1))
    if "middle" in edge:
        return one(date(year, 6, 30))
    if edge == "before ":
        return one(date(year - 1, 12, 31), role="deadline")
    return one(date(year, 1, 1), date(year, 12, 31), "year", role="deadline" if edge in ("by ", "until ") else None)


def _years(found: re.Match[str], at: Moment) -> Day | None:
    """``from 2014 to 2018``, ``2014-2018``."""
    first, last = int(found["y1"]), int(found["y2"])
    return one(date(first, 1, 1), date(last, 12, 31), "year") if first < last <= first + 60 else None


def _of_year(found: re.Match[str], at: Moment) -> Day | None:
    """The year of ``36th day of 2011``; ``in the year 2008``."""
    year = int(found["year"])
    if not at.joined and not found.string[: found.start()].endswith(("the year ", "in year ", "for year ")):
        return None
    return one(date(year, 1, 1), date(year, 12, 31), "year")


def _code(found: re.Match[str], at: Moment) -> Day:
    code = found["code"] or "eo" + found["whole"][0]
    unit = {"w": "week", "m": "month", "q": "quarter", "y": "year"}[code[-1]]
    first, last, grain = period_span(unit, 1 if "n" in code else 0, at)
    if grain == "week":
        last = week_end(at.calendar, first, 4)
        if last < at.day:
            last = week_end(at.calendar, first + timedelta(days=7), 4)
    return one(last, role="deadline")


EN_RULES = (
    ("ibsdeatmu", _YEAR, _year),
    ("t", _AFTER_NEXT, _after_next),
    ("ebatlnscmrwpfvu", _PERIOD, _period),
    ("emqy", _CODES, _code),
    ("tesbqf1234", _QUARTER, _quarter),
    ("hft2", _HALF, _half),
    ("cwk", _WEEK_NO, _week_no),
    ("12", _YEARS, _years),
    ("12", _OF_YEAR, _of_year),
)
