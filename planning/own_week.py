"""One person's week from what they already wrote: lines of their daily reports, each once, with the day it is from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from chat.frozen import frozen

_SPLIT = re.compile(r"[\n；;]+")
_BULLET = re.compile(r"^\s*(?:[-*•·●▪]+|\d{1,2}[.、)）])\s*(?!\d)")
_SAME = re.compile(r"[\s，。,.:：!！]+")


@frozen
class Line:
    """``day``: of the report that said it first."""

    words: str
    day: date


def lines(said: Iterable[tuple[date, str]]) -> list[Line]:
    """Every line once, in the order of days; what was said again on a later day is left out."""
    found: dict[str, Line] = {}
    for day, words in said:
        for part in _SPLIT.split(words):
            line = _BULLET.sub("", part).strip()
            if line:
                found.setdefault(_SAME.sub("", line).lower(), Line(line, day))
    return list(found.values())
