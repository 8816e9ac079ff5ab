"""The alphabet of the grammar: one spelling for every character, numerals, and the names of days and months."""

import re
from functools import cache
from types import MappingProxyType

_TRADITIONAL = (
    "週周後后號号點点時时鐘钟鍾钟個个這这兩两倆俩禮礼從从內内過过間间節节國国慶庆聖圣誕诞兒儿婦妇勞劳動动黨党軍军師师親亲"
    "萬万開开樓楼當当幾几現现曆历農农臘腊聽听尋寻淩凌黃黄結结總总會会議议們们還还線线條条項项來来對对員员幫帮"
    "門门單单雙双終终貳二參三陽阳傷伤愛爱遲迟隨随務务約约報报種种產产電电說说發发為为見见買买賣卖級级歲岁質质晝昼復复審审驗验"
)
_FOLD = {ord(old): new for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)}
_FOLD |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD |= {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_FOLD |= {code + 0xFEE0: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
_FOLD |= {ord(dash): "-" for dash in "—–―−‐‑ー"} | {ord(wave): "~" for wave in "〜∼"}
_FOLD |= {0x3000: " ", 0xA0: " ", ord("∶"): ":", ord("﹕"): ":", ord("○"): "〇", ord("’"): "'", ord("·"): "."}
_FOLD |= {ord("\t"): " ", ord("【"): "(", ord("】"): ")", ord("["): "(", ord("]"): ")"}


def fold(text: str) -> str:
    """The text in one spelling, character for character: half-width, lower-case, simplified."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


_LOOSE = (
    r"  +|(?<=\d) (?=[年月号点时分秒刻小]|工作日|季度|个?(?:工作日|周|天|星期|礼拜|月|小时)(?:[之以]?[前后内]))"
    r"|(?<=月\d) (?=日)|(?<=月\d\d) (?=日)|(?<=月 \d) (?=日)|(?<=月 \d\d) (?=日)|(?<=[年月第每隔近]) (?=\d)"
    r"|(?<=第\d) (?=[周个天])"
)


def tighten(folded: str) -> tuple[str, list[int]]:
    """The folded text without the spaces inside its words (2026 年 9 月, 3 天后); where each character stood.

    An empty list: nothing was left out.
    """
    if " " not in folded or not compiled(_LOOSE).search(folded):
        return folded, []
    kept: list[int] = []
    pos = 0
    for gap in compiled(_LOOSE).finditer(folded):
        kept += range(pos, gap.start() + (len(gap[0]) > 1))
        pos = gap.end()
    kept += range(pos, len(folded))
    return "".join(folded[place] for place in kept), kept


ZH_DIGITS = "零〇一二两三四五六七八九十廿卅百俩仨"
NUM = rf"(?:\d{{1,5}}|[{ZH_DIGITS}]{{1,7}})"
_VALUES = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "仨": 3, "四": 4, "五": 5}
_VALUES |= {"六": 6, "七": 7, "八": 8, "九": 9}


def number(word: str) -> int:
    """``23``, ``二十三``, ``廿三``, ``二〇二六``, ``两`` as an integer, at most 9999; -1 when it is no number."""
    if word.isdecimal():
        return int(word) if len(word) <= 8 else -1
    word = word.replace("廿", "二十").replace("卅", "三十")
    if "十" not in word and "百" not in word:
        digits = [_VALUES.get(char, -1) for char in word]
        return -1 if -1 in digits or not digits or len(digits) > 4 else int("".join(map(str, digits)))
    total, digit = 0, 0
    for char in word:
        if char == "百":
            total, digit = total + (digit or 1) * 100, 0
        elif char == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _VALUES.get(char, -100_000)
    total += digit
    return total if total >= 0 else -1


EN_NUMBERS = MappingProxyType(
    {
        "a": 1.0,
        "an": 1.0,
        "one": 1.0,
        "two": 2.0,
        "a couple of": 2.0,
        "a couple": 2.0,
        "couple of": 2.0,
        "couple": 2.0,
        "three": 3.0,
        "a few": 3.0,
        "four": 4.0,
        "five": 5.0,
        "six": 6.0,
        "seven": 7.0,
        "eight": 8.0,
        "nine": 9.0,
        "ten": 10.0,
        "eleven": 11.0,
        "twelve": 12.0,
        "fifteen": 15.0,
        "twenty": 20.0,
        "thirty": 30.0,
        "few": 3.0,
        "three quarters of an": 0.75,
        "three-quarters of an": 0.75,
        "a quarter of an": 0.25,
        "1/4": 0.25,
        "1/2": 0.5,
        "3/4": 0.75,
        "half a": 0.5,
        "half an": 0.5,
        "half": 0.5,
    }
)
EN_NUM = r"(?:\d{1,5}(?:\.\d{1,2})?|" + "|".join(sorted(EN_NUMBERS, key=len, reverse=True)) + ")"


def en_number(word: str) -> float:
    """``3``, ``1.5``, ``three``, ``a couple of``, ``half an``."""
    return EN_NUMBERS[word] if word in EN_NUMBERS else float(word)


_ONES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = (
    "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth", "twentieth",
)  # fmt: skip
_ORDINALS = (
    {word: n for n, word in enumerate(_ONES + _TEENS, 1)}
    | {f"twenty {word}": 20 + n for n, word in enumerate(_ONES, 1)}
    | {"thirtieth": 30, "thirty first": 31}
)
EN_ORDINAL_WORD = "(?:" + "|".join(sorted(_ORDINALS, key=len, reverse=True)).replace(" ", "[- ]") + ")(?![a-z])"
EN_ORDINAL = rf"(?:{EN_ORDINAL_WORD}|\d{{1,2}}(?:st|nd|rd|th)(?![a-z]))"


def en_ordinal(word: str) -> int:
    """``third``, ``3rd``, ``twenty-third``; ``last`` and ``final`` are -1."""
    if word in ("last", "final"):
        return -1
    return _ORDINALS.get(word.replace("-", " ")) or int("".join(filter(str.isdecimal, word)))


EN_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EN_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"(?![a-z])\.?"
)
EN_WEEKDAYS = (  # one of them, or all of them
    r"(?:mon(?:days?)?|tue(?:s|sdays?)?|wed(?:s|nesdays?)?|thu(?:r|rs|rsdays?)?|fri(?:days?)?|sat(?:urdays?)?"
    r"|sun(?:days?)?)(?![a-z])\.?"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZH_WEEKDAY = r"(?:周|星期|礼拜)"
_ZH_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}


def en_month(word: str) -> int:
    """``oct``, ``October`` as 10."""
    return _MONTHS.index(word[:3]) + 1


def en_weekday(word: str) -> int:
    """``fri``, ``friday`` as 4."""
    return _WEEKDAYS.index(word[:3])


def zh_weekday(char: str) -> int:
    """``五`` or ``5`` as 4; ``日``, ``天`` and ``7`` as 6."""
    return int(char) - 1 if char.isdecimal() else _ZH_WEEKDAYS[char]


BEFORE = (  # 前 as "before": not in 前端, 前提, 前台 …
    r"(?:[之以]前|前(?!端|台|面|提(?![交供出升醒前报测示])|期|置|者|景|途|缀|锋|沿|言|往|来|后|方|半|夕|\d|天|年|几"
    r"|两|一|三|任|瞻|进|女|男|妻|夫|辈|身|线|奏))"
)
AFTER = (  # 后 as "after": not in 后端, 后台, 后续 …
    r"(?:[之以过]后|后(?!端|台|面|续|缀|期|者|勤|门|视|果|悔|天|来|备|排|半|援|方|辈|座|盾))"
)
INSIDE = r"(?:[之以]内|内(?!部|容|存|测|网|审|嵌|置|外|衣|参|核|卷|心|地|幕|涵|功))"  # 内 as "within"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression, compiled when it is first used: importing the grammar stays cheap."""
    return re.compile(pattern)


def words(*alternatives: str) -> str:
    """A regular expression for any of these words, longest first."""
    return "(?:" + "|".join(sorted(map(re.escape, alternatives), key=len, reverse=True)) + ")"
