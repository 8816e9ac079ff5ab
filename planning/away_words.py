"""Leave as it is typed on a phone, respelled in the words that dates are read in, and how long it lasts.

``9月21-23`` → ``9月21-23日``, ``9-21 pm`` → ``9-21 下午``, ``3 days from Monday`` → ``Monday for 3 days``.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from chat.frozen import frozen
from planning.calendar import Calendar
from planning.dates.words import EN_MONTH, EN_NUM, EN_WEEKDAYS, NUM, compiled, en_number, number

LONGEST = 366
"""Days of one leave, both ends included."""
WORKING = 30
"""A length of more days than this counts days off too: nobody reckons half a year in working days."""
_MOST = 9999
_DAY = timedelta(days=1)
_DASHES = r"(?<=[\d日号])\s*(?:\.{2,}|…+|[—–―~～]+|-{2,})\s*(?=\d)"
_DOTS = r"(?<![\d.])(1[0-2]|0?[1-9])\.(3[01]|[12]\d|0?[1-9])(?![\d.]|\s*(?:天|个|小时|days?|weeks?|hours?|h))"
_FOUR = r"(?<![\d-])(\d{1,2}-\d{1,2})\s*-\s*(\d{1,2}-\d{1,2})(?![\d-])"
_KIND = r"(?<=\d)(?=(?:年|病|事|产|婚|丧)假)"
_NO_UNIT = r"(月\d{1,2}\s*[-~到至]\s*\d{1,2})(?![\d日号月点时:年./-])"
_NOT_DAYS = r"(?![\d月点:./-]|\s*(?:天|个|周|小时|days?|weeks?|hours?))"
_AND = r"(?:\s*(?:[、,和&]|and\b)\s*\d{1,2}[日号]?)+"
_LIST = (
    rf"(?<![\d-])(?P<month>(?:20\d\d[-/.年])?\d{{1,2}}[-/.月]|{EN_MONTH} )(?P<days>\d{{1,2}}[日号]?{_AND}){_NOT_DAYS}"
)
_LIST_END = rf"(?<![\d.月/-])(?P<days>\d{{1,2}}{_AND})(?:(?<=[日号])|\s+(?P<month>{EN_MONTH}))"
_SPAN_EN = rf"(?<![\d-])(\d{{1,2}}\s*-\s*\d{{1,2}})[ ,]({EN_MONTH})"
_HALVES = (
    rf"(?P<day>(?<![\d:])\d{{1,2}}[-/.](?:1[3-9]|2\d|3[01])|^\d{{1,2}}[-/]\d{{1,2}}|tomorrow|today|{EN_WEEKDAYS}"
    rf"|(?<![a-z]){EN_MONTH} \d{{1,2}})\s+(?P<half>[ap])\.?m\b\.?"
)
_YEAR = r"(明|今|来)年\s*(?=\d{1,2}[-/.]\d)"
_NOW = r"(?:从|自)?(?:即日|现在|今日)(?=起|到|至|开始)"
_BOTH = r"\btomorrow (?:and|&) the (?:day after|next day)(?! tomorrow)"
_COUNT = (
    rf"(?P<n>{NUM}|半|(?<![a-z\d.])(?:{EN_NUM}))\s*"
    r"(?P<unit>个?工作日|天|个?(?:星期|礼拜)|周|个月|(?:(?:working|work|business) )?days?\b|weeks?\b|months?\b)"
)
_FIRST_EN = (
    rf"^(?P<before>.*?)\b(?:for )?(?P<count>(?:{EN_NUM}) (?:(?:working|work|business) )?(?:day|week)s?),? "
    r"(?:from|starting(?: from| on)?|beginning(?: on)?) (?P<rest>.+)$"
)
_LATER = rf"(?<=[\d日号一二三四五六天])\s+(?=(?:{NUM}|半)(?:周|个?星期|个?礼拜|个月))"
_LENGTH = rf"(?<![第每前后近]){_COUNT}(?P<more>半)?"
_LASTS = r"起|开始|\b(?:from|starting|for)\b"
_UNTIL = r"(?:^\s*~|(?<![一二三四五六日天\d号])[到至]|为?止|\b(?:until|till|til|through|thru)\b)\s*$"
_UNTIL_SAID = r"^(?:直?到|至|截[止至]到?|until|till|til|through|thru)|(?:为止|止)$"
_BEFORE = r"(?<!\d)前$|^(?:before|by)\b"
_OPEN = r"^(?:从|自|from\b|after\b|starting\b)|(?:起|开始|以后|之后)$"
_OPENS = r"^\s*(?:起|开始|以后|之后|(?:[-~到至]|to\b|until\b|till\b)\s*$)"
_OPENED = r"(?:从|自|\bfrom|\bafter|\bstarting)\s*$"
_SOME = r"^(?:下|本|这)个?(?:周|星期|礼拜|月)$|^(?:next|this) (?:week|month)$"
_NO_SUCH = r"(?:周|星期|礼拜)[八九十零〇089]|(?<![\d.])[0零〇]\s*(?:个?工作日|天|days?\b)"
_BACKWARDS = r"\d\s*[-~到至]\s*(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?$"
_THIS = r"^(?:本|这个?)(?:周|星期|礼拜|月)$|^this (?:week|month)$"


def tidied(folded: str, today: date) -> str:
    """The same said so that the days can be found. folded: half-width, lower case."""
    text = compiled(_DASHES).sub("~", folded)
    text = compiled(_DOTS).sub(r"\1月\2", text)
    text = compiled(_KIND).sub(" ", text)
    text = compiled(_FOUR).sub(r"\1~\2", text)
    text = compiled(_LIST).sub(lambda found: _each(found["days"], found["month"]), text)
    text = compiled(_LIST_END).sub(lambda found: _each(found["days"], f"{found['month'] or ''} "), text)
    text = compiled(_SPAN_EN).sub(r"\2 \1", text)
    text = compiled(_NO_UNIT).sub(r"\1日", text)
    text = compiled(_HALVES).sub(lambda found: f"{found['day']} {'上午' if found['half'] == 'a' else '下午'}", text)
    text = compiled(_YEAR).sub(lambda found: f"{today.year + (found[1] != '今')}-", text)
    text = compiled(_NOW).sub("今天", text)
    text = compiled(_BOTH).sub("tomorrow and the day after tomorrow", text)
    text = compiled(_LATER).sub("起", text)
    if first := compiled(_FIRST_EN).match(text):
        text = f"{first['before']}{first['rest']} for {first['count']}"
    return text


def _each(days: str, month: str) -> str:
    """``21、22`` of 9月: ``9月21日、9月22日``; without a month ``21号、22号``."""
    unit = "日" if month.endswith("月") else "" if month.strip() else "号"
    return "、".join(re.sub(r"(?<=\d)\.", "-", month.lstrip()) + day + unit for day in re.findall(r"\d+", days))


@frozen
class Length:
    """``last`` is the last whole day; ``half``: the morning of the working day after it, too."""

    last: date
    half: bool = False


def length(words: str, first: date, calendar: Calendar) -> Length | None:
    """How long a leave lasts that begins on ``first``; None: ``words`` do not say it.

    Up to thirty days are working days; weeks and months are whole ones.
    """
    match = compiled(_LENGTH).search(words)
    many = _many(match["n"]) if match else None
    if match is None or many is None:
        return None
    unit, half = match["unit"], match["more"] is not None or many % 1 == 0.5
    if "月" in unit or unit.startswith("month"):
        return Length(first + timedelta(days=round(many * 30)) - _DAY)
    if unit.startswith("week") or unit[-1] in "周期拜":
        return Length(first + timedelta(days=round(many * 7)) - _DAY)
    days = int(many)
    if not days:
        return None
    if days > LONGEST or (days > WORKING and unit in ("天", "day", "days")):
        return Length(first + timedelta(days=days) - _DAY)
    return Length(calendar.add_working(calendar.first_working(first), days - 1), half)


def _many(word: str) -> float | None:
    if word == "半":
        return 0.5
    if word.isascii():
        return min(en_number(word), _MOST)
    said = number(word)
    return min(said, _MOST) if said > 0 else None


def lasts(words: str) -> bool:
    """Does an expression of dates say itself how long it is: 9-21起3天, Monday for 3 days?"""
    return compiled(_LASTS).search(words) is not None and compiled(_LENGTH).search(words) is not None


def until(folded: str, start: int, words: str) -> bool:
    """Does a day that begins at ``start`` end a leave that begins now: 到周五, until Friday?"""
    return compiled(_UNTIL_SAID).search(words) is not None or compiled(_UNTIL).search(folded[:start]) is not None


def before(words: str) -> bool:
    """周五前: up to when, but not from when."""
    return compiled(_BEFORE).search(words) is not None


def unended(folded: str, start: int, stop: int, words: str) -> bool:
    """从周五起, from Friday: where it begins and not where it ends."""
    return (
        compiled(_OPEN).search(words) is not None
        or compiled(_OPENED).search(folded[:start]) is not None
        or compiled(_OPENS).search(folded[stop:]) is not None
    )


def this_span(words: str) -> bool:
    """本周, this month: of which only what is left is meant."""
    return compiled(_THIS).search(words) is not None


def some_of(words: str) -> bool:
    """下周, next month: of which so many days would not say which."""
    return compiled(_SOME).search(words) is not None


def nonsense(folded: str) -> bool:
    """下周八, 0 天: a day that no week has, a leave of nothing."""
    return compiled(_NO_SUCH).search(folded) is not None


def ended_before(words: str, first: date) -> date | None:
    """The end of a span that was read as one day, since it ends in a year before: 2026-9-21~2025-9-25."""
    match = compiled(_BACKWARDS).search(words)
    try:
        last = date(*map(int, match.groups())) if match else first
    except ValueError:
        return None
    return last if last < first else None
