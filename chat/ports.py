"""The seams: what an adapter offers the bot, and what the bot offers an adapter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from chat.findings import Finding
from chat.frozen import frozen
from chat.messages import Incoming, Outgoing, Receipt, Sent
from chat.text import Text

MAIL = "mail"
"""The platform of last resort: e-mail. Its ids are addresses."""


@frozen
class Capabilities:
    """What a platform can really do. The core asks these; it never asks which platform it is.

    edit_seconds: how long after sending a card may be changed; 0: never.
    mentions: it tells who was @ed; without, an @ is words.
    per_chat: (messages, seconds) allowed in one chat; None: no limit known. per_app: the same of all chats together.
    jitter: seconds over which it wants what is sent at full and half hours to be spread.
    idempotent: the platform drops a second send of the same key.
    exclusive: it talks over one connection at a time, so one of several processes holds it.
    live: cards are redrawn as things change, not only for the one who presses.
    charts: shapes (``chat.charts``) that it draws itself. dark: a picture may have a twin for dark pages.
    read_seconds: how long after sending it tells who has read a message; 0: never.
    """

    input_in_card: bool = True
    edit_seconds: float = float("inf")
    push_unasked: bool = True
    direct: bool = True
    recall_event: bool = True
    member_events: bool = True
    quotes: bool = True
    mentions: bool = True
    pictures: bool = True
    files: bool = True
    idempotent: bool = True
    per_chat: tuple[int, float] | None = None
    per_app: tuple[int, float] | None = None
    jitter: float = 0.0
    exclusive: bool = False
    live: bool = True
    charts: frozenset[str] = frozenset()
    dark: bool = False
    read_seconds: float = 0.0


Abilities = Callable[[str], Capabilities]
"""What a platform can do, by its name. The core asks this; adapters stay unknown to it."""


@frozen
class Health:
    """How the bot and its link to one platform are. ``skew``: seconds between their clocks; None: not measured yet.

    ``trouble``: what is wrong with the link and how to repair it. ``elsewhere``: (platform, trouble) of the others.
    ``font``, ``emoji``: pictures can be drawn with Chinese, with emoji in them.
    ``backup_at``: the last copy of the books; None: never.
    ``findings``: what the platform itself said when it was asked last. ``asleep``: see ``Choosy``.
    ``standby``: another process holds the platform's only connection; this one waits to take it over.
    """

    connected: bool = True
    skew: float | None = None
    font: bool = True
    emoji: bool = True
    backup_at: datetime | None = None
    trouble: Text | None = None
    elsewhere: tuple[tuple[Text, Text], ...] = ()
    findings: tuple[Finding, ...] = ()
    asleep: frozenset[str] = frozenset()
    standby: bool = False


Condition = Callable[[str], Health]
"""How the bot is on a platform, by the platform's name."""


class Intake(Protocol):
    async def submit(self, thing: Incoming) -> Receipt:
        """Commit ``thing`` and what follows from it. Returned = committed.

        Raises IntakeUnavailable when it could not be stored.
        """


class Adapter(Protocol):
    """One platform. ``name`` is the prefix of its keys and ``Incoming.platform``."""

    name: str
    can: Capabilities

    async def listen(self, intake: Intake) -> None:
        """Read frames, submit each, acknowledge after commit; until cancelled."""

    async def deliver(self, parcel: Outgoing) -> Sent:
        """Send one parcel. Raises a DeliveryError that names the remedy."""

    async def close(self) -> None:
        """Let go of every connection, within a second."""


@runtime_checkable
class Linked(Protocol):
    """What an adapter with a link to a platform can tell about it."""

    @property
    def state(self) -> str:
        """connecting, ready, reconnecting, auth_failed, too_many_connections, kicked, stopped."""

    @property
    def trouble(self) -> Text | None:
        """What is wrong and where an admin repairs it; None: nothing that only an admin can."""


@runtime_checkable
class Choosy(Protocol):
    """An adapter whose platform does not let the bot write wherever it is."""

    @property
    def asleep(self) -> frozenset[str]:
        """Groups, by the platform's ids, that cannot be written to until somebody speaks to the bot there."""


@runtime_checkable
class Forgetful(Protocol):
    """An adapter whose platform does not send again what was said while the link was down."""

    def take_gaps(self) -> Sequence[tuple[datetime, datetime]]:
        """(from, until) of each time that the link was down, since this was asked last."""


@runtime_checkable
class Observant(Protocol):
    """An adapter whose platform tells who has read what the bot said; see ``Capabilities.read_seconds``."""

    async def readers(self, message_id: str, chat: str, *, direct: bool) -> frozenset[str] | None:
        """Everybody who has read it, by id. None: it cannot be said. Raises a DeliveryError.

        chat: a person's id if ``direct``.
        """


@runtime_checkable
class Metered(Protocol):
    """An adapter that counts what it calls; some platforms allow so many calls a month."""

    @property
    def allowances(self) -> Mapping[str, tuple[tuple[str, ...], int]]:
        """{what is allowed: (kinds of calls that count for it, how many a month)}. Empty: nobody counts."""

    @property
    def exhausted(self) -> bool | None:
        """The platform said that the month is used up, and has taken nothing since; None: not tried since the start."""

    def take_spent(self) -> dict[str, int]:
        """{kind: calls} since this was asked last."""


@runtime_checkable
class Examined(Protocol):
    """What an adapter can find out about how its platform is set up."""

    @property
    def skew(self) -> float | None:
        """Seconds by which our clock is ahead of the platform's; None: nothing dated has come yet."""

    async def examine(self) -> tuple[Finding, ...]:
        """Ask the platform: credentials, each permission by name, what is subscribed. Nobody sees anything of it.

        A few calls, none of them a message. What cannot be found out is left out; raises no DeliveryError.
        """


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware, UTC."""

    async def sleep_until(self, at: datetime) -> None:
        """Return when it is ``at`` or later."""


class TimeMachine(Clock, Protocol):
    """A clock that a person may move: offered by ``demo`` and ``play``, never by a bot at work."""

    async def forward(self, seconds: float) -> None:
        """Let that much time pass; everything due on the way happens, in order, at its own minute."""

    async def forward_to_next(self) -> datetime | None:
        """Go to the next thing the clock will do. None: nothing is scheduled."""


@frozen
class Hint:
    """What completion shows for one command. ``words``: Chinese first, then English."""

    words: tuple[str, ...]
    usage: Text
    example: Text
