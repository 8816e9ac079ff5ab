"""Things that come again, on days that may rest: which day stands in, and what comes next.

``nominal`` is the day the rule says, ``day`` the one it falls on: 顺延 the working day after, 提前 the one before, 跳过
none at all. No two fall on one day: every day of a long holiday moved to the first day after it is one time.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from chat.frozen import frozen
from planning.calendar import Calendar, DayKind
from planning.dates.recurrence import Recurrence

Choice = Literal["after", "before", "skip"]
CHOICES: tuple[Choice, ...] = ("after", "before", "skip")
_ON_DAYS_OFF = (
    r"[\s,，、;；(（]*(?:(?:如果?|若|要是)?(?:遇到?|逢|碰到?)?(?:节假日|法定假日|公众假期|假期|放假|休息日|非工作日|周末)(?:时|的话)?[就则自]?"
    r"(?P<zh>顺延|延后|往后(?:顺延|推|挪)?|推迟|提前|往前(?:提|挪)?|跳过|不做|不用做|略过)[)）]?"
    r"|(?:if|on) (?:it(?:'s| is) )?(?:an? )?(?:public )?holidays?,? (?:then )?(?:do it |move (?:it )?(?:to )?)?"
    r"(?P<en>later|after|earlier|before|skip)(?: it)?)"
)
DAYS_OFF = re.compile(_ON_DAYS_OFF)
_EARLY, _NEVER = re.compile(r"提前|往前|earlier|before"), re.compile(r"跳|不|略|skip")
_TRIED = 400
"""Times that may be skipped in a row."""
_LOOKED = timedelta(days=400)
_DAY = timedelta(days=1)
_OFF = (DayKind.HOLIDAY, DayKind.OFF)


@frozen
class Occurrence:
    """One time of a rule."""

    nominal: date
    day: date


def choice_in(said: re.Match[str]) -> Choice:
    """What ``DAYS_OFF`` found in a folded line."""
    words = said["zh"] or said["en"]
    return "before" if _EARLY.match(words) else "skip" if _NEVER.match(words) else "after"


def choice_of(said: str) -> Choice:
    """One of ``CHOICES`` as it is stored or pressed; of anything else, as of nothing said, the usual one."""
    return next((choice for choice in CHOICES if choice == said), "after")


def daily_at_most(rule: Recurrence) -> bool:
    """Tasks come once a day at most; 每小时 is for reminders of other programs."""
    return rule.unit not in ("minute", "hour")


def stands(rule: Recurrence, nominal: date, choice: Choice, calendar: Calendar) -> date | None:
    """The day a nominal day falls on; None: it is left out."""
    if not rests(rule, nominal, calendar):
        return nominal
    if choice == "skip":
        return None
    return calendar.next_working(nominal) if choice == "after" else calendar.previous_working(nominal)


def rests(rule: Recurrence, nominal: date, calendar: Calendar) -> bool:
    """Is it a day off for this rule? 每周六 means Saturdays, working or not, unless they are a holiday."""
    if calendar.is_working(nominal):
        return False
    return calendar.kind(nominal) in _OFF or nominal.weekday() not in rule.weekdays


def first(rule: Recurrence, nominal: date, choice: Choice, calendar: Calendar, after: date) -> Occurrence:
    """The first time from ``nominal`` on that falls on a later day than ``after``. Raises ValueError: never."""
    for _ in range(_TRIED):
        day = stands(rule, nominal, choice, calendar)
        if day is not None and day > after:
            return Occurrence(nominal, day)
        nominal = rule.next_after(nominal, calendar)
    raise ValueError(f"{rule} is left out for ever after {after}")


def following(rule: Recurrence, last: Occurrence, choice: Choice, calendar: Calendar, after: date) -> Occurrence:
    """The next time after ``last`` that falls on a later day than it and than ``after``."""
    return first(rule, rule.next_after(last.nominal, calendar), choice, calendar, max(after, last.day))


def ever_rests(rule: Recurrence, nominal: date, calendar: Calendar) -> bool:
    """Will a day off come in its way within a year? Then somebody has to say what happens."""
    until = nominal + _LOOKED
    while nominal <= until:
        if rests(rule, nominal, calendar):
            return True
        nominal = rule.next_after(nominal, calendar)
    return False
