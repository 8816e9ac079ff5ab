"""The office of the tasks, asking for approvals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.room_stage import RoomStage
from chat.messages import Action, Answer, Incoming, Place, Receipt, Sender
from storage.books import Books
from storage.transaction import Tx
from storage.writer import SqliteWriter
from tests.tasks.conftest import GROUP, START
from tests.tasks.conftest import Office as Talk

ASK = "/审批 预算追加3万元 会签 @王五 @赵六 截止 明天12:00"


class Office(Talk):
    """Also hands presses straight to the intake, as an adapter would, and looks into the books."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        if folder is not None:
            self.stage = RoomStage(START, folder)

    def thing(self, key: str, who: str, verb: str, *args: str, version: int = 1) -> Incoming:
        room = self.stage.room
        person = next(p for p in room.people.values() if p.name == who)
        place = Place(room.group(GROUP), "group", GROUP)
        at = self.stage.clock.now()
        return Incoming(
            key, "click", "room", at, place, Sender(person.id, person.name), addressed=True, message_id="m1",
            action=Action(verb, args, version),
        )  # fmt: skip

    def unhurried(self) -> None:
        """However slow the machine is, what waits together is committed together."""
        if isinstance(writer := self.stage.app.writer, SqliteWriter):
            writer._seconds = 3600.0

    async def submit(self, thing: Incoming) -> Receipt:
        return await self.stage.app.intake.submit(thing)

    async def ledger(self) -> list[tuple[object, ...]]:
        """Every approval, seat, vote and step, to see that nothing changed."""

        def read(tx: Tx) -> list[tuple[object, ...]]:
            driver = tx._connection.command
            return [
                *driver("SELECT * FROM approval").fetchall(),
                *driver("SELECT * FROM approval_seat").fetchall(),
                *driver("SELECT * FROM approval_vote").fetchall(),
                *driver("SELECT * FROM approval_event").fetchall(),
                *driver("SELECT * FROM counter WHERE letter = 'P'").fetchall(),
            ]

        return await self.stage.app.writer.submit(read)

    async def number(self, sql: str) -> int:
        """What a question about the books is answered."""
        return await self.stage.app.writer.submit(lambda tx: int(tx._connection.command(sql).fetchall()[0][0]))

    async def send_away(self, who: str, *days: str) -> None:
        """On leave on these days."""
        at = self.stage.clock.now()

        def write(tx: Tx) -> None:
            books = Books(tx, f"test:{who}", at)
            person = next(p for p in books.people.in_chat(1) if p.name == who)
            for day in days:
                books.leaves.put(1, person.id, {date.fromisoformat(day): "day"})

        await self.stage.app.writer.submit(write)


def toast(answer: Answer | None) -> str:
    return answer.toast.plain() if answer else ""


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    made = Office()
    await made.open()
    yield made
    await made.stage.close()
