"""Everything one person is to be reminded of at one moment, in one message of at most ten lines or so."""

from __future__ import annotations

from collections.abc import Sequence

from chat.cards import Button, Buttons, Card, Paragraph
from chat.text import Text, join, say
from reports import early, overdue_cards, silence
from reports.daily_desk import Desk
from reports.rules import NAMES, OVERDUE, SILENT, WARN, mute_button
from storage.people import Person
from storage.pushes import Push

TOGETHER = (OVERDUE, SILENT, WARN)
"""The rules that share one message."""
LINES = 8
MOST_BUTTONS = 6


def card(desk: Desk, person: Person, pushes: Sequence[Push]) -> Card:
    """Of one rule alone: its own card. Of several: one after another, each with a way out of it."""
    by_rule = {rule: [push for push in pushes if push.rule.startswith(rule + ".")] for rule in TOGETHER}
    told = {rule: found for rule, found in by_rule.items() if found}
    if len(told) == 1:
        rule, found = next(iter(told.items()))
        if rule == SILENT:
            return silence.card(person, found)
        return (overdue_cards.card if rule == OVERDUE else early.card)(desk, person, found)
    most = LINES // len(told)
    parts = [_words(desk, person, rule, found, most) for rule, found in told.items()]
    ways = [button for rule, found in told.items() for button in _buttons(person, rule, found)][:MOST_BUTTONS]
    offs = [
        mute_button(rule, say("关闭{rule}", "Turn off: {rule}", rule=NAMES[rule])) for rule in told
    ]  # fmt: skip
    return Card(
        (
            Paragraph(join(parts, "\n")),
            *((Buttons(tuple(ways)),) if ways else ()),
            Paragraph(join([NAMES[rule] for rule in told], " · "), quiet=True),
            Buttons(tuple(offs)),
        )
    )


def _words(desk: Desk, person: Person, rule: str, pushes: Sequence[Push], most: int) -> Text:
    if rule == SILENT:
        return silence.words(person, pushes, most)
    if rule == WARN:
        return early.words(desk, pushes, most)
    return overdue_cards.words(desk, person, pushes, most)


def _buttons(person: Person, rule: str, pushes: Sequence[Push]) -> list[Button]:
    if rule == SILENT:
        return silence.buttons(person, pushes, named=True)
    if rule == WARN:
        return early.buttons(person, pushes, named=True)
    return overdue_cards.buttons(person, pushes, named=True)
