"""Fifty presses on one approval at once: how long each waits for its answer, which is given after commit."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from bench.due import said
from bench.wire import WireAdapter
from bot.app import App, out_of_the_way
from bot.clock import SystemClock
from chat.messages import TOKEN, Action, Incoming, Place, Sender
from storage.database import Database

PRESSES, ROUNDS = 50, 40
PEOPLE = (2, 20)
"""Approvers: two who press again and again, and twenty."""
GROUP = Place("群0", "group", "群0")
TEAM = [Sender(f"审批人{number}", f"审批人{number}") for number in range(max(PEOPLE))]


async def ask(app: App, number: int, people: int) -> None:
    """Everybody has to agree."""
    text = f"/审批 预算追加第{number}笔 会签 {TOKEN * people} 截止 明天18:00"
    sender = Sender("人群0", "人群0")
    await app.intake.submit(
        Incoming(
            f"ask{number}", "message", "wire", app.clock.now(), GROUP, sender, text=text,
            mentions=tuple(TEAM[:people]), addressed=True, message_id=f"ask{number}",
        )
    )  # fmt: skip


async def press(app: App, approval: int, number: int, people: int) -> float:
    """Milliseconds until it may be answered."""
    begun = perf_counter()
    thing = Incoming(
        f"press{approval}x{number}", "click", "wire", app.clock.now(), GROUP, TEAM[number % people], addressed=True,
        message_id=f"card{approval}", action=Action("approval.yes", (str(approval), "1"), 1),
    )  # fmt: skip
    receipt = await app.intake.submit(thing)
    took = (perf_counter() - begun) * 1000
    assert receipt.answer is not None
    receipt.acked()
    return took


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = App(Database(Path(folder) / "jindu.db"), SystemClock())
        app.add(WireAdapter(app.clock))
        await app.start()
        await app.intake.submit(said(app.clock, "hello", "群0", "/帮助"))
        out_of_the_way()
        approval = 0
        for people in PEOPLE:
            together: list[float] = []
            for _ in range(ROUNDS):
                approval += 1
                await ask(app, approval, people)
                await app.idle()
                presses = (press(app, approval, number, people) for number in range(PRESSES))
                together += await asyncio.gather(*presses)
                await app.idle()
            p99 = quantiles(together, n=100)[98]
            name = f"{PRESSES} presses, {people} approvers"
            print(f"{name:<26} p50 {median(together):.2f} ms  p99 {p99:.2f} ms  of {len(together)}")
        await app.close()


if __name__ == "__main__":
    asyncio.run(main())
