"""Every command with every kind of nonsense: always an answer, never a stumble."""

from __future__ import annotations

import pytest

from commands import grammar
from tests.commands.conftest import Office

NONSENSE = (
    "",
    "？？？",
    "😀😀😀",
    "@李四",
    "@不存在的人",
    "@所有人",
    "T1",
    "T99999999999999999999",
    "{{7*7}} ${jndi:x} <at id=all></at>",
    "'; DROP TABLE task; --",
    "\u202e反过来\u202c\u200b\u2005",
    "9月31日 25:70 99:99",
    "9999-12-31",
    "0001-01-01~9999-12-31",
    "一二三四五" * 2000,
    "a\nb\n\n\nc：：：｜",
    "今天 明天 后天 @李四 @王五 !高 #标签 T1 100% 因为：没有",
    "null undefined NaN -1 1e999",
    "{" * 300,
)
WORDS = sorted({entry.words[0] for entry in grammar.load().commands.values()})


@pytest.mark.parametrize("word", WORDS)
async def test_nonsense_is_answered(office: Office, word: str) -> None:
    await office.hears("张三> @进度助手 /任务 选品 @李四")
    for nonsense in NONSENSE:
        for who in ("张三", "陈晨"):
            said = await office.hears(f"{who}> @进度助手 /{word} " + nonsense.replace("\n", "\n    "))
            assert said, f"no answer to /{word} {nonsense[:40]!r} of {who}"
            assert not any("没办成" in line for line in said), f"/{word} {nonsense[:40]!r} of {who}: {said}"
