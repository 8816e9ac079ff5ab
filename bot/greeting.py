"""What the terminal is told once the bot is at work: where its page is, and what opens it."""

from __future__ import annotations

import logging
import secrets
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot import logs, private
from bot.config import Config
from chat.text import Locale

if TYPE_CHECKING:
    from adapters.room.adapter import RoomAdapter

log = logging.getLogger("jindu.program")
Tell = Callable[[str], None]
"""Writes one line to the terminal."""


def greet(config: Config, room: RoomAdapter | None, tell: Tell) -> None:
    """Two lines, one in each language."""
    data = config.data if config.data.is_absolute() else f"./{config.data}"
    if room is None:
        log.info("started", extra={"action": "started"})
        tell(f"{config.bot.name}已启动，正在连接 {_titles(config, 'zh')} （数据在 {data}；按 Ctrl-C 停止）")
        tell(f"Jindu is running and connects to {_titles(config, 'en')} (data in {data}; Ctrl-C stops it)")
        return
    url = room.url.replace("//0.0.0.0:", f"//{_own_address()}:").replace("//[::]:", f"//{_own_address()}:")
    log.info("started", extra={"action": "started", "address": room.url})
    token, where_zh, where_en = _key_to(config)
    url = f"{url}/?token={token}" if token else url
    tell(f"{config.bot.name}已启动，用浏览器打开 {url} （{where_zh}数据在 {data}；按 Ctrl-C 停止）")
    tell(f"Jindu is running: open {url} in a browser ({where_en}data in {data}; Ctrl-C stops it)")


def _key_to(config: Config) -> tuple[str, str, str]:
    """What opens the room, and where it is to be had. On a terminal alone: anywhere else lines are kept and read."""
    token = room_token(config)
    if not token or (not config.room.token.value and sys.stdout.isatty()):
        return token, "", ""
    if config.room.token.value:
        return "", "口令是 config.toml 里 room.token 那个；", "the token is room.token of config.toml; "
    return "", f"口令在 {_kept(config)}；", f"the token is in {_kept(config)}; "


def _kept(config: Config) -> Path:
    return config.data / "room-token"


def _titles(config: Config, locale: Locale) -> str:
    return ("、" if locale == "zh" else ", ").join(platform.title.render(locale) for platform in config.adapters)


def room_token(config: Config) -> str:
    """What visitors must show. A room that others can reach gets one by itself, kept beside the data."""
    if config.room.token.value or not config.room.open_to_others:
        return config.room.token.value
    kept = _kept(config)
    if not kept.exists():
        private.write(kept, secrets.token_urlsafe(12))
    token = kept.read_text(encoding="utf-8").strip()
    logs.conceal(token)
    return token


def _own_address() -> str:
    """Where other machines find this one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
