"""How frames come in: over the vendor's Stream client, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from adapters.dingtalk.config import Config
from adapters.link import Link, State, Take


class Connection(Protocol):
    """How frames come in."""

    on_state: Callable[[State], None]

    @property
    def state(self) -> State: ...

    @property
    def unlinked(self) -> str:
        """Why there is no connection; "" while it stands, or when only an admin can help."""

    async def run(self, take: Take) -> None:
        """Hand every raw frame to ``take`` and answer DingTalk with what it returns; until cancelled."""


class StreamConnection(Link):
    """dingtalk-stream in its own process."""

    def __init__(self, settings: Config, **how: Any) -> None:
        given = {
            "client_id": settings.client_id, "client_secret": settings.client_secret,
            "api_base": settings.api_base, "proxy": settings.proxy,
        }  # fmt: skip
        super().__init__("adapters.dingtalk.link", {**given, **how.pop("extra", {})}, **how)
