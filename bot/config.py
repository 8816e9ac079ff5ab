"""The configuration as one frozen value. ``config.example.toml`` is its manual.

Everything that is wrong is reported at once, each with its line and its remedy; a broken configuration starts nothing.
Secrets may be given by reference, ``env:NAME`` or ``file:PATH``, and are masked wherever a configuration is printed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot import platforms, values
from bot.faults import reason_of
from bot.platforms import Platform
from bot.toml_lines import Lines, line_of_error
from chat.frozen import frozen
from chat.text import Locale, Text, say

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LEVELS = ("debug", "info", "warning", "error")


@frozen
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


@frozen
class BotSection:
    name: str = field(default="进度助手", metadata={"read": values.name})
    language: str = field(default="", metadata={"read": values.one_of("zh", "en")})
    data: str = field(default="data", metadata={"read": values.string})


@frozen
class RoomSection:
    enabled: bool = field(default=True, metadata={"read": values.yes})
    host: str = field(default="127.0.0.1", metadata={"read": values.string})
    port: int = field(default=8765, metadata={"read": values.port})
    token: values.Secret = field(default=values.Secret(), metadata={"read": values.secret})
    zone: str = field(default="Asia/Shanghai", metadata={"read": values.zone})

    @property
    def open_to_others(self) -> bool:
        return self.host not in LOOPBACK


@frozen
class StorageSection:
    """``key``: what seals and hashes the few secrets that the books must hold (``bot.keys``)."""

    url: str = field(default="", repr=False, metadata={"read": values.database})
    key: values.Secret = field(default=values.Secret(), metadata={"read": values.key})


@frozen
class OpsSection:
    """``port`` 0: the pages stand only beside the room's."""

    host: str = field(default="127.0.0.1", metadata={"read": values.string})
    port: int = field(default=0, metadata={"read": values.port})


@frozen
class RetentionSection:
    """Days that the words of each kind are kept; 0: for ever."""

    dailies: int = field(default=0, metadata={"read": values.days})
    absences: int = field(default=0, metadata={"read": values.days})
    audit_details: int = field(default=0, metadata={"read": values.days})


@frozen
class MailSection:
    """Without a host there is no mail."""

    host: str = field(default="", metadata={"read": values.text})
    port: int = field(default=0, metadata={"read": values.port})
    security: str = field(default="starttls", metadata={"read": values.one_of("starttls", "tls", "none")})
    user: str = field(default="", metadata={"read": values.text})
    password: values.Secret = field(default=values.Secret(), metadata={"read": values.secret})
    sender: str = field(default="", metadata={"read": values.address})
    ca: str = field(default="", metadata={"read": values.string})

    @property
    def trouble(self) -> Text | None:
        """What does not go together."""
        if self.host and not self.sender:
            return say("缺 mail.sender：发件人地址，一般和 user 一样", "mail.sender is missing: who letters are from")
        if self.host and self.user and not self.password.value:
            return say("缺 mail.password：{user} 的密码或授权码", "mail.password is missing: of {user}", user=self.user)
        if self.sender and not self.host:
            return say("缺 mail.host：邮件服务器，例如 smtp.example.com", "mail.host is missing: the mail server")
        return None


@frozen
class LogSection:
    level: str = field(default="info", metadata={"read": values.one_of(*LEVELS)})
    format: str = field(default="line", metadata={"read": values.one_of("line", "json")})


@frozen
class Config:
    """``base``: the folder that relative paths start from. ``file``: what it was read from."""

    bot: BotSection = BotSection()
    room: RoomSection = RoomSection()
    storage: StorageSection = StorageSection()
    log: LogSection = LogSection()
    ops: OpsSection = OpsSection()
    retention: RetentionSection = RetentionSection()
    mail: MailSection = MailSection()
    adapters: tuple[Platform, ...] = ()
    base: Path = Path()
    file: Path | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything in it that nobody may read."""
        found = [
            *values.secrets_in(
                (self.room.token, self.storage.key, self.mail.password, [each.settings for each in self.adapters])
            )
        ]
        server = urlsplit(self.storage.url).password if "://" in self.storage.url else None
        return (*found, *([server] if server else []))

    @property
    def data(self) -> Path:
        return self.base / Path(self.bot.data).expanduser()

    @property
    def server(self) -> str:
        """The address of PostgreSQL; "": the books are in a file."""
        return self.storage.url if self.storage.url.startswith(values.SERVERS) else ""

    @property
    def books(self) -> Path | str:
        return self.server or self.database

    @property
    def where(self) -> str:
        """Where the books are, as it may be shown."""
        return re.sub(r"(?<=:)[^:@/]*(?=@)", "***", self.server) if self.server else str(self.database)

    @property
    def database(self) -> Path:
        """The file of the books, or where it would be."""
        url = "" if self.server else self.storage.url
        return self.base / Path(url).expanduser() if url else self.data / "jindu.db"

    def language(self, otherwise: Locale) -> Locale:
        return "en" if (self.bot.language or otherwise) == "en" else "zh"


SECTIONS: Mapping[str, type[Any]] = {
    "bot": BotSection,
    "room": RoomSection,
    "storage": StorageSection,
    "log": LogSection,
    "ops": OpsSection,
    "retention": RetentionSection,
    "mail": MailSection,
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
    config = replace(_read(raw, Lines(text), path.absolute().parent, problems), file=path)
    if problems:
        raise BadConfig(path, problems)
    return config


def _read(raw: Mapping[str, Any], lines: Lines, base: Path, problems: list[Problem]) -> Config:
    sections: dict[str, Any] = {}
    for name, given in raw.items():
        line = lines.of(name)
        if name == "adapters" and isinstance(given, dict):
            sections["adapters"] = _platforms(given, lines, problems)
        elif name not in SECTIONS:
            problems.append(Problem(line, _unknown(name, [f"[{each}]" for each in SECTIONS], "[{}]")))
        elif not isinstance(given, dict):
            words = say("[{name}] 要写成一节", "[{name}] must be a section", name=name)
            problems.append(Problem(line, words))
        else:
            sections[name] = _section(name, given, lines, problems)
    config = Config(**sections, base=base)
    if config.mail.trouble is not None and not any(problem.line in _mail_lines(raw, lines) for problem in problems):
        problems.append(Problem(lines.of("mail"), config.mail.trouble))
    return config


def _mail_lines(raw: Mapping[str, Any], lines: Lines) -> set[int]:
    """Where the mail's settings stand: what is wrong there already is not told of twice."""
    given = raw.get("mail")
    return {lines.of("mail", key) for key in given} if isinstance(given, dict) else set()


def _section(name: str, given: Mapping[str, Any], lines: Lines, problems: list[Problem]) -> Any:
    kind = SECTIONS[name]
    readers = {each.name: each.metadata["read"] for each in fields(kind)}
    found: dict[str, Any] = {}
    for key, value in given.items():
        line = lines.of(name, key)
        if key not in readers:
            problems.append(Problem(line, _unknown(key, list(readers))))
            continue
        try:
            found[key] = readers[key](value)
        except values.Wrong as wrong:
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


def _platforms(given: Mapping[str, Any], lines: Lines, problems: list[Problem]) -> tuple[Platform, ...]:
    """Every ``[adapters.x]`` that is switched on."""
    found = []
    for name, section in given.items():
        line = lines.of("adapters", name)
        if name not in platforms.KEYS:
            known = [f"[adapters.{each}]" for each in platforms.KEYS]
            problems.append(Problem(line, _unknown(name, known, "[adapters.{}]")))
        elif not isinstance(section, dict):
            words = say("[adapters.{name}] 要写成一节", "[adapters.{name}] must be a section", name=name)
            problems.append(Problem(line, words))
        else:
            platform, wrong = platforms.read(name, section)
            for key, what in wrong:
                problems.append(
                    Problem(lines.of("adapters", name, key), what or _unknown(key, [*platforms.KEYS[name]]))
                )
            if platform.enabled:
                found.append(platform)
    return tuple(found)
