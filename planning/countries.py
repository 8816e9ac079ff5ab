"""Countries by the names people use, and their public holidays.

China's notices are ``planning.calendar_years``; everybody else's holidays follow rules, which the ``holidays`` package
keeps. It is imported when the first such calendar is asked for (about 75 ms), never at start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import NamedTuple

from planning.calendar_years import CountryTable, HolidayName

_NAMES = (
    "CN 中国 大陆 国内 china prc", "HK 香港 hongkong hong_kong", "MO 澳门 macau macao", "TW 台湾 taiwan",
    "JP 日本 japan", "KR 韩国 korea south_korea", "SG 新加坡 singapore", "MY 马来西亚 malaysia", "TH 泰国 thailand",
    "VN 越南 vietnam", "ID 印尼 印度尼西亚 indonesia", "PH 菲律宾 philippines", "IN 印度 india",
    "PK 巴基斯坦 pakistan", "BD 孟加拉国 孟加拉 bangladesh", "NP 尼泊尔 nepal", "KZ 哈萨克斯坦 kazakhstan",
    "AE 阿联酋 迪拜 uae united_arab_emirates dubai", "SA 沙特 沙特阿拉伯 saudi_arabia", "QA 卡塔尔 qatar",
    "IL 以色列 israel", "TR 土耳其 turkey", "EG 埃及 egypt", "ZA 南非 south_africa", "NG 尼日利亚 nigeria",
    "KE 肯尼亚 kenya", "GB 英国 英格兰 uk britain great_britain united_kingdom england", "IE 爱尔兰 ireland",
    "FR 法国 france", "DE 德国 germany", "ES 西班牙 spain", "IT 意大利 italy", "PT 葡萄牙 portugal",
    "NL 荷兰 netherlands holland", "BE 比利时 belgium", "CH 瑞士 switzerland", "AT 奥地利 austria",
    "SE 瑞典 sweden", "NO 挪威 norway", "DK 丹麦 denmark", "FI 芬兰 finland", "PL 波兰 poland",
    "CZ 捷克 czechia czech_republic", "HU 匈牙利 hungary", "GR 希腊 greece", "RU 俄罗斯 russia",
    "UA 乌克兰 ukraine", "US 美国 usa america united_states", "CA 加拿大 canada", "MX 墨西哥 mexico",
    "BR 巴西 brazil", "AR 阿根廷 argentina", "CL 智利 chile", "AU 澳大利亚 澳洲 australia",
    "NZ 新西兰 new_zealand",
)  # fmt: skip
_PARTS = {"GB-SCT": "苏格兰 scotland", "GB-WLS": "威尔士 wales", "GB-NIR": "北爱尔兰 northern_ireland"}
_CODES: Mapping[str, str] = {
    name: code for entry in _NAMES for code, *names in (entry.split(),) for name in (*names, code.lower())
} | {name: code for code, names in _PARTS.items() for name in names.split()}
_DEFAULT_PART = {"GB": "ENG"}
"""Where holidays differ so much by region that the country alone would miss common ones."""
_CODE = re.compile(r"[a-z]{2}(?:-[a-z0-9]{1,5})?")


class CountryName(NamedTuple):
    """``英国``, ``UK``; only the code where no name is kept here."""

    zh: str
    en: str


def country_named(words: str) -> str | None:
    """The ISO code that is meant (``GB``, ``GB-SCT``), None when it is not clear or nothing is known of it."""
    key = _key(words)
    if key in _CODES:
        return _CODES[key]
    for ending in ("日历", "假期", "节假日", "放假", "_calendar", "_holidays"):
        key = key.removesuffix(ending)
    if key in _CODES:
        return _CODES[key]
    code = key.replace("_", "-").upper()
    return code if _CODE.fullmatch(code.lower()) and code in _supported() else None


def near_countries(words: str, count: int = 3) -> list[str]:
    """The codes whose names look most alike."""
    names = [name for name in _CODES if len(name) > 2 or not name.isascii()]
    close = get_close_matches(_key(words), names, n=count * 2, cutoff=0.6)
    return list(dict.fromkeys([*(_CODES[name] for name in close), "CN", "GB", "US"]))[:count]


def country_name(code: str) -> CountryName:
    """How a code is shown."""
    for entry in _NAMES:
        if entry.startswith(code + " "):
            _, zh, *rest = entry.split()
            english = next((name for name in rest if name.isascii()), code.lower())
            return CountryName(zh, english.upper() if len(english) <= 3 else english.replace("_", " ").title())
    if code in _PARTS:
        zh, english = _PARTS[code].split()
        return CountryName(zh, english.replace("_", " ").title())
    return CountryName(code, code)


@lru_cache(512)
def public_holidays(country: str, year: int) -> CountryTable | None:
    """One year's holidays of a country other than China; None: nothing is known but its weekends."""
    code, _, part = country.partition("-")
    if country not in _supported():
        return None
    from holidays import country_holidays

    part = part or _DEFAULT_PART.get(code, "")
    english = country_holidays(code, subdiv=part or None, years=year)
    languages = english.supported_languages
    if "en_US" in languages:
        english = country_holidays(code, subdiv=part or None, years=year, language="en_US")
    chinese = english
    if "zh_CN" in languages:
        chinese = country_holidays(code, subdiv=part or None, years=year, language="zh_CN")
    off = {day: HolidayName(chinese.get(day, name), name) for day, name in english.items() if day.year == year}
    works: frozenset[date] = frozenset(day for day in english.weekend_workdays if day.year == year)
    return CountryTable(off, works, year, year)


@cache
def _supported() -> frozenset[str]:
    """Codes with and without a region."""
    from holidays import list_supported_countries

    countries = list_supported_countries(include_aliases=False)
    return frozenset(code for code in countries if len(code) == 2) | {
        f"{code}-{part.upper()}" for code, parts in countries.items() if len(code) == 2 for part in parts
    }


def _key(words: str) -> str:
    return re.sub(r"[\s_]+", "_", words.strip().lower()).strip("._/。")
