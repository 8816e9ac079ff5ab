"""Who could take a task: experience with its tags or stage, time to spare, how near to their plans they finish."""

from __future__ import annotations

from collections.abc import Sequence

from chat.frozen import frozen
from planning.load import TOO_MUCH

MOST = 3


@frozen
class Candidate:
    """``tag``: the one they finished ``done`` tasks of, "" for none. ``load``: per cent with this task too, None: away.

    ``off``: the median of their deviations in per cent, None: nothing finished that was planned.
    """

    person: int
    name: str
    tag: str
    done: int
    load: int | None
    off: int | None

    @property
    def free(self) -> bool:
        return self.load is not None and self.load <= TOO_MUCH


def ranked(candidates: Sequence[Candidate], most: int = MOST) -> list[Candidate]:
    """Those with time first; of them the most experienced, then the least loaded, then the most punctual."""
    there = [one for one in candidates if one.load is not None]
    return sorted(there, key=_order)[:most]


def _order(one: Candidate) -> tuple[bool, int, int, int, int]:
    return not one.free, -min(one.done, 5), one.load or 0, abs(one.off or 0), one.person
