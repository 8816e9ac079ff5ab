"""What rules have to say to one person is collected, part by part, and said in one message: see ``reports.slot_say``.

A tick never writes to a person by itself when others may at the same moment: it calls ``collect``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chat.cards import Button, Buttons, Card, Paragraph, decode
from chat.frozen import frozen
from chat.text import Text, join, listed, say
from reports.daily_desk import Desk
from reports.rules import foot
from storage.books import Books
from storage.links import Node
from storage.parts import Kept

SAY = "slot.say"
_BESIDE = {"task.done": "overdue.done"}
"""What a button does on a card of several things, which must stay for the others."""


@frozen
class Part:
    """What one rule says about one thing. ``kind``, ``subject``: by which it is drawn anew.

    ``ref``: what its buttons are about, for where others stand beside them. ``brief``, ``last``: how many of its first
    lines and last buttons are shown where others are said as well; 0: all. ``each``: so many lines are about one of its
    several things, the first of them names it and ``ref`` names them all; 0: it is about one thing. ``nodes``: when one
    of them is closed, it has to be drawn anew. ``holds``: the task whose owner is mentioned in the groups when they
    cannot be written to; "": that is not worth it.
    """

    rule: str
    kind: str
    subject: str
    lines: tuple[Text, ...]
    buttons: tuple[Button, ...] = ()
    ref: str = ""
    brief: int = 0
    last: int = 0
    nodes: tuple[Node, ...] = ()
    holds: str = ""
    each: int = 0

    def alone(self) -> Card:
        """As the only thing that is said."""
        ways = (Buttons(self.buttons),) if self.buttons else ()
        return Card((Paragraph(join(list(self.lines), "\n")), *ways, *foot(self.rule)))

    def words(self, most: int) -> Text:
        """At most so many lines, beside others, and one that names the things which have no room."""
        room = min(most, self.brief or most)
        if not self.each or len(self.lines) <= room:
            return join(list(self.lines[:room]), "\n")
        names, more = self.lines[:: self.each][:room], self.ref.split()[room:]
        if not more:
            return join(list(names), "\n")
        rest = say("还有 {refs}，发编号看详情", "Also {refs}: send one to see it", refs=listed(more))
        return join([*names, rest], "\n")

    def named(self) -> list[Button]:
        """Its buttons, each with the name of what it is about."""
        return [
            Button(
                say("{ref} {label}", "{ref} {label}", ref=self.ref, label=button.label) if self.ref else button.label,
                _BESIDE.get(button.verb, button.verb), button.args, button.version, button.style,
            )
            for button in self.buttons[-self.last :]
        ]  # fmt: skip


def collect(desk: Desk, person_id: int, part: Part, at: datetime) -> None:
    """To be said to the person at ``at``, with everything else there is then; not if they turned such things off."""
    if desk.books.pushes.muted(person_id, part.rule):
        return
    desk.books.parts.put(person_id, desk.project.id, part.kind, part.subject, _stored(part))
    call(desk.books, person_id, at)


def call(books: Books, person_id: int, at: datetime) -> None:
    """Something is there to be said to them at ``at``."""
    books.schedules.replace(SAY, f"person:{person_id}", at, by=books.key)


Redraw = Callable[[Desk, int, str], Part | None]
REDRAWN: dict[str, Redraw] = {}
"""{kind: the part as it is now}."""


def redraws(kind: str) -> Callable[[Redraw], Redraw]:
    """Mark what draws a part of that kind anew for (desk, person, subject); it gives None for what holds no more."""

    def mark(redraw: Redraw) -> Redraw:
        REDRAWN[kind] = redraw
        return redraw

    return mark


def _stored(part: Part) -> Mapping[str, Any]:
    blocks = (*map(Paragraph, part.lines), *((Buttons(part.buttons),) if part.buttons else ()))
    return {
        "rule": part.rule, "card": Card(blocks), "ref": part.ref, "brief": part.brief, "last": part.last,
        "nodes": part.nodes, "holds": part.holds,
        "each": part.each,
    }  # fmt: skip


def read(kept: Kept) -> Part:
    """As it was collected."""
    body = kept.body
    card = decode(body["card"])
    return Part(
        body["rule"], kept.kind, kept.subject,
        tuple(block.text for block in card.blocks if isinstance(block, Paragraph)),
        tuple(button for block in card.blocks if isinstance(block, Buttons) for button in block.buttons),
        body["ref"], body["brief"], body["last"], tuple((kind, number) for kind, number in body["nodes"]),
        body["holds"], body.get("each", 0),
    )  # fmt: skip
