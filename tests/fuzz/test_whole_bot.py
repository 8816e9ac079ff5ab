"""A whole bot against a small model: whatever is said, pressed, taken back, said twice, whenever it is killed.

The model knows the tasks, their owners, states and how far they are, and which messages were recalled. After each step
the books agree with it; no thing counts twice; what the bot had to say arrives once, and in each chat in the order in
which it was posted. A message that was changed on its platform is the same message: what it said first counts.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.app import App, Travel
from bot.clock import VirtualClock
from chat.messages import TOKEN, Action, Incoming, Place, Receipt, Sender
from storage.database import Database
from tests.fuzz.conftest import looks
from tests.fuzz.mailbox import Line, Mailbox

NINE = datetime(2026, 9, 18, 1, tzinfo=UTC)
GROUP = Place("g1", "group", "双十一大促")
BOT = Sender("bot", "进度助手")
LEAD, *TEAM = PEOPLE = [Sender("u1", "张三"), Sender("u2", "李四"), Sender("u3", "王五")]
HOSTILE = [
    "{{7*7}}",
    "<at id=all></at>",
    "@所有人",
    "\u202e倒过来",
    "👍👍",
    "' OR 1=1 --",
    "%s%n",
    "/ /",
    "T",
    "T0 80%",
    "，" * 200,
]


@dataclass
class Task:
    owner: Sender
    state: str = "todo"
    progress: int = 0


class Bot(RuleBasedStateMachine):
    """``tasks``: the model, T1 first. ``said``: everything that was handed in, to be handed in again. ``recalled``: of

    the messages in it those that are gone.
    """

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._loop = asyncio.new_event_loop()
        self.clock = VirtualClock(NINE)
        self.post = Mailbox()
        self.lives = 0
        self.recalled: set[str] = set()
        self.tasks: list[Task] = []
        self.said: list[Incoming] = []
        self._open()
        self._say(LEAD, "/成员 加", *TEAM)

    # --- what happens ------------------------------------------------------------------------------------------------

    @rule(owner=st.sampled_from(PEOPLE), who=st.sampled_from(PEOPLE))
    def makes(self, owner: Sender, who: Sender) -> None:
        title = chr(0x4E00 + 97 * len(self.tasks)) * 4
        self._say(who, f"/任务 {title}", owner)
        self.tasks.append(Task(owner))

    @precondition(lambda self: self.tasks)
    @rule(which=st.integers(0, 30), who=st.sampled_from(PEOPLE), percent=st.sampled_from([0, 30, 80, 101]))
    def goes_on(self, which: int, who: Sender, percent: int) -> None:
        number = which % len(self.tasks)
        task = self.tasks[number]
        self._say(who, f"T{number + 1} {percent}%")
        if who in (task.owner, LEAD) and task.state in ("todo", "doing") and percent <= 100:
            task.progress, task.state = percent, "doing"

    @precondition(lambda self: self.tasks)
    @rule(which=st.integers(0, 30), who=st.sampled_from(PEOPLE), pressed=st.booleans())
    def finishes(self, which: int, who: Sender, pressed: bool) -> None:
        number = which % len(self.tasks)
        task = self.tasks[number]
        if pressed:
            self._press(who, "task.done", str(number + 1))
        else:
            self._say(who, f"T{number + 1} 完成")
        if who in (task.owner, LEAD) and task.state in ("todo", "doing"):
            task.state, task.progress = "done", 100

    @precondition(lambda self: self.said)
    @rule(which=st.integers(0, 200))
    def comes_again(self, which: int) -> None:
        thing = self.said[which % len(self.said)]
        assert self._do(self.app.intake.submit(replace(thing, at=self.clock.now()))).duplicate
        self._do(self.app.idle())

    @precondition(lambda self: any(thing.kind == "message" for thing in self.said))
    @rule(which=st.integers(0, 200), words=st.sampled_from(["/任务 别的一件", "T1 完成", "", "/项目 归档"]))
    def comes_again_changed(self, which: int, words: str) -> None:
        """Edited on its platform, and brought once more."""
        messages = [thing for thing in self.said if thing.kind == "message"]
        thing = replace(messages[which % len(messages)], text=f"{TOKEN} {words}", mentions=(BOT,))
        assert self._do(self.app.intake.submit(replace(thing, at=self.clock.now()))).duplicate
        self._do(self.app.idle())

    @rule(who=st.sampled_from(TEAM), words=st.sampled_from(["写完了", "{{7*7}}", "@所有人"]))
    def reports_on_the_day(self, who: Sender, words: str) -> None:
        self._say(who, f"/日报 今日：{words}{len(self.said)} 明日：休息 阻塞：无")

    @precondition(lambda self: any(thing.kind == "message" for thing in self.said))
    @rule(which=st.integers(0, 200), told=st.booleans())
    def takes_back(self, which: int, told: bool) -> None:
        """A message is recalled. The platform tells who did it, or does not."""
        messages = [thing for thing in self.said if thing.kind == "message"]
        thing = messages[which % len(messages)]
        self.recalled.add(thing.message_id)
        event = Incoming(
            f"post:{len(self.said)}", "event", "post", self.clock.now(), GROUP, thing.sender if told else None,
            message_id=thing.message_id, event="recalled", data={"message_id": thing.message_id},
        )  # fmt: skip
        self._hand_in(event)

    @rule(
        who=st.sampled_from(PEOPLE), words=st.sampled_from(HOSTILE) | st.text(alphabet="?!…#·～。、 \n\t0", max_size=20)
    )
    def says_anything(self, who: Sender, words: str) -> None:
        self._say(who, words)

    @precondition(lambda self: self.tasks)
    @rule(who=st.sampled_from(PEOPLE), verb=st.sampled_from(["task.done", "x", "", "again", "task.due.set"]),
          args=st.lists(st.sampled_from(["99", "", "-1", "x", "2026-13-45"]), max_size=3))  # fmt: skip
    def presses_anything(self, who: Sender, verb: str, args: list[str]) -> None:
        self._press(who, verb, *args)

    @rule(hours=st.integers(-1, 30))
    def time_passes(self, hours: int) -> None:
        self._do(Travel(self.app, self.clock).to(self.clock.now() + timedelta(hours=hours)))

    @rule()
    def is_restarted(self) -> None:
        self._do(self.app.close())
        self._open()

    @rule()
    def cannot_send_until_restarted(self) -> None:
        """What was written then is not lost."""
        self.post.gate.clear()
        thing = self._message(LEAD, "/进度")
        self.said.append(thing)
        self._do(self.app.intake.submit(thing))
        self._do(self.app.close())
        self.post.gate.set()
        self._open()

    @rule(owner=st.sampled_from(PEOPLE), steps=st.integers(0, 60), sent=st.booleans())
    def is_killed(self, owner: Sender, steps: int, sent: bool) -> None:
        """Somewhere on the way of a command. sent: what it had to say may have left already."""
        if not sent:
            self.post.gate.clear()
        thing = self._message(owner, f"/任务 {chr(0x4E00 + 97 * len(self.tasks)) * 4}", owner)
        self.said.append(thing)
        self.tasks.append(Task(owner))
        acked = self._do(self._until(thing, steps))
        self._dies()
        receipt = self._do(self.app.intake.submit(replace(thing, at=self.clock.now())))
        assert receipt.duplicate or not acked
        self._do(self.app.idle())

    # --- what always holds -------------------------------------------------------------------------------------------

    @invariant()
    def the_books_agree(self) -> None:
        rows = self._rows("SELECT p.name, t.state, t.progress FROM task t JOIN person p ON p.id = t.owner_id "
                          "ORDER BY t.number")  # fmt: skip
        assert rows == [(task.owner.name, task.state, task.progress) for task in self.tasks]

    @invariant()
    def nothing_counts_twice(self) -> None:
        (known,) = self._rows("SELECT count(*) FROM inbox WHERE kind <> 'tick' AND key LIKE 'post:%'")
        assert known == (len(self.said),)
        assert not self._rows("SELECT 1 FROM inbox WHERE state = 'failed'")

    @invariant()
    def what_was_said_arrived_once_and_in_order(self) -> None:
        assert not self._rows("SELECT 1 FROM outbox WHERE state IN ('ready', 'sending')")
        assert not self.post.repeated, "only what was on its way when it was killed may be sent once more"
        posted = [parcel for parcel in self.post.sent if parcel.kind == "post"]
        here = [parcel.id for parcel in posted if parcel.chat == GROUP.id]
        assert here == sorted(here)

    @invariant()
    def what_was_recalled_is_no_report(self) -> None:
        there = {message for (message,) in self._rows("SELECT message_id FROM daily WHERE state = 'in'")}
        assert not there & self.recalled
        assert not self._rows("SELECT 1 FROM daily GROUP BY person_id, day HAVING count(*) > 1")

    def teardown(self) -> None:
        self._do(self.app.close())
        self._loop.close()
        self._folder.cleanup()

    # --- inside ------------------------------------------------------------------------------------------------------

    @property
    def _books(self) -> Path:
        return Path(self._folder.name) / str(self.lives) / "jindu.db"

    async def _until(self, thing: Incoming, steps: int) -> bool:
        """So far on its way; was it acknowledged?"""
        under_way = asyncio.ensure_future(self.app.intake.submit(thing))
        for _ in range(steps):
            await asyncio.sleep(0)
        if under_way.done():
            under_way.result().acked()
            await asyncio.sleep(0)
        return under_way.done()

    def _dies(self) -> None:
        """The next life begins with what is on the disk at this moment; nothing of this one reaches anybody."""
        before = self._books
        self.lives += 1
        self._books.parent.mkdir()
        for name in ("jindu.db", "jindu.db-wal"):
            shutil.copy(before.with_name(name), self._books.with_name(name))
        self.post.killed()
        self._line.cut = True
        self.post.gate.set()
        self._do(self.app.close())
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._do(_ended(left))
        self._open()
        self._do(self.app.idle())

    def _open(self) -> None:
        async def opened() -> App:
            app = App(Database(self._books), self.clock)
            self._line = Line(self.post)
            app.add(self._line)
            await app.start()
            await app.idle()
            return app

        self.app = self._do(opened())

    def _message(self, who: Sender, words: str, *others: Sender) -> Incoming:
        number = len(self.said)
        text = f"{TOKEN} {words} " + " ".join(TOKEN for _ in others)
        return Incoming(
            f"post:{number}", "message", "post", self.clock.now(), GROUP, who, text, (BOT, *others), BOT.id, True,
            f"in{number}",
        )  # fmt: skip

    def _say(self, who: Sender, words: str, *others: Sender) -> None:
        self._hand_in(self._message(who, words, *others))

    def _press(self, who: Sender, verb: str, *args: str) -> None:
        number = len(self.said)
        thing = Incoming(
            f"post:{number}", "click", "post", self.clock.now(), GROUP, who, addressed=True, bot_id=BOT.id,
            message_id="m1", action=Action(verb, args),
        )  # fmt: skip
        self._hand_in(thing)

    def _hand_in(self, thing: Incoming) -> None:
        self.said.append(thing)

        async def handed_in() -> Receipt:
            receipt = await self.app.intake.submit(thing)
            receipt.acked()
            await self.app.idle()
            return receipt

        receipt = self._do(handed_in())
        assert not receipt.duplicate
        assert thing.kind != "click" or receipt.answer is not None

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        reader = sqlite3.connect(self._books)
        try:
            return reader.execute(sql).fetchall()
        finally:
            reader.close()

    def _do(self, what):  # type: ignore[no-untyped-def]
        return self._loop.run_until_complete(what)


async def _ended(tasks: set[asyncio.Task[Any]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.mark.sqlite
@pytest.mark.timeout(3600)
def test_a_whole_bot_and_its_model() -> None:
    run_state_machine_as_test(Bot, settings=looks(8, 500))
