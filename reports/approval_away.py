"""An approver whose leave begins while something waits for them: somebody stands in, or the requester says who.

Looked at when the leave begins, at 9:00, or at once when it has begun. What can wait until they are back waits.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import text_card
from chat.text import say
from planning.approval import awake
from planning.zones import at_local
from reports.approval_desk import SELF, Desk
from reports.approval_gone import instead, reseat
from reports.days import bare_day
from reports.ticks import Occasion, tick
from storage.approval_sheet import Approval, Seat, Sheet
from storage.books import Books
from storage.people import Person
from storage.projects import ProjectInfo

KIND = "approval.away"
MORNING = 9 * 60
AHEAD = timedelta(days=366)
_DAY = timedelta(days=1)


def arm(books: Books, person: Person) -> None:
    """The clock looks when this person's next leave begins; soon, if it has begun."""
    at = _next(books, person, books.at)
    for project in books.projects.of(person.id):
        zone = ZoneInfo(project.zone)
        if back_on(books, project, person.id, books.at.astimezone(zone).date()) is not None:
            at = awake(books.at, books.calendars.of(project), zone)
    if at is None:
        books.schedules.drop(KIND, f"person:{person.id}")
    else:
        books.schedules.replace(KIND, f"person:{person.id}", at)


def _next(books: Books, person: Person, after: datetime) -> datetime | None:
    """The first morning of a leave later than ``after``, in any project."""
    found = []
    for project in books.projects.of(person.id):
        zone = ZoneInfo(project.zone)
        today = after.astimezone(zone).date()
        days = books.leaves.of(project.id, person.id, today - _DAY, today + AHEAD)
        whole = {day for day, part in days.items() if part == "day"}
        mornings = [at_local(day, MORNING, zone) for day in whole if day - _DAY not in whole]
        found += [at for at in mornings if at > after]
    return min(found, default=None)


@tick(KIND, None)
def begun(occasion: Occasion) -> datetime | None:
    books = occasion.books
    person = books.people.get(int(occasion.entry.owner.partition(":")[2]))
    for approval in books.approvals.sitting(person.id):
        desk = Desk(books, occasion.speaker, books.projects.get(approval.project_id))
        sheet = desk.sheet(approval)
        seats = [seat for seat in sheet.silent if seat.person == person.id]
        back = back_on(books, desk.project, person.id, desk.now.date())
        if seats and back is not None and approval.deadline < at_local(back, MORNING, desk.zone):
            _replace(desk, sheet, person, seats, back)
    return _next(books, person, max(occasion.at, occasion.entry.at))


def back_on(books: Books, project: ProjectInfo, person_id: int, today: date) -> date | None:
    """The next working day on which they are here; None: they are here today."""
    days = books.leaves.of(project.id, person_id, today, today + AHEAD)
    if days.get(today) != "day":
        return None
    back = books.calendars.of(project).next_working(today)
    while days.get(back) == "day":
        back = books.calendars.of(project).next_working(back)
    return back


def stand_in(desk: Desk, requester: int, person_id: int, seated: set[int]) -> Person | None:
    """Who decides in this person's place today: named by them, here, and with no word in it otherwise."""
    other = desk.books.delegates.of(desk.project.id, person_id)
    if other is None or other in seated or (other == requester and not desk.project.settings.get(SELF)):
        return None
    if desk.books.daily.away(desk.project.id, desk.now.date()).get(other) == "day":
        return None
    person = desk.books.people.get(other)
    return person if person.left_at is None else None


def _replace(desk: Desk, sheet: Sheet, person: Person, seats: list[Seat], back: date) -> None:
    approval = sheet.approval
    other = stand_in(desk, approval.requester, person.id, {seat.person for seat in sheet.seats})
    if other is None:
        _ask(desk, sheet, person, seats[0], back)
        return
    reseat(desk, sheet, person, other)
    text = say(
        "{who} 休假（预计 {back} 回），{ref} 由 {other} 代。", "{who} is away until {back}; {other} decides {ref}.",
        who=person.name, back=bare_day(back), ref=approval.ref,
        other=desk.speaker.mention(other, desk.chat(approval).platform),
    )  # fmt: skip
    desk.tell(approval, text_card(text))


def _ask(desk: Desk, sheet: Sheet, person: Person, seat: Seat, back: date) -> None:
    """The requester, once for each leave."""
    approval = sheet.approval
    if not desk.books.notices.first(approval.owner, f"away:{person.id}:{back}", AHEAD):
        return
    text = say(
        "{who} {day} 起休假，预计 {back} 回，{ref} {due} 就截止。由谁代？",
        "{who} is away from {day}, back on {back}, and {ref} is due {due}. Who stands in?",
        who=person.name, day=bare_day(desk.now.date()), back=bare_day(back), ref=approval.ref, due=_due(desk, approval),
    )  # fmt: skip
    desk.tell_person(approval.requester, approval, text_card(text, *instead(desk, sheet, person, seat)))


def _due(desk: Desk, approval: Approval) -> str:
    due = approval.deadline.astimezone(desk.zone)
    return f"{bare_day(due.date())} {due:%H:%M}"
