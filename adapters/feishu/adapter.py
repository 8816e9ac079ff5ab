"""Feishu as a platform of the bot: events in, committed before they are answered; parcels out, within the limits."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Protocol
from weakref import WeakValueDictionary

from adapters.feishu import cards, config, wire
from adapters.feishu.client import Client
from adapters.feishu.config import Config
from adapters.feishu.directory import Directory
from adapters.feishu.errors import ADVICE, CROWDED, Stale, advice
from adapters.feishu.examine import examine
from adapters.link import Link, State, Take, Taken
from chat.cards import Attachment, Card, Paragraph, Picture
from chat.errors import DeliveryError, IntakeUnavailable, Malformed, Recalled, Rejected
from chat.findings import Finding
from chat.messages import Incoming, Outgoing, Receipt, Sent
from chat.plain import plain
from chat.ports import Capabilities, Clock, Intake
from chat.text import Text

log = logging.getLogger("jindu.feishu")
EDIT_SECONDS = 14 * 86_400.0
PER_CHAT = (4, 1.0)
"""Feishu allows 5 a second in one chat, shared by all bots in it."""
AFTER_PRESS = 0.6
"""Seconds between the answer to a press and what it causes: an edit that overtakes the answer is shown and undone."""
QUOTED = 300
"""Characters of the bot's own messages that are kept for those who answer them."""
LARGEST_PICTURE, LARGEST_FILE = 10 << 20, 30 << 20


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
    can = Capabilities(edit_seconds=EDIT_SECONDS, per_chat=PER_CHAT)

    def __init__(
        self,
        client: Client,
        connection: Connection,
        clock: Clock,
        data_dir: Path = Path(),
        *,
        after_press: float = AFTER_PRESS,
    ) -> None:
        self.client = client
        self.connection = connection
        self.directory = Directory(client, clock)
        self.counts: Counter[str] = Counter()
        self._data_dir = data_dir
        self._after_press = after_press
        self._bot_id = ""
        self._asking: asyncio.Lock = asyncio.Lock()
        self._pictures: dict[tuple[str, int], str] = {}
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

    # --- in ------------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake) -> None:
        async def take(raw: str) -> Taken:
            return await self._take(raw, intake)

        await self.connection.run(take)

    async def close(self) -> None:
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
        receipts = [receipt for thing in things if (receipt := await self._submit(thing, intake)) is not None]
        if things[0].kind != "click" or not receipts:
            return self._nothing(raw)[0], lambda: _release(receipts)
        answer, chat = receipts[0].answer, things[0].chat
        direct = chat is not None and self.directory.is_direct(chat.id)
        return cards.answer(answer, direct=direct) if answer else {}, lambda: self._release_later(receipts)

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
            submitted = asyncio.ensure_future(intake.submit(complete))
        return await submitted

    def _nothing(self, raw: str) -> Taken:
        """A press must be answered with an object, an event with nothing."""
        return ({} if wire.kind(raw) == wire.CLICK else None), lambda: None

    def _release_later(self, receipts: list[Receipt]) -> None:
        asyncio.get_running_loop().call_later(self._after_press, _release, receipts)

    async def _own_id(self) -> str:
        """The bot's id tells whether it was mentioned; without it nothing can be taken."""
        async with self._asking:
            if not self._bot_id:
                try:
                    self._bot_id = await self.client.own_id()
                except DeliveryError as error:
                    raise IntakeUnavailable("feishu: the bot's own id is not known yet") from error
        return self._bot_id

    # --- out -----------------------------------------------------------------------------------------------------

    async def deliver(self, parcel: Outgoing) -> Sent:
        if parcel.kind == "edit":
            return await self._edit(parcel)
        if parcel.card.is_text and not parcel.name:
            return await self._post(parcel, self._words(parcel))
        try:
            return await self._post(parcel, await self._cards(parcel))
        except Rejected:
            if parcel.card.is_text:
                return await self._post(parcel, self._words(parcel), "/text")
            raise

    def _words(self, parcel: Outgoing) -> list[tuple[str, cards.Json]]:
        paragraph = parcel.card.blocks[0]
        assert isinstance(paragraph, Paragraph)
        return [("text", content) for content in cards.texts(paragraph.text, parcel.locale)]

    async def _cards(self, parcel: Outgoing) -> list[tuple[str, cards.Json]]:
        """The card, whole or in parts, and its files after it."""
        direct = parcel.kind == "direct" or self.directory.is_direct(parcel.chat)
        drawn = cards.cards(parcel.card, parcel.locale, direct=direct, pictures=await self._upload(parcel.card))
        parts = [("interactive", card) for card in drawn]
        for block in parcel.card.blocks:
            if isinstance(block, Attachment):
                content = block.content.encode()
                if content and len(content) <= LARGEST_FILE:
                    key = await self.client.upload_file(block.name, content)
                    parts.append(("file", {"file_key": key}))
        return parts

    async def _post(self, parcel: Outgoing, parts: list[tuple[str, cards.Json]], suffix: str = "") -> Sent:
        """Every part under a key of its own, so that a repetition sends only what is missing."""
        sent: list[str] = []
        for number, (kind, content) in enumerate(parts):
            key = parcel.key + suffix + (f"#{number}" if number else "")
            sent.append(await self._one(parcel, kind, content, key, answering=not number))
        self.directory.said.keep(sent[0], plain(parcel.card, parcel.locale)[:QUOTED])
        return Sent(sent[0])

    async def _one(self, parcel: Outgoing, kind: str, content: cards.Json, key: str, *, answering: bool) -> str:
        in_group = parcel.kind == "post" and not self.directory.is_direct(parcel.chat)
        if answering and parcel.reply_to and in_group:
            try:
                return await self.client.reply(parcel.reply_to, kind, content, key)
            except Stale as error:
                raise Recalled(str(error)) from None  # what its writer took back is not repeated to the group
        id_type: Literal["open_id", "chat_id"] = "open_id" if parcel.kind == "direct" else "chat_id"
        return await self.client.send(id_type, parcel.chat, kind, content, key)

    async def _edit(self, parcel: Outgoing) -> Sent:
        """A card stays one message: what is over its limits is left to the command that lists it."""
        direct = self.directory.is_direct(parcel.chat)
        pictures = await self._upload(parcel.card)
        drawn = cards.cards(parcel.card, parcel.locale, direct=direct, pictures=pictures)
        try:
            await self.client.redraw(parcel.target, drawn[0])
        except Stale:
            raise
        except Rejected:
            if not parcel.card.is_text:
                raise
            await self.client.rewrite(parcel.target, self._words(parcel)[0][1])
        return Sent(parcel.target)

    async def _upload(self, card: Card) -> dict[str, str]:
        """{path: image_key} of the card's pictures; one that cannot be uploaded is told in words."""
        keys: dict[str, str] = {}
        for block in card.blocks:
            if not isinstance(block, Picture):
                continue
            read = await asyncio.to_thread(_read, self._data_dir, block.path)
            if read is None:
                continue
            image, version = read
            known = self._pictures.get((block.path, version))
            if known is None:
                try:
                    known = await self.client.upload_image(image)
                except Rejected as error:
                    log.warning("picture refused", extra={"action": "feishu.picture", "error": str(error)})
                    continue
                self._pictures[block.path, version] = known
            keys[block.path] = known
        return keys


def _release(receipts: list[Receipt]) -> None:
    for receipt in receipts:
        receipt.acked()


def _read(folder: Path, path: str) -> tuple[bytes, int] | None:
    """(content, time of change in ns) of a picture under ``folder``; None: not there, too large, or outside."""
    file = (folder / path).resolve()
    try:
        if not file.is_relative_to(folder.resolve()) or not 0 < file.stat().st_size <= LARGEST_PICTURE:
            return None
        return file.read_bytes(), file.stat().st_mtime_ns
    except OSError:
        return None


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
