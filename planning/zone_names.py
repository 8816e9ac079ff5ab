"""Time zones as people call them: ``Beijing``, ``伦敦``, ``UTC+8``, ``new york`` → the IANA name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

_CALLED: Mapping[str, str] = {
    name: zone
    for zone, names in {
        "Asia/Shanghai": "北京 上海 中国 深圳 广州 杭州 成都 重庆 武汉 西安 南京 国内 东八区 beijing china cst prc "
        "shenzhen guangzhou hangzhou chengdu",
        "Asia/Hong_Kong": "香港 hk",
        "Asia/Macau": "澳门",
        "Asia/Taipei": "台北 台湾 taiwan",
        "Asia/Tokyo": "东京 日本 大阪 japan jst osaka",
        "Asia/Seoul": "首尔 韩国 korea kst",
        "Asia/Singapore": "新加坡 sg",
        "Asia/Kuala_Lumpur": "吉隆坡 马来西亚 malaysia",
        "Asia/Bangkok": "曼谷 泰国 thailand",
        "Asia/Ho_Chi_Minh": "胡志明 胡志明市 河内 越南 hanoi vietnam saigon",
        "Asia/Jakarta": "雅加达 印尼 indonesia",
        "Asia/Manila": "马尼拉 菲律宾 philippines",
        "Asia/Kolkata": "印度 孟买 新德里 德里 班加罗尔 india mumbai delhi bangalore ist",
        "Asia/Dubai": "迪拜 阿联酋 uae abu_dhabi",
        "Asia/Riyadh": "利雅得 沙特",
        "Europe/London": "伦敦 英国 uk britain england bst",
        "Europe/Paris": "巴黎 法国 france",
        "Europe/Berlin": "柏林 德国 慕尼黑 法兰克福 germany munich frankfurt cet",
        "Europe/Madrid": "马德里 西班牙 spain barcelona",
        "Europe/Rome": "罗马 意大利 米兰 italy milan",
        "Europe/Amsterdam": "阿姆斯特丹 荷兰 netherlands",
        "Europe/Zurich": "苏黎世 瑞士 日内瓦 switzerland geneva",
        "Europe/Moscow": "莫斯科 俄罗斯 russia",
        "America/New_York": "纽约 美东 波士顿 华盛顿 nyc ny eastern est edt boston washington",
        "America/Chicago": "芝加哥 美中 central houston dallas",
        "America/Denver": "丹佛 mountain",
        "America/Los_Angeles": "洛杉矶 旧金山 西雅图 硅谷 美西 la sf pacific pst pdt san_francisco seattle",
        "America/Toronto": "多伦多 加拿大 canada",
        "America/Vancouver": "温哥华",
        "America/Sao_Paulo": "圣保罗 巴西 brazil",
        "Australia/Sydney": "悉尼 澳大利亚 australia",
        "Australia/Melbourne": "墨尔本",
        "Pacific/Auckland": "奥克兰 新西兰 new_zealand",
        "Africa/Johannesburg": "约翰内斯堡 南非 south_africa",
        "Africa/Cairo": "开罗 埃及 egypt",
        "UTC": "utc gmt z 世界时 格林尼治",
    }.items()
    for name in names.split()
}
_CHINESE: Mapping[str, str] = {zone: name for name, zone in reversed(list(_CALLED.items())) if not name.isascii()}
"""The first Chinese name of each."""
_OFFSET = re.compile(r"(?:utc|gmt)?_?([+-])(\d{1,2})(?::?00)?$")
_HALF_HOURS = {
    "+3:30": "Asia/Tehran", "+4:30": "Asia/Kabul", "+5:30": "Asia/Kolkata", "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon", "+9:30": "Australia/Darwin", "-3:30": "America/St_Johns",
}  # fmt: skip
"""Offsets that one country goes by."""
_ALIKE, _NEAR = 0.5, 3
_USUAL = ("Asia/Shanghai", "Europe/London", "America/New_York")
_ENDINGS = ("时间", "时区", "市", "_time", "_timezone")


def zone_named(words: str) -> str | None:
    """The IANA zone that is meant, None when it is not clear."""
    key = _key(words)
    for ending in _ENDINGS:
        key = key.removesuffix(ending)
    if key in _CALLED:
        return _CALLED[key]
    if half := _HALF_HOURS.get(re.sub(r"^(?:utc|gmt)?_?([+-])0?(\d):?(\d\d)$", r"\1\2:\3", key)):
        return half
    if match := _OFFSET.match(key):
        return _fixed(match.group(1), int(match.group(2)))
    full, cities = _known()
    found = full.get(key) or cities.get(key)
    area, _, name = key.rpartition("/")
    if found is None and _CALLED.get(name, "").lower().startswith(area + "/"):
        return _CALLED[name]
    return found


def near_zones(words: str) -> list[str]:
    """The zones whose names look most alike."""
    key = _key(words).rsplit("/", 1)[-1]
    names = {**{name: zone for name, zone in _CALLED.items() if name.isascii()}, **_known()[1]}
    alike = {name: SequenceMatcher(None, key, name).ratio() for name in names}
    ranked = sorted((name for name in names if alike[name] >= _ALIKE), key=lambda name: (-alike[name], name))
    return list(dict.fromkeys([*(names[name] for name in ranked), *_USUAL]))[:_NEAR]


def city(zone: str) -> str:
    """``America/New_York`` → ``New York``; ``Asia/Shanghai`` is called Beijing, ``Etc/GMT-1`` UTC+1."""
    if zone.startswith("Etc/GMT"):
        return called(zone)
    return "Beijing" if zone == "Asia/Shanghai" else zone.rsplit("/", 1)[-1].replace("_", " ")


def called(zone: str) -> str:
    """Its name for people: as it is, but ``Etc/GMT-1``, which is an hour east of Greenwich, is UTC+1."""
    offset = zone.removeprefix("Etc/GMT")
    if offset == zone or not offset or offset == "0":
        return zone
    return f"UTC{'+' if offset[0] == '-' else '-'}{offset[1:]}"


def city_zh(zone: str) -> str:
    """``America/New_York`` → ``纽约``; the English name where no other is kept here."""
    return _CHINESE.get(zone) or city(zone)


@cache
def country_of(zone: str) -> str:
    """The ISO code of the country a zone is named for; "" for ``Etc/…`` and old names."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return next((row[0] for row in rows if row[2] == zone), "")


def _key(words: str) -> str:
    folded = re.sub(r"\s*/\s*", "/", words.strip().lower())
    return re.sub(r"[\s_]+", "_", folded).strip("._/")


def _fixed(sign: str, hours: int) -> str | None:
    """East of Greenwich is minus in the Etc names."""
    if sign == "+" and hours == 8:
        return "Asia/Shanghai"
    name = f"Etc/GMT{'-' if sign == '+' else '+'}{hours}"
    return name if hours and name in available_timezones() else None


@cache
def _known() -> tuple[dict[str, str], dict[str, str]]:
    """({folded full name: zone}, {folded city: zone}); cities that two zones share are left out."""
    full: dict[str, str] = {}
    cities: dict[str, list[str]] = {}
    for zone in sorted(available_timezones()):
        full[zone.lower()] = zone
        area, _, name = zone.partition("/")
        if name and area in ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"):
            cities.setdefault(zone.rsplit("/", 1)[-1].lower(), []).append(zone)
    return full, {name: zones[0] for name, zones in cities.items() if len(zones) == 1}
