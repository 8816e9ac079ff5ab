"""The fake is not our own opinion: a client that others wrote (``wecom-aibot-sdk``) works against it too."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import wecom_aibot_sdk as sdk

from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom

pytestmark = pytest.mark.sqlite


class Quiet:
    """The client's own logger prints message bodies."""

    def __getattr__(self, _: str) -> Any:
        return lambda *_: None


class Office:
    def __init__(self, fake: FakeWeCom, client: Any) -> None:
        self.fake = fake
        self.client = client
        self.frames: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        client.on("message", self.frames.append)
        client.on("event", self.events.append)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    fake = FakeWeCom()
    await fake.start()
    client = sdk.WSClient(
        BOT, SECRET, ws_url=fake.url, logger=Quiet(), heartbeat_interval=50, reconnect_interval=10, request_timeout=2000
    )
    place = Office(fake, client)
    await client.connect()
    await fake.connected()
    try:
        yield place
    finally:
        await client.disconnect()
        await fake.stop()


async def test_the_whole_round(office: Office) -> None:
    """Said, answered with a card, pressed, updated, pushed, uploaded, downloaded."""
    fake, client = office.fake, office.client
    fake.says("zhangsan", "/done 42", GROUP, quote={"msgtype": "text", "text": {"content": "主图"}})
    await fake.until(lambda: office.frames)
    card = {
        "card_type": "button_interaction",
        "main_title": {"title": "审批"},
        "button_list": [{"text": "同意", "style": 1, "key": "ok"}],
        "task_id": "t1",
    }
    assert (await client.reply_template_card(office.frames[0], card))["errcode"] == 0
    fake.clicks("zhangsan", "t1")
    await fake.until(lambda: office.events)
    inner = office.events[0]["body"]["event"]["template_card_event"]
    assert (inner["event_key"], inner["task_id"]) == ("ok", "t1")
    done = {
        "card_type": "text_notice",
        "main_title": {"title": "已同意"},
        "card_action": {"type": 1, "url": "https://x.cn"},
        "task_id": "t1",
    }
    assert (await client.update_template_card(office.events[0], done))["errcode"] == 0
    assert (await client.send_message(GROUP, {"msgtype": "markdown", "markdown": {"content": "日报"}}))["errcode"] == 0
    data = os.urandom(600_000)
    media = await client.upload_media(data, type="file", filename="a.bin")
    assert fake.uploads.done[media["media_id"]][2] == data
    assert fake.views(GROUP) == ["已同意", "日报"]


async def test_a_stream_grows_and_ends(office: Office) -> None:
    office.fake.says("zhangsan", "hi")
    await office.fake.until(lambda: office.frames)
    frame = office.frames[0]
    await office.client.reply_stream(frame, "s1", "处理")
    await office.client.reply_stream(frame, "s1", "处理完了", finish=True)
    assert office.fake.views("zhangsan") == ["处理完了"]
    with pytest.raises(Exception, match="846608"):
        await office.client.reply_stream(frame, "s1", "又来", finish=True)


async def test_refusals_are_refusals_for_them_too(office: Office) -> None:
    text = {"msgtype": "markdown", "markdown": {"content": "x"}}
    for chat, body, code in [
        (GROUP, text, 93001),
        ("lisi", text, 93001),
        (GROUP, {"msgtype": "text", "text": {"content": "x"}}, 40008),
        (GROUP, {"msgtype": "markdown", "markdown": {"content": "长" * 7000}}, 40058),
    ]:
        with pytest.raises(Exception, match=str(code)):
            await office.client.send_message(chat, body)
    office.fake.forget_subscription()
    with pytest.raises(Exception, match="846609"):
        await office.client.send_message(GROUP, text)


async def test_a_file_as_people_send_it_can_be_opened(office: Office) -> None:
    key, data = os.urandom(32), b"x" * 40
    path, aeskey = office.fake.http.offer("报告.txt", data, key)
    office.fake.sends("zhangsan", "file", {"url": office.fake.http_url + path, "aeskey": aeskey})
    await office.fake.until(lambda: office.frames)
    part = office.frames[0]["body"]["file"]
    assert await office.client.download_file(part["url"], part["aeskey"]) == {"buffer": data, "filename": "报告.txt"}


async def test_they_are_welcomed_kept_alive_and_kicked(office: Office) -> None:
    fake, client = office.fake, office.client
    gone: list[str] = []
    client.on("disconnected", gone.append)
    fake.enters("lisi")
    await fake.until(lambda: office.events)
    await client.reply_welcome(office.events[0], {"msgtype": "text", "text": {"content": "你好"}})
    assert fake.welcomes == ["你好"]
    await fake.until(lambda: sum(frame["cmd"] == "ping" for frame in fake.frames) > 2)
    other = sdk.WSClient(BOT, SECRET, ws_url=fake.url, logger=Quiet(), reconnect_interval=10)
    await other.connect()
    await fake.until(lambda: gone)
    assert office.events[-1]["body"]["event"]["eventtype"] == "disconnected_event"
    assert len(fake.subs) == 2
    await other.disconnect()


async def test_a_wrong_secret_is_refused_for_them_too() -> None:
    fake = FakeWeCom()
    await fake.start()
    errors: list[Exception] = []
    client = sdk.WSClient(BOT, "wrong", ws_url=fake.url, logger=Quiet(), max_auth_failure_attempts=1)
    client.on("error", errors.append)
    await client.connect()
    await fake.until(lambda: errors)
    assert "853000" in str(errors[0])
    await asyncio.gather(client.disconnect(), return_exceptions=True)
    await fake.stop()
