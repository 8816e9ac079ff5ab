"""Presses and events of DingTalk become neutral things."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.dingtalk import codes, wire
from chat.messages import Action, Incoming
from tests.platforms.dingtalk_frames import GROUP, one, read

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


def test_everybody_who_left_the_company_is_a_thing_in_no_chat() -> None:
    both = event("user_leave_org", {"userId": ["u2", "u3"], "timeStamp": 1_789_696_700_000})
    assert [(thing.key, thing.event, thing.data) for thing in both] == [
        ("dingtalk:e1", "person_left_company", {"id": "u2", "name": "李四"}),
        ("dingtalk:e1/1", "person_left_company", {"id": "u3", "name": ""}),
    ]
    assert {(thing.chat, thing.sender, thing.addressed) for thing in both} == {(None, None, False)}
    assert event("user_leave_org", {"userId": None}) == event("user_leave_org", {}) == ()
