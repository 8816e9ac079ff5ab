"""One open page: reads its frames, and shows it what changes for the person it is."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from adapters.room import render
from adapters.room.acts import ACTS
from adapters.room.frames import Frame, Request
from adapters.room.ports import House
from adapters.room.things import Change
from chat.errors import Malformed, UserError
from chat.messages import Answer, Incoming
from chat.text import say

log = logging.getLogger(__name__)
FRAME_LIMIT = 4 * 1024 * 1024
WRITE_PATIENCE = 1.0
"""Seconds a press may wait for the presser's own connection before the bot goes on."""
FULL = say(
    "我现在存不了，请稍后再发（已通知管理员）",
    "Nothing can be stored right now; please send it again later (the admin has been told)",
)
UNREADABLE = say("这一帧看不懂：{why}。", "This frame cannot be read: {why}.")


class Session:
    """Changes are marks, not frames: a slow page misses intermediate states but never the last one."""

    def __init__(self, server: House, socket: web.WebSocketResponse) -> None:
        self.server: House = server
        self.room = server.room
        self.person = ""
        self.presses: dict[str, Any] = {}
        self._socket = socket
        self._frames: list[Frame] = []
        self._messages: dict[str, None] = {}
        self._chats: dict[str, None] = {}
        self._people = False
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()

    async def run(self) -> None:
        writer = asyncio.create_task(self._write())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT or message.type is WSMsgType.BINARY:
                    await self._read(message.data)
        finally:
            writer.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await writer

    async def close(self) -> None:
        await self._socket.close(code=WSCloseCode.GOING_AWAY)

    # --- out -----------------------------------------------------------------------------------------------------

    def send(self, frame: Frame) -> None:
        self._frames.append(frame)
        self._wake.set()

    def become(self, person: str) -> None:
        self.person = person
        self._messages.clear()
        self._chats.clear()

    def changed(self, change: Change) -> None:
        """Mark what this person's page should draw again."""
        if change.what == "gone":
            if change.person == self.person:
                self.send({"ev": "gone", "chat": change.chat})
            self._people = True
        elif change.what == "people":
            self._people = True
        else:
            if self._sees(change.chat):
                self._chats[change.chat] = None
                if change.message:
                    self._messages[change.message.id] = None
            self._people = True
        self._wake.set()

    async def answer(self, thing: Incoming, answer: Answer | None) -> None:
        """Write the answer to a press of this page now, before anything that follows from it."""
        if thing.key not in self.presses:
            return
        frame = self.answer_frame(self.presses.pop(thing.key), thing.message_id, answer)
        with suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(WRITE_PATIENCE):
                await self._send_now(frame)

    def answer_frame(self, ref: Any, message_id: str, answer: Answer | None) -> Frame:
        frame: Frame = {"ev": "answer", "ref": ref, "toast": answer.toast.render(answer.locale) if answer else ""}
        if answer and answer.card:
            frame["message"] = message_id
            frame["card"] = render.card(answer.card, answer.locale, message_id)
        return frame

    def trouble(self, key: str) -> None:
        if key in self.presses:
            self.send({"ev": "wait", "ref": self.presses[key]})

    def _sees(self, chat: str) -> bool:
        place = self.room.chats.get(chat)
        return place is not None and self.person in place.members and not place.dissolved

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            frames, self._frames = self._frames, []
            messages, self._messages = self._messages, {}
            chats, self._chats = self._chats, {}
            people, self._people = self._people, False
            for frame in frames:
                await self._send_now(frame)
            if not self.person:
                continue
            for message_id in messages:
                message = self.room.log.get(message_id)
                if message and self._sees(message.chat):
                    shown = render.message(self.room, self.person, message)
                    await self._send_now({"ev": "message", "message": shown})
            for chat in chats:
                if self._sees(chat):
                    row = render.chat(self.room, self.person, self.room.chats[chat])
                    await self._send_now({"ev": "chat", "chat": row})
            if people:
                await self._send_now({"ev": "people", "people": render.people(self.room)})

    async def _send_now(self, frame: Frame) -> None:
        async with self._writing:
            await self._socket.send_str(orjson.dumps(frame).decode())

    # --- in ------------------------------------------------------------------------------------------------------

    async def _read(self, data: str | bytes) -> None:
        request = None
        try:
            request = Request(orjson.loads(data))
            act = ACTS.get(request.text("op"))
            if act is None:
                raise Malformed("op")
            reply = await act(self, request)
        except (Malformed, orjson.JSONDecodeError) as error:
            why = str(error) if isinstance(error, Malformed) else "JSON"
            reply = self._error(request, UserError(say(UNREADABLE.zh, UNREADABLE.en, why=why)))
        except UserError as error:
            reply = self._error(request, error)
        except OSError as error:
            log.error("cannot store", extra={"action": "unstorable", "error": str(error)})
            reply = self._error(request, UserError(FULL))
        if reply is not None:
            self.send(reply if "ref" in reply else {**reply, "ref": request.ref if request else None})

    @staticmethod
    def _error(request: Request | None, error: UserError) -> Frame:
        words = {"zh": error.text.render("zh"), "en": error.text.render("en")}
        return {"ev": "error", "ref": request.ref if request else None, **words}
