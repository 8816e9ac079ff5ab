"""Times of day in Chinese and in figures: 18:00, 下午三点半, 差五分三点, 今晚, 下班前."""

import re
from dataclasses import replace

from planning.dates.pieces import Clock, Moment
from planning.dates.words import ZH_DIGITS, compiled, number

_PARTS = {
    "dawn": ("凌晨",),
    "morning": (
        "清晨",
        "清早",
        "大清早",
        "一早",
        "一大早",
        "大早上",
        "早上",
        "早晨",
        "早间",
        "晨间",
        "上午",
        "今早",
        "朝早",
        "早",
    ),
    "noon": ("中午", "正午", "午间", "午休"),
    "afternoon": ("下午", "午后", "晏昼", "下昼", "傍晚", "黄昏"),
    "evening": ("半夜", "午夜", "后半夜", "下半夜", "晚上", "晚间", "夜里", "夜间", "夜晚", "深夜", "晚"),
}
_PART_OF = {word: part for part, listed in _PARTS.items() for word in listed}
SPANS = {  # the hours meant when no hour is said
    "凌晨": (0, 6), "半夜": (0, 4), "后半夜": (2, 5), "下半夜": (2, 5), "午夜": (0, 1),
    "上午": (9, 12), "中午": (12, 14),
    "午间": (12, 14), "午休": (12, 14), "下午": (13, 18), "午后": (13, 18), "晏昼": (13, 18),
    "下昼": (13, 18), "傍晚": (17, 19), "黄昏": (17, 19), "dawn": (0, 6), "morning": (8, 10), "evening": (18, 22),
}  # fmt: skip
_ZH_PART = "(?P<part>" + "|".join(sorted(_PART_OF, key=len, reverse=True)) + ")"
_HOUR = r"2[0-4]|[01]?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九]"
_MINUTE = (
    r"(?P<half>半(?!价|数|成|天|年|个|场|折|径|截))|过?(?P<quarter>[一二两三123])刻|差(?P<short>一刻|[一二三四五十]+"
    r"|\d+)分?"
    r"|[过零〇]?(?P<m>[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九])(?:(?P<fen>分)(?!之|钟后)|"
    r"(?![\d个人号元月日%万千年天.折度条:十百秒]))(?:\d+秒|[零一二三四五六七八九十]+秒)?"
    r"|(?P<sharp>整|正(?!式|确|常|在|好)|钟)"
)
_ZH = (
    rf"(?:{_ZH_PART}的? ?)?(?P<h>{_HOUR})(?:(?:-|~|到|至|(?P<about>、?))(?P<h2>{_HOUR}))? ?(?P<mark>点|时(?!间|候|代"
    rf"|长|期|机|效|尚"
    rf"|光|分|刻|段|速|差|薪|装|常|不|而|隔|，))(?:{_MINUTE})?"
    r" ?(?P<ap>am|pm)?"
)
_COLON = (
    rf"(?:{_ZH_PART}的? ?)?(?<![\d.+])(?<!\d:)(?P<h>2[0-4]|[01]?\d):(?P<m>[0-5]\d)(?!\d|:\d\d:)(?::[0-5]\d)?(?P<ap> ?"
    r"(?:[ap]\.? ?m(?![a-z])\.?|[ap](?![a-z])))?(?:时|分(?![之钟享组工批]))?"
)
_SAME = r"此时|这个时候|这个时间|这时候?|同一时间"
_LATE = rf"差(?P<short>一刻|[一二三四五十]+|\d+)分?(?:钟)?(?:到)?(?P<h>{_HOUR})点"
_PART = (
    rf"{_ZH_PART}(?!好|安|餐|饭|茶|会(?!议)|场|市|霜|班|报|恋|点名|操|读|期|日|熟|就|已|些|于|上"
    r"|一?点(?![半零钟整一二三四五六七八九十\d]))"
)
_WORK = (
    r"(?P<word>下班|上班|午饭|午休|吃饭|午餐|晚饭|晚餐|开会|收工|放学|睡觉|睡)(?P<side>(?:之|以)?前|(?:之|以)?后|时"
    r"|点)?"
    r"(?!点|台|端|面|提(?![交供出升醒前报测示])|天)"
)
_NOON = 720
_HABITS = {"下班": 1080, "收工": 1080, "上班": 540, "午饭": 720, "午休": 720, "午餐": 720, "晚饭": 1080, "晚餐": 1080}


_NOUNS = (
    r"建议|想法|意见|说明|要求|需求|问题|原因|内容|注意|改进|优化|心得|体会|经验|反馈|总结|不足|思考|看法|感受|共识"
    r"|结论|事项|小|都|也|不|没|儿"
    r"|档(?!期)|好|事|心|点|多|痛|伤|关注|变化|区别|理由|启示|收获|钱|进展|进步|以[上下]|如下|补充|疑问|困难|技巧"
    r"|诉求|提示"
    r"|提醒事项|[是：:]|数|赞|击|评|名|滴|缀"
)
_NOT_HOUR = _NOUNS
_LEFT_OF_COUNT = frozenset("下这第前共分有几列的是那些以快慢早晚差多少大小高低好坏重要各每另说提讲加减")


def _hour(said: str, part: str | None) -> tuple[int, int]:
    """(hour 0..23, days to carry) of an hour said with a part of the day."""
    hour, carry = number(said), 0
    if part in ("afternoon", "evening") and hour < 12 and (hour or part == "afternoon"):
        hour += 0 if part == "evening" and hour < 5 and hour else 12
        carry = 1 if hour < 5 else 0
    elif part == "evening" and hour == 12:
        hour, carry = 0, 1
    elif part == "noon" and hour < 4:
        hour += 12
    elif part == "dawn" and hour == 12:
        hour = 0
    if hour == 24:
        hour, carry = 0, 1
    return hour, carry


def halves(found: re.Match[str]) -> str | None:
    """``morning`` or ``afternoon`` from am/pm."""
    said = (found["ap"] or "").strip()
    if not said:
        return None
    if "night" in said or "evening" in said or "afternoon" in said:
        return "afternoon"
    return "afternoon" if said[0] == "p" or said.endswith("pm") else "morning"


def at_hour(hour: int, minute: int, half: str | None) -> Clock | None:
    """A clock time with ``morning``/``afternoon`` or neither said; None when there is no such time."""
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    if half == "afternoon" and hour < 12:
        hour += 12
    elif half == "morning" and hour == 12:
        hour = 0
    return Clock(hour % 24 * 60 + minute, carry=hour // 24, part=half, loose=half is None and 1 <= hour <= 12)


def _zh_minute(found: re.Match[str]) -> int:
    if found["half"]:
        return 30
    if found["quarter"]:
        return number(found["quarter"]) * 15
    if found["short"]:
        return -15 if found["short"] == "一刻" else -number(found["short"])
    return number(found["m"]) if found["m"] else 0


def _zh(found: re.Match[str], at: Moment) -> Clock | None:
    part = _PART_OF[found["part"]] if found["part"] else halves(found)
    if not (part or at.joined or _plausible(found)):
        return None
    if _decimal(found) or _somewhat(found):
        return None
    hour, carry = _hour(found["h"], part)
    minute = hour * 60 + _zh_minute(found)
    if not 0 <= minute < 1440 or (found["h2"] and number(found["h2"]) > 24):
        return None
    loose = not part and 1 <= hour <= 12 and not found["h"].startswith("0")
    said = bool(found["half"] or found["quarter"] or found["short"] or found["fen"] or found["sharp"] or found["m"])
    clock = Clock(minute, carry=carry, part=part, loose=loose, weak=not part and not said and not found["h2"])
    if not found["h2"]:
        return clock
    first, _ = _hour(found["h"], part)
    last, _ = _hour(found["h2"], part)
    if found["about"] is not None and number(found["h2"]) != number(found["h"]) + 1:
        return None  # 七八点, and not 三四十点
    return Clock(first * 60, last * 60 + _zh_minute(found), part=part, loose=loose)


def _decimal(found: re.Match[str]) -> bool:
    """Is ``三点五`` a decimal? One figure of minutes wants 分, 零 or 过 beside it."""
    said = found["m"]
    if not said or found["fen"] or len(said) > 1 or said == "十":
        return False
    return found.string[found.start("m") - 1] not in "零〇过"


def _somewhat(found: re.Match[str]) -> bool:
    """早一点, 晚一点 are a little earlier, later."""
    said = found["half"] or found["quarter"] or found["m"] or found["fen"] or found["sharp"] or found["h2"]
    return found["part"] in ("早", "晚") and found["h"] == "一" and not said


def _plausible(found: re.Match[str]) -> bool:
    """Is ``3点`` an hour, and not three points (3点建议), a decimal (零点五) or a little (一点)?"""
    text, start, stop = found.string, found.start(), found.end()
    left = text[start - 1 : start]
    if left and (left in _LEFT_OF_COUNT or left in ZH_DIGITS or (left in "0123456789.第$¥-" and not found["h2"])):
        return False
    if found["mark"] == "时" and not found["h"].isdecimal() and not found["m"]:
        return number(found["h"]) > 6
    if any(found[name] for name in ("half", "quarter", "short", "fen", "sharp", "m")):
        return True
    return not compiled(_NOT_HOUR).match(text, stop) and not (found["h"] == "一" and stop == len(text))


def _colon(found: re.Match[str], at: Moment) -> Clock | None:
    if re.match(r" ?(?:比例|还原|画幅|横|竖|海报|视频|屏|比(?!赛))", found.string[found.end() :]):
        return None
    if re.search(r"(?:比例|比分|分辨率|比率|画幅|版本)[为是:]? ?$", found.string[: found.start()]):
        return None
    part = _PART_OF[found["part"]] if found["part"] else None
    if part:
        hour, carry = _hour(found["h"], part)
        return Clock(hour * 60 + int(found["m"]), carry=carry, part=part)
    clock = at_hour(int(found["h"]), int(found["m"]), halves(found))
    return replace(clock, loose=False) if clock and found["h"].startswith("0") else clock


def _late(found: re.Match[str], at: Moment) -> Clock | None:
    short = 15 if found["short"] == "一刻" else number(found["short"])
    hour = number(found["h"])
    return Clock(hour * 60 - short, loose=1 <= hour <= 12) if 0 < short < 60 and hour else None


def _same(found: re.Match[str], at: Moment) -> Clock | None:
    return Clock(at.minute) if at.joined else None


def _part(found: re.Match[str], at: Moment) -> Clock | None:
    word = found["part"]
    if word == "正午":
        return Clock(_NOON, part="noon")
    if word in ("早", "晚") and not at.joined:
        return None
    first, last = SPANS.get(word) or SPANS[_PART_OF[word]]
    return Clock(first * 60, last * 60, carry=word.endswith(("半夜", "午夜")), part=_PART_OF[word], vague=True)


_SHIFT = (
    r"早(?P<h>\d{1,2}|[五六七八九十])(?P<half>半)?晚(?P<h2>\d{1,2}|十[一二]?|[五六七八九])(?P<half2>半)?"
    r"(?![\d:点])"
)


def _shift(found: re.Match[str], at: Moment) -> Clock | None:
    """早9晚6, 早九晚六."""
    first, last = number(found["h"]), number(found["h2"])
    if not (5 <= first <= 12 and 4 <= last <= 12):
        return None
    minutes = [30 if found[name] else 0 for name in ("half", "half2")]
    return Clock(first * 60 + minutes[0], (last + 12) * 60 + minutes[1] if last < 12 else 1439)


def _work(found: re.Match[str], at: Moment) -> Clock | None:
    minute = _HABITS.get(found["word"])
    side = found["side"]
    if minute is None or not side or side == "点":
        return None
    part = "evening" if minute >= 1080 else "noon" if minute == 720 else None
    return Clock(minute, part=part, habit=side.endswith("后"), role="deadline" if side.endswith("前") else None)


_ZH_START = "凌半午后清大一早上今中正下傍黄晚夜深朝晏晨0123456789二三四五六七八九十零〇两"
COLON_RULES = ((_ZH_START, _COLON, _colon),)
RULES = (
    ("早", _SHIFT, _shift),
    (_ZH_START, _ZH, _zh),
    ("差", _LATE, _late),
    ("此这同", _SAME, _same),
    (_ZH_START, _PART, _part),
    ("下上午收晚", _WORK, _work),
)
