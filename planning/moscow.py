"""Must, should, could, won't: how much of the time there is goes into what must be, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from chat.frozen import frozen
from planning.metrics import half_up

Choice = Literal["must", "should", "could", "wont"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
MOST_MUST = 60
"""Per cent of the time there is; above it nothing unforeseen may happen."""


@frozen
class Item:
    """An open task: ``days`` of work left, ``choice`` of this week, ``before`` of the last time; "" for none."""

    number: int
    task: int
    days: float
    choice: str = ""
    before: str = ""

    @property
    def stands(self) -> str:
        """What it counts as: this week's choice, else the last one."""
        return self.choice or self.before


@frozen
class Weighed:
    """``must``: how many; ``days``: of work left in them; ``capacity``: person-days of this week."""

    must: int
    days: float
    capacity: float
    changed: tuple[Item, ...]
    unsaid: tuple[Item, ...]

    @property
    def per_cent(self) -> int | None:
        """None: nobody is there."""
        return half_up(round(1000 * self.days), round(10 * self.capacity)) if self.capacity else None

    @property
    def too_much(self) -> bool:
        return self.must > 0 and (self.per_cent is None or self.per_cent > MOST_MUST)


def weigh(items: Sequence[Item], capacity: float) -> Weighed:
    """What the choices add up to."""
    must = [item for item in items if item.stands == "must"]
    return Weighed(
        len(must), sum(item.days for item in must), capacity,
        tuple(item for item in items if item.choice and item.choice != item.before),
        tuple(item for item in items if not item.choice),
    )  # fmt: skip


def in_order(items: Sequence[Item], due: Mapping[int, str]) -> list[Item]:
    """Must first, what was never weighed last; within, by due. due: {task: ISO date}."""
    rank: dict[str, int] = {choice: number for number, choice in enumerate(CHOICES)}
    return sorted(items, key=lambda item: (rank.get(item.before, len(rank)), due.get(item.task, "9"), item.number))
