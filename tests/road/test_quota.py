"""A platform's month: what is spent is kept, saved before it runs out, and what was not sent is listed afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.clock import VirtualClock
from chat.cards import Card, Paragraph, Picture, text_card
from chat.errors import Exhausted
from chat.messages import Outgoing, Sent
from chat.text import say
from reports.speaker import Speaker
from storage import quota
from storage.books import Books
from storage.identities import Identities
from storage.stores import open_store
from storage.transaction import Tx
from tests.road.conftest import NINE, Post

USED_UP = Exhausted("the month's allowance is used up", 3600.0)


class Metered(Post):
    """A platform that allows 5 000 messages a month; ``exhausted`` as its month is."""

    def __init__(self) -> None:
        super().__init__()
        self.allowances = {"calls": (("call", "card"), 5000)}
        self.exhausted: bool | None = None
        self.spent: dict[str, int] = {}

    def take_spent(self) -> dict[str, int]:
        taken, self.spent = self.spent, {}
        return taken

    async def deliver(self, parcel: Outgoing) -> Sent:
        self.tried += 1
        if self.exhausted:
            raise USED_UP
        self.sent.append(parcel)
        self.spent["call"] = self.spent.get("call", 0) + 1
        return Sent(f"m{len(self.sent)}")


class Elsewhere(Post):
    name = "elsewhere"


class Company:
    """张三 is an admin on both platforms."""

    def __init__(self, books: str) -> None:
        self.books = books
        self.clock = VirtualClock(NINE)
        self.open()

    def open(self) -> None:
        self.app = App(open_store(self.books), self.clock)
        self.post, self.elsewhere = Metered(), Elsewhere()
        self.app.add(self.post)
        self.app.add(self.elsewhere)

    async def start(self) -> None:
        await self.app.start()
        await self.app.writer.submit(self._enter)
        await self.app.idle()

    def _enter(self, tx: Tx) -> None:
        books = Books(tx, "enter", self.clock.now())
        person = books.people.meet("post", "u1", "张三")
        twin = books.people.meet("elsewhere", "z1", "张三")
        if person.id != twin.id:
            Identities(tx, books.people).join("elsewhere", "z1", twin.id, person.id)
        books.people.talked("elsewhere", "z1")
        project = books.projects.add("双十一大促", person.id)
        books.people.welcome(project.id, person.id, "owner")

    async def says(self, *words: str, chat: str = "g1", card: Card | None = None, name: str | None = None) -> None:
        def work(tx: Tx) -> None:
            books = Books(tx, f"say:{self.clock.now().isoformat()}:{words}", self.clock.now())
            for each in words:
                books.outbox.post("post", chat, card or text_card(say("{w}", "{w}", w=each)), name=name)

        await self.app.writer.submit(work)
        await self.app.idle()

    async def spends(self, count: int) -> None:
        self.post.spent["card"] = count
        await self.app.idle()

    async def states(self) -> list[str]:
        sql = "SELECT state FROM outbox WHERE platform = 'post' ORDER BY id"
        rows = await self.app.writer.submit(lambda tx: tx._connection.command(sql).fetchall())  # type: ignore
        return [row[0] for row in rows]


@pytest.fixture
async def company(books: str) -> AsyncIterator[Company]:
    company = Company(books)
    await company.start()
    yield company
    await company.app.close()


async def test_calls_are_kept_by_day_and_kind(company: Company) -> None:
    await company.says("一", "二")
    await company.spends(7)
    company.clock.set(company.clock.now() + timedelta(days=1))
    await company.spends(5)
    kept = await company.app.writer.submit(lambda tx: quota.spent_since(tx, "post", NINE.date()))
    assert kept == {"call": 2, "card": 12}
    today = await company.app.writer.submit(lambda tx: quota.spent_since(tx, "post", NINE.date() + timedelta(days=1)))
    assert today == {"card": 5}


async def test_the_month_is_looked_at_once_a_minute_not_with_every_call(company: Company) -> None:
    assert not company.app.quota.due
    company.post.spent["call"] = 1
    assert not company.app.quota.due
    company.clock.set(company.clock.now() + timedelta(minutes=1))
    assert company.app.quota.due


async def test_at_four_fifths_admins_are_told_once_where_it_costs_nothing(company: Company) -> None:
    await company.spends(3999)
    assert company.elsewhere.words == []
    await company.spends(13)
    said = "本月已用 4 012/5 000，按当前速度 23 日用完。已关：图片、卡片实时更新。"
    assert company.elsewhere.words == [said]
    assert company.post.sent == []
    await company.spends(300)
    company.clock.set(company.clock.now() + timedelta(days=2))
    await company.spends(10)
    assert company.elsewhere.words == [said]
    company.clock.set(datetime(2026, 10, 9, 1, tzinfo=UTC))
    await company.spends(4500)
    assert company.elsewhere.words[1:] == ["本月已用 4 500/5 000，按当前速度 10 日用完。已关：图片、卡片实时更新。"]


async def test_pictures_and_live_edits_go_first_and_come_back_with_the_month(company: Company, tmp_path: Path) -> None:
    picture = Card((Paragraph(say("图", "chart")), Picture("p.png", say("完成 3 项", "3 done"))))

    def redraw(tx: Tx) -> None:
        books = Books(tx, f"redraw:{company.clock.now().isoformat()}", company.clock.now())
        Speaker(books, company.app.can).redraw("task:1", text_card(say("新", "new")))

    await company.says("旧", name="task:1")
    await company.spends(4100)
    await company.app.writer.submit(redraw)
    await company.says("x", card=picture)
    assert [one.kind for one in company.post.sent] == ["post", "post"], "nothing is redrawn"
    assert company.post.sent[-1].card.blocks[1] == Paragraph(say("完成 3 项", "3 done"))
    assert (company.app.can("post").pictures, company.app.can("elsewhere").pictures) == (False, True)
    company.clock.set(datetime(2026, 10, 1, 1, tzinfo=UTC))
    await company.app.idle()
    assert company.app.can("post").pictures
    await company.app.writer.submit(redraw)
    await company.says("x", card=picture)
    assert [one.kind for one in company.post.sent][2:] == ["edit", "post"]
    assert isinstance(company.post.sent[-1].card.blocks[1], Picture)


async def test_used_up_it_is_tried_once_and_admins_are_told_elsewhere(company: Company) -> None:
    await company.spends(5000)
    company.elsewhere.sent.clear()
    company.post.exhausted = True
    await company.says("日报提示", "催一下")
    assert company.post.tried == 2
    assert await company.states() == ["missed", "missed"]
    assert company.elsewhere.words == [
        "本月额度已用完（5 000/5 000）。提醒先记着，不反复重试；恢复后补一张漏发清单。升级版本，或者等到下月 1 日。"
    ]
    company.clock.set(company.clock.now() + timedelta(days=3))
    await company.says("又一天")
    assert company.post.tried == 3
    assert len(company.elsewhere.sent) == 1


async def test_afterwards_everybody_gets_one_list_and_nothing_is_sent_late(company: Company) -> None:
    company.post.exhausted = True
    await company.says("📝 9-18（周五）日报，18:30 截止\n今日进展：", "催一下")
    await company.says("别的群", chat="g2")
    company.post.exhausted = False
    await company.app.idle()
    assert [(one.chat, one.card.blocks[0].text.plain()) for one in company.post.sent] == [  # type: ignore[union-attr]
        (
            "g1",
            "漏发清单：额度用完期间有 2 条没发，不再补发\n9-18 09:00 📝 9-18（周五）日报，18:30 截止"
            "\n9-18 09:00 催一下",
        ),
        ("g2", "漏发清单：额度用完期间有 1 条没发，不再补发\n9-18 09:00 别的群"),
    ]  # fmt: skip
    await company.app.idle()
    assert len(company.post.sent) == 2
    await company.says("照常")
    assert company.post.words[-1] == "照常"


async def test_a_list_that_was_itself_not_sent_loses_nothing(company: Company) -> None:
    company.post.exhausted = True
    await company.says("一")
    company.post.exhausted = False
    company.post.troubles.append(USED_UP)
    deliver = company.post.deliver

    async def still_out(parcel: Outgoing) -> Sent:
        raise USED_UP

    company.post.deliver = still_out  # type: ignore[method-assign]
    await company.app.idle()
    company.post.deliver = deliver  # type: ignore[method-assign]
    company.post.exhausted = True
    await company.says("二")
    company.post.exhausted = False
    await company.app.idle()
    assert company.post.words == ["漏发清单：额度用完期间有 2 条没发，不再补发\n9-18 09:00 一\n9-18 09:00 二"]


async def test_a_redrawn_card_is_not_missed(company: Company) -> None:
    await company.says("旧", name="task:1")
    company.post.exhausted = True

    def redraw(tx: Tx) -> None:
        books = Books(tx, "redraw", company.clock.now())
        Speaker(books, company.app.can).redraw("task:1", text_card(say("新", "new")))

    await company.app.writer.submit(redraw)
    await company.app.idle()
    assert await company.states() == ["sent", "superseded"]


async def test_another_way_may_take_what_the_platform_does_not(company: Company) -> None:
    """The seam for mail."""
    mailed: list[Outgoing] = []

    def mail(_: Tx, parcel: Outgoing, many: bool) -> bool:
        assert many
        mailed.append(parcel)
        return parcel.chat == "g1"

    company.app.courier.otherwise = mail
    company.post.exhausted = True
    await company.says("一")
    await company.says("二", chat="g2")
    assert await company.states() == ["superseded", "missed"]
    assert len(mailed) == 2


async def test_after_a_restart_the_list_waits_until_the_platform_has_taken_something(tmp_path: Path) -> None:
    company = Company(str(tmp_path / "jindu.db"))
    await company.start()
    company.post.exhausted = True
    await company.says("一")
    await company.app.close()
    company.open()
    await company.start()
    assert company.post.sent == [], "nobody knows yet"
    company.post.exhausted = False
    await company.app.idle()
    assert company.post.words == ["漏发清单：额度用完期间有 1 条没发，不再补发\n9-18 09:00 一"]
    await company.app.close()


async def test_a_long_list_is_cut(company: Company) -> None:
    company.post.exhausted = True
    await company.says(*(f"第 {n} 条" for n in range(25)))
    company.post.exhausted = False
    await company.app.idle()
    lines = company.post.words[0].split("\n")
    assert len(lines) == 22
    assert lines[-1] == "…还有 5 条"
