"""Buttons nobody drew and forms nobody showed: every one is answered in words, and nothing changes."""

from __future__ import annotations

import pytest

from commands import grammar
from tests.commands.conftest import Office

VERBS = sorted(grammar.load().buttons)
ARGS = (
    (),
    ("",),
    ("0",),
    ("-1",),
    ("9" * 30,),
    ("１",),
    ("x", "y"),
    ("1", "2026-13-45"),
    ("999999", "9999-12-31", "x"),
    ("0", "0001-01-01", "1e9"),
    ("a", "b", "c", "d", "e", "f"),
)


@pytest.mark.parametrize("verb", VERBS)
async def test_a_forged_press_is_answered(office: Office, verb: str) -> None:
    await office.hears("张三> @进度助手 /任务 选品 @李四")
    room = office.stage.room
    chat = room.group("双十一大促")
    card = next(message for message in reversed(room.messages(chat)) if message.kind == "card")
    for who in ("张三", "陈晨"):
        for args in ARGS:
            key = room.press(room.person(who), card.id, (verb, args))
            await office.stage.idle()
            answer = room.answer(key)
            assert answer is not None, (who, args)
            assert answer.toast.plain(), (who, args)
            assert "没办成" not in answer.toast.plain(), (who, args)
    assert await office.count("日报") == 0
