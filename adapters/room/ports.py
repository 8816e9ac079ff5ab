"""Who asks what of whom: what a page can do never needs to know who holds the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from adapters.room.clockwork import Clockwork
from adapters.room.frames import Frame, Greeting
from adapters.room.model import Room
from chat.messages import Answer, File


class House(Protocol):
    """What all pages share. ``files``: uploaded, by reference. ``hurry``: told of a thing that somebody waits for."""

    room: Room
    clockwork: Clockwork
    greeting: Greeting
    files: dict[str, File]
    hurry: Callable[[str], None]


class Page(Protocol):
    """What is asked of one page. ``presses``: {key: the page's own number of the request}."""

    person: str
    room: Room
    server: House
    presses: dict[str, Any]

    def become(self, person: str) -> None:
        """It shows what this person sees."""

    def answer_frame(self, ref: Any, message_id: str, answer: Answer | None) -> Frame:
        """The answer to a press."""
