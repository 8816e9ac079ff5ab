"""First letters of Chinese words."""

from __future__ import annotations

import pytest

from planning.initials import initials, sounds_like


@pytest.mark.parametrize(
    ("words", "letters"),
    [
        ("海报设计", "hbsj"), ("渠道投放", "qdtf"), ("欧阳娜娜", "oynn"), ("仓库 B2", "ck b2"), ("安装昂贵", "azag"),
        ("做账", "zz"), ("座位", "zw"), ("额度", "ed"), ("𠮷野家🎉", "?yj?"), ("龘", "?"), ("", ""), ("：，", "??"),
    ],
)  # fmt: skip
def test_known_letters(words: str, letters: str) -> None:
    assert initials(words) == letters


def test_words_that_follow_one_another() -> None:
    assert sounds_like("qdtf", "双十一渠道投放计划")
    assert not sounds_like("qtf", "双十一渠道投放计划")
