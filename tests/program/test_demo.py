"""The demo: a story without a wrong word, an evening that happens by itself, and a second visit that goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from adapters.room.adapter import RoomAdapter
from adapters.room.model import Room
from adapters.room.store import Store
from bot.app import App
from bot.clock import VirtualClock
from bot.company import Company
from bot.demo import EVENING, STORY, ZONE, build
from bot.script import read
from storage.database import Database
from tests.program.conftest import Start


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the story leaves."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    build(folder)
    return folder


def ask(folder: Path, sql: str) -> list[tuple[object, ...]]:
    books = sqlite3.connect(folder / "jindu.db")
    try:
        return books.execute(sql).fetchall()
    finally:
        books.close()


def test_nothing_in_the_story_was_refused_or_failed(history: Path) -> None:
    assert ask(history, "SELECT DISTINCT state FROM inbox") == [("done",)]
    assert ask(history, "SELECT key FROM outbox WHERE state NOT IN ('sent', 'superseded')") == []


def test_everything_a_visitor_may_look_at_is_there(history: Path) -> None:
    states = {state for (state,) in ask(history, "SELECT DISTINCT state FROM task")}
    assert {"todo", "doing", "done", "cancelled"} <= states
    ((overdue,),) = ask(history, "SELECT count(*) FROM task WHERE closed_at IS NULL AND due < '2026-09-21'")
    assert overdue == 1
    said = " ".join(str(body) for (body,) in ask(history, "SELECT body FROM outbox"))
    for words in ("日汇总", "准时", "迟", "提前", "已解决", "已回应", "次改期", "已更新",
                  "工作周", "风险 {level}", "素材交付", "第一版", "甘特图"):  # fmt: skip
        assert words in said, words
    assert "没办成" not in said


def test_pictures_are_drawn(history: Path) -> None:
    assert [file.suffix for file in (history / "pictures").iterdir()] == [".png", ".png"]


def test_it_ends_on_an_afternoon_at_twenty_past_five(history: Path) -> None:
    at = datetime.fromisoformat((history / "clock").read_text())
    assert at.astimezone(ZONE) == datetime(2026, 9, 21, 17, 20, tzinfo=ZONE)


@dataclass
class Visit:
    room: Room
    travel: Company

    async def next(self) -> str:
        """Go to the next thing the clock does; its hour."""
        at = await self.travel.forward_to_next()
        assert at is not None
        return at.astimezone(ZONE).strftime("%H:%M")

    def group(self) -> list[str]:
        chat = next(chat.id for chat in self.room.chats.values() if chat.kind == "group")
        return [self.room.text_of(message.id) for message in self.room.messages(chat)]


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    folder = tmp_path / "demo"
    await asyncio.to_thread(build, folder)
    clock = VirtualClock(datetime.fromisoformat((folder / "clock").read_text()))
    app = App(Database(folder / "jindu.db"), clock)
    adapter = RoomAdapter(Room(clock, Store(folder / "room.db")))
    app.add(adapter)
    travel = Company(app, clock, read(EVENING))
    await app.start()
    await adapter.ready()
    travel.meet(adapter)
    yield Visit(adapter.room, travel)
    await app.close()


async def test_four_presses_show_the_whole_evening(visit: Visit) -> None:
    assert await visit.next() == "17:30"
    assert "📝 9-21（周一）日报" in visit.group()[-1]
    assert await visit.next() == "18:00"
    zhao = visit.room.direct(visit.room.person("赵六"))
    assert "优惠券配置 今天 18:00 到期未完成" in visit.room.text_of(visit.room.messages(zhao)[-1].id)
    assert await visit.next() == "18:18"
    assert any("已收 李四 9-21 日报（17:38，准时）" in words for words in visit.group())
    zhang = visit.room.direct(visit.room.person("张三"))
    assert "还有 12 分钟" in visit.room.text_of(visit.room.messages(zhang)[-1].id)
    assert await visit.next() == "18:30"
    assert "9-21（周一）日汇总　交 4/5" in visit.group()[-1]


async def test_who_is_played_by_the_visitor_does_not_speak_by_themselves(visit: Visit) -> None:
    room = visit.room
    li = room.person("李四")
    group = next(chat.name for chat in room.chats.values() if chat.kind == "group")
    room.say(li, room.group(group), "@进度助手 今日：我自己写的 明日：明天再说 阻塞：无")
    await visit.travel.forward(40 * 60)
    assert not any("投放计划定稿" in words and "已收" in words and "17:38" in words for words in visit.group())


async def test_who_handed_in_the_form_does_not_report_by_themselves(visit: Visit) -> None:
    await visit.next()
    wang = visit.room.person("王五")
    chat = next(chat.id for chat in visit.room.chats.values() if chat.kind == "group")
    prompt = visit.room.messages(chat)[-1]
    visit.room.send_form(wang, prompt.id, {"done": "我自己填的", "plan": "明天再说"})
    while await visit.next() != "18:30":
        pass
    assert "王五：我自己填的 → 明日 明天再说" in visit.group()[-1]


def test_a_second_visit_goes_on_where_the_first_one_was(start: Start, tmp_path: Path) -> None:
    first = start("demo", "--port", "0")
    assert "正在准备" in first.until("正在准备")
    first.url()
    assert first.stop() == 0
    again = start("demo", "--port", "0")
    again.url()
    assert "正在准备" not in again.words
    assert again.stop() == 0
    assert (tmp_path / "data" / "demo" / "jindu.db").exists()
    assert not (tmp_path / "data" / "jindu.db").exists(), "the demo never touches real data"


def test_the_story_is_a_transcript() -> None:
    assert read(STORY)
    assert {step.kind for step in read(EVENING)} == {"time", "said"}
