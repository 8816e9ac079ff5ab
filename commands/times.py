"""The times of a task in one line: a due and a reminder, wherever they stand.

Of several dates the due is the one that says so (截止, 前), else the last that stands alone; the others stay in the
text. A date in the middle of a word group (整理9月25日活动照片) is understood and left where it is.
"""

from __future__ import annotations

from typing import Annotated

from commands.context import Ctx
from commands.line import Line
from planning.dates import Expression, find
from planning.due import Meant, meant

_EDGES = " \n,，.;；:：、。\ufffc@!#"
_LEFT_OVER = "的 "


class _Times:
    @classmethod
    def take(cls, ctx: Ctx) -> Meant:
        return times(ctx, ctx.line)


Times = Annotated[Meant, _Times]


def times(ctx: Ctx, line: Line) -> Meant:
    """Cut the times out of ``line`` and say what they mean."""
    found = find(line.text, ctx.now, ctx.calendar)
    if not found:
        return meant((), ctx.now, ctx.calendar)
    reminder = next((e for e in found if e.role == "reminder"), None)
    others = [e for e in found if e.role != "reminder"]
    limit = _limit(line, others)
    said = [e for e in (limit, reminder) if e is not None]
    for expression in sorted(said, key=lambda e: -e.start):
        if expression.role != "point" or _free(line, expression):
            _cut(line, expression)
    return meant(said, ctx.now, ctx.calendar)


def _limit(line: Line, found: list[Expression]) -> Expression | None:
    if len(found) < 2:
        return found[0] if found else None
    said = [e for e in found if e.role == "deadline"] or [e for e in found if _free(line, e)] or found
    return said[-1]


def _free(line: Line, said: Expression) -> bool:
    """Something other than a word ends on at least one side of it."""
    text = line.text
    return (
        said.start == 0 or said.stop == len(text) or text[said.start - 1] in _EDGES or text[said.stop] in _EDGES
    )  # fmt: skip


def _cut(line: Line, said: Expression) -> None:
    """With the 的 that ties it to what follows."""
    stop = said.stop
    while stop < len(line.text) and line.text[stop] in _LEFT_OVER:
        stop += 1
    line.cut(said.start, stop)
