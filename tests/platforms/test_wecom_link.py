"""The long connection on good days and bad ones, against a fake WeCom on real sockets."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace

import pytest

from adapters.wecom.connection import Connection, Timing
from adapters.wecom.errors import Refused
from chat.errors import InDoubt, IntakeUnavailable, Unreachable
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
        began = time.monotonic()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert time.monotonic() - began < 1.0
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
        began = time.monotonic()
        await place.stop()
        assert time.monotonic() - began < 1.0


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
            began = time.monotonic()
            await place.fake.until(lambda before=before: len(place.fake.subs) > before)  # type: ignore[misc]
            await place.ready()
        assert time.monotonic() - began > 0.05


async def test_a_lost_subscription_is_renewed_and_the_frame_sent_once_more() -> None:
    async with office() as place:
        await place.speak("在")
        place.fake.forget_subscription()
        await place.deliver("还在")
        assert place.fake.views(GROUP) == ["还在"]
        assert place.fake.subs == [BOT, BOT]


async def test_control_characters_and_binary_frames_are_heard() -> None:
    async with office() as place:
        msgid = place.fake.says("zhangsan", "一")
        await place.heard(1)
        frame = json.dumps(place.fake.told[msgid], ensure_ascii=False)
        place.fake.raw(frame.replace('"m1"', '"m1b"').replace("一", "二\x01\x0b"))
        place.fake.raw(frame.replace('"m1"', '"m1c"').replace("一", "三").encode())
        await place.heard(3)
        assert place.bot.texts == ["一", "二", "三"]


async def test_malformed_frames_are_counted_and_survived() -> None:
    async with office() as place:
        for raw in ("[]", "{", "7", '{"cmd":"aibot_msg_callback","headers":null,"body":null}', '{"headers":{}}', "{}"):
            place.fake.raw(raw)
        await place.speak("在")
        assert place.adapter.connection.counts["malformed"] >= 4
        assert place.fake.subs == [BOT]


async def test_a_late_answer_is_not_taken_for_the_next_one() -> None:
    """A req_id whose answer is overdue is given up: what follows is pushed under an id of its own."""
    async with office(timing=IMPATIENT) as place:
        msgid = await place.speak("在")
        place.fake.faults.hold = True
        with pytest.raises(InDoubt):
            await place.deliver("一", reply_to=msgid)
        place.fake.faults.hold = False
        late = next(ack for ack in place.fake.faults.held if ack["headers"]["req_id"].startswith("req"))
        await place.deliver("二", reply_to=msgid)
        place.fake.raw(json.dumps(late))
        await place.deliver("三", reply_to=msgid)
        assert place.fake.views(GROUP) == ["一", "二", "三"]
        assert [message.quoting for message in place.fake.messages] == [msgid, "", ""]


async def test_frames_on_one_request_go_one_after_the_other() -> None:
    async with office() as place:
        msgid = await place.speak("在")
        await asyncio.gather(*(place.deliver(f"{n}", reply_to=msgid) for n in range(10)))
        assert sorted(place.fake.views(GROUP)) == [str(n) for n in range(10)]


async def test_answers_may_come_in_any_order() -> None:
    async with office() as place:
        await place.speak("在")
        place.fake.faults.hold = True
        sends = [asyncio.create_task(place.deliver(f"{n}")) for n in range(5)]
        await place.fake.until(lambda: len(place.fake.views(GROUP)) == 5)
        place.fake.release(backwards=True)
        assert len({sent.message_id for sent in await asyncio.gather(*sends)}) == 5


async def test_three_outcomes_of_a_send() -> None:
    async with office(connected=False, timing=IMPATIENT) as place:
        link = place.adapter.connection
        with pytest.raises(Unreachable):
            await link.request("aibot_send_msg", {})
        place.listen()
        await place.ready()
        with pytest.raises(Refused, match="93006"):
            await link.request(
                "aibot_send_msg",
                {"chatid": "wrong", "chat_type": 2, "msgtype": "markdown", "markdown": {"content": "x"}},
            )
        place.fake.faults.silent.add("aibot_send_msg")
        with pytest.raises(InDoubt):
            await link.request("aibot_send_msg", {})
        place.fake.faults.silent.clear()
        place.fake.faults.broken = 1
        with pytest.raises(InDoubt):
            await link.request("aibot_send_msg", {})


async def test_a_socket_lost_while_waiting_ends_all_waiting_at_once() -> None:
    async with office(timing=replace(QUICK, ack=30.0)) as place:
        place.fake.faults.hold = True
        link = place.adapter.connection
        sends = [asyncio.create_task(link.request("aibot_send_msg", {})) for _ in range(5)]
        await place.fake.until(lambda: len(place.fake.faults.held) >= 5)
        place.fake.faults.hold = False
        place.fake.reset()
        results = await asyncio.gather(*sends, return_exceptions=True)
        assert all(isinstance(result, InDoubt) for result in results)


async def test_what_cannot_be_stored_is_told_again_since_wecom_never_does() -> None:
    async with office() as place:
        place.bot.refuse = [IntakeUnavailable("disk"), ZeroDivisionError("bug")]
        place.fake.says("zhangsan", "一", GROUP)
        place.fake.says("zhangsan", "二", GROUP)
        await place.heard(2)
        assert place.bot.texts == ["一", "二"]


async def test_a_redelivery_is_told_under_the_same_key() -> None:
    async with office() as place:
        msgid = await place.speak("一")
        for _ in range(2):
            place.fake.again(msgid)
        await place.fake.until(lambda: len(place.bot.released) == 3)
        assert place.bot.released == [f"wecom:{msgid}"] * 3
        assert len(place.bot.things) == 1


async def test_five_hundred_at_once_keep_their_order_and_presses_overtake_them() -> None:
    async with office() as place:
        await place.speak("在")
        place.bot.gate.clear()
        for n in range(500):
            place.fake.says(f"u{n % 7}", str(n), GROUP if n % 2 else "")
        await place.fake.pinged()
        place.bot.gate.set()
        await place.heard(501)
        group = [int(thing.text[1:]) for thing in place.bot.things[1:] if thing.chat and thing.chat.kind == "group"]
        assert group == sorted(group)
        for user in range(7):
            direct = [int(t.text) for t in place.bot.things if t.chat and t.chat.id == f"user:u{user}"]
            assert direct == sorted(direct)


async def test_too_much_is_counted_and_the_chat_is_told_once() -> None:
    async with office() as place:
        place.bot.gate.clear()
        place.adapter.lanes.limit = 10
        for n in range(40):
            place.fake.says("zhangsan", str(n), GROUP)
        await place.fake.until(lambda: place.adapter.connection.counts["dropped"] == 30)
        await place.fake.until(lambda: place.fake.views(GROUP))
        assert place.fake.views(GROUP) == ["消息太多，这条没收到，请一分钟后再发。"]
        place.bot.gate.set()
        await place.heard(10)


async def test_it_stops_within_a_second_and_commits_what_it_heard() -> None:
    async with office(timing=Timing()) as place:
        for n in range(50):
            place.fake.says("zhangsan", str(n), GROUP)
        await place.fake.pinged()
        began = time.monotonic()
        await place.stop()
        assert time.monotonic() - began < 1.0
        assert len(place.bot.things) == 50
        assert place.adapter.state == "stopped"


async def test_a_slow_bot_does_not_stop_the_pings() -> None:
    async with office() as place:
        place.bot.gate.clear()
        place.fake.says("zhangsan", "一", GROUP)
        before = len(place.fake.frames)
        await place.fake.until(lambda: len(place.fake.frames) > before + 5)
        assert place.fake.subs == [BOT]
        place.bot.gate.set()


async def test_secrets_stay_out_of_logs_and_reprs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with office({"webhook": "{url}/cgi-bin/webhook/send?key=hookkey"}) as place:
        place.fake.bots[BOT] = "changed"
        place.fake.reset()
        await place.fake.until(lambda: place.adapter.state == "auth_failed")
        assert SECRET not in repr(place.adapter._settings)
        assert "hookkey" not in repr(place.adapter._settings)
    assert SECRET not in caplog.text
    assert "hookkey" not in caplog.text
