"""The key under which the books keep their few secrets: configured, else the server's password, else a file beside.

It is never in a copy of the books. Who loses it loses codes on their way, nothing else.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from bot import private
from bot.config import Config
from bot.faults import Fault, reason_of
from chat.text import say
from storage import vault

NAME = "jindu.key"


def unlock(config: Config) -> None:
    """Before the books are used. Raises Fault: the file can be neither read nor made."""
    try:
        vault.use(_material(config).encode())
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(
            say(
                "密钥文件 {path} 用不了：{why}。检查目录权限，或者在 [storage] 里写 key。",
                "The key {path} cannot be used: {why}. Check the folder's permissions, or set key in [storage].",
                path=str(config.data / NAME),
                why=reason_of(error),
            )
        ) from error


def _material(config: Config) -> str:
    if config.storage.key.value:
        return config.storage.key.value
    if config.server and urlsplit(config.server).password:
        return config.server  # the same for every process on it
    return _kept(config.data / NAME)


def _kept(path: Path) -> str:
    """Made at the first use, for this user alone."""
    if not path.exists():
        private.write(path, secrets.token_hex(32) + "\n")
    return path.read_text(encoding="utf-8").strip()
