"""Saying things where they belong: a chat, every group of a project, one person."""

from __future__ import annotations

from datetime import timedelta

from chat.cards import Card
from chat.ports import MAIL, Abilities
from chat.text import Locale, Mention, Text, say
from reports.rules import signed, signed_in_group
from storage.books import Books
from storage.outbox import Place
from storage.people import Address, Person
from storage.projects import Chat, ProjectInfo


class Speaker:
    """Puts cards in the outbox, each in its reader's language. ``can``: what each platform can do.

    ``unasked``: the clock speaks; nobody of a project that stands still (removed, or told to stop) hears it.
    ``rule``: by which it speaks; who turned that off does not hear it, and whatever is said ends with how to.
    """

    def __init__(self, books: Books, can: Abilities, *, unasked: bool = False, rule: str | None = None) -> None:
        self._books = books
        self.can = can
        self._unasked = unasked
        self._rule = rule

    def for_a_decision(self) -> Speaker:
        """The same for what somebody has to decide and nobody can turn off."""
        return Speaker(self._books, self.can, unasked=self._unasked)

    def in_chat(self, chat: Chat, project: ProjectInfo | None, card: Card, *, name: str = "") -> None:
        """To one chat, if the bot is in it and its platform takes the message. ``name``: to ``redraw`` it later."""
        if chat.state != "active" or (chat.heard_at is None and not self.can(chat.platform).push_unasked):
            return
        if self._rule is not None:
            card = signed_in_group(card, self._rule)
        self._books.outbox.post(
            chat.platform, chat.external_id, card, locale=_locale(chat.locale, project), name=name or None
        )

    def to_groups(self, project: ProjectInfo, card: Card, *, name: str = "") -> None:
        """To every group the project lives in."""
        for chat in self._books.projects.groups(project.id):
            self.in_chat(chat, project, card, name=name)

    def to_person(self, person: Person, project: ProjectInfo | None, card: Card, *, name: str = "") -> bool:
        """Directly to one person, where they talked to the bot last if that is known; nothing if they turned it off.

        False: no platform they are on takes a message to them, or the project stands still; nothing was sent.
        """
        if self._unasked and project is not None and project.stands_still:
            return False
        if self._rule is not None and (said := signed(card, self._rule)) is not card:
            if self._books.pushes.muted(person.id, self._rule):
                return True
            card = said
        address = self.address(person)
        if address is None:
            return False
        self._books.outbox.post(
            address.platform, address.external_id, card, kind="direct", locale=_locale(person.locale, project),
            name=name or None,
        )  # fmt: skip
        return True

    def address(self, person: Person) -> Address | None:
        """Where ``to_person`` sends. None: nowhere; nobody reads what is sent to who left the company."""
        if person.left_at is not None:
            return None
        addresses = self._books.people.addresses(person.id)
        address = next((a for a in addresses if a.reachable), None)
        address = address or next((a for a in addresses if self.can(a.platform).push_unasked), None)
        return address or self._letterbox(person)

    def _letterbox(self, person: Person) -> Address | None:
        """Where letters go to who cannot be reached in any chat."""
        letters = self._books.mails.confirmed(person.id) if self.can(MAIL).direct else ""
        return Address(MAIL, letters, True) if letters else None

    def reaches(self, person: Person) -> bool:
        """Would ``to_person`` arrive?"""
        return self.address(person) is not None

    def redraw(self, name: str, card: Card, *, rule: str = "") -> bool:
        """Replace a named card where its platform still allows it. False: nowhere.

        rule: by which the clock said it; who has it directly goes on seeing how to turn that off.
        """
        places = [place for place in self._books.outbox.places(name) if self._alive(place)]
        places = [place for place in places if self.can(place.platform).live]
        return self._books.outbox.edit(name, card, places, direct=signed(card, rule) if rule else None)

    def fixed(self, name: str) -> list[Place]:
        """Where a named card stands and can not be changed any more."""
        return [place for place in self._books.outbox.places(name) if not self._alive(place)]

    def _alive(self, place: Place) -> bool:
        seconds = self.can(place.platform).edit_seconds
        return seconds == float("inf") or self._books.at - place.at < timedelta(seconds=seconds)

    def mention(self, person: Person, platform: str) -> Mention | Text:
        """An @ on this platform; the bare name where the person is not on it."""
        external = self._books.people.external_id(person.id, platform)
        return Mention(external, person.name) if external else say("{name}", "{name}", name=person.name)


def _locale(own: str, project: ProjectInfo | None) -> Locale:
    return "en" if (own or (project.locale if project else "")) == "en" else "zh"
