"""Parcels go out by whichever way is open, within DingTalk's limits; what is refused degrades to what still works."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from adapters.dingtalk import codes, wire
from adapters.dingtalk.errors import Misconfigured
from adapters.reading import LARGEST
from chat.cards import Attachment, Button, Card, Paragraph, Picture, text_card
from chat.errors import DeliveryError, Gone, InDoubt, Rejected, RetryLater
from chat.messages import Action
from chat.text import Mention, say, verbatim
from tests.platforms import dingtalk_rules as rules
from tests.platforms.dingtalk_desk import APPROVE, DONE, Desk
from tests.platforms.dingtalk_people import ROBOT
from tests.platforms.dingtalk_rules import Refusal

# --- words -----------------------------------------------------------------------------------------------------------


async def test_a_live_session_mentions_for_real(desk: Desk) -> None:
    await desk.hear("你好", desk.group)
    who = Mention(desk.li.staff, "李四")
    await desk.send(text_card(say("请 {who} 看", "{who}, look", who=who)))
    assert desk.world.messages[-1].via == "webhook"
    assert desk.world.messages[-1].at == (desk.li.staff,)
    assert desk.shown() == ["请 @李四 看"]
    await desk.send(text_card(say("请{who}{who}看", "{who}", who=who)))
    assert desk.shown()[1] == "请@李四 @李四 看"


async def test_without_a_session_names_are_words_and_a_card_mentions(desk: Desk) -> None:
    who = Mention(desk.li.staff, "李四")
    await desk.send(text_card(say("请 {who} 看", "{who}, look", who=who)))
    assert (desk.world.messages[-1].via, desk.shown()) == ("api", ["请 @李四 看"])
    await desk.send(text_card(say("请 {who} 批", "{who}", who=who), Button(say("好", "OK"), "ok")))
    assert desk.world.messages[-1].at == (desk.li.staff,)
    assert "请 @李四 批" in desk.shown()[-1]


async def test_a_session_ends_by_the_clock_or_by_dingtalk(desk: Desk) -> None:
    await desk.hear("你好", desk.group)
    desk.world.sessions.clear()
    await desk.send(DONE)
    assert desk.world.messages[-1].via == "api"
    await desk.hear("你好", desk.group)
    desk.forward(5400 - 30)
    await desk.send(DONE)
    assert [message.via for message in desk.world.messages] == ["api", "api"]
    assert desk.shown() == ["已同意", "已同意"]


@pytest.mark.parametrize(
    "elsewhere",
    ["http://169.254.169.254/latest", "https://dingtalk.com.evil.cn/x", "http://oapi.dingtalk.com/x", "file:///x", "[",
     "https://evil.cn/?.dingtalk.com", "https://x@evil.cn#.dingtalk.com", "http://[::1"],
)  # fmt: skip
async def test_a_session_that_is_not_dingtalks_is_never_called(desk: Desk, elsewhere: str) -> None:
    await desk.hear("你好", desk.group, change=lambda data: {**data, "sessionWebhook": elsewhere})
    await desk.send(DONE)
    assert desk.world.messages[-1].via == "api"


async def test_the_same_parcel_twice_through_a_session_is_one_message(desk: Desk) -> None:
    await desk.hear("你好", desk.group)
    desk.server.swallow = 1
    with pytest.raises(RetryLater) as caught:
        await desk.send(DONE, key="same")
    assert "session" not in str(caught.value)
    await desk.send(DONE, key="same")
    assert desk.shown() == ["已同意"]


async def test_a_session_that_ends_in_doubt_leaves_the_doubt(desk: Desk) -> None:
    await desk.hear("你好", desk.group)
    desk.server.swallow = 1
    with pytest.raises(RetryLater):
        await desk.send(DONE, key="same")
    desk.forward(6000)
    with pytest.raises(InDoubt):
        await desk.send(DONE, key="same")
    assert len(desk.shown()) == 1


async def test_a_harmless_call_that_nobody_ever_answers_is_given_up(desk: Desk) -> None:
    await desk.hear("你好", desk.group)
    desk.server.swallow = 99
    for _ in range(4):
        with pytest.raises(RetryLater):
            await desk.send(DONE, key="same")
    with pytest.raises(InDoubt):
        await desk.send(DONE, key="same")


async def test_a_text_without_an_answer_is_in_doubt_but_a_token_is_not(desk: Desk) -> None:
    desk.server.swallow = 1
    with pytest.raises(InDoubt):
        await desk.send(DONE)
    assert len(desk.shown()) == 1
    await desk.adapter.close()
    await desk.open(api_base=f"{desk.server.url}/nowhere")
    with pytest.raises(DeliveryError) as caught:
        await desk.send(DONE)
    assert not isinstance(caught.value, InDoubt | Gone | Rejected)


async def test_more_than_twenty_a_minute_wait(desk: Desk) -> None:
    await desk.hear("你好", desk.group)
    for n in range(20):
        await desk.send(text_card(verbatim(str(n))))
    with pytest.raises(RetryLater) as caught:
        await desk.send(DONE, key="again")
    assert 60 <= caught.value.after < 90
    desk.forward(caught.value.after)
    await desk.send(DONE, key="again")
    assert len(desk.shown()) == 21


async def test_an_outsider_is_answered_while_the_session_lives(desk: Desk) -> None:
    outsider = desk.world.person("外部客户", external=True)
    thing = await desk.hear("你好", who=outsider)
    assert thing.chat is not None
    await desk.send(DONE, thing.chat.id)
    assert desk.shown(outsider.staff) == ["已同意"]
    desk.forward(6000)
    with pytest.raises(Gone):
        await desk.send(DONE, thing.chat.id)
    with pytest.raises(Gone):
        await desk.send(APPROVE, thing.chat.id)


async def test_who_cannot_be_written_to_sees_a_private_card_in_the_group(desk: Desk) -> None:
    desk.world.unreachable.add(desk.li.staff)
    with pytest.raises(Gone):
        await desk.send(DONE, desk.li.staff, "direct")
    await desk.hear("你好", desk.group, who=desk.li)
    sent = await desk.send(APPROVE, desk.li.staff, "direct")
    assert desk.shown(reader=desk.zhang.staff) == []
    assert "同意预算吗？" in desk.shown(reader=desk.li.staff)[0]
    assert desk.world.cards[sent.message_id].only_for == (desk.li.staff,)


async def test_flow_control_of_one_person_waits(desk: Desk) -> None:
    desk.world.refusals.append(Refusal("Forbidden.AccessDenied.QpsLimitForApi", "", 403))
    with pytest.raises(RetryLater):
        await desk.send(DONE, desk.li.staff, "direct")


# --- where cards are not possible ------------------------------------------------------------------------------------


async def test_without_the_permission_buttons_are_links_that_work(desk: Desk) -> None:
    desk.world.missing_scopes.add("Card.Instance.Write")
    sent = await desk.send(APPROVE, name="approval:42")
    assert not codes.is_card(sent.message_id)
    assert desk.adapter.client.trouble["card"].scopes == ("Card.Instance.Write",)
    links = rules.links(desk.world.messages[-1].raw["sampleMarkdown"]["text"])
    assert list(links) == ["同意", "驳回"]
    thing = await desk.hear(links["同意"], desk.group, who=desk.li)
    assert (thing.kind, thing.action) == ("click", Action("approve", ("P42",), 3))
    assert thing.sender is not None
    assert thing.sender.id == desk.li.staff
    await desk.server.until(lambda: len(desk.shown()) == 2)
    assert desk.shown()[1] == "收到"


async def test_cards_are_tried_again_after_some_minutes(desk: Desk) -> None:
    desk.world.missing_scopes.add("Card.Instance.Write")
    await desk.send(APPROVE)
    calls = desk.world.calls.count("POST /v1.0/card/instances/createAndDeliver")
    await desk.send(APPROVE)
    assert desk.world.calls.count("POST /v1.0/card/instances/createAndDeliver") == calls
    desk.world.missing_scopes.clear()
    desk.forward(301)
    await desk.send(APPROVE)
    assert desk.world.messages[-1].via == "card"
    assert not desk.adapter.client.trouble


async def test_the_months_calls_are_used_up(desk: Desk) -> None:
    desk.world.calls_left = 0
    with pytest.raises(RetryLater) as caught:
        await desk.send(DONE)
    assert caught.value.after >= 3600
    await desk.hear("你好", desk.group)
    await desk.send(APPROVE)
    assert desk.world.messages[-1].via == "webhook"
    assert "同意预算吗？" in desk.shown()[0]


# --- pictures, files, gateways ---------------------------------------------------------------------------------------


async def test_a_picture_is_uploaded_once_and_a_file_sent(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "burn.png").write_bytes(b"png")
    await desk.adapter.close()
    await desk.open(tmp_path)
    picture = Picture("burn.png", say("燃尽图", "Burn-down"))
    card = Card((Paragraph(say("周报", "Weekly")), picture, Attachment("计划.csv", "a,b")))
    await desk.send(card)
    await desk.send(card)
    assert list(desk.world.media.values()) == [b"png", b"a,b", b"a,b"]
    kinds = [next(iter(message.raw)) for message in desk.world.messages]
    assert kinds == ["sampleMarkdown", "sampleImageMsg", "sampleFile"] * 2


@pytest.mark.parametrize("path", ["missing.png", "../secret.png", "empty.png"])
async def test_a_picture_that_cannot_be_sent_is_told_in_words(desk: Desk, tmp_path: Path, path: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.png").write_bytes(b"x")
    (tmp_path / "in" / "empty.png").write_bytes(b"")
    await desk.adapter.close()
    await desk.open(tmp_path / "in")
    await desk.send(Card((Paragraph(say("周报", "Weekly")), Picture(path, say("剩 3 天", "3 days left")))))
    assert desk.shown() == ["周报", "剩 3 天"]
    assert not desk.world.media


async def test_several_messages_go_on_where_they_stopped(desk: Desk) -> None:
    card = Card((Paragraph(say("周报", "Weekly")), Attachment("a.csv", "a,b")))
    desk.server.broken = 0
    desk.world.missing_scopes.clear()
    await desk.hear("你好", desk.group)
    desk.world.removed_from.add(desk.group)
    with pytest.raises(DeliveryError):
        await desk.send(card, key="same")
    desk.world.removed_from.clear()
    desk.server.broken = 1
    with pytest.raises(RetryLater):
        await desk.send(card, key="same")
    desk.server.broken = 0
    await desk.send(card, key="same")
    await desk.send(card, key="other")
    assert [text for text in desk.shown() if text == "周报"] == ["周报", "周报"]


async def test_a_blocked_address_waits_for_minutes(desk: Desk) -> None:
    desk.server.blocked = 1
    with pytest.raises(RetryLater) as caught:
        await desk.send(DONE)
    assert caught.value.after >= 300


async def test_wrong_credentials_are_the_admins_matter(desk: Desk) -> None:
    await desk.adapter.close()
    await desk.open(client_secret="wrong-secret")
    with pytest.raises(Misconfigured) as caught:
        await desk.send(DONE)
    assert caught.value.code == "invalidClientIdOrSecret"
    assert "wrong-secret" not in str(caught.value)
    assert list(desk.adapter.client.trouble) == ["token"]


async def test_calls_are_paced(desk: Desk) -> None:
    """More than twenty calls of one interface in any second would be refused by DingTalk."""

    async def call(n: int) -> None:
        await desk.adapter.client.to_group(desk.group, "sampleText", {"content": str(n)})

    calls = asyncio.gather(*(call(n) for n in range(50)))
    waits = 0
    while not calls.done():
        before = len(desk.world.messages)
        await desk.server.until(lambda: len(desk.world.messages) > before or calls.done())  # noqa: B023
        desk.forward(0.1)
        waits += 1
    await calls
    assert waits > 20
    assert len(desk.shown()) == 50


async def test_presses_tell_names_that_messages_did_not(desk: Desk) -> None:
    sent = await desk.send(APPROVE)
    thing = await desk.frame(wire.CARD, desk.server.press(desk.li, sent.message_id).data)
    assert thing.sender is not None
    assert thing.sender.name == "李四"
    desk.world.missing_scopes.add("qyapi_get_member")
    stranger = desk.world.person("王五")
    thing = await desk.frame(wire.CARD, desk.server.press(stranger, sent.message_id).data)
    assert thing.sender is not None
    assert thing.sender.name == ""


async def test_two_people_are_told_apart_by_their_names(desk: Desk) -> None:
    wang = desk.world.person("王五")
    thing = await desk.hear("@李四 @王五 一起做", desk.group, at=[wang, desk.li])
    assert [who.id for who in thing.mentions[1:]] == [desk.li.staff, wang.staff]


async def test_a_quote_of_a_card_names_it(desk: Desk) -> None:
    sent = await desk.send(APPROVE, name="approval:42")
    carrier = desk.world.cards[sent.message_id].carrier
    thing = await desk.hear("同意", desk.group, originalProcessQueryKey=carrier)
    assert thing.quote is not None
    assert thing.quote.message_id == sent.message_id


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("2027.json", '\ufeff{"year": 2027}'.encode(), '{"year": 2027}'),
        ("a.CSV", "甲,乙".encode(), "甲,乙"),
        ("gbk.csv", "甲".encode("gbk"), "甲"),
        ("big.txt", b"x" * (LARGEST + 1), ""),
        ("gone.json", None, ""),
        ("film.mp4", b"x", ""),
    ],
)
async def test_small_text_files_are_read(desk: Desk, name: str, content: bytes | None, words: str) -> None:
    if content is not None:
        desk.world.files["code1"] = content
    fields = {"msgtype": "file", "content": {"downloadCode": "code1", "fileName": name}}
    _, delivery = desk.server.says(desk.zhang, **fields)
    (file,) = (await desk.frame(ROBOT, delivery.data)).files
    assert (file.name, file.ref, file.text) == (name, "code1", words)


async def test_what_is_spent_is_counted(desk: Desk) -> None:
    await desk.hear("你好", desk.group)
    await desk.send(DONE)
    await desk.send(APPROVE)
    assert desk.adapter.client.spent == {"push": 1, "webhook": 1, "openapi": 1}


async def test_unknown_things_are_thanked_for_and_counted(desk: Desk) -> None:
    frames = [
        desk.server.frame("EVENT", "*", {"x": 1}, headers={"eventType": "check_in", "eventId": "e"}),
        desk.server.frame("CALLBACK", "/v1.0/graph/api/invoke", {}),
        "no json",
    ]
    answers = [(await desk.frames.take(frame))[0] for frame in frames]
    assert answers == [{"status": "SUCCESS", "message": "OK"}, {"response": None}, {"response": None}]
    assert desk.adapter.counts == {"check_in": 1, "CALLBACK /v1.0/graph/api/invoke": 1, "malformed": 1}
