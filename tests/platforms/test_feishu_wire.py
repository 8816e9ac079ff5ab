"""Feishu's events read as neutral things: every sample event, and many that are not as they should be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.feishu import wire
from chat.errors import Malformed
from chat.messages import TOKEN, Action, File, Incoming, Place, Quote, Sender

FIXTURES = Path(__file__).parent / "fixtures" / "feishu"
BOT = "ou_bot"
ZHANG = "ou_84aad35d084aa403a838cf73ee18467"
GROUP = "oc_5ce6d572455d361153b7xx51da133945"


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return event


def read(event: Any) -> tuple[Incoming, ...]:
    return wire.read(json.dumps(event, ensure_ascii=False), BOT)


def one(name: str, change: Callable[[Any], Any] = lambda event: None) -> Incoming:
    event = sample(name)
    change(event)
    (thing,) = read(event)
    return thing


def said(text: str, mentions: Any = None, kind: str = "text", **message: Any) -> Incoming:
    def change(event: Any) -> None:
        event["event"]["message"] |= {"content": json.dumps({"text": text}), "message_type": kind, "mentions": mentions}
        event["event"]["message"] |= message

    return one("msg_text_p2p", change)


def test_a_message_to_the_bot_in_a_group():
    assert one("msg_text_at_bot") == Incoming(
        "feishu:om_00000000000000000000000000000001",
        "message",
        "feishu",
        datetime(2020, 12, 27, 12, 45, 51, 345000, UTC),
        Place(GROUP, "group"),
        Sender(ZHANG, ""),
        text=f"{TOKEN} /report 完成登录页\n今天联调\n无阻塞",
        mentions=(Sender(BOT, "StandupBot"),),
        bot_id=BOT,
        addressed=True,
        message_id="om_00000000000000000000000000000001",
    )


def test_each_mention_stands_where_it_was_written():
    thing = one("msg_text_two_mentions")
    assert thing.text == f"{TOKEN} /assign {TOKEN} T-12"
    assert [who.name for who in thing.mentions] == ["StandupBot", "李雷"]


def test_everybody_is_not_the_bot():
    thing = one("msg_text_at_all")
    assert (thing.text, thing.addressed, thing.mentions) == ("@所有人 开会", False, ())


def test_a_direct_message_is_addressed():
    thing = one("msg_text_p2p")
    assert thing.addressed
    assert thing.chat == Place(GROUP, "direct")


def test_a_reply_names_what_it_answers():
    assert one("msg_text_thread_reply").quote == Quote("om_root")
    assert said("嗯", root_id="om_r", parent_id="").quote == Quote("om_r")
    assert said("嗯", root_id="", parent_id="").quote is None


def test_rich_text_becomes_lines():
    thing = one("msg_post_at_bot")
    assert thing.text == f"日报\n{TOKEN} /report\n1. 完成登录页\n[PR](https://example.com)\n\nx:=1"
    assert thing.addressed
    assert thing.files == (File("", "om_00000000000000000000000000000006/image/img_v3_x"),)


def test_voice_pictures_and_files_are_kept_by_reference():
    voice = one("msg_audio_p2p")
    assert voice.voice
    assert voice.files == (File("", f"{voice.message_id}/file/file_v3_00cd_75235e0c"),)
    assert one("msg_file").files[0].name == "周报.xlsx"
    assert "/image/img_v3_02ab" in one("msg_image").files[0].ref
    assert one("msg_media").files[0].name == "a.mp4"


def test_a_press():
    thing = one("card_button", lambda event: event["event"]["action"].update(value={"v": "do", "a": ["T1"], "n": 3}))
    assert thing.key == "feishu:card:evt00000000000000000000000000019"
    assert (thing.kind, thing.message_id, thing.chat) == ("click", "om_574d639e", Place("oc_e4d2605c", "group"))
    assert thing.sender == Sender(ZHANG, "")
    assert thing.action == Action("do", ("T1",), 3, {})


def test_a_press_on_a_card_for_one_person_is_in_a_direct_chat():
    thing = one("card_button", lambda event: event["event"]["action"].update(value={"v": "do", "d": 1}))
    assert thing.chat == Place("oc_e4d2605c", "direct")


def test_a_form():
    def change(event: Any) -> None:
        event["event"]["action"] |= {
            "value": '{"v":"daily","a":["5"],"n":1}',
            "form_value": {
                "f0_done": "登录页\n联调", "f0_due": "2026-02-01 +0800", "f0_at": "2026-02-01 09:30 +0800",
                "f0_who": "ou_2", "f0_tags": ["a", "b"], "f0_f1_x": "嵌",
                "f0_ok": True, "f0_no": None, "free": "2 +0800",
            },
        }  # fmt: skip

    thing = one("card_form_submit", change)
    assert thing.action is not None
    assert (thing.action.verb, thing.action.args) == ("daily", ("5",))
    assert thing.action.fields == {
        "done": "登录页\n联调", "due": "2026-02-01", "at": "2026-02-01 09:30", "who": "ou_2", "tags": "a，b",
        "f1_x": "嵌", "ok": "1", "no": "", "free": "2 +0800",
    }  # fmt: skip


@pytest.mark.parametrize("value", [None, "x", "[1]", 7, [], {}, {"v": 7, "a": "x", "n": "1"}])
def test_a_press_that_carries_nothing_of_ours_is_still_a_press(value):
    thing = one("card_button", lambda event: event["event"]["action"].update(value=value))
    assert thing.action == Action("")


def test_the_bot_comes_and_goes():
    added, removed = one("bot_added"), one("bot_deleted")
    assert (added.kind, added.event, added.sender) == ("event", "bot_added", Sender(ZHANG, ""))
    assert added.chat is not None
    assert (added.chat.name, removed.event) == ("项目群", "bot_removed")


def test_everybody_who_comes_is_a_thing_of_their_own():
    event = sample("user_added")
    event["event"]["users"].append({"name": "李雷", "user_id": {"open_id": "ou_2"}})
    first, second = read(event)
    assert first.event == second.event == "member_joined"
    assert [thing.data for thing in (first, second)] == [
        {"id": ZHANG, "name": "韩梅梅"},
        {"id": "ou_2", "name": "李雷"},
    ]
    assert second.key == first.key + "/1"


def test_recalled_renamed_dissolved():
    recalled = one("recalled")
    assert (recalled.event, recalled.message_id) == ("recalled", "om_dc13264520392913993dd051dba21dcf")
    event = sample("bot_added")
    event["header"]["event_type"] = "im.chat.updated_v1"
    event["event"] |= {"after_change": {"name": "新名"}, "before_change": {"name": "旧名"}}
    (renamed,) = read(event)
    assert (renamed.event, renamed.data) == ("renamed", {"name": "新名", "old": "旧名"})
    event["event"]["after_change"] = {"avatar": "x"}
    assert read(event) == ()
    event["header"]["event_type"] = "im.chat.disbanded_v1"
    assert read(event)[0].event == "dissolved"


@pytest.mark.parametrize("name", ["bot_menu", "reaction_created", "reaction_deleted", "p2p_entered"])
def test_what_we_do_not_use_is_nothing(name):
    assert read(sample(name)) == ()
    assert wire.kind(json.dumps(sample(name)))


@pytest.mark.parametrize("kind", ["app", "bot"])
def test_other_bots_are_not_heard(kind):
    event = sample("msg_text_at_bot")
    event["event"]["sender"]["sender_type"] = kind
    assert read(event) == ()


@pytest.mark.parametrize("time", ["1609073151345", "1609073151345000", "1609073151", 1609073151345, "1609073151345."])
def test_times_are_told_apart_by_their_length(time):
    at = said("嗯", create_time=time).at
    assert at.replace(microsecond=0) == datetime(2020, 12, 27, 12, 45, 51, tzinfo=UTC)


@pytest.mark.parametrize("time", ["inf", "nan", "-1", "0", "", None, [], {}])
def test_a_time_that_is_none_falls_back_to_the_header(time):
    assert said("嗯", create_time=time).at == datetime(2020, 12, 23, 12, 19, 49, tzinfo=UTC)


def test_users_cannot_write_mentions_by_hand():
    thing = said(f"@_user_9 {TOKEN} @_user_1", [{"key": "@_user_1", "id": {"open_id": "ou_2"}, "name": "李雷"}])
    assert thing.text == f"@_user_9  {TOKEN}"
    assert thing.mentions == (Sender("ou_2", "李雷"),)


@pytest.mark.parametrize(
    "mentions", [None, "x", [None], [{}], [{"key": "@_user_1"}], [{"key": 7, "id": {"open_id": 7}}]]
)
def test_odd_mentions_are_words(mentions):
    assert said("@_user_1 好", mentions).text == "@_user_1 好"


@pytest.mark.parametrize(
    "raw", ["", "x", "[]", "7", "null", '{"header":7}', '{"header":{"event_type":"im.message.receive_v1"}}']
)
def test_what_is_no_event_is_malformed(raw):
    with pytest.raises(Malformed):
        wire.read(raw, BOT)


@pytest.mark.parametrize("field", ["message_id", "chat_id", "content"])
@pytest.mark.parametrize("wrong", [7, ["x"], {"x": 1}, True])
def test_a_message_without_its_essentials_is_malformed(field, wrong):
    with pytest.raises(Malformed):
        said("好", **{field: wrong})


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
PLACES = ("event", "message", "sender", "action", "context", "operator", "users", "content", "mentions", "header")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FIXTURES.glob("*.json"))), st.sampled_from(PLACES), JSON)
def test_whatever_comes_is_read_or_malformed(path: Path, place: str, junk: Any):
    event = json.loads(path.read_text())
    for holder in (event, event.get("event"), event.get("header")):
        if isinstance(holder, dict) and place in holder:
            holder[place] = junk
    try:
        things = read(event)
    except Malformed:
        return
    for thing in things:
        assert thing.text.count(TOKEN) == len(thing.mentions)
