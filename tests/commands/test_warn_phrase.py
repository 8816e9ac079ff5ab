"""How long before a due somebody hears of it, in words."""

from __future__ import annotations

import pytest

from commands.warn import phrase
from planning.warning import TASKS, Ahead


@pytest.mark.parametrize(
    ("aheads", "zh", "en"),
    [
        (TASKS, " 1 个工作日、当天", "1 working day ahead, on the day"),
        ((Ahead(5), Ahead(3), Ahead(1)), " 5、3、1 个工作日", "5, 3, 1 working days ahead"),
        ((Ahead(60, working=False), Ahead(30, working=False)), " 60、30 天", "60, 30 days ahead"),
        ((Ahead(1, working=False),), " 1 天", "1 day ahead"),
        ((Ahead(0),), " 当天", "on the day"),
    ],
)
def test_in_both_languages(aheads: tuple[Ahead, ...], zh: str, en: str) -> None:
    text = phrase(aheads)
    assert (text.plain("zh"), text.plain("en")) == (zh, en)
