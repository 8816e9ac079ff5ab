"""Readers of single values of the configuration: each returns the value, or raises ``Wrong`` with the remedy."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.faults import reason_of
from chat.frozen import frozen
from chat.text import Text, say


@frozen
class Secret:
    """A value that is never shown."""

    value: str = ""

    def __repr__(self) -> str:
        return "***" if self.value else "—"

    __str__ = __repr__


def secrets_in(value: Any) -> Iterator[str]:
    """Of a value of the configuration, and of all that is in it."""
    if isinstance(value, Secret):
        yield value.value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from secrets_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from secrets_in(each)


class Wrong(Exception):
    """Raised by a reader: what is wrong with one value."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.plain())
        self.text = text


def string(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(say("要写成文字，用引号括起来", "must be text in quotes"))
    return value


def name(value: Any) -> str:
    name = string(value).strip()
    if not 0 < len(name) <= 20 or any(not c.isprintable() or c in "@＠" for c in name):
        raise Wrong(say("要 1–20 个字，不含 @", "must be 1–20 characters without @"))
    return name


def yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong(say("只能写 true 或 false（不加引号）", "must be true or false, without quotes"))
    return value


def port(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong(say("要写整数，不加引号，例如 8765", "must be a number without quotes, e.g. 8765"))
    if not 0 <= value <= 65535:
        raise Wrong(say("要在 0–65535 之间，例如 8765", "must be between 0 and 65535, e.g. 8765"))
    return value


def days(value: Any) -> int:
    """0: no end."""
    if not isinstance(value, int) or isinstance(value, bool) or not (value == 0 or 30 <= value <= 36_500):
        raise Wrong(say("要写天数：0 表示一直留着，否则 30–36500", "must be days: 0 to keep it, else 30–36500"))
    return value


def one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            listed = " / ".join(f'"{choice}"' for choice in choices)
            raise Wrong(say("只能是 {listed}", "must be one of {listed}", listed=listed))
        return str(value)

    return read


def zone(value: Any) -> str:
    name = string(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(
            say(
                "没有「{name}」这个时区，例如 Asia/Shanghai、Europe/London",
                "“{name}” is no time zone; e.g. Asia/Shanghai, Europe/London",
                name=name,
            )
        ) from None
    return name


_referred: set[str] = set()
"""Variables of the environment that a configuration named."""


def forget_environment() -> None:
    """What was read from there is not handed on to children: SDKs of vendors, the one who draws. For a program."""
    for name in _referred:
        if not name.upper().endswith("_PROXY"):
            os.environ.pop(name, None)


def secret(value: Any) -> Secret:
    words = string(value)
    kind, _, rest = words.partition(":")
    if kind == "env":
        found = os.environ.get(rest, "")
        _referred.add(rest)
        if not found:
            raise Wrong(say("环境变量 {rest} 没有值", "the environment variable {rest} is not set", rest=rest))
        return Secret(found)
    if kind == "file":
        try:
            return Secret(Path(rest).expanduser().read_text(encoding="utf-8").strip())
        except (OSError, ValueError) as error:
            why = reason_of(error)
            raise Wrong(say("读不到文件 {rest}（{why}）", "cannot read {rest} ({why})", rest=rest, why=why)) from None
    return Secret(words)


def key(value: Any) -> Secret:
    """A secret that nobody has to type: long."""
    found = secret(value)
    if found.value and len(found.value) < SHORTEST_KEY:
        raise Wrong(
            say("至少要 {n} 个字符，例如 openssl rand -hex 32 打印的那串", "must be {n} characters at least; take what "
                "openssl rand -hex 32 prints", n=SHORTEST_KEY)
        )  # fmt: skip
    return found


SHORTEST_KEY = 16
SERVERS = ("postgresql://", "postgresql+psycopg://")


def database(value: Any) -> str:
    """A path, ""; ``sqlite:///relative``, ``sqlite:////absolute`` as SQLAlchemy writes them; or a PostgreSQL address.

    The address has a password in it, so it may be a reference.
    """
    url = secret(value).value.strip()
    if url.startswith(("postgres:", "postgres+", "postgresql")):
        parts = urlsplit(url)
        if not url.startswith(SERVERS) or len(parts.path) < 2:
            raise Wrong(
                say(
                    '要写成 "postgresql+psycopg://用户:口令@主机:5432/库名"',
                    'must look like "postgresql+psycopg://user:password@host:5432/name"',
                )
            )
        return url
    path = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else url
    if "://" in path or path == ":memory:":
        raise Wrong(say('要写成 "sqlite:///路径"', 'must look like "sqlite:///path"'))
    return path


def text(value: Any) -> str:
    """Text that may be a reference, but is no secret."""
    return secret(value).value.strip()


def url(*schemes: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        address = text(value)
        parts = urlsplit(address)
        if parts.scheme not in schemes or not parts.hostname:
            listed = " / ".join(f"{scheme}://…" for scheme in schemes)
            raise Wrong(say("要写成网址，例如 {listed}", "must be an address like {listed}", listed=listed))
        return address.rstrip("/")

    return read


def address(value: Any) -> str:
    """Of e-mail."""
    words = text(value)
    if words and not re.fullmatch(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24}", words):
        raise Wrong(say("要写成邮箱地址，例如 jindu@example.com", "must be an e-mail address, e.g. jindu@example.com"))
    return words


def names(value: Any) -> tuple[str, ...]:
    """One name, or a list of them."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) and one.strip() for one in listed):
        raise Wrong(say('要写一个名字，或者几个：["进度助手", "小进"]', "must be a name, or several in [ ]"))
    return tuple(one.strip() for one in listed)
