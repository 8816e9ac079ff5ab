"""What people send besides words: recordings are recognised, small text files read; what cannot be is said."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from adapters.feishu.adapter import FeishuAdapter
from adapters.feishu.speech import BYTES_A_SECOND, SECONDS, Decode, Speech, Undecodable, by_ffmpeg
from adapters.reading import LARGEST
from chat.messages import Incoming
from tests.platforms.feishu_contract import FeishuWebhookPlatform


async def plain(recording: bytes) -> bytes:
    return recording


@pytest.fixture
def place(feishu: FeishuWebhookPlatform) -> FeishuWebhookPlatform:
    decoded_by(feishu, plain)
    feishu.server.world.scopes.add("speech")
    return feishu


def decoded_by(feishu: FeishuWebhookPlatform, decode: Decode) -> None:
    adapter = feishu.adapter
    assert isinstance(adapter, FeishuAdapter)
    adapter._speech = Speech(adapter.client, decode)


async def sends(
    feishu: FeishuWebhookPlatform, kind: str, content: bytes, name: str = "", group: bool = False
) -> Incoming:
    """张三 sends a recording or a file; what the bot is told."""
    world = feishu.server.world
    key = f"file_v3_{world.number()}"
    world.files[key] = content
    person = world.person("张三")
    chat = feishu.group if group else world.direct(person)
    said = json.dumps({"file_key": key, "file_name": name, "duration": 2000})
    message, delivery = feishu.server.hear(chat, person, "", message_type=kind, content=said)
    await delivery.finished.wait()
    assert delivery.state == "acked"
    return feishu.ledger.thing(f"feishu:{message}")


def asked(feishu: FeishuWebhookPlatform, words: str) -> int:
    return sum(words in path for _, path in feishu.server.world.calls)


async def test_a_recording_is_fetched_decoded_and_recognised(place: FeishuWebhookPlatform) -> None:
    thing = await sends(place, "audio", "明天下午三点的供应商电话".encode())
    assert (thing.voice, thing.text, dict(thing.data)) == (True, "明天下午三点的供应商电话", {})
    assert thing.files[0].ref.count("/") == 2


@pytest.mark.parametrize("scope", ["speech", "message"])
async def test_a_missing_permission_is_a_reason_and_no_alarm_for_what_nobody_needs(
    place: FeishuWebhookPlatform, scope: str
) -> None:
    place.server.world.scopes.discard(scope)
    thing = await sends(place, "audio", b"x")
    assert (thing.text, thing.data["unheard"]) == ("", "permission")
    assert "speech" not in place.adapter.client.trouble


async def test_what_cannot_be_heard_says_why(place: FeishuWebhookPlatform) -> None:
    async def nobody(_: bytes) -> bytes:
        raise Undecodable("decoder")

    async def long(_: bytes) -> bytes:
        return b"x" * (SECONDS * BYTES_A_SECOND + 1)

    for decode, recording, why in ((nobody, b"x", "decoder"), (long, b"x", "long"), (plain, b"  ", "failed")):
        decoded_by(place, decode)
        assert (await sends(place, "audio", recording)).data["unheard"] == why
    place.server.broken = 1
    assert (await sends(place, "audio", b"x")).data["unheard"] == "failed"


async def test_recordings_in_groups_are_left_alone(place: FeishuWebhookPlatform) -> None:
    """They cannot be addressed to the bot; with a wide permission they are heard all the same."""
    await sends(place, "audio", b"x", group=True)
    await sends(place, "file", b"x", "a.csv", group=True)
    assert asked(place, "resources") == 0


async def test_what_takes_long_is_found_when_the_message_comes_again(place: FeishuWebhookPlatform) -> None:
    """Nothing is decoded twice, whatever becomes of the first try."""
    gate, calls = asyncio.Event(), []

    async def slow(recording: bytes) -> bytes:
        calls.append(recording)
        await gate.wait()
        return recording

    decoded_by(place, slow)
    place.server.ack_within = 0.05
    sending = asyncio.create_task(sends(place, "audio", "慢".encode()))
    await place.until(lambda: place.server.deliveries and place.server.deliveries[-1].attempts >= 2)
    gate.set()
    assert (await sending).text == "慢"
    assert len(calls) == 1


async def test_small_text_files_are_read(place: FeishuWebhookPlatform) -> None:
    thing = await sends(place, "file", "任务,谁\n登录页,李四".encode("utf-8-sig"), "周报.csv")
    assert thing.files[0].text == "任务,谁\n登录页,李四"
    assert (await sends(place, "file", b"\xff\xfe", "a.txt")).files[0].text == ""
    assert (await sends(place, "file", b"x" * (LARGEST + 1), "big.json")).files[0].text == ""
    before = asked(place, "resources")
    assert (await sends(place, "file", b"%PDF", "a.pdf")).files[0].text == ""
    assert asked(place, "resources") == before
    place.server.world.scopes.discard("message")
    assert (await sends(place, "file", b"{}", "a.json")).files[0].name == "a.json"


async def test_ffmpeg_is_asked_for_pcm(tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg"
    program.write_text('#!/bin/sh\necho "$@" | grep -q "s16le -ac 1 -ar 16000" && cat\n')
    program.chmod(0o755)
    assert await by_ffmpeg(b"words", str(program)) == b"words"
    program.write_text("#!/bin/sh\necho no such thing >&2; exit 1\n")
    for path, why in ((program, "failed"), (tmp_path / "missing", "decoder")):
        with pytest.raises(Undecodable) as caught:
            await by_ffmpeg(b"words", str(path))
        assert caught.value.why == why
