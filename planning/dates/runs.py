"""So long before or after now: 前两天, 上两周, 下个小时, last 3 months, the next hour.

前 and 后 count from today; 上 and 下 are whole weeks, months, quarters and years. Of hours it is the far end.
"""

import re
from datetime import date, timedelta

from planning.dates.months import add_months, last_of, monday_of, quarter_first
from planning.dates.pieces import Day, Moment, one
from planning.dates.relative import step, unit_of
from planning.dates.words import EN_NUM, en_number, number

_RUN = (
    r"(?<![^\x00-\x7f ,。;:、!?()的在把看查你我他她和与是从这那有按取下询计析算总])"
    r"(?P<way>[前后上下])(?P<n>\d{1,3}|[一二两俩三四五六七八九十仨]{1,3}|几)(?P<ge>个)?"
    r"(?P<unit>工作日|天|周|星期|礼拜|月|季度|年|小时|钟头|分钟|秒钟?)(?!前|后|以|之|内|次|级|线|版|半|报|会|期|节"
    r"|薪|饼|制)"
)
_EN_RUN = (
    rf"(?:(?:the |over the |for the |in the |during the |within the |from the )?"
    rf"(?P<way>last|past|previous|upcoming|coming|following|next(?= (?:few|couple) )) (?P<n>{EN_NUM}|few)"
    rf"|(?:the )?(?P<n2>\d{{1,3}}|two|three|four|five|six) (?P<way2>upcoming|coming|next|last|past|previous))"
    r" (?P<unit>minutes?|mins?|hours?|hrs?|(?:business |working )?days?|workdays?|weeks?|months?|quarters?"
    r"|years?)(?![a-z])(?! of )"
)


def _run(found: re.Match[str], at: Moment) -> Day | None:
    """前两天 are the two days before today, 后两周 the 14 days after it; 上两周, 下两个月 whole weeks and months."""
    n = 3 if found["n"] == "几" else number(found["n"])
    unit = unit_of(found["unit"]) if found["unit"] != "年" else "year"
    way = found["way"]
    if n < (1 if way in "前后" and unit not in ("day", "workday") else 2) or (unit == "month" and not found["ge"]):
        return None
    ahead = way in "后下"
    if found["unit"][0] in "小钟分秒":
        unit = {"小": "hour", "钟": "hour", "分": "minute"}.get(found["unit"][0], "second")
        return _clock_run(n * (1 if ahead else -1), unit, at)
    if way in "前后" or unit in ("day", "workday"):
        return _rolling(n, unit, ahead, at)
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if months is None:
        monday = monday_of(at.day)
        return _between(monday + timedelta(days=7 if ahead else -7 * n), 7 * n)
    this = date(at.day.year, (at.day.month - 1) // months * months + 1, 1)
    start = add_months(this, months if ahead else -months * n)
    return one(start, last_of(start, months * n))


def _clock_run(n: float, unit: str, at: Moment) -> Day:
    """上两小时, next 30 minutes: of so short a run the far end."""
    minutes = round(n * {"hour": 60, "minute": 1}.get(unit, 1 / 60)) or (1 if n > 0 else -1)
    days, minute = divmod(at.minute + minutes, 1440)
    return one(at.ahead(days), grain="minute", minute=minute)


def _between(first: date, days: int) -> Day:
    return one(first, first + timedelta(days=days - 1))


def _rolling(n: int, unit: str, ahead: bool, at: Moment) -> Day:
    n, unit = (3 * n, "month") if unit == "quarter" else (n, unit)
    tomorrow, yesterday = at.ahead(1), at.ahead(-1)
    if ahead:
        return one(tomorrow, step(at.day, n, unit, at))
    return one(step(at.day, -n, unit, at), yesterday)


def _en_run(found: re.Match[str], at: Moment) -> Day | None:
    said, way = found["n"] or found["n2"], found["way"] or found["way2"]
    if found["way2"] and not found["unit"].endswith("s"):
        return None  # only 3 next week
    amount = 3.0 if said == "few" else en_number(said)
    unit = found["unit"].removesuffix("s")
    unit = "workday" if unit.startswith(("business", "working")) else unit
    ahead = way in ("upcoming", "coming", "next", "following")
    if unit in ("minute", "min", "hour", "hr"):
        return _clock_run(amount * (1 if ahead else -1), "hour" if unit[0] == "h" else "minute", at)
    if amount != int(amount) or not 0 < amount < 400:
        return None
    if unit == "quarter":
        start = add_months(quarter_first(at.day), 3 if ahead else -3 * int(amount))
        return one(start, last_of(start, 3 * int(amount)))
    return _rolling(int(amount), unit, ahead, at)


_HOUR = r"(?P<way>[上下])一?个?小时"
_EN_HOUR = r"(?:the )?(?P<way>next|last|past|previous) (?P<unit>hour|half hour)(?![a-z])"


def _hour(found: re.Match[str], at: Moment) -> Day:
    return _clock_run(1 if found["way"] == "下" else -1, "hour", at)


def _en_hour(found: re.Match[str], at: Moment) -> Day:
    """``the next hour``: as of every run of hours, its far end."""
    n = 1.0 if found["unit"] == "hour" else 0.5
    return _clock_run(n if found["way"] == "next" else -n, "hour", at)


RULES = (("前后上下", _RUN, _run), ("上下", _HOUR, _hour))
EN_RULES = (
    ("tnlp", _EN_HOUR, _en_hour),
    ("lpucfotdin23456789", _EN_RUN, _en_run),
)
