"""The real lark-oapi connection in its child process, against everything the fake can do to it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.feishu.adapter import FeishuAdapter, LongConnection
from adapters.feishu.client import Client
from adapters.feishu.config import read
from adapters.link import Limits
from tests.activity import Patience
from tests.contract.platform import CARD, texts
from tests.platforms.feishu_contract import FeishuPlatform
from tests.platforms.feishu_server import FeishuServer

pytestmark = pytest.mark.sqlite

LIMITS = Limits(silence=20, connect=20, first_pause=0.02, longest_pause=0.1, stop=0.3)


class Office(FeishuPlatform):
    """The platform of the contract suite, with patience and pings in our hands."""

    def __init__(self, **server: Any) -> None:
        super().__init__()
        self.server = FeishuServer(self.clock, **({"retries": (0.05, 0.1, 0.2, 0.4), "ack_within": 0.8} | server))
        self.server.on_ack = self._acked
        self.group = self.server.world.group("双十一大促", "张三", "李四")
        self.limits, self.extra = LIMITS, {"beat": 0.2, "patience": 0.4, "interval": 0.2}

    async def start(self) -> None:
        await self.server.start()
        self.connect()
        await self.connection.reached("ready")

    def connect(self) -> None:
        section = {
            "app_id": self.server.world.app_id,
            "app_secret": self.server.world.secret,
            "domain": self.server.url,
        }
        config = read(section)
        self.connection = LongConnection(config, extra=self.extra, limits=self.limits)
        self.adapter = FeishuAdapter(Client(config, self.clock, total=5), self.connection, self.clock, after_press=0.02)
        self.listening()


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    await office.start()
    yield office
    office.server.thaw()
    await office.stop()


async def test_it_is_ready_soon_and_pings(office):
    """4 s is the figure to keep; without the SDK's sixty services it is well under one."""
    await office.server.until(lambda: office.server.pings)
    assert office.connection.restarts == 0


@pytest.mark.parametrize("twist", ["fragment", "shuffle", "twice", "all"])
async def test_frames_in_pieces_out_of_order_and_twice(office, twist):
    server = office.server
    if twist in ("fragment", "shuffle", "all"):
        server.fragment = 97
    server.shuffle = twist in ("shuffle", "all")
    server.twice = twist in ("twice", "all")
    keys = [await office.say(f"第 {n} 句 " + "长" * 200) for n in range(3)]
    await office.acked(*keys)
    assert [office.times("committed", key) for key in keys] == [1, 1, 1]


async def test_a_frame_of_many_megabytes_does_not_end_the_connection(office):
    office.server.fragment = 1 << 30
    key = await office.say("长" * 700_000)
    await office.acked(key)
    assert office.server.endpoint_calls == 1


@pytest.mark.parametrize("how", ["drop", "close", "kill"])
async def test_a_lost_connection_is_back_within_five_seconds_and_nothing_is_lost(office, how):
    key = await office.say("前")
    await office.acked(key)
    patience = Patience()
    if how == "drop":
        office.server.drop()
    elif how == "close":
        await office.server.close()
    else:
        os.kill(office.connection.pid, 9)
    keys = [await office.say(f"后 {n}") for n in range(5)]
    await office.acked(*keys)
    assert patience.seconds < 5
    assert sorted(texts(office.ledger.things)) == ["前", *(f"后 {n}" for n in range(5))], (
        "what comes again may come late"
    )


async def test_an_event_under_way_when_the_connection_breaks_comes_again(office):
    office.ledger.gate.clear()
    key = await office.say("任务 写周报")
    await office.until(lambda: office.times("tried", key))
    office.server.drop()
    office.server.ack_within = 0.2
    office.ledger.gate.set()
    await office.acked(key)
    assert office.times("committed", key) == 1


async def test_a_press_during_a_commit_that_never_ends_is_not_answered(office):
    """After 2.5 s (less here) the SDK answers 500 and the presser reads that it did not work; nothing is pretended."""
    sent = await office.deliver(CARD)
    office.ledger.gate.clear()
    key = await office.press(sent.message_id)
    await office.until(lambda: office.times("refused", key))
    assert office._delivered[key].trouble == 200671
    office.ledger.gate.set()
    after = await office.say("还在吗")
    await office.acked(after)


async def test_a_half_open_peer_is_given_up():
    office = Office(ping=0.2)
    office.extra |= {"beat": 0.1, "quiet": 0.5}
    await office.start()
    try:
        await office.server.until(lambda: office.server.pings)
        office.server.freeze()
        await office.connection.reached("reconnecting")
        assert "silent" in office.connection.why
        office.server.drop()
        office.server.thaw()
        key = await office.say("还在吗")
        await office.acked(key)
    finally:
        office.server.thaw()
        await office.stop()


async def test_an_endpoint_call_that_hangs_is_given_up():
    office = Office()
    office.server.endpoint.append((-2, "never"))
    office.limits = Limits(silence=30, connect=3, first_pause=0.02, stop=0.2)
    try:
        await office.start()
        assert office.connection.restarts == 1
    finally:
        office.server.thaw()
        await office.stop()


@pytest.mark.parametrize(
    "answers", [[(1, "system busy")], [(1000040343, "internal")], [(-1, "HTTP 500")], [(1, "busy"), (-1, "500")]]
)
async def test_a_busy_platform_is_asked_again(answers):
    office = Office()
    office.server.endpoint.extend(answers)
    try:
        async with asyncio.timeout(25):
            await office.start()
        assert office.server.endpoint_calls >= len(answers) + 1
    finally:
        await office.stop()


@pytest.mark.parametrize(
    ("code", "state"),
    [(10015, "auth_failed"), (1000040344, "auth_failed"), (1000040350, "too_many_connections"), (999, "auth_failed")],
)
async def test_a_refusal_for_good_is_told_not_repeated(code, state):
    office = Office()
    office.server.endpoint.extend([(code, "no")] * 3)
    await office.server.start()
    try:
        office.connect()
        await office.connection.reached(state)
        await office.until(lambda: office.connection.restarts == 1)
        assert office.server.endpoint_calls == 1
        assert str(code) in office.connection.why
        assert office.adapter.trouble is not None
    finally:
        await office.stop()


@pytest.mark.parametrize(
    ("headers", "state"),
    [
        ({"Handshake-Status": "403", "Handshake-Msg": "forbidden"}, "auth_failed"),
        (
            {"Handshake-Status": "514", "Handshake-Msg": "limit", "Handshake-Autherrcode": "1000040350"},
            "too_many_connections",
        ),
    ],
)
async def test_an_upgrade_that_is_refused(headers, state):
    office = Office()
    office.server.handshakes.append(headers)
    await office.server.start()
    try:
        office.connect()
        await office.connection.reached(state)
    finally:
        await office.stop()


async def test_the_secret_and_the_ticket_stay_out_of_logs(office, caplog):
    caplog.set_level("DEBUG")
    office.server.drop()
    await office.server.until(lambda: office.server.endpoint_calls == 2)
    await office.connection.reached("ready")
    said = "".join(str(record.__dict__) for record in caplog.records)
    assert office.server.world.secret not in said
    assert "TICKET" not in said
