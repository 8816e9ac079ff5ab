"""How many messages one person may send: twenty a minute, then one polite line, then silence until the minute is over.
Presses have a limit of their own, and every one over it is answered, as every press is.

Counted in memory, before anything is written: a flood costs nothing. A restart forgets it, which harms nobody.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from chat.messages import Incoming

MOST = 20
MOST_PRESSES = 60
PER = timedelta(minutes=1)
REMEMBERED = 10_000
"""People whose last minute is kept."""


@dataclass(slots=True)
class _Recent:
    at: deque[datetime] = field(default_factory=deque)
    told: bool = False


class Pace:
    """Knows the last minute of everybody who wrote."""

    def __init__(self, most: int = MOST, per: timedelta = PER, presses: int = MOST_PRESSES) -> None:
        self._limits = {"message": most, "click": presses}
        self._per = per
        self._recent: OrderedDict[tuple[str, str, str], _Recent] = OrderedDict()

    def judge(self, thing: Incoming) -> Literal["take", "tell", "drop"]:
        """take: within the limit · tell: the first one over it · drop: the others. Presses are counted apart; every
        one over the limit is told.
        """
        most = self._limits.get(thing.kind)
        if most is None or thing.sender is None:
            return "take"
        who = (thing.platform, thing.sender.id, thing.kind)
        recent = self._recent.pop(who, None) or _Recent()
        self._recent[who] = recent
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        while recent.at and recent.at[0] <= thing.at - self._per:
            recent.at.popleft()
        if len(recent.at) < most:
            recent.at.append(thing.at)
            recent.told = False
            return "take"
        if recent.told and thing.kind == "message":
            return "drop"
        recent.told = True
        return "tell"
