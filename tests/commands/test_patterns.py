"""What a message is searched for is found, or not found, in one go: no message is slow because of how it is written.

On PostgreSQL a thing that takes five seconds loses its connection, so a second for nothing is much.
"""

from __future__ import annotations

from time import process_time

import pytest

from bot.intake import LONGEST
from commands.grammar import known
from commands.line import fold

PIECES = (
    " ", "\n", "\t", "x\n", "1", "1.", "1-", "t", "t1", "t1 ", "t1、", "m1 ", "b1 ", "t1 80% ", "t1 完成 ", "(",
    "{{7*7}}", "@", "#a", "：", "，。", "——", "不", "先", "等", "要", "把", "给", "了", "月", "周一", "下周", "今天 ",
    "明天下午3点 ", "因为", "任务 ", "完成 ", "风险", "张三，", "\ufffc", "\ufffc ", "a b ",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_no_pattern_looks_again_and_again(piece: str) -> None:
    """The time is the processor's, and fifty times what it takes."""
    folded = fold((piece * LONGEST)[:LONGEST])
    for heard in known().heard:
        if heard.pattern is not None:
            begun = process_time()
            heard.pattern.search(folded)
            assert process_time() - begun < 0.25, heard.pattern.pattern
