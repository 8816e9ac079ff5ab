"""Feishu as a platform of the bot: events in, committed before they are answered; parcels out, within the limits."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol
from weakref import WeakValueDictionary

from adapters.feishu import cards, charts, config, leave, wire
from adapters.feishu.client import Client
from adapters.feishu.config import Config
from adapters.feishu.directory import Directory
from adapters.feishu.errors import ADVICE, CROWDED, advice
from adapters.feishu.examine import examine
from adapters.feishu.post import Post
from adapters.feishu.speech import Decode, Speech
from adapters.link import Link, State, Take, Taken
from adapters.patience import WORKING, Presses
from adapters.reading import LARGEST, with_words
from chat.cards import Card, text_card
from chat.errors import DeliveryError, IntakeUnavailable, Malformed
from chat.findings import Finding
from chat.messages import Answer, File, Incoming, Outgoing, Receipt, Sent
from chat.ports import Capabilities, Clock, Intake
from chat.text import Text

log = logging.getLogger("jindu.feishu")
EDIT_SECONDS, READ_SECONDS = 14 * 86_400.0, 7 * 86_400.0
PER_APP = (15, 1.0)
"""900 a minute; Feishu allows 1000."""
JITTER = 45.0
PER_CHAT = (4, 1.0)
"""Feishu allows 5 a second in one chat, shared by all bots in it."""
AFTER_PRESS = 0.6
"""Seconds between the answer to a press and what it causes: an edit that overtakes the answer is shown and undone."""
PRESS_SECONDS = 2.2
"""Feishu waits 3 for the answer to a press, and a child process is in between."""


class Connection(Protocol):
    """How events come in."""

    @property
    def state(self) -> State: ...

    @property
    def unlinked(self) -> str:
        """Why there is no connection; "" while it stands, or when only an admin can help."""

    async def run(self, take: Take) -> None:
        """Hand every raw event to ``take`` and answer Feishu with what it returns; until cancelled."""


class FeishuAdapter:
    """``chat.ports.Adapter``. ``counts``: events by kind that were not used or could not be read."""

    name = wire.PLATFORM
    can = Capabilities(
        edit_seconds=EDIT_SECONDS, per_chat=PER_CHAT, per_app=PER_APP, jitter=JITTER, charts=charts.SHAPES,
        read_seconds=READ_SECONDS,
    )  # fmt: skip

    def __init__(
        self,
        client: Client,
        connection: Connection,
        clock: Clock,
        data_dir: Path = Path(),
        *,
        after_press: float = AFTER_PRESS,
        press_seconds: float = PRESS_SECONDS,
        decode: Decode | None = None,
    ) -> None:
        self.client = client
        self.connection = connection
        self.directory = Directory(client, clock)
        self.counts: Counter[str] = Counter()
        self.presses = Presses(press_seconds, self._late)
        self._speech = Speech(client, decode)
        self._post = Post(client, self.directory, data_dir)
        self._after_press = after_press
        self._bot_id = ""
        self._asking: asyncio.Lock = asyncio.Lock()
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # --- what an administrator asks ------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        return self.connection.state

    @property
    def trouble(self) -> Text | None:
        """What is wrong and where to repair it; None: nothing. What stops everything is told first."""
        if self.state == "auth_failed":
            return ADVICE[10015]
        if self.state == "too_many_connections":
            return CROWDED
        wanted = sorted(self.client.trouble, key=("token", "send", "reply", "redraw").__contains__, reverse=True)
        return advice(self.client.trouble[wanted[0]]) if wanted else None

    @property
    def skew(self) -> float | None:
        return self.client.skew

    async def examine(self) -> tuple[Finding, ...]:
        return await examine(self.client, self.connection.unlinked)

    @property
    def allowances(self) -> dict[str, tuple[tuple[str, ...], int]]:
        limit = self.client.config.monthly_calls
        return {"calls": (("api",), limit)} if limit else {}

    @property
    def exhausted(self) -> bool | None:
        """Feishu has no code of its own for it."""
        return False

    def take_spent(self) -> dict[str, int]:
        return self.client.spent.take()

    # --- in ------------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake) -> None:
        async def take(raw: str) -> Taken:
            return await self._take(raw, intake)

        asking = asyncio.create_task(leave.subscribe(self.client))
        try:
            await self.connection.run(take)
        finally:
            asking.cancel()

    async def deliver(self, parcel: Outgoing) -> Sent:
        return await self._post.deliver(parcel)

    async def readers(self, message_id: str, chat: str, *, direct: bool) -> frozenset[str] | None:
        return await self.client.readers(message_id)

    async def close(self) -> None:
        self.presses.close()
        await self.client.close()

    async def _take(self, raw: str, intake: Intake) -> Taken:
        """Commit what one event tells. Raises IntakeUnavailable when Feishu shall send it again."""
        try:
            things = wire.read(raw, await self._own_id())
        except Malformed as error:
            self.counts["malformed"] += 1
            log.warning("not read", extra={"action": "feishu.malformed", "kind": wire.kind(raw), "error": str(error)})
            return self._nothing(raw)
        if not things:
            self.counts[wire.kind(raw)] += 1
            return self._nothing(raw)
        if things[0].kind == "click":
            first = self.directory.whole.get(things[0].message_id, things[0].message_id)
            return await self._pressed(replace(things[0], message_id=first), intake)
        receipts = [receipt for thing in things if (receipt := await self._submit(thing, intake)) is not None]
        return None, lambda: _release(receipts)

    async def _pressed(self, thing: Incoming, intake: Intake) -> Taken:
        """The answer to a press: what came of it, or that it is under way."""
        receipt = await self.presses.taken(thing, self._committed(thing, intake))
        if receipt is None:
            return cards.answer(WORKING), lambda: None
        said = cards.answer(receipt.answer, direct=self._is_direct(thing)) if receipt.answer else {}

        def acked() -> None:
            asyncio.get_running_loop().call_later(self._after_press, receipt.acked)
            if self._shown(thing, receipt.answer) is not None and "card" not in said:
                self.presses.show(thing, receipt)

        return said, acked

    async def _committed(self, thing: Incoming, intake: Intake) -> Receipt:
        return await self._submit(thing, intake) or Receipt()

    async def _late(self, thing: Incoming, answer: Answer) -> None:
        """The answer to a press that was told to wait: on its card if it changes, else a line for who pressed."""
        await asyncio.sleep(self._after_press)
        card = self._shown(thing, answer)
        parcel = Outgoing(0, f"{thing.key}/late", self.name, "edit", "", card or text_card(answer.toast), answer.locale)
        if card is not None and thing.chat is not None:
            await self._post.deliver(replace(parcel, chat=thing.chat.id, target=thing.message_id))
        elif thing.sender is not None:
            await self._post.deliver(replace(parcel, kind="direct", chat=thing.sender.id))

    def _shown(self, thing: Incoming, answer: Answer | None) -> Card | None:
        """The card that replaces the one pressed: everybody sees it, so it must be for everybody."""
        return answer.card if answer is not None and (self._is_direct(thing) or not answer.alone) else None

    def _is_direct(self, thing: Incoming) -> bool:
        return thing.chat is not None and self.directory.is_direct(thing.chat.id)

    async def _submit(self, thing: Incoming, intake: Intake) -> Receipt | None:
        """None: nobody knows who did it. While names are asked for, later things in the same chat wait their turn."""
        chat = thing.chat.id if thing.chat else ""
        lane = self._lanes.get(chat)
        if lane is None:
            self._lanes[chat] = lane = asyncio.Lock()
        async with lane:
            complete = await self.directory.complete(thing)
            if complete is None:
                self.counts[f"{thing.event} by nobody"] += 1
                return None
            complete = await self._speech.with_words(complete)
            if complete.addressed:
                complete = await with_words(complete, self._file)
            submitted = asyncio.ensure_future(intake.submit(complete))
        return await submitted

    async def _file(self, file: File) -> tuple[str, bytes]:
        return await self.client.download(file.ref, LARGEST)

    def _nothing(self, raw: str) -> Taken:
        """A press must be answered with an object, an event with nothing."""
        return ({} if wire.kind(raw) == wire.CLICK else None), lambda: None

    async def _own_id(self) -> str:
        """The bot's id tells whether it was mentioned; without it nothing can be taken."""
        async with self._asking:
            if not self._bot_id:
                try:
                    self._bot_id = await self.client.own_id()
                except DeliveryError as error:
                    raise IntakeUnavailable("feishu: the bot's own id is not known yet") from error
        return self._bot_id


def _release(receipts: list[Receipt]) -> None:
    for receipt in receipts:
        receipt.acked()


class LongConnection(Link):
    """lark-oapi in its own process."""

    def __init__(self, settings: Config, **how: Any) -> None:
        given = {"app_id": settings.app_id, "app_secret": settings.app_secret, "domain": settings.domain}
        super().__init__("adapters.feishu.link", {**given, "proxy": settings.proxy, **how.pop("extra", {})}, **how)


def open(  # noqa: A001 — every platform folder offers ``open``
    section: Mapping[str, Any], clock: Clock, *, data_dir: Path = Path()
) -> FeishuAdapter:
    """The adapter for ``[adapters.feishu]``; see ``config.read`` for its keys. Raises ValueError."""
    settings = config.read(section)
    connection: Connection
    if settings.transport == "websocket":
        connection = LongConnection(settings)
    else:
        from adapters.feishu.webhook import Webhook  # the ciphers it needs are for those who use it

        connection = Webhook(settings, clock)
    return FeishuAdapter(Client(settings, clock), connection, clock, data_dir)
