"""A room with its page in a thread of its own, a small bot that answers, and a clock that can be moved."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.room.adapter import RoomAdapter
from adapters.room.adapter import open as open_room
from chat.cards import Attachment, Button, Buttons, Card, Field, Form, Paragraph, Picture, Table, text_card
from chat.messages import TOKEN, Answer, Incoming, Outgoing, Receipt
from chat.ports import Hint
from chat.text import Mention, Text, say, verbatim

GROUP = "双十一大促"
HINTS = (
    Hint(
        ("任务", "task"),
        say("/任务 <标题> @负责人 截止", "/task <title> @owner due"),
        say("/任务 渠道投放 @李四 周五18:00", "/task Fix banner @Li Friday 6pm"),
    ),
    Hint(("成员 加", "成员 添加"), say("加参与的人", "Add people"), say("/成员 加 @李四", "/members add @Li")),
    Hint(("我的", "my"), say("/我的", "/my"), say("/我的", "/my")),
    Hint(
        ("日报", "daily"),
        say("/日报 今日… 明日… 阻塞…", "/daily today… next… blocked…"),
        say("/日报 今日：定稿", "/daily Today: plan done"),
    ),
)
WELCOME = Card(
    (
        Paragraph(
            say(
                "我是进度助手：收 3 行日报、跟任务、提醒逾期。\n还差 3 步",
                "I am Jindu: dailies, tasks, reminders.\n3 steps left",
            )
        ),
        Buttons(
            (
                Button(say("开始设置", "Set up"), "setup", style="primary"),
                Button(say("先看示例", "Example"), "example"),
                Button(say("暂时不用", "Not now"), "later", style="danger"),
            )
        ),
    )
)
DAILY = Form(
    "daily",
    (
        Field("today", say("今日进展", "Today"), "lines", required=True, hint=say("做完了什么", "What got done")),
        Field("next", say("明日计划", "Tomorrow")),
        Field("mood", say("难度", "Effort"), "choice", options=(("1", say("顺", "Easy")), ("2", say("难", "Hard")))),
        Field("day", say("日期", "Date"), "date"),
        Field("reader", say("请谁看", "Reader"), "person"),
    ),
    say("提交日报", "Send"),
    opener=say("填写日报", "Fill in"),
)


def cells(*words: str) -> tuple[Text, ...]:
    return tuple(verbatim(word) for word in words)


def digest(person: str) -> Card:
    """One card with every kind of block."""
    return Card(
        (
            Paragraph(say("阻塞 1：等 {who} 的主图", "1 blocker: waiting for {who}", who=Mention(person, "王五"))),
            Table(
                cells("人", "今日进展", "明日计划", "阻塞问题"),
                (cells("李四", "投放计划定稿", "上传素材", "等王五的主图"),) * 2,
            ),
            Picture("chart.png", say("本周完成 8 项", "8 done this week")),
            Attachment("日汇总.csv", "人,今日\n李四,投放\n"),
            Paragraph(say("要改：/日报 改", "To change: /daily edit"), quiet=True),
            DAILY,
        ),
        title=say("双十一大促 9-21（周一）日汇总", "Daily digest, Mon 9-21"),
        tone="warn",
    )


class Machine:
    """18 September 2026, 10:00 in Shanghai, until moved; something is due half an hour later."""

    def __init__(self) -> None:
        self.time = datetime(2026, 9, 18, 2, 0, tzinfo=UTC)
        self.due: Callable[[], Any] | None = None

    def now(self) -> datetime:
        return self.time

    async def forward(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.time += timedelta(seconds=seconds)

    async def forward_to_next(self) -> datetime | None:
        due, self.due = self.due, None
        if due is None:
            return None
        self.time += timedelta(minutes=30)
        await due()
        return self.time


class Hold:
    """Set from the test's thread, waited for on the bot's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._over = asyncio.Event()
        self._over.set()

    def set(self) -> None:
        self._loop.call_soon_threadsafe(self._over.clear)

    def clear(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)

    async def over(self) -> None:
        await self._over.wait()


class Office:
    """Everything a test needs; ``call`` runs something on the room's own thread."""

    def __init__(self, data: Path, **section: Any) -> None:
        self.machine = Machine()
        self.heard: list[Incoming] = []
        self.refuse = False
        self._parcels = 0
        self._data = data
        self._section = {"port": 0, **section}
        self._loop = asyncio.new_event_loop()
        self.hold = Hold(self._loop)
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.adapter: RoomAdapter = self.call(self._build)
        self.room = self.adapter.room
        self.listening: asyncio.Task[None] | None = None
        self.start()

    # --- life ---

    def _build(self) -> RoomAdapter:
        adapter = open_room(self._section, self.machine, hints=HINTS, time_machine=self.machine, data_dir=self._data)
        if not adapter.room.people:
            adapter.room.seed_trial()
        return adapter

    def call(self, work: Callable[[], Any]) -> Any:
        async def run() -> Any:
            result = work()
            return await result if asyncio.iscoroutine(result) else result

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(30)

    def start(self) -> None:
        async def start() -> None:
            self.listening = asyncio.create_task(self.adapter.listen(self))
            await self.adapter.ready()
            await self.adapter.idle()

        self.call(start)
        self.url = self.adapter.url
        self._section["port"] = int(self.url.rpartition(":")[2])

    def stop(self) -> None:
        """The program ends; what it knows is on disk."""

        async def stop() -> None:
            assert self.listening
            self.listening.cancel()
            with suppress(asyncio.CancelledError):
                await self.listening
            await self.adapter.close()

        self.call(stop)

    def restart(self) -> None:
        self.adapter = self.call(self._build)
        self.room = self.adapter.room
        self.start()

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # --- the bot ---

    async def submit(self, thing: Incoming) -> Receipt:
        if self.refuse:
            raise ConnectionError("not now")
        await self.hold.over()
        self.heard.append(thing)
        assert thing.chat
        if thing.event == "bot_added":
            await self._send("post", thing.chat.id, WELCOME)
        if thing.kind == "message" and thing.addressed:
            words = thing.text.replace(TOKEN, "").strip()
            await self._send(
                "post", thing.chat.id, text_card(say("听到：{words}", "Heard: {words}", words=words)), thing
            )
        if thing.kind == "click":
            return self._pressed(thing)
        return Receipt()

    def _pressed(self, thing: Incoming) -> Receipt:
        assert thing.action
        assert thing.chat
        chat, message = thing.chat.id, thing.message_id
        if thing.action.verb == "setup":
            done = text_card(say("项目已建，上线日 2026-11-11（周三）。", "Project made."), tone="good")
            return Receipt(Answer(say("设好了", "All set"), done))
        if thing.action.verb == "later":
            edit = text_card(say("好，需要时 @我。", "Fine."))
            return Receipt(
                Answer(say("好的", "Fine")),
                release=lambda: asyncio.ensure_future(self._send("edit", chat, edit, target=message)),
            )
        return Receipt(Answer(say("收到", "Got it")))

    async def _send(self, kind: Any, chat: str, card: Card, answered: Incoming | None = None, target: str = "") -> str:
        self._parcels += 1
        reply = answered.message_id if answered else ""
        parcel = Outgoing(self._parcels, f"o/{self._parcels}", "room", kind, chat, card, reply_to=reply, target=target)
        return (await self.adapter.deliver(parcel)).message_id

    # --- for tests ---

    @property
    def group(self) -> str:
        return self.room.group(GROUP)

    def person(self, name: str) -> str:
        return self.room.person(name)

    def post(self, card: Card, chat: str = "", kind: Any = "post") -> str:
        return self.call(lambda: self._send(kind, chat or self.group, card))

    def edit(self, message: str, card: Card) -> None:
        self.call(lambda: self._send("edit", self.group, card, target=message))

    def say(self, name: str, text: str) -> str:
        return self.call(lambda: self.room.say(self.person(name), self.group, text))
