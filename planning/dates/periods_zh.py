"""Chinese years, half-years and quarters: 明年, 上半年, 第三季度, Q3末, 下季度初."""

import re
from dataclasses import replace
from datetime import date, timedelta

from planning.dates.months import add_months, last_of, monday_of, quarter_first
from planning.dates.months_zh import LEFT_ZH, YEAR_ZH, year_of, year_part
from planning.dates.periods_en import week_number
from planning.dates.pieces import Day, Moment, one
from planning.dates.words import number

_YEAR = (
    rf"{YEAR_ZH}(?:年?(?P<part>底|末|初|中(?!秋|国|心)|尾)|(?P<half>[上下前后])半年(?P<half_part>底|末|初)?"
    r"|第?(?P<quarter>[一二三四1-4])季度?(?P<q_part>末|底|初)?|q(?P<q>[1-4])(?P<q_end>末|底|初)?)?"
)
_HALF = r"(?P<half>[上下前后])(?P<whole>一?个)?半年(?P<half_part>底|末|初)?"
_QUARTER = (
    rf"(?:第?(?P<quarter>[一二三四1-4])季度|{LEFT_ZH}(?:(?P<this>这个?|本|当)|(?P<next>下{{1,6}})一?个?|"
    rf"(?P<last>上{{1,6}})一?个?)季度?(?!节)"
    r"|(?<![四两单换旺淡花])(?P<bare>季度?(?=末|底))|(?<![a-z0-9])(?:(?P<y>20\d\d) ?)?q(?P<q>[1-4])(?![a-z0-9]))"
    r" ?(?P<q_part>末|底|初|内|结束)?"
)


def _year(found: re.Match[str], at: Moment) -> Day | None:
    year = year_of(found, at)
    if year is None or year == -1:
        return None
    if found["part"]:
        return one(year_part(found["part"], year))
    if found["half"]:
        return _half_span(found, year)
    if found["quarter"] or found["q"]:
        first = date(year, number(found["quarter"] or found["q"]) * 3 - 2, 1)
        return _part_of_span(found["q_part"] or found["q_end"], first, 3)
    if found["year"] and len(found["year"]) != 4 and found["year"][0] not in "0零〇":
        return None
    return one(date(year, 1, 1), date(year, 12, 31), "year")


def _half_span(found: re.Match[str], year: int) -> Day:
    return _part_of_span(found["half_part"], date(year, 1 if found["half"] in "上前" else 7, 1), 6)


def _part_of_span(part: str | None, first: date, months: int) -> Day:
    if part in ("末", "底", "结束"):
        return one(last_of(first, months))
    if part == "初":
        return one(first)
    return one(first, last_of(first, months), "quarter", role="deadline" if part == "内" else None)


def _half(found: re.Match[str], at: Moment) -> Day:
    """上半年 is January to June, 上个半年 the half before this one."""
    if not found["whole"]:
        return _half_span(found, at.day.year)
    this = date(at.day.year, 1 if at.day.month < 7 else 7, 1)
    return _part_of_span(found["half_part"], add_months(this, -6 if found["half"] in "上前" else 6), 6)


def _quarter(found: re.Match[str], at: Moment) -> Day | None:
    said = found["quarter"] or found["q"]
    part = found["q_part"]
    if said:
        first = date(int(found["y"] or at.day.year), number(said) * 3 - 2, 1)
        if found["y"]:
            return _part_of_span(part, first, 3)
        following = found.string[found.end() : found.end() + 1]
        if found["q"] and not part and following not in ("前", "之", "第", "最", "首"):
            return None  # a bare Q3 is a word of a title
        if last_of(first, 3) < at.day:
            later = _part_of_span(part, add_months(first, 12), 3)
            return later if part else replace(later, options=_part_of_span(part, first, 3).options + later.options)
    else:
        first = quarter_first(at.day, len(found["next"] or "") - len(found["last"] or ""))
    return _part_of_span(part, first, 3)


_YEARS = r"(?<!\d)(?P<y1>(?:19|20)\d\d)年? ?(?:-|~|到|至) ?(?P<y2>(?:19|20)\d\d)年(?!\d|[一二三四五六七八九十]{1,2}月)"
_HALF_WEEK = (
    r"(?:(?P<this>这|本)|(?P<next>下)(?=[上下前后]半)|(?P<last>上)(?=[上下前后]半))?(?P<half>[上下前后])半周(?!年|期"
    r"|报|刊)"
)


def _years(found: re.Match[str], at: Moment) -> Day | None:
    """1995-1997年, 2016年至2018年."""
    first, last = int(found["y1"]), int(found["y2"])
    return one(date(first, 1, 1), date(last, 12, 31), "year") if first < last else None


def _half_week(found: re.Match[str], at: Moment) -> Day:
    """上半周 is Monday to Wednesday, 下半周 Thursday to Sunday."""
    monday = monday_of(at.day) + timedelta(days=7 * (bool(found["next"]) - bool(found["last"])))
    early = found["half"] in "上前"
    return one(monday + timedelta(days=0 if early else 3), monday + timedelta(days=2 if early else 6))


_WEEK_NO = r"(?<![\d年月期节课季章])第(?P<n>[1-5]\d|[二三四五]?十[一二三四五六七八九]?)周(?![一二三四五六日末年])"


def _week_no(found: re.Match[str], at: Moment) -> Day | None:
    """第39周."""
    return week_number(number(found["n"]), at)


RULES = (
    ("第", _WEEK_NO, _week_no),
    ("12", _YEARS, _years),
    ("这本上下前后", _HALF_WEEK, _half_week),
    ("0123456789一二零〇今明后大前去来次翌当本这下上三四五六七八九民", _YEAR, _year),
    ("上下前后", _HALF, _half),
    ("第一二三四1234这本当下上季q", _QUARTER, _quarter),
)
