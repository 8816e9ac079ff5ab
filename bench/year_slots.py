"""Whatever is to be said to one person at one moment is one message: counted over the simulated year."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from bench.year_plan import PEOPLE, Owed

RULES = frozenset(
    (
        "任务提醒",
        "逾期 D0",
        "逾期 D+1",
        "静默 3 日",
        "静默 5 日",
        "临期",
        "里程碑预警",
        "里程碑到期",
        "要误期",
        "在等的",
    )
)
"""The rest are conversations of their own: reports with their forms, questions, approvals."""
_REST = re.compile(r"还有 (\d+) (?:项|件事)，发「/我的」")
_NAMED = re.compile(r"还有 (M.+)，发编号看详情")
_MINUTE = timedelta(minutes=1)
_MOST_LATER = timedelta(hours=2)


class Slots:
    """``moments``: at which somebody heard something; ``merged``: several things; ``left_out``: what had no room."""

    def __init__(self) -> None:
        self.moments = self.merged = self.left_out = 0
        self._keys: defaultdict[tuple[str, datetime], set[object]] = defaultdict(set)
        self._said: defaultdict[tuple[str, datetime], list[datetime]] = defaultdict(list)
        self._spoken: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
        self._rest: Counter[tuple[str, datetime]] = Counter()

    def heard(self, one: Owed, key: object, text: str) -> None:
        """One of the things that a message says; ``key``: the message's."""
        if _counts(one):
            self._keys[one.whom, one.at].add(key)
            self._spoken[one.whom, one.mark].append(one.at)
            self._rest[one.whom, one.at] = _left(text)

    def answers(self, owed: Owed, then: datetime) -> None:
        """What was owed at a moment was said ``then``."""
        if _counts(owed):
            self._said[owed.whom, owed.at].append(then)

    def spoken_of(self, owed: Owed) -> bool:
        """Was something more urgent said of the same task instead, in a message in time? At most one thing is."""
        return _counts(owed) and any(_in_time(owed, then) for then in self._spoken[owed.whom, owed.mark])

    def had_no_room(self, owed: Owed) -> bool:
        """Is it one of the ``还有 2 项`` that a message in time speaks of? Each of them once."""
        for (whom, then), count in self._rest.items():
            if whom == owed.whom and count and _counts(owed) and _in_time(owed, then):
                self._rest[whom, then] -= 1
                self.left_out += 1
                return True
        return False

    def too_many(self, off: list[tuple[datetime, datetime]]) -> list[Owed]:
        """Messages besides the first: of what was owed at one moment, and of all moments without a bot, said after it.

        off: from when to when there was none. What it had written before, but not sent, stays a message of its own.
        """
        self.moments, self.merged = len(self._said), sum(len(times) > 1 for times in self._said.values())
        together: defaultdict[tuple[str, datetime, datetime], set[datetime]] = defaultdict(set)
        for (whom, moment), times in self._said.items():
            together[whom, moment, moment].update(times)
            for died, began in off:
                if died < moment <= began:
                    together[whom, died, began].update(then for then in times if then - began < _MINUTE)
        found: dict[object, Owed] = {}
        for (whom, _, _), thens in together.items():
            keys = [(key, then) for then in sorted(thens) for key in self._keys[whom, then]]
            found |= {key: Owed("一刻一条", whom, then.date(), "", then, then) for key, then in keys[1:]}
        return list(found.values())


def _in_time(owed: Owed, then: datetime) -> bool:
    return owed.at <= then <= owed.at + _MOST_LATER


def _left(text: str) -> int:
    """Of how many things a message only says that there are more."""
    return sum(map(int, _REST.findall(text))) + sum(str(names).count("M") for names in _NAMED.findall(text))


def _counts(one: Owed) -> bool:
    return one.kind in RULES and one.whom[-1] in PEOPLE
