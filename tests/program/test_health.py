"""What machines that watch the bot can ask it, of the program as it runs."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.health import HealthPages
from tests.program.conftest import Start
from tests.road.conftest import Road


def _get(url: str, token: str = "") -> tuple[int, str]:
    request = Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_it_is_alive_ready_and_measured(start: Start) -> None:
    url = start("run", "--port", "0").url()
    assert _get(f"{url}/healthz") == (200, "ok\n")
    status, body = _get(f"{url}/readyz")
    assert (status, json.loads(body)) == (200, {"ready": True, "storage": "ok", "platforms": {"room": "ready"}})
    status, text = _get(f"{url}/metrics")
    assert status == 200
    lines = text.splitlines()
    assert 'jindu_outbox{state="dead"} 0.0' in lines
    assert 'jindu_link{platform="room",state="ready"} 1.0' in lines
    assert any(line.startswith('jindu_answer_seconds_bucket{le="0.001"}') for line in lines)
    assert any(line.startswith("process_resident_memory_bytes") for line in lines)


def test_strangers_learn_no_more_than_that_it_is_alive(start: Start, tmp_path: Path) -> None:
    url = start("run", "--host", "0.0.0.0", "--port", "0").url()
    base = url.replace(url.split("//")[1].split(":")[0], "127.0.0.1")
    token = (tmp_path / "data" / "room-token").read_text()
    assert _get(f"{base}/healthz")[0] == 200
    assert _get(f"{base}/metrics")[0] == 401
    assert _get(f"{base}/metrics", token)[0] == 200


def test_the_pages_can_have_an_address_of_their_own(start: Start, free_port: int, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(f"[ops]\nport = {free_port}\n")
    program = start("run", "--port", "0")
    program.url()
    assert _get(f"http://127.0.0.1:{free_port}/healthz") == (200, "ok\n")


def test_an_address_in_use_is_said(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "config.toml").write_text(f"[ops]\nport = {port}\n")
        program = start("run", "--port", "0")
        program.until(f"监控地址 127.0.0.1:{port} 用不了")
        assert program.end() == 1


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


async def test_who_can_only_read_is_not_ready(tmp_path: Path) -> None:
    """What is asked has to be stored, not only to be found. Of many who ask at once one makes it try."""
    road = Road(tmp_path / "jindu.db")
    await road.app.start()
    road.app.writer.connection.command("PRAGMA query_only = ON")  # type: ignore[attr-defined]
    site = web.Application()
    site.add_routes(HealthPages(road.app).routes())
    async with TestClient(TestServer(site)) as client:
        for _ in range(20):
            async with client.get("/readyz") as answer:
                said = await answer.json()
                assert (answer.status, said["ready"]) == (503, False)
                assert "readonly" in said["storage"]
        async with client.get("/healthz") as answer:
            assert answer.status == 200, "starting it anew would not help"
    await road.app.close()
