"""The AI bot's other mode: WeCom calls us over HTTP. For networks in which no long connection can be kept.

It takes the place of ``Connection`` and offers the same: a callback is a frame with a req_id of ours, an answer to a
press is the body of the HTTP response, an answer to a message goes to the one URL that came with it, and a push is
refused as WeCom would refuse it (93001), so that the ladder goes on to the group's webhook or parks the parcel.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from yarl import URL

from adapters.http import Http
from adapters.listening import served
from adapters.wecom import wire
from adapters.wecom.config import CallbackConfig
from adapters.wecom.connection import State
from adapters.wecom.errors import ASLEEP, STALE_REQUEST, Refused
from adapters.wecom.seal import Forged, Seal
from chat.errors import Malformed
from chat.ports import Clock
from chat.seldom import Seldom

OLDEST = 300.0
PATIENCE = 4.5
REMEMBERED = 4096
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Call:
    """One callback. url: where one answer may go later. taken: committed, and ``answer`` is what WeCom hears now."""

    url: str
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Any = None


class CallbackServer:
    """What the adapter knows as its connection; see ``Connection`` for the names."""

    why = ""
    speaks_first = False
    on_state: Callable[[State], None]

    def __init__(
        self, config: CallbackConfig, http: Http, clock: Clock, on_callback: Callable[[wire.Frame, int], bool]
    ) -> None:
        self._config = config
        self._seal = Seal(config.token, config.aes_key)
        self._http = http
        self._clock = clock
        self._on_callback = on_callback
        self._calls: OrderedDict[str, Call] = OrderedDict()
        self.state: State = "new"
        self.epoch = 1
        self.ready = asyncio.Event()
        self.counts: Counter[str] = Counter()
        self._turned_away = Seldom(log, "turned away")
        self.port = config.port
        self.patience = PATIENCE

    async def run(self) -> None:
        """Serve until cancelled."""
        host, port, path = self._config.host, self._config.port, self._config.path
        async with served(host, port, "*", path, self._serve) as self.port:
            self.state = "ready"
            self.ready.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.state = "stopped"
                self.ready.clear()

    def done(self, req_id: str) -> None:
        """Committed and, if it was a press, answered: WeCom may hear."""
        if req_id in self._calls:
            self._calls[req_id].taken.set()

    async def request(self, cmd: str, body: wire.Frame | None = None, req_id: str = "") -> wire.Frame:
        """Raises Refused or a DeliveryError."""
        call = self._calls.get(req_id)
        if call is None:
            raise Refused(ASLEEP, "callback mode cannot push")
        if cmd != "aibot_respond_msg":
            if call.taken.is_set():
                raise Refused(STALE_REQUEST, "answered already")
            call.answer = body
            return {}
        url, call.url = call.url, ""
        if not url:
            raise Refused(STALE_REQUEST, "its one answer was given")
        self._http.homes.check("wecom answer", url)
        whole = URL(url)
        reply = await self._http.call("POST", str(whole.with_query(None)), json=body, params=dict(whole.query))
        code = reply.body.get("errcode", -1)
        if code != 0:
            raise Refused(code if isinstance(code, int) else -1, str(reply.body.get("errmsg", "")))
        return {}

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            async with asyncio.timeout(self.patience):
                body = "echostr" if request.method == "GET" else await request.read()
        except TimeoutError:
            return web.Response(status=408)
        try:
            words = self._opened(request.query, body)
        except (Forged, Malformed) as error:
            self.counts["forged"] += 1
            self._turned_away(action="wecom.forged", why=str(error))
            return web.Response(status=403)
        if request.method == "GET":
            return web.Response(text=words)
        call = await self._told(words)
        if not call.taken.is_set():
            return web.Response(status=503)
        if call.answer is None:
            return web.Response()
        stamp, nonce = request.query["timestamp"], request.query["nonce"]
        return web.json_response(self._seal.answer(orjson.dumps(call.answer).decode(), stamp, nonce))

    def _opened(self, query: Any, body: str | bytes) -> str:
        """The words of a request that is signed, fresh and ours."""
        sealed = query.get("echostr") if isinstance(body, str) else wire.decode(body).get("encrypt")
        stamp = query.get("timestamp", "")
        if not isinstance(sealed, str) or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
            raise Forged("no signature")
        words = self._seal.opened(query.get("msg_signature", ""), stamp, query.get("nonce", ""), sealed)
        if abs(self._clock.now().timestamp() - int(stamp)) > OLDEST:
            raise Forged("too old")
        return words

    async def _told(self, words: str) -> Call:
        """Hand it in and wait until it is committed, or too long."""
        body = _object(words)
        url = body.get("response_url")
        call, req_id = Call(url if isinstance(url, str) else ""), f"callback_{secrets.token_hex(12)}"
        self._calls[req_id] = call
        if len(self._calls) > REMEMBERED:
            self._calls.popitem(last=False)
        cmd = "aibot_event_callback" if body.get("msgtype") == "event" else "aibot_msg_callback"
        if self._on_callback({"cmd": cmd, "headers": {"req_id": req_id}, "body": body}, self.epoch):
            try:
                async with asyncio.timeout(self.patience):
                    await call.taken.wait()
            except TimeoutError:
                log.warning("not committed in time", extra={"action": "wecom.callback"})
        else:
            call.taken.set()
        return call


def _object(words: str) -> wire.Frame:
    try:
        return wire.decode(words)
    except Malformed:
        return {}
