"""A pasted outline: how deep each line stands, and what it weighs."""

from __future__ import annotations

import re
from collections.abc import Sequence

_INDENT = re.compile(r"^([ \t\u3000]*)([-–—>·•*]*)\s*")
_WEIGHT = re.compile(r"\s*(?:[×✕*x]\s?(?P<x>\d{1,4})|权重[: ]?(?P<zh>\d{1,4})|weight[: ]?(?P<en>\d{1,4}))\s*$")
TAB = 4
"""Columns."""


def indent(raw: str) -> tuple[int, int]:
    """(columns of indentation, where the words begin). ``--`` is deeper than ``-``."""
    match = _INDENT.match(raw)
    assert match is not None
    spaces, marks = match.groups()
    columns = sum(TAB if letter == "\t" else 2 if letter == "\u3000" else 1 for letter in spaces)
    return columns + 2 * max(0, len(marks) - 1), match.end()


def levels(indents: Sequence[int]) -> list[int]:
    """1 for the outermost; a line as far in as an open one above it is its sibling, a line further in its child."""
    found: list[int] = []
    open_at: list[int] = []
    for columns in indents:
        while open_at and columns <= open_at[-1]:
            open_at.pop()
        open_at.append(columns)
        found.append(len(open_at))
    return found


def parents(depths: Sequence[int]) -> list[int | None]:
    """For each line the place of the one it belongs to."""
    above: dict[int, int] = {}
    found: list[int | None] = []
    for place, depth in enumerate(depths):
        found.append(above.get(depth - 1))
        above[depth] = place
    return found


def weight(folded: str) -> tuple[int, int]:
    """(what a line weighs, where its words end): ``详情页 ×2``; 1 when it does not say."""
    match = _WEIGHT.search(folded)
    if match is None:
        return 1, len(folded)
    return int(match["x"] or match["zh"] or match["en"]), match.start()
