"""Lines about reports that nobody should write: each gets an answer, none a stumble."""

from __future__ import annotations

import pytest


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
