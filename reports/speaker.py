"""Saying things where they belong: a chat, every group of a project, one person."""

from __future__ import annotations

from chat.cards import Card
from chat.text import Locale, Mention, Text, say
from storage.books import Books
from storage.people import Person
from storage.projects import Chat, ProjectInfo


class Speaker:
    """Puts cards in the outbox, each in its reader's language."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def in_chat(
        self, chat: Chat, project: ProjectInfo | None, card: Card, *, reply_to: str = "", name: str = ""
    ) -> None:
        """To one chat. ``name``: to ``redraw`` it later."""
        self._books.outbox.post(
            chat.platform, chat.external_id, card, locale=_locale(chat.locale, project), reply_to=reply_to,
            name=name or None,
        )  # fmt: skip

    def to_groups(self, project: ProjectInfo, card: Card, *, name: str = "") -> None:
        """To every group the project lives in."""
        for chat in self._books.projects.groups(project.id):
            self.in_chat(chat, project, card, name=name)

    def to_person(self, person: Person, project: ProjectInfo | None, card: Card, *, name: str = "") -> bool:
        """Directly to one person, where they talked to the bot last if that is known. False: they have no address."""
        addresses = self._books.people.addresses(person.id)
        if not addresses:
            return False
        address = next((a for a in addresses if a.reachable), addresses[0])
        self._books.outbox.post(
            address.platform, address.external_id, card, kind="direct", locale=_locale(person.locale, project),
            name=name or None,
        )  # fmt: skip
        return True

    def redraw(self, name: str, card: Card) -> bool:
        """Replace a named card wherever it stands. False: it was never sent."""
        return self._books.outbox.edit(name, card)

    def mention(self, person: Person, platform: str) -> Mention | Text:
        """An @ on this platform; the bare name where the person is not on it."""
        external = self._books.people.external_id(person.id, platform)
        return Mention(external, person.name) if external else say("{name}", "{name}", name=person.name)


def _locale(own: str, project: ProjectInfo | None) -> Locale:
    return "en" if (own or (project.locale if project else "")) == "en" else "zh"
