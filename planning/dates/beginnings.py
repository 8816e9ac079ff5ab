"""A day from which something comes again: 从10月8日开始每周四9点, every 3 days starting tomorrow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from planning.dates.pieces import Moment
from planning.dates.readings import Expression
from planning.dates.recurrence import Recurrence
from planning.dates.words import compiled

_THEN = r"的?(?P<said>起|开始)? ?[,:]? ?"
_SINCE = r"(?:从|自|starting |beginning |from )"
_FROM = r"[,( ]{0,3}(?P<said>(?:starting|beginning|commencing|as of)(?: on| from)? )?"
_CLOSED = r" ?(?:起|开始)"
_SPAN = r"(?:从|自)?(?:[明来]年|(?:下+个?|这个?|本)(?:周|星期|礼拜|月|季度))"
_UNSAID = r"(?:周|星期|礼拜|月|weeks?|months?)(?: |$)"
"""The rule named no day: it is the day it begins."""


def begun(found: Sequence[Expression], folded: str, text: str, at: Moment) -> list[Expression]:
    """The expressions, with a recurrence and the day it begins made one where they stand side by side.

    folded: ``text`` in one spelling.
    """
    joined: list[Expression] = []
    for one in found:
        both = _together(joined[-1], one, folded, text, at) if joined else None
        if both:
            joined[-1] = both
        else:
            joined.append(one)
    return joined


def _together(one: Expression, two: Expression, folded: str, text: str, at: Moment) -> Expression | None:
    first, rule = (one, two) if two.recurrence else (two, one)
    again = rule.recurrence
    if first.recurrence or again is None or first.role == "deadline" or first.readings[0].day < at.day:
        return None
    if first.readings[0].end_day and not compiled(_SPAN).fullmatch(first.words):
        return None
    gap = compiled(_THEN if first is one else _FROM).fullmatch(folded, one.stop, two.start)
    if gap is None or not (gap["said"] or compiled(_SINCE).match(folded, first.start)):
        return None
    stop = two.stop
    if first is two and (closed := compiled(_CLOSED).match(folded, stop)):
        stop = closed.end()
    start = first.readings[0]
    if again.minute is None and start.minute is not None and again.unit not in ("hour", "minute"):
        again = replace(again, minute=start.minute)
    if compiled(_UNSAID).search(rule.words):
        again = _of(again, start.day)
    if again.unit in ("hour", "minute"):
        reading = start if start.minute is not None else replace(rule.readings[0], day=start.day)
    else:
        day = again.first_from(start.day, at.calendar)
        reading = replace(rule.readings[0], day=day, minute=again.minute)
    return Expression(one.start, stop, text[one.start : stop], (reading,), rule.role, again)


def _of(rule: Recurrence, day: date) -> Recurrence:
    """每周 from a Thursday on is every Thursday, 每月 from the 8th on every 8th."""
    if rule.unit == "week":
        return replace(rule, weekdays=(day.weekday(),))
    return replace(rule, month_days=(day.day,)) if rule.unit == "month" else rule
