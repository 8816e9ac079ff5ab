"""``[adapters.wecom]``, read once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from chat.frozen import frozen

WS_URL = "wss://openws.work.weixin.qq.com"
APP_URL = "https://qyapi.weixin.qq.com"
LINK = "https://work.weixin.qq.com"
_AES_KEY = re.compile("[0-9A-Za-z]{43}")


@frozen
class AppConfig:
    """A self-built app, for names and for direct messages to people who never wrote to the bot."""

    corpid: str
    agentid: int
    secret: str = field(repr=False)
    api_base: str = APP_URL


@frozen
class CallbackConfig:
    """The AI bot's HTTP mode instead of the long connection. aes_key: 43 letters and digits. port 0: any free one."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8770
    path: str = "/wecom"


@frozen
class Config:
    """``webhooks``: {chat id: URL}; "" stands for the only group of a bot that serves one group.

    bot_names: how people @ the bot. link: where a finished card leads when it is pressed (a card must lead somewhere).
    """

    bot_id: str
    secret: str = field(repr=False)
    ws_url: str = WS_URL
    bot_names: tuple[str, ...] = ("进度助手",)
    link: str = LINK
    webhooks: Mapping[str, str] = field(default_factory=dict, repr=False)
    app: AppConfig | None = None
    callback: CallbackConfig | None = None
    proxy: str = field(default="", repr=False)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where this WeCom is."""
        return (self.ws_url, *self.webhooks.values(), *((self.app.api_base,) if self.app else ()))


def read(section: Mapping[str, Any]) -> Config:
    """Raises ValueError naming everything that is wrong."""
    needed = ("bot_id",) if section.get("callback") else ("bot_id", "secret")
    wrong = [f"adapters.wecom.{key} is missing" for key in needed if not section.get(key)]
    ws_url = str(section.get("ws_url") or WS_URL)
    if not ws_url.startswith(("ws://", "wss://")):
        wrong.append("adapters.wecom.ws_url must begin with wss:// (or ws://)")
    webhooks = _webhooks(section.get("webhook"), wrong)
    app = _app(section.get("app"), wrong)
    callback = _callback(section.get("callback"), wrong)
    if wrong:
        raise ValueError("; ".join(wrong))
    names = section.get("bot_name") or ("进度助手",)
    return Config(
        str(section["bot_id"]),
        str(section.get("secret") or ""),
        ws_url,
        (names,) if isinstance(names, str) else tuple(str(name) for name in names),
        str(section.get("link") or LINK),
        webhooks,
        app,
        callback,
        str(section.get("proxy") or ""),
    )


def _webhooks(given: Any, wrong: list[str]) -> dict[str, str]:
    if not given:
        return {}
    found = {"": given} if isinstance(given, str) else given
    if not isinstance(found, Mapping) or not all(_is_url(url) for url in found.values()):
        wrong.append("adapters.wecom.webhook must be a URL, or a table of group id = URL")
        return {}
    return {str(chat): str(url) for chat, url in found.items()}


def _app(given: Any, wrong: list[str]) -> AppConfig | None:
    if not given:
        return None
    if not isinstance(given, Mapping):
        wrong.append("adapters.wecom.app must be a table with corpid, agentid and secret")
        return None
    absent = [f"adapters.wecom.app.{key} is missing" for key in ("corpid", "agentid", "secret") if not given.get(key)]
    if not str(given.get("agentid", "0")).isdigit():
        absent.append("adapters.wecom.app.agentid must be a number")
    if absent:
        wrong.extend(absent)
        return None
    base = str(given.get("api_base") or APP_URL).rstrip("/")
    return AppConfig(str(given["corpid"]), int(given["agentid"]), str(given["secret"]), base)


def _callback(given: Any, wrong: list[str]) -> CallbackConfig | None:
    if not given:
        return None
    if not isinstance(given, Mapping) or not given.get("token"):
        wrong.append("adapters.wecom.callback must be a table with token and aes_key")
        return None
    key, port = str(given.get("aes_key", "")), given.get("port", 8770)
    if not _AES_KEY.fullmatch(key):
        wrong.append("adapters.wecom.callback.aes_key must be 43 letters and digits")
    if not str(port).isdecimal() or int(port) > 65535:
        wrong.append("adapters.wecom.callback.port must be a number up to 65535")
        return None
    host, path = str(given.get("host") or "127.0.0.1"), str(given.get("path") or "/wecom")
    return CallbackConfig(str(given["token"]), key, host, int(port), path)


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))
