"""Chinese dates and months: 9月25日, 下个月5号, 月底, 9月下旬, 年底."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from planning.dates.months import add_months, day_from, last_of, month_day, nth_weekday
from planning.dates.pieces import Day, Grain, Moment, Span, one
from planning.dates.relative import clipped_week, nth_of
from planning.dates.words import ZH_WEEKDAY, number, zh_weekday

_YEARS = {
    "今年": 0, "本年": 0, "当年": 0, "这一年": 0, "这年": 0,
    "明年": 1, "来年": 1, "次年": 1, "翌年": 1, "下一年": 1, "下年": 1, "后年": 2, "大后年": 3,
    "去年": -1, "上一年": -1, "上年": -1, "前年": -2, "大前年": -3,
}  # fmt: skip
YEAR_ZH = (
    r"(?:(?P<year>(?:19|20)\d\d|(?<!\d)\d{2}|[一二][零〇一二三四五六七八九]{3}|"
    r"(?<![零〇一二三四五六七八九十])[零〇一二三四五六七八九]{2})年|民国(?P<roc>\d{2,3}"
    r"|[一二三四五六七八九十百]{1,4})年"
    r"|(?P<ry>大?后年|大?前年|今年|本年|当年|明年|来年|次年|翌年|去年|这一?年"
    r"|(?<![马早晚手线网])[上下]一?年(?!纪|级|轮|货)))度?的?[ ,]?"
)
LEFT_ZH = r"(?<![晚早线以之乡楼手地基根版成])"
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|[一二三四五六七八九])"
_NO_UNIT = r"(?![\d零〇一二三四五六七八九十个人元块天%折万千亿月岁件次家款台份种名位条页倍层集场期.点:])"
_M = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
_RM = rf"{LEFT_ZH}(?:(?P<rm>这个|本|当|次|同)|(?P<next>(?!(?<=一)下下)下{{1,6}})一?个?|(?P<last>上{{1,6}})一?个?)月份?"
_REST = (
    rf"(?P<day>{_D})(?P<mark>[日号](?!楼|线|店|院)|{_NO_UNIT}|(?=[一二三四五六七八九十]{{1,3}}点))(?:(?:-|~|到|至)"
    rf"(?P<day2>{_D})[日号])?"
    rf"|(?P<from>{_D})(?:-|~|到|至)(?P<to>{_D})[日号]"
    r"|(?P<tenth>上中旬|中下旬|上旬|中旬|下旬)|(?P<half>上|下)半月"
    r"|月?(?P<part>初(?![一二三四五六七八九十级步])|中(?!秋|午|间|国|心|的|学)|底(?!层|部|薪|盘)|末|头(?!条|部|像)"
    r"|尾|最后一天|第一天)"
    rf"|(?P<nth>最后[一1]?|倒数第?[二三23]|第[一二三四五1-5]|首)个?(?P<of>工作日|{ZH_WEEKDAY}"
    rf"(?P<wd>[一二三四五六日天1-7])|周"
    r"(?!末))"
    r"|(?P<inside>(?:之|以)?内)(?!部|容)"
)
_DATE = rf"(?:{YEAR_ZH})?(?:(?<![第闰每几]){_M}|{_RM}(?!(?:3[2-9]|[4-9]\d|0)[日号]))(?:的? ?(?:{_REST}))?"
_NO_DATE = (
    rf"(?<!\d)(?:\d{{1,2}}|{_D})月(?:\d{{1,2}}|{_D})[日号]"
    rf"|(?:下{{1,6}}|上{{1,6}}|这|本)一?个?月(?:3[2-9]|[4-9]\d|0)[日号]"
)
_MONTHS = (
    rf"(?:{YEAR_ZH})?(?<![\d第每])(?P<m1>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])(?:-{{1,2}}|~|到|至)"
    r"(?P<m2>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?!\d)份?"
)
_BARE = (
    r"(?<![\d个几每半])月(?P<edge>[初底末])的?(?P<nth>第[一二三1-3]|首|最后一?)个?工作日|"
    r"(?P<word>(?<![\d个几每半]月)月(?:底|末|初|中(?!秋|旬|间|国)|尾|头(?!条)|内)|(?<![年天])[上中下]旬|"
    r"(?<![以线])[上下]半月)"
    r"|(?<![少青童老成往历近多幼壮停百千万几半每0-9一二两三四五六七八九十])(?P<year_part>年(?:底|末|初"
    r"(?![一二三四五六七八九十])|中(?!间|国|秋)|尾|内|前(?!后)))"
)
_DAY_ONLY = (
    rf"(?P<day>{_D})(?P<mark>[日号])?(?:(?P<to>-|~|到|至)(?P<day2>{_D})[日号])?"
    r"(?<=[日号])(?!楼|线|店|院|机|门|位|桌|厅|馆|房|仓|库|会议室|选手|种子|服|码|球|电|字|文|令|公告|通知|口|地"
    r"|方案|项目|版|产品|链接"
    r"|桶|包|板|窗|车|厂|员|铺|称|召|外|角|牌|游|元|圆|本|常|报|志|程|均|活|间|语|系|式|照|落|出|食|光|历|租|结|薪"
    r"|里|子|立|益|新|夜)"
)

Infer = Callable[[int], Span]


def coming(span_in: Infer, at: Moment) -> tuple[Span, ...]:
    """A month or month-day without a year. Ahead: this year. Past by up to two months: this year, or next year.

    Longer past: next year.
    """
    span = span_in(at.day.year)
    behind = (at.day - (span[1] or span[0])).days
    if behind <= 0:
        return (span,)
    return (span_in(at.day.year + 1),) if behind > 61 else (span, span_in(at.day.year + 1))


def dated(month: int, day: int, year: int | None, at: Moment) -> Day | None:
    """A month and a day, with or without a year; None when there is no such day."""
    try:
        date(year or 2024, month, day)
    except ValueError:
        return None
    if year is None and (month, day) == (2, 29):
        year = next(
            y
            for y in range(at.day.year, at.day.year + 9)
            if month_day(y, 2, 29) >= at.day and month_day(y, 2, 29).day == 29
        )
    if year:
        return one(date(year, month, day), roll=lambda _: date(year, month, day))

    def roll(first: date) -> date:
        there = month_day(first.year, month, day)
        return there if there >= first else month_day(first.year + 1, month, day)

    return Day(coming(lambda y: (month_day(y, month, day), None), at), roll=roll, assumed=("year",))


def year_of(found: re.Match[str], at: Moment) -> int | None:
    if found["ry"]:
        return at.day.year + _YEARS[found["ry"]]
    if found["roc"]:
        return 1911 + number(found["roc"])
    said = found["year"]
    if not said:
        return None
    year = number(said)
    if len(said) == 2:
        year += 2000 if year < 70 else 1900
    return year if 1900 < year < 2200 else -1


def _date(found: re.Match[str], at: Moment) -> Day | None:
    year = year_of(found, at)
    if year == -1:
        return None
    if found["month"]:
        month = number(found["month"])
        if not _month_alone_ok(found):
            return None
        if found["day"] or found["from"]:
            return _month_day(found, month, year, at)
        if year is None:
            spans = coming(lambda y: _within(found, date(y, month, 1), at), at)
        else:
            spans = (_within(found, date(year, month, 1), at),)
    else:
        shift = len(found["next"] or "") - len(found["last"] or "") + (found["rm"] == "次")
        first = add_months(at.day.replace(day=1), shift)
        if found["day"] or found["from"]:
            return _month_day(found, first.month, first.year, at)
        spans = (_within(found, first, at),)
    if found["of"] and found["of"][0] == "周" and not found["wd"]:
        n = ordinal(found["nth"])
        clipped = tuple(clipped_week(n, first.replace(day=1), last_of(first.replace(day=1), 1)) for first, _ in spans)
        spans = tuple(dict.fromkeys(spans + clipped))
    whole: Grain = "week" if found["of"] and not found["wd"] else "month"
    grain: Grain = whole if spans[0][1] else "day"
    return Day(spans, grain, role="deadline" if found["inside"] else None, roll=_roll_month(found, spans, at))


def _no_date(found: re.Match[str], at: Moment) -> Day:
    """13月5号, 下个月32号: words of a date, and no day."""
    return Day(())


def _months(found: re.Match[str], at: Moment) -> Day | None:
    """9-11月: from the first day of one month to the last of another."""
    year, first, last = year_of(found, at), number(found["m1"]), number(found["m2"])
    if year == -1 or last <= first:
        return None

    def span(y: int) -> Span:
        return date(y, first, 1), last_of(date(y, last, 1), 1)

    return Day((span(year),) if year else coming(span, at), "month")


def _month_alone_ok(found: re.Match[str]) -> bool:
    if found.end() > found.end("month") + 2 or found["year"] or found["ry"]:
        return True
    return not re.match(
        r"饼|亮|光|刊|卡|嫂|经|薪|活|租|费|均|度|结|供|考|例|子|球|票|息|牙|色|老|坛|天|瓜|不|球|影",
        found.string[found.end() :],
    )


def _roll_month(found: re.Match[str], spans: tuple[Span, ...], at: Moment) -> Callable[[date], date]:
    if not found["month"] or found["year"] or found["ry"]:
        return lambda _: spans[0][0]
    month = number(found["month"])

    def roll(first: date) -> date:
        there = _within(found, date(first.year, month, 1), at)[0]
        return there if there >= first else _within(found, date(first.year + 1, month, 1), at)[0]

    return roll


def _month_day(found: re.Match[str], month: int, year: int | None, at: Moment) -> Day | None:
    first = dated(month, number(found["day"] or found["from"]), year, at)
    last = found["day2"] or found["to"]
    if first is None:
        return Day(())  # 2月30日: words of a date, and no day
    if not last:
        return first
    day = number(last)
    spans = tuple((start, month_day(start.year, start.month, day)) for start, _ in first.options)
    return Day(spans, roll=first.roll) if day >= spans[0][0].day else None


def _within(found: re.Match[str], first: date, at: Moment) -> Span:
    """The part of the month that begins at ``first`` which the words name."""
    tenth, part, last = found["tenth"], found["part"], last_of(first, 1)
    if tenth:
        start, end = ({"上": 1, "中": 11, "下": 21}[word] for word in (tenth[0], tenth[-2]))
        return first.replace(day=start), last if end == 21 else first.replace(day=end + 9)
    if found["half"]:
        return (first, first.replace(day=15)) if found["half"] == "上" else (first.replace(day=16), last)
    if part:
        return month_part(part, first), None
    if found["nth"]:
        return _nth_of_month(found, first, at)
    return first, last


def month_part(part: str, first: date) -> date:
    """初 and 头 are the 1st, 中 the 15th, 底, 末 and 尾 the last day of the month that begins at ``first``."""
    if part[0] in "初头第":
        return first
    return first.replace(day=15) if part == "中" else last_of(first, 1)


def ordinal(word: str) -> int:
    """``第二`` as 2, ``首`` as 1, ``最后`` as -1, ``倒数第二`` as -2."""
    if word.startswith("最后"):
        return -1
    n = 1 if word == "首" else number(word.removeprefix("倒数").removeprefix("第"))
    return -n if word.startswith("倒数") else n


def _nth_of_month(found: re.Match[str], first: date, at: Moment) -> Span:
    n, last = ordinal(found["nth"]), last_of(first, 1)
    if found["of"] == "工作日":
        days = at.calendar.working_days(first, last)
        return days[n if n < 0 else n - 1], None
    if found["wd"]:
        return nth_weekday(first.year, first.month, n, zh_weekday(found["wd"])) or last, None
    return nth_of((first, last), n, "week", at) or clipped_week(n, first, last)


def _bare(found: re.Match[str], at: Moment) -> Day:
    word, first = found["word"], at.day.replace(day=1)
    if found["nth"]:
        return _work_day_of(ordinal(found["nth"]), at)
    if found["year_part"]:
        return _year_part(found["year_part"][1], at)
    if word == "月内":
        return one(first, last_of(first, 1), "month", role="deadline")
    if word.endswith("半月"):
        middle = first.replace(day=15)
        return one(first, middle) if word[0] == "上" else one(middle + timedelta(days=1), last_of(first, 1))
    if word.endswith("旬"):
        start = {"上": 1, "中": 11, "下": 21}[word[0]]
        month = first if start + 9 >= at.day.day or start == 21 else add_months(first, 1)
        last = last_of(month, 1) if start == 21 else month.replace(day=start + 9)
        return one(
            month.replace(day=start),
            last,
            "month",
            roll=lambda day: _part_from(day, lambda day: day.replace(day=start)),
        )

    def part_of(day: date) -> date:
        return month_part(word[1], day.replace(day=1))

    return one(_part_from(at.day, part_of), roll=lambda day: _part_from(day, part_of))


def _work_day_of(n: int, at: Moment) -> Day:
    """月初第一个工作日: this month's, or the next one's."""
    for months in (0, 1):
        first = add_months(at.day.replace(day=1), months)
        days = at.calendar.working_days(first, last_of(first, 1))
        there = days[n if n < 0 else n - 1]
        if there >= at.day:
            break
    return one(there)


def _part_from(day: date, part_of: Callable[[date], date]) -> date:
    """That part of the month of ``day``, or of the month after when it is past."""
    there = part_of(day)
    return there if there >= day else part_of(add_months(day.replace(day=1), 1))


def _year_part(part: str, at: Moment) -> Day:
    year = at.day.year
    if part == "内":
        return one(date(year, 1, 1), date(year, 12, 31), "year", role="deadline")
    if part == "前":  # before the year is out, or before Spring Festival
        feast = at.calendar.holiday("春节", at.day)
        spans: tuple[Span, ...] = ((date(year, 12, 31), None),)
        return Day(spans + (((feast.first - timedelta(days=1), None),) if feast else ()), role="deadline")
    there = year_part(part, year)
    return one(there if there >= at.day else year_part(part, year + 1))


def year_part(part: str, year: int) -> date:
    """初 is 1 January, 中 30 June, 底, 末 and 尾 31 December."""
    return {"初": date(year, 1, 1), "中": date(year, 6, 30)}.get(part, date(year, 12, 31))


def _day_only(found: re.Match[str], at: Moment) -> Day | None:
    """The 15th: of this month, or of the next one when it has passed."""
    mark = found["mark"] or "号"
    day, start = number(found["day"]), found.start()
    left = found.string[start - 1 : start]
    if left and (left in "第#-./型字农历初哪几路街巷弄道" or left.isdecimal()):
        return None

    if not 1 <= day <= 31:
        return None
    there = day_from(at.day, day)
    last = day_from(there, number(found["day2"])) if found["day2"] else None
    weak = mark == "日" and not found["day"].isdecimal() and not found["day2"] and day < 10
    return one(there, last, roll=lambda first: day_from(first, day), weak=weak, assumed=("month",))


RULES = (
    ("0123456789一二三四五六七八九十廿卅零〇今明后大前去来次翌当本这下上同民", _DATE, _date),
    ("0123456789一二三四五六七八九十零〇今明去后前", _MONTHS, _months),
    ("月年上中下", _BARE, _bare),
    ("0123456789一二三四五六七八九十廿卅下上这本", _NO_DATE, _no_date),
)
_IN_LIST = r"(?<=[\d日号][、,和])(?P<day>3[01]|[12]\d|[1-9])(?:(?=[、,]\d{1,2}[日号])|[两三四][日天])"


def _in_list(found: re.Match[str], at: Moment) -> Day:
    """The 26 of 9月25、26、27日; weak, as it is a day only after another one of its list."""
    day = int(found["day"])
    return one(day_from(at.day, day), roll=lambda first: day_from(first, day), weak=True, assumed=("month",))


DAY_RULES = (
    ("0123456789一二三四五六七八九十廿卅", _DAY_ONLY, _day_only),
    ("123456789", _IN_LIST, _in_list),
)
