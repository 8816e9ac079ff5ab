"""Are two titles the same task? Character bigrams: cheap, without a dictionary, for every script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

ALIKE = 0.85
NEAR_DAYS = 7
_NUMBER = re.compile(r"\d+")


def bigrams(text: str) -> set[str]:
    """Pairs of neighbouring characters; a single character is its own pair."""
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


class Likeness:
    """One title, ready to be compared with many others. 第1期 and 第2期 are two tasks however alike the rest is."""

    __slots__ = ("_least", "_most", "_numbers", "_pairs", "_title")

    def __init__(self, title: str) -> None:
        self._title = title.lower()
        self._pairs = bigrams(self._title)
        self._numbers = _NUMBER.findall(title)
        self._least, self._most = len(title) * 2 // 3, len(title) * 3 // 2 + 1

    def fits(self, other: str) -> bool:
        """The same title, or Dice's coefficient of both titles' pairs is at least 0.85.

        A title that shares neither its first, middle nor last pair is not looked at further.
        """
        size = len(other)
        if not self._least <= size <= self._most:
            return False
        other, mine = other.lower(), self._pairs
        if other == self._title:
            return True
        half = size // 2
        if other[:2] not in mine and other[-2:] not in mine and other[half : half + 2] not in mine:
            return False
        if _NUMBER.findall(other) != self._numbers:
            return False
        theirs = bigrams(other)
        return 2 * len(mine & theirs) >= ALIKE * (len(mine) + len(theirs))


def near(a: date | None, b: date | None) -> bool:
    """Both undated, or within a week of each other."""
    if a is None or b is None:
        return a is b
    return abs((a - b).days) <= NEAR_DAYS


def mean_progress(children: Iterable[tuple[str, int]]) -> int:
    """A parent's progress from its children's (state, progress); cancelled ones do not count. 0 without children."""
    counted = [100 if state == "done" else progress for state, progress in children if state not in _GONE]
    return round(sum(counted) / len(counted)) if counted else 0


_GONE = ("cancelled", "undone")
