"""Colleagues for a visitor of the demo: as the clock gets to their hour they say what the script has for them.

Somebody in whose name the visitor has spoken or pressed a button no longer speaks by themselves.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from adapters.room.adapter import RoomAdapter
from bot.app import App, Travel
from bot.clock import VirtualClock
from bot.play import ZONE, moment
from bot.script import Step
from bot.stage import PRIVATE

MARK = "demo:"
"""Begins the ``once`` of what was said from the script, so that it is said once whatever happens."""


class Company(Travel):
    """A journey on which people speak. ``script``: clock lines and lines said, in order of time."""

    def __init__(self, app: App, clock: VirtualClock, script: list[Step]) -> None:
        super().__init__(app, clock)
        self._adapter: RoomAdapter | None = None
        self._begun = clock.now()
        self._acts: list[tuple[datetime, Step]] = []
        self._group = ""
        at = clock.now()
        for step in script:
            if step.kind == "time":
                at = moment(step, at.astimezone(ZONE), Path())
            elif at > clock.now():
                self._acts.append((at, step))

    def meet(self, room: RoomAdapter) -> None:
        """From now on they speak in this room."""
        self._adapter = room
        self._group = next(chat.name for chat in room.room.chats.values() if chat.kind == "group")

    async def _go(self, at: datetime) -> None:
        while self._acts and self._acts[0][0] <= at:
            hour, step = self._acts.pop(0)
            await super()._go(max(hour, self.now()))
            await self._act(step)
        await super()._go(at)

    async def _act(self, step: Step) -> None:
        adapter = self._adapter
        if adapter is None or self._taken_over(adapter, step.who):
            return
        room = adapter.room
        person = room.person(step.who)
        place = room.direct(person) if step.where == PRIVATE else room.group(step.where or self._group)
        room.say(person, place, step.text, once=f"{MARK}{step.line}")
        await adapter.idle()
        await self._app.idle()

    def _taken_over(self, adapter: RoomAdapter, who: str) -> bool:
        room = adapter.room
        person = room.person(who)
        return person in room.pressers or any(
            message.sender == person and message.at >= self._begun and not message.once.startswith(MARK)
            for chat in room.chats_of(person)
            for message in room.messages(chat.id)
        )
