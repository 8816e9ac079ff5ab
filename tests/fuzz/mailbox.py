"""A platform that drops what it has under the same key, and notes when that should not have been sent again."""

from __future__ import annotations

import asyncio

from chat.messages import Outgoing, Sent
from chat.ports import Capabilities, Intake


class Mailbox:
    """What people see. ``repeated``: keys that came again although nobody was killed while they were on their way.

    ``gate``: cleared, nothing arrives.
    """

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.repeated: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._known: dict[str, Sent] = {}
        self._excused: set[str] = set()

    def killed(self) -> None:
        """Whatever was sent so far may not have been written down."""
        self._excused |= self._known.keys()

    def put(self, parcel: Outgoing) -> Sent:
        if parcel.key not in self._known:
            self.sent.append(parcel)
            self._known[parcel.key] = Sent(f"m{len(self.sent)}")
        elif parcel.key in self._excused:
            self._excused.discard(parcel.key)
        else:
            self.repeated.append(parcel.key)
        return self._known[parcel.key]


class Line:
    """The platform as one life of the bot has it. ``cut``: that life is over, whatever it still does."""

    name = "post"
    can = Capabilities()

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self.cut = False

    async def listen(self, intake: Intake) -> None:
        await asyncio.Event().wait()

    async def deliver(self, parcel: Outgoing) -> Sent:
        await self._mailbox.gate.wait()
        if self.cut:
            await asyncio.Event().wait()
        return self._mailbox.put(parcel)

    async def close(self) -> None:
        pass
