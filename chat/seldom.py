"""A line of the log that strangers could make come without end: the first at once, then one a minute with a count."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

MINUTE = 60.0
Later = Callable[[float, Callable[[], None]], object]


def _on_the_loop(seconds: float, work: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_later(seconds, work)


class Seldom:
    """Call it as often as it happens, on the loop. ``later``: does something after so many seconds."""

    def __init__(
        self, log: logging.Logger, words: str, level: int = logging.WARNING, later: Later = _on_the_loop
    ) -> None:
        self._log = log
        self._words = words
        self._level = level
        self._later = later
        self._resting = False
        self._untold = 0
        self._extra: dict[str, Any] = {}

    def __call__(self, **extra: Any) -> None:
        """extra: what the line tells of the last one; ``count`` of them happened since the line before."""
        self._untold += 1
        self._extra = extra
        if not self._resting:
            self._tell()

    def _tell(self) -> None:
        self._resting = self._untold > 0
        if self._resting:
            self._log.log(self._level, self._words, extra={**self._extra, "count": self._untold})
            self._untold = 0
            self._later(MINUTE, self._tell)
