"""Chinese days and weeks: 今天, 后天, 明晚, 周三, 下下周一, 本周内, 周末."""

import re
from datetime import date, timedelta

from planning.dates.months import add_months, monday_of, week_end
from planning.dates.pieces import Clock, Day, Moment, Span, one
from planning.dates.words import ZH_WEEKDAY, zh_weekday

_SHIFTS = {
    "今": 0, "明": 1, "后": 2, "大后": 3, "大大后": 4, "昨": -1, "前": -2, "大前": -3, "当": 0, "次": 1, "翌": 1,
    "听": 1, "寻": -1, "琴": -1, "第二": 1, "同": 0, "本": 0,
}  # fmt: skip
_EVENING = Clock(18 * 60, 22 * 60, part="evening", vague=True)
_MORNING = Clock(8 * 60, 10 * 60, part="morning", vague=True)

_DAY = (
    r"(?P<shift>大?大?后|大?前|今|明|昨|当|次|翌|听|寻|琴|第二|同|本(?=日))(?:"
    r"(?P<both>[明后])两?天|(?:天|儿|日)(?!头条|线(?!上|下)|之星|方舟|资本|游|常|元|历|语|期|程|报|志|然|性|晴|空|赋"
    r"|失调|使|才"
    r"|气|努力)"
    r"|(?P<part>早上|早|晨|朝|晚上|晚|夜里|夜)(?!会|安|餐|饭|宴|恋|报|点名|市|场|班|景|色|操|读))"
)
_BEFORE = {  # what a day word must not follow: 雨后天晴, 聪明天, 提前天数
    "后": frozenset("雨以之然饭最午课事售前先落背"),
    "明": frozenset("聪文说证声发光表透鲜阐分黎"),
    "前": frozenset("以之提目当从先面眼超空"),
    "今": frozenset("如而当至"),
    "当": frozenset("相应适不妥正"),
    "次": frozenset("一二两三四五六七八九十几多每单再首依其层批档降0123456789"),
    "同": frozenset("不相共如合"),
    "本": frozenset("日根基版成副样标剧课书文每日原资"),
    "第": frozenset("的"),
}

_REL = r"(?:(?P<this>这个|这一|这|本|今个|今)|(?P<next>(?!(?<=一)下下)下{1,6})一?个?|(?P<last>上{1,6})一?个?)"
_LEFT = r"(?<![晚早线以之乡楼手地基日根版成各每整])"
_COUNTING = frozenset("0123456789一二两三四五六七八九十几每多半单双隔首百")  # 一周五天, 每周三次
_NOT_ONE = "次遍篇更份回直样定般"
_WEEKDAY = (
    rf"(?:{_LEFT}{_REL}的?(?:{ZH_WEEKDAY}的?(?={ZH_WEEKDAY}))?)?"
    rf"{ZH_WEEKDAY}(?:(?P<wd>一(?![{_NOT_ONE}])|二(?!维|次)|三(?!次|方|角)|四(?!次)|五(?!次|金|险)|六(?!次|福)"
    r"|日(?!常|期|程|志|均|历|活|报(?!名|到|告|价|备|销))|天(?!气|空|数|然|线|天|赋|猫)|[1-7]"
    r"(?![\d次天个人万月年号小.:%]))"
    r"|(?P<end>末)(?!尾))(?P<more>(?:(?<=一)二)?(?:(?<=二)三)?(?:(?<=三)四)?(?:(?<=四)五)?(?:(?<=五)六)?"
    r"(?:(?<=六)[日天])?(?:(?![维次月号点个十百千万方角金福险常期程气空]|报(?!名|到|备|销|税|价|批|送))"
    r"|(?<=[周期拜].)(?=十[一二三四五六七八九]?点)))"  # 周三十点 is Wednesday at ten
)
_WEEK = (
    rf"{_LEFT}{_REL}{ZH_WEEKDAY}(?!年|边|围|转|期|刊|日报)(?P<part>(?:之|以)?内|初|中(?!心|间|午|国|秋)|底)?"
    rf"|(?<![一二两三四五六七八九十几每多半\d]){ZH_WEEKDAY}(?P<alone>内)(?!部|容|网)"
)


def _day(found: re.Match[str], at: Moment) -> Day | None:
    shift, text, start = found["shift"], found.string, found.start()
    if start and text[start - 1] in _BEFORE.get(shift.lstrip("大")[:1], ()):
        return None
    there = at.ahead(_SHIFTS[shift])
    if shift in ("后", "前") and found["both"]:
        return None
    if found["both"]:
        return one(there, there + timedelta(days=1))
    part = found["part"]
    if not part:
        return one(there)
    return one(there, clock=_EVENING if part[0] in "晚夜" else _MORNING)


def weekday_options(found: re.Match[str], at: Moment, weekday: int) -> tuple[Span, ...]:
    """The days a weekday with 这/下/上 may be. A week begins on Monday; said on a Sunday, 下周X has two readings."""
    monday = monday_of(at.day)
    if found["last"]:
        return ((monday + timedelta(days=weekday - 7 * len(found["last"])), None),)
    if not found["next"]:
        return ((monday + timedelta(days=weekday), None),)
    there = monday + timedelta(days=weekday + 7 * len(found["next"]))
    return ((there, None), (there + timedelta(days=7), None)) if at.day.weekday() == 6 else ((there, None),)


def next_weekday(weekday: int, day: date) -> date:
    """That weekday on or after ``day``."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _weekday(found: re.Match[str], at: Moment) -> Day | None:
    related = bool(found["this"] or found["next"] or found["last"])
    text, start = found.string, found.start()
    counted = text[max(start - 1, 0)] in _COUNTING and text[max(start - 2, 0)] not in "周期拜"  # 一周五天, not 周二周四
    if counted and not related and not at.joined:
        return None
    if found["end"]:
        return _weekend(found, at, related)
    weekday = zh_weekday(found["wd"])
    if found["more"]:
        return _adjoining(found, at, weekday, related)
    if related:
        return Day(weekday_options(found, at, weekday))
    there = next_weekday(weekday, at.day)
    return one(there, roll=lambda day: next_weekday(weekday, day), weekday=weekday)


def _adjoining(found: re.Match[str], at: Moment, weekday: int, related: bool) -> Day:
    """周三四, 下周一二三: days on end."""
    firsts = weekday_options(found, at, weekday) if related else ((next_weekday(weekday, at.day), None),)
    return Day(tuple((first, first + timedelta(days=len(found["more"]))) for first, _ in firsts))


def _weekend(found: re.Match[str], at: Moment, related: bool) -> Day:
    saturdays = weekday_options(found, at, 5) if related else ((monday_of(at.day) + timedelta(days=5), None),)
    return Day(tuple((day, day + timedelta(days=1)) for day, _ in saturdays), "weekend")


_DAYS_OFF = rf"(?:{_LEFT}{_REL}的?)?双休日?(?!制|加班费|工资)"


def _days_off(found: re.Match[str], at: Moment) -> Day:
    """双休日, 下个双休日."""
    return _weekend(found, at, bool(found["this"] or found["next"] or found["last"]))


def _week(found: re.Match[str], at: Moment) -> Day:
    mondays = [at.ahead(-at.day.weekday())] if found["alone"] else [day for day, _ in weekday_options(found, at, 0)]
    part = found["part"]
    if part and part in "初中":
        return Day(tuple((day + timedelta(days=0 if part == "初" else 2), None) for day in mondays))
    if part == "底":
        return Day(tuple((week_end(at.calendar, day), None) for day in mondays))
    spans: tuple[Span, ...] = tuple((day, day + timedelta(days=6)) for day in mondays)
    return Day(spans, "week", role="deadline" if part or found["alone"] else None)


_NOW = r"(?:现在|此刻|而家)(?:(?=[。.! ]*$)|(?=就|开始|起|立刻|马上|立即|提醒))"


def _now(found: re.Match[str], at: Moment) -> Day | None:
    """现在开始, 现在就: elsewhere 现在 is no date (现在的版本)."""
    before = found.string[: found.start()].strip(" 从就到在")
    return (
        None if before and not before.endswith(("提醒我", ",", "。")) else one(at.day, grain="minute", minute=at.minute)
    )


_SAME_DAY = (
    r"(?:(?P<ry>大?前年|大?后年|去年|明年|来年)|(?P<last>上)一?个?(?P<past>周|星期|月)"
    r"|(?P<next>下)一?个?(?P<ahead>周|星期|月))"
    r"的?(?:今天|今日|同一天|(?P<now>这个时[候间]|这时候?|此时|同一时间|现在))"
)
_YEARS = {"去年": -1, "前年": -2, "大前年": -3, "明年": 1, "来年": 1, "后年": 2, "大后年": 3}


def _same_day(found: re.Match[str], at: Moment) -> Day:
    """去年今天, 下个月的今天, 上周的今天, 下周这个时候."""
    clock = Clock(at.minute) if found["now"] else None
    if found["ry"]:
        return one(add_months(at.day, 12 * _YEARS[found["ry"]]), clock=clock)
    way = -1 if found["last"] else 1
    if "月" in (found["past"], found["ahead"]):
        return one(add_months(at.day, way), clock=clock)
    return one(at.ahead(7 * way), clock=clock)


SAME_RULES = (("去前明来后大上下", _SAME_DAY, _same_day),)
RULES = (
    ("现此而", _NOW, _now),
    ("今明后大昨前当次翌听寻琴第同本", _DAY, _day),
    ("这本今下上周星礼", _WEEKDAY, _weekday),
    ("这本今下上周星礼", _WEEK, _week),
    ("这本今下上双", _DAYS_OFF, _days_off),
)
