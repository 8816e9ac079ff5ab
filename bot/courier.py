"""Carries the outbox to the world: one lane per chat, in order, within each platform's limits.

A parcel is carried until it arrives or somebody knows why not. The queues are hints: a restart rebuilds them from rows.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Literal
from zlib import crc32

from bot.backlog import Backlog
from bot.lanes import Lane, Lanes
from bot.meter import Meter
from bot.painter import Painter
from chat.cards import Card, Paragraph, Picture, text_card
from chat.errors import DeliveryError, Exhausted, Gone, InDoubt, Recalled, Rejected, RetryLater
from chat.messages import Outgoing
from chat.plain import plain
from chat.ports import Adapter, Capabilities, Clock
from chat.text import verbatim
from storage import outbox
from storage.outbox import Waiting
from storage.statement import ms
from storage.transaction import Tx
from storage.work import Door, Writer

log = logging.getLogger("jindu.courier")
ATTEMPTS = 10
BACKOFF = (1.0, 5.0, 30.0, 60.0, 300.0, 1800.0, 7200.0)
"""Seconds before the 2nd, 3rd … attempt."""
SETTLE_AGAIN = 1.0
"""Seconds before writing down again what could not be written down."""
HALF_HOUR = 1800.0
UNASKED = 0.75
"""Share of an app's messages that those which nobody waits for may take."""
RECENT = 4096
"""Cards whose message ids are remembered until they are surely written down."""


class Courier:
    """Delivers parcels. ``take`` is called on the loop, in commit order."""

    def __init__(self, writer: Writer, adapters: Mapping[str, Adapter], clock: Clock, meter: Meter) -> None:
        self._writer = writer
        self._adapters = adapters
        self._clock = clock
        self._meter = meter
        self._lanes = Lanes(self._carry, self._aside)
        self._backlog = Backlog(writer, self.resume, self._lanes.take)
        self._resting: set[int] = set()
        self._off: set[int] = set()
        """Which wait to be tried again, and which of them shall not be."""
        self._results: dict[int, tuple[int, str]] = {}
        self._recent: OrderedDict[tuple[str, str, str], str] = OrderedDict()
        self._settling = False
        self._due_at: dict[Lane, float] = {}
        self.share: Callable[[list[Outgoing]], list[Outgoing]] | None = None
        """Of several processes: which of these this one delivers."""
        self.may: Callable[[Outgoing], bool] | None = None
        """Of several processes: may this one still deliver it?"""
        self.on_gone: Callable[[Outgoing], None] | None = None
        """Told of a message to a chat or person that cannot be reached any more."""
        self.can: Callable[[str, Capabilities], Capabilities] = lambda platform, can: can
        """What is left of a platform's capabilities just now."""
        self.processes: Callable[[], int] = lambda: 1
        """How many share what an app may send."""
        self.otherwise: Callable[[Tx, Outgoing, bool], bool] | None = None
        """Says in some other way what did not arrive, in the transaction that writes that down; did it?

        The third: much more will not arrive either (the platform takes nothing more this month)."""
        self.spread = False
        """What the clock says at full and half hours is spread over the next seconds where a platform asks for it."""
        self.painter = Painter(None)
        """Draws charts."""

    def take(self, parcels: list[Outgoing]) -> None:
        """Queue parcels that are committed."""
        self._lanes.take(self._backlog.at_once(self.share(parcels) if self.share else parcels))

    def drop(self, parcels: list[int]) -> None:
        """Superseded or dropped in the books: do not send, nor try again."""
        self._backlog.drop(parcels)
        self._lanes.drop(parcels)
        self._off.update(self._resting.intersection(parcels))

    async def restore(self) -> None:
        """After a restart: everything that was not settled, bit by bit."""
        await self._backlog.start()

    def resume(self, left: Iterable[Waiting]) -> None:
        """Go on with what this process, or another one, left unsettled."""
        for waiting in left:
            adapter = self._adapters.get(waiting.parcel.platform)
            if waiting.state == "sending" and adapter is not None and not adapter.can.idempotent:
                self._doubt(waiting.parcel, InDoubt("the bot stopped while it was being sent"))
            else:
                self._lanes.take([waiting.parcel])

    @property
    def under_way(self) -> list[asyncio.Task[None]]:
        """Who is carrying something."""
        return [*self._lanes.under_way, *([self._backlog.reading] if self._backlog.reading else [])]

    async def settle(self) -> None:
        """Write down what was delivered, now."""
        self._forget(await self._writer.submit(self._write_results))

    async def close(self) -> None:
        """Stop sending; what is under way is found unsettled at the next start. What arrived is written down."""
        await self._backlog.close()
        await self._lanes.close()
        await self.settle()

    async def _carry(self, parcel: Outgoing) -> None:
        """Until it is sent or given up."""
        adapter = self._adapters.get(parcel.platform)
        if adapter is None:
            return None  # switched off in the configuration: it stays in the books until the platform is back
        attempt, posted = 0, parcel
        while parcel.id not in self._off and (self.may is None or self.may(posted)):
            attempt += 1
            try:
                await self._pace(adapter, parcel)
                self._delivered(posted, await self._send(adapter, parcel))
                return None
            except (Rejected, Recalled) as error:
                other = _instead(parcel, error)
                if other is None:
                    return self._give_up(parcel, error)
                self._meter.carried(parcel.platform, "degraded")
                log.warning("said otherwise", extra={"action": "degrade", "key": parcel.key, "error": str(error)})
                parcel = other
            except Gone as error:
                return self._nobody(parcel, error)
            except Exhausted as error:
                return self._miss(parcel, error)
            except InDoubt as error:
                if attempt > 1 or not adapter.can.idempotent:
                    return self._doubt(parcel, error)
                self._note(parcel, BACKOFF[0], error)
                await self._rest(parcel, BACKOFF[0], error.sooner)
            except DeliveryError as error:
                if attempt >= ATTEMPTS and not isinstance(error, RetryLater):
                    return self._give_up(parcel, error)
                wait = error.after if isinstance(error, RetryLater) else BACKOFF[min(attempt, len(BACKOFF)) - 1]
                self._note(parcel, wait, error)
                await self._rest(parcel, wait, error.sooner)
            except Exception:
                log.exception("delivery failed", extra={"action": "deliver", "key": parcel.key})
                return self._give_up(parcel, DeliveryError("internal error"))
        self._off.discard(parcel.id)
        return None

    async def _rest(self, parcel: Outgoing, seconds: float, sooner: asyncio.Event | None) -> None:
        """So long, or until the adapter knows that trying again makes sense."""
        over = asyncio.ensure_future(self._clock.sleep_until(self._clock.now() + timedelta(seconds=seconds)))
        called = asyncio.ensure_future(sooner.wait()) if sooner is not None else over
        self._resting.add(parcel.id)
        try:
            await asyncio.wait((over, called), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._resting.discard(parcel.id)
            over.cancel()
            called.cancel()

    async def _send(self, adapter: Adapter, parcel: Outgoing) -> str:
        """The platform's id of the message."""
        if not adapter.can.idempotent:
            await self._writer.submit(partial(_mark, parcel.id))
        if parcel.kind == "edit":
            parcel = replace(parcel, target=await self._target(parcel))
            if not parcel.target:
                raise Gone("the card was never delivered")
        can = self.can(parcel.platform, adapter.can)
        card = await self.painter.painted(parcel.card, parcel.locale, can)
        if not can.pictures:
            card = _in_words(card)
        return (await adapter.deliver(parcel if card is parcel.card else replace(parcel, card=card))).message_id

    async def _target(self, parcel: Outgoing) -> str:
        key = (parcel.name, parcel.platform, parcel.chat)
        if key in self._recent:
            return self._recent[key]
        return await self._writer.submit(lambda tx: outbox.message_called(tx, *key))

    async def _pace(self, adapter: Adapter, parcel: Outgoing) -> None:
        """Generic cell rate: a chat gets ``count`` messages in ``seconds``, evenly once the burst is used up.

        Of what the whole app may send, what the clock says leaves a part to those who wait for an answer. Of several
        processes each takes its share, so that together they keep to the limit; who alone talks to a platform, all.
        """
        if adapter.can.per_chat is not None:
            await self._turn((parcel.platform, parcel.chat), *adapter.can.per_chat)
        if adapter.can.per_app is not None and parcel.unasked:
            count, seconds = adapter.can.per_app
            sharing = 1 if adapter.can.exclusive else self.processes()
            share = max(int(count * UNASKED), 1) / sharing
            await self._turn((parcel.platform, ""), max(int(share), 1), seconds * max(int(share), 1) / share)

    def _aside(self, parcel: Outgoing) -> float:
        """Seconds; each chat has its own, the same every day."""
        adapter = self._adapters.get(parcel.platform)
        if not self.spread or not parcel.unasked or adapter is None or not adapter.can.jitter:
            return 0.0
        since = self._clock.now().timestamp() % HALF_HOUR
        own = crc32(f"{parcel.platform}:{parcel.chat}".encode()) % 1000 / 1000 * adapter.can.jitter
        return own - since if since < adapter.can.jitter else 0.0

    async def _turn(self, lane: Lane, count: int, seconds: float) -> None:
        now = self._clock.now()
        due = max(self._due_at.get(lane, 0.0), now.timestamp()) + seconds / count
        wait = due - now.timestamp() - seconds
        self._due_at[lane] = due
        if wait > 0:
            await self._clock.sleep_until(now + timedelta(seconds=wait))

    def _delivered(self, parcel: Outgoing, message_id: str) -> None:
        """Written down with the next transaction that runs anyhow. An edit of what was said otherwise finds it so."""
        if parcel.name:
            self._recent[(parcel.name, parcel.platform, parcel.chat)] = message_id
            if len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        self._meter.carried(parcel.platform, "sent")
        self._results[parcel.id] = (ms(self._clock.now()), message_id)
        self._settle_soon()

    def _settle_soon(self) -> None:
        if self._results and not self._settling:
            self._settling = True
            self._writer.submit(self._write_results, Door.LAZY).add_done_callback(self._settled)

    def _write_results(self, tx: Tx) -> list[int]:
        """Everything delivered by the time it runs; which. They are forgotten once that is committed."""
        results = dict(self._results)  # a statement may let the loop go on, and more be delivered
        outbox.sent(tx, [(parcel, at, message) for parcel, (at, message) in results.items()])
        return list(results)

    def _forget(self, written: list[int]) -> None:
        for parcel in written:
            self._results.pop(parcel, None)

    def _settled(self, done: asyncio.Future[list[int]]) -> None:
        self._settling = False
        if done.cancelled():
            return
        if done.exception() is None:
            self._forget(done.result())
            self._settle_soon()
        else:
            log.error("could not settle", extra={"action": "settle", "error": str(done.exception())})
            asyncio.get_running_loop().call_later(SETTLE_AGAIN, self._settle_soon)

    def _note(self, parcel: Outgoing, wait: float, error: DeliveryError) -> None:
        self._meter.carried(parcel.platform, "retry")
        later = ms(self._clock.now() + timedelta(seconds=wait))
        log.warning("not delivered", extra={"action": "retry", "key": parcel.key, "error": str(error), "after": wait})
        self._writer.submit(partial(_failed, parcel.id, later, str(error)), Door.LAZY)

    def _doubt(self, parcel: Outgoing, error: InDoubt) -> None:
        """Perhaps it arrived. Saying it a third time would be worse than asking an admin to look."""
        self._meter.carried(parcel.platform, "doubt")
        log.error("in doubt", extra={"action": "doubt", "key": parcel.key, "error": str(error)})
        self._writer.submit(partial(_doubtful, parcel.id, str(error)), Door.LAZY)

    def _nobody(self, parcel: Outgoing, error: Gone) -> None:
        """The chat or person cannot be reached any more."""
        if parcel.kind != "edit" and self.on_gone is not None:
            self.on_gone(parcel)
        self._give_up(parcel, error)

    def _miss(self, parcel: Outgoing, error: Exhausted) -> None:
        """Not sent and not tried again: a list of what was missed follows. What would only redraw a card is left."""
        log.warning("missed", extra={"action": "missed", "key": parcel.key, "error": str(error)})
        self._lose(parcel, "missed", error)

    def _give_up(self, parcel: Outgoing, error: DeliveryError) -> None:
        log.error("given up", extra={"action": "dead", "key": parcel.key, "error": str(error)})
        self._lose(parcel, "dead", error)

    def _lose(self, parcel: Outgoing, state: Literal["missed", "dead"], error: DeliveryError) -> None:
        """It did not arrive and will not. Whatever can be said otherwise is, in the transaction that writes it down."""

        def write(tx: Tx) -> bool:
            otherwise = self.otherwise if parcel.kind != "edit" else None
            went = otherwise is not None and otherwise(tx, parcel, state == "missed")
            redrawn = state == "missed" and parcel.kind == "edit"
            outbox.failed(tx, parcel.id, "superseded" if went or redrawn else state, 0, str(error))
            return went

        def count(done: asyncio.Future[bool]) -> None:
            if not done.cancelled() and done.exception() is None:
                self._meter.carried(parcel.platform, "degraded" if done.result() else state)

        self._writer.submit(write, Door.LAZY).add_done_callback(count)


def _instead(parcel: Outgoing, error: Rejected | Recalled) -> Outgoing | None:
    """A card that was refused goes out as words; words that were, and an answer to what was taken back, to its writer.

    What answers nobody has only words. What reaches no writer either may still go by mail: ``otherwise``.
    """
    if isinstance(error, Rejected) and not parcel.card.is_text:
        return replace(parcel, card=text_card(verbatim(plain(parcel.card, parcel.locale))))
    if parcel.kind != "post" or not parcel.asker:
        return None
    return replace(parcel, kind="direct", chat=parcel.asker, reply_to="", name="", asker="")


def _mark(parcel: int, tx: Tx) -> None:
    outbox.going_out(tx, parcel)


def _failed(parcel: int, later: int, error: str, tx: Tx) -> None:
    outbox.failed(tx, parcel, "ready", later, error)


def _doubtful(parcel: int, error: str, tx: Tx) -> None:
    outbox.failed(tx, parcel, "doubt", 0, error)


def _in_words(card: Card) -> Card:
    """Pictures by what they say."""
    if not any(isinstance(block, Picture) for block in card.blocks):
        return card
    blocks = tuple(Paragraph(one.twin) if isinstance(one, Picture) else one for one in card.blocks)
    return replace(card, blocks=blocks)
