"""English stretches of hours: between 10 and 11:30, Monday 12-4, 9h30-11h, from 9:30 for two hours."""

import re
from dataclasses import replace

from planning.dates.months import month_day
from planning.dates.pieces import Clock, Moment
from planning.dates.words import EN_NUM, EN_WEEKDAY, compiled, en_number, en_weekday

_SPAN = (
    r"(?<![\d.:/#$%-])(?P<h>1\d|2[0-3]|0?[1-9])(?:[:.](?P<m>[0-5]\d))? ?(?P<link>to|-|~|until|untill|till|–|and) ?"
    r"(?P<h2>1\d|2[0-4]|0?[1-9])(?:[:.](?P<m2>[0-5]\d))?(?: ?ish)?(?![\d:%/a-z–-]|[.,]\d| ?[ap]\.?m(?![a-z]))"
    r"(?P<tail> in the (?:morning|afternoon|evening)(?![a-z])| at night(?![a-z]))?"
)
_LEAD = r"(?<![a-z])(?P<lead>from|between) $"
_DAY_AFTER = (
    rf" ?,? (?:on |this |next |last )?(?:tomorrow|today|tonight|yesterday|morning|night|evening|{EN_WEEKDAY})"
    r"(?![a-z])"
)
_ON_DAY = rf" (?:on (?:next |this )?{EN_WEEKDAY}|(?:next|this) {EN_WEEKDAY}|tomorrow|today)(?![a-z])"
_PART = r"(?<![a-z])(?P<part>morning|afternoon|evening|night|tonight),? (?:from |between )?$"
_PART_AFTER = r" ?,? (?:last |this |tomorrow |yesterday )?(?P<part>morning|afternoon|evening|night|tonight)(?![a-z])"
_WEEKDAY = rf"(?<![a-z])(?P<wd>{EN_WEEKDAY}),? (?:from |between )?$"
_H24 = r"(?<![\d.:/-])(?P<h>2[0-3]|1\d|0?\d) ?h(?P<m>[0-5]\d)?(?![\d:a-z])"
_RUN_LATE = r"(?<=ght )(?P<h>[1-9]|1[0-2])(?P<m>[0-5]\d)(?![\d:.,a-z%/-]| [a-z])"
_RUN_HOURS = r"(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d) ?(?:hrs?|hours)(?![a-z])"
_SPACED = r"(?<=at )(?P<h>1[0-2]|[1-9]) (?P<m>[0-5]\d)(?=$|[,;.!?]$| (?:on|tomorrow|today|tonight)(?![a-z]))"
_FOR = rf" for (?P<n>{EN_NUM}|half an) (?P<unit>hours?|hrs?|minutes?|mins?|days?|weeks?)(?![a-z])"
_BACK = 24


def _span(found: re.Match[str], at: Moment) -> Clock | None:
    """Bare hours are a stretch after ``between`` or ``from``, or beside a weekday whose date they cannot be."""
    text, start = found.string, found.start()
    before = text[max(0, start - _BACK) : start]
    lead, weekday = compiled(_LEAD).search(before), compiled(_WEEKDAY).search(before)
    part = compiled(_PART).search(before) or compiled(_PART_AFTER).match(text, found.end())
    link = found["link"]
    if link == "and" and not (lead and lead["lead"] == "between"):
        return None
    exact = bool(found["m"] or found["m2"])
    if "." in found[0] and not (lead and exact and (part or at.joined)):
        return None
    beside = bool(weekday and _no_date(found, en_weekday(weekday["wd"]), at)) or bool(part)
    told = not lead and link in ("to", "-") and compiled(_ON_DAY).match(text, found.end()) and _short(found)
    tail = (found["tail"] or "").rpartition(" ")[2]
    named = told or (lead and (exact or at.joined or tail or compiled(_DAY_AFTER).match(text, found.end())))
    if not (named or (at.joined and beside and link != "and")):
        return None
    return _hours(found, tail or (part["part"] if part else ""))


def _short(found: re.Match[str]) -> bool:
    """A working day at most: no score (3-2 on Monday), no date."""
    clock = _hours(found, "")
    length = (clock.end or 0) - clock.minute if clock else 0
    return 0 < length <= 600 and (found["link"] == "to" or int(found["h"]) < int(found["h2"]))


def _hours(found: re.Match[str], part: str) -> Clock | None:
    first, last = int(found["h"]), int(found["h2"])
    minute, end = first * 60 + int(found["m"] or 0), last * 60 + int(found["m2"] or 0)
    if first < 13 and not found["h"].startswith("0"):
        minute %= 720
        late = part not in ("", "morning") or (not part and minute < 420)
        minute += 720 if late else 0
    while end <= minute and last < 13:
        end += 720
    return Clock(minute, end % 1440) if end > minute and end - minute < 1440 else None


def _no_date(found: re.Match[str], weekday: int, at: Moment) -> bool:
    """Is the next ``12-4`` not on this weekday?"""
    month, day = int(found["h"]), int(found["h2"])
    if found["link"] != "-" or month > 12 or found["m"] or found["m2"]:
        return True
    there = month_day(at.day.year, month, day)
    there = there if there >= at.day else month_day(at.day.year + 1, month, day)
    return there.weekday() != weekday


def _h24(found: re.Match[str], at: Moment) -> Clock | None:
    """``17h30``, ``at 15h``; ``24h`` and ``in 2h`` are how long."""
    text, start = found.string, found.start()
    if not found["m"] and not compiled(r"(?<![a-z])(?:at|from|until|till|to|by|-) ?$").search(text[:start]):
        return None
    if compiled(r"(?<![a-z])(?:in|for|within|after|every|last|next|past|took|spent|about) $").search(text[:start]):
        return None
    return Clock(int(found["h"]) * 60 + int(found["m"] or 0))


def _run(found: re.Match[str], at: Moment) -> Clock:
    """``1730 hrs``."""
    return Clock(int(found["h"]) * 60 + int(found["m"]))


def _loose(found: re.Match[str], at: Moment) -> Clock:
    """``tonight 815``, ``at 3 15``."""
    return Clock(int(found["h"]) % 12 * 60 + int(found["m"]), loose=True)


def lasting(text: str, pos: int) -> tuple[str, int, int] | None:
    """(``minute``, ``day`` or ``week``, how many, where its words end) of 「for two hours」."""
    found = compiled(_FOR).match(text, pos) if text.startswith(" for ", pos) else None
    if found is None:
        return None
    n, unit = 0.5 if found["n"] == "half an" else en_number(found["n"]), found["unit"]
    if unit[0] in "hm":
        return "minute", round(n * (60 if unit[0] == "h" else 1)), found.end()
    return ("day" if unit[0] == "d" else "week", int(n), found.end()) if n == int(n) and 0 < n < 60 else None


def lengthened(clock: Clock, minutes: int) -> Clock | None:
    """From its beginning on; None: it has an end, or would last into the next day."""
    minute = clock.minute + (720 if clock.loose and clock.minute < 420 else 0)
    if clock.vague or clock.end is not None or not 0 < minutes < 720 or minute + minutes >= 1440:
        return None
    return replace(clock, minute=minute, end=minute + minutes, loose=False)


EN_RULES = (
    ("0123456789", _SPAN, _span),
    ("0123456789", _RUN_HOURS, _run),
    ("0123456789", _H24, _h24),
    ("123456789", _RUN_LATE, _loose),
    ("123456789", _SPACED, _loose),
)
