"""Plans that come again every day."""

from __future__ import annotations

import pytest

from planning.unmet import MOST, pieces, unmet


@pytest.mark.parametrize(
    ("plans", "dones", "found"),
    [
        (("写推文", "写推文", "写推文"), ("开会", "开会", "开会"), ["写推文"]),
        (("写推文；画海报", "1. 写推文 2. 排版", "写推文、走查"), ("画海报", "", "排版"), ["写推文"]),
        (("写推文", "写推文", "写推文"), ("开会", "写推文初稿", "开会"), []),
        (("写推文", "画海报", "写推文"), ("", "", ""), []),
        (("写推文", "写推文"), ("", ""), []),
        (("", "", ""), ("", "", ""), []),
        (("。", "1.", "👍"), ("", "", ""), []),
        (("Write the tweet", "write the tweet", "Write the tweet"), ("meeting", "", ""), ["Write the tweet"]),
        (("写推文", "写推文", "写推文\n{{7*7}}"), ("", "", ""), ["写推文"]),
    ],
)
def test_unmet(plans: tuple[str, ...], dones: tuple[str, ...], found: list[str]) -> None:
    assert unmet(plans, dones) == found


def test_a_wall_of_words_is_compared_in_part() -> None:
    wall = "；".join(f"第{n}件事要做完{n}" for n in range(5000))
    assert len(pieces(wall)) == MOST
    assert unmet((wall, wall, wall), (wall, wall, wall)) == []
