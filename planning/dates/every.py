"""Recurrences in Chinese: 每周一三五, 隔天, 每两周, 每月15号, 每月最后一个工作日, 每两小时."""

import re
from dataclasses import replace

from planning.dates.festivals import FEASTS, PUBLIC
from planning.dates.months_zh import ordinal
from planning.dates.pieces import Clock, Every, Moment
from planning.dates.recurrence import Recurrence
from planning.dates.words import NUM, ZH_WEEKDAY, number, words, zh_weekday

_D = r"(?:3[01]|[12]\d|[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_W = r"[一二三四五六日天1-6]"
_STOP = r"(?![次遍篇更份回直样定]|\d次)"
_WEEKLY = (
    rf"(?:每隔(?P<gap>{NUM})个?|每(?P<n>{NUM})个?|每?(?P<two>双|单|隔)|每逢?个?|逢)(?P<unit>{ZH_WEEKDAY})"
    rf"(?: {ZH_WEEKDAY}|的?(?:每个?)?(?:\(?{ZH_WEEKDAY})?)"
    rf"(?P<days>(?P<w>{_W}){_STOP}(?:(?P<to>到|至|-|~)(?:{ZH_WEEKDAY})?(?P<w2>{_W}){_STOP}"
    rf"|(?:(?:[、,和及与跟/]|以及)?(?:每?{ZH_WEEKDAY})?[一二三四五六日天]{_STOP}(?!个|会|点|月)|[、,/][1-6]"
    r"(?![\d:点]))*)|末(?!尾))(?:(?<=[一二三四五六日天])\))?"
)
_WORK_WEEK = (
    rf"(?:每(?:个|隔(?P<gap>{NUM})个?)?|(?P<two>双|隔))(?:工作)?{ZH_WEEKDAY}的?"
    r"(?P<nth>最后[一1]?|倒数第?[二23]|第[一二三四五1-5]|首)个?工作日"
)
_NTH = (
    rf"(?P<nth>最后[一1]?|倒数第?[二三23]|第[一二三四五1-9]|首)个?(?P<of>工作日|{ZH_WEEKDAY}"
    rf"(?P<wd>[一二三四五六日天1-7]))"
)
_MONTHLY = (
    rf"(?:每隔(?P<gap>{NUM})个?|每(?P<n>{NUM})个?|每个?)(?P<unit>月|季度?)份?的?逢?"
    rf"(?: (?=第|最后|倒数))?(?:(?P<days>{_D}[日号]?"
    rf"(?:[、,和及/]{_D}[日号]?)*(?<=[日号]))"
    rf"|(?:首个?月|第(?P<of_quarter>[一二三123])个?月)的?(?P<quarter_day>{_D})[日号]"
    rf"|{_NTH}|月?(?P<part>底|末(?!日)|初|中(?!秋)|最后[一1]天|末日|第[一1]天|首日)|倒数第?(?P<rear>[二三四五2-9])天)"
)
_ON_THE = rf"(?:每逢|每到?|逢)(?P<days>{_D}[日号](?:[、,和及/]{_D}[日号])*)"
_OFTEN = (
    rf"(?:每隔?(?P<n>\d{{1,3}}(?:\.5)?|半|{NUM})?个?(?P<half>半)?|隔)(?P<unit>小时|钟头|分钟|刻钟)(?!制|内|工|前|后"
    rf"|长|多少)"
    rf"|每(?P<n2>\d{{1,3}}|{NUM})?(?P<hour>点钟|整点)"
)
_YEARLY = (
    rf"每年的?(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
    rf"月(?:份|(?P<day>{_D})[日号]|(?P<end>底|末))?(?!到|至|-)"
)
_YEAR_PART = r"每年的?年?(?P<part>底|末|初)"
_FEAST = rf"每年的?(?P<name>{words(*PUBLIC, *FEASTS)})节?"
_PLAIN = (
    rf"(?:每隔(?P<gap>{NUM})个?|每(?P<n>{NUM}|半)个?|(?P<skip>隔|每双(?=周|星期|礼拜)|(?<!\S)双(?=周(?:\s|$)))|每个?)(?P<unit>工作日|天|日|周|星期|礼拜|月|季度?|年)"
    r"(?!报|会(?!议)|刊|期|年|饼|优鲜|经济|一(?!次)|[二两三四五六七八九][次回]|\d{1,2}(?:[日号次]"
    r"|[-~到至](?!\d{1,2} ?[点:]))|之星|新闻|都很"
    r"|围|度|前|后|内|夜|最后|第)"
    r"|(?P<part>每(?:晚|早|天晚上|天早上))(?!会|餐|安)"
)
_WORKDAYS = (
    r"(?<![个一二两三四五六七八九十\d非下上每])工作日(?:的?每[天日])?(?= ?(?:的?(?:早|晚|上午|下午|中午)"
    r"|\d{1,2}[:点]|[一二三四五六七八九十]{1,2}点)|每[天日])(?:每[天日])?"
)
_FIVE = rf"{ZH_WEEKDAY}(?P<a>{_W})(?:到|至|-|~)(?:{ZH_WEEKDAY})?(?P<b>{_W})的?(?:每[天日]|都|，?天天)"

_UNITS = {"天": "day", "日": "day", "工作日": "workday", "周": "week", "星期": "week", "礼拜": "week"}
MORNING = Clock(8 * 60, 12 * 60, part="morning", vague=True)
AFTERNOON = Clock(13 * 60, 18 * 60, part="afternoon", vague=True)
EVENING = Clock(18 * 60, 22 * 60, part="evening", vague=True)


def _times(found: re.Match[str]) -> int:
    """每隔两天 leaves two days out: every third day. 每两天 is every second day."""
    if found["gap"]:
        return number(found["gap"]) + 1
    return number(found["n"]) if found["n"] else 1


def _weekly(found: re.Match[str], at: Moment) -> Every | None:
    every = 2 if found["two"] else _times(found)
    if every < 1:
        return None
    if found["days"] == "末":
        return Every(Recurrence("week", every, (5, 6)))
    first = zh_weekday(found["w"])
    if found["w2"]:
        last = zh_weekday(found["w2"])
        days = tuple(range(first, last + 1)) if last > first else (first, last)
    else:
        days = tuple(sorted({zh_weekday(char) for char in re.findall(_W, found["days"])}))
    return Every(Recurrence("week", every, days))


def _work_week(found: re.Match[str], at: Moment) -> Every:
    """每周最后一个工作日: of the work week, whatever weekday that is."""
    every = 2 if found["two"] else number(found["gap"]) + 1 if found["gap"] else 1
    return Every(Recurrence("week", every, nth_workday=ordinal(found["nth"])))


def _monthly(found: re.Match[str], at: Moment) -> Every | None:
    quarter = found["unit"] != "月"
    every = _times(found) * (3 if quarter else 1)
    if every < 1:
        return None
    if found["quarter_day"]:
        day, of = number(found["quarter_day"]), number(found["of_quarter"] or "1")
        return Every(Recurrence("month", every, (), (day,), month=of)) if quarter and real(day) else None
    part, nth = found["part"], found["nth"]
    if found["rear"]:
        return Every(Recurrence("month", every, (), (-number(found["rear"]),))) if not quarter else None
    n = ordinal(nth) if nth else -1 if part and (part[0] in "底末" or part in ("最后一天", "最后1天", "末日")) else 1
    month = (3 if n < 0 else 1) if quarter else None
    rule = Recurrence("month", every, month=month)
    if found["days"]:
        days = tuple(number(word) for word in re.findall(_D, found["days"]))
        return None if quarter or not real(*days) else Every(replace(rule, month_days=days))
    if nth and found["wd"]:
        return Every(replace(rule, nth=(n, zh_weekday(found["wd"]))))
    if nth:
        return Every(replace(rule, nth_workday=n))
    return Every(replace(rule, month_days=(15,) if part == "中" else (n,)))


def real(*days: int) -> bool:
    """Are these days of some month?"""
    return all(1 <= day <= 31 for day in days)


def _on_the_day(found: re.Match[str], at: Moment) -> Every | None:
    """每逢15号: of every month."""
    days = tuple(number(word) for word in re.findall(_D, found["days"]))
    return Every(Recurrence("month", month_days=days)) if real(*days) else None


def by_the_clock(amount: float, unit: str, at: Moment) -> Every | None:
    """Every so many hours or minutes, the first time so long from now."""
    minutes = round(amount * {"hour": 60, "quarter": 15}.get(unit, 1))
    if not 1 <= minutes <= 10_080:
        return None
    rule = Recurrence("minute", minutes) if minutes % 60 else Recurrence("hour", minutes // 60)
    days, minute = divmod(at.minute + minutes, 1440)
    return Every(rule, Clock(minute, carry=days))


def _often(found: re.Match[str], at: Moment) -> Every | None:
    if found["hour"]:
        return by_the_clock(1, "hour", at) if not found["n2"] else None
    said = found["n"] or "1"
    amount = 0.5 if said == "半" else float(said) if said.isascii() else float(number(said))
    unit = {"分": "minute", "刻": "quarter"}.get(found["unit"][0], "hour")
    return by_the_clock(amount + (0.5 if found["half"] else 0), unit, at)


def _yearly(found: re.Match[str], at: Moment) -> Every | None:
    day = number(found["day"]) if found["day"] else -1 if found["end"] else 1
    if day != -1 and not real(day):
        return None
    return Every(Recurrence("year", month=number(found["month"]), month_days=(day,)))


def _year_part(found: re.Match[str], at: Moment) -> Every:
    first = found["part"] == "初"
    return Every(Recurrence("year", month=1 if first else 12, month_days=(1 if first else -1,)))


def _feast(found: re.Match[str], at: Moment) -> Every | None:
    """每年国庆, 每年母亲节: a fixed day, or the n-th weekday of its month; a lunar feast makes no rule."""
    find = PUBLIC.get(found["name"]) or FEASTS[found["name"]]
    days = [day for year in (2030, 2031, 2033) if (day := find(year))]
    if len({(day.month, day.day) for day in days}) == 1:
        return Every(Recurrence("year", month=days[0].month, month_days=(days[0].day,)))
    nths = {(day.month, (day.day - 1) // 7 + 1, day.weekday()) for day in days}
    if len(nths) != 1:
        return None
    month, n, weekday = nths.pop()
    return Every(Recurrence("year", nth=(n, weekday), month=month))


def _plain(found: re.Match[str], at: Moment) -> Every | None:
    if found["part"]:
        return Every(Recurrence("day"), EVENING if "晚" in found["part"] else MORNING)
    left = found.string[found.start() - 1 : found.start()]
    if found["skip"] and left in ("间", "相", "阻", "分"):
        return None
    unit = found["unit"]
    if found["n"] == "半":
        return Every(Recurrence("month", 6, (), (at.day.day,))) if unit == "年" else None
    every = 2 if found["skip"] else _times(found)
    if not 1 <= every <= 400:
        return None
    if unit in _UNITS:
        weekdays = (at.day.weekday(),) if _UNITS[unit] == "week" else ()
        return Every(Recurrence(_UNITS[unit], every, weekdays))  # type: ignore[arg-type]
    if unit == "年":
        if found.end() < len(found.string) and found.string[found.end()] not in " ,。、;一的都":
            return None  # 每年国庆, 每年生日: not this day of the year
        return Every(Recurrence("year", every, month=at.day.month, month_days=(at.day.day,)))
    return Every(Recurrence("month", every * (1 if unit == "月" else 3), (), (at.day.day,)))


def _workdays(found: re.Match[str], at: Moment) -> Every:
    return Every(Recurrence("workday"))


def _five(found: re.Match[str], at: Moment) -> Every:
    first, last = zh_weekday(found["a"]), zh_weekday(found["b"])
    return Every(Recurrence("week", 1, tuple(range(first, last + 1)) or (first, last)))


RULES = (
    ("每双隔", _WORK_WEEK, _work_week),
    ("每逢双单隔", _WEEKLY, _weekly),
    ("每", _MONTHLY, _monthly),
    ("每逢", _ON_THE, _on_the_day),
    ("每隔", _OFTEN, _often),
    ("每", _YEARLY, _yearly),
    ("每", _YEAR_PART, _year_part),
    ("每", _FEAST, _feast),
    ("每隔双", _PLAIN, _plain),
    ("工", _WORKDAYS, _workdays),
    ("周星礼", _FIVE, _five),
)
