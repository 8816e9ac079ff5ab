"""Stages of a project rolled up: how much of each is done, how late it is, and which one lags most."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chat.frozen import frozen


@frozen
class Part:
    """One task that is not cancelled. ``late``: working days it is, or will be, beyond its due; 0 when it is not."""

    stage: str
    progress: int
    weight: int
    done: bool
    late: int


@frozen
class Stage:
    """``percent``: weighted progress of its tasks. ``late``: working days of its latest open task."""

    name: str
    percent: int
    done: int
    all: int
    late: int


def rolled_up(parts: Iterable[Part], names: Sequence[str]) -> list[Stage]:
    """Every stage of ``names`` and of the tasks, the one that lags most first; untouched and finished ones last."""
    by_stage: dict[str, list[Part]] = {name: [] for name in names}
    for part in parts:
        if part.stage:
            by_stage.setdefault(part.stage, []).append(part)
    order = {name: place for place, name in enumerate(by_stage)}
    found = [_stage(name, mine) for name, mine in by_stage.items()]
    return sorted(found, key=lambda s: (s.done == s.all, -s.late, s.percent, order[s.name]))


def _stage(name: str, parts: Sequence[Part]) -> Stage:
    whole = sum(part.weight for part in parts)
    made = sum((100 if part.done else part.progress) * part.weight for part in parts)
    late = max((part.late for part in parts if not part.done), default=0)
    return Stage(name, round(made / whole) if whole else 0, sum(part.done for part in parts), len(parts), late)
