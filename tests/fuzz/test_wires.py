"""Whatever a platform, or who plays one, sends: it is read or refused as Malformed or Forged, never an accident."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.dingtalk import wire as dingtalk
from adapters.dingtalk.callback import Callback
from adapters.dingtalk.config import read as read_dingtalk
from adapters.feishu import wire as feishu
from adapters.feishu.config import read as read_feishu
from adapters.feishu.webhook import Webhook, signature
from adapters.listening import Forged
from adapters.room.frames import Request
from adapters.wecom import wire as wecom
from adapters.wecom.seal import Forged as Unsealed
from adapters.wecom.seal import Seal
from bot.clock import VirtualClock
from chat.cards import decode, text_card
from chat.errors import Malformed
from chat.messages import TOKEN, Incoming
from chat.text import say
from tests.fuzz.conftest import looks
from tests.platforms import dingtalk_frames as frames

FEISHU = sorted((Path(__file__).parents[1] / "platforms" / "fixtures" / "feishu").glob("*.json"))
WORDS = st.text(max_size=12) | st.sampled_from(["", "{{7*7}}", "\x00", "\ud800", TOKEN * 3, "@所有人", "9" * 400, "١٢"])
LEAF = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
JSON = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=10
)
PATH = st.lists(st.integers(0, 30), min_size=1, max_size=6)
CUT = "\0cut"


def spoilt(event: Any, path: list[int], junk: Any) -> Any:
    """The event with one value, somewhere inside, put in place of another, or taken out."""
    whole = deepcopy(event)
    place = whole
    for step, more in zip(path, [*path[1:], None], strict=True):
        keys = sorted(place) if isinstance(place, dict) else range(len(place)) if isinstance(place, list) else []
        if not keys:
            return junk if place is whole else whole
        key = keys[step % len(keys)]
        if more is None or not isinstance(place[key], (dict, list)):
            if junk == CUT:
                del place[key]
            else:
                place[key] = junk
            return whole
        place = place[key]
    return whole


def sound(things: tuple[Incoming, ...]) -> None:
    for thing in things:
        assert thing.text.count(TOKEN) == len(thing.mentions)
        for words in (thing.key, thing.text, thing.chat.id if thing.chat else "", str(dict(thing.data))):
            words.encode()


EVENTS = [json.loads(path.read_text(encoding="utf-8")) for path in FEISHU]
JUNK = JSON | st.just(CUT)


@looks(250, 20_000)
@given(st.sampled_from(EVENTS), PATH, JUNK)
def test_feishu(event: Any, path: list[int], junk: Any) -> None:
    try:
        sound(feishu.read(json.dumps(spoilt(event, path, junk)), "ou_bot"))
    except Malformed:
        return


DINGTALK = [
    (dingtalk.ROBOT, "CALLBACK", frames.message()),
    (dingtalk.ROBOT, "CALLBACK", frames.message(
        msgtype="richText", content={"richText": [{"text": "a"}, {"type": "b"}]})),
    (dingtalk.ROBOT, "CALLBACK", frames.message(msgtype="file", content={"fileName": "a", "downloadCode": "c"})),
    (dingtalk.ROBOT, "CALLBACK", frames.message(text={"content": "x", "isReplyMsg": True, "repliedMsg": {
        "msgId": "m", "msgType": "text", "content": {"text": "y"}}})),
    (dingtalk.CARD, "CALLBACK", {"outTrackId": "t", "userId": "u1", "spaceId": "c", "content": json.dumps(
        {"cardPrivateData": {"actionIds": ["a"], "params": {"id": "x", "form": "{}"}}})}),
    ("*", "EVENT", {"openConversationId": "c", "userId": ["u2"], "operator": "u1"}),
]  # fmt: skip


@looks(250, 20_000)
@given(st.sampled_from(DINGTALK), PATH, JUNK, st.sampled_from(["chat_add_member", "chat_quit", "user_leave_org", "x"]))
def test_dingtalk(given_: tuple[str, str, Any], path: list[int], junk: Any, event: str) -> None:
    topic, kind, data = given_
    raw = frames.frame(spoilt(data, path, junk), topic, kind, eventType=event, eventId="e1")
    try:
        sound(dingtalk.read(dingtalk.frame(raw), frames.Known(), ("进度助手",), frames.NOW))
    except Malformed:
        return


FROM = {"userid": "zhangsan"}
WECOM = [
    {"msgid": "m", "aibotid": "b", "chatid": "c", "chattype": "group", "from": FROM, "msgtype": "text",
     "text": {"content": "@进度助手 a"}, "quote": {"msgtype": "text", "text": {"content": "b"}}, "response_url": "u"},
    {"msgid": "m", "chattype": "single", "from": FROM, "msgtype": "mixed",
     "mixed": {"msg_item": [
         {"msgtype": "text", "text": {"content": "a"}}, {"msgtype": "image", "image": {"url": "u"}}]}},
    {"msgid": "m", "chatid": "c", "chattype": "group", "from": FROM, "msgtype": "event", "create_time": 1,
     "event": {"eventtype": "template_card_event", "template_card_event": {
         "event_key": "k", "task_id": "t", "card_type": "button_interaction",
         "selected_items": {"selected_item": [{"question_key": "q", "option_ids": {"option_id": ["1"]}}]}}}},
]  # fmt: skip


@looks(250, 20_000)
@given(st.sampled_from(WECOM), PATH, JUNK, st.sampled_from(["aibot_msg_callback", "aibot_event_callback"]))
def test_wecom(body: Any, path: list[int], junk: Any, cmd: str) -> None:
    raw = json.dumps({"cmd": cmd, "headers": {"req_id": "r"}, "body": spoilt(body, path, junk)})
    try:
        found = wecom.read(wecom.decode(raw), "bot1", ("进度助手",), frames.NOW)
    except Malformed:
        return
    sound((found.thing,) if found.thing else ())


@looks(150, 5_000)
@given(st.binary(max_size=80) | st.text(max_size=40).map(lambda words: json.dumps(words).encode()))
def test_bytes_that_are_no_frame(raw: bytes) -> None:
    for decode_it in (
        lambda: feishu.read(raw, "b"),
        lambda: feishu.kind(raw),
        lambda: dingtalk.read(dingtalk.frame(raw), frames.Known(), (), frames.NOW),
        lambda: wecom.read(wecom.decode(raw), "b", (), frames.NOW),
    ):
        try:
            decode_it()
        except Malformed:
            continue


# --- who knocks at our own doors -------------------------------------------------------------------------------------

CLOCK = VirtualClock(frames.NOW)
STAMP = str(int(frames.NOW.timestamp()))
HEADER = st.text(alphabet=string.printable + "é中\udcff²١", max_size=20) | st.just(STAMP)
WEBHOOK = Webhook(read_feishu({"app_id": "a", "app_secret": "s", "encrypt_key": "k", "transport": "webhook"}), CLOCK)
CALLBACK = Callback(read_dingtalk({"client_id": "a", "client_secret": "s", "transport": "webhook"}), CLOCK)
SEAL = Seal("token", "A" * 43)


@looks(150, 5_000)
@given(st.binary(max_size=60) | JSON.map(lambda one: json.dumps(one).encode()), HEADER, HEADER, HEADER, st.booleans())
def test_knocking(raw: bytes, stamp: str, nonce: str, given_: str, signed: bool) -> None:
    headers: Mapping[str, str] = {
        "X-Lark-Request-Timestamp": stamp, "X-Lark-Request-Nonce": nonce, "timestamp": stamp, "sign": given_,
        "X-Lark-Signature": signature(stamp, "n", "k", raw) if signed and stamp.isascii() else given_,
    }  # fmt: skip
    for door in (WEBHOOK, CALLBACK):
        with suppress(Forged):
            assert (signed and door is WEBHOOK) or not door.admitted(raw, headers)
    with pytest.raises(Unsealed):
        SEAL.opened(given_, stamp, nonce, raw.decode("utf-8", "surrogateescape"))


@looks(150, 5_000)
@given(JSON)
def test_a_frame_of_the_room(raw: Any) -> None:
    try:
        request = Request(raw)
    except Malformed:
        return
    for read_it in (request.text, request.number, request.flag, request.texts, request.words):
        for name in [*raw][:3]:
            try:
                read_it(name)
            except Malformed:
                continue


CARD = json.loads(json.dumps({"title": None, "tone": "", "blocks": []}))


@looks(150, 5_000)
@given(PATH, JUNK)
def test_a_stored_card_is_read_or_unknown(path: list[int], junk: Any) -> None:
    import orjson

    whole = orjson.loads(orjson.dumps(text_card(say("{n} 项", "{n}", n=1))))
    try:
        decode(spoilt(whole, path, junk))
    except (KeyError, TypeError, ValueError, AttributeError):
        return
