"""Whom a question goes to where nobody was @ed: ``所有人``, or names as they are spoken."""

from __future__ import annotations

import re

from commands.context import Ctx
from commands.names import beginning
from storage.people import Person

MOST = 21
"""Names that are read; more are too many anyhow."""
TEAM = ("所有人", "全员", "大家", "各位")
_ALL = re.compile(
    r"\s*@?(?:(?:所有人|全员|全体(?:成员|同事|人员)?|全组|大家|各位)(?![的都是在])|(?:everyone|everybody|all)(?![a-z]))"
)
_GAP = re.compile(r"[\s、,，和与及]*")
_ENDS = re.compile(r"[\s、,，和与及:：\"“「]|$")


def spoken(ctx: Ctx) -> list[Person]:
    """The people that the line begins with, cut out of it. Raises UserError: two are called so."""
    if (match := _ALL.match(ctx.line.folded)) is not None:
        ctx.line.cut(match.start(), match.end())
        return [member.person for member in ctx.books.people.members(ctx.project.id) if member.takes_part]
    people: list[Person] = []
    while len(people) < MOST:
        gap = _GAP.match(ctx.line.folded)
        start = gap.end() if gap else 0
        found = beginning(ctx, ctx.line.folded[start:])
        if found is None or not _ENDS.match(ctx.line.folded, start + found[1]):
            break
        people.append(found[0])
        ctx.line.cut(0, start + found[1])
    return people
