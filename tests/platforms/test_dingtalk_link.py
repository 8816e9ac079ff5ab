"""The Stream connection in its own process: whatever happens to it, it is back, and nothing that DingTalk brings again

is lost.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.dingtalk.adapter import DingTalkAdapter
from adapters.dingtalk.client import Client
from adapters.dingtalk.config import read
from adapters.dingtalk.connection import StreamConnection
from adapters.link import Limits
from bot.clock import VirtualClock
from chat.cards import Button, text_card
from chat.messages import Outgoing
from chat.text import say
from tests.activity import Patience
from tests.contract.platform import Ledger
from tests.platforms.dingtalk_server import DingTalkServer

QUICK = Limits(silence=20, connect=20, first_pause=0.05, drops=4, window=60)
CARD = text_card(say("要办吗？", "Do it?"), Button(say("办", "Do"), "do"))


class Line:
    """The adapter on its real connection, and the fake."""

    def __init__(self) -> None:
        self.clock = VirtualClock(datetime(2026, 9, 18, 2, 0, tzinfo=UTC))
        self.server = DingTalkServer(self.clock, ack_within=2.0)
        self.group = self.server.world.group("双十一", "张三")
        self.zhang = self.server.world.person("张三")
        self.ledger = Ledger([])
        self._task: asyncio.Task[None] | None = None

    def listen(self, secret: str = "", limits: Limits = QUICK, **extra: Any) -> None:
        world, url = self.server.world, self.server.url
        section = {"client_id": world.client_id, "client_secret": secret or world.secret}
        settings = read({**section, "api_base": url, "oapi_base": url})
        self.link = StreamConnection(settings, limits=limits, extra={"beat": 0.2, **extra})
        self.adapter = DingTalkAdapter(settings, Client(settings, self.clock), self.link, self.clock, after_press=0)
        self._task = asyncio.create_task(self.adapter.listen(self.ledger))

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            await self.adapter.close()
        await self.server.stop()

    async def is_heard(self, words: str = "在吗") -> None:
        message, delivery = self.server.hear(self.zhang, words, self.group)
        await delivery.finished.wait()
        assert delivery.state == "acked"
        assert [thing.key for thing in self.ledger.things].count(f"dingtalk:{message}") == 1


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    line = Line()
    await line.server.start()
    yield line
    await line.stop()


async def test_what_it_asks_for_and_how_it_answers(line: Line) -> None:
    line.listen()
    await line.link.reached("ready")
    asked = {topic for link in line.server.links for topic in link.topics}
    assert asked == {("EVENT", "*"), *(("CALLBACK", topic) for topic in (
        "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback"))}  # fmt: skip
    (pong,) = await line.server.ping()
    assert (pong["code"], pong["data"]) == (200, '{"opaque": "o-1"}')
    await line.is_heard()
    event = line.server.happen("check_in", {"x": 1})
    await event.finished.wait()
    assert event.answer == {"status": "SUCCESS", "message": "OK"}
    other = line.server.frame("SYSTEM", "KEEPALIVE", {})
    await line.server.raw(other)
    await line.is_heard()


@pytest.mark.parametrize("how", ["drop", 1000, 1001, 1011, "no json", "no object"])
async def test_a_lost_connection_is_back_and_what_was_said_meanwhile_arrives(line: Line, how: Any) -> None:
    line.listen()
    await line.link.reached("ready")
    pid = line.link.pid
    patience = Patience()
    match how:
        case "drop":
            line.server.drop()
        case "no json":
            await line.server.raw("<html>")
        case "no object":
            await line.server.raw("[1]")
        case _:
            await line.server.close(how)
    await line.is_heard()
    assert patience.seconds < 5
    assert line.link.pid == pid
    assert line.server.opens <= 2


async def test_told_to_leave_it_has_a_new_connection_before_it_goes(line: Line) -> None:
    """What is under way is answered on the connection that brought it, however long the new one takes to come up."""
    line.server.grace = line.server.ack_within = 60.0
    line.listen(patience=60.0)
    await line.link.reached("ready")
    line.ledger.gate.clear()
    _, delivery = line.server.hear(line.zhang, "一", line.group)
    await line.server.until(lambda: line.ledger.journal)
    await line.server.tell_to_leave()
    await line.server.until(lambda: line.server.links)
    line.ledger.gate.set()
    await delivery.finished.wait()
    assert (delivery.state, delivery.attempts) == ("acked", 1)
    await line.is_heard()
    assert line.link.restarts == 0


async def test_a_gateway_that_closes_at_once_is_not_hammered(line: Line) -> None:
    """The SDK alone would open 900 connections in three seconds."""
    line.listen(limits=Limits(silence=5, connect=8, first_pause=30, drops=4, window=60))
    for _ in range(4):
        await line.server.until(lambda: line.server.links)
        await line.server.close(1000)
    await line.server.until(lambda: line.link.pid == 0 or line.link.restarts)
    assert line.server.opens <= 5


@pytest.mark.parametrize("trouble", [503, 400, 0])
async def test_a_gateway_in_trouble_is_tried_again(line: Line, trouble: int) -> None:
    line.server.gateway.extend([trouble])
    line.listen()
    await line.link.reached("ready")
    assert line.server.opens == 2
    await line.is_heard()


async def test_a_refused_ticket_is_tried_again(line: Line) -> None:
    line.server.handshakes = 1
    line.listen()
    await line.is_heard()


async def test_a_gateway_that_does_not_answer_is_left(line: Line) -> None:
    line.server.gateway.append(-1)
    line.listen(limits=Limits(silence=20, connect=2.5, first_pause=0.05))
    await line.link.reached("ready")
    await line.is_heard()


async def test_a_wrong_secret_is_a_state_and_stays_secret(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    line.listen(secret="wrong-secret-123")
    await line.link.reached("auth_failed")
    assert "authFailed" in line.link.why
    assert line.server.opens == 1
    assert "wrong-secret-123" not in caplog.text + line.link.why


async def test_a_peer_that_falls_silent_is_given_up(line: Line) -> None:
    line.listen(ping=0.5)
    await line.link.reached("ready")
    line.server.freeze()
    await line.link.reached("reconnecting")
    line.server.links.clear()
    line.server.thaw()
    await line.is_heard()


async def test_a_connection_without_a_word_is_renewed(line: Line) -> None:
    """Routing may be lost while the socket lives; DingTalk's own pings count as words."""
    line.listen(quiet=0.6)
    await line.link.reached("ready")
    await line.server.until(lambda: line.server.opens == 2)
    await line.is_heard()
    assert line.link.state == "ready"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_dead_or_stuck_process_is_replaced(line: Line, how: signal.Signals) -> None:
    line.listen(limits=Limits(silence=1.5, connect=8, first_pause=0.05))
    await line.link.reached("ready")
    old = line.link.pid
    os.kill(old, how)
    await line.server.until(lambda: line.link.pid not in (0, old) and line.link.state == "ready")
    line.server.links = line.server.links[-1:]
    await line.is_heard()


async def test_duplicated_and_large_frames(line: Line) -> None:
    line.listen()
    await line.link.reached("ready")
    line.server.twice = True
    await line.is_heard()
    await line.is_heard("很" * 1_500_000)
    assert line.server.opens == 1


async def test_an_event_that_could_not_be_stored_comes_later(line: Line) -> None:
    line.ledger.refuse, line.server.ack_within = 1, 60.0
    line.listen()
    event = {"openConversationId": line.group, "operator": line.zhang.staff, "title": "新名"}
    delivery = line.server.happen("chat_update_title", event)
    await delivery.finished.wait()
    assert (delivery.state, delivery.attempts) == ("acked", 2)
    assert any('"LATER"' in str(said.get("data")) for said in line.server.acks)


async def test_a_press_that_takes_too_long_is_answered_in_time_and_its_result_follows(line: Line) -> None:
    line.listen()
    await line.link.reached("ready")
    sent = await line.adapter.deliver(Outgoing(1, "k", "dingtalk", "post", line.group, CARD, name="x"))
    line.ledger.gate.clear()
    patience = Patience()
    delivery = line.server.press(line.zhang, sent.message_id)
    await delivery.finished.wait()
    assert patience.seconds < 2
    assert delivery.taken
    assert delivery.answer["response"]["cardData"]["cardParamMap"] == {"tips": "处理中…"}
    line.ledger.gate.set()
    key = f"dingtalk:card:{delivery.id}"
    await line.server.until(lambda: ("released", key) in line.ledger.journal)


async def test_a_press_that_could_not_be_stored_is_an_error_to_see(line: Line) -> None:
    line.listen()
    await line.link.reached("ready")
    sent = await line.adapter.deliver(Outgoing(1, "k", "dingtalk", "post", line.group, CARD, name="x"))
    line.ledger.refuse = 1
    delivery = line.server.press(line.zhang, sent.message_id)
    await delivery.finished.wait()
    assert delivery.state == "failed"
    assert line.server.acks[-1]["code"] == 500


async def test_fifty_a_second_are_answered_in_milliseconds(line: Line) -> None:
    """Figures are printed by bench/; here only that nothing queues up."""
    line.listen()
    await line.link.reached("ready")
    patience = Patience()
    line.server.ack_within = 60.0  # what is slow because of the machine does not come again
    deliveries = [line.server.hear(line.zhang, f"{n}", line.group)[1] for n in range(100)]
    await asyncio.gather(*(delivery.finished.wait() for delivery in deliveries))
    assert [delivery.attempts for delivery in deliveries] == [1] * 100
    assert patience.seconds < 1


async def test_it_ends_within_a_second_and_with_its_parent(line: Line) -> None:
    line.listen()
    await line.link.reached("ready")
    pid = line.link.pid
    patience = Patience()
    await line.stop()
    assert patience.seconds < 1
    assert line.link.state == "stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
