"""DingTalk's frames become neutral things; what is missing or strange costs the thing, never the bot."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.dingtalk import codes, wire
from chat.errors import Malformed
from chat.messages import TOKEN, Action, Incoming

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
BOT = "$:LWCP_v1:$bot"
GROUP = "cidGROUP=="


class Known:
    """``wire.People`` from three tables."""

    def __init__(self, names: dict[str, str] | None = None) -> None:
        self.names = names or {}

    def name(self, person: str) -> str:
        return self.names.get(person, "")

    def staff(self, sealed: str) -> str:
        return {"$:LWCP_v1:$u2": "u2"}.get(sealed, "")

    def card_chat(self, message_id: str) -> str:
        return {codes.track("k"): "cidKNOWN=="}.get(message_id, "")

    def message(self, carrier: str) -> str:
        return {"carrier1": codes.track("k")}.get(carrier, "")


def frame(data: Any, topic: str = wire.ROBOT, kind: str = "CALLBACK", **headers: str) -> str:
    head = {"topic": topic, "messageId": "push1", **headers}
    return json.dumps({"specVersion": "1.0", "type": kind, "headers": head, "data": json.dumps(data)})


def message(**fields: Any) -> dict[str, Any]:
    return {
        "conversationId": GROUP, "conversationType": "2", "conversationTitle": "双十一", "chatbotUserId": BOT,
        "isInAtList": True, "atUsers": [{"dingtalkId": BOT}], "msgId": "m1", "senderNick": "张三",
        "senderStaffId": "u1", "senderId": "$:LWCP_v1:$u1", "createAt": 1_789_696_700_000, "msgtype": "text",
        "text": {"content": " 任务 写周报 "}, **fields,
    }  # fmt: skip


def read(data: Any, names: dict[str, str] | None = None, **how: Any) -> tuple[Incoming, ...]:
    return wire.read(wire.frame(frame(data, **how)), Known(names), ("进度助手",), NOW)


def one(data: Any, names: dict[str, str] | None = None, **how: Any) -> Incoming:
    (thing,) = read(data, names, **how)
    return thing


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


# --- presses ---------------------------------------------------------------------------------------------------------


def pressed(params: Any, ids: Any = None, **fields: Any) -> dict[str, Any]:
    content = json.dumps({"cardPrivateData": {"actionIds": ids or [], "params": params}})
    return {
        "userId": "u2", "outTrackId": codes.track("k"), "spaceId": GROUP, "spaceType": "im", "content": content,
        **fields,
    }  # fmt: skip


CODE = codes.code("do", ("T1", "a/b~%", ""), 3)
ACTION = Action("do", ("T1", "a/b~%", ""), 3)


@pytest.mark.parametrize(
    ("params", "ids"),
    [({"id": CODE}, []), ({}, [CODE]), ({}, [CODE + "12"]), ({"id": "?"}, [None, CODE]), ({"id": CODE + "0"}, [])],
)
def test_a_press_is_read_from_wherever_the_client_put_it(params: Any, ids: Any) -> None:
    thing = one(pressed(params, ids), {"u2": "李四"}, topic=wire.CARD)
    assert (thing.kind, thing.key, thing.message_id) == ("click", "dingtalk:card:push1", codes.track("k"))
    assert thing.action == ACTION
    assert thing.chat is not None
    assert (thing.chat.id, thing.chat.kind) == (GROUP, "group")
    assert thing.sender is not None
    assert (thing.sender.id, thing.sender.name) == ("u2", "李四")


def test_the_content_may_be_an_object_or_stand_in_value() -> None:
    inner = {"cardPrivateData": {"actionIds": [CODE], "params": {}}}
    assert one(pressed({}, content=inner), topic=wire.CARD).action == ACTION
    assert one(pressed({}, content=None, value=json.dumps(inner)), topic=wire.CARD).action == ACTION
    assert one(pressed({}, content=None, value=inner), topic=wire.CARD).action == ACTION


def test_a_press_on_a_card_of_ones_own_and_on_a_part_of_a_card() -> None:
    own = codes.track("k", direct=True)
    direct = one(pressed({"id": CODE}, outTrackId=own, spaceId="cidDIRECT"), topic=wire.CARD)
    assert direct.message_id == own
    assert direct.chat is not None
    assert (direct.chat.id, direct.chat.kind) == ("user:u2", "direct")
    part = one(pressed({"id": CODE}, outTrackId=codes.track("k", 2), spaceId=None), topic=wire.CARD)
    assert part.message_id == codes.track("k")
    assert part.chat is not None
    assert part.chat.id == "cidKNOWN=="


@pytest.mark.parametrize("params", [{}, {"id": "x"}, {"id": 7}, None, [], "x"])
def test_a_button_that_is_not_ours_is_still_a_press(params: Any) -> None:
    assert one(pressed(params, ["x"]), topic=wire.CARD).action == Action("")


def test_what_was_filled_in() -> None:
    form = {"done": "写完\ufffc了", "due": {"value": "2026-09-30", "text": "9月30日"}, "who": ["a", "b"], "ok": True}
    thing = one(pressed({"id": CODE, "form": json.dumps(form)}), topic=wire.CARD)
    assert thing.action is not None
    assert thing.action.fields == {"done": "写完了", "due": "2026-09-30", "who": "a，b", "ok": "1"}
    beside = one(pressed({"id": CODE, "user_input": "hi"}), topic=wire.CARD)
    assert beside.action is not None
    assert beside.action.fields == {"user_input": "hi"}


# --- what else happens -----------------------------------------------------------------------------------------------


def event(name: str, data: dict[str, Any]) -> tuple[Incoming, ...]:
    return read(data, {"u2": "李四"}, topic="*", kind="EVENT", eventType=name, eventId="e1")


def test_people_come_and_go() -> None:
    both = event("chat_add_member", {"openConversationId": GROUP, "userId": ["u2", "u3"], "operator": "u1"})
    assert [(thing.key, thing.event, thing.data) for thing in both] == [
        ("dingtalk:e1", "member_joined", {"id": "u2", "name": "李四"}),
        ("dingtalk:e1/1", "member_joined", {"id": "u3", "name": ""}),
    ]
    (left,) = event("chat_quit", {"openConversationId": GROUP, "userId": "u2"})
    assert left.sender is not None
    assert (left.event, left.sender.name) == ("member_left", "李四")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("chat_update_title", "renamed"),
        ("chat_disband", "dissolved"),
        ("im_cool_app_install", "bot_added"),
        ("im_cool_app_uninstall", "bot_removed"),
    ],
)
def test_groups_change(name: str, what: str) -> None:
    (thing,) = event(
        name, {"openConversationId": GROUP, "operator": "u2", "title": "新名", "timeStamp": 1_789_696_700_000}
    )
    assert (thing.event, thing.addressed) == (what, False)
    assert thing.chat is not None
    assert thing.chat.name == ("新名" if what == "renamed" else "")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("user_add_org", {"userId": ["u1"]}),
        ("robot_msg_recall", {"openConversationId": GROUP, "userId": "u1"}),
        ("bpms_instance_change", {"type": "finish"}),
        ("chat_disband", {"openConversationId": GROUP}),
        ("chat_add_member", {"operator": "u1", "userId": ["u2"]}),
        ("chat_add_member", {"openConversationId": GROUP, "operator": "u1", "userId": None}),
        ("", {}),
    ],
)
def test_events_without_use_are_nothing(name: str, data: dict[str, Any]) -> None:
    assert event(name, data) == ()


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
