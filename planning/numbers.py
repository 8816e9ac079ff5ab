"""Numbers as people write them for a task: ``UV 12.4万``, ``转化率 3.2%``, ``GMV 1.2 亿``, ``orders 3k``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.frozen import frozen

JUMP = 50
"""Per cent by which a number may differ from the last one before it is asked about."""
NAME_MOST = 20
_UNITS = {"万": 1e4, "亿": 1e8, "千": 1e3, "k": 1e3, "w": 1e4, "": 1.0}
_NUMBER = re.compile(
    r"(?P<name>.*?)[\s:=：＝]*(?P<words>(?<![\d.,])(?P<sign>[-−])?\s?[¥$]?\s?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d{1,6})?)"
    r"\s?(?P<unit>万|亿|千|[kw](?![a-z]))?\s?(?P<rest>%|[^\d\s]{0,4}))\s*",
    re.DOTALL,
)
_BARS = "▁▂▃▄▅▆▇█"


@frozen
class Said:
    """``words``: the number with its unit as written; ``value``: what it is worth."""

    name: str
    value: float
    words: str


def read_number(text: str, folded: str) -> Said | None:
    """A name and one number after it. folded: the same length, half-width and lower case. None: that is not there."""
    match = _NUMBER.fullmatch(folded)
    if match is None:
        return None
    name = " ".join(text[match.start("name") : match.end("name")].split()).strip(" :：=＝")
    if not name or len(name) > NAME_MOST or re.search(r"\d{6,}", name):
        return None
    value = float(match["digits"].replace(",", "")) * _UNITS[match["unit"] or ""]
    words = text[match.start("words") : match.end("words")].strip()
    return Said(name, -value if match["sign"] else value, words)


def change(before: float, now: float) -> int | None:
    """Per cent; None: from nothing."""
    if not before:
        return None
    number = 100 * (now - before) / abs(before)
    return int(number + 0.5) if number >= 0 else -int(-number + 0.5)


def jumps(before: float, now: float) -> bool:
    """Is it so far off the last one that it may be a slip?"""
    differs = change(before, now)
    return now != 0 if differs is None else abs(differs) > JUMP


def spark(values: Sequence[float]) -> str:
    """``▁▃▅█``; "" for fewer than two."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    if low == high:
        return _BARS[3] * len(values)
    return "".join(_BARS[round((value - low) / (high - low) * (len(_BARS) - 1))] for value in values)
