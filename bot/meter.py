"""What is counted while the bot works. Plain numbers: counting costs nothing that anybody waits for."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Upper bounds of the buckets of durations, in seconds."""


class Timing:
    """How long something took: one count per bucket and one beyond the last, and their sum."""

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def took(self, seconds: float) -> None:
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class Meter:
    """``things``: (platform, kind, outcome: done, seen before, unstorable). ``parcels``: (platform, outcome: sent,
    retry, degraded, dead, doubt). ``answered``: from a message or press to its commit; ``ticks``: of the clock's.
    """

    def __init__(self) -> None:
        self.things: Counter[tuple[str, str, str]] = Counter()
        self.parcels: Counter[tuple[str, str]] = Counter()
        self.answered = Timing()
        self.ticks = Timing()

    def handled(self, platform: str, kind: str, outcome: str, seconds: float) -> None:
        self.things[platform, kind, outcome] += 1
        (self.ticks if kind == "tick" else self.answered).took(seconds)

    def carried(self, platform: str, outcome: str) -> None:
        self.parcels[platform, outcome] += 1
