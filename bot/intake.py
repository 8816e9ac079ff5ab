"""Where adapters hand things in: addressed to us? then one transaction; returned = committed.

What has been handed in and is not committed yet is limited, and memory with it. Beyond that a press is answered at
once, and of a message nothing is stored: it is not acknowledged, so that its platform brings it again.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from time import perf_counter

from bot.courier import Courier
from bot.dispatch import Dispatcher, Outcome
from bot.meter import Meter
from bot.pace import Pace
from chat.errors import IntakeUnavailable
from chat.messages import TOKEN, Answer, Incoming, Receipt
from chat.seldom import Seldom
from chat.text import say
from storage.errors import Unstorable
from storage.transaction import Tx
from storage.work import Door, Writer

log = logging.getLogger("jindu.intake")
LONGEST = 20_000
"""Characters of a message that are read. Nobody writes more by hand; what looks for words in it takes its time."""
ROOMY = 200
"""Characters below which no row of blanks is long."""
_BLANKS = re.compile(r"\s{65,}")
"""What looks for words begins anew at each blank of a row: a line of 20,000 held everybody up for ten seconds."""
TOO_FAST = say("点得太快了，请等一分钟再点。", "Too many presses; please wait a minute.")
MOST = 2000
"""Things under way at once: a second or two of work. Platforms wait no longer for an acknowledgement."""
CROWDED = say(
    "现在太忙，没有改动。请过一会儿再点。", "Too busy right now; nothing was changed. Please press again soon."
)
RELEASE_AFTER = 3.0
"""Seconds after which a press's consequences go out even if the adapter never said that it was answered."""


class Intake:
    """The one door into the books for everything that happens."""

    def __init__(self, writer: Writer, dispatcher: Dispatcher, courier: Courier, meter: Meter) -> None:
        self._writer = writer
        self._dispatcher = dispatcher
        self._courier = courier
        self.meter = meter
        self.on_unstorable: Callable[[Incoming, str], Awaitable[None]] | None = None
        """Told of each thing that could not be stored, and why; before the adapter is."""
        self.pace: Pace | None = None
        """Keeps people from flooding the bot; None: no limit."""
        self.on_heard: Callable[[Incoming], None] | None = None
        """Told of every message and press as it comes in."""
        self.on_crowded: Callable[[Incoming], None] | None = None
        """Told of each message that has to come again because there are too many."""
        self.most = MOST
        self._under_way = 0
        self._too_many = Seldom(log, "more comes in than can be done")

    async def submit(self, thing: Incoming) -> Receipt:
        """Commit the thing and what follows from it. Raises IntakeUnavailable: nothing was stored."""
        if thing.kind == "message" and not thing.addressed:
            return Receipt()
        if self.pace is not None and (verdict := self.pace.judge(thing)) != "take":
            if verdict == "drop":
                return Receipt()
            if thing.kind == "click":
                return Receipt(Answer(TOO_FAST))
            thing = replace(thing, kind="event", event="flooded")
        if self._under_way >= self.most and thing.kind != "tick":
            return self._crowded(thing)
        if len(thing.text) > ROOMY:
            thing = shortened(thing)
        if self.on_heard is not None and thing.kind in ("message", "click"):
            self.on_heard(thing)
        begun = perf_counter()
        door = Door.CLOCK if thing.kind == "tick" else Door.PEOPLE
        self._under_way += 1
        try:
            outcome = await self._writer.submit(partial(self._dispatch, thing), door, _lane(thing))
        except Unstorable as error:
            self.meter.handled(thing.platform, thing.kind, "unstorable", perf_counter() - begun)
            if self.on_unstorable is not None:
                await self.on_unstorable(thing, str(error))
            raise IntakeUnavailable(str(error)) from error
        finally:
            self._under_way -= 1
        seen = "seen before" if outcome.duplicate else "done"
        self.meter.handled(thing.platform, thing.kind, seen, perf_counter() - begun)
        if not outcome.parcels:
            return Receipt(outcome.answer, outcome.duplicate)
        release = _Once(partial(self._courier.take, outcome.parcels))
        asyncio.get_running_loop().call_later(RELEASE_AFTER, release)
        return Receipt(outcome.answer, outcome.duplicate, release)

    def _crowded(self, thing: Incoming) -> Receipt:
        """Nothing of it is kept."""
        self.meter.handled(thing.platform, thing.kind, "crowded", 0.0)
        self._too_many(action="crowded", under_way=self._under_way, platform=thing.platform)
        if thing.kind == "click":
            return Receipt(Answer(CROWDED))
        if self.on_crowded is not None:
            self.on_crowded(thing)
        raise IntakeUnavailable("more comes in than can be done")

    def _dispatch(self, thing: Incoming, tx: Tx) -> Outcome:
        return self._dispatcher(tx, thing)


def shortened(thing: Incoming) -> Incoming:
    """The beginning of a very long message, with those who are mentioned in it; of a long row of blanks some."""
    text = _BLANKS.sub(lambda row: row.group()[:64], thing.text[:LONGEST])
    if text == thing.text:
        return thing
    return replace(thing, text=text, mentions=thing.mentions[: text.count(TOKEN)])


def _lane(thing: Incoming) -> str:
    """Things of one chat keep their order; what happens nowhere has none."""
    return f"{thing.platform}:{thing.chat.id}" if thing.chat else thing.key


class _Once:
    """Call it as often as you like; it happens once."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act: Callable[[], None] | None = act

    def __call__(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()
