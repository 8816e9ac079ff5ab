"""The section ``[adapters.feishu]`` of the configuration, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal
from urllib.parse import urlsplit

from chat.frozen import frozen

_CODE = re.compile(r"[0-9A-Za-z_-]{8,80}")
DOMAINS = {"feishu": "https://open.feishu.cn", "lark": "https://open.larksuite.com"}
KEYS = frozenset(
    {
        "app_id",
        "app_secret",
        "domain",
        "transport",
        "proxy",
        "host",
        "port",
        "encrypt_key",
        "verification_token",
        "monthly_calls",
        "leave_approvals",
    }
)


@frozen
class Config:
    """``domain``: scheme and host, no path. ``host``, ``port`` and the two keys are for transport "webhook".

    ``monthly_calls``: what the company's edition allows; 0: no limit. ``leave_approvals``: codes of the approvals whose
    leave counts here; none: no leave is taken over.
    """

    app_id: str
    app_secret: str = field(repr=False)
    domain: str = DOMAINS["feishu"]
    transport: Literal["websocket", "webhook"] = "websocket"
    proxy: str = field(default="", repr=False)
    host: str = "127.0.0.1"
    port: int = 8766
    encrypt_key: str = field(default="", repr=False)
    verification_token: str = field(default="", repr=False)
    monthly_calls: int = 0
    leave_approvals: tuple[str, ...] = ()


def read(section: Mapping[str, Any]) -> Config:
    """Raises ValueError that names every problem and what to write instead."""
    problems: list[str] = []

    def word(name: str, default: str = "") -> str:
        value = section.get(name, default)
        if not isinstance(value, str):
            problems.append(f'{name}: write text in quotes, like {name} = "…"')
            return default
        return value.strip()

    app_id, secret, transport = word("app_id"), word("app_secret"), word("transport", "websocket")
    if not app_id:
        problems.append("app_id: missing; 开发者后台 → 凭证与基础信息 → App ID (cli_…)")
    if not secret:
        problems.append("app_secret: missing; 开发者后台 → 凭证与基础信息 → App Secret")
    domain = DOMAINS.get(word("domain", "feishu"), word("domain", "feishu")).rstrip("/")
    parts = urlsplit(domain)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        problems.append('domain: "feishu", "lark", or an address like https://open.feishu.cn')
    if transport not in ("websocket", "webhook"):
        problems.append('transport: "websocket" or "webhook"')
    port = section.get("port", 8766)
    if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port <= 65535:
        problems.append("port: a number from 0 to 65535")
        port = 0
    key, token = word("encrypt_key"), word("verification_token")
    if transport == "webhook" and not key and not token:
        problems.append(
            "encrypt_key: missing; 开发者后台 → 事件与回调 → 加密策略. Without it anybody could forge events"
        )
    calls = section.get("monthly_calls", 0)
    if not isinstance(calls, int) or isinstance(calls, bool) or calls < 0:
        problems.append("monthly_calls: a whole number; 0 for no limit")
        calls = 0
    codes = section.get("leave_approvals", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes):
        problems.append('leave_approvals: a list of approval codes, like ["7C468A54-8745-2245-9675-08B7C63E7A85"]')
        codes = []
    problems += [f"{name}: not a setting of feishu" for name in sorted(set(section) - KEYS)]
    host, proxy = word("host", "127.0.0.1"), word("proxy")
    if problems:
        raise ValueError("adapters.feishu: " + "; ".join(problems))
    return Config(
        app_id,
        secret,
        domain,
        "webhook" if transport == "webhook" else "websocket",
        proxy,
        host,
        port,
        key,
        token,
        calls,
        tuple(dict.fromkeys(codes)),
    )
