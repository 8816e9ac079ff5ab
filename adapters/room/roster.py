"""Who is who: people, the names they are shown under, and the names typed after an ``@``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from adapters.room.things import BOT_ID, Person
from chat.errors import UserError
from chat.messages import TOKEN, Sender
from chat.text import say

NAME_LIMIT = 40
_SPLIT = re.compile(r"^(?P<name>.+?)\s*[（(](?P<department>[^（）()]+)[）)]$")
_AT = re.compile("[@＠]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc]")


class Mentioned(NamedTuple):
    """A text with U+FFFC in place of each typed mention, and who they are."""

    text: str
    people: tuple[Sender, ...]


def clean_name(raw: str, limit: int = NAME_LIMIT) -> str:
    """One line without control characters, at most ``limit`` characters. Raises UserError when nothing is left."""
    name = " ".join(_UNSEEN.sub("", raw).split())[:limit].strip(" @＠")
    if not name:
        raise UserError(say("名字不能为空。", "The name cannot be empty."))
    return name


class Roster:
    """The people of the room. Labels are unique, so that a label typed after ``@`` always means one person."""

    def __init__(self, bot_name: str) -> None:
        self.bot_name = bot_name
        self.people: dict[str, Person] = {}

    def add(self, person: Person) -> None:
        self.people[person.id] = person
        self._label()

    def split(self, raw: str) -> tuple[str, str]:
        """``李四（投放部）`` → 李四, 投放部. A second person with the very same name and department gets a number."""
        name, department = clean_name(raw), ""
        if match := _SPLIT.match(name):
            name, department = match["name"], match["department"]
        if name.casefold() == self.bot_name.casefold():
            raise UserError(
                say("「{name}」是机器人的名字，换一个吧。", "“{name}” is the bot's name; choose another.", name=name)
            )
        taken = {person.full for person in self.people.values()}
        wanted, number = department, 2
        while Person("", name, department).full in taken:
            department, number = f"{wanted}{number}", number + 1
        return name, department

    def _label(self) -> None:
        names = [person.name for person in self.people.values()]
        for person in self.people.values():
            person.label = person.full if names.count(person.name) > 1 else person.name

    def sender(self, person: str) -> Sender:
        if person == BOT_ID:
            return Sender(BOT_ID, self.bot_name)
        return Sender(person, self.people[person].label)

    def mentions(self, text: str, members: Iterable[str], *, bot: bool) -> Mentioned:
        """Turn each ``@名字`` of a member (or the bot) into a mention: the longest name wins.

        A name that two members share stays plain text, as does the name of somebody who is not here.
        """
        forms = self._forms(members, bot=bot)
        text = text.replace(TOKEN, "")
        parts: list[str] = []
        people: list[Sender] = []
        done = 0
        for at in _AT.finditer(text):
            if at.start() < done:
                continue
            found = _longest(text, at.end(), forms)
            if found is None:
                continue
            who, end = found
            parts += [text[done : at.start()], TOKEN]
            people.append(self.sender(who))
            done = end
        parts.append(text[done:])
        return Mentioned("".join(parts), tuple(people))

    def _forms(self, members: Iterable[str], *, bot: bool) -> list[tuple[str, str | None]]:
        """(lower-case name, whose) from longest to shortest; None: shared by several members."""
        owners: dict[str, set[str]] = {}
        for person in (self.people[one] for one in members):
            half = person.full.replace("（", "(").replace("）", ")")
            for form in (person.name, person.label, person.full, half):
                owners.setdefault(form.lower(), set()).add(person.id)
        if bot:
            owners[self.bot_name.lower()] = {BOT_ID}
        forms = [(form, next(iter(who)) if len(who) == 1 else None) for form, who in owners.items()]
        return sorted(forms, key=lambda form: -len(form[0]))


_SPACES = {ord(space): " " for space in "\u00a0\u2002\u2003\u2005\u2009\u202f\u3000\t"}
"""What phones and web pages write for a space within a name."""


def _longest(text: str, start: int, forms: list[tuple[str, str | None]]) -> tuple[str, int] | None:
    for form, who in forms:
        end = start + len(form)
        if text[start:end].translate(_SPACES).lower() != form:
            continue
        if (
            form[-1:].isascii()
            and form[-1:].isalnum()
            and text[end : end + 1].isascii()
            and text[end : end + 1].isalnum()
        ):
            continue  # @Al is not the beginning of @Alice
        return (who, end) if who else None
    return None
