"""The AI bot's long connection: one socket, subscribed, kept alive, and given up to whoever takes it from us.

::

    connecting ── subscribed ──▶ ready ── lost ──▶ reconnecting ──▶ ready …
        │                          └── another program subscribed ──▶ kicked ── 5 minutes, one attempt ──▶ ready
        └── 853000 ──▶ auth_failed ── 10 minutes ──▶ connecting       └── again within 10 minutes: for good

A frame is answered by a frame with the same req_id and nothing else to tell it by, so there is one under way for each
req_id; one that was not answered in time is never used again. A send has three outcomes: answered, surely not sent
(Unreachable), or unknown (InDoubt).
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Literal, Protocol
from weakref import WeakValueDictionary

import aiohttp
import orjson

from adapters.http import from_environment
from adapters.wecom import wire
from adapters.wecom.errors import BAD_CREDENTIALS, NOT_SUBSCRIBED, STALE_REQUEST, Refused
from chat.errors import InDoubt, Malformed, Unreachable
from chat.frozen import frozen

State = Literal["new", "connecting", "ready", "reconnecting", "auth_failed", "kicked", "stopped"]
LARGEST = 4 << 20


class Line(Protocol):
    """What the adapter needs of its way to WeCom, whichever of the two it is."""

    speaks_first: bool
    """Something can be said before a press is committed."""
    state: State
    why: str
    on_state: Callable[[State], None]
    epoch: int
    ready: asyncio.Event
    counts: Counter[str]

    async def run(self) -> None: ...

    async def request(self, cmd: str, body: wire.Frame | None = None, req_id: str = "") -> wire.Frame: ...

    def done(self, req_id: str) -> None: ...


MISSES = 2
log = logging.getLogger(__name__)


@frozen
class Timing:
    """Seconds. ``healthy``: a link that lived so long starts its pauses anew."""

    connect: float = 10.0
    ping: float = 30.0
    ack: float = 5.0
    close: float = 0.4
    first_pause: float = 1.0
    longest_pause: float = 60.0
    healthy: float = 60.0
    too_fast: float = 60.0
    auth_pause: float = 600.0
    kicked_pause: float = 300.0
    kicked_again: float = 600.0


class Connection:
    """``run`` keeps it up. ``on_callback(frame, epoch)`` gets what people did; it must return at once.

    epoch: counts the sockets, since a req_id dies with its socket. counts: what came and could not be used. why: what
    was wrong with the link last.
    """

    speaks_first = True

    def __init__(
        self,
        bot_id: str,
        secret: str,
        url: str,
        on_callback: Callable[[wire.Frame, int], object],
        timing: Timing | None = None,
        on_dated: Callable[[str], None] = lambda date: None,
        proxy: str = "",
    ) -> None:
        """on_dated: told the date on each answer to our knocking. proxy: URL; empty: what the environment says."""
        self._on_dated = on_dated
        self._proxy = proxy
        self._bot_id = bot_id
        self._secret = secret
        self._url = url
        self._on_callback = on_callback
        self.timing = timing or Timing()
        self.state: State = "new"
        self.why = ""
        self.on_state: Callable[[State], None] = lambda state: None
        self.epoch = 0
        self.ready = asyncio.Event()
        self.counts: Counter[str] = Counter()
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._acks: dict[str, asyncio.Future[wire.Frame | None]] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._spoilt: set[str] = set()
        self._kicked = False
        self._kicks: deque[float] = deque(maxlen=2)
        self._losses: deque[float] = deque(maxlen=3)

    async def run(self) -> None:
        """Connect, listen, reconnect; until cancelled."""
        failures = 0
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=self.timing.connect)
        try:
            traces = [self._tracing()]
            async with aiohttp.ClientSession(trust_env=True, timeout=timeout, trace_configs=traces) as http:
                while True:
                    self._become("reconnecting" if self.epoch else "connecting")
                    began = time.monotonic()
                    trouble = await self._live(http)
                    failures = 0 if time.monotonic() - began >= self.timing.healthy else failures + 1
                    await self._rest(trouble, failures)
        finally:
            self._become("stopped")

    def _tracing(self) -> aiohttp.TraceConfig:
        """The answer to an upgrade is dated, and seen nowhere else."""

        async def seen(_: aiohttp.ClientSession, __: object, end: aiohttp.TraceRequestEndParams) -> None:
            self._on_dated(end.response.headers.get("Date", ""))

        tracing = aiohttp.TraceConfig()
        tracing.on_request_end.append(seen)
        return tracing

    async def request(self, cmd: str, body: wire.Frame | None = None, req_id: str = "") -> wire.Frame:
        """Send one frame and wait for its answer's ``body``. req_id: of the callback this answers, else a new one.

        Raises Unreachable (not sent), InDoubt (sent, no answer), Refused (answered with an error: not done).
        """
        if not self.ready.is_set():
            raise Unreachable(f"wecom: the link is {self.state}")
        return await self._exchange(cmd, body, req_id)

    def done(self, req_id: str) -> None:
        """What came under ``req_id`` is committed. WeCom does not ask."""

    def renew(self) -> None:
        """Drop this socket and subscribe on a new one: the server has forgotten our subscription."""
        if self._ws is not None:
            self.ready.clear()
            self._acks_lost()
            self._closing = asyncio.ensure_future(_shut(self._ws, self.timing.close))

    # --- one socket ----------------------------------------------------------------------------------------------

    async def _live(self, http: aiohttp.ClientSession) -> Refused | None:
        """From connecting to the end of the socket. Returns why WeCom refused the subscription, if it did."""
        self._kicked = False
        try:
            async with asyncio.timeout(self.timing.connect):
                ws = await http.ws_connect(
                    self._url,
                    max_msg_size=LARGEST,
                    proxy=self._proxy or from_environment(self._url),
                    timeout=aiohttp.ClientWSTimeout(ws_close=self.timing.close),
                )
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            self._lost(f"cannot connect: {_cause(error)}")
            return None
        self._ws = ws
        self.epoch += 1
        self._spoilt.clear()
        tasks = [asyncio.create_task(self._read(ws), name="wecom read")]
        try:
            credentials = {"bot_id": self._bot_id, "secret": self._secret}
            await self._exchange("aibot_subscribe", credentials, seconds=self.timing.connect)
            self._become("ready")
            self.ready.set()
            self.why = ""
            tasks.append(asyncio.create_task(self._beat(), name="wecom ping"))
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self._lost(f"closed {ws.close_code}")
        except Refused as error:
            return error
        except (InDoubt, Unreachable) as error:
            self._lost(f"no subscription: {error}")
        finally:
            self.ready.clear()
            self._ws = None
            self._acks_lost()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await _shut(ws, self.timing.close)
        return None

    async def _read(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        """Until the socket ends or somebody else takes it over."""
        async for message in ws:
            if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                continue
            try:
                self._hear(wire.decode(message.data))
            except Malformed as error:
                self.counts["malformed"] += 1
                log.warning("wecom: %s", error, extra={"action": "wecom.malformed"})
            if self._kicked:
                return

    def _hear(self, frame: wire.Frame) -> None:
        if frame.get("cmd"):
            event = frame.get("body")
            event = event.get("event") if isinstance(event, dict) else None
            self._kicked = isinstance(event, dict) and event.get("eventtype") == "disconnected_event"
            if not self._kicked:
                self._on_callback(frame, self.epoch)
            return
        waiting = self._acks.get(wire.req_id_of(frame))
        if waiting is None or waiting.done():
            self.counts["late acks"] += 1
        else:
            waiting.set_result(frame)

    async def _beat(self) -> None:
        """Ping; two in a row without an answer and the socket is dead, whatever TCP thinks."""
        missed = 0
        while missed < MISSES:
            if not missed:
                await asyncio.sleep(self.timing.ping)
            try:
                await self._exchange("ping", None)
                missed = 0
            except InDoubt:
                missed += 1
            except (Refused, Unreachable):
                return
        log.warning("wecom: pings unanswered", extra={"action": "wecom.dead"})

    async def _exchange(self, cmd: str, body: wire.Frame | None, req_id: str = "", seconds: float = 0.0) -> wire.Frame:
        req_id = req_id or f"{cmd}_{secrets.token_hex(12)}"
        turn = self._turns.setdefault(req_id, asyncio.Lock())
        async with turn:
            if req_id in self._spoilt:
                raise Refused(STALE_REQUEST, "an earlier answer on this request is still unknown")
            answer = await self._send(cmd, body, req_id, seconds or self.timing.ack)
        code = answer.get("errcode", 0)
        if code == 0:
            inner = answer.get("body")
            return inner if isinstance(inner, dict) else {}
        refused = Refused(code if isinstance(code, int) else -2, str(answer.get("errmsg", "")))
        if code == NOT_SUBSCRIBED:
            self.renew()
        raise refused

    async def _send(self, cmd: str, body: wire.Frame | None, req_id: str, seconds: float) -> wire.Frame:
        ws = self._ws
        if ws is None or ws.closed:
            raise Unreachable("wecom: not connected")
        frame: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
        if body is not None:
            frame["body"] = body
        waiting: asyncio.Future[wire.Frame | None] = asyncio.get_running_loop().create_future()
        self._acks[req_id] = waiting
        try:
            async with asyncio.timeout(seconds):
                await ws.send_str(orjson.dumps(frame).decode())
                answer = await waiting
        except TimeoutError:
            self._spoilt.add(req_id)
            raise InDoubt(f"wecom: {cmd} was not answered") from None
        except (OSError, aiohttp.ClientError) as error:
            raise InDoubt(f"wecom: {cmd}: {type(error).__name__}") from error
        finally:
            self._acks.pop(req_id, None)
        if answer is None:
            raise InDoubt(f"wecom: the link was lost after {cmd}")
        return answer

    def _acks_lost(self) -> None:
        for waiting in self._acks.values():
            if not waiting.done():
                waiting.set_result(None)

    # --- between sockets -----------------------------------------------------------------------------------------

    async def _rest(self, trouble: Refused | None, failures: int) -> None:
        if self._kicked:
            await self._stand_back()
        elif trouble is not None and trouble.code == BAD_CREDENTIALS:
            self._become("auth_failed")
            log.error("wecom: %s", trouble, extra={"action": "wecom.auth_failed"})
            await asyncio.sleep(self.timing.auth_pause)
        else:
            timing = self.timing
            pause = min(timing.longest_pause, timing.first_pause * 2.0 ** min(max(failures - 1, 0), 16))
            if trouble is not None:
                log.warning("wecom: %s", trouble, extra={"action": "wecom.subscribe"})
                pause = timing.too_fast
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))

    async def _stand_back(self) -> None:
        """Another program uses this bot: no fight. One attempt later, for it may have been our own dead socket."""
        self._become("kicked")
        self._kicks.append(time.monotonic())
        if (
            len(self._kicks) == 2
            and self._kicks[1] - self._kicks[0] < self.timing.kicked_pause + self.timing.kicked_again
        ):
            log.error("wecom: another program uses this bot; stopped", extra={"action": "wecom.kicked"})
            await asyncio.Event().wait()
        log.error("wecom: another program took over this bot", extra={"action": "wecom.kicked"})
        await asyncio.sleep(self.timing.kicked_pause)

    def _become(self, state: State) -> None:
        if state != self.state:
            log.info("wecom: %s", state, extra={"action": "wecom.state"})
        self.state = state
        self.on_state(state)

    def _lost(self, why: str) -> None:
        """Ordinary every few minutes on some networks; three times in ten minutes is worth a line."""
        self._losses.append(time.monotonic())
        self.why = why
        often = len(self._losses) == 3 and self._losses[-1] - self._losses[0] < 600.0
        log.log(logging.WARNING if often else logging.INFO, "wecom: %s", why, extra={"action": "wecom.lost"})


def _cause(error: Exception) -> str:
    status = f" {error.status}" if isinstance(error, aiohttp.ClientResponseError) else ""
    return f"{type(error).__name__}{status}"


async def _shut(ws: aiohttp.ClientWebSocketResponse, seconds: float) -> None:
    """Close, politely if the other side takes part and anyhow within ``seconds``."""
    try:
        async with asyncio.timeout(seconds):
            await ws.close()
    except TimeoutError:
        pass
