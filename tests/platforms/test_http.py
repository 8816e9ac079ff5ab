"""What goes wrong between us and a platform gets the right name; tokens are fetched once for all."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from adapters.http import LARGEST, Http, Pace, Token
from bot.clock import VirtualClock
from chat.errors import InDoubt, Refresh, RetryLater, Unreachable
from tests.certificates import self_signed

NOON = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Answers with ``handler``."""

    def __init__(self) -> None:
        self.handler: Handler = self.fine
        self.requests: list[web.Request] = []

    async def fine(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"code": 0})

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/x"

    async def stop(self) -> None:
        await self.runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.handler(request)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOON)


@pytest.fixture
async def http(clock: VirtualClock) -> AsyncIterator[Http]:
    http = Http(clock, total=0.5)
    yield http
    await http.close()


def answers(status: int, text: str = "", **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        return web.Response(
            status=status, text=text, headers={name.replace("_", "-"): v for name, v in headers.items()}
        )

    return handler


async def test_an_answer_is_its_json_object(server, http):
    server.handler = answers(400, '{"code":7}', X_Reset="3")
    reply = await http.call("POST", server.url, json={"a": "好"})
    assert (reply.status, reply.body, reply.headers["x-reset"]) == (400, {"code": 7}, "3")


@pytest.mark.parametrize("text", ["", "<html>502</html>", "[1]", "null", "{", '"x"'])
async def test_a_body_that_is_no_object_is_empty(server, http, text):
    server.handler = answers(200, text)
    assert (await http.call("GET", server.url)).body == {}


async def test_an_endless_body_is_not_swallowed_whole(server, http):
    server.handler = answers(200, '{"a":"' + "x" * LARGEST + '"}')
    assert (await http.call("GET", server.url)).body == {}


async def test_nobody_there_is_unreachable(server, http):
    await server.stop()
    with pytest.raises(Unreachable):
        await http.call("POST", server.url)


async def test_a_name_that_nobody_knows_is_unreachable(http):
    with pytest.raises(Unreachable):
        await http.call("POST", "http://platform.invalid/x")


async def test_a_server_that_speaks_no_tls_is_unreachable_and_nothing_was_sent(server, http):
    with pytest.raises(Unreachable):
        await http.call("POST", server.url.replace("http:", "https:"), json={"a": "好"})
    assert server.requests == []


async def test_a_certificate_nobody_vouches_for_is_refused_and_nothing_was_sent(server, http, tmp_path):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*self_signed(tmp_path, "localhost"))
    site = web.TCPSite(server.runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port = server.runner.addresses[-1][1]
    with pytest.raises(Unreachable) as refused:
        await http.call("POST", f"https://127.0.0.1:{port}/x", json={"a": "好"})
    assert "Certificate" in str(refused.value)
    assert server.requests == []


async def test_a_server_that_takes_the_connection_and_never_says_a_word(http):
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(InDoubt):
        await http.call("POST", f"http://127.0.0.1:{silent.getsockname()[1]}/x")


async def test_no_answer_in_time_is_in_doubt(server, http):
    async def never(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    server.handler = never
    with pytest.raises(InDoubt):
        await http.call("POST", server.url)


async def test_a_connection_that_breaks_after_the_request_is_in_doubt(server, http):
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    server.handler = cut
    with pytest.raises(InDoubt):
        await http.call("POST", server.url)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("-3", 0.0),
        ("99999999", 3600.0),
        ("Fri, 18 Sep 2026 04:00:30 GMT", 30.0),
        ("soon", 5.0),
        ("", 5.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_busy_gateways_say_when_to_come_back(server, http, status, said, seconds):
    server.handler = answers(status, "slow down", Retry_After=said)
    with pytest.raises(RetryLater) as caught:
        await http.call("POST", server.url)
    assert caught.value.after == seconds


async def test_redirections_are_not_followed(server, http):
    server.handler = answers(302, "", Location="http://example.invalid/")
    assert (await http.call("GET", server.url)).status == 302


async def test_errors_tell_where_but_not_what_was_sent(server, http):
    await server.stop()
    with pytest.raises(Unreachable) as caught:
        await http.call("POST", server.url, json={"app_secret": "hush"}, headers={"Authorization": "Bearer hush"})
    assert "hush" not in str(caught.value)


# --- tokens ----------------------------------------------------------------------------------------------------------


class Mint:
    def __init__(self) -> None:
        self.count = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fail = False

    async def __call__(self) -> tuple[str, float]:
        self.count += 1
        await self.gate.wait()
        if self.fail:
            raise Unreachable("no mint")
        return f"t{self.count}", 7200.0


async def test_a_token_is_fetched_once_for_all_who_wait(clock):
    mint = Mint()
    token = Token(clock, mint)
    mint.gate.clear()
    waiting = [asyncio.create_task(token.get()) for _ in range(50)]
    await asyncio.sleep(0)
    mint.gate.set()
    assert set(await asyncio.gather(*waiting)) == {"t1"}
    assert mint.count == 1


async def test_one_who_gives_up_waiting_does_not_stop_the_others(clock):
    mint = Mint()
    token = Token(clock, mint)
    mint.gate.clear()
    first, second = asyncio.create_task(token.get()), asyncio.create_task(token.get())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    mint.gate.set()
    assert await second == "t1"


async def test_it_is_renewed_before_it_runs_out(clock):
    mint = Mint()
    token = Token(clock, mint)
    assert await token.get() == "t1"
    clock.set(NOON + timedelta(seconds=6800))
    assert await token.get() == "t1"
    clock.set(NOON + timedelta(seconds=6901))
    assert await token.get() == "t2"


async def test_a_failure_is_told_to_all_and_tried_anew_by_the_next(clock):
    mint = Mint()
    token = Token(clock, mint)
    mint.fail = True
    results = await asyncio.gather(token.get(), token.get(), return_exceptions=True)
    assert [type(result) for result in results] == [Unreachable, Unreachable]
    mint.fail = False
    assert await token.get() == "t2"


async def test_a_stale_token_is_renewed_once_however_many_found_it_stale(clock):
    mint = Mint()
    token = Token(clock, mint)
    used: list[str] = []

    async def call(word: str) -> str:
        used.append(word)
        await asyncio.sleep(0)
        if word == "t1":
            raise Refresh("stale")
        return word

    assert set(await asyncio.gather(*(token.use(call) for _ in range(10)))) == {"t2"}
    assert mint.count == 2


async def test_a_token_that_stays_stale_is_not_renewed_for_ever(clock):
    mint = Mint()
    token = Token(clock, mint)

    async def call(word: str) -> str:
        raise Refresh("stale")

    with pytest.raises(Refresh):
        await token.use(call)
    assert mint.count == 2


# --- pace ------------------------------------------------------------------------------------------------------------


async def test_a_burst_goes_at_once_and_the_rest_evenly(clock):
    pace = Pace(clock, 5, 1.0)
    for _ in range(5):
        await pace.turn()
    late = asyncio.create_task(pace.turn())
    await asyncio.sleep(0)
    assert not late.done()
    clock.set(NOON + timedelta(seconds=0.2))
    await late
    later = asyncio.create_task(pace.turn())
    await asyncio.sleep(0)
    assert not later.done()
    clock.set(NOON + timedelta(seconds=0.4))
    await later
