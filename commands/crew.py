"""People in two groups: who takes part, and after 只看 who watches."""

from __future__ import annotations

import re
from typing import Annotated

from chat.errors import UserError
from chat.frozen import frozen
from chat.messages import TOKEN
from chat.text import listed, say
from commands.arguments import Everyone, bare_name, known_people, which_one
from commands.context import Ctx
from commands.line import Line, fold
from storage.people import Person

_WATCH = re.compile(r"只看的?[:]?|仅看[:]?|观察[:]?|(?<![a-z])(?:watch(?:ing)?|observers?|only)(?![a-z])[:]?")
_ALL = ("所有人", "全员", "全体", "大家", "全部", "群里所有人", "all", "everyone", "everybody")
_BETWEEN = re.compile(r"[\s,，、;；和与及]+")
_FILLERS = ("", "and", "参与", "成员", "人")
_takes = Everyone.__metadata__[0]  # type: ignore[attr-defined]


@frozen
class Team:
    """``watchers`` only look on: no reminders, not counted. ``unknown``: words that are nobody's name."""

    people: list[Person]
    watchers: list[Person]
    unknown: list[str]

    @property
    def everyone(self) -> list[Person]:
        return [*self.people, *self.watchers]


class _Crew:
    """``@李四 @王五 只看 @王总``; names without @ and 所有人 count too."""

    newcomers = False
    """Where a platform does not tell who was @ed, a new name after an @ is somebody who has not written yet."""

    @classmethod
    def take(cls, ctx: Ctx) -> Team:
        """Takes the whole line."""
        text, people = ctx.line.text, ctx.line.people
        split = _WATCH.search(ctx.line.folded)
        if split is None:
            part, unknown = cls._read(ctx, Line(text, people))
            return Team(part, [], unknown)
        before = text[: split.start()]
        count = before.count(TOKEN)
        part, unknown = cls._read(ctx, Line(before, people[:count]))
        watchers, more = cls._read(ctx, Line(text[split.end() :], people[count:]))
        named = {person.id for person in watchers}
        return Team([p for p in part if p.id not in named], watchers, unknown + more)

    @classmethod
    def _read(cls, ctx: Ctx, line: Line) -> tuple[list[Person], list[str]]:
        """Everyone named in one part of the line, and the words nobody is called."""
        ctx.line = line
        people = {person.id: person for person in _takes.take(ctx)}
        unknown: list[str] = []
        awaits = cls.newcomers and not ctx.abilities(ctx.chat.platform).mentions
        for word in _BETWEEN.split(ctx.line.rest):
            name = word.strip("@＠ ")
            strangers: list[str] = []
            for person in _called(ctx, name, strangers):
                people.setdefault(person.id, person)
            if strangers and awaits and word.startswith(("@", "＠")) and len(name) <= LONGEST_NAME:
                expected = ctx.books.people.expect(ctx.chat.platform, name)
                people.setdefault(expected.id, expected)
            else:
                unknown += strangers
        return list(people.values()), unknown


class _Newcomers(_Crew):
    newcomers = True


Crew = Annotated[Team, _Crew]
Newcomers = Annotated[Team, _Newcomers]
LONGEST_NAME = 20


def _called(ctx: Ctx, word: str, unknown: list[str]) -> list[Person]:
    name = fold(word)
    if name in _FILLERS:
        return []
    if name in _ALL:
        return [person for person in ctx.books.people.in_chat(ctx.chat.id) if person.left_at is None]
    found = [p for p in known_people(ctx) if name in (fold(p.name), fold(bare_name(p.name)))]
    if len(found) > 1:
        raise which_one(ctx, name, found)
    if not found:
        unknown.append(word)
    return found


def refuse_unknown(team: Team) -> None:
    """Raises UserError when somebody named is not known."""
    if team.unknown:
        raise UserError(
            say(
                "没找到{names}，没有改动。请在群里 @ 到本人，例：/成员 加 @李四",
                "I do not know {names}; nothing was changed. Please @ the person in the group.",
                names=listed(say("「{w}」", "“{w}”", w=word[:20]) for word in team.unknown[:5]),
            )
        )
