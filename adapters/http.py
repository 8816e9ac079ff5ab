"""One way to speak HTTP to a platform: one session, every time-out set, what went wrong named by its remedy.

::

    nobody answered, nothing was sent   Unreachable; NoProxy when it is the proxy's fault
    sent, but no answer came back       InDoubt
    a gateway says «too fast» or «busy» RetryLater
    anything else                       a ``Reply``; the platform's own codes are judged by its adapter

``Token`` keeps a token that many callers share: fetched once however many ask, renewed once when a platform calls it
stale. ``Pace`` spaces calls evenly once a burst is used up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson

from adapters import authorities
from adapters.given import Homes, Wary
from chat.errors import InDoubt, NoProxy, Refresh, Rejected, RetryLater, Unreachable
from chat.frozen import frozen
from chat.ports import Clock

T = TypeVar("T")
CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
LARGEST = 4 << 20
"""Bytes of an answer that are read; more is an answer we cannot use."""
BUSY_SECONDS = 5.0
"""Wait after a 429 or 5xx that names no time of its own."""
LONGEST_WAIT = 3600.0
PROXY_WANTS_PASSWORD = 407
SPARE_SECONDS = 300.0
"""A token is renewed so long before it runs out."""
authorities.read()


@frozen
class Reply:
    """``body``: the JSON object; empty when the answer was none. ``headers``: looked up without regard to case."""

    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class Http:
    """One session for one platform. The names of hosts and paths may appear in errors; headers and bodies never do."""

    def __init__(
        self, clock: Clock, *, proxy: str = "", total: float = TOTAL_SECONDS, homes: Homes | None = None
    ) -> None:
        """proxy: URL; empty: what the environment says (HTTPS_PROXY, NO_PROXY). total: seconds for one call.

        homes: where addresses that a platform gives may lead.
        """
        self.homes = homes or Homes()
        self._wary: aiohttp.ClientSession | None = None
        self._clock = clock
        self._proxy = proxy or None
        self._timeout = aiohttp.ClientTimeout(total=total, sock_connect=min(CONNECT_SECONDS, total))
        self._session: aiohttp.ClientSession | None = None
        self.skew: float | None = None
        """Seconds by which our clock is ahead of the platform's, as its last answer was dated; None: not known yet."""

    @property
    def session(self) -> aiohttp.ClientSession:
        """Opened on first use, so that an adapter can be made without a running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout, trust_env=self._proxy is None, json_serialize=_dumps
            )
        return self._session

    @property
    def wary(self) -> aiohttp.ClientSession:
        """For addresses that a platform gave."""
        if self._wary is None or self._wary.closed:
            self._wary = aiohttp.ClientSession(
                timeout=self._timeout, trust_env=self._proxy is None, json_serialize=_dumps,
                connector=aiohttp.TCPConnector(resolver=Wary(self.homes)),
            )  # fmt: skip
        return self._wary

    async def call(
        self,
        method: str,
        url: str,
        *,
        json: Any = None,
        data: aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        wait_header: str = "Retry-After",
    ) -> Reply:
        """One call. wait_header: where this platform's gateway says how many seconds to wait."""
        where = f"{method} {url}"
        try:
            async with self.session.request(
                method, url, json=json, data=data, headers=headers, params=params, proxy=self._proxy,
                allow_redirects=False,
            ) as answer:  # fmt: skip
                raw = await answer.content.read(LARGEST + 1)
                reply = Reply(answer.status, answer.headers, _object(raw))
        except (aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError) as error:
            raise NoProxy(f"{where}: {type(error).__name__}", proxy_of(self._proxy, url)) from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(f"{where}: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise InDoubt(f"{where}: {type(error).__name__}") from error
        if reply.status == PROXY_WANTS_PASSWORD:
            raise NoProxy(f"{where}: HTTP {reply.status}", proxy_of(self._proxy, url))
        self._compare_clocks(reply)
        if reply.status == 429 or reply.status >= 500:
            raise RetryLater(f"{where}: HTTP {reply.status}", self.wait(reply, wait_header))
        return reply

    async def fetch(
        self, what: str, url: str, largest: int, *, headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> tuple[Reply, bytes]:  # fmt: skip
        """A file at an address that the platform gave. It may be a secret: only ``what`` is named in errors.

        Raises Rejected: it is larger, or the address is none of the platform's.
        """
        self.homes.check(what, url)
        content = b""
        try:
            async with self.wary.get(
                url, headers=headers, params=params, proxy=self._proxy, allow_redirects=False
            ) as answer:  # fmt: skip
                while len(content) <= largest and (piece := await answer.content.read(largest + 1)):
                    content += piece
                reply = Reply(answer.status, answer.headers, _object(content) if answer.status != 200 else {})
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unreachable(f"{what}: {type(error).__name__}") from error
        if len(content) > largest:
            raise Rejected(f"{what}: larger than {largest} bytes")
        return reply, content

    def wait(self, reply: Reply, header: str = "Retry-After", default: float = BUSY_SECONDS) -> float:
        """Seconds the platform asks us to wait: a number or an HTTP date in ``header``."""
        said = reply.headers.get(header, "").strip()
        try:
            return min(max(float(said), 0.0), LONGEST_WAIT)
        except ValueError:
            pass
        skew = behind(self._clock, said)
        return default if skew is None else min(max(-skew, 0.0), LONGEST_WAIT)

    def _compare_clocks(self, reply: Reply) -> None:
        skew = ahead(self._clock, reply.headers.get("Date", ""))
        self.skew = self.skew if skew is None else skew

    async def close(self) -> None:
        for session in (self._session, self._wary):
            if session is not None:
                await session.close()


def behind(clock: Clock, said: str) -> float | None:
    """Seconds from a date as HTTP writes it until now; None: that is no date."""
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return (clock.now() - (at if at.tzinfo else at.replace(tzinfo=UTC))).total_seconds()


def ahead(clock: Clock, date: str) -> float | None:
    """Seconds by which our clock is ahead of whoever dated an answer; None: that is no date. It has whole seconds."""
    passed = behind(clock, date)
    return None if passed is None else passed - 0.5


def from_environment(url: str) -> str | None:
    """The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for ``url``. A socket goes the way of its page."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme.replace("ws", "http"))
    return None if proxy is None or proxy_bypass(parts.hostname or "") else proxy


def proxy_of(configured: str | None, url: str) -> str:
    """scheme://host:port of the proxy on the way to ``url``, without its password."""
    parts = urlsplit(configured or from_environment(url) or "")
    return f"{parts.scheme}://{parts.hostname}:{parts.port}" if parts.port else f"{parts.scheme}://{parts.hostname}"


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def _object(raw: bytes) -> Mapping[str, Any]:
    """A gateway's HTML page, an empty body or an array are no answer of the platform's: {}."""
    if len(raw) > LARGEST:
        return {}
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


class Token:
    """A platform's access token. ``fetch`` returns (token, seconds it lives); it is asked once for all who wait."""

    def __init__(self, clock: Clock, fetch: Callable[[], Awaitable[tuple[str, float]]]) -> None:
        self._clock = clock
        self._fetch = fetch
        self._token = ""
        self._until = clock.now()
        self._under_way: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """The token, fetched if there is none or it is about to run out. Raises what ``fetch`` raises."""
        if self._token and self._clock.now() < self._until:
            return self._token
        return await self._renew()

    async def use(self, call: Callable[[str], Awaitable[T]]) -> T:
        """``call`` with the token; if it raises Refresh, once more with a new one. A second Refresh comes out."""
        token = await self.get()
        try:
            return await call(token)
        except Refresh:
            if self._token == token:
                self._token = ""
            return await call(await self.get())

    async def _renew(self) -> str:
        if self._under_way is None:
            self._under_way = asyncio.get_running_loop().create_task(self._ask())
            self._under_way.add_done_callback(self._asked)
        return await asyncio.shield(self._under_way)

    async def _ask(self) -> str:
        token, seconds = await self._fetch()
        spare = min(SPARE_SECONDS, seconds / 10)
        self._token, self._until = token, self._clock.now() + timedelta(seconds=seconds - spare)
        return token

    def _asked(self, task: asyncio.Task[str]) -> None:
        self._under_way = None
        if not task.cancelled():
            task.exception()

    async def close(self) -> None:
        if self._under_way is not None:
            self._under_way.cancel()


class Pace:
    """At most ``count`` in ``seconds``: a burst at once, then evenly."""

    def __init__(self, clock: Clock, count: int, seconds: float) -> None:
        self._clock = clock
        self._step = seconds / count
        self._burst = seconds
        self._due = 0.0

    async def turn(self) -> None:
        """Return when it is this caller's turn."""
        now = self._clock.now()
        self._due = max(self._due, now.timestamp()) + self._step
        wait = self._due - now.timestamp() - self._burst
        if wait > 0:
            await self._clock.sleep_until(now + timedelta(seconds=wait))
