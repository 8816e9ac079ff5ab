"""How often reports came in time in a month: of oneself to everybody, of all to who leads. Never in a group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chat.cards import Card, Paragraph
from chat.text import Text, join, say
from planning.metrics import Punctual, punctual
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.planning.week import reckoned
from storage.people import ADMINS, PARTICIPANTS, Person

MOST = 60
"""People in one card."""
FEWEST = 5
"""Reports that were asked for in a month; of fewer no rate is told unasked."""
SWITCH = "rate"
"""The project's setting; False: nobody is told at the end of a month."""
FOOT = say("休假的日子不算；只有本人和负责人看得到。", "Days off do not count; seen by each alone and by who leads.")


def rate_card(desk: Desk, people: Sequence[Person], first: date, last: date) -> Card | None:
    """Of these people, in their order; None: nothing was asked of them."""
    lines = [_line(person, found) for person, found in _found(desk, people, first, last)]
    if not lines:
        return None
    return Card((Paragraph(_listed(lines)), Paragraph(FOOT, quiet=True)), _title(desk, first, last))


def of_month(desk: Desk, person: Person, last: date) -> Text | None:
    """What a person is told when a month ends with ``last``: how regular they were; who leads, how all were.

    None: too little was asked for, nobody of them handed in anything, or the project does not want it.
    """
    if desk.project.settings.get(SWITCH) is False:
        return None
    first = last.replace(day=1)
    role = desk.books.people.role(desk.project.id, person.id)
    if role in ADMINS and any(lead.id == person.id for lead in desk.leads):
        found = _found(desk, [m.person for m in desk.members if m.role in PARTICIPANTS], first, last)
    else:
        found = _found(desk, [person], first, last)
    if not any(rate.expected >= FEWEST and rate.on_time + rate.late for _, rate in found):
        return None
    lines = _listed([_line(who, rate) for who, rate in found])
    return say("{title}\n{lines}", "{title}\n{lines}", title=_title(desk, first, last), lines=lines)


def _found(desk: Desk, people: Sequence[Person], first: date, last: date) -> list[tuple[Person, Punctual]]:
    asked, came = reckoned(desk, first, last, desk.books.at, people[0].id if len(people) == 1 else None)
    theirs: dict[int, list[tuple[date, int]]] = {}
    for one in asked:
        theirs.setdefault(one[1], []).append(one)
    came_from: dict[int, list[tuple[date, int, str]]] = {}
    for each in came:
        came_from.setdefault(each[1], []).append(each)
    rates = [(person, punctual(theirs.get(person.id, ()), came_from.get(person.id, ()))) for person in people]
    return [(person, rate) for person, rate in rates if rate.expected]


def _title(desk: Desk, first: date, last: date) -> Text:
    return say(
        "{project} 日报 {first}~{last}", "{project}: reports {first} to {last}", project=desk.project.name,
        first=bare_day(first), last=bare_day(last),
    )  # fmt: skip


def _listed(lines: list[Text]) -> Text:
    if len(lines) > MOST:
        lines = [*lines[:MOST], say("还有 {n} 人。", "{n} more people.", n=len(lines) - MOST)]
    return join(lines, "\n")


def _line(person: Person, found: Punctual) -> Text:
    return say(
        "{name} 准时 {rate}%（应交 {all}，准时 {on_time}，补交 {late}，没交 {none}）",
        "{name}: {rate}% in time ({all} asked for, {on_time} in time, {late} late, {none} not in)",
        name=person.name, rate=found.rate or 0, all=found.expected, on_time=found.on_time, late=found.late,
        none=found.expected - found.on_time - found.late,
    )  # fmt: skip
