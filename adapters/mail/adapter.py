"""Hands letters in at a mail server, one connection for each; every answer of the server is mapped to a remedy.

What the server took is delivered as far as we can know; a refused recipient is gone. A connection that breaks after the
letter went out is in doubt: no mail server drops a second one, so it is not sent again.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiosmtplib
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectTimeoutError,
    SMTPException,
    SMTPResponseException,
)

from adapters.mail.config import MailConfig, read
from adapters.mail.letter import letter
from chat.errors import DeliveryError, Gone, InDoubt, Rejected, RetryLater, Unreachable
from chat.messages import Outgoing, Sent
from chat.ports import MAIL, Capabilities, Clock, Intake
from chat.text import Text, say

log = logging.getLogger("jindu.mail")
TIMEOUT = 20.0
BUSY, ADMIN = 60.0, 300.0
"""Seconds until a server that is busy, or wants an admin, is asked again."""
PERMANENT = 500
AT_ONCE = 4
"""Connections at a time."""


class MailAdapter:
    """``Adapter`` and ``Linked``. Nothing comes in by mail."""

    name = MAIL
    can = Capabilities(
        input_in_card=False, edit_seconds=0, recall_event=False, member_events=False, quotes=False, mentions=False,
        pictures=False, idempotent=False,
    )  # fmt: skip

    def __init__(self, config: MailConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)
        self._trouble: Text | None = None

    @property
    def state(self) -> str:
        return "auth_failed" if self._trouble is not None else "ready"

    @property
    def trouble(self) -> Text | None:
        return self._trouble

    async def listen(self, intake: Intake) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing is kept open."""

    async def deliver(self, parcel: Outgoing) -> Sent:
        message = letter(parcel, self._config, self._clock.now())
        async with self._room:
            client = self._client()
            try:
                await self._open(client)
                await self._hand_in(client, parcel.chat, message.as_bytes(policy=message.policy.clone(linesep="\r\n")))
            finally:
                client.close()
        return Sent(str(message["Message-ID"]))

    def _client(self) -> aiosmtplib.SMTP:
        config = self._config
        context = ssl.create_default_context(cafile=config.ca or None) if config.security != "none" else None
        return aiosmtplib.SMTP(
            hostname=config.host, port=config.port, use_tls=config.security == "tls",
            start_tls=config.security == "starttls", tls_context=context, timeout=TIMEOUT,
        )  # fmt: skip

    async def _open(self, client: aiosmtplib.SMTP) -> None:
        """Connect and log in. Nothing was sent yet: whatever fails may be tried again."""
        try:
            await client.connect()
            if self._config.user:
                await client.login(self._config.user, self._config.password)
        except SMTPAuthenticationError as error:
            raise self._ask_admin(_REFUSED, error) from error
        except ssl.SSLError as error:
            raise self._ask_admin(_TLS, error) from error
        except (SMTPConnectTimeoutError, SMTPConnectError, OSError) as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise self._ask_admin(_TLS, error) from error
            raise Unreachable(f"mail: {_reason(error)}") from error
        except SMTPResponseException as error:
            raise RetryLater(f"mail: {_reason(error)}", BUSY) from error
        except SMTPException as error:
            raise self._ask_admin(_TLS if "TLS" in str(error) else _REFUSED, error) from error
        self._trouble = None

    async def _hand_in(self, client: aiosmtplib.SMTP, to: str, message: bytes) -> None:
        try:
            await client.mail(self._config.sender)
        except SMTPResponseException as error:
            raise self._ask_admin(_SENDER, error) from error
        except (SMTPException, OSError) as error:
            raise Unreachable(f"mail: {_reason(error)}") from error
        try:
            await client.rcpt(to)
        except SMTPResponseException as error:
            raise _refused(error, Gone) from error
        except (SMTPException, OSError) as error:
            raise Unreachable(f"mail: {_reason(error)}") from error
        try:
            await client.data(message)
        except SMTPResponseException as error:
            raise _refused(error, Rejected) from error
        except (SMTPException, OSError) as error:
            raise InDoubt(f"mail: {_reason(error)}") from error
        try:
            await client.quit()
        except (SMTPException, OSError) as error:
            log.info("left without a word", extra={"action": "mail.quit", "error": _reason(error)})

    def _ask_admin(self, text: Text, error: Exception) -> RetryLater:
        self._trouble = text
        return RetryLater(f"mail: {_reason(error)}", ADMIN)


_REFUSED = say(
    "邮件服务器不让登录。核对 config.toml [mail] 的 user 和 password（很多邮箱要用授权码）。",
    "The mail server refuses the login. Check user and password in [mail] of config.toml.",
)
_SENDER = say(
    "邮件服务器不让用这个发件人。核对 config.toml [mail] 的 sender，一般要和 user 一样。",
    "The mail server refuses this sender. Check sender in [mail] of config.toml; it is usually the same as user.",
)
_TLS = say(
    "和邮件服务器建不了加密连接。核对 config.toml [mail] 的 host、port、security；自建证书写 ca。",
    "No encrypted connection to the mail server. Check host, port, security and ca in [mail] of config.toml.",
)


def _refused(error: SMTPResponseException, permanent: type[Gone] | type[Rejected]) -> DeliveryError:
    """4xx passes, 5xx stays."""
    if error.code < PERMANENT:
        return RetryLater(f"mail: {_reason(error)}", BUSY)
    return permanent(f"mail: {_reason(error)}")


def _reason(error: Exception) -> str:
    """Code and words, no secret: servers do not repeat what they were told."""
    return f"{type(error).__name__} {error}"[:200]


def open(section: Mapping[str, Any], clock: Clock, *, data_dir: Path | None = None) -> MailAdapter:  # noqa: A001
    """Raises ValueError: the settings do not go together."""
    return MailAdapter(read(section), clock)
