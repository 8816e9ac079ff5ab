"""What a check-up finds, wherever it looks: said in chat by ``/体检``, on the terminal by ``jindu doctor``."""

from __future__ import annotations

from typing import Literal

from chat.frozen import frozen
from chat.text import Text

Mark = Literal["✓", "!", "✗"]


@frozen
class Finding:
    """✓ well · ! works, but look · ✗ will not work; the last two say how to mend it.

    topic: what was looked at, in a word for programs: "connection", "scope", "clock", "quota" …
    """

    topic: str
    mark: Mark
    text: Text


def well(topic: str, text: Text) -> Finding:
    return Finding(topic, "✓", text)


def look(topic: str, text: Text) -> Finding:
    return Finding(topic, "!", text)


def bad(topic: str, text: Text) -> Finding:
    return Finding(topic, "✗", text)
