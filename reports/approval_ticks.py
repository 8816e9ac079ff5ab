"""The clock of an approval: urged twice, then expired, which is not rejected."""

from __future__ import annotations

from datetime import datetime

from chat.cards import Block, Card, Paragraph, text_card
from chat.text import Text, say
from planning.window import awake_there
from reports.approval_cards import again_button, buttons, head, outcome
from reports.approval_desk import KIND, Desk
from reports.days import both
from reports.own_clock import reader_of
from reports.rules import APPROVAL as RULE
from reports.rules import foot
from reports.ticks import Occasion, tick
from storage.approval_sheet import Approval, Sheet
from storage.people import Person


@tick(KIND, None)
def ring(occasion: Occasion) -> datetime | None:
    """Urge, once however many moments were slept through; or the end."""
    approval = occasion.books.approvals.get(occasion.entry.subject["approval"])
    if approval is None or approval.state != "open":
        return None
    desk = Desk(occasion.books, occasion.speaker, occasion.books.projects.get(approval.project_id))
    if occasion.at >= approval.deadline:
        _expire(desk, approval)
        return None
    if only := occasion.entry.subject.get("person"):
        if any(seat.person == only for seat in desk.sheet(approval).asked):
            _directly(desk, approval, only)
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
    away = desk.books.daily.away(desk.project.id, desk.now.date())
    asked = [
        seat
        for seat in sheet.asked
        if away.get(seat.person) != "day" and not desk.books.pushes.muted(seat.person, RULE)
    ]
    here = [seat for seat in asked if not seat.apart]
    if here:
        typed = desk.speaker.can(chat.platform).input_in_card
        desk.tell(approval, _reminder(desk, approval, desk.at(here, chat.platform), typed=typed))
    for person_id in dict.fromkeys(seat.person for seat in asked if seat.apart):
        _directly(desk, approval, person_id)


def _directly(desk: Desk, approval: Approval, person_id: int) -> None:
    """To one person; at their own 9:00 if it is night where they are and that is in time."""
    person = desk.books.people.get(person_id)
    morning = awake_there(desk.books.at, person.zone)
    if morning is not None:
        waiting = {entry.subject.get("person") for entry in desk.books.schedules.of(approval.owner)}
        if morning < approval.deadline and person_id not in waiting:
            desk.books.schedules.add(KIND, approval.owner, morning, approval=approval.id, person=person_id)
    elif address := desk.speaker.address(person):
        typed = desk.speaker.can(address.platform).input_in_card
        desk.speaker.to_person(person, desk.project, _reminder(desk, approval, None, typed=typed, reader=person))


def _reminder(
    desk: Desk, approval: Approval, who: Text | None, *, typed: bool, reader: Person | None = None
) -> Card:  # fmt: skip
    """reader: who may read it by another clock."""
    elsewhere = reader_of(desk.project, reader, desk.books.at) if reader else None
    text = say(
        "⏰ {head} 在等你，{day} 截止。回：同意 {ref} / 拒绝 {ref} 原因",
        "⏰ {head} waits for you, due {day}. Reply: yes {ref} / no {ref} reason",
        head=head(approval),
        ref=approval.ref,
        day=both(approval.deadline, desk.zone, elsewhere) if elsewhere else desk.look(approval).day(approval.deadline),
    )
    if who is not None:
        text = say("{who} {text}", "{who} {text}", who=who, text=text)
    version = desk.witnessed(approval, text)
    blocks: list[Block] = [Paragraph(text), *buttons(approval, version, typed=typed), *foot(RULE)]
    return Card(tuple(blocks))
