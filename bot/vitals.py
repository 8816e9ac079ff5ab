"""How the bot is: measured beside its work, told to whoever asks ``/体检``."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from bot.platforms import TITLES
from chat.findings import Finding
from chat.findings import look as notice
from chat.messages import Incoming
from chat.ports import Choosy, Examined, Health, Linked
from chat.text import Text, say

SAMPLES = 20
STRANGE = 2
"""Presses on cards that are not ours, before it is said that somebody else sends in our name."""
SECOND = notice("second consumer", say(
    "有人按了不是我发的卡片：多半有别的程序也在用这个应用，消息会随机分给它。停掉它，测试请另建应用（刚恢复过备份就不用管）",
    "Somebody pressed a card that I did not send: another program seems to use this app, and takes its messages at "
    "random. Stop it, and use another app for trials (nothing to mind if a backup was just restored)",
))  # fmt: skip


class Vitals:
    """``connected``: platforms that are listened to. ``standby``: those that another process listens to, and this one
    will when that one is gone. ``links``: those that tell how their link is.

    ``absent``: why platforms that are configured could not be opened. ``font``, ``emoji``, ``backup_at``: as last
    measured. ``examined``: what each platform said when it was asked last. ``asked``: platforms somebody wants to know
    about. ``pressed``: (platform, message) of presses that nobody has looked at yet.
    """

    def __init__(self, quota: Callable[[str], tuple[Finding, ...]] = lambda platform: ()) -> None:
        """quota: what is to be said of a platform's monthly allowance."""
        self._quota = quota
        self.connected: set[str] = set()
        self.standby: set[str] = set()
        self.links: dict[str, Linked] = {}
        self.absent: dict[str, Text] = {}
        self.font: bool | None = None
        self.emoji: bool | None = None
        self.backup_at: datetime | None = None
        self.examined: dict[str, tuple[Finding, ...]] = {}
        self.asked: set[str] = set()
        self.pressed: set[tuple[str, str]] = set()
        self._strange: dict[str, set[str]] = {}
        self._skews: dict[str, deque[float]] = {}

    def heard(self, thing: Incoming, now: datetime) -> None:
        """A platform stamped this thing with its own clock; the way here only adds to the difference."""
        self._skews.setdefault(thing.platform, deque(maxlen=SAMPLES)).append((now - thing.at).total_seconds())
        if thing.kind == "click" and thing.message_id and thing.platform in self.links:
            self.pressed.add((thing.platform, thing.message_id))

    def stranger(self, platform: str, message: str) -> None:
        """A press on a card of the bot's that is not in our books: another program sends in its name."""
        self._strange.setdefault(platform, set()).add(message)

    def of(self, platform: str) -> Health:
        """As ``look``; whoever asks also wants the platform asked again, soon."""
        self.asked.add(platform)
        return self.look(platform)

    def look(self, platform: str) -> Health:
        link = self.links.get(platform)
        return Health(
            connected=platform in self.connected and self._ready(platform),
            skew=self._skew(platform),
            font=self.font is not False,
            emoji=self.emoji is not False,
            backup_at=self.backup_at,
            trouble=self.trouble(platform),
            findings=self.findings(platform),
            asleep=link.asleep if isinstance(link, Choosy) else frozenset(),
            standby=platform in self.standby,
            elsewhere=tuple(
                (TITLES.get(name, say("{name}", "{name}", name=name)), trouble)
                for name in sorted({*self.links, *self.absent} - {platform})
                if (trouble := self.trouble(name) or self._cut_off(name)) is not None
            ),
        )

    def findings(self, platform: str) -> tuple[Finding, ...]:
        """What is known of how a platform is set up."""
        strange = (SECOND,) if len(self._strange.get(platform, ())) >= STRANGE else ()
        return (*strange, *self.examined.get(platform, ()), *self._quota(platform))

    def _cut_off(self, platform: str) -> Text | None:
        """Why a link that nobody has to repair does not come about, once that is known."""
        if self._ready(platform):
            return None
        return next((one.text for one in self.examined.get(platform, ()) if one.mark == "✗"), None)

    def _skew(self, platform: str) -> float | None:
        """The least of what was measured: the way here, and waiting, only add to it."""
        link = self.links.get(platform)
        dated = link.skew if isinstance(link, Examined) else None
        skews = [*self._skews.get(platform, ()), *(() if dated is None else (dated,))]
        return min(skews, key=abs) if skews else None

    def _ready(self, platform: str) -> bool:
        return platform not in self.links or self.links[platform].state == "ready"

    def trouble(self, platform: str) -> Text | None:
        """What an admin has to do about the link to a platform; None: nothing, or not yet."""
        link = self.links.get(platform)
        return link.trouble if link else self.absent.get(platform)
