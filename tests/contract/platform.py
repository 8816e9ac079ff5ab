"""What the contract suite asks of a platform's fake: the class ``Platform``, and how to plug one in.

To add a platform, write ``tests/platforms/<name>_contract.py`` with one subclass of ``Platform`` (about 100 lines over
the fake server you have anyway) and add one line to ``PLATFORMS`` in ``tests/contract/conftest.py``. Every test in this
folder then runs against it. Nothing else is edited.

The parties::

    Ledger   the bot's side: an ``Intake`` that "commits" by remembering keys. Tests make it slow, broken or stuck.
    Platform the vendor's side: people who speak and press, what they see, what the bot's acknowledgement was.
    journal  one list of (what, key) that both write: "tried", "committed", "acked", "refused", "released". Order in it
             is order in time.

What a subclass does:

* ``adapter``: the adapter under test, made by the real ``open`` of its package and pointed at the fake's sockets. Give
  the fake and the adapter ``self.clock`` (stands still until ``clock.forward``) where time matters.
* ``start``/``stop``: the fake server's life, and ``listen`` as a task (``self.listening`` does it). ``start`` returns
  when the adapter can hear. ``stop`` must not fail when the test has stopped things already.
* ``say``, ``press``, ``again``: what people and the platform do. Each returns the ``Incoming.key`` that the adapter has
  to submit for it. They return at once; the suite waits with ``until``.
* write "acked"/"refused" into the journal when the platform has received an acknowledgement (the bytes of it, not the
  adapter's intention). "refused" is a negative acknowledgement, or a time-out, that makes the platform send it again.
* ``shown``: what readers of a chat see now, newest version of each message, oldest message first, as plain words.
* ``fail``: let the next call that sends or edits a message meet this fault, once (see ``Fault``).
* ``cannot``: the names of abilities this platform does not have; tests that need one are skipped. They are
  "tokens" (no access token), "edits" (no editing in place), "wire" (no frames that could be malformed), "signatures"
  (nothing is signed), "faults" (sends cannot fail in these ways), "redelivery" (never sends a thing again by itself),
  "answers" (the answer to a press is not part of the acknowledgement), "directs" (no direct messages unasked),
  "cards" (a press does not say on which message it was), "late answers" (it waits for the answer to a press as long
  as it takes, or has a way of its own to show that it is under way).

Time: no test sleeps. Where a vendor waits (redelivery after 15 s, an acknowledgement within 3 s) the fake takes the
figure as a parameter and is made with milliseconds here.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Literal

from bot.clock import VirtualClock
from chat.cards import Button, Card, text_card
from chat.errors import IntakeUnavailable
from chat.messages import Answer, Incoming, Outgoing, Receipt, Sent
from chat.ports import Adapter
from chat.text import Text, say, verbatim
from tests.activity import until

Where = Literal["group", "direct"]
PATIENCE = 10.0
"""Seconds after which ``until`` gives up. Never waited for when things work."""
CARD = text_card(say("要办吗？", "Do it?"), Button(say("办", "Do"), "do", ("T1",), 3, "primary"))
DONE = text_card(say("已处理", "Done"))
TOAST = say("收到", "Got it")


class Fault(Enum):
    """What the next send meets."""

    STALE_TOKEN = "the platform calls our token invalid or expired, before its time"
    TOO_FAST = "the platform's own answer to too many messages"
    GONE = "the bot was removed from this chat"
    REFUSED = "the platform refuses this content"
    NO_ANSWER = "the message is delivered, but the connection breaks before the answer"
    BROKEN = "HTTP 500 or the platform's «system busy»; nothing is delivered"


class Ledger:
    """An ``Intake``. Answers a press with ``TOAST`` and a card.

    ``done``: the card that a press is answered with. ``refuse``: so many submits fail with IntakeUnavailable.
    ``explode``: so many fail with an exception nobody expects. ``gate``: cleared, submits wait.
    """

    def __init__(self, journal: list[tuple[str, str]]) -> None:
        self.journal = journal
        self.things: list[Incoming] = []
        self.answers: dict[str, Answer | None] = {}
        self.done: Card | None = DONE
        self.refuse = 0
        self.explode = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def submit(self, thing: Incoming) -> Receipt:
        self.journal.append(("tried", thing.key))
        await self.gate.wait()
        if self.explode:
            self.explode -= 1
            raise ZeroDivisionError("a fault of the bot's own")
        if self.refuse:
            self.refuse -= 1
            raise IntakeUnavailable("not now")
        duplicate = thing.key in self.answers
        if not duplicate:
            self.things.append(thing)
            self.answers[thing.key] = Answer(TOAST, self.done) if thing.kind == "click" else None
            self.journal.append(("committed", thing.key))
        return Receipt(self.answers[thing.key], duplicate, lambda: self.journal.append(("released", thing.key)))

    def thing(self, key: str) -> Incoming:
        return next(thing for thing in self.things if thing.key == key)


class Platform(ABC):
    """One platform with its fake, its adapter and its people. Always there: a group with 张三, 李四 and the bot."""

    cannot: frozenset[str] = frozenset()
    name: str

    def __init__(self) -> None:
        self.journal: list[tuple[str, str]] = []
        self.clock = VirtualClock(datetime(2026, 9, 18, 2, 0, tzinfo=UTC))
        self.ledger = Ledger(self.journal)
        self._task: asyncio.Task[None] | None = None
        self._parcels = 0

    # --- what each platform provides -----------------------------------------------------------------------------

    adapter: Adapter

    @abstractmethod
    async def start(self) -> None:
        """The fake serves, the adapter listens."""

    @abstractmethod
    async def stop(self) -> None:
        """Everything is let go. Called once at the end, whatever happened."""

    @abstractmethod
    async def say(self, text: str, who: str = "张三", where: Where = "group") -> str:
        """Somebody writes to the bot (in the group with an @ in front). Returns the key."""

    @abstractmethod
    async def press(self, message_id: str, who: str = "张三") -> str:
        """Somebody presses the (first) button of a card that the bot sent. Returns the key."""

    @abstractmethod
    async def again(self, key: str) -> None:
        """The platform delivers this thing once more, as after a lost acknowledgement."""

    @abstractmethod
    def answer(self, key: str) -> tuple[str, str]:
        """(toast, card as plain words) that the acknowledgement of this press carried; "" where there was none."""

    @abstractmethod
    def chat(self, where: Where = "group", who: str = "张三") -> str:
        """``Outgoing.chat`` of the group, or of a person's direct messages."""

    @abstractmethod
    def shown(self, where: Where = "group", who: str = "张三") -> list[str]:
        """What the bot has said there, as its readers see it now."""

    def impatient(self) -> None:
        """From now on the platform waits only milliseconds for the answer to a press."""
        raise NotImplementedError

    def fail(self, fault: Fault) -> None:
        """The next send or edit meets this fault, once."""
        raise NotImplementedError

    @property
    def tokens(self) -> int:
        """How many access tokens were fetched so far."""
        raise NotImplementedError

    async def forged(self) -> list[bool]:
        """Send things with a wrong, missing, old or foreign signature. Each: was it turned away?"""
        raise NotImplementedError

    async def strange(self, change: Callable[[Any], Any]) -> None:
        """Send a message whose decoded event went through ``change``; returns once the platform was answered."""
        raise NotImplementedError

    # --- what the suite uses -------------------------------------------------------------------------------------

    def listening(self) -> asyncio.Task[None]:
        """``adapter.listen`` as a task that ``deaf`` ends."""
        self._task = asyncio.create_task(self.adapter.listen(self.ledger), name=f"listen {self.name}")
        return self._task

    async def deaf(self) -> None:
        """Stop listening, as the bot does first when it stops."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def deliver(
        self,
        card: Card | str,
        where: Where = "group",
        *,
        who: str = "张三",
        kind: Literal["post", "edit", "direct"] | None = None,
        key: str = "",
        target: str = "",
        name: str = "",
        reply_to: str = "",
    ) -> Sent:
        """The courier's call, at its pace. The same ``key`` twice is the same parcel twice."""
        await self.forward(0.5)
        self._parcels += 1
        return await self.adapter.deliver(
            Outgoing(
                self._parcels,
                key or f"{self.name}:parcel/{self._parcels}",
                self.name,
                kind or ("post" if where == "group" else "direct"),
                self.chat(where, who),
                text_card(verbatim(card)) if isinstance(card, str) else card,
                reply_to=reply_to,
                target=target,
                name=name,
            )
        )

    def times(self, what: str, key: str) -> int:
        return self.journal.count((what, key))

    async def forward(self, seconds: float) -> None:
        self.clock.set(self.clock.now() + timedelta(seconds=seconds))

    async def until(self, condition: Callable[[], object]) -> None:
        """Let everything else run until ``condition`` holds."""
        await until(condition, PATIENCE)

    async def acked(self, *keys: str) -> None:
        await self.until(lambda: all(self.times("acked", key) for key in keys))


def words(text: Text | str) -> str:
    return text if isinstance(text, str) else text.render()


def texts(things: Sequence[Incoming]) -> list[str]:
    """What was said, without the bot's name and the blanks around it."""
    return [thing.text.replace("\ufffc", "").strip() for thing in things]
