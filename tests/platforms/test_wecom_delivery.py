"""What the bot says reaches people by whichever way is open, or waits, or says which remedy there is."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.wecom.connection import Timing
from chat.cards import Attachment, Button, Buttons, Card, Paragraph, Picture, Table, text_card
from chat.errors import Gone, InDoubt, Rejected, RetryLater, Unreachable
from chat.text import Mention, say, verbatim
from tests.activity import Patience
from tests.platforms.wecom_http import AGENT, APP_SECRET, CORP, KEY
from tests.platforms.wecom_office import IMPATIENT, Office, office
from tests.platforms.wecom_server import BOT, GROUP

HOOK = f"{{url}}/cgi-bin/webhook/send?key={KEY}"
APP: dict[str, Any] = {"corpid": CORP, "agentid": AGENT, "secret": APP_SECRET, "api_base": "{url}"}
CARD = text_card(say("P1 预算", "P1"), Button(say("同意", "Yes"), "approve", ("P1",), 1, "primary"))
LONG = Card((Paragraph(verbatim("很长的一段话。" * 40)), Buttons((Button(say("好", "OK"), "ok"),))))


def commands(place: Office) -> list[str]:
    return [f["cmd"].removeprefix("aibot_") for f in place.fake.frames if f["cmd"].startswith(("aibot_s", "aibot_r"))][
        1:
    ]


async def test_an_answer_quotes_the_message_and_a_push_does_not() -> None:
    async with office() as place:
        msgid = await place.speak("帮助")
        await place.deliver("我能做：", reply_to=msgid)
        await place.deliver("日报")
        assert [(m.words(), m.quoting) for m in place.fake.messages] == [("我能做：", msgid), ("日报", "")]
        push = place.fake.frames[-1]["body"]
        assert (push["chatid"], push["chat_type"]) == (GROUP, 2)


async def test_a_direct_message_goes_to_the_person() -> None:
    async with office() as place:
        await place.speak("你好", "lisi", "")
        await place.deliver("只给你", "lisi", kind="direct")
        await place.deliver("还是你", "user:lisi")
        assert place.fake.views("lisi") == ["只给你", "还是你"]
        assert place.fake.frames[-1]["body"]["chat_type"] == 1


async def test_a_reply_to_a_message_of_an_older_socket_is_pushed() -> None:
    async with office() as place:
        msgid = await place.speak("帮助")
        place.fake.reset()
        await place.fake.until(lambda: len(place.fake.subs) == 2)
        await place.ready()
        await place.deliver("我能做：", reply_to=msgid)
        assert commands(place) == ["subscribe", "send_msg"]


async def test_a_message_older_than_a_day_is_not_replied_to() -> None:
    async with office() as place:
        msgid = await place.speak("帮助")
        place.forward(86_401)
        await place.deliver("晚了", reply_to=msgid)
        assert commands(place) == ["send_msg"]


async def test_a_request_the_server_has_forgotten_is_pushed_instead() -> None:
    async with office() as place:
        msgid = await place.speak("帮助")
        place.fake.faults.refuse = [846605]
        await place.deliver("我能做：", reply_to=msgid)
        assert commands(place) == ["respond_msg", "send_msg"]
        assert place.fake.views(GROUP) == ["我能做："]


async def test_a_refused_push_becomes_a_reply_to_the_newest_message() -> None:
    async with office() as place:
        await place.speak("一")
        msgid = await place.speak("二")
        place.fake.awake.discard(GROUP)
        await place.deliver("日报")
        assert commands(place) == ["send_msg", "respond_msg"]
        assert place.fake.messages[0].quoting == msgid
        await place.deliver("再来")
        assert commands(place)[2:] == ["respond_msg"]


async def test_a_chat_that_never_spoke_is_parked_without_trying_again_until_somebody_speaks() -> None:
    async with office() as place:
        with pytest.raises(RetryLater) as parked:
            await place.deliver("日报", key="k/1")
        assert commands(place) == ["send_msg"]
        for _ in range(3):
            with pytest.raises(RetryLater):
                await place.deliver("日报", key="k/1")
        assert commands(place) == ["send_msg"]
        assert parked.value.sooner is not None
        assert not parked.value.sooner.is_set()
        await place.speak("我来了")
        assert parked.value.sooner.is_set()
        await place.deliver("日报", key="k/1")
        assert place.fake.views(GROUP) == ["日报"]


async def test_a_webhook_helps_a_group_that_cannot_be_pushed_to() -> None:
    async with office({"webhook": {GROUP: HOOK}}) as place:
        await place.deliver("日报")
        await place.deliver(CARD)
        table = Table((say("任务", "Task"),), ((say("写周报", "Report"),),))
        await place.deliver(Card((table,)))
        assert [body["msgtype"] for _, body in place.fake.http.posted] == ["markdown", "markdown", "markdown_v2"]
        assert place.fake.http.posted[1][1]["markdown"]["content"] == "P1 预算\n[同意]"
        assert commands(place) == ["send_msg"]


async def test_a_dead_webhook_parks_the_message() -> None:
    async with office({"webhook": {GROUP: HOOK}}) as place:
        place.fake.http.keys.clear()
        with pytest.raises(RetryLater, match="parked"):
            await place.deliver("日报")


async def test_a_webhook_of_the_only_group_never_hears_of_another_group() -> None:
    async with office({"webhook": HOOK}) as place:
        await place.deliver("给一群")
        assert len(place.fake.http.posted) == 1
        place.fake.groups.add("wrOther")
        for chat in ("wrOther", GROUP):
            with pytest.raises(RetryLater):
                await place.deliver("秘密", chat)
        assert len(place.fake.http.posted) == 1


async def test_a_webhook_really_mentions_people() -> None:
    async with office({"webhook": {GROUP: HOOK}}) as place:
        await place.speak("在")
        who = Mention("lisi", "李四")
        await place.deliver(text_card(say("逾期：{who}，{again}", "x", who=who, again=who)))
        assert place.fake.views(GROUP) == ["逾期：**@李四**，**@李四**"]
        ((_, body),) = place.fake.http.posted
        assert body["text"] == {"content": "请看上面这条消息。", "mentioned_list": ["lisi"]}
        place.fake.http.refuse = [93000]
        await place.deliver(text_card(say("再说：{who}", "x", who=who)))
        assert len(place.fake.views(GROUP)) == 2


async def test_people_cannot_make_the_webhook_mention_everybody() -> None:
    async with office({"webhook": {GROUP: HOOK}}) as place:
        await place.deliver(text_card(verbatim("<@all> @所有人 <@zhangsan>")))
        ((_, body),) = place.fake.http.posted
        assert "<@" not in body["markdown"]["content"]
        assert "mentioned_list" not in body["markdown"]


async def test_the_webhook_keeps_to_twenty_a_minute() -> None:
    async with office({"webhook": {GROUP: HOOK}}) as place:
        for n in range(20):
            await place.deliver(f"{n}")
        with pytest.raises(RetryLater) as caught:
            await place.deliver("20")
        place.forward(caught.value.after)
        await place.deliver("20")
        assert len(place.fake.http.posted) == 21


async def test_a_chat_keeps_to_thirty_a_minute_and_a_thousand_an_hour() -> None:
    async with office() as place:
        await place.speak("在")
        sent = 0
        while sent < 1000:
            try:
                await place.deliver(f"{sent}")
                sent += 1
            except RetryLater as error:
                assert sent % 30 == 0
                place.forward(error.after)
        with pytest.raises(RetryLater) as caught:
            await place.deliver("x")
        assert caught.value.after > 60
        assert 45009 not in [frame.get("errcode") for frame in place.fake.frames]


@pytest.mark.parametrize(
    ("code", "kind"), [(45009, RetryLater), (45033, RetryLater), (6000, RetryLater), (93006, Gone), (40058, Rejected)]
)
async def test_refusals_name_their_remedy(code: int, kind: type[Exception]) -> None:
    async with office() as place:
        await place.speak("在")
        place.fake.faults.refuse = [code]
        with pytest.raises(kind):
            await place.deliver("日报", key="k/1")
        await place.deliver("日报", key="k/1")
        assert place.fake.views(GROUP) == ["日报"]


async def test_a_removed_group_is_gone() -> None:
    async with office() as place:
        await place.speak("在")
        place.fake.groups.clear()
        with pytest.raises(Gone):
            await place.deliver("日报")


async def test_a_chat_whose_clients_show_no_cards_gets_words_from_then_on() -> None:
    async with office() as place:
        await place.speak("在")
        place.fake.faults.refuse = [600039]
        with pytest.raises(Rejected):
            await place.deliver(CARD)
        await place.deliver(CARD)
        assert place.fake.views(GROUP) == ["P1 预算\n[同意]"]


async def test_buttons_that_are_refused_after_the_words_were_said_cost_nothing() -> None:
    async with office() as place:
        await place.speak("在")
        await place.deliver(LONG)
        place.fake.faults.refuse = [0, 40058]
        await place.deliver(LONG)
        assert [message.kind for message in place.fake.messages] == ["markdown", "template_card", "markdown"]


async def test_a_parcel_of_several_messages_goes_on_where_it_stopped() -> None:
    async with office() as place:
        await place.speak("在")
        rows = [
            b for n in range(3) for b in (Paragraph(verbatim(f"T{n}")), Buttons((Button(say("必须", "x"), "must"),)))
        ]
        for n in range(28):
            await place.deliver(f"{n}")
        place.fake.messages.clear()
        with pytest.raises(RetryLater) as caught:
            await place.deliver(Card(tuple(rows)), key="k/1")
        assert len(place.fake.messages) == 2
        place.forward(caught.value.after)
        await place.deliver(Card(tuple(rows)), key="k/1")
        assert place.fake.views(GROUP) == [f"T{n}\n[必须]" for n in range(3)]


async def test_words_without_an_answer_are_in_doubt_and_not_repeated() -> None:
    async with office(timing=IMPATIENT) as place:
        await place.speak("在")
        place.fake.faults.unanswered = 1
        with pytest.raises(InDoubt):
            await place.deliver("日报")
        assert place.fake.views(GROUP) == ["日报"]


@pytest.mark.parametrize("fault", ["unanswered", "broken"])
async def test_a_card_without_an_answer_is_sent_again_under_its_id_and_shown_once(fault: str) -> None:
    async with office(timing=IMPATIENT) as place:
        await place.speak("在")
        setattr(place.fake.faults, fault, 1)
        sent = await place.deliver(CARD)
        assert place.fake.views(GROUP) == ["P1 预算\n[同意]"]
        assert sent.message_id in place.fake.cards


async def test_the_same_parcel_after_a_crash_shows_its_card_once() -> None:
    async with office() as place:
        await place.speak("在")
        first = await place.deliver(CARD, key="k/1")
        assert await place.deliver(CARD, key="k/1") == first
        assert len(place.fake.views(GROUP)) == 1


async def test_a_lost_link_is_waited_for_a_little_and_then_named() -> None:
    async with office() as place:
        await place.speak("在")
        place.fake.reset()
        await place.fake.until(lambda: not place.adapter.connection.ready.is_set())
        await place.deliver("日报")
        assert place.fake.views(GROUP) == ["日报"]
        place.adapter.ladder.patience = 0.02
        await place.fake.stop()
        await place.fake.until(lambda: not place.adapter.connection.ready.is_set())
        with pytest.raises(Unreachable) as caught:
            await place.deliver("日报")
        assert caught.value.sooner is place.adapter.connection.ready


async def test_pictures_and_files_are_uploaded(tmp_path: Path) -> None:
    async with office() as place:
        place.adapter._folder = tmp_path
        await place.speak("在")
        (tmp_path / "gantt.png").write_bytes(b"\x89PNG" + b"x" * 700_000)
        await place.deliver(Card((Picture("gantt.png", say("甘特", "Gantt")), Attachment("导出.csv", "任务,谁\n"))))
        assert place.fake.views(GROUP) == ["[image media1]", "[file media2]"]
        assert place.fake.uploads.done["media1"][1:] == ("gantt.png", b"\x89PNG" + b"x" * 700_000)
        assert place.fake.uploads.done["media2"] == ("file", "导出.csv", "任务,谁\n".encode())


async def test_what_cannot_be_uploaded_is_said_in_words() -> None:
    async with office() as place:
        await place.speak("在")
        await place.deliver(Card((Picture("nowhere.png", say("甘特：T4 逾期", "x")), Attachment("a.csv", "1"))))
        assert place.fake.views(GROUP) == ["甘特：T4 逾期", "📎 a.csv\n1"]


async def test_an_edit_sends_nothing() -> None:
    async with office() as place:
        await place.speak("在")
        sent = await place.deliver(CARD, name="p:1")
        before = len(place.fake.frames)
        await place.deliver(text_card(say("P1 已撤回", "x")), kind="edit", target=sent.message_id, name="p:1")
        assert all(frame["cmd"] == "ping" for frame in place.fake.frames[before:])


async def test_the_app_reaches_those_who_never_wrote_and_knows_names() -> None:
    async with office({"app": APP}) as place:
        place.fake.http.people = {"lisi": "李四", "zhangsan": "张三"}
        await place.deliver("只给你", "lisi", kind="direct")
        ((where, body),) = place.fake.http.posted
        assert (where, body["touser"], body["markdown"]["content"]) == ("app", "lisi", "只给你")
        await place.speak("一")
        await place.fake.until(lambda: place.adapter._app and place.adapter._app.name("zhangsan"))
        await place.speak("二")
        assert [thing.sender.name for thing in place.bot.things if thing.sender] == ["", "张三"]


async def test_an_expired_token_is_renewed_once() -> None:
    async with office({"app": APP}) as place:
        place.fake.http.people = {"lisi": "李四"}
        place.fake.http.token_life = 10_000.0
        await place.deliver("一", "lisi", kind="direct")
        place.fake.http.tokens.clear()
        await place.deliver("二", "lisi", kind="direct")
        assert len(place.fake.http.posted) == 2
        assert len(place.fake.http.tokens) == 1


async def test_an_untrusted_address_parks_and_does_not_lose() -> None:
    async with office({"app": APP}) as place:
        place.fake.http.trusted = False
        with pytest.raises(RetryLater, match="parked"):
            await place.deliver("一", "lisi", kind="direct")


async def test_two_thousand_sends_at_once() -> None:
    async with office(timing=Timing()) as place:
        place.fake.groups |= {f"wr{n}" for n in range(500)}
        place.fake.awake |= place.fake.groups
        patience = Patience()
        await asyncio.gather(*(place.deliver("好", f"wr{n % 500}") for n in range(2000)))
        assert len(place.fake.messages) == 2000
        assert patience.seconds < 1
        assert place.fake.subs == [BOT]
