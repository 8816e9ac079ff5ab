"""The configuration as one frozen value. ``config.example.toml`` is its manual.

Everything that is wrong is reported at once, each with its line and its remedy; a broken configuration starts nothing.
Secrets may be given by reference, ``env:NAME`` or ``file:PATH``, and are masked wherever a configuration is printed.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.faults import reason_of
from bot.toml_lines import Lines, line_of_error
from chat.text import Locale, Text, say

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LEVELS = ("debug", "info", "warning", "error")
LATER = {"feishu": say("飞书", "Feishu"), "dingtalk": say("钉钉", "DingTalk"), "wecom": say("企业微信", "WeCom")}


@dataclass(frozen=True, slots=True)
class Problem:
    """``line``: in the file, from 1; 0 where the file itself is the problem."""

    line: int
    text: Text


class BadConfig(Exception):
    """Everything that is wrong with one file."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        super().__init__(f"{path}: {len(problems)} problems")
        self.path = path
        self.problems = sorted(problems, key=lambda problem: problem.line)


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that is never shown."""

    value: str = ""

    def __repr__(self) -> str:
        return "***" if self.value else "—"

    __str__ = __repr__


class _Wrong(Exception):
    """Raised by a reader: what is wrong with one value."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.plain())
        self.text = text


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(say("要写成文字，用引号括起来", "must be text in quotes"))
    return value


def _name(value: Any) -> str:
    name = _string(value).strip()
    if not 0 < len(name) <= 20 or any(not c.isprintable() or c in "@＠" for c in name):
        raise _Wrong(say("要 1–20 个字，不含 @", "must be 1–20 characters without @"))
    return name


def _yes(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(say("只能写 true 或 false（不加引号）", "must be true or false, without quotes"))
    return value


def _port(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong(say("要写整数，不加引号，例如 8765", "must be a number without quotes, e.g. 8765"))
    if not 0 <= value <= 65535:
        raise _Wrong(say("要在 0–65535 之间，例如 8765", "must be between 0 and 65535, e.g. 8765"))
    return value


def _one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            listed = " / ".join(f'"{choice}"' for choice in choices)
            raise _Wrong(say("只能是 {listed}", "must be one of {listed}", listed=listed))
        return str(value)

    return read


def _zone(value: Any) -> str:
    name = _string(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _Wrong(
            say(
                "没有「{name}」这个时区，例如 Asia/Shanghai、Europe/London",
                "“{name}” is no time zone; e.g. Asia/Shanghai, Europe/London",
                name=name,
            )
        ) from None
    return name


def _secret(value: Any) -> Secret:
    words = _string(value)
    kind, _, rest = words.partition(":")
    if kind == "env":
        found = os.environ.get(rest, "")
        if not found:
            raise _Wrong(say("环境变量 {rest} 没有值", "the environment variable {rest} is not set", rest=rest))
        return Secret(found)
    if kind == "file":
        try:
            return Secret(Path(rest).expanduser().read_text(encoding="utf-8").strip())
        except (OSError, ValueError) as error:
            why = reason_of(error)
            raise _Wrong(say("读不到文件 {rest}（{why}）", "cannot read {rest} ({why})", rest=rest, why=why)) from None
    return Secret(words)


def _database(value: Any) -> str:
    """A path, or ""; ``sqlite:///relative`` and ``sqlite:////absolute`` as SQLAlchemy writes them."""
    url = _string(value)
    if url.startswith("postgres"):
        raise _Wrong(
            say(
                "这一版还不支持 PostgreSQL（之后的版本会有）；删掉这行就用 SQLite",
                "PostgreSQL is not supported yet (a later version will); remove this line to use SQLite",
            )
        )
    path = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else url
    if "://" in path or path == ":memory:":
        raise _Wrong(say('要写成 "sqlite:///路径"', 'must look like "sqlite:///path"'))
    return path


@dataclass(frozen=True, slots=True)
class BotSection:
    name: str = field(default="进度助手", metadata={"read": _name})
    language: str = field(default="", metadata={"read": _one_of("zh", "en")})
    data: str = field(default="data", metadata={"read": _string})


@dataclass(frozen=True, slots=True)
class RoomSection:
    enabled: bool = field(default=True, metadata={"read": _yes})
    host: str = field(default="127.0.0.1", metadata={"read": _string})
    port: int = field(default=8765, metadata={"read": _port})
    token: Secret = field(default=Secret(), metadata={"read": _secret})
    zone: str = field(default="Asia/Shanghai", metadata={"read": _zone})

    @property
    def open_to_others(self) -> bool:
        return self.host not in LOOPBACK


@dataclass(frozen=True, slots=True)
class StorageSection:
    url: str = field(default="", metadata={"read": _database})


@dataclass(frozen=True, slots=True)
class LogSection:
    level: str = field(default="info", metadata={"read": _one_of(*LEVELS)})


@dataclass(frozen=True, slots=True)
class Config:
    """``base``: the folder that relative paths start from."""

    bot: BotSection = BotSection()
    room: RoomSection = RoomSection()
    storage: StorageSection = StorageSection()
    log: LogSection = LogSection()
    base: Path = Path()

    @property
    def data(self) -> Path:
        return self.base / Path(self.bot.data).expanduser()

    @property
    def database(self) -> Path:
        url = self.storage.url
        return self.base / Path(url).expanduser() if url else self.data / "jindu.db"

    def language(self, otherwise: Locale) -> Locale:
        return "en" if (self.bot.language or otherwise) == "en" else "zh"


SECTIONS: Mapping[str, type[Any]] = {
    "bot": BotSection,
    "room": RoomSection,
    "storage": StorageSection,
    "log": LogSection,
}


def load(path: Path) -> Config:
    """Read one file. Raises BadConfig with every problem in it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        words = say("读不到这个文件：{why}", "cannot be read: {why}", why=reason_of(error))
        raise BadConfig(path, [Problem(0, words)]) from None
    except UnicodeDecodeError:
        words = say("不是 UTF-8 编码，请另存为 UTF-8", "is not UTF-8; save it as UTF-8")
        raise BadConfig(path, [Problem(0, words)]) from None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, why = line_of_error(error, text)
        words = say(
            "写法有误（{why}）。文字要加引号，一行一个 键 = 值",
            "is not valid TOML ({why}). Quote text; one key = value a line",
            why=why,
        )
        raise BadConfig(path, [Problem(line, words)]) from None
    problems: list[Problem] = []
    config = _read(raw, Lines(text), path.absolute().parent, problems)
    if problems:
        raise BadConfig(path, problems)
    return config


def _read(raw: Mapping[str, Any], lines: Lines, base: Path, problems: list[Problem]) -> Config:
    sections: dict[str, Any] = {}
    for name, values in raw.items():
        line = lines.of(name)
        if name == "adapters" and isinstance(values, dict):
            problems.extend(_later(values, lines))
        elif name not in SECTIONS:
            problems.append(Problem(line, _unknown(name, [f"[{each}]" for each in SECTIONS], "[{}]")))
        elif not isinstance(values, dict):
            words = say("[{name}] 要写成一节", "[{name}] must be a section", name=name)
            problems.append(Problem(line, words))
        else:
            sections[name] = _section(name, values, lines, problems)
    return Config(**sections, base=base)


def _section(name: str, values: Mapping[str, Any], lines: Lines, problems: list[Problem]) -> Any:
    kind = SECTIONS[name]
    readers = {each.name: each.metadata["read"] for each in fields(kind)}
    found: dict[str, Any] = {}
    for key, value in values.items():
        line = lines.of(name, key)
        if key not in readers:
            problems.append(Problem(line, _unknown(key, list(readers))))
            continue
        try:
            found[key] = readers[key](value)
        except _Wrong as wrong:
            problems.append(Problem(line, say("{key} {what}", "{key} {what}", key=f"{name}.{key}", what=wrong.text)))
    return kind(**found)


def _unknown(word: str, known: list[str], shape: str = "{}") -> Text:
    shown = shape.format(word)
    close = get_close_matches(shown, known, n=1, cutoff=0.5)
    if close:
        return say(
            "不认识 {shown}，是不是 {nearest}？",
            "unknown: {shown}. Did you mean {nearest}?",
            shown=shown,
            nearest=close[0],
        )
    return say(
        "不认识 {shown}；这里可以写 {known}",
        "unknown: {shown}; known here: {known}",
        shown=shown,
        known="、".join(known),
    )


def _later(platforms: Mapping[str, Any], lines: Lines) -> list[Problem]:
    problems = []
    for name in platforms:
        shown = LATER.get(name, name)
        words = say(
            "这一版还不能接入{shown}；先删掉 [adapters.{name}] 这一节，用内置聊天室试用",
            "{shown} cannot be connected yet; remove [adapters.{name}] and try the built-in room",
            shown=shown,
            name=name,
        )
        problems.append(Problem(lines.of("adapters", name), words))
    return problems
