"""What the stages of the platforms share: the whole bot behind a platform's own adapter, before that platform's fake.

A line of the bot is the text twin of what it said, if the fake shows all of its words to the people in that chat;
otherwise it is what the fake shows, and the transcript fails on it. Limits of speed are not kept: the clock stands
still; the contract suite is about them.
"""

from __future__ import annotations

import asyncio
import re
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.script import Step
from bot.stage import PRIVATE, Line, Stage
from chat.cards import Attachment, Card, Form, Picture
from chat.charts import Chart
from chat.messages import Incoming, Outgoing, Receipt, Sent
from chat.plain import plain
from chat.ports import Adapter, Intake, Observant
from storage.database import MEMORY, Database

UNLIKE = Form | Picture | Chart | Attachment
BOT_NAME = "进度助手"
_NO_WORD = re.compile(r"[\W_]+")
_PARTS = re.compile(r"[\n\[\]｜]")


class Ear:
    """An ``Intake`` that knows what is under way. ``told``: each thing and its receipt, by key."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self.told: dict[str, tuple[Incoming, Receipt]] = {}
        self.answered: set[str] = set()
        self.changed = asyncio.Event()

    async def submit(self, thing: Incoming) -> Receipt:
        receipt = await self._intake.submit(thing)
        release = receipt.release

        def let_go() -> None:
            if release is not None:
                release()
            self.answered.add(thing.key)
            self.changed.set()

        receipt.release = let_go
        self.told[thing.key] = (thing, receipt)
        return receipt

    async def until(self, condition: Callable[[], object]) -> None:
        """``condition`` is looked at whenever the platform has answered something."""
        async with asyncio.timeout(20):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


class Watched:
    """An adapter that is looked at from both sides."""

    def __init__(self, adapter: Adapter, stage: PlatformStage) -> None:
        self.name = adapter.name
        self.can = replace(adapter.can, per_chat=None, per_app=None)
        self._adapter = adapter
        self._stage = stage

    async def listen(self, intake: Intake) -> None:
        self._stage.ear = Ear(intake)
        await self._adapter.listen(self._stage.ear)

    async def deliver(self, parcel: Outgoing) -> Sent:
        before = len(self._stage.views(parcel))
        sent = await self._adapter.deliver(parcel)
        self._stage.delivered(parcel, self._stage.views(parcel)[0 if parcel.kind == "edit" else before :])
        return sent

    async def readers(self, message_id: str, chat: str, *, direct: bool) -> frozenset[str] | None:
        assert isinstance(self._adapter, Observant)
        return await self._adapter.readers(message_id, chat, direct=direct)

    async def close(self) -> None:
        await self._adapter.close()


class PlatformStage(Stage):
    """``platform``: as transcripts call it. ``ear`` is there once the bot listens.

    tells_members: the platform tells who is in a group when the bot comes into it.
    """

    platform: str
    tells_members = False
    ear: Ear

    def __init__(self, start: datetime) -> None:
        super().__init__(start, Database(MEMORY))
        self._people: list[str] = []
        self._groups: dict[str, str] = {}

    # --- what each platform provides -----------------------------------------------------------------------------

    @abstractmethod
    async def open(self) -> Adapter:
        """The fake serves; the adapter for it."""

    @abstractmethod
    async def ready(self) -> None:
        """Returns when the adapter hears the platform."""

    @abstractmethod
    async def shut(self) -> None:
        """The fake is gone."""

    @abstractmethod
    def add_group(self, name: str, people: list[str]) -> str:
        """A new group; the platform's id of it."""

    @abstractmethod
    def says(self, who: str, chat: str, step: Step) -> str:
        """Somebody writes, in a group (``chat``) or directly (""). The key; "" when the bot is not told."""

    @abstractmethod
    def presses(self, who: str, chat: str, step: Step) -> str:
        """The key of the press. Raises LookupError: no such button there."""

    @abstractmethod
    def views(self, parcel: Outgoing) -> list[str]:
        """What is shown in the chat that the parcel goes to, oldest first."""

    @abstractmethod
    def place(self, parcel: Outgoing) -> str:
        """The name of the group, or @ and the person's, that the parcel goes to."""

    def fills(self, who: str, chat: str, step: Step) -> str:
        """As ``presses``."""
        raise LookupError(f"{self.platform}: cards take no text")

    def recalls(self, who: str, chat: str, step: Step) -> str:
        raise LookupError(f"{self.platform} does not tell")

    def event(self, who: str, chat: str, step: Step) -> str:
        raise LookupError(f"{self.platform} does not tell")

    # --- the stage -----------------------------------------------------------------------------------------------

    async def start(self) -> None:
        self.app.add(Watched(await self.open(), self))
        await self.app.start()
        await self.ready()

    async def close(self) -> None:
        await self.app.close()
        await self.shut()

    def can(self, platform: str) -> None:
        if platform != self.platform:
            raise LookupError(f"this is {self.platform}, not {platform}")

    async def idle(self) -> None:
        await self.app.idle()

    async def open_group(self, name: str, people: list[str], *, met: bool) -> None:
        for one in people:
            self.person(one)
        self._groups[name] = self.add_group(name, people)
        self.group = name
        await self.idle()
        if met and not self.tells_members:
            for one in people:
                await self.act(Step(0, "said", one, "", f"@{BOT_NAME} /我的"))

    def is_group(self, name: str) -> bool:
        return name in self._groups

    async def act(self, step: Step) -> None:
        who, chat = self.person(step.who), self._chat(step)
        match step.kind:
            case "said":
                key = self.says(who, chat, step)
            case "recall":
                key = self.recalls(who, chat, step)
            case "press":
                key = self.presses(who, chat, step)
            case _:
                key = self.fills(who, chat, step)
        await self._done(key)

    async def happen(self, step: Step) -> None:
        await self._done(self.event(self.person(step.who), self._groups[self.group], step))

    async def _done(self, key: str) -> None:
        """The platform was answered, and what followed was said."""
        if key:
            await self.ear.until(lambda: key in self.ear.answered)
            thing, receipt = self.ear.told[key]
            if thing.kind == "click" and receipt.answer is not None:
                self.toasts.append(receipt.answer.toast.render(receipt.answer.locale))
        await self.idle()

    def person(self, name: str) -> str:
        """Somebody's whole name; a new one is entered."""
        for known in self._people:
            if name in (known, bare(known)):
                return known
        self._people.append(name)
        return name

    def _chat(self, step: Step) -> str:
        """A group's id; "" for the direct chat. Raises LookupError."""
        if step.where == PRIVATE:
            return ""
        name = step.where or self.group
        if name not in self._groups:
            raise LookupError(f"there is no group {name}")
        return self._groups[name]

    def group_name(self, chat: str) -> str:
        return next(name for name, known in self._groups.items() if known == chat)

    def delivered(self, parcel: Outgoing, shown: list[str]) -> None:
        if parcel.kind == "edit" and not self.app.can(parcel.platform).edit_seconds:
            return
        twin, seen = plain(parcel.card, parcel.locale), "\n".join(shown)
        if missing := _missing(parcel, twin, seen):
            twin = f"（看不到「{missing}」）{seen}"
        at = self.now()
        self.said.append(Line(self.place(parcel), twin, parcel.kind == "edit", at))


def _missing(parcel: Outgoing, twin: str, seen: str) -> str:
    """Words of the twin that nobody can see; forms, pictures, charts and files look different everywhere."""
    card = parcel.card
    if any(isinstance(one, UNLIKE) for one in card.blocks):
        rest = tuple(block for block in card.blocks if not isinstance(block, UNLIKE))
        twin = plain(Card(rest, card.title), parcel.locale)
    there = _NO_WORD.sub("", seen)
    return next(
        (part for part in _PARTS.split(twin) if _NO_WORD.sub("", part) not in there and not _cut(part, seen)), ""
    )


def _cut(label: str, seen: str) -> bool:
    """Is this a button whose end is cut off?"""
    return any(f"[{label[:size]}…]" in seen for size in range(8, len(label)))


def label_fits(shown: str, wanted: str) -> bool:
    """Is this the button with that label? Platforms cut long ones and may number them."""
    shown = re.sub(r"^\d+\. ", "", shown)
    return shown == wanted or (shown.endswith("…") and wanted.startswith(shown[:-1]))


def bare(name: str) -> str:
    """Without the department: what a transcript calls somebody."""
    return re.split("[（(]", name, maxsplit=1)[0]
