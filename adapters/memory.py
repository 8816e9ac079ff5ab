"""What an adapter learns from what comes in: bounded, and forgotten with the process."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

REMEMBERED = 50_000
V = TypeVar("V")


class Memory(OrderedDict[str, V], Generic[V]):
    """The latest ``REMEMBERED`` entries."""

    def keep(self, key: str, value: V) -> None:
        self[key] = value
        self.move_to_end(key)
        if len(self) > REMEMBERED:
            self.popitem(last=False)
