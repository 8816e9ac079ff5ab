"""The ways a message can leave by: session webhook, API, card, upload; and what may be tried again without harm."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any, TypeVar

from adapters.dingtalk import cards, codes, markdown, media, wire
from adapters.dingtalk.client import SEALED, Client
from adapters.dingtalk.directory import Directory
from adapters.dingtalk.errors import Done, Misconfigured, Stale
from adapters.memory import Memory
from chat.errors import InDoubt, Rejected, RetryLater

log = logging.getLogger("jindu.dingtalk")
NO_ANSWER, TRIES = 2.0, 4
"""Seconds before a harmless call that nobody answered is made again, and how often."""
T = TypeVar("T")


class Ways:
    """``track``: names each message; the same one twice is the same message twice, wherever DingTalk can know it."""

    def __init__(self, client: Client, directory: Directory, data_dir: Path) -> None:
        self._client = client
        self._directory = directory
        self._data_dir = data_dir
        self._media: Memory[str] = Memory()
        self._unanswered: Memory[int] = Memory()

    async def part(self, chat: str, part: cards.Part, track: str) -> str:
        match part:
            case cards.Interactive():
                return await self._card(chat, part, track)
            case cards.Media():
                return await self._upload(chat, part, track)
            case _:
                return await self.words(chat, part, track)

    async def _card(self, chat: str, part: cards.Interactive, track: str) -> str:
        where = {"person": chat.removeprefix(wire.DIRECT)} if chat.startswith(wire.DIRECT) else {"chat": chat}
        at = {} if "person" in where else {one: name for one, name in part.at.items() if not one.startswith(SEALED)}
        try:
            carrier = await self.harmless(
                track, self._client.card(track, part.params, title=part.title, at=at, **where)
            )
        except Done:
            carrier = ""
        self._directory.sent(codes.track_of(track), chat, carrier)
        return track

    async def harmless(self, key: str, call: Coroutine[Any, Any, T]) -> T:
        """A call that may be repeated without being seen twice: no answer means a few more tries, not doubt."""
        try:
            answer = await call
        except InDoubt as error:
            tries = self._unanswered.pop(key, 0) + 1
            if tries > TRIES:
                raise
            self._unanswered.keep(key, tries)
            raise RetryLater(str(error), NO_ANSWER * tries) from error
        self._unanswered.pop(key, None)
        return answer

    async def words(self, chat: str, part: cards.Words | cards.Markdown, track: str) -> str:
        """Through the session's webhook if there is one; then nothing is known by which it could be quoted."""
        url = self._directory.session(chat)
        if url:
            try:
                await self.harmless(track, self._by_webhook(url, part, track))
                return ""
            except Stale:
                self._directory.over(chat)
            except Misconfigured:
                pass
        if self._unanswered.pop(track, 0):
            raise InDoubt("dingtalk webhook: no answer, and now the session is over")
        content = markdown.named(part.content, part.at)
        kind, param = ("sampleText", {"content": content})
        if isinstance(part, cards.Markdown):
            kind, param = "sampleMarkdown", {"title": part.title, "text": content}
        return await self._by_api(chat, kind, param)

    async def _by_webhook(self, url: str, part: cards.Words | cards.Markdown, track: str) -> None:
        at = [one for one in part.at if not one.startswith(SEALED)]
        content = markdown.by_id(part.content) if len(at) == len(part.at) else markdown.named(part.content, part.at)
        if isinstance(part, cards.Markdown):
            await self._client.by_webhook(url, "markdown", {"title": part.title, "text": content}, at, track)
        else:
            await self._client.by_webhook(url, "text", {"content": content}, at, track)

    async def _by_api(self, chat: str, kind: str, param: Mapping[str, str]) -> str:
        if chat.startswith(wire.DIRECT):
            return await self._client.to_person(chat.removeprefix(wire.DIRECT), kind, param)
        return await self._client.to_group(chat, kind, param)

    async def _upload(self, chat: str, part: cards.Media, track: str) -> str:
        """A picture or file; one that cannot be sent is told in words."""
        try:
            read = await asyncio.to_thread(media.load, self._data_dir, part)
            if read is None:
                raise Rejected("dingtalk upload: nothing to read, or too large")
            version = f"{part.path}@{read[1]}" if part.path else track
            handle = self._media.get(version)
            if handle is None:
                sending = self._client.upload(part.kind, part.name, read[0])
                handle = await self.harmless(f"{track}/upload", sending)
                self._media.keep(version, handle)
        except (Rejected, Misconfigured) as error:
            log.warning("not uploaded", extra={"action": "dingtalk.upload", "error": str(error)})
            return await self.words(chat, cards.Words(part.words, {}), track)
        if part.kind == "image":
            return await self._by_api(chat, "sampleImageMsg", {"photoURL": handle})
        kind = Path(part.name).suffix.removeprefix(".") or "txt"
        return await self._by_api(chat, "sampleFile", {"mediaId": handle, "fileName": part.name, "fileType": kind})
