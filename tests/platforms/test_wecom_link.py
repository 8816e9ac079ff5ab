"""The long connection on good days and bad ones, against a fake WeCom on real sockets."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.wecom.connection import Connection
from chat.errors import Unreachable
from tests.activity import Patience
from tests.platforms.wecom_office import IMPATIENT, QUICK, office
from tests.platforms.wecom_proxy import Proxy
from tests.platforms.wecom_server import BOT, GROUP, SECRET, FakeWeCom


async def test_it_subscribes_once_and_answers_are_matched() -> None:
    async with office() as place:
        assert place.adapter.state == "ready"
        assert place.fake.subs == [BOT]
        subscribe = place.fake.frames[0]
        assert subscribe["body"] == {"bot_id": BOT, "secret": SECRET}
        assert subscribe["headers"]["req_id"].startswith("aibot_subscribe")


async def test_it_pings_and_stays() -> None:
    async with office() as place:
        await place.fake.until(lambda: sum(frame["cmd"] == "ping" for frame in place.fake.frames) >= 3)
        assert place.fake.subs == [BOT]


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012])
async def test_any_close_is_followed_by_a_new_subscription(code: int) -> None:
    async with office() as place:
        place.fake.close(code)
        await place.fake.until(lambda: len(place.fake.subs) == 2)
        await place.ready()
        await place.speak("在")


async def test_a_reset_is_followed_by_a_new_subscription() -> None:
    async with office() as place:
        place.fake.reset()
        await place.fake.until(lambda: len(place.fake.subs) == 2)
        await place.ready()
        await place.speak("在")


async def test_two_unanswered_pings_mean_a_dead_socket() -> None:
    async with office(timing=IMPATIENT) as place:
        place.fake.faults.silent.add("ping")
        await place.fake.until(lambda: len(place.fake.subs) == 2)
        place.fake.faults.silent.clear()
        await place.ready()


async def test_a_black_hole_is_noticed_and_left_within_its_time() -> None:
    fake = FakeWeCom()
    await fake.start()
    proxy = Proxy(fake.port)
    port = await proxy.start()
    heard: list[object] = []
    link = Connection(BOT, SECRET, f"ws://127.0.0.1:{port}", lambda frame, _: heard.append(frame), IMPATIENT)
    running = asyncio.create_task(link.run())
    try:
        await fake.until(link.ready.is_set)
        proxy.frozen = True
        await fake.until(lambda: not link.ready.is_set())
        proxy.frozen = False
        await fake.until(link.ready.is_set)
        proxy.crumbs = 3
        fake.says("zhangsan", "很长的话" * 100, GROUP)
        await fake.until(lambda: heard)
        proxy.frozen = True
        patience = Patience()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert patience.seconds < 1.0
        assert link.state == "stopped"
    finally:
        await proxy.stop()
        await fake.stop()


async def test_an_unanswered_subscription_is_tried_again() -> None:
    async with office(connected=False, timing=replace(QUICK, connect=0.1)) as place:
        place.fake.faults.deaf_subscribe = 2
        place.listen()
        await place.ready()
        assert len(place.fake.subs) == 3


async def test_a_server_that_is_down_at_the_start_is_waited_for() -> None:
    fake = FakeWeCom()
    await fake.start()
    port = fake.port
    await fake.stop()
    link = Connection(BOT, SECRET, f"ws://127.0.0.1:{port}", lambda *_: None, QUICK)
    running = asyncio.create_task(link.run())
    await fake.until(lambda: link.state == "connecting")
    with pytest.raises(Unreachable):
        await link.request("aibot_send_msg", {})
    again = FakeWeCom()
    await again.start(port)
    await again.until(link.ready.is_set)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await again.stop()


async def test_wrong_credentials_are_a_state_and_not_a_loop() -> None:
    async with office({"secret": "wrong"}, connected=False, timing=replace(QUICK, auth_pause=60.0)) as place:
        place.listen()
        await place.fake.until(lambda: place.adapter.state == "auth_failed")
        assert place.adapter.trouble is not None
        assert "Secret" in place.adapter.trouble.zh
        assert place.fake.subs == [BOT]
        place.adapter.ladder.patience = 0.01
        with pytest.raises(Exception, match="auth_failed"):
            await place.deliver("你好")


async def test_a_corrected_secret_is_tried_after_a_while() -> None:
    async with office({"secret": "later"}, connected=False) as place:
        place.listen()
        await place.fake.until(lambda: len(place.fake.subs) >= 2)
        place.fake.bots[BOT] = "later"
        await place.ready()


async def test_a_kick_is_not_fought() -> None:
    async with office(timing=replace(QUICK, kicked_pause=60.0)) as place:
        place.fake.kick()
        await place.fake.until(lambda: place.adapter.state == "kicked")
        assert place.adapter.trouble is not None
        assert "另一个程序" in place.adapter.trouble.zh
        assert place.fake.subs == [BOT]


async def test_one_attempt_after_a_kick_and_the_second_kick_is_for_good(caplog: pytest.LogCaptureFixture) -> None:
    async with office() as place:
        place.fake.kick()
        await place.fake.until(lambda: len(place.fake.subs) == 2)
        await place.ready()
        place.fake.kick()
        await place.fake.until(lambda: "uses this bot; stopped" in caplog.text)
        assert place.adapter.state == "kicked"
        assert place.fake.subs == [BOT, BOT]
        patience = Patience()
        await place.stop()
        assert patience.seconds < 1.0


async def test_a_server_that_is_down_after_a_kick_is_no_second_kick() -> None:
    async with office() as place:
        port = place.fake.port
        place.fake.kick()
        await place.fake.until(lambda: place.adapter.state == "kicked")
        await place.fake.stop()
        await place.fake.until(lambda: place.adapter.state == "reconnecting")
        again = FakeWeCom()
        await again.start(port)
        await again.until(place.adapter.connection.ready.is_set)
        await place.stop()
        await again.stop()


async def test_two_programs_with_one_bot_do_not_fight() -> None:
    """The other one stays; ours asks once more and then leaves it to an administrator."""
    async with office() as place:
        other = Connection(BOT, SECRET, place.fake.url, lambda *_: None, replace(QUICK, kicked_pause=60.0))
        task = asyncio.create_task(other.run())
        await place.fake.until(other.ready.is_set)
        await place.fake.until(lambda: other.state == "kicked")
        await place.fake.until(lambda: len(place.fake.subs) == 3)
        assert len(place.fake.subs) == 3
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_abrupt_kicks_are_answered_slower_and_slower() -> None:
    async with office(timing=replace(QUICK, first_pause=0.02, longest_pause=10.0)) as place:
        place.fake.faults.abrupt_kick = True
        for _ in range(4):
            before = len(place.fake.subs)
            place.fake.kick()
            patience = Patience()
            await place.fake.until(lambda before=before: len(place.fake.subs) > before)  # type: ignore[misc]
            await place.ready()
        assert patience.seconds > 0.05
