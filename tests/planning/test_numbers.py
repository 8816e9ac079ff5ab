"""Numbers as people write them."""

from __future__ import annotations

import pytest

from commands.line import fold
from planning.numbers import change, jumps, read_number, spark


@pytest.mark.parametrize(
    ("words", "name", "value", "kept"),
    [
        ("UV 12.4万", "UV", 124000, "12.4万"), ("UV：12.4 万", "UV", 124000, "12.4 万"),
        ("转化率 3.2%", "转化率", 3.2, "3.2%"), ("GMV 1.2亿", "GMV", 120000000, "1.2亿"),
        ("订单数=1,234", "订单数", 1234, "1,234"), ("orders 3k", "orders", 3000, "3k"),
        ("UV12万", "UV", 120000, "12万"),
        ("净利 -5万元", "净利", -50000, "-5万元"), ("预算 ¥3000", "预算", 3000, "¥3000"),
        ("ＵＶ　１２万", "ＵＶ", 120000, "１２万"),
        ("7日留存 40%", "7日留存", 40, "40%"), ("时长 3m", "时长", 3, "3m"),
    ],
)  # fmt: skip
def test_read(words: str, name: str, value: float, kept: str) -> None:
    found = read_number(words, fold(words))
    assert found is not None
    assert (found.name, found.value, found.words) == (name, value, kept)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "UV",
        "12.4万",
        "UV 很多",
        "UV 12.4万 还有别的话",
        "UV 1.2.3",
        "x" * 30 + " 5",
        "13800138000 5",
        "UV " + "9" * 30,
    ],
)
def test_no_number(words: str) -> None:
    assert read_number(words, fold(words)) is None


def test_changes() -> None:
    assert change(100, 150) == 50
    assert change(100, 49.4) == -51
    assert change(-100, -50) == 50
    assert change(0, 5) is None
    assert not jumps(100, 150)
    assert jumps(100, 151)
    assert jumps(100, 49)
    assert jumps(0, 5)
    assert not jumps(0, 0)


def test_spark() -> None:
    assert spark([1, 2, 3, 8]) == "▁▂▃█"
    assert spark([5, 5]) == "▄▄"
    assert spark([5]) == ""
