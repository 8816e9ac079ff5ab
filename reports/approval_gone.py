"""Approvers who left: the group, then they are asked directly; or the company, then somebody else is found."""

from __future__ import annotations

from datetime import datetime

from chat.cards import Button, Card, text_card
from chat.text import Text, say
from reports.approval_desk import FALLBACK, SELF, Desk, is_apart
from reports.ticks import Occasion, tick
from storage.approval_sheet import Approval, Seat, Sheet
from storage.books import Books
from storage.people import Person
from storage.transaction import Tx

KIND = "person.gone"
MOST_OTHERS = 3


def unreachable(platform: str, external_id: str, key: str, at: datetime, tx: Tx) -> None:
    """The platform says that there is no such person: within a minute what waits for them is looked at.

    key: of what happened. Somebody who is on another platform, too, has not left.
    """
    books = Books(tx, key, at)
    person = books.people.known(platform, external_id)
    if person is not None and len(books.people.addresses(person.id)) < 2:
        hand_on(books, person)


def hand_on(books: Books, person: Person, *, erased: bool = False) -> None:
    """What waits for somebody who will not answer any more. erased: not because they left the company."""
    if books.approvals.sitting(person.id):
        books.schedules.replace(KIND, f"person:{person.id}", books.at, person=person.id, erased=int(erased))


@tick(KIND, None)
def gone(occasion: Occasion) -> datetime | None:
    """Whatever waits for this person goes to who stands in for them, or its requester is asked. It never hangs."""
    books = occasion.books
    person = books.people.get(occasion.entry.subject["person"])
    for approval in books.approvals.sitting(person.id):
        desk = Desk(books, occasion.speaker, books.projects.get(approval.project_id))
        _replace(desk, desk.sheet(approval), person, _gone(person, erased=bool(occasion.entry.subject.get("erased"))))
    return None


def _gone(person: Person, *, erased: bool) -> Text:
    if erased:
        return say("{who} 的个人数据已清除", "The personal data of {who} was erased", who=person.name)
    return say("{who} 已离职", "{who} has left the company", who=person.name)


def _replace(desk: Desk, sheet: Sheet, person: Person, gone: Text) -> None:
    approval = sheet.approval
    empty = [seat for seat in sheet.silent if seat.person == person.id]
    if not empty:
        return
    other = desk.project.settings.get(FALLBACK)
    if (
        isinstance(other, int)
        and other != person.id
        and desk.books.people.get(other).left_at is None
        and (other != approval.requester or desk.project.settings.get(SELF))
    ):
        stand_in = desk.books.people.get(other)
        reseat(desk, sheet, person, stand_in)
        text = say(
            "{gone}，{ref} 由后备人 {other} 代。", "{gone}; {other} stands in for {ref}.",
            gone=gone, ref=approval.ref, other=desk.speaker.mention(stand_in, desk.chat(approval).platform),
        )  # fmt: skip
        desk.tell(approval, text_card(text))
        return
    desk.tell_person(approval.requester, approval, _who_instead(desk, sheet, person, empty[0], gone))


def reseat(desk: Desk, sheet: Sheet, person: Person, other: Person) -> None:
    """Wherever the one sits and has not spoken sits the other, in their place (代)."""
    approval = sheet.approval
    where = is_apart(desk.books, desk.speaker, desk.chat(approval), other.id, set())
    for seat in sheet.silent:
        if seat.person == person.id:
            desk.books.approvals.hand_over(approval, seat, other.id, apart=where)
    desk.books.approvals.note(approval, "delegated", f"{person.name} → {other.name}")
    after = desk.redraw(approval)
    desk.summon(after, [seat for seat in after.asked if seat.person == other.id])


def _who_instead(desk: Desk, sheet: Sheet, person: Person, seat: Seat, gone: Text) -> Card:
    approval = sheet.approval
    text = say("{gone}，{ref} 由谁代？", "{gone}. Who stands in for {ref}?", gone=gone, ref=approval.ref)
    return text_card(text, *instead(desk, sheet, person, seat))


def instead(desk: Desk, sheet: Sheet, person: Person, seat: Seat) -> list[Button]:
    """[王五兼] [指定…] [撤回]; of the others those who are still there."""
    approval = sheet.approval
    args = (str(approval.id), str(approval.round), str(seat.seat))
    others = {
        each.person: each
        for each in sheet.seats
        if each.person != person.id and desk.books.people.get(each.person).left_at is None
    }
    options = [
        Button(say("{name}兼", "{name}", name=each.name), "approval.sit", (*args, str(each.person)))
        for each in list(others.values())[:MOST_OTHERS]
    ]
    options.append(Button(say("指定…", "Somebody else…"), "approval.replace", args))
    options.append(Button(say("撤回", "Withdraw"), "approval.withdraw", args[:2]))
    return options


def absent(desk: Desk, approval: Approval, person: int) -> None:
    """They left the group, not the company: their word counts as before, and the card goes to them directly."""
    here = [seat for seat in desk.sheet(approval).silent if seat.person == person and not seat.apart]
    for seat in here:
        desk.books.approvals.set_apart(approval, seat)
    if not here:
        return
    desk.redraw(approval)
    sheet = desk.sheet(approval)
    desk.summon(sheet, [seat for seat in sheet.asked if seat.person == person])
