"""HTTP callbacks: frozen vectors of the cipher and the signature, the challenge, and what is turned away."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDict

from adapters.feishu.adapter import open as open_adapter
from adapters.feishu.config import read
from adapters.feishu.webhook import PATH, Webhook, decrypted, signature
from adapters.link import Taken
from adapters.listening import LARGEST, Forged
from chat.errors import IntakeUnavailable
from tests.platforms.feishu_push import encrypted

VECTORS = json.loads((Path(__file__).parent / "fixtures" / "feishu_crypto.json").read_text())
KEY, TOKEN = "an encrypt key", "vtok"


def vectors(kind: str) -> list[Any]:
    return [pytest.param(one, id=one["id"]) for one in VECTORS if one["kind"] == kind]


@pytest.mark.parametrize("vector", vectors("feishu_decrypt"))
def test_frozen_secrets_are_opened(vector):
    plain = decrypted(vector["encrypt_key"], vector["encrypt"]).decode()
    assert plain == vector.get("expect_plain", plain)
    assert all(part in plain for part in vector.get("expect_contains", ()))


@pytest.mark.parametrize("vector", vectors("reject_feishu_decrypt"))
def test_broken_secrets_are_refused(vector):
    with pytest.raises(Forged):
        decrypted(vector["encrypt_key"], vector["encrypt"])


@pytest.mark.parametrize("sealed", [None, 7, [], {}, "", "é"])
def test_what_is_no_secret_is_refused(sealed):
    with pytest.raises(Forged):
        decrypted(KEY, sealed)


@pytest.mark.parametrize("vector", vectors("feishu_event_sign"))
def test_frozen_signatures(vector):
    made = signature(vector["timestamp"], vector["nonce"], vector["encrypt_key"], vector["body"].encode())
    assert made == vector["signature"]


class Door:
    """A running webhook and what came through it."""

    def __init__(self, clock, **section: Any) -> None:
        given = {"app_id": "cli", "app_secret": "s", "transport": "webhook", "port": 0, **section}
        self.webhook = Webhook(read(given), clock)
        self.clock = clock
        self.taken: list[Any] = []
        self.answer: Any = None
        self.error: Exception | None = None
        self.acked = 0

    async def take(self, raw: str) -> Taken:
        if self.error:
            raise self.error
        self.taken.append(json.loads(raw))
        return self.answer, self._acked

    def _acked(self) -> None:
        self.acked += 1

    async def post(self, body: Any, key: str = KEY, **headers: str) -> tuple[int, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(self.clock.now().timestamp()))
        sent = CIMultiDict(
            {
                "X-Lark-Request-Timestamp": stamp,
                "X-Lark-Request-Nonce": "n",
                "X-Lark-Signature": signature(stamp, "n", key, raw),
            }
        )
        sent.update(headers)
        url = f"http://127.0.0.1:{self.webhook.port}{PATH}"
        async with aiohttp.ClientSession() as session, session.post(url, data=io.BytesIO(raw), headers=sent) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith("{") else text


@pytest.fixture
async def door(still, request) -> AsyncIterator[Door]:
    door = Door(still, **getattr(request, "param", {"encrypt_key": KEY, "verification_token": TOKEN}))
    task = asyncio.create_task(door.webhook.run(door.take))
    await door.webhook.serving()
    yield door
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def event(token: Any = TOKEN) -> dict[str, Any]:
    return {"schema": "2.0", "header": {"event_type": "x", "token": token}, "event": {}}


def sealed(body: Any) -> dict[str, str]:
    return {"encrypt": encrypted(KEY, json.dumps(body).encode())}


async def test_the_challenge_is_answered_sealed_and_unsigned(door):
    body = {"challenge": "abc", "token": TOKEN, "type": "url_verification"}
    assert await door.post(sealed(body), **{"X-Lark-Signature": ""}) == (200, {"challenge": "abc"})
    assert (await door.post(sealed(body | {"token": "another"})))[0] == 401


@pytest.mark.parametrize("door", [{"verification_token": TOKEN}], indirect=True)
async def test_without_a_key_the_token_decides(door):
    assert await door.post({"challenge": "abc", "token": TOKEN, "type": "url_verification"}) == (
        200,
        {"challenge": "abc"},
    )
    assert await door.post(event()) == (200, {})
    for wrong in ("another", None, 7, ""):
        assert (await door.post(event(wrong)))[0] == 401
    assert (await door.post(sealed(event())))[0] == 401
    assert len(door.taken) == 1


async def test_a_sealed_and_a_plain_signed_event_are_taken(door):
    assert await door.post(sealed(event())) == (200, {})
    assert await door.post(event()) == (200, {})
    assert door.taken == [event(), event()]
    assert door.acked == 2


async def test_headers_have_no_case(door):
    raw = json.dumps(sealed(event())).encode()
    stamp = str(int(door.clock.now().timestamp()))
    low = {
        "x-lark-request-timestamp": stamp,
        "x-lark-request-nonce": "n",
        "x-lark-signature": signature(stamp, "n", KEY, raw),
    }
    assert (await door.post(raw, **low))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Lark-Signature": "0" * 64},
        {"X-Lark-Signature": ""},
        {"X-Lark-Signature": "é"},
        {"X-Lark-Request-Nonce": "m"},
        {"X-Lark-Request-Timestamp": ""},
        {"X-Lark-Request-Timestamp": "Monday, 14-Nov-22 15:53:37 CST"},
    ],
)
async def test_a_wrong_signature_is_turned_away_without_a_word(door, headers):
    assert await door.post(sealed(event()), **headers) == (401, {"msg": "unauthorized"})
    assert not door.taken


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 10**9])
async def test_a_request_of_another_hour_is_turned_away(door, seconds):
    raw = json.dumps(sealed(event())).encode()
    stamp = str(int(door.clock.now().timestamp()) + seconds)
    signed = {"X-Lark-Request-Timestamp": stamp, "X-Lark-Signature": signature(stamp, "n", KEY, raw)}
    assert (await door.post(raw, **signed))[0] == 401


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"null", b'{"encrypt":7}', b'{"encrypt":"x"}', b"\xff\xfe", b"{}"])
async def test_bodies_that_are_no_events_are_turned_away(door, body):
    assert (await door.post(body))[0] == 401
    assert not door.taken


async def test_a_body_over_one_megabyte_is_turned_away(door):
    assert (await door.post(b"x" * (LARGEST + 1)))[0] == 413


@pytest.mark.parametrize("error", [IntakeUnavailable("full"), ZeroDivisionError(), TimeoutError()])
async def test_what_could_not_be_stored_comes_again(door, error):
    door.error = error
    assert await door.post(sealed(event())) == (503, {"msg": "try again"})
    assert not door.acked


async def test_a_press_is_answered_in_the_response(door):
    door.answer = {"toast": {"type": "info", "content": "好"}}
    assert await door.post(sealed(event())) == (200, door.answer)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_other_methods_and_paths_are_nothing(door, method):
    async with aiohttp.ClientSession() as session:
        async with session.request(method, f"http://127.0.0.1:{door.webhook.port}{PATH}") as answer:
            assert answer.status == 405
        async with session.post(f"http://127.0.0.1:{door.webhook.port}/") as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({}, ["app_id: missing", "app_secret: missing"]),
        ({"app_id": 7, "app_secret": "s"}, ["app_id: write text"]),
        ({"transport": "pigeon"}, ["transport:"]),
        ({"domain": "open.feishu.cn"}, ["domain:"]),
        ({"domain": "https://open.feishu.cn/x"}, ["domain:"]),
        ({"transport": "webhook", "app_id": "a", "app_secret": "s"}, ["encrypt_key: missing"]),
        ({"app_id": "a", "app_secret": "s", "port": 99999, "colour": 1}, ["port:", "colour: not a setting"]),
        ({"app_id": "a", "app_secret": "s", "port": True}, ["port:"]),
    ],
)
def test_every_wrong_setting_is_named(section, words, still):
    with pytest.raises(ValueError, match=r"adapters\.feishu") as caught:
        open_adapter(section, still)
    assert all(word in str(caught.value) for word in words)


def test_secrets_are_not_shown():
    config = read({"app_id": "cli_1", "app_secret": "hush1", "encrypt_key": "hush2", "verification_token": "hush3"})
    assert "hush" not in repr(config)
    assert read({"app_id": "a", "app_secret": "b", "domain": "lark"}).domain == "https://open.larksuite.com"
