"""Leave that was approved in a platform's own approvals counts as if its owner had typed it; withdrawn, it does not.

Only where an admin named the approvals in the configuration does a platform tell of any.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from chat.cards import text_card
from chat.messages import Incoming
from chat.ports import Abilities
from chat.text import say
from planning.away import AHEAD, BACK, Part, around, working_days
from planning.away_words import LONGEST
from planning.leave_span import halves
from reports import approval_away
from reports.away import bare, correct, shown, tell_lead
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.handover import suggest
from reports.speaker import Speaker
from storage.books import Books
from storage.people import PARTICIPANTS, Person
from storage.transaction import Tx

APPROVED, WITHDRAWN = "leave_approved", "leave_withdrawn"


def follow(tx: Tx, thing: Incoming, can: Abilities) -> None:
    """thing: ``APPROVED``, ``data`` says whose, which approval, and its local moments; or ``WITHDRAWN``."""
    books = Books(tx, thing.key, thing.at)
    speaker = Speaker(books, can)
    instance = str(thing.data["instance"])
    known = books.leave_imports.of(thing.platform, instance)
    if thing.event == WITHDRAWN:
        if known is None or not known.withdrawn:
            books.leave_imports.withdraw(thing.platform, instance)
            if known is not None and known.person is not None:
                _take_back(books, speaker, books.people.get(known.person), known.entered)
        return
    if known is not None:
        return
    person = books.people.known(thing.platform, str(thing.data["id"]))
    days = _days(books, str(thing.data["since"]), str(thing.data["until"]))
    if person is None or not days:
        why = "nobody known here" if person is None else "no days to enter"
        books.audit(None, "leave.import", "refused", f"{thing.platform} {instance}: {why}")
        return
    _enter(books, speaker, person, days, thing.platform, instance)


def _days(books: Books, since: str, until: str) -> dict[date, Part]:
    """Empty: words that are no moments, or days too far away or too many to be believed."""
    try:
        first, last = datetime.fromisoformat(since), datetime.fromisoformat(until)
    except ValueError:
        return {}
    today = books.at.date()
    if first.tzinfo or last.tzinfo or not -BACK <= first.date() - today <= AHEAD or (last - first).days > LONGEST:
        return {}
    return halves(first, last)


def _enter(
    books: Books, speaker: Speaker, person: Person, days: Mapping[date, Part], platform: str, instance: str
) -> None:
    """In all their projects, joined with what is entered already; what is past is corrected, who leads is told."""
    entered: dict[int, dict[date, tuple[Part | None, Part]]] = {}
    desks = _desks(books, speaker, person)
    for desk in desks:
        before = books.leaves.of(desk.project.id, person.id, min(days) - AHEAD, max(days) + AHEAD)
        after: dict[date, Part] = {d: part if before.get(d, part) == part else "day" for d, part in days.items()}
        fresh = {day: part for day, part in after.items() if before.get(day) != part}
        today = desk.rhythm.local(books.at).date()
        books.leaves.put(desk.project.id, person.id, fresh)
        entered[desk.project.id] = {day: (before.get(day), part) for day, part in fresh.items()}
        correct(desk, (day for day in fresh if day <= today))
        if fresh and max(fresh) >= today:
            suggest(desk, person, working_days(around(before | after, days), desk.rhythm.calendar))
        tell_lead(desk, person, (day for day in fresh if day >= today))
    books.leave_imports.add(platform, instance, person.id, entered)
    books.audit(None, "leave.import", "done", f"{platform} {instance}: person {person.id}")
    if any(entered.values()):
        approval_away.arm(books, person)
        text = say(
            "✅ 审批通过，已记 {days} 休假，期间不催日报。不对就发：/请假 取消 {day}",
            "✅ Approved: you are away {days}; nobody asks you for reports. If that is wrong: /away cancel {day}",
            days=shown(days, desks[0].rhythm.calendar), day=bare_day(min(days)),
        )  # fmt: skip
        speaker.to_person(person, desks[0].project, text_card(text))


def _take_back(
    books: Books, speaker: Speaker, person: Person, entered: Mapping[int, Mapping[date, tuple[Part | None, Part]]]
) -> None:
    """What nobody changed since goes back to what it was."""
    gone: dict[date, Part] = {}
    desks = {desk.project.id: desk for desk in _desks(books, speaker, person)}
    for project, days in entered.items():
        if not days or project not in desks:
            continue
        now = books.leaves.of(project, person.id, min(days), max(days))
        back = {day: was for day, (was, then) in days.items() if now.get(day) == then}
        books.leaves.remove(project, person.id, [day for day, was in back.items() if was is None])
        books.leaves.put(project, person.id, {day: was for day, was in back.items() if was is not None})
        correct(desks[project], (day for day in back if day <= desks[project].rhythm.local(books.at).date()))
        gone |= {day: now[day] for day in back}
    if gone:
        approval_away.arm(books, person)
        text = say("审批撤销了，{days} 不再算休假。", "The approval was withdrawn: {days} no longer counts as leave.",
                   days=bare(gone))  # fmt: skip
        speaker.to_person(person, next(iter(desks.values())).project, text_card(text))


def _desks(books: Books, speaker: Speaker, person: Person) -> list[Desk]:
    return [
        Desk(books, speaker, project)
        for project in books.projects.of(person.id)
        if project.state != "archived" and books.people.role(project.id, person.id) in PARTICIPANTS
    ]
