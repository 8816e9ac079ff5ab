"""So long from now: 3天后, 半小时后, 3个工作日内, in two weeks, 3 days ago, within 48 hours."""

import re
from datetime import datetime, time, timedelta

from planning.dates.months import add_months
from planning.dates.pieces import Day, Moment, one
from planning.dates.words import AFTER, BEFORE, EN_NUM, INSIDE, NUM, compiled, en_number, number

_UNIT = (
    r"工作日|工作天|交易日|自然日|d(?=[之以]?内)|小时|钟头|分钟|刻钟|秒钟?|天|日|周|星期|礼拜|季度|月|年|分|钟|h|min"
)
_ZH = (
    rf"(?P<past>过去|最近|近)?(?P<go>再?过|未来|接下来|今后|往后)?(?:的)?"
    rf"(?:(?P<from>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})(?:-|~|到|至))?(?P<n>\d{{1,5}}(?:\.\d{{1,2}})?|半|{NUM})"
    r"(?P<more>多)?个?多?(?P<half>半)?"
    rf"(?P<unit>{_UNIT})(?P<rest>半)?(?:又|零)?(?:(?P<plus>{NUM})分钟?)?(?:的?时间)?(?:(?P<after>{AFTER})"
    rf"|(?P<before>{BEFORE})|(?P<inside>{INSIDE}|里"
    r"(?!面|程|边|斯)))?"
)
_EN_UNIT = (
    r"(?P<unit>business days?|working days?|workdays?|weekdays?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?"
    r"|weeks?|wks?"
    r"|fortnights?|months?|mos?(?= (?:later|ago|from))|quarters?|years?|yrs?|[hmdwy])(?![a-z])"
)
_EN = (
    r"(?:(?P<lead>(?<=timer )for|(?<=alarm )for|in the next|over the next|in|within|after|next|for the next)"
    r"(?: (?:about|around|roughly|approximately))? ~?|(?P<plus_sign>(?<=^\+)|(?<= \+)|(?<=now \+ )))?"
    rf"(?P<n>{EN_NUM})"
    rf"(?P<a_half> and an? half)?(?: more)? ?-?{_EN_UNIT}"
    r"(?: ?(?:and )?(?P<plus>\d{1,2}) ?(?:minutes?|mins?|m)(?![a-z]))?"
    r"(?P<half> and a half)?(?P<dir> (?:from (?:now|today)"
    r"|later(?! (?:this|next|today|tonight|tomorrow|in the)(?![a-z]))|hence|ago|earlier(?=$|[,.!?])|before now"
    r"|back(?=$|[,.!?])|out|time"
    r"|after (?P<base>tomorrow|today)"
    r"|from (?P<base2>tomorrow)))?(?![a-z])"
)
_MINUTES: dict[str, float] = {
    "小时": 60,
    "钟头": 60,
    "钟": 60,
    "h": 60,
    "分钟": 1,
    "分": 1,
    "min": 1,
    "m": 1,
    "刻钟": 15,
    "hour": 60,
    "hr": 60,
}
_MINUTES |= {"minute": 1, "秒": 1 / 60, "秒钟": 1 / 60, "second": 1 / 60, "sec": 1 / 60}
_MONTHS = {"月": 1, "季度": 3, "年": 12, "month": 1, "mo": 1, "quarter": 3, "year": 12, "yr": 12, "y": 12}
_DAYS = {
    "天": 1,
    "日": 1,
    "自然日": 1,
    "周": 7,
    "星期": 7,
    "礼拜": 7,
    "day": 1,
    "d": 1,
    "week": 7,
    "wk": 7,
    "w": 7,
    "fortnight": 14,
}
_WORKING = ("工作日", "工作天", "交易日", "businessday", "workingday", "workday", "weekday")
_FARTHEST = 36_600  # days: what lies beyond a century is not a date


def moved(amount: float, unit: str, at: Moment) -> Day | None:
    """The day (and the minute, for hours and minutes) that lies ``amount`` units from now; None when out of reach."""
    if unit in _MINUTES:
        minutes = round(amount * _MINUTES[unit]) or (1 if amount > 0 else -1)
        if abs(minutes) > _FARTHEST * 1440:
            return None
        there = datetime.combine(at.day, time()) + timedelta(minutes=at.minute + minutes)
        return one(there.date(), grain="minute", minute=there.hour * 60 + there.minute)
    if unit in _WORKING:
        return one(at.calendar.add_working(at.day, round(amount))) if abs(amount) < 1000 else None
    if unit in _MONTHS:
        if abs(amount) * _MONTHS[unit] > _FARTHEST / 31:
            return None
        months = amount * _MONTHS[unit]
        whole = int(months)
        return one(add_months(at.day, whole) + timedelta(days=round((months - whole) * 30)))
    if amount == 0.5 and _DAYS[unit] == 1:
        return moved(12, "h", at)
    days = round(amount * _DAYS[unit])
    return one(at.ahead(days), in_week=_DAYS[unit] == 7) if abs(days) <= _FARTHEST else None


def _amount(found: re.Match[str]) -> float:
    said = found["n"]
    base = 0.5 if said == "半" else float(said) if said.isascii() else number(said)
    return base + (0.5 if found["half"] or found["rest"] else 0) + _minutes_more(found)


def _minutes_more(found: re.Match[str]) -> float:
    """The half of ``1小时30分钟后`` that is said in minutes, as a part of the hour."""
    return number(found["plus"]) / 60 if found["plus"] and found["unit"][0] in "小钟h" else 0


def _zh(found: re.Match[str], at: Moment) -> Day | None:
    if not _directed(found):
        return None
    if found["from"]:
        return _either(found, (found["from"], found["n"]), at)
    if compiled(_ABOUT).fullmatch(found["n"]):
        return _either(found, tuple(found["n"]), at)
    amount, unit = _amount(found), found["unit"]
    if amount <= 0 or (found["past"] and found["after"]):
        return None
    if found["past"]:
        there = moved(-amount, unit, at)
        return there if there is None or there.minute is not None else one(there.options[0][0], at.day)
    if found["before"]:
        return moved(-amount, unit, at)
    if found["go"] and found["go"] not in ("过", "再过") and not found["after"] and not found["inside"]:
        there = moved(amount, unit, at)
        return _until(there, at) if there else None
    there = moved(amount, unit, at)
    if there is None or not found["inside"]:
        return there
    return Day(there.options, there.grain, minute=there.minute, role="deadline")


def _until(there: Day, at: Moment) -> Day:
    """未来三天, next 3 days: from tomorrow; of hours and minutes only the end."""
    return there if there.minute is not None else one(at.ahead(1), there.options[0][0])


def _either(found: re.Match[str], amounts: tuple[str, ...], at: Moment) -> Day | None:
    """两三天后, 3-5天内: two days or three; both are readings, of a deadline the later first."""
    sign = -1 if found["before"] or found["past"] else 1
    days = [moved(sign * number(word), found["unit"], at) for word in amounts]
    days = days[::-1] if found["from"] and found["inside"] else days
    spans = tuple(span for day in days if day for span in day.options)
    return Day(spans, role="deadline" if found["inside"] else None) if found["unit"] not in _MINUTES else None


def _directed(found: re.Match[str]) -> bool:
    """Is it from now? A length alone (``2-3 天``) is not; ``25日前`` is the 25th; ``第3天后`` counts from elsewhere."""
    if not (found["after"] or found["before"] or found["inside"] or found["go"] or found["past"]):
        return False
    unit, said, left = found["unit"], found["n"], found.string[found.start() - 1 : found.start()]
    if found["go"] == "过" and not found["after"] and left and left in "超通不经越路":
        return False
    if unit == "日" and found["before"] and number(said) <= 31 and said not in ("两", "俩"):
        return False
    if (unit in ("分", "钟") and "个" not in found[0] and not (found["after"] or found["inside"])) or (
        unit == "月" and "个" not in found[0] and "半" not in found[0] and not found["past"]
    ):
        return False
    if unit == "年" and (len(said) == 4 or said.startswith("0")):
        return False
    return left not in ("第", "提", "延", "迟", "晚", "早", "#", "t", "v")


def _en(found: re.Match[str], at: Moment) -> Day | None:
    lead, way = found["lead"], (found["dir"] or "").strip()
    if not lead and found["plus_sign"] is None and way in ("", "time"):
        return None
    amount = en_number(found["n"]) + (0.5 if found["half"] or found["a_half"] else 0) + _minutes_more(found)
    said = found["unit"].replace(" ", "")
    unit = said if len(said) == 1 else said.removesuffix("s")
    if amount == 0 or (found["n"] in ("a", "an") and len(said) == 1):
        return None
    if way in ("ago", "back", "before now", "earlier"):
        amount = -amount
    base = Moment(at.ahead(1), at.minute, at.calendar) if (found["base"] or found["base2"]) == "tomorrow" else at
    there = moved(amount, unit, base)
    if there is None:
        return None
    if lead == "in the next":
        lead = "within"
    if lead and "next" in lead:
        return _until(there, at)
    if lead == "within":
        return Day(there.options, there.grain, minute=there.minute, role="deadline")
    return there


_PART = rf"(?P<n>\d{{1,5}}|半|{NUM})个?(?P<unit>年|月|星期|周|天|小时|钟头|刻钟|分钟?|秒钟?)"
_SEVERAL = (
    rf"(?:再?过)?(?P<parts>(?:(?:\d{{1,5}}|半|{NUM})个?(?:年|月|星期|周|天|小时|钟头|刻钟|分钟?|秒钟?)(?:又|零"
    rf"|加)?){{2,5}})"
    rf"(?:(?P<after>{AFTER})|(?P<before>{BEFORE})|(?P<inside>{INSIDE}))"
)


def _several(found: re.Match[str], at: Moment) -> Day | None:
    """1小时50分钟10秒后, 2天3小时内."""
    days, minutes, months = 0, 0.0, 0.0
    for part in compiled(_PART).finditer(found["parts"]):
        unit = part["unit"]
        n = 0.5 if part["n"] == "半" else number(part["n"])
        if unit in _MINUTES:
            minutes += n * _MINUTES[unit]
        elif unit in _MONTHS:
            months += n * _MONTHS[unit]
        else:
            days += round(n * _DAYS[unit])
    if max(days, minutes / 1440, months * 31) > _FARTHEST:
        return None
    way = -1 if found["before"] else 1
    there = add_months(at.day, way * int(months)) + timedelta(days=way * days)
    role = "deadline" if found["inside"] else None
    if not minutes:
        return one(there, role=role)
    more, minute = divmod(at.minute + way * max(1, round(minutes)), 1440)
    return one(there + timedelta(days=more), grain="minute", minute=minute, role=role)


_ABOUT = "[一二两三四五六七八九]{2}"
_NEXT = r"(?:(?P<next>下{1,6})一?个?|(?P<last>上{1,6})一?个?|次(?=工))工作日"


def _next(found: re.Match[str], at: Moment) -> Day:
    n = -len(found["last"]) if found["last"] else len(found["next"] or "次")
    return one(at.calendar.add_working(at.day, n))


RULES = (
    ("下上次", _NEXT, _next),
    ("0123456789半一二两三四五六七八九十廿百过再", _SEVERAL, _several),
    ("0123456789半一二两三四五六七八九十廿百俩几过再未接今往最近", _ZH, _zh),
)
_NEXT_WORKDAY = r"(?:the )?(?P<way>next|following|last|previous) (?:business |working |work |week)day(?![a-z])(?! of)"
_HOUR = r"(?:within|in) the (?:next )?hour(?![a-z])"


def _next_workday(found: re.Match[str], at: Moment) -> Day:
    """``next business day``."""
    return one(at.calendar.add_working(at.day, 1 if found["way"] in ("next", "following") else -1))


def _hour(found: re.Match[str], at: Moment) -> Day | None:
    """``within the hour``."""
    there = moved(1, "hour", at)
    return there and Day(there.options, there.grain, minute=there.minute, role="deadline")


EN_RULES = (
    ("tnflp", _NEXT_WORKDAY, _next_workday),
    ("wi", _HOUR, _hour),
    ("iwafnotscehd0123456789", _EN, _en),
)
