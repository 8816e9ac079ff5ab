"""Names written without ``@``, ``/任务 主图 王五 周三``, and after a word that says what for, ``负责人 @王五``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from chat.messages import TOKEN
from commands.arguments import NOBODY, Someone, bare_name, known_people, person_at, take, which_one
from commands.context import Ctx
from commands.line import fold
from storage.people import Person

_NAME = re.compile("[\u3400-\u9fff·]{2,4}|[A-Z][A-Za-z.'-]{1,19}")
"""What a name looks like where nothing marks it as one."""
_LABEL = re.compile(
    r"(?<![^\s,;:.])(?:负责人?|owner|owned by|assignee)\s*(?:[:是为]\s*)?"
    rf"(?:(?P<at>[@{TOKEN}])|(?=[^\s@{TOKEN}]))"
)
_BY = re.compile(rf"(?<![理自事缘])由 ?(?=[@{TOKEN}])")
_DOES = re.compile(rf"(?=[@{TOKEN}][^\s@]{{0,40}} ?负责(?![^\s,;:.]))")
_GONE = re.compile(r" ?(?:由 ?)?(?:来?负责(?!人))?")
_BOUND = re.compile(r"[\s,;:.]|$")


class _Owner:
    """``负责人 @李四``, ``owner: Li``, ``由 @李四 负责``, else the first person mentioned; the label goes with them."""

    @classmethod
    def take(cls, ctx: Ctx) -> Person | None:
        if any(word in ctx.line.folded for word in ("负责", "由", "own", "assignee")):
            labelled = _labelled(ctx)
            if labelled is not None:
                return labelled
        person: Person | None = take(Someone, ctx)
        return person


Owner = Annotated[Person | None, _Owner]


def _labelled(ctx: Ctx) -> Person | None:
    """None: nobody stands beside such a word, which then stays."""
    line = ctx.line
    if by := _BY.search(line.folded) or _DOES.search(line.folded):
        person = person_at(ctx, by.end())
        gone = _GONE.match(line.folded, len(line.folded[: by.start()].rstrip()))
        if person is not None and gone is not None:
            line.cut(*gone.span())
            return person
    for label in _LABEL.finditer(line.folded):
        if label["at"]:
            person = person_at(ctx, label.start("at"))
            if person is not None:
                line.cut(label.start(), label.start("at"))
                return person
        elif found := beginning(ctx, line.folded[label.end() :]):
            stop = label.end() + found[1]
            if _BOUND.match(line.folded, stop):
                line.cut(label.start(), stop)
                return found[0]
    return None


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
