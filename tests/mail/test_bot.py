"""E-mail as the last resort: an address is confirmed, then it takes what no chat does; never twice."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

import pytest

from adapters.mail import adapter as mail
from bot.app import App
from bot.clock import VirtualClock
from chat.cards import text_card
from chat.errors import Exhausted, Gone
from chat.messages import Incoming, Place, Sender
from chat.plain import plain
from chat.ports import Capabilities
from chat.text import say
from reports.speaker import Speaker
from storage import vault
from storage.books import Books
from storage.database import MEMORY, Database
from storage.outbox import card_of
from storage.stores import open_store
from storage.transaction import Tx
from tests.mail.conftest import Server
from tests.road.conftest import NINE, Post

WANG = Sender("u1", "王五")
ADDRESS = "wang@example.com"


class Office:
    """One person, one platform that can be told to fail, one mail server."""

    def __init__(self, books: str | Path, server: Server) -> None:
        self.books, self.server = books, server
        self.clock = VirtualClock(NINE)
        self.count = 0

    async def open(self) -> None:
        self.post = Post(Capabilities(push_unasked=False))
        self.app = App(open_store(self.books), self.clock)
        self.app.add(self.post)
        section = {"host": "localhost", "port": self.server.port, "security": "none", "sender": "jindu@corp.cn"}
        self.app.add(mail.open(section, self.clock))
        await self.app.start()

    async def say(self, text: str, place: str = "direct") -> str:
        """The bot's answer."""
        self.count += 1
        where = Place("d1" if place == "direct" else "g1", "direct" if place == "direct" else "group", "投放")
        before = len(self.post.sent)
        await self.app.intake.submit(
            Incoming(f"m{self.count}", "message", "post", self.clock.now(), where, WANG, text=text, addressed=True,
                     message_id=f"m{self.count}")
        )  # fmt: skip
        await self.app.idle()
        return "\n".join(parcel.card.blocks[0].text.plain() for parcel in self.post.sent[before:])  # type: ignore[union-attr]

    @property
    def letters(self) -> list[str]:
        bodies = [letter.get_body() for letter in self.server.box.letters]
        return [str(body.get_content()).split("\n\n-- ")[0] for body in bodies if body is not None]

    async def tell(self, words: str) -> bool:
        """As a tick or a command would."""

        def write(tx: Tx) -> bool:
            self.count += 1
            books = Books(tx, f"tell{self.count}", self.clock.now())
            person = books.people.known("post", WANG.id)
            assert person is not None
            return Speaker(books, self.app.can).to_person(person, None, text_card(say("{w}", "{w}", w=words)))

        told = await self.app.writer.submit(write)
        await self.app.idle()
        return told

    async def states(self) -> list[tuple[str, str]]:
        def read(tx: Tx) -> list[tuple[str, str]]:
            return list(tx._connection.command("SELECT platform, state FROM outbox ORDER BY id").fetchall())

        return await self.app.writer.submit(read)

    async def said_in_the_books(self) -> str:
        """Every text of these two tables."""

        def read(tx: Tx) -> str:
            command = tx._connection.command
            rows = [*command("SELECT body FROM outbox").fetchall(), *command("SELECT code FROM mail").fetchall()]
            return "\n".join(str(row[0]) for row in rows)

        return await self.app.writer.submit(read)

    async def confirm(self) -> None:
        await self.say(f"/邮箱 {ADDRESS}")
        code = re.search(r"\d{6}", self.letters[-1])
        assert code is not None
        await self.say(f"/邮箱 {code.group(0)}")


@pytest.fixture
def security() -> str:
    return "none"


@pytest.fixture
async def office(tmp_path: Path, server: Server, books: str) -> AsyncIterator[Office]:
    made = Office(tmp_path / "jindu.db" if books == MEMORY else books, server)
    await made.open()
    yield made
    await made.app.close()


async def test_an_address_is_used_once_its_code_came_back(office: Office) -> None:
    assert await office.say("/邮箱") == "还没登记邮箱。聊天里找不到你时可以发邮件：/邮箱 wang@example.com"
    assert "不是邮箱地址" in await office.say("/邮箱 王五")
    assert "不是邮箱地址" in await office.say("/邮箱 a@b\r\nBcc: c@d.cn")
    assert "不是邮箱地址" in await office.say("/邮箱 <at id=all></at>@x.cn")
    assert "过期" in await office.say("/邮箱 123456")
    assert "已发到 wang@example.com" in await office.say(f"/邮箱 {ADDRESS.upper()}")
    assert "等 1 分钟" in await office.say(f"/邮箱 {ADDRESS}")
    (letter,) = office.letters
    code = letter.split("\n")[0].removeprefix("验证码 ")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert await office.say(f"/邮箱 {wrong}") == "验证码不对，再看一眼邮件。"
    assert "待验证" in await office.say("/邮箱")
    assert await office.say(f"/邮箱 {code}") == "✅ 聊天里找不到你时，发到 wang@example.com。不要了：/邮箱 取消"
    assert "在用" in await office.say("/邮箱")
    assert "本来就是" in await office.say(f"/邮箱 {ADDRESS}")
    assert await office.say("/邮箱 取消") == "✅ 邮箱已删除，不再发邮件。"
    assert "没有登记" in await office.say("/邮箱 取消")


async def test_a_code_can_not_be_guessed_for_ever(office: Office) -> None:
    await office.say(f"/邮箱 {ADDRESS}")
    code = office.letters[0].split("\n")[0].removeprefix("验证码 ")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        await office.say(f"/邮箱 {wrong}")
    assert "过期" in await office.say(f"/邮箱 {code}")


async def test_codes_cannot_be_asked_for_all_day(office: Office) -> None:
    """Each is guessed at five times, so a million of them stay out of reach; and nobody's box is filled."""
    for _ in range(5):
        assert "已发到" in await office.say(f"/邮箱 {ADDRESS}")
        office.clock.set(office.clock.now() + timedelta(minutes=2))
    assert await office.say(f"/邮箱 {ADDRESS}") == "今天发过 5 次验证码了，明天再试。"
    office.clock.set(office.clock.now() + timedelta(minutes=2))
    assert "明天再试" in await office.say("/邮箱 other@example.com"), "another address is no way round"
    assert len(office.letters) == 5
    office.clock.set(office.clock.now() + timedelta(days=1))
    assert "已发到" in await office.say(f"/邮箱 {ADDRESS}")


async def test_nobody_reads_a_code_in_the_books(office: Office) -> None:
    """Who has the books alone cannot try all there are either."""
    await office.say(f"/邮箱 {ADDRESS}")
    code = office.letters[0].split("\n")[0].removeprefix("验证码 ")
    kept = await office.said_in_the_books()
    assert (len(code), "sealed" in kept) == (6, True)
    assert code not in kept
    assert sha256(code.encode()).hexdigest() not in kept
    assert "✅" in await office.say(f"/邮箱 {code}")
    assert "过期" in await office.say(f"/邮箱 {code}"), "once"


async def test_a_letter_sealed_under_another_key_says_so(office: Office) -> None:
    card = text_card(say("{w}", "{w}", w="472913"))

    def post(tx: Tx) -> str:
        books = Books(tx, "p", office.clock.now())
        books.outbox.post("mail", ADDRESS, card, kind="direct", secret=True)
        return str(tx._connection.command("SELECT body FROM outbox WHERE key = 'p/0'").fetchone()[0])

    body = await office.app.writer.submit(post)
    await office.app.idle()
    assert office.letters[-1] == "472913"
    assert card_of(body, "p/0") == card
    vault.use(token_bytes(32))
    assert "密钥换过" in plain(card_of(body, "p/0"), "zh")


async def test_an_address_told_in_a_group_is_answered_in_private(office: Office) -> None:
    await office.say("你好")
    office.post.sent.clear()
    await office.say(f"/邮箱 {ADDRESS}", place="group")
    assert [parcel.kind for parcel in office.post.sent] == ["direct"]


async def test_who_no_chat_reaches_is_written_to(office: Office) -> None:
    await office.say("/帮助", place="group")  # spoke in a group alone: nothing can be pushed to them
    assert not await office.tell("T1 今天到期")

    def give(tx: Tx) -> None:
        books = Books(tx, "give", office.clock.now())
        person = books.people.known("post", WANG.id)
        assert person is not None
        books.mails.ask(person.id, ADDRESS, "1", office.clock.now() - NINE)
        books.mails.confirm(person.id)

    await office.app.writer.submit(give)
    assert await office.tell("T1 今天到期")
    assert office.letters == ["T1 今天到期"]


async def test_what_a_platform_gives_back_goes_by_mail_once(office: Office) -> None:
    await office.confirm()
    assert await office.tell("甲")
    assert len(office.letters) == 1
    office.post.troubles.append(Gone("no such person"))
    assert await office.tell("乙")
    await office.app.idle()
    assert office.letters[1:] == ["乙"]
    assert (await office.states())[-2:] == [("post", "superseded"), ("mail", "sent")]
    await office.app.close()
    await office.open()
    await office.app.idle()
    assert office.letters[1:] == ["乙"]


async def test_while_a_platform_takes_nothing_more_letters_are_collected(office: Office) -> None:
    await office.confirm()
    for words in ("甲", "乙"):
        office.post.troubles.append(Exhausted("quota", 60))
        await office.tell(words)
    assert len(office.letters) == 1, "nothing but the code"
    assert await office.states() == [
        ("mail", "sent"), ("post", "sent"), ("post", "sent"), ("post", "superseded"), ("post", "superseded")
    ]  # fmt: skip
    due = await office.app.alarm.next_due()
    assert due is not None
    office.clock.set(due)
    await office.app.alarm.sweep()
    await office.app.idle()
    assert office.letters[1:] == ["聊天里暂时发不了，这段时间有 2 条：\n\n9-18 09:00 甲\n\n9-18 09:00 乙"]


async def test_a_letter_that_comes_back_is_not_written_again(office: Office) -> None:
    await office.confirm()
    office.post.troubles.append(Gone("no such person"))
    office.server.box.rcpt.append("550 5.1.1 no such user")
    await office.tell("乙")
    await office.app.idle()
    assert (await office.states())[-2:] == [("post", "superseded"), ("mail", "dead")]
    assert "被退信了" in await office.say("/邮箱")
    office.post.troubles.append(Gone("no such person"))
    await office.tell("丙")
    await office.app.idle()
    assert (await office.states())[-1] == ("post", "dead")


async def test_a_letter_in_doubt_is_never_sent_twice(office: Office) -> None:
    await office.confirm()
    office.post.troubles.append(Gone("no such person"))
    office.server.box.cut = True
    await office.tell("乙")
    await office.app.idle()
    assert (await office.states())[-1] == ("mail", "doubt")
    await office.app.close()
    await office.open()
    await office.app.idle()
    assert office.letters[1:] == ["乙"]


async def test_without_a_mail_server_there_is_no_such_way(tmp_path: Path) -> None:
    clock = VirtualClock(NINE)
    app = App(Database(tmp_path / "jindu.db"), clock)
    post = Post()
    app.add(post)
    await app.start()
    place = Place("d1", "direct")
    await app.intake.submit(
        Incoming("m1", "message", "post", NINE, place, WANG, text=f"/邮箱 {ADDRESS}", addressed=True, message_id="m1")
    )
    await app.idle()
    assert "还没有接邮件" in post.sent[0].card.blocks[0].text.plain()  # type: ignore[union-attr]
    await app.close()
