"""Which of our cards somebody quoted, where a platform shows the words but not the message they are from.

Platforms cut, number and mark up what they show, so only letters and digits are compared, from the first line on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

SHORTEST = 4
"""Letters of a first line that are enough to recognise a card by; fewer must be the whole line."""
_NO_WORD = re.compile(r"[\W_]+")
T = TypeVar("T")


def shown_in(quote: str, twin: str) -> int:
    """How many lines of ``quote`` stand in the card whose text twin this is; 0: it begins otherwise."""
    lines = [line for line in map(_squeezed, quote.split("\n")) if line]
    whole = _squeezed(twin)
    if not lines or not whole.startswith(lines[0]):
        return 0
    if len(lines[0]) < SHORTEST and lines[0] != _squeezed(twin.partition("\n")[0]):
        return 0
    return sum(line in whole for line in lines)


def likeliest(quote: str, cards: Iterable[tuple[T, str]]) -> T | None:
    """Of (card, text twin) the one that shows most of ``quote``; of equals the first. None: none does."""
    best: T | None = None
    most = 0
    for card, twin in cards:
        if (count := shown_in(quote, twin)) > most:
            best, most = card, count
    return best


def _squeezed(words: str) -> str:
    return _NO_WORD.sub("", words).casefold()
