"""Frames into neutral things: what people type, what the bot's name looks like, and every strange shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.wecom import codes, wire
from chat.errors import Malformed
from chat.messages import TOKEN

NOW = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
NAMES = ("进度助手", "Bot")


def frame(body: dict[str, Any], cmd: str = "aibot_msg_callback") -> dict[str, Any]:
    whole = {"msgid": "m1", "aibotid": "bot1", "chattype": "group", "chatid": "wrA", "from": {"userid": "zhangsan"}}
    return {"cmd": cmd, "headers": {"req_id": "r1"}, "body": whole | body}


def text(words: str, **more: Any) -> dict[str, Any]:
    return frame({"msgtype": "text", "text": {"content": words}, **more})


def read(given: dict[str, Any]) -> wire.Callback:
    return wire.read(given, "bot1", NAMES, NOW)


def thing(given: dict[str, Any]) -> Any:
    found = read(given).thing
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "meant", "mentions"),
    [
        ("@进度助手 任务 写周报 @李四 周五", f"{TOKEN} 任务 写周报 @李四 周五", 1),
        ("@进度助手\u2005/任务 写周报", f"{TOKEN} /任务 写周报", 1),
        ("@进度助手/任务 写周报", f"{TOKEN} /任务 写周报", 1),
        ("张三说 @进度助手 帮忙", f"张三说 {TOKEN} 帮忙", 1),
        ("@进度助手 @李四 /任务 x", f"{TOKEN} /任务 x", 1),
        ("@日报 机器人 /standup", f"{TOKEN} /standup", 1),
        ("＠bot ／done 3", f"{TOKEN} ／done 3", 1),
        ("@a @bot /x", f"{TOKEN} /x", 1),
        ("/stop@Bot now", f"/stop{TOKEN} now", 1),
        ("@bot 看 https://a/b", f"{TOKEN} 看 https://a/b", 1),
        ("@bot 1/2 完成", f"{TOKEN} 1/2 完成", 1),
        ("@bot", TOKEN, 1),
        ("@Bottle /x", f"{TOKEN} /x", 1),
        ("T1 和/或", "T1 和/或", 0),
        ("@进度助手 今日：a\n明日：b\n阻塞：无", f"{TOKEN} 今日：a\n明日：b\n阻塞：无", 1),
        ("@进度助手 帮我看 /etc", f"{TOKEN} 帮我看 /etc", 1),
        ("@\ufffc进度助手 \ufffc好", f"{TOKEN} 好", 1),
    ],
)
def test_the_bots_name_is_found_in_the_words(typed: str, meant: str, mentions: int) -> None:
    found = thing(text(typed))
    assert (found.text, len(found.mentions)) == (meant, mentions)
    assert found.text.count(TOKEN) == mentions
    assert all(one.id == "bot1" for one in found.mentions)


def test_a_group_message() -> None:
    found = thing(text("@进度助手 帮助", create_time=int(NOW.timestamp()) - 60))
    assert (found.key, found.message_id, found.platform) == ("wecom:m1", "m1", "wecom")
    assert (found.chat.id, found.chat.kind) == ("wrA", "group")
    assert found.sender.id == "zhangsan"
    assert found.addressed
    assert found.bot_id == "bot1"
    assert (NOW - found.at).total_seconds() == 60


def test_a_direct_message_has_no_mention_and_keeps_its_at() -> None:
    found = thing(text("@李四 在吗", chattype="single", chatid=None))
    assert (found.chat.id, found.chat.kind) == ("user:zhangsan", "direct")
    assert (found.text, found.mentions) == ("@李四 在吗", ())


@pytest.mark.parametrize("at", [None, 0, -1, True, "x", 10**12, NOW.timestamp() + 3600, 1e308])
def test_a_message_is_never_from_the_future(at: Any) -> None:
    assert thing(text("a", create_time=at)).at == NOW


def test_a_quote_tells_its_words_alone() -> None:
    found = thing(text("@进度助手 转任务", quote={"msgtype": "text", "text": {"content": "主图周四给 /任务"}}))
    assert (found.quote.text, found.quote.message_id) == ("主图周四给 /任务", "")
    assert found.text == f"{TOKEN} 转任务"


def test_text_and_pictures_together() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "@进度助手 看图"}},
        {"msgtype": "image", "image": {"url": "https://x/1", "aeskey": "k"}},
        {"msgtype": "text", "text": {"content": "谢谢"}},
        None,
        {"msgtype": "image", "image": None},
    ]
    found = thing(frame({"msgtype": "mixed", "mixed": {"msg_item": items}}))
    assert found.text == f"{TOKEN} 看图\n谢谢"
    assert [one.ref for one in found.files] == ["https://x/1#k"]


@pytest.mark.parametrize("kind", ["image", "file", "video"])
def test_a_file_is_kept_by_reference(kind: str) -> None:
    found = thing(frame({"msgtype": kind, kind: {"url": "https://x/1", "aeskey": "k"}, "chattype": "single"}))
    assert found.files[0].ref == "https://x/1#k"
    assert found.text == ""


def test_a_voice_message_is_its_transcript() -> None:
    found = thing(frame({"msgtype": "voice", "voice": {"content": "帮我建个任务"}, "chattype": "single", "chatid": ""}))
    assert (found.text, found.voice) == ("帮我建个任务", True)


def click(fields: dict[str, Any], *, flat: bool = False) -> dict[str, Any]:
    inside = fields if flat else {"template_card_event": fields}
    event = {"eventtype": "template_card_event", **inside}
    return frame({"msgtype": "event", "event": event}, "aibot_event_callback")


@pytest.mark.parametrize("flat", [False, True])
def test_a_press(flat: bool) -> None:
    task = codes.task_id(codes.base_id("k"), 2)
    found = read(click({"event_key": '["approve",["P1"],3]', "task_id": task}, flat=flat))
    assert found.kind == "click"
    assert found.task_id == task
    assert found.thing is not None
    assert found.thing.message_id == codes.base_id("k")
    action = found.thing.action
    assert action is not None
    assert (action.verb, action.args, action.version, dict(action.fields)) == ("approve", ("P1",), 3, {})


@pytest.mark.parametrize(
    "selected",
    [
        {"selected_item": [{"question_key": "mood", "option_ids": {"option_id": ["r"]}}]},
        {"selected_item": {"question_key": "mood", "option_ids": {"option_id": "r"}}},
        {"selected_item": [{"question_key": "mood", "option_ids": ["r"]}, None, {"question_key": "x"}]},
    ],
)
def test_selections_come_in_several_shapes(selected: Any) -> None:
    key = '["daily",["9-18"],0,{"note":"旧"}]'
    found = thing(click({"event_key": key, "task_id": "t", "selected_items": selected}))
    assert dict(found.action.fields) == {"note": "旧", "mood": "r"}


def test_one_of_many_buttons() -> None:
    chosen = {"selected_item": [{"question_key": "pick", "option_ids": {"option_id": ['["must",["T1"],2]']}}]}
    found = thing(click({"event_key": "pick", "task_id": "t", "selected_items": chosen}))
    assert (found.action.verb, found.action.args, dict(found.action.fields)) == ("must", ("T1",), {})


@pytest.mark.parametrize(
    "key",
    [
        "",
        "pick",
        "ok",
        "[]",
        "{}",
        "null",
        '["a"]',
        '["a",[1],0]',
        '["a",[],"0"]',
        "[1,[],0]",
        '["a",[],0,{"x":1}]',
        "[",
    ],
)
def test_a_key_that_is_not_ours_is_a_press_without_a_verb(key: str) -> None:
    """So the bot answers that the button no longer works, instead of silence."""
    assert thing(click({"event_key": key, "task_id": "t"})).action.verb == ""


@pytest.mark.parametrize("name", ["feedback_event", "auth_change_event", "enter_check_update", "tomorrow"])
def test_events_nobody_needs_are_counted(name: str) -> None:
    found = read(frame({"msgtype": "event", "event": {"eventtype": name}}, "aibot_event_callback"))
    assert (found.kind, found.thing, found.event) == ("other", None, name)


def test_unknown_kinds_are_counted() -> None:
    assert read(frame({"msgtype": "appmsg", "appmsg": {"title": "x"}})).kind == "other"
    assert read({**text("x"), "cmd": "aibot_other"}).kind == "other"
    assert read(text("")).kind == "other"


@pytest.mark.parametrize(
    "raw",
    ['{"a":"x\x01y\nz"}', b'{"a":"x\x0by"}', '{"a":"\\ud800"}'],
)
def test_raw_control_characters_are_survived(raw: str | bytes) -> None:
    assert "a" in wire.decode(raw)


@pytest.mark.parametrize("raw", ["", "[]", "7", "null", "{", b"\xff\xfe", "[" * 100_000, '"x"'])
def test_what_is_no_frame_is_malformed(raw: str | bytes) -> None:
    with pytest.raises(Malformed):
        wire.decode(raw)


def test_half_characters_and_controls_never_reach_the_books() -> None:
    content = json.loads('{"content":"a\\ud800\\u0001b\\tc\\r\\nd"}')["content"]
    assert thing(text(content, chattype="single", chatid="")).text == "ab\tc\nd"


def test_every_wrong_shape_is_read_or_malformed() -> None:
    wrong: tuple[object, ...] = (None, 7, "", "x", [], {}, True, [None], {"x": None}, -1, 1e308)
    for whole in (text("@进度助手 a", quote={"msgtype": "text", "text": {"content": "q"}}), click({"event_key": "x"})):
        for path in _paths(whole, ()):
            for value in wrong:
                copy = json.loads(json.dumps(whole))
                place = copy
                for step in path[:-1]:
                    place = place[step]
                place[path[-1]] = value
                try:
                    read(copy)
                except Malformed:
                    continue


def _paths(value: Any, path: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    if not isinstance(value, dict):
        return []
    return [found for name, one in value.items() for found in [(*path, name), *_paths(one, (*path, name))]]
