"""Letters handed in at a real server: encrypted or not, taken, refused, in doubt."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.mail import adapter as mail
from adapters.mail.config import read
from adapters.mail.letter import letter, message_id
from bot.clock import VirtualClock
from chat.cards import Attachment, Button, Buttons, Card, Paragraph, text_card
from chat.errors import Gone, InDoubt, Rejected, RetryLater, Unreachable
from chat.messages import Outgoing
from chat.text import say, verbatim
from tests.mail.conftest import Server, serving

AT = datetime(2026, 9, 18, 10, tzinfo=UTC)
TO = "wang@example.com"


def parcel(card: Card | None = None, key: str = "tick:1/0") -> Outgoing:
    card = card or text_card(say("T1 海报 今天到期", "T1 is due"), Button(say("完成", "Done"), "task.done"))
    return Outgoing(1, key, "mail", "direct", TO, card)


def adapter(server: Server, security: str, **more: object) -> mail.MailAdapter:
    section = {"host": "localhost", "port": server.port, "security": security, "sender": "jindu@corp.cn",
               "name": "进度助手", "ca": server.ca, **more}  # fmt: skip
    return mail.open(section, VirtualClock(AT))


async def test_a_letter_arrives(server: Server, security: str) -> None:
    sent = await adapter(server, security).deliver(parcel())
    (got,) = server.box.letters
    assert got["Subject"] == "[进度助手] T1 海报 今天到期"
    assert got["To"] == TO
    assert got["From"] == "进度助手 <jindu@corp.cn>"
    assert got["Message-ID"] == sent.message_id == message_id("tick:1/0", "jindu@corp.cn")
    assert got["Auto-Submitted"] == "auto-generated"
    body = got.get_body()
    assert body is not None
    assert body.get_content().startswith("T1 海报 今天到期\n[完成]\n")
    assert "/邮箱 取消" in body.get_content()
    assert server.box.tls == [security != "none"]


async def test_log_in_and_refused_log_in(server: Server, security: str) -> None:
    user = "jindu@corp.cn"
    await adapter(server, security, user=user, password="right").deliver(parcel())
    wrong = adapter(server, security, user=user, password="wrong")
    assert wrong.state == "ready"
    with pytest.raises(RetryLater) as refused:
        await wrong.deliver(parcel())
    assert refused.value.after == 300
    assert "wrong" not in str(refused.value)
    assert wrong.state == "auth_failed"
    assert wrong.trouble is not None
    assert "password" in wrong.trouble.plain()
    assert server.box.logins[0] == (user, "right")
    assert len(server.box.letters) == 1


@pytest.mark.parametrize("security", ["none"])
@pytest.mark.parametrize(
    ("box", "answer", "remedy"),
    [
        ("rcpt", "550 5.1.1 no such user", Gone),
        ("rcpt", "451 4.7.1 greylisted", RetryLater),
        ("data", "554 5.7.1 looks like spam", Rejected),
        ("data", "452 4.3.1 no space", RetryLater),
    ],
)
async def test_every_refusal_has_a_remedy(server: Server, security: str, box: str, answer: str, remedy: type) -> None:
    getattr(server.box, box).append(answer)
    post = adapter(server, security)
    with pytest.raises(remedy):
        await post.deliver(parcel())
    assert server.box.letters == []
    assert post.trouble is None
    await post.deliver(parcel())
    assert len(server.box.letters) == 1


@pytest.mark.parametrize("security", ["none"])
async def test_a_refused_sender_is_the_admins_business(server: Server, security: str) -> None:
    server.box.sender = "553 5.7.1 sender address rejected"
    post = adapter(server, security)
    with pytest.raises(RetryLater):
        await post.deliver(parcel())
    assert post.trouble is not None
    assert "sender" in post.trouble.plain()


@pytest.mark.parametrize("security", ["none"])
async def test_a_connection_that_breaks_after_the_letter_is_in_doubt(server: Server, security: str) -> None:
    server.box.cut = True
    with pytest.raises(InDoubt):
        await adapter(server, security).deliver(parcel())
    assert len(server.box.letters) == 1


async def test_nobody_there() -> None:
    dead = Server.__new__(Server)
    dead.port, dead.ca = 1, ""
    with pytest.raises(Unreachable):
        await adapter(dead, "none").deliver(parcel())


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_nobody_vouches_for_is_refused(server: Server, security: str) -> None:
    post = adapter(server, security, ca="")
    with pytest.raises(RetryLater):
        await post.deliver(parcel())
    assert post.trouble is not None
    assert "security" in post.trouble.plain()
    assert server.box.letters == []


async def test_a_server_without_encryption_is_not_written_to(tmp_path: Path) -> None:
    async with serving(tmp_path, "none") as plain_server:
        for security in ("starttls", "tls"):
            with pytest.raises((RetryLater, Unreachable)):
                await adapter(plain_server, security).deliver(parcel())
        assert plain_server.box.letters == []


def test_headers_have_one_line_whatever_a_title_says() -> None:
    config = read({"host": "h", "sender": "jindu@corp.cn"})
    evil = "x\r\nBcc: all@corp.cn\u2028y " + "长" * 500
    card = Card((Paragraph(verbatim(evil)), Attachment("a\nb.csv", "一,二"), Buttons(())))
    made = letter(parcel(card), config, AT)
    assert made["Bcc"] is None
    assert len(made["Subject"]) <= 70
    assert [part.get_filename() for part in made.iter_attachments()] == ["a b.csv"]
    assert made["Message-ID"] == letter(parcel(), config, AT)["Message-ID"]


def test_what_is_missing_is_named() -> None:
    with pytest.raises(ValueError, match="sender"):
        read({"host": "h"})
    assert read({"host": "h", "sender": "a@b.cn", "security": "tls"}).port == 465
    assert "secret" not in repr(read({"host": "h", "sender": "a@b.cn", "password": "secret"}))
