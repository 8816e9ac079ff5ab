"""Plans that are written again every day and never done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from planning.similar import same_title

DAYS = 3
"""Working days running."""
LONGEST = 60
MOST = 20
"""Pieces of one report that are compared."""
_BREAKS = re.compile(r"[\n;；。、，,]+|\s+(?=\d{1,2}[.)）、])")
_NUMBER = re.compile(r"^\s*(?:[-*·•]|\(?\d{1,2}[.)、）]?\s+|\d{1,2}[.、)）])\s*")
_EMPTY = re.compile(r"[\s\W_]*")


def unmet(plans: Sequence[str], dones: Sequence[str]) -> list[str]:
    """What stands in every one of ``plans`` and in none of ``dones``, in the newest words. Both oldest first."""
    if len(plans) < DAYS:
        return []
    newest = pieces(plans[-1])
    earlier = [pieces(plan) for plan in plans[:-1]]
    done = [piece for said in dones for piece in pieces(said)]
    return [
        line
        for line in newest
        if all(any(same_title(line, other) for other in plan) for plan in earlier)
        and not any(same_title(line, other) or line in other for other in done)
    ]


def pieces(words: str) -> list[str]:
    """``1. 写推文；画海报`` as two, without numbers and what is too short to be compared."""
    found = (_NUMBER.sub("", part).strip() for part in _BREAKS.split(words))
    return [part for part in found if len(_EMPTY.sub("", part)) > 1 and len(part) <= LONGEST][:MOST]
