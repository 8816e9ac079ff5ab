"""Types of arguments. Each cuts its words out of the line wherever they stand and returns a value.

``Annotated[value type, taker]`` is what a signature says: ``Someone`` is a
Person to the type checker, ``@李四`` in the chat.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Annotated, Any

from chat.cards import Button
from chat.errors import UserError
from chat.messages import TOKEN
from chat.text import Text, say, verbatim
from commands.context import Ctx
from commands.line import fold
from planning.dates import Expression, find
from storage.people import Person

NOBODY = 0
"""Chosen for a name that means none of the people it is near to."""
MISSES = 20
"""How many ``@`` that mean nobody are looked at in one line."""
_NAME = re.compile(r"[\w·]{1,12}")
_PRIORITY = re.compile(r"(?:^|(?<=\s))!\s?(紧急|高|中|低|urgent|high|medium|mid|low|h|m|l)(?![a-z])")
_TAG = re.compile(r"(?:^|(?<=\s))#([^\s#@!,，。;；]{1,30})")
_PRIORITIES = {
    "紧急": "urgent", "高": "high", "中": "medium", "低": "low", "h": "high", "m": "medium", "mid": "medium", "l": "low"
}  # fmt: skip


class _Someone:
    """``@李四``: the first person mentioned, or None."""

    @classmethod
    def take(cls, ctx: Ctx) -> Person | None:
        return next(iter(_Everyone.take(ctx, most=1)), None) if _next_mention(ctx.line.folded, 0) >= 0 else None


class _Everyone:
    """Every person mentioned, in order."""

    @classmethod
    def take(cls, ctx: Ctx, most: int = 50) -> list[Person]:
        people: list[Person] = []
        position = misses = 0
        while len(people) < most and misses < MISSES:
            at = _next_mention(ctx.line.folded, position)
            if at < 0:
                break
            person = person_at(ctx, at)
            if person is None:
                position, misses = at + 1, misses + 1
            else:
                people.append(person)
        return people


class _Priority:
    """``!高``: urgent, high, medium, low, or ""."""

    @classmethod
    def take(cls, ctx: Ctx) -> str:
        match = ctx.line.take(_PRIORITY) if "!" in ctx.line.folded else None
        return _PRIORITIES.get(match.group(1), match.group(1)) if match else ""


class _Tags:
    """``#双十一 #投放``."""

    @classmethod
    def take(cls, ctx: Ctx) -> tuple[str, ...]:
        if "#" not in ctx.line.folded:
            return ()
        tags: list[str] = []
        while match := _TAG.search(ctx.line.folded):
            tag = ctx.line.cut(match.start(), match.end())[1:].strip()
            if tag not in tags:
                tags.append(tag)
        return tuple(tags)


class _When:
    """The first expression of time in the line, with all its readings; None: no time was said."""

    @classmethod
    def take(cls, ctx: Ctx) -> Expression | None:
        found = find(ctx.line.text, ctx.now, ctx.calendar)
        if not found:
            return None
        ctx.line.cut(found[0].start, found[0].stop)
        return found[0]


class _Rest:
    """What is left of the line as free text."""

    @classmethod
    def take(cls, ctx: Ctx) -> str:
        return ctx.line.rest


Someone = Annotated[Person | None, _Someone]
Everyone = Annotated[list[Person], _Everyone]
Priority = Annotated[str, _Priority]
Tags = Annotated[tuple[str, ...], _Tags]
When = Annotated[Expression | None, _When]
Rest = Annotated[str, _Rest]


def take(kind: Any, ctx: Ctx) -> Any:
    """What an argument of this type finds in the line: ``take(Someone, ctx)``."""
    return kind.__metadata__[0].take(ctx)


def person_at(ctx: Ctx, at: int) -> Person | None:
    """Whom the mention at ``at`` means, cut out; None: nobody, and the words stay. Raises UserError: which of two?"""
    if ctx.line.text[at] != TOKEN:
        return _named_at(ctx, at)
    sender = ctx.line.take_person(at)
    return ctx.books.people.meet(ctx.chat.platform, sender.id, sender.name)


def _next_mention(folded: str, position: int) -> int:
    said, meant = folded.find("@", position), folded.find(TOKEN, position)
    return max(said, meant) if said < 0 or meant < 0 else min(said, meant)


def known_people(ctx: Ctx) -> list[Person]:
    """Everyone a name in this project can mean: members, and who was seen in the chat."""
    people = {m.person.id: m.person for m in ctx.books.people.members(ctx.project.id)}
    for person in ctx.books.people.in_chat(ctx.chat.id):
        people.setdefault(person.id, person)
    return list(people.values())


def _named_at(ctx: Ctx, at: int) -> Person | None:
    """The person whose name follows the ``@`` at ``at``; the longest name wins. Cuts it out when found.

    None: nobody is called so and nobody's name is near; the words stay where they are.
    Raises UserError: several are called so, or the name is nearly somebody's.
    """
    after = ctx.line.folded[at + 1 :]
    for name, person_id in ctx.chosen.items():
        if after.startswith(name):
            if person_id == NOBODY:
                return None
            ctx.line.cut(at, at + 1 + len(name))
            return ctx.books.people.get(person_id)
    fits: dict[str, list[Person]] = {}
    for person in known_people(ctx):
        for name in {fold(person.name), fold(bare_name(person.name))}:
            if name and after.startswith(name):
                fits.setdefault(name, []).append(person)
    if not fits:
        return _nearly_named(ctx, at)
    name = max(fits, key=len)
    people = fits[name]
    if len(people) > 1:
        raise which_one(ctx, name, people)
    ctx.line.cut(at, at + 1 + len(name))
    return people[0]


def bare_name(name: str) -> str:
    """``李四（投放部）`` → ``李四``."""
    return re.split(r"[（(]", name, maxsplit=1)[0].strip()


def which_one(ctx: Ctx, name: str, people: list[Person]) -> UserError:
    """Several people have this name: ask, with a button for each that does the whole message again."""
    number = say("两" if len(people) == 2 else str(len(people)), str(len(people)))
    text = say("有{number}位{name}：", "There are {number} people called {name}:", number=number, name=bare_name(name))
    return _choose(ctx, name, people, text)


def _nearly_named(ctx: Ctx, at: int) -> Person | None:
    """Raises UserError with up to three people whose name is close to what follows the ``@``."""
    written = _NAME.match(ctx.line.folded, at + 1)
    if written is None:
        return None
    name = written.group(0)
    names = {fold(bare_name(p.name)): p for p in known_people(ctx)}
    close = [known for known in names if known.startswith(name)][:3] or get_close_matches(name, names, n=3, cutoff=0.5)
    if not close:
        return None
    text = say("没找到「{name}」，是不是：", "There is no “{name}” here. Did you mean:", name=name)
    neither = Button(say("都不是", "None of them"), "again", (ctx.thing.key, name, str(NOBODY)))
    raise _choose(ctx, name, [names[n] for n in close], text, neither)


def _choose(ctx: Ctx, name: str, people: list[Person], text: Text, *more: Button) -> UserError:
    buttons = [Button(verbatim(p.name), "again", (ctx.thing.key, name, str(p.id))) for p in people]
    return UserError(text, *buttons, *more, draft=ctx.draft())
