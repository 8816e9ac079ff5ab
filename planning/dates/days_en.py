"""English days: tomorrow, next Friday, Friday the 19th, last night."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from planning.dates.days_zh import next_weekday
from planning.dates.months import add_months, monday_of, month_day
from planning.dates.pieces import Clock, Day, Moment, one
from planning.dates.words import EN_MONTH, EN_ORDINAL, EN_WEEKDAY, compiled, en_number, en_ordinal, en_weekday

_WORDS = {
    "the day after tomorrow": 2, "day after tomorrow": 2, "overmorrow": 2, "the day before yesterday": -2,
    "day before yesterday": -2, "day before yest": -2,
    "tomorrow": 1, "tomorrows": 1, "tmrw": 1, "tmr": 1, "tmw": 1, "2moro": 1, "2mrw": 1,
    "tom": 1, "tomorow": 1,
    "tommorow": 1, "tommorrow": 1, "today": 0, "tod": 0, "tdy": 0, "2day": 0, "tonight": 0, "tonite": 0,
    "yesterday": -1,
}  # fmt: skip
_DAY = (
    "(?P<word>"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r")(?:'s)?(?![a-z])(?P<night> (?:night|evening)(?![a-z]))?"
)
_SHY = frozenset({"mon", "sun", "sat", "wed"})
_BESIDE = r"(?:^|[,(;:]|(?<![a-z])(?:by|on|next|this|due|until|till|before|last|every|from|to|and|or|after|-|~)) ?$"
_WEEKDAY = (
    rf"(?:(?P<rel>this coming|this|next next|next|last|coming|the coming|upcoming|following|previous|past"
    rf"|this past) )?(?:the )?(?P<wd>{EN_WEEKDAY})"
    rf"(?:,? the (?P<nth>\d{{1,2}}(?=st|nd|rd|th)|{EN_ORDINAL})(?:st|nd|rd|th)?(?![a-z])(?! of )"
    rf"|,? (?P<nth2>\d{{1,2}})(?:st|nd|rd|th)(?! (?:of )?{EN_MONTH}))?(?P<week>,? (?:of )?(?:the )?"
    r"(?P<wrel>next|this|last) week| after next)?"
    r"(?P<later> (?:week|fortnight)(?=$|[,.;!?]| at ))?(?P<night> night)?"
)
_WITH_DAY = (
    rf"(?P<wd>{EN_WEEKDAY}),? (?P<nth>[12]\d|3[01])(?=$|[,;!?]| (?:at|from|between|by) | \d{{1,2}}(?::\d\d| ?[ap]m))"
)
_COUNTED = (
    r"(?P<n>\d{1,2}|two|three|four|five|six) (?P<wd>mon|tues|wednes|thurs|fri|satur|sun)days?"
    r" (?P<way>from (?:now|today)|ago|back)(?![a-z])"
)
_THIS_PART = r"this (?:morning|afternoon|evening)(?![a-z])"
_SAME_NEXT = r"(?:at )?(?:the )?(?:this|same) time (?P<way>next|last) (?P<unit>week|month|year)(?![a-z])"
_NIGHT = r"last (?:night|evening)(?![a-z])"
_NOW = r"right now(?![a-z])|now(?=!?$)|(?<=from )now(?![a-z]| on)|(?<=starting )now(?![a-z])"


def _day(found: re.Match[str], at: Moment) -> Day | None:
    word = found["word"]
    if word == "tom" and not compiled(r" (?:at |@ ?)?\d").match(found.string, found.end()):
        return None
    night = Clock(1080, 1320, part="evening", vague=True) if found["night"] or word.startswith("toni") else None
    return one(at.ahead(_WORDS[word]), clock=night)


def _weekday(found: re.Match[str], at: Moment) -> Day | None:
    weekday, said = en_weekday(found["wd"]), found["wd"].rstrip(".")
    if said in _SHY and not (found["rel"] or found["week"] or at.joined or _stands_alone(found)):
        return None
    if said == "sun" and found[0].startswith("the "):
        return None
    nth = found["nth"] or found["nth2"]
    if nth:
        return _weekday_nth(weekday, int(nth) if nth.isdecimal() else en_ordinal(nth), at)
    night = Clock(1080, 1320, part="evening", vague=True) if found["night"] else None
    there = next_weekday(weekday, at.day)
    if found["later"]:  # Monday week
        return one(there + timedelta(days=7 if "week" in found["later"] else 14))

    def roll(day: date) -> date:
        return next_weekday(weekday, day)

    rel = found["wrel"] and {"next": "next week", "this": "this week", "last": "last week"}[found["wrel"]]
    if found["week"]:
        shift = {"next week": 7, "last week": -7}.get(rel or "", 0)
        if rel is None:  # friday after next
            return one(there + timedelta(days=7 if there > at.day else 14))
        return one(monday_of(at.day) + timedelta(days=weekday + shift), roll=roll, clock=night)
    return _related_weekday(found["rel"], weekday, there, at, roll, night)


def _related_weekday(
    rel: str | None, weekday: int, there: date, at: Moment, roll: Callable[[date], date], night: Clock | None
) -> Day:
    """next X: X of the next calendar week; when this week's X is still ahead that is the second reading.

    On a Sunday the nearer one comes first. last X: the latest before today. this X and plain X: the coming one.
    """
    if rel in ("last", "previous", "past", "this past"):
        back = (at.day.weekday() - weekday) % 7 or 7
        return one(at.ahead(-back), roll=roll, clock=night)
    if rel in ("coming", "the coming", "this coming", "upcoming", "following") and there == at.day:
        there += timedelta(days=7)
    if rel == "next next":
        return one(monday_of(at.day) + timedelta(days=weekday + 14))
    if rel == "next":
        far = monday_of(at.day) + timedelta(days=weekday + 7)
        other = far + timedelta(days=7) if at.day.weekday() == 6 else there
        spans = (
            ((far, None),)
            if other in (far, at.day) or (other > far and at.day.weekday() != 6)
            else ((far, None), (other, None))
        )
        return Day(spans, roll=roll, clock=night)
    return one(there, roll=roll, weekday=None if rel else weekday, clock=night)


def _weekday_nth(weekday: int, day: int, at: Moment) -> Day | None:
    """``Friday the 19th``: the coming month whose 19th is a Friday."""
    for n in range(12):
        first = add_months(at.day.replace(day=1), n)
        there = month_day(first.year, first.month, day)
        if there >= at.day and there.day == day and there.weekday() == weekday:
            return one(there)
    return None


def _with_day(found: re.Match[str], at: Moment) -> Day | None:
    """``Monday 21``: where it is one, within a month."""
    there = _weekday_nth(en_weekday(found["wd"]), int(found["nth"]), at)
    return there if there and there.options[0][0] - at.day < timedelta(days=32) else None


def _stands_alone(found: re.Match[str]) -> bool:
    """Is ``sun`` or ``mon`` a weekday here, and not the sun (``sun screen``)?"""
    text = found.string
    rest = text[found.end() :].lstrip(" ")
    if compiled(_BESIDE).search(text[: found.start()]) and not re.match(r"[a-z]{2,}", rest):
        return True
    return (
        not rest
        or not rest[0].isalpha()
        or bool(
            re.match(
                r"(?:at|by|morning|afternoon|evening|noon|to|and|or|jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec)"
                r"(?![a-z])",
                rest,
            )
        )
        or not rest[0].isascii()
    )


def _counted(found: re.Match[str], at: Moment) -> Day:
    """``3 fridays from now``, ``2 sundays ago``: today is none of them."""
    n, weekday = int(en_number(found["n"])), en_weekday(found["wd"])
    if found["way"].startswith("from"):
        return one(next_weekday(weekday, at.ahead(1)) + timedelta(days=7 * (n - 1)))
    return one(at.ahead(-((at.day.weekday() - weekday) % 7 or 7) - 7 * (n - 1)))


def _night(found: re.Match[str], at: Moment) -> Day:
    return one(at.ahead(-1), clock=Clock(1080, 1320, part="evening", vague=True))


def _now(found: re.Match[str], at: Moment) -> Day:
    return one(at.day, grain="minute", minute=at.minute)


def _this_part(found: re.Match[str], at: Moment) -> Day | None:
    """The day of ``8am this morning``; alone it is a part of the day."""
    timed = compiled(r"(?:\d ?(?:[ap]\.?m\.?|o'?clock)|:\d\d|noon) $").search(found.string[: found.start()])
    return one(at.day) if at.joined and timed else None


def _same_next(found: re.Match[str], at: Moment) -> Day:
    """``this time next week``."""
    way = 1 if found["way"] == "next" else -1
    if found["unit"] == "week":
        return one(at.ahead(7 * way), clock=Clock(at.minute))
    return one(add_months(at.day, way * (1 if found["unit"] == "month" else 12)), clock=Clock(at.minute))


EN_RULES = (
    ("t", _THIS_PART, _this_part),
    ("ats", _SAME_NEXT, _same_next),
    ("todyn2", _DAY, _day),
    ("0123456789tfs", _COUNTED, _counted),
    ("tnlcpmwfs", _WEEKDAY, _weekday),
    ("l", _NIGHT, _night),
    ("rn", _NOW, _now),
)
