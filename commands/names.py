"""Names written without ``@``: ``/任务 主图 王五 周三``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from commands.arguments import NOBODY, bare_name, known_people, which_one
from commands.context import Ctx
from commands.line import fold
from storage.people import Person

_NAME = re.compile("[\u3400-\u9fff·]{2,4}|[A-Z][A-Za-z.'-]{1,19}")
"""What a name looks like where nothing marks it as one."""


def named_alone(ctx: Ctx, words: str) -> tuple[Person | None, str]:
    """The person whose name stands as a word of its own, and the words without it. Raises UserError: which of two?

    Only words that can be names are looked up, the last ones first: the hot path of every title with a space.
    """
    line, newline, more = words.partition("\n")
    parts = line.split(" ")
    likely = [position for position in range(len(parts)) if len(parts) > 1 and _NAME.fullmatch(parts[position])]
    for position in reversed(likely[:1] + likely[1:][-2:]):
        person = _one(ctx, fold(parts[position]), ctx.books.people.named(ctx.project.id, ctx.chat.id, parts[position]))
        if person is not None:
            rest = " ".join(parts[:position] + parts[position + 1 :]).strip(" ,，;；:：、")
            return person, rest + newline + more
    return None, words


def called(ctx: Ctx, name: str) -> Person | None:
    """Who is called exactly so. Raises UserError: several are."""
    return _one(ctx, fold(name), known_people(ctx))


def beginning(ctx: Ctx, text: str) -> tuple[Person, int] | None:
    """Whose name a folded text begins with, and how long it is. Raises UserError: which of two?"""
    known = known_people(ctx)
    names = {form for person in known for form in forms(person) if text.startswith(form)}
    if not names:
        return None
    longest = max(names, key=len)
    person = _one(ctx, longest, known)
    return (person, len(longest)) if person else None


def forms(person: Person) -> Iterable[str]:
    """How a person's name is written: in full, and without a department in brackets."""
    return {form for form in (fold(person.name), fold(bare_name(person.name))) if form}


def _one(ctx: Ctx, folded: str, known: Iterable[Person]) -> Person | None:
    if ctx.chosen.get(folded, NOBODY) != NOBODY:
        return ctx.books.people.get(ctx.chosen[folded])
    fits = [person for person in known if folded in forms(person)]
    if len(fits) > 1:
        raise which_one(ctx, folded, fits)
    return fits[0] if fits else None
