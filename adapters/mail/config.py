"""``[mail]``: where letters are handed in, and in whose name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from chat.frozen import frozen

Security = Literal["starttls", "tls", "none"]
PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}


@frozen
class MailConfig:
    """``security``: starttls and tls check the server's certificate; ``ca``: a file with another authority for that."""

    host: str
    sender: str
    port: int
    user: str = ""
    password: str = ""
    security: Security = "starttls"
    ca: str = ""
    name: str = ""

    def __repr__(self) -> str:
        return f"MailConfig({self.host}:{self.port})"


def read(section: Mapping[str, Any]) -> MailConfig:
    """Raises ValueError: what is missing."""
    if not section.get("host") or not section.get("sender"):
        raise ValueError("mail.host, mail.sender")
    security: Security = section.get("security") or "starttls"
    return MailConfig(
        section["host"], section["sender"], section.get("port") or PORTS[security], section.get("user", ""),
        section.get("password", ""), security, section.get("ca", ""), section.get("name", ""),
    )  # fmt: skip
