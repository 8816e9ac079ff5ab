"""What strangers do a thousand times a second is a line a minute."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from chat.seldom import MINUTE, Seldom

log = logging.getLogger("jindu.test")


class Minute:
    """A loop that is told when a minute has passed."""

    def __init__(self) -> None:
        self._due: list[Callable[[], None]] = []

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        assert seconds == MINUTE
        self._due.append(work)

    def passes(self) -> None:
        due, self._due = self._due, []
        for work in due:
            work()

    @property
    def waiting(self) -> int:
        return len(self._due)


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int]]:
    """(why, count) of each line."""
    return [(record.__dict__["why"], record.__dict__["count"]) for record in caplog.records]


def test_the_first_at_once_then_one_a_minute_with_how_many(caplog: pytest.LogCaptureFixture) -> None:
    minute = Minute()
    turned_away = Seldom(log, "turned away", later=minute.later)
    for number in range(1000):
        turned_away(why=f"bad signature {number}")
    assert told(caplog) == [("bad signature 0", 1)]
    minute.passes()
    assert told(caplog)[1:] == [("bad signature 999", 999)]
    minute.passes()
    assert len(caplog.records) == 2
    assert minute.waiting == 0
    turned_away(why="old")
    assert told(caplog)[2:] == [("old", 1)]
