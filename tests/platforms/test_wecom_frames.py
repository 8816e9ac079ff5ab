"""Frames on a connection that stands: strange ones, late ones, many at once, and what ends with it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from adapters.wecom.connection import Timing
from adapters.wecom.errors import Refused
from chat.errors import InDoubt, IntakeUnavailable, Unreachable
from tests.activity import Patience
from tests.platforms.wecom_office import IMPATIENT, QUICK, office
from tests.platforms.wecom_server import BOT, GROUP, SECRET


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
        patience = Patience()
        await place.stop()
        assert patience.seconds < 1.0
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
