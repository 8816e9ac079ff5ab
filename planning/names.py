"""Whom a sentence speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SHORTEST = 2


def named_in(words: str, names: Mapping[int, str]) -> int | None:
    """The key whose name stands in ``words``: the first to appear, the longer of two that begin alike.

    ``李四（投放部）`` is also 李四. None: nobody is named.
    """
    found: list[tuple[int, int, int]] = []
    lowered = words.lower()
    for key, full in names.items():
        if full.lstrip()[:_SHORTEST].lower() not in lowered:
            continue  # of thousands of names nearly all
        for name in {full, re.split(r"[（(]", full, maxsplit=1)[0].strip()}:
            at = lowered.find(name.lower()) if len(name) >= _SHORTEST else -1
            if at >= 0 and not _within_word(lowered, at, len(name)):
                found.append((at, -len(name), key))
    return min(found)[2] if found else None


def _within_word(words: str, at: int, length: int) -> bool:
    """``Li`` within ``click`` is nobody."""
    if not words[at : at + length].isascii():
        return False
    around = words[at - 1 : at] + words[at + length : at + length + 1]
    return any(letter.isascii() and letter.isalnum() for letter in around)
