"""Dates in figures: 2026-10-05, 2026/10/5, 20261005, 10/5, 9-21, 9.25."""

import re
from datetime import date, timedelta

from planning.dates.months import month_day
from planning.dates.months_zh import dated
from planning.dates.pieces import Day, Moment, one
from planning.dates.words import compiled

_ISO = (
    r"(?<![\d./_])(?<!\d:)(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])(?:(?P=s)|[-/.])(?P<d>3[01]|[12]\d"
    r"|0?[1-9])"
    r"(?![\d.]\d|\d)日?t?"
)
_RUN = r"(?<![\da-z._])(?<!\d:)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d|[a-z])"
_MONTH = r"(?<![\d./-])(?<!\d:)(?P<y>20\d\d)(?P<s>[-/.])(?P<m>1[0-2]|0[1-9])(?![\d./-])"
_US = (
    r"(?<![\d./])(?<!\D-)(?<!\d:)(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)"
    r"(?P<y>(?:19|2[01])\d\d|\d\d)(?:(?=[.:-][0-2]?\d:[0-5]\d(?!\d))|(?![\d./:]|-\d+(?![\d/.-])))"
)
_MONTH_YEAR = r"(?<![\d./-])(?<!\d:)(?P<m>1[0-2]|0?[1-9])/(?P<y>20\d\d)(?![\d./-])"
_SHORT = (
    r"(?P<m>1[0-2]|0?[1-9])(?P<gap> ?)(?P<s>[-/.])(?P=gap)(?P<d>3[01]|[12]\d"
    r"|0?[1-9])(?P<mark>[日号])?(?:(?!(?P=s))[-~到至]"
    r"(?P<last>3[01]|[12]\d|0?[1-9])(?P<mark2>[日号])?(?![-\d.:/点时]))?(?!\d)"
)

_COUNTED = (
    r" ?(?:(?:通过|合格|及格|成功|失败|好评)(?![率后])|的(?!时候|会|截止|晚|早|上|下|中)|组(?!会|织)"
    r"|人|个|天|周(?![一二三四五六日天末])|月(?!底|初|会)|年(?!假|会|底|终"
    r"|货|度)|元|块|折|万|千|亿|倍|%|分|页|次|小时|点|名|位|条|件|套|台"
    r"|级|层|楼|岁|公里|km|米|kg|斤|版|步|章|节|题|号楼|张|款|家|项|轮|秒|度|寸|杯|星|英寸|吨|(?!(?:at|from|by"
    r"|before|after|to|till|until|through|and|or|noon|meeting|call|deadline|due|demo|release|launch"
    r"|review|interview|flight|exam|party|eod|eob|cob|noon|close|end)(?![a-z]))[a-z]|[/.]\d|:\d\d:)"
)
_CUE = (
    r"(?:截止(?:到|至|日期|时间)?|到期|上线日?|日期|交付日?|deadline|ddl|(?<![a-z])(?:due|by|on|until|before)|到|至|于"
    r"|在|改到|延到|定在|推到)[:是为]? ?$"
)
_AFTER_REF = r"(?<![a-z])[tmp]\d+ $"
_FOLLOW = (
    r" ?(?:(?:正常|照常)(?=上班|上课|发货|营业)|\d{1,2}(?::\d\d)? ?[ap]m(?![a-z])"
    r"|之?前|\(?(?:周|星期|礼拜)[一二三四五六日天]|截止|交|上线|到期|开会|上班|下班|开工|放假|发布|开始|出发|提交"
    r"|评审|验收|交付|发版|生日|考试|面试|结束|启动|举行|召开|恢复|出差|休假|请假|答辩|签约|上午|下午|中午|晚上|早上|凌晨|\d{1,2}[:点]|日|号|当[天日晚]|-\d{1,2}:\d\d"
    r"|[~至到-] ?\d{1,2}\.\d)"
)
_PROGRESS = (
    r"(?:会议室|[座楼栋]|尺寸|尺码|规格|编号|型号|房间|完成|完成了|进度|进展|已|占|约|超过|剩|还有|大概|交|做了|比例"
    r"|得分|打了|的|版本|v|第|(?:(?<![\u4e00-\u9fff])|(?<=[见如附第本该]))[节章图表]"
    r"|大约|近|比分|评分|胜率|分成|共|前|后) ?$"
)


def _valid(year: int, month: int, day: int) -> Day | None:
    try:
        there = date(year, month, day)
    except ValueError:
        return None
    return one(there, roll=lambda _: there)


def _iso(found: re.Match[str], at: Moment) -> Day | None:
    return _valid(int(found["y"]), int(found["m"]), int(found["d"]))


def _month(found: re.Match[str], at: Moment) -> Day:
    first = date(int(found["y"]), int(found["m"]), 1)
    return one(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), "month")


def _us(found: re.Match[str], at: Moment) -> Day | None:
    """10/31/2026 is month first; 31/10/2026 and 1.10.2026 are day first, as is 31/10/26.

    26-10-5 with dashes or dots and a two-digit year in front is year first.
    """
    a, b, year = int(found["a"]), int(found["b"]), int(found["y"])
    if len(found["y"]) == 2:
        if found["s"] == ".":
            return _dotted_day(found, at)
        if (found["s"] == "-" and len(found["a"]) == 2) or (a > 12 and b <= 12):
            first = _valid(2000 + a, b, year)
            if first or found["s"] != "-":
                return first
        year += 2000 if year < 70 else 1900
    day_first = a > 12 or (found["s"] == "." and b <= 12)
    return _valid(year, b, a) if day_first else _valid(year, a, b)


def _dotted_day(found: re.Match[str], at: Moment) -> Day | None:
    """26.09.18 is year first when that year is near, 18.09.26 day first; 1.2.3 is a version."""
    if any(len(found[name]) != 2 for name in "aby") and (found[0] != found.string or len(found["a"]) != 2):
        return None
    a, b, year = int(found["a"]), int(found["b"]), int(found["y"])
    if abs(2000 + a - at.day.year) <= 2:
        return _valid(2000 + a, b, year)
    return _valid(2000 + year, b, a) if 15 <= year <= 40 else None


def _dotted(found: re.Match[str]) -> bool:
    """Is ``9.25`` a date and not a number? By itself, beside a word of time, or last in a line (写周报 @李四 9.25)."""
    text, start, stop = found.string, found.start(), found.end()
    if not (start or text[stop:]) or compiled(_CUE).search(text[:start]) or compiled(_FOLLOW).match(text, stop):
        return True
    apart = (text[start - 1] == " " and not text[start - 2].isascii()) or compiled(_AFTER_REF).search(text[:start])
    return bool(apart) and len(found["d"]) == 2 and text[stop : stop + 1] in ("", " ")


def _short(found: re.Match[str], at: Moment) -> Day | None:
    text, start, stop = found.string, found.start(), found.end()
    left = text[start - 1 : start]
    if left == ":" and text[start - 2 : start - 1].isdecimal():
        return None
    if left and not at.joined and (left in "./-#$¥×*=+%_@" or left.isdecimal() or "a" <= left <= "z"):
        return None
    if found["s"] == "/" and compiled(r"(?<![a-z\d])\d{1,3} ?$").search(text, max(0, start - 5), start):
        return None  # 1 4/5 is a number
    if found["s"] == "-" and compiled(r"-\d").match(text, stop):
        return None  # 1-2-3 is no date
    if not (found["mark"] or found["mark2"]):
        if compiled(_COUNTED).match(text, stop) or compiled(_PROGRESS).search(text, max(0, start - 8), start):
            return None
        if (
            found["s"] == "."
            and not at.joined
            and (not _dotted(found) or compiled(r" (?!at \d)[a-z]").match(text, stop))
        ):
            return None
        if found["gap"] and found["s"] != "/":
            return None
    first = dated(int(found["m"]), int(found["d"]), None, at)
    if first is None or not found["last"]:
        return first
    last = int(found["last"])
    spans = tuple((there, month_day(there.year, there.month, last)) for there, _ in first.options)
    return Day(spans) if last > int(found["d"]) else None


_YMD = r"(?<![\d./-])(?<!\d:)(?P<y>[12]\d|3[0-5])(?P<s>[-/])(?P<m>1[0-2]|[1-9])(?P=s)(?P<d>[1-9])(?![\d./:-])"
_MONTH_ALONE = r"^(?P<y>20\d\d)[-/.](?P<m>[1-9])$"


def _ymd(found: re.Match[str], at: Moment) -> Day | None:
    return _valid(2000 + int(found["y"]), int(found["m"]), int(found["d"]))


RULES = (
    ("12", _ISO, _iso),
    ("123", _YMD, _ymd),
    ("2", _MONTH_ALONE, _month),
    ("2", _RUN, _iso),
    ("0123456789", _US, _us),
    ("2", _MONTH, _month),
    ("0123456789", _MONTH_YEAR, _month),
)
_DAY_MONTH = (
    rf"(?<![\d./$:-])(?!24/7(?!\d))(?P<d>1[3-9]|2\d|3[01])/(?P<m>1[0-2]|0[1-9]|[1-9](?= ?$))(?![\d./%-])(?!{_COUNTED})"
)


def _day_month(found: re.Match[str], at: Moment) -> Day | None:
    """22/04: a first figure that is no month is the day."""
    return dated(int(found["m"]), int(found["d"]), None, at)


SHORT_RULES = (("123", _DAY_MONTH, _day_month), ("0123456789", _SHORT, _short))
