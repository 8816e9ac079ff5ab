"""How the bot is: measured beside its work, told to whoever asks ``/体检``."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from bot.platforms import TITLES
from chat.messages import Incoming
from chat.ports import Health, Linked
from chat.text import Text, say

SAMPLES = 20


class Vitals:
    """``connected``: platforms that are listened to. ``links``: those that tell how their link is.

    ``absent``: why platforms that are configured could not be opened. ``font``, ``backup_at``: as last measured.
    """

    def __init__(self) -> None:
        self.connected: set[str] = set()
        self.links: dict[str, Linked] = {}
        self.absent: dict[str, Text] = {}
        self.font: bool | None = None
        self.backup_at: datetime | None = None
        self._skews: dict[str, deque[float]] = {}

    def heard(self, thing: Incoming, now: datetime) -> None:
        """A platform stamped this thing with its own clock; the way here only adds to the difference."""
        self._skews.setdefault(thing.platform, deque(maxlen=SAMPLES)).append((now - thing.at).total_seconds())

    def of(self, platform: str) -> Health:
        skews = self._skews.get(platform)
        return Health(
            connected=platform in self.connected and self._ready(platform),
            skew=min(skews, key=abs) if skews else None,
            font=self.font is not False,
            backup_at=self.backup_at,
            trouble=self.trouble(platform),
            elsewhere=tuple(
                (TITLES.get(name, say("{name}", "{name}", name=name)), trouble)
                for name in sorted({*self.links, *self.absent} - {platform})
                if (trouble := self.trouble(name)) is not None
            ),
        )

    def _ready(self, platform: str) -> bool:
        return platform not in self.links or self.links[platform].state == "ready"

    def trouble(self, platform: str) -> Text | None:
        """What an admin has to do about the link to a platform; None: nothing, or not yet."""
        link = self.links.get(platform)
        return link.trouble if link else self.absent.get(platform)
