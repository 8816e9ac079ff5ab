"""The HTTP mode: what is not signed, fresh and ours is turned away; the rest takes the same road."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from adapters.wecom import WeComAdapter
from adapters.wecom import open as open_wecom
from adapters.wecom.callback import CallbackServer
from adapters.wecom.config import read
from adapters.wecom.seal import Forged, Seal
from bot.clock import VirtualClock
from chat.cards import Button, text_card
from chat.errors import RetryLater
from chat.messages import Answer, Outgoing
from chat.text import say, verbatim
from tests.activity import until
from tests.platforms.wecom_http import KEY
from tests.platforms.wecom_office import Bot
from tests.platforms.wecom_server import GROUP, FakeWeCom

VECTORS = json.loads(Path(__file__).with_name("fixtures").joinpath("wecom_crypto.json").read_text("utf-8"))
TOKEN, AES = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SEAL = Seal(TOKEN, AES)


def vectors(kind: str) -> list[Any]:
    return [pytest.param(one, id=one["id"]) for one in VECTORS if one["kind"] == kind]


@pytest.mark.parametrize("one", vectors("wxbiz_decrypt"))
def test_known_messages_open(one: dict[str, Any]) -> None:
    seal = Seal(one["token"], one["aes_key"], one["receive_id"])
    assert seal.opened(one["signature"], one["timestamp"], one["nonce"], one["encrypt"]) == one["plain"]


@pytest.mark.parametrize("one", vectors("wxbiz_encrypt"))
def test_known_messages_close(one: dict[str, Any]) -> None:
    seal = Seal(one["token"], one["aes_key"], one["receive_id"])
    sealed = seal.sealed(one["plain"], one["random16"].encode())
    assert sealed == one["expect_encrypt"]
    assert seal.signature(one["timestamp"], one["nonce"], sealed) == one["signature"]


@pytest.mark.parametrize("words", ["", "你好", "x" * 12, "长" * 10_000])
def test_what_is_closed_opens_again(words: str) -> None:
    sealed = SEAL.sealed(words)
    assert SEAL.opened(SEAL.signature("1", "2", sealed), "1", "2", sealed) == words


@pytest.mark.parametrize("one", vectors("reject_aes_key"))
def test_a_wrong_key_is_named_at_the_start(one: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="aes_key"):
        read({"bot_id": "b", "callback": {"token": "t", "aes_key": one["aes_key"]}})


def test_every_forgery_is_one_error() -> None:
    sealed = SEAL.sealed('{"msgid":"m1"}')
    good = SEAL.signature("1", "2", sealed)
    foreign = Seal(TOKEN, AES, "wwother").sealed("x")
    for signature, words in [
        ("", sealed),
        ("é", sealed),
        (good, sealed[:-8]),
        (good[:-1] + ("1" if good[-1] == "0" else "0"), sealed),
        *((SEAL.signature("1", "2", bad), bad) for bad in ("", "a", "AAAA", sealed[:-8], sealed[4:], "é", foreign)),
        *((SEAL.signature("1", "2", bad), bad) for bad in _with_wrong_padding()),
    ]:
        with pytest.raises(Forged):
            SEAL.opened(signature, "1", "2", words)


def _with_wrong_padding() -> list[str]:
    """Padding bytes 0 and 33, and a length field beyond the end."""
    import base64

    from Crypto.Cipher import AES as Aes

    key = base64.b64decode(AES + "=")
    plains = [bytes(31) + b"\x00", bytes(31) + b"\x21", b"0" * 16 + b"\xff\xff\xff\xff" + b"\x0c" * 12]
    return [base64.b64encode(Aes.new(key, Aes.MODE_CBC, key[:16]).encrypt(plain)).decode() for plain in plains]


class Caller:
    """WeCom, calling."""

    def __init__(
        self, fake: FakeWeCom, adapter: WeComAdapter, clock: VirtualClock, http: aiohttp.ClientSession
    ) -> None:
        assert isinstance(adapter.connection, CallbackServer)
        self.fake = fake
        self.adapter = adapter
        self.bot = Bot()
        self.http = http
        self.stamp = str(int(clock.now().timestamp()))
        self.server = adapter.connection

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/wecom"

    async def post(self, body: Any, **change: str) -> tuple[int, str]:
        sealed = SEAL.sealed(json.dumps(body, ensure_ascii=False))
        query = {"timestamp": self.stamp, "nonce": "n1", **change}
        query.setdefault("msg_signature", SEAL.signature(query["timestamp"], query["nonce"], sealed))
        async with self.http.post(self.url, params=query, json={"encrypt": sealed}) as answer:
            return answer.status, await answer.text()

    def message(self, text: str, **more: Any) -> dict[str, Any]:
        return {
            "msgid": self.fake.fresh("m"), "aibotid": "bot1", "chatid": GROUP, "chattype": "group",
            "from": {"userid": "zhangsan"}, "msgtype": "text", "text": {"content": f"@进度助手 {text}"},
            "response_url": f"{self.fake.http_url}/cgi-bin/webhook/send?key={KEY}", **more,
        }  # fmt: skip


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    clock = VirtualClock(datetime(2026, 9, 18, 2, 0, tzinfo=UTC))
    fake = FakeWeCom(now=lambda: clock.now().timestamp())
    await fake.start()
    section = {"bot_id": "bot1", "callback": {"token": TOKEN, "aes_key": AES, "port": 0}}
    section["ws_url"] = fake.http_url.replace("http", "ws")  # this WeCom is a house of ours
    adapter = open_wecom(section, clock)
    async with aiohttp.ClientSession() as http:
        whole = Caller(fake, adapter, clock, http)
        task = asyncio.create_task(adapter.listen(whole.bot))
        await adapter.connection.ready.wait()
        try:
            yield whole
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await adapter.close()
            await fake.stop()


def parcel(words: str, reply_to: str = "") -> Outgoing:
    return Outgoing(1, f"k/{words}", "wecom", "post", GROUP, text_card(verbatim(words)), reply_to=reply_to)


async def test_the_address_is_verified(caller: Caller) -> None:
    echo = SEAL.sealed("1616140317555161061")
    query = {"timestamp": caller.stamp, "nonce": "n", "echostr": echo}
    query["msg_signature"] = SEAL.signature(caller.stamp, "n", echo)
    async with caller.http.get(caller.url, params=query) as answer:
        assert (answer.status, await answer.read()) == (200, b"1616140317555161061")


async def test_a_message_is_committed_before_wecom_is_answered_and_replied_to_once(caller: Caller) -> None:
    message = caller.message("帮助")
    assert await caller.post(message) == (200, "")
    assert caller.bot.texts == ["帮助"]
    await caller.adapter.deliver(parcel("我能做", message["msgid"]))
    assert [body["markdown"]["content"] for _, body in caller.fake.http.posted] == ["我能做"]
    with pytest.raises(RetryLater, match="parked"):
        await caller.adapter.deliver(parcel("还有", message["msgid"]))


async def test_a_press_is_answered_in_the_response(caller: Caller) -> None:
    caller.bot.answers = [Answer(say("好", "OK"), text_card(say("已通过", "Approved")))]
    event = {
        "eventtype": "template_card_event",
        "template_card_event": {"event_key": '["approve",["P1"],3]', "task_id": "t1"},
    }
    status, sealed = await caller.post(caller.message("", msgtype="event", event=event))
    assert status == 200
    answer = json.loads(sealed)
    words = SEAL.opened(answer["msgsignature"], str(answer["timestamp"]), answer["nonce"], answer["encrypt"])
    body = json.loads(words)
    assert body["response_type"] == "update_template_card"
    assert body["template_card"]["main_title"]["title"] == "已通过"


async def test_a_slow_press_is_answered_with_what_it_led_to(caller: Caller) -> None:
    """There is one answer and no other way to the presser: it is not spent on «处理中…»."""
    task = "jd_" + "0" * 40
    caller.adapter.lanes.slow_seconds = 0.0
    caller.adapter._answers.sent(task, text_card(say("P1", "P1"), Button(say("同意", "Yes"), "approve")))
    caller.bot.answers = [Answer(say("好", "OK"), text_card(say("已通过", "Approved")))]
    caller.bot.gate.clear()
    press = {"event_key": '["approve",[],0]', "task_id": task}
    event = {"eventtype": "template_card_event", "template_card_event": press}
    posting = asyncio.create_task(caller.post(caller.message("", msgtype="event", event=event)))
    await until(lambda: caller.adapter.lanes.waiting)
    caller.bot.gate.set()
    answer = json.loads((await posting)[1])
    words = SEAL.opened(answer["msgsignature"], str(answer["timestamp"]), answer["nonce"], answer["encrypt"])
    assert json.loads(words)["template_card"]["main_title"]["title"] == "已通过"


async def test_a_card_can_be_a_reply(caller: Caller) -> None:
    message = caller.message("审批")
    await caller.post(message)
    card = text_card(say("P1", "P1"), Button(say("同意", "Yes"), "approve"))
    with pytest.raises(Exception, match="40008"):  # the fake's webhook, which plays the response URL, takes no cards
        await caller.adapter.deliver(Outgoing(1, "k", "wecom", "post", GROUP, card, reply_to=message["msgid"]))


async def test_what_is_not_committed_is_not_acknowledged(caller: Caller) -> None:
    caller.adapter.connection.patience = 0.05
    caller.bot.gate.clear()
    assert (await caller.post(caller.message("帮助")))[0] == 503
    caller.bot.gate.set()


async def test_forgeries_are_turned_away(caller: Caller) -> None:
    old = str(int(caller.stamp) - 301)
    for change in (
        {"msg_signature": "0" * 40}, {"msg_signature": ""}, {"timestamp": old}, {"timestamp": ""}, {"timestamp": "١"},
    ):  # fmt: skip
        assert (await caller.post(caller.message("帮助"), **change))[0] == 403
    for raw in (b"", b"[]", b"{}", b'{"encrypt":7}', b"\xff", b"<xml>"):
        async with caller.http.post(caller.url, params={"timestamp": caller.stamp}, data=raw) as answer:
            assert answer.status == 403
    async with caller.http.get(caller.url) as answer:
        assert answer.status == 403
    assert not caller.bot.things
    async with caller.http.post(caller.url, data=io.BytesIO(b"x" * (2 << 20))) as answer:
        assert answer.status == 413


async def test_a_call_whose_body_never_comes_is_given_up(caller: Caller) -> None:
    caller.adapter.connection.patience = 0.05
    url = URL(caller.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"POST {url.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1".encode())
    assert (await reader.readline()).split()[1] == b"408"
    writer.close()


@pytest.mark.parametrize("body", [None, [], 7, {}, {"msgtype": "event"}, {"msgtype": "text"}, {"response_url": 7}])
async def test_strange_bodies_are_acknowledged(caller: Caller, body: Any) -> None:
    assert await caller.post(body) == (200, "")
    assert (await caller.post(caller.message("在")))[0] == 200
    assert caller.bot.texts == ["在"]
