"""``jindu backup`` and ``jindu restore``: a copy now, and the way back to one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import backup as copies
from bot.backup import Backups, BadCopy, Copy
from bot.clock import SystemClock
from bot.config import Config
from bot.faults import Fault, reason_of
from bot.serve import open_database
from chat.text import Locale, Text, say

Tell = Callable[[str], None]
_DAMAGE = {
    "unable to open database file": say("打不开这个文件", "it cannot be opened"),
    "file is not a database": say("它不是 Jindu 的备份", "it is no copy of Jindu's"),
    "database disk image is malformed": say("文件坏了", "the file is damaged"),
    "schema —": say("它不是 Jindu 的备份", "it is no copy of Jindu's"),
}
"""By what SQLite says of a file."""


def backup(config: Config, path: Path | None, locale: Locale, tell: Tell) -> int:
    """Copy the books to ``path``, or to the folder of the nightly copies. Raises Fault."""
    _not_on_a_server(config)
    database = config.database
    if not database.exists():
        raise Fault(
            say(
                "还没有数据可备份：{path} 不存在。先 jindu run 一次，或者用 --data 指到数据目录。",
                "There is nothing to copy: {path} does not exist. Run jindu run once, or point --data at the data.",
                path=str(database),
            )
        )
    if path is not None and path.exists():
        raise Fault(
            say("{path} 已经有了，不覆盖。换个名字。", "{path} exists and is not overwritten. Choose another name.",
                path=str(path))
        )  # fmt: skip
    try:
        if path is None:
            copy = Backups(database, config.data / "backup").make(SystemClock().now())
        else:
            copy = copies.copy_to(database, path)
    except (OSError, sqlite3.Error, BadCopy) as error:
        raise Fault(
            say(
                "没备份成：{why}。检查磁盘空间和目录权限；数据没有改动。",
                "No copy was made: {why}. Check disk space and permissions; the books were not changed.",
                why=_why(error),
            )
        ) from error
    said = say(
        "已备份并核对：{path}（{rows} 行，{size} MB）", "copied and verified: {path} ({rows} rows, {size} MB)",
        path=str(copy.path), rows=copy.rows, size=f"{copy.size / 1024**2:.1f}",
    )  # fmt: skip
    tell(said.render(locale))
    return 0


def restore(config: Config, path: Path, locale: Locale, tell: Tell) -> int:
    """Put a copy in the place of the books. Raises Fault; then nothing was changed."""
    _not_on_a_server(config)
    try:
        copy = copies.examine(path)
    except BadCopy as error:
        raise Fault(
            say(
                "不能从 {path} 恢复：{why}。换一份备份（都在 {folder}）；数据没有改动。",
                "Cannot restore from {path}: {why}. Use another copy (see {folder}); nothing was changed.",
                path=str(path),
                why=_not_a_copy(path, error),
                folder=str(config.data / "backup"),
            )
        ) from error
    database = open_database(config.database)  # nobody else may be at work on it
    try:
        aside = copies.restore(path, config.database, SystemClock().now())
    except (OSError, sqlite3.Error, BadCopy) as error:
        raise Fault(
            say(
                "没恢复成：{why}。原来的数据还在，没有改动。", "Not restored: {why}. The books are as they were.",
                why=_why(error),
            )
        ) from error  # fmt: skip
    finally:
        database.close()
    tell(_done(copy, aside, config.room.zone).render(locale))
    return 0


def _not_a_copy(path: Path, error: BadCopy) -> Text | str:
    if not path.exists():
        return say("没有这个文件", "there is no such file")
    if path.is_dir():
        return say("它是一个文件夹，写里面的一个文件", "it is a folder; name one of its files")
    return _DAMAGE.get(str(error), str(error))


def _not_on_a_server(config: Config) -> None:
    """A file that may lie about from before must not pass for the books. Raises Fault."""
    if config.server:
        raise Fault(
            say(
                "数据在 PostgreSQL（{where}），没有动任何文件。用它自己的工具：pg_dump 备份，pg_restore 恢复。",
                "The books are on PostgreSQL ({where}); no file was touched. Use its own tools: pg_dump, pg_restore.",
                where=config.where,
            )
        )


def _done(copy: Copy, aside: Path | None, zone: str) -> Text:
    at = f"{copy.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    if aside is None:
        return say(
            "已恢复到 {at} 的备份（{rows} 行）。", "Restored the copy of {at} ({rows} rows).", at=at, rows=copy.rows
        )  # fmt: skip
    return say(
        "已恢复到 {at} 的备份（{rows} 行）。恢复前的数据留在 {aside}。",
        "Restored the copy of {at} ({rows} rows). What was there before is kept as {aside}.",
        at=at,
        rows=copy.rows,
        aside=str(aside),
    )


def _why(error: Exception) -> Text | str:
    return reason_of(error) if isinstance(error, OSError) else str(error)
