"""The way out: a parcel as one or several of Feishu's messages, each under a key of its own.

A card that is over the limits of one message becomes several. An edit redraws all of them: those that are not known any
more (they were sent before a restart) are sent anew, those that are not needed any more say so.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Literal

from adapters.feishu import cards, words
from adapters.feishu.client import Client
from adapters.feishu.directory import Directory
from adapters.feishu.errors import Stale
from adapters.memory import Memory
from chat.cards import Attachment, Card, Paragraph, Picture, text_card
from chat.errors import Recalled, Rejected
from chat.messages import Outgoing, Sent
from chat.plain import plain
from chat.text import say

log = logging.getLogger("jindu.feishu")
QUOTED = 300
"""Characters of the bot's own messages that are kept for those who answer them."""
LARGEST_PICTURE, LARGEST_FILE = 10 << 20, 30 << 20
OVER = text_card(say("（内容已并入上面的卡片）", "(now part of the card above)"))
Part = tuple[str, words.Json]


class Post:
    """``deliver`` is the adapter's."""

    def __init__(self, client: Client, directory: Directory, data_dir: Path) -> None:
        self._client = client
        self._directory = directory
        self._data_dir = data_dir
        self._pictures: dict[tuple[str, int], str] = {}
        self._parts: Memory[list[str]] = Memory()
        """{first message: those after it that hold the rest of its card}."""

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

    def _words(self, parcel: Outgoing) -> list[Part]:
        paragraph = parcel.card.blocks[0]
        assert isinstance(paragraph, Paragraph)
        return [("text", content) for content in words.texts(paragraph.text, parcel.locale)]

    async def _drawn(self, parcel: Outgoing) -> list[words.Json]:
        direct = parcel.kind == "direct" or self._directory.is_direct(parcel.chat)
        pictures = await self._upload(parcel.card)
        return cards.cards(parcel.card, parcel.locale, direct=direct, pictures=pictures)

    async def _cards(self, parcel: Outgoing) -> list[Part]:
        """The card, whole or in parts, and its files after it."""
        parts: list[Part] = [("interactive", card) for card in await self._drawn(parcel)]
        for block in parcel.card.blocks:
            if isinstance(block, Attachment):
                content = block.data
                if content and len(content) <= LARGEST_FILE:
                    key = await self._client.upload_file(block.name, content)
                    parts.append(("file", {"file_key": key}))
        return parts

    async def _post(self, parcel: Outgoing, parts: list[Part], suffix: str = "") -> Sent:
        """Every part under a key of its own, so that a repetition sends only what is missing."""
        sent: list[str] = []
        for number, (kind, content) in enumerate(parts):
            key = parcel.key + suffix + (f"#{number}" if number else "")
            sent.append(await self._one(parcel, kind, content, key, answering=not number))
        self._directory.said.keep(sent[0], plain(parcel.card, parcel.locale)[:QUOTED])
        if rest := [one for one, (kind, _) in zip(sent, parts, strict=True) if kind == "interactive"][1:]:
            self._belong(sent[0], rest)
        return Sent(sent[0])

    def _belong(self, first: str, rest: list[str]) -> None:
        """These messages are one card; whoever presses a later one has pressed the first."""
        self._parts.keep(first, rest)
        for one in rest:
            self._directory.whole.keep(one, first)

    async def _one(self, parcel: Outgoing, kind: str, content: words.Json, key: str, *, answering: bool) -> str:
        in_group = parcel.kind == "post" and not self._directory.is_direct(parcel.chat)
        if answering and parcel.reply_to and in_group:
            try:
                return await self._client.reply(parcel.reply_to, kind, content, key)
            except Stale as error:
                raise Recalled(str(error)) from None  # what its writer took back is not repeated to the group
        is_person = parcel.kind == "direct" or parcel.chat.startswith("ou_")
        id_type: Literal["open_id", "chat_id"] = "open_id" if is_person else "chat_id"
        return await self._client.send(id_type, parcel.chat, kind, content, key)

    async def _edit(self, parcel: Outgoing) -> Sent:
        first, *rest = await self._drawn(parcel)
        try:
            await self._client.redraw(parcel.target, first)
        except Stale:
            raise
        except Rejected:
            if not parcel.card.is_text:
                raise
            await self._client.rewrite(parcel.target, self._words(parcel)[0][1])
        self._directory.said.keep(parcel.target, plain(parcel.card, parcel.locale)[:QUOTED])
        await self._redraw_rest(parcel, rest)
        return Sent(parcel.target)

    async def _redraw_rest(self, parcel: Outgoing, rest: list[words.Json]) -> None:
        """The parts after the first. A repetition of the edit redraws once more and sends nothing twice."""
        known = self._parts.get(parcel.target, [])
        if not rest and not known:
            return
        standing = list(known)
        for number, card in enumerate(rest):
            if number < len(known) and await self._redrawn(known[number], card):
                continue
            key = f"{parcel.key}#{number + 1}"
            standing[number : number + 1] = [await self._one(parcel, "interactive", card, key, answering=False)]
        over = cards.cards(OVER, parcel.locale)[0]
        for one in known[len(rest) :]:
            await self._redrawn(one, over)
        self._belong(parcel.target, standing)

    async def _redrawn(self, message_id: str, card: words.Json) -> bool:
        """False: it is no longer there."""
        try:
            await self._client.redraw(message_id, card)
        except Stale:
            return False
        return True

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
                    known = await self._client.upload_image(image)
                except Rejected as error:
                    log.warning("picture refused", extra={"action": "feishu.picture", "error": str(error)})
                    continue
                self._pictures[block.path, version] = known
            keys[block.path] = known
        return keys


def _read(folder: Path, path: str) -> tuple[bytes, int] | None:
    """(content, time of change in ns) of a picture under ``folder``; None: not there, too large, or outside."""
    file = (folder / path).resolve()
    try:
        if not file.is_relative_to(folder.resolve()) or not 0 < file.stat().st_size <= LARGEST_PICTURE:
            return None
        return file.read_bytes(), file.stat().st_mtime_ns
    except OSError:
        return None
