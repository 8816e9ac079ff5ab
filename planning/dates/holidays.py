"""Dates named by a festival: 国庆后第一个工作日, 节前, 中秋前, 春节后, 母亲节, christmas."""

import re
from dataclasses import replace
from datetime import date, timedelta

from planning.calendar import Break, HolidayName
from planning.dates.festivals import ENGLISH, FEASTS, PUBLIC, Finder, coming
from planning.dates.months_zh import ordinal
from planning.dates.pieces import Clock, Day, Moment, one
from planning.dates.words import NUM, compiled, number, words

_YEARS = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "去年": -1, "后年": 2, "大后年": 3, "前年": -2, "大前年": -3}
_TAIL = (
    r"(?:的?(?P<eve>前夕|前一天|前一日|前夜)|(?P<next>次日|后一天|后一日)|(?:的?(?P<of>长假|小长假|假期|放假|期间"
    r"|假))?的?(?:第(?P<on>[一二三四五六七1-7])|(?P<end>最后一))天"
    rf"|(?P<way>[前后])(?P<n>{NUM})个?(?P<unit>天|日|周|星期|礼拜|工作日)"
    r"|的?(?:假期|放假|收假|放完假|回来|结束|长假|小长假|假)?(?:之|以|过)?(?P<side>前(?!后)|后)(?!端|台|缀|面|期|夕|言)"
    r"(?:的?(?P<nth>第[一二三四五六七1-7]|最后一?|首)个?(?:工作日|天上班|天|上班日)(?:上班)?|的?上班第一天)?"
    r"|(?P<about>前后|左右)|(?P<during>期间|假期|长假|小长假|放假)|(?P<day>当天|当日|那天|这天)|(?P<zero>零点)"
    r"|(?P<night>夜(?=\d{1,2}[点:]|[一二三四五六七八九十]{1,3}点)|当晚))"
)
_NAMES = words(*PUBLIC, *FEASTS)
_NOUN = (
    r"(?:海报|活动|促销|大促|方案|礼|物料|专题|主题|营销|预热|素材|文案|月饼|晚会|联欢|快乐|档|红包|专场|上新|投放"
    r"|会场|选品|备货|复盘|战报|项目|福利|策划|图"
    r"|页面|banner|h5|kv|价|款|款式|套装|直播|氛围|狂欢|特惠|慰问|值班|排班|安排|通知|群|的)"
)
_ZH = (
    rf"(?:(?P<ry>今年|本年|明年|来年|去年|大?后年|大?前年|(?P<y>20\d\d|(?<!\d)\d\d)年)的?|下个"
    rf"|这个?|本次)?(?P<name>{_NAMES}|过年(?=[前后之以]|期间))(?P<jie>节)?"
    rf"(?!上河){_TAIL}?"
)
_ANY = rf"(?<![季过情春环细季音调章双佳中秋庆元春月])(?:这个|本)?(?:节|假期|放假|长假){_TAIL}"
_EN = (
    rf"(?:(?P<rel>this|next|last) )?(?P<name>{words(*ENGLISH)})(?![a-z'])(?:,? (?:of )?(?:(?P<y>(?:19|20)\d\d|'\d\d)"
    rf"|(?P<yrel>this|next|last) year))?"
)
_USUAL = {
    "春节": 7,
    "国庆": 6,
    "十一": 6,
    "五一": 4,
    "劳动节": 4,
}  # days off after the first, while a year is unpublished
_TERMS = frozenset({  # also words of weather, and names
    "小寒", "大寒", "雨水", "惊蛰", "小满", "小暑", "大暑", "处暑", "白露", "寒露", "霜降", "小雪", "大雪", "立夏",
    "立秋", "立冬", "立春", "谷雨", "芒种",
})  # fmt: skip
_CONFUSED = frozenset({"618", "十一", "五一", "六一", "三八", "五四"}) | _TERMS


def _zh(found: re.Match[str], at: Moment) -> Day | None:
    name, text, stop = found["name"].replace("过年", "春节"), found.string, found.end()
    if name in _CONFUSED and not _meant(found):
        return None
    if text[found.start() - 1 : found.start()] == "#" or (name == "五一" and text[stop : stop + 1] == "节"):
        return None
    plain = not _tailed(found)
    if (
        plain
        and not found["ry"]
        and stop < len(text)
        and (compiled(_NOUN).match(text, stop) or not (found["jie"] or name.endswith("节")))
    ):
        if text[stop] not in " ,。.!;)、~-到至上下早晚夜中凌要我们去回就才交放":
            return None
        if compiled(_NOUN).match(text, stop) or compiled(_NOUN).match(text.lstrip(), stop):
            return None
    return _resolve(found, name, at)


def _meant(found: re.Match[str]) -> bool:
    """十一 is a number unless something says it is the holiday: 十一前, 十一假期, 今年十一."""
    left = found.string[found.start() - 1 : found.start()]
    if found["name"] == "618" and not _tailed(found):
        return False
    if found["day"] and not left.isdecimal():
        return True
    if (left and left in "0123456789.零一二三四五六七八九十第周期每月日百初") or re.match(
        r"[点号日月时个期届折人元0-9一二三四五六七八九十]", found.string[found.end() :]
    ):
        return False
    if re.match("上午|下午|晚上|早上|去|放假", found.string[found.end() :]):
        return True
    return found[0] == found.string or bool(found["ry"] or found["jie"] or _tailed(found))


def _tailed(found: re.Match[str]) -> bool:
    """Do words of time follow the festival's name?"""
    return any(
        found[group] for group in ("side", "eve", "next", "during", "day", "way", "on", "about", "end", "zero", "night")
    )


def _resolve(found: re.Match[str], name: str, at: Moment) -> Day | None:
    year = (
        int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        if found["y"]
        else at.day.year + _YEARS[found["ry"]]
        if found["ry"]
        else None
    )
    finder = PUBLIC.get(name) or FEASTS[name]
    rest = _break(name, year, at) if name in PUBLIC else None
    if rest is not None:
        nominal = finder(rest.last.year) or rest.first
        return _tail(found, rest, nominal if rest.first <= nominal <= rest.last else rest.first, at)
    there = finder(year) if year else coming(finder, at.day)
    if there is None:
        return None
    if name not in PUBLIC:
        day = _tail(found, Break(HolidayName(name, name), there, there), there, at)
        return replace(day, roll=lambda first: coming(finder, first) or there) if not (year or _tailed(found)) else day
    usual = Break(HolidayName(name, name), there, there + timedelta(days=_USUAL.get(name, 0)))
    return replace(_tail(found, usual, there, at), assumed=("calendar",))


def _break(name: str, year: int | None, at: Moment) -> Break | None:
    """The holiday as it is taken, when the year's notice has been published."""
    after = at.day if year is None else date(year, 1, 1 if name == "元旦" else 8)
    nominal = coming(PUBLIC[name], after - timedelta(days=10))
    near = max(after, nominal - timedelta(days=20)) if nominal else after  # a walk over three weeks, not over the year
    if not at.calendar.known(near.year) and not at.calendar.known(near.year + 1):
        return None
    rest = at.calendar.holiday(name, near)
    return rest if rest and at.calendar.known(rest.first.year) else None


def _any(found: re.Match[str], at: Moment) -> Day | None:
    rest = at.calendar.holiday(None, at.day)
    return _tail(found, rest, rest.first, at) if rest else None


def _tail(found: re.Match[str], rest: Break, nominal: date, at: Moment) -> Day:
    """The day the words after the festival's name point to, seen from the days off ``rest``."""
    cal = at.calendar
    if found["way"]:
        return one(
            _steps_from(rest, number(found["n"]) * (-1 if found["way"] == "前" else 1), found["unit"], nominal, at)
        )
    if found["side"] == "前":
        n = ordinal(found["nth"]) if found["nth"] else -1
        day = cal.add_working(rest.first, -abs(n))
        return one(day, role=None if found["nth"] else "deadline")
    if found["side"] == "后":
        nth = found["nth"]
        return one(cal.add_working(rest.last, ordinal(nth) if nth and not nth.startswith("最后") else 1))
    if found["end"]:
        return one(rest.last)
    if found["zero"] or found["night"]:
        clock = Clock(0) if found["zero"] else Clock(1080, 1320, part="evening", vague=True)
        return one(nominal, clock=clock)
    if found["of"]:
        return one(rest.first + timedelta(days=number(found["on"]) - 1))
    if found["on"]:
        return one(nominal + timedelta(days=number(found["on"]) - 1))
    if found["eve"]:
        return one(nominal - timedelta(days=1))
    if found["next"]:
        return one(nominal + timedelta(days=1))
    if found["during"] and rest.last > rest.first:
        return one(rest.first, rest.last)
    return one(nominal)


def _steps_from(rest: Break, n: int, unit: str, nominal: date, at: Moment) -> date:
    """国庆前三天, 春节前两周 count from the festival; 节后3个工作日 from the days off."""
    if unit == "工作日":
        return at.calendar.add_working(rest.first if n < 0 else rest.last, n)
    days = n * (7 if unit in ("周", "星期", "礼拜") else 1)
    return (nominal if n < 0 else rest.last) + timedelta(days=days)


def _en_year(said: str | None) -> int:
    return 0 if not said else 2000 + int(said[1:]) if said.startswith("'") else int(said)


def _en(found: re.Match[str], at: Moment) -> Day | None:
    finder: Finder = ENGLISH[found["name"]]
    if found["y"] or found["yrel"]:
        shift = {"next": 1, "last": -1}.get(found["yrel"] or "", 0)
        there = finder(_en_year(found["y"]) or at.day.year + shift)
    elif found["rel"] == "last":
        there = finder(at.day.year)
        there = finder(at.day.year - 1) if there and there >= at.day else there
    else:
        there = coming(finder, at.day)
    return one(there) if there else None


RULES = (
    (
        "黑农消元春过清五劳端中国十除大年七重情妇三植愚青儿六建教万光双平圣跨母父感复今明来去后前这本下上0126"
        "小立雨惊谷夏芒处白秋寒霜冬",
        _ZH,
        _zh,
    ),
    ("节假放长这本", _ANY, _any),
)
EN_RULES = (("cxnvhtbmfliesdgpaj", _EN, _en),)
