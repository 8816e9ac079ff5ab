"""Everything one person is to be reminded of at one moment, in one message of at most ten lines or so."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from chat.cards import Button, Buttons, Card, Paragraph
from chat.frozen import frozen
from chat.text import Text, join, say
from reports import early, overdue_cards, silence
from reports.daily_desk import Desk
from reports.rules import NAMES, OVERDUE, SILENT, WARN, mute_button
from reports.slot import Part
from reports.task_board import columns
from storage.people import Person
from storage.pushes import Push

TOGETHER = (OVERDUE, SILENT, WARN)
"""The rules that speak of tasks; what they found is in ``storage.pushes``."""
ORDER = (
    "remind", OVERDUE, "risk.up", "milestone.day", "risk.down", SILENT, "milestone.near", WARN, "stage", "renewal",
    "health", "risk.well",
)  # fmt: skip
"""What is said first: what was asked for, what is late, what will be, what is well."""
LINES = 8
MOST_LINES = 12
MOST_BUTTONS = 8
"""With those that turn rules off: as many as stand on one card everywhere."""
LEAST_BUTTONS = 3
PROJECT = 6
"""Columns of a project's name on a button."""


@frozen
class Pushed:
    """What one rule says of tasks of one project."""

    desk: Desk
    person: Person
    rule: str
    pushes: Sequence[Push]

    @property
    def kind(self) -> str:
        return self.rule

    def alone(self) -> Card:
        """As the only thing that is said."""
        if self.rule == SILENT:
            return silence.card(self.person, self.pushes)
        return (overdue_cards.card if self.rule == OVERDUE else early.card)(self.desk, self.person, self.pushes)

    def words(self, most: int) -> Text:
        """most: lines about single tasks."""
        if self.rule == SILENT:
            return silence.words(self.person, self.pushes, most)
        if self.rule == WARN:
            return early.words(self.desk, self.person, self.pushes, most)
        return overdue_cards.words(self.desk, self.person, self.pushes, most)

    def named(self) -> list[Button]:
        """Its buttons, each with the name of its task."""
        if self.rule == SILENT:
            return silence.buttons(self.person, self.pushes, named=True)
        if self.rule == WARN:
            return early.buttons(self.person, self.pushes, named=True)
        return overdue_cards.buttons(self.person, self.pushes, named=True)


@frozen
class Said:
    """What is said about one project."""

    desk: Desk
    what: Pushed | Part

    @property
    def project(self) -> int:
        return self.desk.project.id


def card(found: Sequence[Said]) -> Card:
    """Of one thing: its own card. Of several: one after another, each rule with a way out of it."""
    if len(found) == 1:
        return found[0].what.alone()
    found = _ordered(found)
    several = found[0].project != found[-1].project
    rules = list(dict.fromkeys(said.what.rule for said in found))
    shown, words = _shown(found, several=several)
    offs = [
        mute_button(rule, say("关闭{rule}", "Turn off: {rule}", rule=NAMES[rule]) if len(rules) > 1 else None)
        for rule in rules
    ]
    ways = _ways(shown, max(LEAST_BUTTONS, MOST_BUTTONS - len(offs)), several=several)
    return Card(
        (
            *map(Paragraph, words),
            *((Buttons(tuple(ways)),) if ways else ()),
            Paragraph(join([NAMES[rule] for rule in rules], " · "), quiet=True),
            Buttons(tuple(offs)),
        )
    )


def _ordered(found: Sequence[Said]) -> list[Said]:
    """Project by project, the one with the most urgent thing first."""
    rank = {kind: number for number, kind in enumerate(ORDER)}
    first = {said.project: len(ORDER) for said in found}
    for said in found:
        first[said.project] = min(first[said.project], rank[said.what.kind])
    return sorted(found, key=lambda said: (first[said.project], said.project, rank[said.what.kind]))


def _shown(found: Sequence[Said], *, several: bool) -> tuple[Sequence[Said], list[Text]]:
    """Those that have room, and their words, each project's by themselves."""
    most = max(1, LINES // len(found))
    words: list[Text] = []
    lines = project = 0
    for number, said in enumerate(found):
        text = said.what.words(max(2, most) if isinstance(said.what, Part) else most)
        head = several and said.project != project
        lines += text.plain("zh").count("\n") + 1 + head
        if lines > MOST_LINES and number:
            left = len(found) - number
            words.append(say("还有 {n} 件事，发「/我的」「/风险」看全部", "{n} more: send “/my” or “/risk”", n=left))
            return found[:number], words
        if head:
            words.append(join([say("「{project}」", "{project}:", project=said.desk.project.name), text], "\n"))
        elif words:
            words[-1] = join([words[-1], text], "\n")
        else:
            words.append(text)
        project = said.project
    return found, words


def _ways(found: Sequence[Said], most: int, *, several: bool) -> list[Button]:
    """At most so many, of each thing its first one before any has its second; one thing's beside each other."""
    names = _names(found) if several else {}
    rows = [_buttons(said, names.get(said.project, "")) for said in found]
    ranked = [button for rank in zip_longest(*rows) for button in rank if button is not None][:most]
    return [button for row in rows for button in row if button in ranked]


def _buttons(said: Said, project: str) -> list[Button]:
    if not project:
        return said.what.named()
    return [
        Button(
            say("{project} {label}", "{project} {label}", project=project, label=button.label), button.verb,
            button.args, button.version, button.style,
        )
        for button in said.what.named()
    ]  # fmt: skip


def _names(found: Sequence[Said]) -> dict[int, str]:
    """What projects are called on buttons: ``双十一``, ``Launch``; in full where that would be the same for two."""
    whole = {said.project: said.desk.project.name for said in found}
    short = {project: _short(name) for project, name in whole.items()}
    return short if len(set(short.values())) == len(short) else whole


def _short(name: str) -> str:
    while columns(name) > PROJECT:
        name = name[:-1]
    return name.strip()
