"""Waiting in tests: a condition is looked at whenever the event loop has done something, and never in between.

What tests wait for becomes true because some callback ran: a socket was read, a process ended, a timer rang. At the end
of each of its turns a loop asks its selector what to wait for next: just then ``until`` looks, and ``Patience`` counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Condition = Callable[[], object]
PATIENCE = 45.0
"""Seconds until a wait is given up: long, as it only ends what hangs, and a loaded machine hangs for none of them."""


class Attentive:
    """A loop's selector, and who waits for what."""

    def __init__(self, selector: Any) -> None:
        self._selector = selector
        self._watched: dict[asyncio.Future[None], Condition] = {}
        self.waited_out = 0.0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._selector, name)

    def select(self, timeout: float | None = None) -> Any:
        met = [future for future, condition in list(self._watched.items()) if _settled(future, condition)]
        events = self._selector.select(0 if met else timeout)
        if not (events or met):
            self.waited_out += timeout or 0.0
        return events

    async def until(self, condition: Condition) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watched[future] = condition
        try:
            await future
        finally:
            del self._watched[future]


def _settled(future: asyncio.Future[None], condition: Condition) -> bool:
    if future.done():
        return False
    try:
        if condition():
            future.set_result(None)
    except Exception as error:  # the test's own mistake: it is told where it waits
        future.set_exception(error)
    return future.done()


def _selector() -> Attentive:
    """Of the running loop; from the first use on it is attentive."""
    loop: Any = asyncio.get_running_loop()
    if not isinstance(loop._selector, Attentive):
        loop._selector = Attentive(loop._selector)
    found: Attentive = loop._selector
    return found


async def until(condition: Condition, seconds: float = PATIENCE) -> None:
    """Return when ``condition`` holds."""
    if not condition():
        async with asyncio.timeout(seconds):
            await _selector().until(condition)


class Patience:
    """``seconds``: for how long the running loop has had nothing to do but to wait for a timer, since this was made.

    A machine busy with something else makes everything take longer, but lets nobody wait for more timers: «it stops
    within a second» means that what it waits for comes, and that no time limit has to.
    """

    def __init__(self) -> None:
        self._selector = _selector()
        self._begun = self._selector.waited_out

    @property
    def seconds(self) -> float:
        return self._selector.waited_out - self._begun


async def going(step: Callable[[], None], condition: Condition, seconds: float = PATIENCE) -> None:
    """The same while a clock that would stand still goes: ``step`` moves it on, five hundred times a second."""

    async def go() -> None:
        while True:
            step()
            await asyncio.sleep(0.002)

    task = asyncio.get_running_loop().create_task(go())
    try:
        await until(condition, seconds)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
