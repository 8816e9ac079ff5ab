"""DingTalk as a platform of the bot: frames in, committed before they are answered; parcels out, by whichever way is

open. A group's text goes to the address its last message brought, while that lives (only there can people be @ed);
else through the API. Cards are changed in place. Where cards are not possible, buttons are links that send their code.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Coroutine, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from adapters.dingtalk import cards, codes, config, markdown, wire
from adapters.dingtalk.client import Client
from adapters.dingtalk.config import Config
from adapters.dingtalk.connection import Connection, StreamConnection
from adapters.dingtalk.directory import Directory
from adapters.dingtalk.errors import UNLINKED, Done, Misconfigured, Stale, advice
from adapters.dingtalk.examine import examine
from adapters.dingtalk.ways import Ways
from adapters.gaps import Gaps
from adapters.link import State, Taken
from adapters.patience import WORKING, Presses
from adapters.reading import with_words
from chat.errors import DeliveryError, Gone, Malformed
from chat.findings import Finding
from chat.messages import Answer, Incoming, Outgoing, Receipt, Sent
from chat.ports import Capabilities, Clock, Intake
from chat.text import Text

log = logging.getLogger("jindu.dingtalk")
PER_CHAT = (20, 60.0)
PER_APP = (10, 1.0)
"""Of one interface; DingTalk allows 20."""
JITTER = 45.0
READ_SECONDS = 86_400.0
AFTER_PRESS = 0.6
"""Seconds between the answer to a press and what it causes: an update that overtakes the answer is shown and undone."""
PRESS_SECONDS = 1.1
"""DingTalk waits 2 for the answer to a press; names are asked for before it, and a child process is in between."""
WITHOUT_CARDS = 300.0
"""Seconds that cards are not tried after DingTalk said that this app may not send them."""
REMEMBERED = 2048


class DingTalkAdapter:
    """``chat.ports.Adapter``. ``counts``: frames by name that were not used or could not be read."""

    name = wire.PLATFORM

    def __init__(
        self,
        settings: Config,
        client: Client,
        connection: Connection,
        clock: Clock,
        data_dir: Path = Path(),
        *,
        after_press: float = AFTER_PRESS,
        press_seconds: float = PRESS_SECONDS,
    ) -> None:
        has_cards = settings.transport == "stream"
        self.can = Capabilities(
            input_in_card=has_cards and settings.own_template,
            edit_seconds=float("inf") if has_cards else 0.0,
            recall_event=False,
            member_events=False,
            idempotent=False,
            per_chat=PER_CHAT,
            per_app=PER_APP,
            jitter=JITTER,
            read_seconds=READ_SECONDS,
        )
        self.client = client
        self.connection = connection
        self.directory = Directory(client, clock)
        self.counts: Counter[str] = Counter()
        self._bot_names = settings.bot_names
        self._monthly = settings.monthly_calls, settings.monthly_pushes
        self._unheard = False
        self._gaps = Gaps(clock)
        connection.on_state = self._gaps.entered
        self._writer = cards.Writer(inputs=self.can.input_in_card)
        self._clock = clock
        self._ways = Ways(client, self.directory, data_dir)
        self._after_press = after_press
        self.presses = Presses(press_seconds, self._late)
        self._cards_from = 0.0 if has_cards else float("inf")
        self._progress: OrderedDict[str, list[str]] = OrderedDict()
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._asides: set[asyncio.Task[None]] = set()

    # --- what an administrator asks ------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        return self.connection.state

    @property
    def trouble(self) -> Text | None:
        """What is wrong and where to repair it; None: nothing. What stops everything is told first."""
        if self.state in UNLINKED:
            return UNLINKED[self.state]
        wanted = sorted(self.client.trouble, key=("token", "card").__contains__, reverse=True)
        return advice(self.client.trouble[wanted[0]]) if wanted else None

    @property
    def skew(self) -> float | None:
        return self.client.skew

    async def examine(self) -> tuple[Finding, ...]:
        return await examine(self.client, self.connection.unlinked)

    @property
    def allowances(self) -> dict[str, tuple[tuple[str, ...], int]]:
        every = {"calls": (("openapi",), self._monthly[0]), "pushes": (("webhook", "push"), self._monthly[1])}
        return {what: (kinds, limit) for what, (kinds, limit) in every.items() if limit}

    @property
    def exhausted(self) -> bool | None:
        """Of what is sent, or of what is heard: DingTalk then tells that there was a message, but not which."""
        return True if self._unheard else self.client.exhausted

    def take_gaps(self) -> list[tuple[datetime, datetime]]:
        """DingTalk says messages again only sometimes; the change to a new connection leaves none out."""
        return self._gaps.take()

    def take_spent(self) -> dict[str, int]:
        return self.client.spent.take()

    # --- in ------------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake) -> None:
        async def take(raw: str) -> Taken:
            return await self._take(raw, intake)

        await self.connection.run(take)

    async def close(self) -> None:
        self.presses.close()
        for aside in self._asides:
            aside.cancel()
        await self.client.close()

    async def _take(self, raw: str, intake: Intake) -> Taken:
        """Commit what one frame tells. Raises IntakeUnavailable when DingTalk shall send it again."""
        kind = "other"
        try:
            frame = wire.frame(raw)
            kind = frame.kind
            self.client.spent["push"] += kind in ("message", "event")
            async with self._lane(frame.lane):
                await self.directory.prepare(frame)
                read = wire.read(frame, self.directory, self._bot_names, self._clock.now())
                things = [await with_words(thing, self.client.download) for thing in read]
                for thing in things:
                    self.directory.heard(thing)
                submitted = [asyncio.ensure_future(intake.submit(thing)) for thing in things]
        except Malformed as error:
            self.counts["malformed"] += 1
            log.warning("not read", extra={"action": "dingtalk.malformed", "kind": kind, "error": str(error)})
            return _thanks(kind), _nothing
        if not things:
            self.counts[frame.name] += 1
            return _thanks(kind), _nothing
        if kind == "message":
            self._unheard = things[0].event == "quota_exhausted"
        if self._unheard and kind == "message":
            self.counts["quota_exhausted"] += 1
            log.error("quota used up", extra={"action": "dingtalk.quota", "why": things[0].data["why"]})
        if kind == "click":
            return await self._pressed(things[0], submitted[0])
        receipts = [await one for one in submitted]
        return self._answered(kind, things[0], receipts)

    def _lane(self, lane: str) -> asyncio.Lock:
        """While names are asked for, later things in the same chat wait their turn."""
        lock = self._lanes.get(lane)
        if lock is None:
            self._lanes[lane] = lock = asyncio.Lock()
        return lock

    def _answered(self, kind: str, thing: Incoming, receipts: list[Receipt]) -> Taken:
        """What DingTalk is answered. A press that came as a message is answered with a message."""
        answer = receipts[0].answer
        if thing.kind != "click" or answer is None:
            return _thanks(kind), lambda: _release(receipts)

        def acked() -> None:
            _release(receipts)
            if not receipts[0].duplicate:
                self._aside(self._say(thing, answer))

        return _thanks(kind), acked

    async def _pressed(self, thing: Incoming, committing: asyncio.Future[Receipt]) -> Taken:
        """The answer to a press on a card: what came of it, or that it is under way."""
        receipt = await self.presses.taken(thing, committing)
        if receipt is None:
            return {"response": self._writer.answer(WORKING)}, _nothing

        def acked() -> None:
            asyncio.get_running_loop().call_later(self._after_press, receipt.acked)

        return {"response": self._writer.answer(receipt.answer) if receipt.answer else {}}, acked

    async def _late(self, thing: Incoming, answer: Answer) -> None:
        """The answer to a press that was told to wait: on its card if it changes, else a line for who pressed."""
        assert thing.sender is not None
        await asyncio.sleep(self._after_press)
        if answer.card is not None and not answer.alone and codes.is_card(thing.message_id):
            params = self._writer.params(answer.card, answer.locale)
            await self.client.redraw(thing.message_id, params)
        else:
            words = cards.Words(answer.toast.plain(answer.locale), {})
            await self._ways.words(wire.DIRECT + thing.sender.id, words, codes.track(f"{thing.key}/late", direct=True))

    async def _say(self, thing: Incoming, answer: Answer) -> None:
        """The toast of a press that was not on a card."""
        assert thing.chat is not None
        words = cards.Words(answer.toast.plain(answer.locale), {})
        try:
            await self._ways.words(thing.chat.id, words, codes.track(thing.key))
        except DeliveryError as error:
            log.warning("not answered", extra={"action": "dingtalk.toast", "error": str(error)})

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    # --- out -----------------------------------------------------------------------------------------------------

    async def deliver(self, parcel: Outgoing) -> Sent:
        """Send one parcel. One of several messages goes on where it stopped."""
        if parcel.kind == "edit":
            return await self._edit(parcel)
        chat = wire.DIRECT + parcel.chat if parcel.kind == "direct" else parcel.chat
        live = self._clock.now().timestamp() >= self._cards_from
        try:
            return await self._send(parcel, chat, live=live)
        except Misconfigured as error:
            if not live or "card" not in self.client.trouble:
                raise
            self._cards_from = self._clock.now().timestamp() + WITHOUT_CARDS
            self._progress.pop(parcel.key, None)
            log.warning("no cards", extra={"action": "dingtalk.degrade", "error": str(error)})
            return await self._send(parcel, chat, live=False)
        except Gone:
            group = self.directory.group_of(chat.removeprefix(wire.DIRECT)) if chat.startswith(wire.DIRECT) else ""
            if not (group and live):
                raise
            return await self._privately(parcel, group, chat.removeprefix(wire.DIRECT))

    async def _send(self, parcel: Outgoing, chat: str, *, live: bool) -> Sent:
        direct = chat.startswith(wire.DIRECT)
        parts = self._writer.parts(parcel.card, parcel.locale, named=bool(parcel.name), live=live)
        named = next((n for n, part in enumerate(parts) if isinstance(part, cards.Interactive)), 0)
        sent = self._progress.setdefault(parcel.key, [])
        if len(self._progress) > REMEMBERED:
            self._progress.popitem(last=False)
        for number, part in enumerate(parts[len(sent) :], len(sent)):
            track = codes.track(parcel.key, 0 if number == named else number + 1, direct=direct)
            sent.append(await self._ways.part(chat, part, track))
        self._progress.pop(parcel.key, None)
        return Sent(sent[named] if sent else "")

    async def _privately(self, parcel: Outgoing, group: str, person: str) -> Sent:
        """Somebody who cannot be written to directly sees a card in their group that nobody else sees."""
        params = self._writer.params(parcel.card, parcel.locale)
        track, title = codes.track(parcel.key + "/private"), markdown.title(parcel.card, parcel.locale)
        try:
            sending = self.client.card(track, params, chat=group, title=title, only_for=[person])
            carrier = await self._ways.harmless(track, sending)
        except Done:
            carrier = ""
        self.directory.sent(track, group, carrier)
        self._progress.pop(parcel.key, None)
        return Sent(track)

    async def readers(self, message_id: str, chat: str, *, direct: bool) -> frozenset[str] | None:
        """A card is asked about where it is: who could not be written to has it in a group."""
        where = self.directory.card_chat(message_id) or (wire.DIRECT + chat if direct else chat)
        key = self.directory.carrier(message_id) if codes.is_card(message_id) else message_id
        if not key:
            return None
        if where.startswith(wire.DIRECT):
            return await self.client.direct_readers(key)
        return await self.client.group_readers(where, key)

    async def _edit(self, parcel: Outgoing) -> Sent:
        """For everybody. What was sent as words stays as it is."""
        if not codes.is_card(parcel.target):
            raise Gone("dingtalk: words cannot be changed")
        params = self._writer.params(parcel.card, parcel.locale)
        try:
            await self._ways.harmless(parcel.key, self.client.redraw(parcel.target, params))
        except Stale as error:
            raise Gone(str(error)) from error
        return Sent(parcel.target)


def _thanks(kind: str) -> dict[str, Any]:
    """The answer that says no more than «taken»."""
    if kind == "event":
        return {"status": "SUCCESS", "message": "OK"}
    return {"response": {} if kind == "click" else None}


def _release(receipts: list[Receipt]) -> None:
    for receipt in receipts:
        receipt.acked()


def _nothing() -> None:
    pass


def open(  # noqa: A001 — every platform folder offers ``open``
    section: Mapping[str, Any], clock: Clock, *, data_dir: Path = Path()
) -> DingTalkAdapter:
    """The adapter for ``[adapters.dingtalk]``; see ``config.read`` for its keys. Raises ValueError."""
    settings = config.read(section)
    connection: Connection
    if settings.transport == "stream":
        connection = StreamConnection(settings)
    else:
        from adapters.dingtalk.callback import Callback  # a server is for those who use it

        connection = Callback(settings, clock)
    return DingTalkAdapter(settings, Client(settings, clock), connection, clock, data_dir)
