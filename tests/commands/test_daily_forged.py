"""Buttons nobody drew and forms nobody showed: refused in words, nothing changes."""

from __future__ import annotations

import pytest

VERBS = [
    "daily.form", "daily.away", "daily.prefill", "daily.same", "daily.send", "daily.skip", "daily.all", "daily.export",
    "daily.export.span", "daily.to", "daily.drop",
]  # fmt: skip
ARGS = [(), ("",), ("0",), ("-1",), ("x", "y"), ("999999", "2026-13-45"), ("1", "2026-09-14", "x"), ("9" * 30,)]


@pytest.mark.parametrize("verb", VERBS)
async def test_forged_presses(office, verb: str) -> None:  # type: ignore[no-untyped-def]
    await office.hears("张三> @进度助手 /帮助")
    room = office.stage.room
    chat = room.group("双十一大促")
    card = next(message for message in reversed(room.messages(chat)) if message.kind == "card")
    for args in ARGS:
        key = room.press(room.person("李四"), card.id, (verb, args))
        await office.stage.idle()
        answer = room.answer(key)
        assert answer is not None
        assert "没办成" not in answer.toast.plain(), (verb, args)
    assert await office.count("日报") == 0


@pytest.mark.parametrize(
    "words",
    [
        "/日报 " + "很长" * 5000,
        "今日：" + "\u202e\u200b" * 50 + "x 明日：y 阻塞：无",
        "/日报 补 " + "9" * 400,
        "/日报 查 " + "9-14~" * 200,
        "/日报 导出 " + "\n" * 50,
        "/日报 改 " + "阻塞 " * 500,
        "/阻塞 " + "😀" * 3000,
        "B99999999999 x",
        "B0 解决",
        "/日报 设置 " + "17:30 " * 500,
        "1、" * 2000,
        "/daily set 99:99 to 1:1",
    ],
    ids=lambda words: words[:12],
)
async def test_odd_lines_get_an_answer(office, words: str) -> None:  # type: ignore[no-untyped-def]
    said = await office.hears("张三> @进度助手 " + words.replace("\n", " "))
    assert said
    assert "没办成" not in said[0]
