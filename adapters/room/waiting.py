"""What the bot has not acknowledged yet: kept, told again, and at last let go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from adapters.room.store import Store
from adapters.room.things import PLATFORM, read_incoming
from chat.messages import Answer, Incoming

REMEMBERED = 2_000
"""How many acknowledged things and answers are kept for ``redeliver`` and for a press sent twice."""

V = TypeVar("V")


class Numbers:
    """Counts messages, people, groups, presses and events; a number is never given twice, not even after a crash."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counts: dict[str, int] = dict(store.load("room").get("counts") or {})

    def next(self, what: str) -> tuple[int, str]:
        """(the number, the number as this store writes it in an id)."""
        count = self._counts[what] = self._counts.get(what, 0) + 1
        self._store.put("room", "counts", self._counts)
        return count, f"{self._store.series}{count}"


class Waiting:
    """Things for the bot, oldest first. ``answers``: what it answered to the latest presses, by key."""

    def __init__(self, store: Store, numbers: Numbers) -> None:
        self._store = store
        self._numbers = numbers
        self.things: dict[str, Incoming] = {}
        self.answers: dict[str, Answer | None] = {}
        self._done: dict[str, Incoming] = {}
        self._takers: list[Callable[[Incoming], None]] = []
        for raw in sorted(store.load("pending").values(), key=lambda raw: int(raw["n"])):
            thing = read_incoming(raw["thing"])
            self.things[thing.key] = thing

    def subscribe(self, taker: Callable[[Incoming], None]) -> Callable[[], None]:
        """Call ``taker`` with each new thing. Returns the way to stop that."""
        self._takers.append(taker)
        return lambda: self._takers.remove(taker)

    def key(self, what: str) -> str:
        """A key for the next press or event."""
        return f"{PLATFORM}:{what}:{self._numbers.next(what)[1]}"

    def tell(self, thing: Incoming) -> None:
        self.things[thing.key] = thing
        self._store.put("pending", thing.key, {"n": self._numbers.next("thing")[0], "thing": thing})
        for taker in list(self._takers):
            taker(thing)

    def acknowledge(self, key: str, answer: Answer | None) -> Incoming | None:
        """Let it go and return it; None when it was already acknowledged."""
        thing = self.things.pop(key, None)
        if thing is not None:
            self._store.put("pending", key, None)
            remember(self._done, key, thing)
            if thing.kind == "click":
                remember(self.answers, key, answer)
        return thing

    def again(self, key: str) -> None:
        self.tell(self._done[key])

    @property
    def done(self) -> Mapping[str, Incoming]:
        return self._done


def remember(memory: dict[str, V], key: str, value: V) -> None:
    """Keep the latest few thousand."""
    memory[key] = value
    if len(memory) > REMEMBERED:
        del memory[next(iter(memory))]
