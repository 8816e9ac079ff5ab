"""Recurrences: 每周一三五, 隔天, 每两周, 每月15号, 每月最后一个工作日, every other Tuesday, every weekday."""

import re
from dataclasses import replace

from planning.dates.festivals import FEASTS, PUBLIC
from planning.dates.months_zh import ordinal
from planning.dates.pieces import Clock, Every, Moment
from planning.dates.recurrence import Recurrence
from planning.dates.words import EN_MONTH, EN_WEEKDAY, NUM, ZH_WEEKDAY, en_month, en_weekday, number, words, zh_weekday

_D = r"(?:3[01]|[12]\d|[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_W = r"[一二三四五六日天1-6]"
_STOP = r"(?![次遍篇更份回直样定]|\d次)"
_WEEKLY = (
    rf"(?:每隔(?P<gap>{NUM})个?|每(?P<n>{NUM})个?|(?P<two>双|单|隔)|每逢?个?|逢)(?P<unit>{ZH_WEEKDAY})的?(?:每个?)?"
    rf"(?:{ZH_WEEKDAY})?"
    rf"(?P<days>(?P<w>{_W}){_STOP}(?:(?P<to>到|至|-|~)(?:{ZH_WEEKDAY})?(?P<w2>{_W}){_STOP}"
    rf"|(?:(?:[、,和及与跟/]|以及)?(?:每?{ZH_WEEKDAY})?[一二三四五六日天]{_STOP}(?!个|会|点|月)|[、,/][1-6]"
    r"(?![\d:点]))*)|末(?!尾))"
)
_NTH = rf"(?P<nth>最后一?|倒数第?[二三]|第[一二三四五1-9]|首)个?(?P<of>工作日|{ZH_WEEKDAY}(?P<wd>[一二三四五六日天]))"
_MONTHLY = (
    rf"(?:每隔(?P<gap>{NUM})个?|每(?P<n>{NUM})个?|每个?)(?P<unit>月|季度?)份?的?(?:(?P<days>{_D}[日号]?"
    rf"(?:[、,和及/]{_D}[日号]?)*(?<=[日号]))"
    rf"|{_NTH}|月?(?P<part>底|末|初|中(?!秋)|最后一天|第一天))"
)
_YEARLY = (
    rf"每年的?(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
    rf"月(?:份|(?P<day>{_D})[日号]|(?P<end>底|末))?(?!到|至|-)"
)
_YEAR_PART = r"每年的?年?(?P<part>底|末|初)"
_FEAST = rf"每年的?(?P<name>{words(*PUBLIC, *FEASTS)})节?"
_PLAIN = (
    rf"(?:每隔(?P<gap>{NUM})个?|每(?P<n>{NUM}|半)个?|(?P<skip>隔)|每个?)(?P<unit>工作日|天|日|周|星期|礼拜|月|季度?|年)"
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
_EN_UNIT = (
    r"(?P<unit>days?|mornings?|evenings?|nights?|weekdays?|workdays?|work days?|business days?|working days?|weeks?"
    r"|months?|quarters?|years?|weekends?)"
)
_LIST = (
    rf"(?P<days>{EN_WEEKDAY}s?(?:(?: ?[,/&] ?(?:and )?| and | ?- ?| to | through | thru )(?:every )?{EN_WEEKDAY}s?)*)"
)
_EN_EVERY = (
    rf"(?:on )?(?:every|each|ev)(?: (?P<other>other|second|2nd)| (?P<n>\d{{1,3}}|two|three|four|six)| single)? (?:"
    r"(?P<th>\d{1,2}(?:(?:st|nd|rd|th)(?:(?:,| and|, and) \d{1,2}(?:st|nd|rd|th))*|(?= at "
    r"|$)))(?![a-z\d:])(?! (?:day|week|month|year|"
    rf"{EN_WEEKDAY}))(?: of (?:the|each|every) month)?"
    rf"|(?P<step>\d{{1,2}})(?:st|nd|rd|th) {_EN_UNIT.replace('?P<unit>', '?P<unit2>')}(?![a-z])"
    r"(?: on the (?P<th3>\d{1,2})(?:st|nd|rd|th))?"
    rf"|{_LIST}|{_EN_UNIT}(?![a-z])(?: on (?:{_LIST.replace('?P<days>', '?P<days2>')}|(?P<ends>weekends?)"
    rf"|the (?:(?P<th2>\d{{1,2}})(?:st"
    r"|nd|rd|th)|(?P<edge>last|first) (?P<works>business |working |work)?day)))?)"
)
_EN_LAST = (
    rf"(?:on )?(?:every |the )?(?P<n>last|first|1st|second|2nd|third|3rd|fourth|4th) (?P<what>{EN_WEEKDAY}"
    r"|business day|working day|workday|weekday|day) (?:of )?(?:every|each|the) month(?<! the month)"
    rf"|every (?P<n2>last|first|1st|second|2nd|third|3rd|fourth|4th) (?P<what2>{EN_WEEKDAY}|business day|working day"
    r"|workday|weekday|day) of (?:the|every|each) month"
    rf"|every (?P<n3>last|first|1st|third|3rd|fourth|4th) (?P<what3>{EN_WEEKDAY})"
)
_EN_OF_EACH = (
    r"(?:on )?(?:the )?(?:(?P<th>\d{1,2})(?:st|nd|rd|th)?(?: day)?|(?P<edge>end|last|beginning|begin|start|first))"
    r" (?:of|in) (?:every|each) (?:(?P<other>other|second) |(?P<n>\d{1,2})(?:st|nd|rd|th)? )?months?(?![a-z])"
)
_EN_NTH_YEARLY = (
    rf"(?:every|each) (?:year on the )?(?P<nth>last|first|1st|second|2nd|third|3rd|fourth|4th) (?P<wd>{EN_WEEKDAY})"
    rf" (?:of|in) (?P<month>{EN_MONTH})"
)
_EN_YEAR = (
    rf"(?:every|once a year on|once every year on|annually on"
    rf"|yearly on) (?:year on )?(?P<month>{EN_MONTH}) (?P<day>\d{{1,2}})(?:st"
    rf"|nd|rd|th)?(?![\d:])"
)
_EN_PLAIN = (
    r"(?P<plural>(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days(?![a-z])(?:(?: ?, ?| and | ?& ?"
    r"| through | to | thru )(?:mon|tues"
    r"|wednes|thurs|fri|satur|sun)days)*)"
    r"|(?P<often>daily|weekly|monthly|biweekly|bi-weekly|fortnightly|quarterly|yearly|annually)(?= (?:at|on|from"
    rf"|starting)(?![a-z])|$)(?: on (?:{_LIST}|the (?P<th>\d{{1,2}})(?:st|nd|rd|th)))?"
    rf"|once (?:a|every) (?P<once>day|week|month|quarter|year)(?![a-z])(?: on (?P<once_on>{EN_WEEKDAY}))?"
    r"|(?P<everyday>everyday(?= |$|[,.])(?! (?:life|use|carry|objects?|routine|tasks?|work|things?|language"
    r"|people|wear)))"
    r"|(?P<weekends>(?:on )?weekends(?= at| ?\d|$))"
    r"|(?P<workdays>(?:on )?weekdays(?= at| ?\d|$))"
)
_EN_N = {"two": 2, "three": 3, "four": 4, "six": 6}
_ORDINAL = {"last": -1, "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_MORNING = Clock(8 * 60, 12 * 60, part="morning", vague=True)
_EVENING = Clock(18 * 60, 22 * 60, part="evening", vague=True)


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


def _monthly(found: re.Match[str], at: Moment) -> Every | None:
    quarter = found["unit"] != "月"
    every = _times(found) * (3 if quarter else 1)
    if every < 1:
        return None
    part, nth = found["part"], found["nth"]
    n = ordinal(nth) if nth else -1 if part and (part[0] in "底末" or part == "最后一天") else 1
    month = (3 if n < 0 else 1) if quarter else None
    rule = Recurrence("month", every, month=month)
    if found["days"]:
        days = tuple(number(word) for word in re.findall(_D, found["days"]))
        return None if quarter or not _real(*days) else Every(replace(rule, month_days=days))
    if nth and found["wd"]:
        return Every(replace(rule, nth=(n, zh_weekday(found["wd"]))))
    if nth:
        return Every(replace(rule, nth_workday=n))
    return Every(replace(rule, month_days=(15,) if part == "中" else (n,)))


def _real(*days: int) -> bool:
    """Are these days of some month?"""
    return all(1 <= day <= 31 for day in days)


def _yearly(found: re.Match[str], at: Moment) -> Every | None:
    day = number(found["day"]) if found["day"] else -1 if found["end"] else 1
    if day != -1 and not _real(day):
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
        return Every(Recurrence("day"), _EVENING if "晚" in found["part"] else _MORNING)
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


def _weekdays_in(said: str) -> tuple[int, ...]:
    """The weekdays of a list, or of a range (monday to friday)."""
    listed = [en_weekday(word) for word in re.findall(r"mon|tue|wed|thu|fri|sat|sun", said)]
    if len(listed) == 2 and re.search(r"-|to |through|thru", said):
        listed = [(listed[0] + n) % 7 for n in range((listed[1] - listed[0]) % 7 + 1)]
    return tuple(sorted(set(listed)))


def _en_every(found: re.Match[str], at: Moment) -> Every | None:
    every = 2 if found["other"] else _EN_N.get(found["n"] or "") or int(found["n"] or 1)
    if every < 1:
        return None
    if found["step"]:
        step, unit = int(found["step"]), found["unit2"].removesuffix("s")
        if found["th3"]:
            return Every(Recurrence("month", step, (), (int(found["th3"]),))) if _real(int(found["th3"])) else None
        return _of_unit(unit, step, at) if step else None
    if found["th"]:
        days = tuple(int(n) for n in re.findall(r"\d+", found["th"]))
        return Every(Recurrence("month", every if found["other"] else 1, (), days)) if _real(*days) else None
    if found["th2"]:
        return _on_the(found["unit"].removesuffix("s"), every, int(found["th2"]))
    if found["days"]:
        return Every(Recurrence("week", every, _weekdays_in(found["days"])))
    unit = found["unit"].replace(" ", "").removesuffix("s")
    if found["edge"] and unit in ("month", "quarter"):
        return _edge(found, every * (3 if unit == "quarter" else 1), unit == "quarter")
    if found["ends"] and unit == "week":
        return Every(Recurrence("week", every, (5, 6)))
    if found["days2"]:
        return Every(Recurrence("week", every, _weekdays_in(found["days2"]))) if unit == "week" else None
    if unit in ("morning", "evening", "night"):
        return Every(Recurrence("day", every), _MORNING if unit == "morning" else _EVENING)
    return _of_unit(unit, every, at)


def _on_the(unit: str, every: int, day: int) -> Every | None:
    """``every 3 months on the 4th``."""
    months = {"month": 1, "quarter": 3}.get(unit)
    return Every(Recurrence("month", every * months, (), (day,))) if months and _real(day) else None


def _en_of_each(found: re.Match[str], at: Moment) -> Every | None:
    """``the 4th of every month``, ``end of each month``."""
    every = 2 if found["other"] else int(found["n"] or 1)
    day = int(found["th"]) if found["th"] else -1 if found["edge"] in ("end", "last") else 1
    return Every(Recurrence("month", every, (), (day,))) if every and (day == -1 or _real(day)) else None


def _en_nth_yearly(found: re.Match[str], at: Moment) -> Every:
    rule = Recurrence("year", nth=(_ORDINAL[found["nth"]], en_weekday(found["wd"])), month=en_month(found["month"]))
    return Every(rule)


def _edge(found: re.Match[str], months: int, quarter: bool) -> Every:
    n = -1 if found["edge"] == "last" else 1
    month = (3 if n < 0 else 1) if quarter else None
    if found["works"]:
        return Every(Recurrence("month", months, nth_workday=n, month=month))
    return Every(Recurrence("month", months, (), (n,), month=month))


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


def _en_last(found: re.Match[str], at: Moment) -> Every:
    n, what = _ORDINAL[found["n"] or found["n2"] or found["n3"]], found["what"] or found["what2"] or found["what3"]
    if what == "day":
        return Every(Recurrence("month", 1, (), (n,)))
    if what in ("business day", "working day", "workday", "weekday"):
        return Every(Recurrence("month", nth_workday=n))
    return Every(Recurrence("month", nth=(n, en_weekday(what))))


def _en_year(found: re.Match[str], at: Moment) -> Every | None:
    if not _real(int(found["day"])):
        return None
    return Every(Recurrence("year", month=en_month(found["month"]), month_days=(int(found["day"]),)))


def _en_plain(found: re.Match[str], at: Moment) -> Every | None:
    if found["workdays"]:
        return Every(Recurrence("workday"))
    if found["everyday"]:
        return Every(Recurrence("day"))
    if found["weekends"]:
        return Every(Recurrence("week", 1, (5, 6)))
    if found["once_on"]:
        return Every(Recurrence("week", 1, _weekdays_in(found["once_on"]))) if found["once"] == "week" else None
    if found["once"]:
        return _of_unit(found["once"], 1, at)
    if found["plural"]:
        return Every(Recurrence("week", 1, _weekdays_in(found["plural"])))
    often = found["often"].replace("-", "")
    every = 2 if often in ("biweekly", "fortnightly") else 1
    if found["days"]:
        return Every(Recurrence("week", every, _weekdays_in(found["days"])))
    if found["th"]:
        return Every(Recurrence("month", 1, (), (int(found["th"]),))) if _real(int(found["th"])) else None
    unit = {"daily": "day", "monthly": "month", "quarterly": "quarter", "yearly": "year", "annually": "year"}
    return _of_unit(unit.get(often, "week"), every, at)


RULES = (
    ("每逢双单隔", _WEEKLY, _weekly),
    ("每", _MONTHLY, _monthly),
    ("每", _YEARLY, _yearly),
    ("每", _YEAR_PART, _year_part),
    ("每", _FEAST, _feast),
    ("每隔", _PLAIN, _plain),
    ("工", _WORKDAYS, _workdays),
    ("周星礼", _FIVE, _five),
)
EN_RULES = (
    ("e", _EN_NTH_YEARLY, _en_nth_yearly),
    ("oetfls1234", _EN_LAST, _en_last),
    ("otbself0123456789", _EN_OF_EACH, _en_of_each),
    ("eoay", _EN_YEAR, _en_year),
    ("oe", _EN_EVERY, _en_every),
    ("oemtwfsdbqya", _EN_PLAIN, _en_plain),
)
