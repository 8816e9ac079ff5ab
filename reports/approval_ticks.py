"""The clock of an approval: urged twice, then expired, which is not rejected; and who left the company."""

from __future__ import annotations

from datetime import datetime

from chat.cards import Block, Button, Buttons, Card, Paragraph, text_card
from chat.text import Text, say
from reports.approval_cards import again_button, buttons, head, outcome
from reports.approval_desk import FALLBACK, KIND, SELF, Desk
from reports.ticks import Occasion, tick
from storage.approvals import Approval, Seat, Sheet
from storage.people import Person

MOST_OTHERS = 3


@tick(KIND)
def ring(occasion: Occasion) -> datetime | None:
    """Urge, once however many moments were slept through; or the end."""
    approval = occasion.books.approvals.get(occasion.entry.subject["approval"])
    if approval is None or approval.state != "open":
        return None
    desk = Desk(occasion.books, occasion.speaker, occasion.books.projects.get(approval.project_id))
    if occasion.at >= approval.deadline:
        _expire(desk, approval)
        return None
    _urge(desk, desk.sheet(approval))
    return desk.next_moment(approval, occasion.at)


def _expire(desk: Desk, approval: Approval) -> None:
    if not desk.books.approvals.close(approval, "expired"):
        return
    desk.redraw(approval)
    sheet = desk.sheet(approval)
    text = say("{outcome}。", "{outcome}.", outcome=outcome(sheet, desk.look(approval)))
    desk.tell(approval, text_card(text, again_button(sheet.approval)))


def _urge(desk: Desk, sheet: Sheet) -> None:
    """One line in the chat for those who are there, one directly for each who is not."""
    approval = sheet.approval
    desk.books.approvals.note(approval, "urged", "、".join(seat.name for seat in sheet.asked))
    chat = desk.chat(approval)
    here = [seat for seat in sheet.asked if not seat.apart]
    if here:
        typed = desk.speaker.can(chat.platform).input_in_card
        desk.tell(approval, _reminder(desk, approval, desk.at(here, chat.platform), typed=typed))
    for person_id in dict.fromkeys(seat.person for seat in sheet.asked if seat.apart):
        person = desk.books.people.get(person_id)
        if address := desk.speaker.address(person):
            typed = desk.speaker.can(address.platform).input_in_card
            desk.speaker.to_person(person, desk.project, _reminder(desk, approval, None, typed=typed))


def _reminder(desk: Desk, approval: Approval, who: Text | None, *, typed: bool) -> Card:
    text = say(
        "⏰ {head} 在等你，{day} 截止。回：同意 {ref} / 拒绝 {ref} 原因",
        "⏰ {head} waits for you, due {day}. Reply: yes {ref} / no {ref} reason",
        head=head(approval),
        ref=approval.ref,
        day=desk.look(approval).day(approval.deadline),
    )
    if who is not None:
        text = say("{who} {text}", "{who} {text}", who=who, text=text)
    blocks: list[Block] = [Paragraph(text), *buttons(approval, typed=typed)]
    return Card(tuple(blocks))


# --- somebody left the company -------------------------------------------------------------------------------------


@tick("person.gone")
def gone(occasion: Occasion) -> datetime | None:
    """Whatever waits for this person goes to who stands in for them, or its requester is asked. It never hangs."""
    books = occasion.books
    person = books.people.get(occasion.entry.subject["person"])
    for approval in books.approvals.sitting(person.id):
        desk = Desk(books, occasion.speaker, books.projects.get(approval.project_id))
        _replace(desk, desk.sheet(approval), person)
    return None


def _replace(desk: Desk, sheet: Sheet, person: Person) -> None:
    approval = sheet.approval
    empty = [seat for seat in sheet.silent if seat.person == person.id]
    if not empty:
        return
    other = desk.project.settings.get(FALLBACK)
    if (
        isinstance(other, int)
        and other != person.id
        and (other != approval.requester or desk.project.settings.get(SELF))
    ):
        stand_in = desk.books.people.get(other)
        for seat in empty:
            desk.books.approvals.hand_over(approval, seat, other, apart=True)
        desk.books.approvals.touch(approval)
        desk.books.approvals.note(approval, "delegated", f"{person.name} → {stand_in.name}")
        desk.redraw(approval)
        after = desk.sheet(approval)
        desk.summon(after, [seat for seat in after.asked if seat.person == other])
        text = say(
            "{who} 已离职，{ref} 由后备人 {other} 代。",
            "{who} has left the company; {other} stands in for {ref}.",
            who=person.name, ref=approval.ref, other=stand_in.name,
        )  # fmt: skip
        desk.tell(approval, text_card(text))
        return
    desk.tell_person(approval.requester, approval, _who_instead(sheet, person, empty[0]))


def _who_instead(sheet: Sheet, person: Person, seat: Seat) -> Card:
    approval = sheet.approval
    text = say(
        "{who} 已离职，{ref} 由谁代？", "{who} has left the company. Who stands in for {ref}?", who=person.name,
        ref=approval.ref,
    )  # fmt: skip
    args = (str(approval.id), str(approval.round), str(seat.seat))
    others = {each.person: each for each in sheet.seats if each.person != person.id}
    options = [
        Button(say("{name}兼", "{name}", name=each.name), "approval.sit", (*args, str(each.person)), approval.version)
        for each in list(others.values())[:MOST_OTHERS]
    ]
    options.append(Button(say("指定…", "Somebody else…"), "approval.replace", args, approval.version))
    options.append(Button(say("撤回", "Withdraw"), "approval.withdraw", args[:2], approval.version))
    return Card((Paragraph(text), Buttons(tuple(options))))


def absent(desk: Desk, approval: Approval, person: int) -> None:
    """They left the group, not the company: their word counts as before, and the card goes to them directly."""
    here = [seat for seat in desk.sheet(approval).silent if seat.person == person and not seat.apart]
    for seat in here:
        desk.books.approvals.set_apart(approval, seat)
    if not here:
        return
    desk.books.approvals.touch(approval)
    desk.redraw(approval)
    sheet = desk.sheet(approval)
    desk.summon(sheet, [seat for seat in sheet.asked if seat.person == person])
