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


def probes(title: str) -> tuple[str, str, str]:
    """Its first, middle and last pair: a title that does not contain two of them is not looked at."""
    half = len(title) // 2
    return title[:2], title[half : half + 2] or title, title[-2:]


def same_title(a: str, b: str) -> bool:
    """The same, or Dice's coefficient of their pairs is at least 0.85.

    第1期 and 第2期 are two tasks however alike the rest is.
    """
    a, b = a.lower(), b.lower()
    if a == b:
        return True
    if abs(len(a) - len(b)) * 5 > len(a) + len(b) or _NUMBER.findall(a) != _NUMBER.findall(b):
        return False
    left, right = bigrams(a), bigrams(b)
    return 2 * len(left & right) >= ALIKE * (len(left) + len(right))


def near(a: date | None, b: date | None) -> bool:
    """Both undated, or within a week of each other."""
    if a is None or b is None:
        return a is b
    return abs((a - b).days) <= NEAR_DAYS


def mean_progress(children: Iterable[tuple[str, int, int]]) -> int:
    """A parent's progress from its children's (state, progress, weight); cancelled ones do not count. 0 without any."""
    counted = [(100 if state == "done" else done, weight) for state, done, weight in children if state not in _GONE]
    whole = sum(weight for _, weight in counted)
    return round(sum(done * weight for done, weight in counted) / whole) if whole else 0


_GONE = ("cancelled", "undone")
