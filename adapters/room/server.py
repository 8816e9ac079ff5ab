"""The room's web server: one page, its static files, one WebSocket, files up and down. Nothing else.

``GET /`` the page (``?token=`` logs in) · ``GET /ws`` the frames of ``frames.py`` · ``POST /files?name=…`` the bytes
of an upload, answered ``{"ref", "name", "size"}`` · ``GET /files/{ref}`` · ``GET /pictures/{message}/{block}`` and
``GET /attachments/{message}/{block}`` what a card carries: no path is ever taken from a request.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from aiohttp import web

from adapters.reading import words_of
from adapters.room import frames
from adapters.room.clockwork import Clockwork
from adapters.room.gate import Gate
from adapters.room.model import Room
from adapters.room.roster import clean_name
from adapters.room.session import FRAME_LIMIT, Session
from adapters.room.things import Change
from chat.cards import Attachment, Block, Picture
from chat.errors import UserError
from chat.messages import Answer, File, Incoming

STATIC = Path(__file__).with_name("static")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
FILE_LIMIT = 10 * 1024 * 1024
UPLOADS, MINUTE = 60, 60.0
"""Files a minute, of all visitors together: nobody fills the disk in passing."""


class Server:
    """Implements ``adapter.Page``."""

    def __init__(
        self,
        room: Room,
        gate: Gate,
        clockwork: Clockwork,
        greeting: frames.Greeting,
        host: str,
        port: int,
        data: Path,
        pages: Sequence[web.RouteDef] = (),
    ) -> None:
        self.room = room
        self.clockwork = clockwork
        self.greeting = greeting
        self.hurry: Callable[[str], None] = lambda key: None
        self.url = ""
        self.sessions: set[Session] = set()
        self._uploads: deque[float] = deque()
        self.files: dict[str, File] = {ref: File(**raw) for ref, raw in room.store.load("file").items()}
        self._host, self._port, self._data = host, port, data
        self._runner: web.AppRunner | None = None
        self._static = {path.name: path for path in STATIC.iterdir() if path.suffix in TYPES}
        self._app = web.Application(middlewares=[gate.middleware], client_max_size=FILE_LIMIT)
        self._app.add_routes(
            [
                web.get("/", self._page),
                web.get("/static/{name}", self._asset),
                web.get("/ws", self._socket),
                web.post("/files", self._upload),
                web.get("/files/{ref}", self._download),
                web.get("/pictures/{message}/{block}", self._picture),
                web.get("/attachments/{message}/{block}", self._attachment),
                *pages,
            ]
        )
        room.watch(self._changed)
        clockwork.watch(lambda: self.broadcast(clockwork.frame()))

    async def start(self) -> None:
        """Raises OSError when the address cannot be had."""
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=0.3, handler_cancellation=True)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError:
            await self.stop()
            raise
        port = self._runner.addresses[0][1]
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{host}:{port}"
        self.clockwork.start()

    async def stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner:
            await self.clockwork.stop()
            await asyncio.gather(*(session.close() for session in list(self.sessions)))
            await runner.cleanup()

    async def answer(self, thing: Incoming, answer: Answer | None) -> None:
        await asyncio.gather(*(session.answer(thing, answer) for session in list(self.sessions)))

    def trouble(self, thing: Incoming) -> None:
        for session in self.sessions:
            session.trouble(thing.key)

    def broadcast(self, frame: frames.Frame) -> None:
        for session in self.sessions:
            session.send(frame)

    def _changed(self, change: Change) -> None:
        for session in self.sessions:
            session.changed(change)

    # --- handlers ------------------------------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(self._static["index.html"], headers={"Content-Type": "text/html; charset=utf-8"})

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        path = self._static.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": f"{TYPES[path.suffix]}; charset=utf-8"})

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(max_msg_size=FRAME_LIMIT, heartbeat=25, timeout=0.3)
        await socket.prepare(request)
        session = Session(self, socket)
        self.sessions.add(session)
        try:
            await session.run()
        finally:
            self.sessions.discard(session)
        return socket

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        while self._uploads and self._uploads[0] <= monotonic() - MINUTE:
            self._uploads.popleft()
        if len(self._uploads) >= UPLOADS:
            raise web.HTTPTooManyRequests(text="文件传得太快，请等一分钟。 Too many files; please wait a minute.")
        self._uploads.append(monotonic())
        content = await request.read()
        try:
            name = clean_name(request.query.get("name", ""), 120)
        except UserError:
            raise web.HTTPBadRequest(text="name?") from None
        words = await asyncio.to_thread(words_of, name, content)
        file = File(name, secrets.token_urlsafe(9), len(content), words)
        await asyncio.to_thread(self._store_file, file.ref, content)
        self.files[file.ref] = file
        self.room.store.put("file", file.ref, file)
        return web.json_response({"ref": file.ref, "name": file.name, "size": file.size})

    def _store_file(self, ref: str, content: bytes) -> None:
        folder = self._data / "room-files"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ref).write_bytes(content)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self.files.get(request.match_info["ref"])
        path = self._data / "room-files" / file.ref if file else None
        if file is None or path is None or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers=_as_download(file.name))

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        block = self._block(request)
        if not isinstance(block, Picture):
            raise web.HTTPNotFound
        name = block.dark if block.dark and "dark" in request.query else block.path
        path = (self._data / name).resolve()
        kind = PICTURES.get(path.suffix.lower())
        if kind is None or not path.is_relative_to(self._data.resolve()) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": kind})

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        block = self._block(request)
        if not isinstance(block, Attachment):
            raise web.HTTPNotFound
        return web.Response(body=block.data, headers=_as_download(block.name))

    def _block(self, request: web.Request) -> Block:
        message = self.room.log.get(request.match_info["message"])
        number = request.match_info["block"]
        blocks = message.card.blocks if message and message.card else ()
        if not number.isdecimal() or int(number) >= len(blocks):
            raise web.HTTPNotFound
        return blocks[int(number)]


def _as_download(name: str) -> dict[str, str]:
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
