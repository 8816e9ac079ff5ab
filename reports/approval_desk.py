"""What an approval needs around it: where it stands, who is told, and the clock behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from chat.cards import Card, text_card
from chat.text import Text, join, say
from planning.approval import urges
from planning.calendar import Calendar
from reports.approval_cards import Look, card, clock, facts
from reports.speaker import Speaker
from storage.approval_sheet import ELSEWHERE, HERE, UNSEEN, Approval, Seat, Sheet
from storage.books import Books
from storage.projects import Chat, ProjectInfo

KIND = "approval"
FALLBACK = "approval_fallback"
SELF = "approval_of_oneself"
PATIENT = "approval_hears_all"
"""Settings of a project: who stands in for who is gone; may somebody approve their own request? does 会签 go on after a
refusal until everybody has spoken?"""


@dataclass
class Desk:
    """One approval's project, books and voice, at one moment."""

    books: Books
    speaker: Speaker
    project: ProjectInfo

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.project.zone)

    @property
    def calendar(self) -> Calendar:
        return self.books.calendars.of(self.project)

    @property
    def now(self) -> datetime:
        return self.books.at.astimezone(self.zone)

    def chat(self, approval: Approval) -> Chat:
        """Where it was asked."""
        return self.books.projects.chat_by_id(approval.chat_id)

    def clock(self, at: datetime) -> str:
        """``14:20``, or ``9-18 14:20`` on another day."""
        return clock(at, self.now)

    def look(self, approval: Approval) -> Look:
        zones = (approval.requester_zone, *(seat.zone for seat in self.sheet(approval).seats))
        return Look(self.calendar, self.now, self.chat(approval).kind == "group", zones)

    def sheet(self, approval: Approval) -> Sheet:
        return self.books.approvals.sheet(approval)

    # --- the card -----------------------------------------------------------------------------------------------

    def card(self, sheet: Sheet, platform: str) -> Card:
        """As it is drawn on a platform; what it says is kept as evidence."""
        return self._drawn(sheet, typed=self.speaker.can(platform).input_in_card)

    def name(self, approval: Approval, platform: str) -> str:
        """Each round has a card of its own, in two shapes: one takes words, the other does not."""
        return _name(approval.id, approval.round, typed=self.speaker.can(platform).input_in_card)

    def redraw(self, approval: Approval) -> Sheet:
        """The card of this round, for everybody who has it; what it was drawn from."""
        sheet = self.sheet(approval)
        for typed in (True, False):
            name = _name(approval.id, sheet.approval.round, typed=typed)
            self.speaker.redraw(name, self._drawn(sheet, typed=typed))
        return sheet

    def redraw_at_end(self, approval: Approval) -> None:
        """The same, once for all who press at the same moment, however it stands after the last of them."""

        def work() -> None:
            if self.sheet(approval).approval.round == approval.round:
                self.redraw(approval)

        self.books.tx.at_end(("approval", approval.id), work)

    def drawn_at_end(self, approval: Approval, platform: str) -> Card:
        """What the presser sees when all who pressed at the same moment have been counted."""
        return self.card(self.sheet(approval), platform)

    def retire(self, approval: Approval, text: Text) -> None:
        """The card of a round that is over says what came instead."""
        for typed in (True, False):
            self.speaker.redraw(_name(approval.id, approval.round, typed=typed), text_card(text))

    def _drawn(self, sheet: Sheet, *, typed: bool) -> Card:
        """Of the same sheet once, whoever is shown it."""
        key = ("approval card", sheet.approval.id)
        kept = self.books.tx.kept(key)
        if kept is None or kept[0] is not sheet:
            lines = facts(sheet, self.look(sheet.approval), self._unreached(sheet))
            kept = (sheet, lines, self.witnessed(sheet.approval, join(lines, "\n")), {})
            self.books.tx.change(key, kept)
        cards: dict[bool, Card] = kept[3]
        if typed not in cards:
            cards[typed] = card(sheet.approval, kept[1], kept[2], typed=typed)
        return cards[typed]

    def witnessed(self, approval: Approval, words: Text) -> int:
        """The version that the buttons below these words carry: what somebody saw who presses them."""
        return self.books.evidence.shows(approval.id, words.plain("zh"), words.plain("en"))

    def _unreached(self, sheet: Sheet) -> list[str]:
        return [
            seat.name
            for seat in sheet.asked
            if seat.apart and not self.speaker.reaches(self.books.people.get(seat.person))
        ]

    # --- telling ------------------------------------------------------------------------------------------------

    def tell(self, approval: Approval, card: Card) -> None:
        """In the chat it was asked in; to the requester where nothing can be said there any more."""
        chat = self.chat(approval)
        if chat.state == "active" and (chat.heard_at is not None or self.speaker.can(chat.platform).push_unasked):
            self.speaker.in_chat(chat, self.project, card)
        else:
            self.speaker.to_person(self.books.people.get(approval.requester), self.project, card)

    def tell_person(self, person_id: int, approval: Approval, card: Card) -> None:
        """Directly; in the chat it was asked in, by name, when they cannot be reached."""
        person = self.books.people.get(person_id)
        if self.speaker.to_person(person, self.project, card):
            return
        who = self.speaker.mention(person, self.chat(approval).platform)
        self.tell(approval, text_card(say("{who} 请看", "{who}, please see:", who=who)))
        self.tell(approval, card)

    def summon(self, sheet: Sheet, seats: Sequence[Seat]) -> None:
        """The card itself to those who are not in the chat it stands in."""
        told: set[int] = set()
        for seat in seats:
            person = self.books.people.get(seat.person)
            address = self.speaker.address(person)
            if seat.apart and address is not None and seat.person not in told:
                told.add(seat.person)
                name = self.name(sheet.approval, address.platform)
                self.speaker.to_person(person, self.project, self.card(sheet, address.platform), name=name)

    def at(self, seats: Sequence[Seat], platform: str) -> Text:
        """``@王五 @赵六``, each once."""
        people = dict.fromkeys(seat.person for seat in seats)
        them = [say("{m}", "{m}", m=self.speaker.mention(self.books.people.get(p), platform)) for p in people]
        return join(them, " ")

    # --- the clock ----------------------------------------------------------------------------------------------

    def arm(self, approval: Approval) -> None:
        """One entry: the next urge, or the end."""
        at = self.next_moment(approval, approval.opened_at)
        self.books.schedules.replace(KIND, approval.owner, at, approval=approval.id)

    def next_moment(self, approval: Approval, after: datetime) -> datetime:
        ahead = [at for at in urges(approval.opened_at, approval.deadline, self.calendar, self.zone) if at > after]
        return ahead[0] if ahead else approval.deadline

    def disarm(self, approval: Approval) -> None:
        self.books.schedules.drop(KIND, approval.owner)


def _name(approval_id: int, in_round: int, *, typed: bool) -> str:
    return f"approval:{approval_id}:{in_round}" + ("" if typed else ":t")


def is_apart(books: Books, speaker: Speaker, chat: Chat, person_id: int, here: set[str]) -> int:
    """Where is this person asked? here: the platform's ids of those who were mentioned in the chat."""
    external = books.people.external_id(person_id, chat.platform)
    if chat.kind != "group" or not external:
        return ELSEWHERE
    if external in here or person_id in {person.id for person in books.people.in_chat(chat.id)}:
        return HERE
    return UNSEEN if speaker.reaches(books.people.get(person_id)) else HERE
