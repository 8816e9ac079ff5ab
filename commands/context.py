"""Everything one message or press may use: who, where, when, the books, and the rest of the line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chat.messages import Action, Incoming, Place
from chat.ports import Abilities, Capabilities, Condition, Health
from chat.text import Locale, Text
from commands.line import Line
from commands.reply import Again
from planning.calendar import Calendar
from reports import days
from reports.speaker import Speaker
from storage.books import Books
from storage.lazy import lazy
from storage.people import Person
from storage.projects import Chat, ProjectInfo
from storage.tasks import Tasks

ADMINS = ("owner", "admin")


def well(_: str) -> Health:
    """What is taken for granted where nobody measures."""
    return Health()


class Ctx:
    """One thing being handled. ``line`` shrinks as arguments are cut out of it; ``thing.text`` stays."""

    def __init__(
        self, books: Books, thing: Incoming, chat: Chat, project: ProjectInfo, person: Person, role: str, can: Abilities
    ) -> None:
        self.books = books
        self.thing = thing
        self.chat = chat
        self.project = project
        self.person = person
        self.role = role
        self.abilities = can
        self.at: datetime = thing.at
        self.line = Line(thing.text, thing.mentions).without(thing.bot_id)
        self.chosen: dict[str, int] = {}
        """Names that were ambiguous and the person each was said to mean."""
        self.health: Condition = well
        self.entered = False
        """Was something about who and where written down for this thing?"""

    def once_more(self, again: Again) -> Ctx:
        """The same person saying something else, perhaps in another chat."""
        chat = again.chat or self.chat
        place = Place(chat.external_id, "group" if chat.kind == "group" else "direct", chat.name)
        thing = replace(
            self.thing, kind="message", chat=place, text=again.text, mentions=again.mentions, action=None, quote=None,
            message_id=again.message_id if again.chat else self.thing.message_id,
        )  # fmt: skip
        project, role = self.project, self.role
        if again.project_id is not None and again.project_id != project.id:
            project = self.books.projects.get(again.project_id)
            role = self.books.people.role(project.id, self.person.id)
        ctx = Ctx(self.books, thing, chat, project, self.person, role, self.abilities)
        ctx.chosen = dict(again.chosen)
        return ctx

    def draft(self) -> dict[str, object]:
        """The message as it can be said again later, by somebody else or elsewhere: without the bot's own mention."""
        whole = Line(self.thing.text, self.thing.mentions).without(self.thing.bot_id)
        return {"text": whole.text, "mentions": [[m.id, m.name] for m in whole.people], "chosen": self.chosen}

    @property
    def is_admin(self) -> bool:
        return self.role in ADMINS

    @property
    def in_group(self) -> bool:
        return self.chat.kind == "group"

    @property
    def action(self) -> Action:
        """What was pressed. Only for presses."""
        assert self.thing.action is not None
        return self.thing.action

    @property
    def tasks(self) -> Tasks:
        return self.books.tasks

    @lazy
    def speaker(self) -> Speaker:
        return Speaker(self.books, self.abilities)

    @property
    def can(self) -> Capabilities:
        """What the platform of this chat can do."""
        return self.abilities(self.chat.platform)

    @lazy
    def zone(self) -> ZoneInfo:
        """The project's zone; a person's own in a direct chat."""
        own = self.person.zone if not self.in_group else ""
        return ZoneInfo(own or self.project.zone)

    @lazy
    def calendar(self) -> Calendar:
        return self.books.calendars.of(self.project)

    @lazy
    def now(self) -> datetime:
        """On the local wall clock."""
        return self.at.astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def locale(self) -> Locale:
        """Of the answer: the writer's own choice, else the chat's, else the project's."""
        return "en" if (self.person.locale or self.chat.locale or self.project.locale) == "en" else "zh"

    @lazy
    def quoted_name(self) -> str:
        """The name of the card of ours that this message replies to; ""."""
        quote = self.thing.quote
        if quote is None:
            return ""
        if quote.message_id:
            return self.books.outbox.name_of(self.chat.platform, quote.message_id)
        owner = self.thing.sender.id if self.thing.sender and not self.in_group else ""
        return self.books.outbox.quoted(self.chat.platform, self.chat.external_id, owner, quote.text)

    def day(self, day: date, minute: int | None = None) -> Text:
        """``2026-09-18（周五·今天）18:00``."""
        return days.long_day(day, self.calendar, self.today, minute)

    def short_day(self, day: date, minute: int | None = None) -> Text:
        """``9-20（周日·调休上班）17:30``."""
        return days.short_day(day, self.calendar, None, minute)
