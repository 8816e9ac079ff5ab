"""The long connection, in a process of its own: dingtalk-stream's client, watched by ``adapters.link``.

What is changed of the client, and why:

* ``open_connection`` hands out a ticket that was fetched before, with a time-out and without blocking the loop; asked
  again it raises the only thing that ends ``start``: KeyboardInterrupt in 0.24.3, CancelledError in 0.24.4. So one
  client is one connection;
* ``background_task`` answers each frame by itself, on the connection it came from, with the bot's receipt: the SDK's
  handlers drop fields, leave unknown topics unanswered and answer events in a way of their own;
* ``keepalive`` is told when the connection stands and when it is gone; the SDK would wait ten seconds then, or not at
  all. Told to leave, the bot connects anew first and then lets the old connection go.

Tests change ``patience``, ``quiet`` and ``beat`` by settings of these names.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import logging
import os
import time
from functools import partial
from types import SimpleNamespace
from typing import Any

import aiohttp

from adapters.dingtalk.errors import LINK_STATES
from adapters.dingtalk.wire import CARD, ROBOT
from adapters.pipe import NotStored, Pipe

PATIENCE, CARD_PATIENCE = 2.5, 1.8
"""Seconds for the bot's receipt; DingTalk wants its answer within 3, to a press within 2."""
PING = 10.0
"""Seconds between pings, and until a peer that does not answer one is given up."""
QUIET = 1800.0
"""Seconds without any frame, DingTalk's own pings among them, after which another connection is tried."""
YOUNG = 10.0
"""A connection told to leave so soon counts as lost."""
BEAT, JUMP = 1.0, 30.0
LARGEST = 16 << 20
DRAIN = 3.0


class Watch:
    """Keeps one connection standing."""

    def __init__(self, pipe: Pipe, sdk: Any) -> None:
        self.pipe = pipe
        self._kind = line(sdk, pipe, self)
        self._version = sdk.VERSION_STRING
        self._current: Any = None
        self._renewing: asyncio.Task[None] | None = None
        self._retiring: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """For ever. Beats prove that this loop lives."""
        self.renew()
        beat, quiet = float(self.pipe.settings.get("beat", BEAT)), float(self.pipe.settings.get("quiet", QUIET))
        while True:
            self.pipe.beat()
            before = time.time()
            await asyncio.sleep(beat)
            slept = time.time() - before > beat + JUMP
            if self._current is not None and (slept or time.monotonic() - self._current.heard > quiet):
                self._current.heard = time.monotonic()
                self.renew()

    def renew(self) -> None:
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.get_running_loop().create_task(self._renew())

    def leave(self, which: Any, why: str) -> None:
        """DingTalk told this connection to go."""
        if which is self._current:
            if time.monotonic() - which.since < YOUNG:
                self.pipe.state("reconnecting", why)
            self.renew()

    def lost(self, which: Any, why: str) -> None:
        if which is self._current:
            self._current = None
            self.pipe.state("reconnecting", why)
            self.renew()

    async def _renew(self) -> None:
        """The new connection first, then the old one goes, once what it brought is answered."""
        fresh = await self._connected()
        while fresh.gone:
            self.pipe.state("reconnecting", "closed at once")
            fresh = await self._connected()
        old, self._current = self._current, fresh
        self.pipe.state("ready")
        if old is not None:
            self._retiring = asyncio.get_running_loop().create_task(_retired(old))

    async def _connected(self) -> Any:
        fresh = self._kind(await self._ticket())
        fresh.living = asyncio.get_running_loop().create_task(fresh.start())
        standing = asyncio.get_running_loop().create_task(fresh.standing.wait())
        await asyncio.wait({fresh.living, standing}, return_when=asyncio.FIRST_COMPLETED)
        standing.cancel()
        if not fresh.standing.is_set():
            self.pipe.end("reconnecting", "the connection was refused")
        return fresh

    async def _ticket(self) -> dict[str, str]:
        settings = self.pipe.settings
        body = {
            "clientId": settings["client_id"],
            "clientSecret": settings["client_secret"],
            "subscriptions": [
                {"type": "EVENT", "topic": "*"},
                {"type": "CALLBACK", "topic": ROBOT},
                {"type": "CALLBACK", "topic": CARD},
            ],
            "ua": f"dingtalk-sdk-python/v{self._version}-union",
            "localIp": "",
        }
        url = settings["api_base"] + "/v1.0/gateway/connections/open"
        timeout = aiohttp.ClientTimeout(total=8, sock_connect=4)
        try:
            async with (
                aiohttp.ClientSession(trust_env=True, timeout=timeout) as session,
                session.post(url, json=body, headers={"Accept": "application/json"}) as answer,
            ):
                status, said = answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            self.pipe.end("reconnecting", f"gateway: {type(error).__name__}")
        said = said if isinstance(said, dict) else {}
        if status == 200 and isinstance(said.get("endpoint"), str) and isinstance(said.get("ticket"), str):
            return {"endpoint": said["endpoint"], "ticket": said["ticket"]}
        code = str(said.get("code") or "")
        state = "auth_failed" if status == 401 else LINK_STATES.get(code, "reconnecting")
        self.pipe.end(state, f"gateway: HTTP {status} {code} {said.get('message') or ''}")
        raise AssertionError("the process has ended")


async def _retired(old: Any) -> None:
    """Closed once what it brought is answered; DingTalk would wait ten seconds."""
    if old.answering:
        await asyncio.wait(old.answering, timeout=DRAIN)
    await old.socket.close()


def line(sdk: Any, pipe: Pipe, watch: Watch) -> Any:
    """The class of our connections."""
    quiet = logging.getLogger("jindu.dingtalk-stream")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    credential = sdk.Credential(pipe.settings["client_id"], pipe.settings["client_secret"])

    the_end = asyncio.CancelledError if hasattr(sdk.DingTalkStreamClient, "stop") else KeyboardInterrupt

    class Line(sdk.DingTalkStreamClient):  # type: ignore[misc]
        def __init__(self, ticket: dict[str, str]) -> None:
            super().__init__(credential, quiet)
            self._ticket: dict[str, str] | None = ticket
            self.standing = asyncio.Event()
            self.gone = False
            self.socket: Any = None
            self.living: asyncio.Task[None] | None = None
            self.answering: set[asyncio.Task[Any]] = set()
            self.since = self.heard = time.monotonic()

        def open_connection(self) -> dict[str, str]:
            ticket, self._ticket = self._ticket, None
            if ticket is None:
                raise the_end
            return ticket

        async def keepalive(self, ws: Any, ping_interval: float = 60) -> None:
            self.socket = ws
            self.standing.set()
            try:
                await ws.wait_closed()
            finally:
                self.gone = True
                watch.lost(self, f"closed with {ws.close_code}")

        async def background_task(self, json_message: Any, websocket: Any = None) -> None:
            self.heard = time.monotonic()
            socket, task = self.socket, asyncio.current_task()
            assert task is not None
            self.answering.add(task)
            try:
                if await answered(pipe, socket, json_message) == self.TAG_DISCONNECT:
                    watch.leave(self, "told to leave")
            except sdk.websockets.exceptions.ConnectionClosed:
                pass  # not answered: it comes again on another connection
            finally:
                self.answering.discard(task)

    return Line


async def answered(pipe: Pipe, socket: Any, frame: Any) -> str:
    """One frame, answered. Returns the topic of a system frame, "" for others."""
    headers = frame.get("headers") if isinstance(frame, dict) else None
    if not isinstance(headers, dict):
        return ""
    topic, push = str(headers.get("topic")), headers.get("messageId")
    if frame.get("type") == "SYSTEM":
        await socket.send(ack(push, 200, frame.get("data")))
        return topic
    number, receipt = pipe.event(json.dumps(frame))
    waiting = asyncio.shield(asyncio.wrap_future(receipt))
    patience = float(pipe.settings.get("patience", CARD_PATIENCE if topic == CARD else PATIENCE))
    try:
        answer = json.dumps(await asyncio.wait_for(waiting, patience))
    except (NotStored, TimeoutError) as error:
        receipt.add_done_callback(lambda _: pipe.acked(number))
        reply = refusal(push, frame.get("type"), topic == CARD, late=isinstance(error, TimeoutError))
        if reply:
            await socket.send(reply)
        return ""
    await socket.send(ack(push, 200, answer))
    pipe.acked(number)
    return ""


def ack(push: Any, code: int, data: Any) -> str:
    headers = {"contentType": "application/json", "messageId": push}
    message = "OK" if code == 200 else "not now"
    return json.dumps({"code": code, "headers": headers, "message": message, "data": data})


def refusal(push: Any, kind: Any, is_press: bool, *, late: bool) -> str:
    """Not stored, or not yet. A message that is not answered comes again; "" is what we say to it then."""
    if kind == "EVENT":
        return ack(push, 500, json.dumps({"status": "LATER", "message": "not now"}))
    if is_press:
        return ack(push, 200 if late else 500, json.dumps({"response": {}}))
    return ""


def main() -> None:
    pipe = Pipe()
    if pipe.settings.get("proxy"):
        os.environ["HTTPS_PROXY"] = os.environ["HTTP_PROXY"] = str(pipe.settings["proxy"])
    logging.raiseExceptions = False
    websockets = importlib.import_module("websockets")
    importlib.import_module("websockets.exceptions")  # the SDK uses it without importing it
    sdk: Any = importlib.import_module("dingtalk_stream.stream")
    pipe.beat()
    ping = float(pipe.settings.get("ping", PING))
    connect = partial(websockets.connect, max_size=LARGEST, ping_interval=ping, ping_timeout=ping, open_timeout=8)
    sdk.websockets = SimpleNamespace(connect=connect, exceptions=websockets.exceptions)
    asyncio.run(Watch(pipe, sdk).run())


if __name__ == "__main__":
    main()
