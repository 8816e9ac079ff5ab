"""A real mail server on this machine, and a bot that hands letters in there."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.certificates import self_signed


@dataclass
class Letterbox:
    """What the server does: ``rcpt``, ``data``: its next answers, "" for yes. ``cut``: hangs up after the letter."""

    letters: list[EmailMessage] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    sender: str = ""
    cut: bool = False
    logins: list[tuple[str, str]] = field(default_factory=list)
    tls: list[bool] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender:
            return self.sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.rcpt.pop(0) if self.rcpt else ""
        if not answer:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.data.pop(0) if self.data else ""
        if answer:
            return answer
        assert server.transport is not None
        self.tls.append(server.transport.get_extra_info("ssl_object") is not None)
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        if self.cut:
            server.transport.abort()
        return "250 OK"

    def check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        login, password = data.login.decode(), data.password.decode()  # type: ignore[attr-defined]
        self.logins.append((login, password))
        return AuthResult(success=password == "right", handled=password == "right")


@dataclass
class Server:
    box: Letterbox
    port: int
    ca: str


@pytest.fixture(params=["starttls", "tls", "none"])
def security(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def server(tmp_path: Path, security: str) -> AsyncIterator[Server]:
    async with serving(tmp_path, security) as made:
        yield made


class serving:
    """``async with serving(folder, "tls") as server``."""

    def __init__(self, folder: Path, security: str) -> None:
        self.folder, self.security = folder, security

    async def __aenter__(self) -> Server:
        cert, key = self_signed(self.folder, "localhost")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(cert, key)
        box = Letterbox()
        encrypted = self.security != "none"

        def protocol() -> SMTP:
            return SMTP(
                box, tls_context=context if self.security == "starttls" else None, hostname="localhost",
                authenticator=box.check, auth_require_tls=encrypted and self.security == "starttls",
                require_starttls=self.security == "starttls", loop=asyncio.get_running_loop(),
            )  # fmt: skip

        self.server = await asyncio.get_running_loop().create_server(
            protocol, "localhost", 0, ssl=context if self.security == "tls" else None
        )
        port = self.server.sockets[0].getsockname()[1]
        return Server(box, port, str(cert))

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
