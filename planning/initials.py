"""The first letters of Chinese words as they are pronounced: 海报设计 → hbsj.

GB 2312 lists its 3,755 everyday letters by their pronunciation, so the place of a letter tells its first letter. Of
those with several pronunciations it knows one; rarer letters have none.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

_FIRST = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
    (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
    (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
    (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_PLACES = [place for place, _ in _FIRST]
_LAST = 0xD7F9
UNKNOWN = "?"


@lru_cache(maxsize=8192)
def _initial(letter: str) -> str:
    try:
        raw = letter.encode("gb2312")
    except UnicodeEncodeError:
        return UNKNOWN
    if len(raw) == 1:
        return letter.lower()
    place = raw[0] << 8 | raw[1]
    if not _PLACES[0] <= place <= _LAST:
        return UNKNOWN
    return _FIRST[bisect_right(_PLACES, place) - 1][1]


def initials(words: str) -> str:
    """One letter for each of ``words``; Latin letters and digits stay, the rest is ``?``."""
    return "".join(map(_initial, words))


def sounds_like(typed: str, words: str) -> bool:
    """Are these the first letters of words that follow one another?"""
    return typed in initials(words)
