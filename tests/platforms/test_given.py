"""Where the addresses that platforms give may lead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from aiohttp import web

from adapters.given import Homes, Wary, is_open
from adapters.http import Http
from bot.clock import VirtualClock
from chat.errors import Rejected, Unreachable

HOMES = Homes(("dingtalk.com",), ("http://127.0.0.1:9000/x", "https://api.inside.example"))
CLOCK = VirtualClock(datetime(2026, 9, 18, tzinfo=UTC))


@pytest.mark.parametrize(
    "url",
    ["https://down.dingtalk.com/a?b=c", "http://dingtalk.com/a", "https://DOWN.DingTalk.com./a", "http://127.0.0.1:1/x",
     "https://api.inside.example/file"],
)  # fmt: skip
def test_the_platforms_own(url: str) -> None:
    HOMES.check("file", url)


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest/meta-data", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://2130706433/",
     "http://evil.com/dingtalk.com", "http://evildingtalk.com/", "http://dingtalk.com.evil.com/", "", "x", "http://",
     "file:///etc/passwd", "gopher://dingtalk.com/", "http://dingtalk.com@evil.com/", "http://a:b@dingtalk.com/",
     "http://dingtalk.com:99999/", "http://[dingtalk.com/", "//dingtalk.com/x"],
)  # fmt: skip
def test_anywhere_else(url: str) -> None:
    with pytest.raises(Rejected) as refused:
        HOMES.check("file", url)
    assert "meta-data" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "fine"),
    [("93.184.216.34", True), ("2606:4700::1111", True), ("198.18.0.7", True), ("127.0.0.1", False),
     ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
     ("100.100.100.200", False),
     ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("fe80::1%eth0", False),
     ("fd00::1", False), ("::ffff:10.0.0.1", False), ("2002:a00:1::", False), ("64:ff9b:1::1", False), ("x", False)],
)  # fmt: skip
def test_what_is_open(address: str, fine: bool) -> None:
    assert is_open(address) is fine


async def test_a_name_that_leads_into_the_house_is_not_found() -> None:
    """Also when the platform's own name server says so: it is looked at when the connection is made."""
    http = Http(CLOCK, total=2, homes=Homes(("localhost",)))
    with pytest.raises(Unreachable):
        await http.fetch("file", "http://localhost:1/x", 10)
    await http.close()
    wary = Wary(Homes((), ("http://localhost",)))
    assert await wary.resolve("localhost", 1)
    await wary.close()


async def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": "/secret"})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/file"
    http = Http(CLOCK, total=2, homes=Homes((), (url,)))
    reply, _ = await http.fetch("file", url, 10)
    assert (reply.status, asked) == (302, ["/file"])
    await http.close()
    await runner.cleanup()
