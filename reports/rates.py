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
from storage.people import Person

MOST = 60
"""People in one card."""


def rate_card(desk: Desk, people: Sequence[Person], first: date, last: date) -> Card | None:
    """Of these people, in their order; None: nothing was asked of them."""
    asked, came = reckoned(desk, first, last, desk.books.at)
    lines: list[Text] = []
    for person in people:
        found = punctual([one for one in asked if one[1] == person.id], [one for one in came if one[1] == person.id])
        if found.expected:
            lines.append(_line(person, found))
    if not lines:
        return None
    title = say(
        "{project} 日报 {first}~{last}", "{project}: reports {first} to {last}", project=desk.project.name,
        first=bare_day(first), last=bare_day(last),
    )  # fmt: skip
    if len(lines) > MOST:
        lines = [*lines[:MOST], say("还有 {n} 人。", "{n} more people.", n=len(lines) - MOST)]
    foot = say(
        "休假的日子不算；只有本人和负责人看得到。", "Days off do not count; seen by each alone and by who leads."
    )
    return Card((Paragraph(join(lines, "\n")), Paragraph(foot, quiet=True)), title)


def _line(person: Person, found: Punctual) -> Text:
    return say(
        "{name} 准时 {rate}%（应交 {all}，准时 {on_time}，补交 {late}，没交 {none}）",
        "{name}: {rate}% in time ({all} asked for, {on_time} in time, {late} late, {none} not in)",
        name=person.name, rate=found.rate or 0, all=found.expected, on_time=found.on_time, late=found.late,
        none=found.expected - found.on_time - found.late,
    )  # fmt: skip
