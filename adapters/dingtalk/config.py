"""The section ``[adapters.dingtalk]`` of the configuration, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal
from urllib.parse import urlsplit

from chat.frozen import frozen

API, OAPI = "https://api.dingtalk.com", "https://oapi.dingtalk.com"
PUBLIC_TEMPLATE = "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema"
"""DingTalk's own «markdown and buttons»: works in every company, has no inputs."""
CALLS_A_MONTH, PUSHES_A_MONTH = 5000, 3000
"""Of the free edition: calls of the interface; messages heard, events, and answers by webhook."""
KEYS = frozenset(
    {
        "client_id", "client_secret", "api_base", "oapi_base", "robot_code", "card_template",
        "bot_name", "proxy", "transport", "host", "port", "monthly_calls", "monthly_pushes",
    }
)  # fmt: skip


@frozen
class Config:
    """``robot_code``: the client id where it is not given. ``bot_names``: how people @ the bot.

    ``host`` and ``port`` are for transport "webhook". ``monthly_…``: what the edition allows; 0: do not count.
    """

    client_id: str
    client_secret: str = field(repr=False)
    api_base: str = API
    oapi_base: str = OAPI
    robot_code: str = ""
    card_template: str = PUBLIC_TEMPLATE
    bot_names: tuple[str, ...] = ("进度助手",)
    proxy: str = field(default="", repr=False)
    transport: Literal["stream", "webhook"] = "stream"
    host: str = "127.0.0.1"
    port: int = 8767
    monthly_calls: int = CALLS_A_MONTH
    monthly_pushes: int = PUSHES_A_MONTH

    @property
    def own_template(self) -> bool:
        """A template made for this bot, with inputs in it."""
        return self.card_template != PUBLIC_TEMPLATE


MONTHLY = {"monthly_calls": CALLS_A_MONTH, "monthly_pushes": PUSHES_A_MONTH}


def _count(section: Mapping[str, Any], name: str, default: int, problems: list[str]) -> int:
    value = section.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        problems.append(f"{name}: a whole number; 0 for no limit")
        return default
    return value


def read(section: Mapping[str, Any]) -> Config:
    """Raises ValueError that names every problem and what to write instead."""
    problems: list[str] = []

    def word(name: str, default: str = "") -> str:
        value = section.get(name, default)
        if not isinstance(value, str):
            problems.append(f'{name}: write text in quotes, like {name} = "…"')
            return default
        return value.strip() or default

    def base(name: str, default: str) -> str:
        url = word(name, default).rstrip("/")
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            problems.append(f"{name}: an address like {default}")
        return url

    client_id, secret, transport = word("client_id"), word("client_secret"), word("transport", "stream")
    if not client_id:
        problems.append("client_id: missing; 开发者后台 → 应用 → 凭证与基础信息 → Client ID (ding…)")
    if not secret:
        problems.append("client_secret: missing; 开发者后台 → 应用 → 凭证与基础信息 → Client Secret")
    if transport not in ("stream", "webhook"):
        problems.append('transport: "stream" or "webhook"')
    port = section.get("port", 8767)
    if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port <= 65535:
        problems.append("port: a number from 0 to 65535")
        port = 0
    calls, pushes = (_count(section, name, default, problems) for name, default in MONTHLY.items())
    names = section.get("bot_name") or "进度助手"
    names = (names,) if isinstance(names, str) else names
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name for name in names):
        problems.append('bot_name: a name, or several like ["进度助手", "小进"]')
        names = ()
    problems += [f"{name}: not a setting of dingtalk" for name in sorted(set(section) - KEYS)]
    config = Config(
        client_id, secret, base("api_base", API), base("oapi_base", OAPI), word("robot_code") or client_id,
        word("card_template", PUBLIC_TEMPLATE), tuple(names), word("proxy"),
        "webhook" if transport == "webhook" else "stream", word("host", "127.0.0.1"), port,
        calls, pushes,
    )  # fmt: skip
    if problems:
        raise ValueError("adapters.dingtalk: " + "; ".join(problems))
    return config
