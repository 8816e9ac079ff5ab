"""DingTalk's frames become neutral things; what is missing or strange costs the thing, never the bot."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.dingtalk import codes, wire
from chat.errors import Malformed
from chat.messages import TOKEN, Action
from tests.platforms.dingtalk_frames import BOT, GROUP, NOW, Known, frame, message, one, read


def test_a_group_message() -> None:
    thing = one(message())
    assert (thing.key, thing.kind, thing.platform, thing.message_id) == ("dingtalk:m1", "message", "dingtalk", "m1")
    assert thing.text == f"{TOKEN} 任务 写周报"
    assert [who.id for who in thing.mentions] == [thing.bot_id] == [BOT]
    assert thing.addressed
    assert thing.chat is not None
    assert (thing.chat.id, thing.chat.kind, thing.chat.name) == (GROUP, "group", "双十一")
    assert thing.sender is not None
    assert (thing.sender.id, thing.sender.name) == ("u1", "张三")
    assert thing.at == datetime.fromtimestamp(1_789_696_700, UTC)


def test_a_direct_chat_is_named_by_its_person() -> None:
    thing = one(message(conversationType="1", conversationTitle=None, isInAtList=None, atUsers=None))
    assert thing.chat is not None
    assert (thing.chat.id, thing.chat.kind) == ("user:u1", "direct")
    assert (thing.text, thing.mentions, thing.addressed) == ("任务 写周报", (), True)


def test_somebody_of_another_company_keeps_the_sealed_id() -> None:
    thing = one(message(senderStaffId="", conversationType="1"))
    assert thing.sender is not None
    assert thing.sender.id == "$:LWCP_v1:$u1"


def test_a_clock_that_is_ahead_is_not_believed() -> None:
    later = int((NOW + timedelta(days=1)).timestamp() * 1000)
    assert one(message(createAt=later)).at == NOW
    assert one(message(createAt=None)).at == NOW
    assert one(message(createAt=1e308)).at == NOW


FOUR = [("u4", "李四光"), ("u2", "李四")]


@pytest.mark.parametrize(
    ("said", "at", "names", "text", "mentioned"),
    [
        ("指派 T1 @李四 周五", ["u2"], {}, "指派 T1 \ufffc 周五", [("u2", "李四")]),
        ("指派 T1  周五", ["u2"], {}, "指派 T1  周五 \ufffc", [("u2", "")]),
        ("指派 T1  周五", ["u2"], {"u2": "李四"}, "指派 T1  周五 \ufffc", [("u2", "李四")]),
        ("@王五 @李四", ["u2", "u3"], {"u2": "李四", "u3": "王五"}, "\ufffc \ufffc", [("u3", "王五"), ("u2", "李四")]),
        ("@王五 和 @李四", ["u2", "u3"], {"u3": "王五"}, "\ufffc 和 \ufffc", [("u3", "王五"), ("u2", "李四")]),
        ("@王五 和 @李四", ["u2", "u3"], {}, "@王五 和 @李四", []),
        ("@李四光 @李四", ["u2", "u4"], {"u2": "李四", "u4": "李四光"}, "\ufffc \ufffc", FOUR),
        ("＠李四 好", ["u2"], {"u2": "李四"}, "\ufffc 好", [("u2", "李四")]),
        ("@Li Si 好", ["u2"], {"u2": "Li Si"}, "\ufffc 好", [("u2", "Li Si")]),
        ("写信给 a@b.com", [], {}, "写信给 a@b.com", []),
        ("@李四 手打的", [], {}, "@李四 手打的", []),
        ("@所有人 开会", [], {}, "@所有人 开会", []),
        ("\ue0000\ue001 \ufffc 假的", ["u2"], {}, "0  假的 \ufffc", [("u2", "")]),
    ],
)  # fmt: skip
def test_who_was_mentioned_where(
    said: str, at: list[str], names: dict[str, str], text: str, mentioned: list[tuple[str, str]]
) -> None:
    users = [{"dingtalkId": BOT}, *({"dingtalkId": f"$:{one}", "staffId": one} for one in at)]
    thing = one(message(text={"content": f" {said}"}, atUsers=users), names)
    assert thing.text == f"{TOKEN} {text}"
    assert [(who.id, who.name) for who in thing.mentions[1:]] == mentioned
    assert thing.text.count(TOKEN) == len(thing.mentions)


def test_a_mention_without_staff_id_is_known_from_before() -> None:
    thing = one(message(text={"content": "@李四"}, atUsers=[{"dingtalkId": "$:LWCP_v1:$u2"}]))
    assert [who.id for who in thing.mentions] == [BOT, "u2"]


@pytest.mark.parametrize("name", ["@进度助手 ", "＠进度助手", "@进度助手 @进度助手 "])
def test_the_bots_own_name_is_not_part_of_the_words(name: str) -> None:
    content = {"richText": [{"text": f"{name}帮助"}]}
    assert one(message(msgtype="richText", content=content)).text == f"{TOKEN} 帮助"


def test_rich_text_joins_its_words_and_keeps_pictures() -> None:
    content = {
        "richText": [
            {"text": "日报\n今日："},
            {"type": "picture", "downloadCode": "code1"},
            {"text": "写完"},
            None,
            {"type": "at", "atName": "李四"},
        ]
    }
    users = [{"dingtalkId": BOT}, {"dingtalkId": "$:x", "staffId": "u2"}]
    thing = one(message(msgtype="richText", content=content, text=None, atUsers=users))
    assert thing.text == f"{TOKEN} 日报\n今日：写完{TOKEN}"
    assert [file.ref for file in thing.files] == ["code1"]


def test_what_was_recognised_of_a_voice() -> None:
    content = {"duration": 4000, "downloadCode": "c", "recognition": "完成 T1"}
    thing = one(message(msgtype="audio", content=content, conversationType="1"))
    assert (thing.text, thing.voice, thing.files) == ("完成 T1", True, ())
    mute = one(message(msgtype="audio", content={"downloadCode": "c"}, conversationType="1"))
    assert (mute.text, mute.voice, mute.files[0].ref) == ("", True, "c")


@pytest.mark.parametrize(
    ("kind", "content", "name"),
    [
        ("picture", {"downloadCode": "c"}, "图片"),
        ("picture", {"pictureDownloadCode": "c"}, "图片"),
        ("video", {"downloadCode": "c", "videoType": "mp4"}, "视频"),
        ("file", {"downloadCode": "c", "fileName": "计划.csv"}, "计划.csv"),
        ("file", json.dumps({"downloadCode": "c", "fileName": "计划.csv"}), "计划.csv"),
    ],
)
def test_files_are_kept_by_reference(kind: str, content: Any, name: str) -> None:
    (file,) = one(message(msgtype=kind, content=content, conversationType="1")).files
    assert (file.name, file.ref) == (name, "c")


@pytest.mark.parametrize("kind", ["unknownMsgType", "", "picture", "interactiveCard"])
def test_what_says_nothing_is_nothing(kind: str) -> None:
    assert read(message(msgtype=kind, text=None)) == ()


def test_a_quote_of_ours_and_of_somebody_elses() -> None:
    replied = {"msgType": "text", "msgId": "m0", "senderId": "$:LWCP_v1:$u2", "createdAt": 1_789_696_600_000}
    text = {"content": "完成", "isReplyMsg": True, "repliedMsg": {**replied, "content": {"text": "T1 写周报"}}}
    quote = one(message(text=text)).quote
    assert quote is not None
    assert quote.sender is not None
    assert (quote.message_id, quote.text, quote.sender.id) == ("m0", "T1 写周报", "u2")
    assert quote.at == datetime.fromtimestamp(1_789_696_600, UTC)
    ours = one(message(originalProcessQueryKey="carrier1", originalMsgId="m0")).quote
    assert ours is not None
    assert ours.message_id == codes.track("k")
    words = one(message(originalProcessQueryKey="pqk1")).quote
    assert words is not None
    assert words.message_id == "pqk1"


def test_the_quota_is_used_up() -> None:
    data = message(errorCode=20001, errorMessage="受调用量超量影响，消息未推送")
    del data["text"], data["msgtype"]
    thing = one(data)
    assert (thing.kind, thing.event, thing.key) == ("event", "quota_exhausted", "dingtalk:m1")
    assert "超量" in thing.data["why"]


@pytest.mark.parametrize("line", ["同意 #approve/P42~3.", "@进度助手 同意 #approve/P42~3.", " 同意 #approve/P42~3.7"])
def test_a_line_that_a_link_typed_is_a_press(line: str) -> None:
    thing = one(message(text={"content": line}))
    assert (thing.kind, thing.action) == ("click", Action("approve", ("P42",), 3))
    assert thing.key == "dingtalk:m1"


@pytest.mark.parametrize("line", ["任务 修 #123", "# 同意", "同意 #a b~3.", "同意 #~.", "看 #a~3"])
def test_a_line_with_a_hash_is_a_line(line: str) -> None:
    assert one(message(text={"content": line})).kind == "message"


def test_unknown_callbacks_are_nothing() -> None:
    assert read({"x": 1}, topic="/v1.0/graph/api/invoke") == ()
    assert read({"x": 1}, topic="/v1.0/im/bot/messages/get", kind="WHATEVER") == ()


@pytest.mark.parametrize(
    "raw",
    ["", "x", "[]", "null", "{}", '{"headers":[]}', frame(None), frame([]), frame("x"), frame({}),
     frame({"msgId": "m"}), frame(message(msgId="")), frame(message(senderStaffId=None, senderId=None)),
     frame(message(conversationId=7)), frame({"userId": "u"}, topic=wire.CARD),
     frame({"userId": "u", "outTrackId": "t", "content": "{"}, topic=wire.CARD)],
)  # fmt: skip
def test_misshapen_frames_are_malformed(raw: str) -> None:
    with pytest.raises(Malformed):
        wire.read(wire.frame(raw), Known(), (), NOW)


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, True, 1e308])
@pytest.mark.parametrize(
    "name", ["text", "atUsers", "createAt", "isInAtList", "senderNick", "conversationTitle", "chatbotUserId", "content"]
)
def test_a_message_survives_what_it_can_do_without(name: str, wrong: Any) -> None:
    assert one(message(**{name: wrong})).key == "dingtalk:m1"


def test_codes_survive_everything() -> None:
    for args in [(), ("",), ("a", ""), ("任务~3.", "a/b"), ("%2F", "~"), ('"\\', "\n"), ("x" * 300,)]:
        assert codes.read(codes.code("verb.x", args, 7)) == Action("verb.x", args, 7)
    line = codes.typed("同意 #1\n好", codes.code("approve", ("P1",), 0))
    assert codes.read_typed(line) == Action("approve", ("P1",), 0)


def test_a_session_is_remembered_only_when_it_is_whole() -> None:
    whole = message(sessionWebhook="https://oapi.dingtalk.com/x", sessionWebhookExpiredTime=1_789_696_700_000)
    assert wire.session(wire.frame(frame(whole))) == (
        GROUP, wire.Session("https://oapi.dingtalk.com/x", 1_789_696_700.0),
    )  # fmt: skip
    assert wire.session(wire.frame(frame(message(sessionWebhook="x")))) is None
