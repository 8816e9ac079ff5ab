"""Presses that name a week nobody lived in, or a page nobody drew: answered in words."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Office


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("week.rows", ("1", "0001-01-01", "1")), ("week.rows", ("1", "9999-12-31", "1")),
        ("week.export", ("1", "2026-09-14", "9" * 18)), ("week.review", ("1", "2026-09-14", "0")),
        ("own_week.send", ("1", "0001-01-01", "9999-12-31")), ("own_week.send", ("1", "2026-09-18", "2026-09-01")),
        ("own_week.send", ("1,2", "2026-09-18", "2026-09-18")), ("own_week.send", ("", "2026-09-18", "2026-09-18")),
        ("own_week.send", ("1", "2026-09-14", "2026-09-18", "0" * 12, "both")),
        ("own_week.send", ("1", "2026-09-14", "2026-09-18", "", "perhaps")),
        ("own_week.skip", ("x", "2026-09-14", "2026-09-18")),
        ("own_week.sources", ("9" * 30, "2026-09-14", "2026-09-18")),
        ("own_week.month", ("1,1,1,1,1,1", "2026-09-18")), ("own_week.month", ("1", "9999-12-31")),
        ("own_week.sources", ("1", "2026-09-14", "2026-09-18")),
        ("moscow.page", ("1", "9" * 18)), ("moscow.set", ("1", "perhaps", "0")),
        ("moscow.set", ("1", "must", "9" * 18)),
        ("moscow.done", ("77",)), ("forecast.reserve", ("1", "0001-01-01", "1")), ("number.sure", ("1", "", "")),
        ("number.sure", ("1", "UV", "很多")), ("task.blocked", ("1", "")), ("task.unblock", ("1",)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["张三", "陈晨"])
async def test_answered(office: Office, verb: str, args: tuple[str, ...], who: str) -> None:
    await office.hears("张三> @进度助手 /任务 选品 @张三 9-21")
    room = office.stage.room
    chat = room.group("双十一大促")
    card = next(message for message in reversed(room.messages(chat)) if message.kind == "card")
    key = room.press(room.person(who), card.id, (verb, args))
    await office.stage.idle()
    answer = room.answer(key)
    assert answer is not None
    assert answer.toast.plain()
    assert "没办成" not in answer.toast.plain()
