"""The page's server over real sockets: files, who is let in, time, and the end."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import pytest

from adapters.room.adapter import open as open_room
from adapters.room.server import FILE_LIMIT, UPLOADS
from chat.cards import Attachment, Card, Picture
from chat.text import say
from tests.activity import Patience, until
from tests.room.client import GROUP, Client, Machine, build
from tests.room.echo import Echo, StoppedClock, listening

# --- files ---------------------------------------------------------------------------------------------------------


async def test_a_file_goes_up_and_comes_down_as_a_download(enter, adapter, echo, http):
    client = await enter()
    async with http.post(f"{adapter.url}/files", params={"name": "../方案\n.html"}, data=b"<script>") as answer:
        file = await answer.json()
    assert file == {"ref": file["ref"], "name": "../方案.html", "size": 8}
    await client.ask("say", chat=adapter.room.group(GROUP), text="", files=[file["ref"], "unknown"])
    shown = await client.message("files")
    assert shown["files"] == [file]
    await adapter.idle()
    assert [(one.name, one.ref, one.size) for one in echo.heard[-1].files] == [("../方案.html", file["ref"], 8)]
    async with http.get(f"{adapter.url}/files/{file['ref']}") as answer:
        assert await answer.read() == b"<script>"
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''..%2F%E6%96%B9")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_file_over_ten_mebibytes_is_refused(enter, adapter, http):
    async with http.post(f"{adapter.url}/files?name=a", data=io.BytesIO(b"x" * (FILE_LIMIT + 1))) as answer:
        assert answer.status == 413
    async with http.post(f"{adapter.url}/files?name=", data=b"x") as answer:
        assert answer.status == 400


async def test_nobody_fills_the_disk_in_passing(enter, adapter, http):
    seen = []
    for _ in range(UPLOADS + 2):
        async with http.post(f"{adapter.url}/files?name=a", data=b"x") as answer:
            seen.append(answer.status)
    assert seen == [200] * UPLOADS + [429] * 2


async def test_what_a_card_carries_is_served_and_nothing_else(enter, adapter, echo, http, tmp_path):
    (tmp_path / "chart.png").write_bytes(b"\x89PNG")
    (tmp_path.parent / "secret.png").write_bytes(b"secret")
    group, twin = adapter.room.group(GROUP), say("图", "A picture")
    blocks = (Picture("chart.png", twin), Picture("../secret.png", twin), Picture("room.db", twin))
    card = await echo.send("post", group, Card((*blocks, Attachment("表.csv", "a,b"))))
    wanted = {"pictures/{}/0": 200, "pictures/{}/1": 404, "pictures/{}/2": 404, "pictures/{}/9": 404}
    wanted |= {"attachments/{}/3": 200, "attachments/{}/0": 404, "pictures/{}/3": 404, "pictures/x/0": 404}
    wanted |= {"static/room.js": 200, "static/..%2Fserver.py": 404, "static/%2e%2e/server.py": 404, "files/x": 404}
    for path, status in wanted.items():
        async with http.get(f"{adapter.url}/{path.format(card)}") as answer:
            assert (path, answer.status) == (path, status)


# --- who may come in -----------------------------------------------------------------------------------------------


async def test_only_this_origin_and_only_loopback_names(enter, adapter, http):
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await http.ws_connect(f"{adapter.url}/ws", origin="http://evil.example")
    async with http.post(f"{adapter.url}/files?name=a", data=b"x", headers={"Origin": "http://evil.example"}) as answer:
        assert answer.status == 403
    async with http.get(adapter.url, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    async with http.ws_connect(f"{adapter.url}/ws", origin=adapter.url) as socket:
        assert not socket.closed
    async with http.get(adapter.url) as answer:
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<script>" not in await answer.text()
    async with http.post(f"{adapter.url}/", data=b"x") as answer:
        assert answer.status == 405


async def test_with_a_token_the_door_is_shut_until_it_is_given(tmp_path, http):
    adapter = build(tmp_path, host="0.0.0.0", token="open sesame")
    async with listening(adapter, Echo(adapter)):
        url = adapter.url.replace("0.0.0.0", "127.0.0.1")
        for path, status in {"/": 401, "/files/x": 401, "/static/room.css": 200, "/?token=wrong": 401}.items():
            async with http.get(url + path) as answer:
                assert (path, answer.status) == (path, status)
        async with http.get(url) as answer:
            assert "访问口令" in await answer.text()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
            await http.ws_connect(f"{url}/ws")
        async with http.ws_connect(f"{url}/ws", headers={"Authorization": "Bearer open sesame"}) as socket:
            assert not socket.closed
        async with http.get(url, params={"token": "open sesame"}) as answer:
            assert answer.status == 200
            assert "token" not in str(answer.url)
            assert "open sesame" not in str(answer.history[0].cookies)
        async with http.ws_connect(f"{url}/ws") as socket:
            assert not socket.closed
    await adapter.close()


def test_a_host_others_can_reach_needs_a_token(tmp_path):
    with pytest.raises(ValueError, match="token"):
        open_room({"host": "0.0.0.0"}, StoppedClock(), data_dir=tmp_path)


# --- time, and the end ---------------------------------------------------------------------------------------------


async def test_time_is_moved_from_the_page_one_journey_at_a_time(tmp_path, http):
    machine = Machine()
    adapter = build(tmp_path, machine)
    async with listening(adapter, Echo(adapter)), http.ws_connect(f"{adapter.url}/ws") as socket:
        client = Client(socket)
        assert (await client.ask("view"))["clock"]["machine"]
        machine.gate.clear()
        await client.ask("time", seconds=3600)
        assert (await client.ask("time"))["ev"] == "error"
        assert [frame["running"] for frame in client.told if frame["ev"] == "clock"] == [True]
        machine.gate.set()
        done = await client.hear(lambda f: f["ev"] == "clock" and not f["running"])
        assert done["now"] == "2026-09-18T03:00:00+00:00"
        machine.nothing = True
        await client.ask("time")
        assert (await client.hear(lambda f: f["ev"] == "clock" and not f["running"]))["outcome"] == "nothing"
        assert (await client.ask("time", seconds=-1))["ev"] == "error"
        assert (await client.ask("time", seconds=1e9))["ev"] == "error"
    await adapter.close()


async def test_it_stops_within_a_second_with_pages_open_and_a_bot_that_hangs(tmp_path, http):
    adapter = build(tmp_path)
    echo = Echo(adapter)
    echo.gate.clear()
    async with listening(adapter, echo):
        sockets = [await http.ws_connect(f"{adapter.url}/ws") for _ in range(3)]
        await Client(sockets[0]).ask("view")
        await until(lambda: echo.tried)
        patience = Patience()
    await adapter.close()
    assert patience.seconds < 1
    for socket in sockets:
        await socket.close()


async def test_a_page_that_stops_reading_holds_nobody_up(enter, adapter, echo):
    client, _deaf = await enter(), await enter("李四")
    group = adapter.room.group(GROUP)
    for n in range(300):
        adapter.room.say(client.me, group, "长" * 3_000 + f"#{n}")
        await asyncio.sleep(0)
    await client.message("#299")
    await adapter.idle()


async def test_who_guesses_has_to_wait_and_who_is_in_stays_in(tmp_path, http):
    adapter = build(tmp_path, token="s3cret")
    async with listening(adapter, Echo(adapter)):
        await adapter.idle()
        async with http.get(f"{adapter.url}/?token=s3cret", allow_redirects=False) as answer:
            assert answer.status == 303
        async with aiohttp.ClientSession() as stranger:
            seen = []
            for number in range(12):
                async with stranger.get(f"{adapter.url}/?token=guess{number}") as answer:
                    seen.append(answer.status)
            assert seen == [401] * 10 + [429] * 2
            async with stranger.get(f"{adapter.url}/", headers={"Authorization": "Bearer s3cret"}) as answer:
                assert answer.status == 429
            async with stranger.get(f"{adapter.url}/healthz") as answer:
                assert answer.status != 429
        async with http.get(f"{adapter.url}/") as answer:
            assert answer.status == 200
    await adapter.close()
