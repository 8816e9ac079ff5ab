"""When a link was down, for platforms that do not send again what was said meanwhile."""

from __future__ import annotations

from datetime import datetime

from chat.ports import Clock


class Gaps:
    """Told every state of the link; ``take`` returns what was missed since it was asked last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._up = False
        self._since: datetime | None = None
        self._found: list[tuple[datetime, datetime]] = []

    def entered(self, state: str) -> None:
        """The link is in this state now. Nothing can be missed before it was up for the first time."""
        if state == "ready":
            if self._since is not None:
                self._found.append((self._since, self._clock.now()))
            self._up, self._since = True, None
        elif state == "stopped":
            self._up, self._since = False, None
        elif self._up:
            self._up, self._since = False, self._clock.now()

    def take(self) -> list[tuple[datetime, datetime]]:
        found, self._found = self._found, []
        return found
