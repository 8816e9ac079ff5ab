"""Recurrences in English: every other Tuesday, every weekday, the last Friday of each month, every 2 hours."""

import re

from planning.dates.every import AFTERNOON, EVENING, MORNING, by_the_clock, real
from planning.dates.pieces import Every, Moment
from planning.dates.recurrence import Recurrence
from planning.dates.words import (
    EN_MONTH,
    EN_NUM,
    EN_ORDINAL,
    EN_WEEKDAY,
    EN_WEEKDAYS,
    en_month,
    en_number,
    en_ordinal,
    en_weekday,
)

_UNIT = (
    r"(?P<unit>days?|mornings?|evenings?|nights?|afternoons?|week ?days?|workdays?|work days?|business days?"
    r"|working days?|weeks?|months?|quarters?|years?|weekends?)(?![a-z])"
)
_DAYS = rf"(?:{EN_WEEKDAYS}|weekends?(?![a-z]))"
_LIST = rf"{_DAYS}(?:(?: ?[,/&+] ?(?:and )?| and | ?- ?| to | through | thru )(?:every )?{_DAYS})*"
_TH = r"(?:\d{1,2}(?:st|nd|rd|th)|last)"
_EACH = r"(?:every|each|ev)"
_STEP = rf"(?:(?P<other>other|second|2nd|alternate) |(?P<step>{EN_ORDINAL}) |(?P<n>{EN_NUM}) |single )?"
_NTH = rf"(?P<nth>{EN_ORDINAL}|last)(?: (?P<back>to )?(?P<last>last))?"
_WORKS = r"(?:business |working |work)day|weekday"
_WHICH = (
    rf" on (?:the )?(?:(?P<list>{_LIST})"
    rf"|(?:{_NTH}) (?P<what>{EN_WEEKDAY}|{_WORKS}|day)(?: of the month)?"
    r"|(?:day )?(?P<ths>\d{1,2}(?:st|nd|rd|th)?(?:(?:,| and|, and) (?:the )?\d{1,2}(?:st|nd|rd|th)?)*)(?: "
    r"(?P<rear>last))?"
    r"(?! ?(?:am|pm|:)|[a-z\d:]))"
)
_EVERY = rf"(?:on )?{_EACH} {_STEP}{_UNIT}(?:{_WHICH})?"
_EVERY_DAYS = rf"(?:on )?{_EACH} {_STEP}(?P<list>{_LIST})"
_EXCEPT = rf"{_EACH} (?P<unit>day|weekday|workday) (?:except|but|excluding)(?: for)?(?: on)? (?P<list>{_LIST})"
_HOURS = (
    rf"(?:{_EACH} (?:(?P<half>half(?: an)?[- ])|(?P<n>other|{EN_NUM}) )?(?P<unit>hours?|hrs?|minutes?|mins?)(?![a-z])"
    r"|(?P<hourly>hourly)(?=$|[ ,.](?!rate|wage|pay)))"
)
_THS = (
    rf"(?:on )?{_EACH} (?P<other>other |second )?(?P<ths>{_TH}(?:(?:,| and|, and) (?:the )?{_TH})*|\d{{1,2}}(?= at |$))"
    rf"(?![a-z\d:])(?! (?:day|week|month|year|business|work|{EN_WEEKDAY}))"
    rf"(?: (?:day )?of (?:(?:the|each|every) month|(?P<month>{EN_MONTH})))?"
)
_LAST = (
    rf"(?:on )?(?:(?:{_EACH}|the) )?{_NTH} (?P<what>{EN_WEEKDAY}|{_WORKS}|day)"
    rf" (?:of |in )?(?:{_EACH} (?:(?P<other>other|second) |(?P<n>\d{{1,2}})(?:st|nd|rd|th)? )?months?|every month)"
    rf"|{_EACH} (?P<nth2>{EN_ORDINAL}|last) (?P<what2>{EN_WEEKDAY}|{_WORKS}|day)(?: of (?:the )?month)?(?! (?:of"
    rf"|in) [a-z])"
)
_OF_EACH = (
    r"(?:on )?(?:the )?(?:(?P<th>\d{1,2})(?:st|nd|rd|th)?(?: day)?|(?P<edge>end|last|beginning|begin|start|first))"
    rf" (?:of|in) {_EACH} (?:(?P<other>other|second) |(?P<n>\d{{1,2}})(?:st|nd|rd|th)? )?months?(?![a-z])"
)
_NTH_YEARLY = (
    rf"(?:{_EACH} |(?:yearly|annually) on the )(?:year on the )?(?P<nth>last|{EN_ORDINAL}) (?P<wd>{EN_WEEKDAY})"
    rf" (?:of|in) (?P<month>{EN_MONTH})"
)
_YEARLY = (
    rf"(?:{_EACH}|once a year on|once every year on|annually on|yearly on) (?:year on )?(?:the )?"
    rf"(?:(?P<month>{EN_MONTH}) (?:on )?(?:the )?(?:day )?(?P<days>\d{{1,2}}(?:st|nd|rd|th)?"
    rf"(?: and (?:the )?\d{{1,2}}(?:st|nd|rd|th)?)*)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month2>{EN_MONTH}))(?![\d:])(?! ?(?:am|pm))"
)
_OFTEN = (
    r"(?P<often>daily|weekly|monthly|biweekly|bi-weekly|fortnightly|quarterly|yearly|annually)"
    r"(?= (?:at|on|from|starting|until|till|every|in the|@)(?![a-z])| (?!1:1(?!\d))\d|$)"
    r"|(?P<adverb>weekly|biweekly|bi-weekly"
    r"|fortnightly)"
    rf" (?P<days>{_LIST})"
)
_ONCE = r"(?:once (?:a|every|per) |per )(?P<once>day|week|month|quarter|year)(?![a-z])"
_PLAIN = (
    r"(?P<everyday>everyday(?= |$|[,.])(?! (?:life|use|carry|objects?|routine|tasks?|work|things?|language"
    r"|people|wear)))"
    r"|(?P<weekends>(?:on )?weekends(?= at| ?\d|$))"
    r"|(?P<workdays>(?:on )?(?:weekdays|(?:(?<=^)|(?<=on ))(?:business days|workdays|working days))(?= (?:at|@|from)"
    r"(?![a-z])| ?\d|$))"
    r"|(?P<parts>(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day (?=(?:mornings|afternoons|evenings|nights)"
    r"(?![a-z])))"
    r"|(?P<plural>(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days(?![a-z])(?:(?: ?, ?| and | ?& ?"
    r"| through | to | thru )(?:mon|tues|wednes|thurs|fri|satur|sun)days)*)"
)


def _weekdays_in(said: str) -> tuple[int, ...]:
    """The weekdays of a list, or of a range (monday to friday)."""
    listed = [en_weekday(word) for word in re.findall(r"mon|tue|wed|thu|fri|sat|sun", said)]
    if len(listed) == 2 and re.search(r"-|to |through|thru", said):
        listed = [(listed[0] + n) % 7 for n in range((listed[1] - listed[0]) % 7 + 1)]
    return tuple(sorted(set(listed) | ({5, 6} if "weekend" in said else set())))


def _times(found: re.Match[str]) -> int:
    """every other, every third, every 3; 0 when that is no whole number."""
    if found["other"]:
        return 2
    if "step" in found.re.groupindex and found["step"]:
        return en_ordinal(found["step"])
    said = found["n"]
    amount = en_number(said) if said else 1.0
    return int(amount) if amount == int(amount) else 0


def _numbers(said: str) -> tuple[int, ...]:
    return tuple(int(word) for word in re.findall(r"\d+", said))


def _every(found: re.Match[str], at: Moment) -> Every | None:
    every, unit = _times(found), found["unit"].replace(" ", "").removesuffix("s")
    if every < 1:
        return None
    if found["list"]:
        return Every(Recurrence("week", every, _weekdays_in(found["list"]))) if unit == "week" else None
    if unit in ("month", "quarter") and (found["nth"] or found["ths"]):
        return _on_the(found, every, unit == "quarter")
    if found["nth"] or found["ths"]:
        return None
    if unit in ("morning", "evening", "night", "afternoon"):
        parts = {"morning": MORNING, "afternoon": AFTERNOON}
        return Every(Recurrence("day", every), parts.get(unit, EVENING))
    return _of_unit(unit, every, at)


def _on_the(found: re.Match[str], every: int, quarter: bool) -> Every | None:
    """every month on the 15th, on the last workday, on the 2nd Tuesday, on the 4th last."""
    months = every * (3 if quarter else 1)
    if found["ths"]:
        days = tuple(-n if found["rear"] else n for n in _numbers(found["ths"]))
        return Every(Recurrence("month", months, (), days)) if real(*map(abs, days)) else None
    n = _from_end(found)
    month = (3 if n < 0 else 1) if quarter else None
    return _nth_of(found["what"], n, months, month)


def _from_end(found: re.Match[str]) -> int:
    """2nd is 2, last -1, 3rd last -3, second to last -2."""
    n = en_ordinal(found["nth"])
    return -n if found["last"] else n


def _nth_of(what: str, n: int, months: int, month: int | None = None) -> Every | None:
    if what == "day":
        return Every(Recurrence("month", months, (), (n,), month=month)) if real(abs(n)) else None
    if what.endswith("day") and what.startswith(("business", "work", "weekday")):
        return Every(Recurrence("month", months, nth_workday=n, month=month))
    return Every(Recurrence("month", months, nth=(n, en_weekday(what)))) if abs(n) <= 5 else None


def _every_days(found: re.Match[str], at: Moment) -> Every | None:
    if found["step"] and "weekend" not in found["list"]:
        return None  # every third Friday is the month's
    every = _times(found)
    return Every(Recurrence("week", every, _weekdays_in(found["list"]))) if every else None


def _except(found: re.Match[str], at: Moment) -> Every:
    """``every day except Sunday``."""
    days = set(range(7 if found["unit"] == "day" else 5)) - set(_weekdays_in(found["list"]))
    return Every(Recurrence("week", 1, tuple(sorted(days)) or (0,)))


def _hours(found: re.Match[str], at: Moment) -> Every | None:
    if found["hourly"]:
        return by_the_clock(1, "hour", at)
    amount = 0.5 if found["half"] else 2.0 if found["n"] == "other" else en_number(found["n"] or "one")
    return by_the_clock(amount, "hour" if found["unit"][0] == "h" else "minute", at)


def _ths(found: re.Match[str], at: Moment) -> Every | None:
    days = tuple(-1 if word == "last" else int(word) for word in re.findall(r"\d+|last", found["ths"]))
    if not real(*map(abs, days)):
        return None
    if found["month"]:
        return Every(Recurrence("year", month=en_month(found["month"]), month_days=days))
    return Every(Recurrence("month", 2 if found["other"] else 1, (), days))


def _last(found: re.Match[str], at: Moment) -> Every | None:
    if found["nth2"]:
        return _nth_of(found["what2"], en_ordinal(found["nth2"]), 1) if _monthly(found) else None
    months = _times(found)
    return _nth_of(found["what"], _from_end(found), months) if months else None


def _monthly(found: re.Match[str]) -> bool:
    """every 2nd Friday is every other one, every 4th day every fourth: only some are the month's."""
    if found[0].endswith("month") or found["nth2"] == "last":
        return True
    return found["what2"] != "day" and found["nth2"] not in ("2nd", "second")


def _of_each(found: re.Match[str], at: Moment) -> Every | None:
    """``the 4th of every month``, ``end of each month``."""
    every = _times(found)
    day = int(found["th"]) if found["th"] else -1 if found["edge"] in ("end", "last") else 1
    return Every(Recurrence("month", every, (), (day,))) if every and (day == -1 or real(day)) else None


def _nth_yearly(found: re.Match[str], at: Moment) -> Every:
    rule = Recurrence("year", nth=(en_ordinal(found["nth"]), en_weekday(found["wd"])), month=en_month(found["month"]))
    return Every(rule)


def _of_unit(unit: str, every: int, at: Moment) -> Every:
    if unit == "day":
        return Every(Recurrence("day", every))
    if unit == "weekend":
        return Every(Recurrence("week", every, (5, 6)))
    if unit == "week":
        return Every(Recurrence("week", every, (at.day.weekday(),)))
    if unit in ("month", "quarter"):
        return Every(Recurrence("month", every * (3 if unit == "quarter" else 1), (), (at.day.day,)))
    if unit == "year":
        return Every(Recurrence("year", every, (), (at.day.day,), month=at.day.month))
    return Every(Recurrence("workday", every))


def _yearly(found: re.Match[str], at: Moment) -> Every | None:
    days = _numbers(found["days"] or found["day2"])
    if not real(*days):
        return None
    return Every(Recurrence("year", month=en_month(found["month"] or found["month2"]), month_days=days))


def _often(found: re.Match[str], at: Moment) -> Every | None:
    often = (found["often"] or found["adverb"]).replace("-", "")
    every = 2 if often in ("biweekly", "fortnightly") else 1
    units = {"daily": "day", "monthly": "month", "quarterly": "quarter", "yearly": "year", "annually": "year"}
    unit = units.get(often, "week")
    if found["list"] or found["days"]:
        return (
            Every(Recurrence("week", every, _weekdays_in(found["list"] or found["days"]))) if unit == "week" else None
        )
    if found["nth"] or found["ths"]:
        return _on_the(found, 1, unit == "quarter") if unit in ("month", "quarter") else None
    return _of_unit(unit, every, at)


def _once(found: re.Match[str], at: Moment) -> Every | None:
    unit = found["once"]
    if found["list"]:
        return Every(Recurrence("week", 1, _weekdays_in(found["list"]))) if unit == "week" else None
    if found["nth"] or found["ths"]:
        return _on_the(found, 1, unit == "quarter") if unit in ("month", "quarter") else None
    return _of_unit(unit, 1, at) if found[0].startswith("once") else None


def _plain(found: re.Match[str], at: Moment) -> Every:
    if found["workdays"]:
        return Every(Recurrence("workday"))
    if found["everyday"]:
        return Every(Recurrence("day"))
    if found["weekends"]:
        return Every(Recurrence("week", 1, (5, 6)))
    return Every(Recurrence("week", 1, _weekdays_in(found["plural"] or found["parts"])))


EN_RULES = (
    ("eya", _NTH_YEARLY, _nth_yearly),
    ("eoay", _YEARLY, _yearly),
    ("oetflsn1234", _LAST, _last),
    ("otbself0123456789", _OF_EACH, _of_each),
    ("e", _EXCEPT, _except),
    ("eh", _HOURS, _hours),
    ("oe", _THS, _ths),
    ("oe", _EVERY, _every),
    ("oe", _EVERY_DAYS, _every_days),
    ("dwmbfqya", rf"(?:{_OFTEN})(?:{_WHICH})?", _often),
    ("op", rf"{_ONCE}(?:{_WHICH})?", _once),
    ("oemtwfsb", _PLAIN, _plain),
)
