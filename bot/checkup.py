"""``jindu check``: is everything there that a start needs? Each finding that is not well says what to do.

It changes nothing, and a bot at work does not disturb it.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from errno import EADDRINUSE
from pathlib import Path

from bot import private
from bot.clock import SystemClock
from bot.config import Config
from bot.faults import reason_of
from bot.fonts import chinese_font, emoji_font
from bot.platforms import TITLES
from chat.findings import Finding, bad, look, well
from chat.frozen import frozen
from chat.ports import Health
from chat.text import Locale, Text, say, verbatim
from commands import conditions
from planning.calendar import Calendar
from storage.database import held_by_another, reading
from storage.errors import Lost, StatementFailed
from storage.migrations import REVISIONS

LITTLE_SPACE = 200 * 1024 * 1024
"""Bytes free below which an admin should know."""
OLDEST_SQLITE = (3, 35, 0)


@frozen
class Found:
    """``platform``: which one it is about; "" for the program and its machine."""

    finding: Finding
    platform: str = ""

    @property
    def text(self) -> Text:
        if not self.platform:
            return self.finding.text
        on = TITLES.get(self.platform, verbatim(self.platform))
        return say("{on}：{what}", "{on}: {what}", on=on, what=self.finding.text)


def checkup(config: Config, locale: Locale, tell: Callable[[str], None]) -> int:
    """Print every finding; 1 when something will not work."""
    return report([Found(one) for one in findings(config)], locale, tell)


def report(found: Sequence[Found], locale: Locale, tell: Callable[[str], None]) -> int:
    """Each on its line, and a count; 1 when something will not work."""
    for each in found:
        tell(f"{each.finding.mark} {each.text.render(locale)}")
    counts = {mark: sum(each.finding.mark == mark for each in found) for mark in ("✓", "!", "✗")}
    summary = say(
        "检查 {all} 项：{good} 正常 {look} 注意 {bad} 不行",
        "{all} checks: {good} well, {look} to look at, {bad} bad",
        all=len(found),
        good=counts["✓"],
        look=counts["!"],
        bad=counts["✗"],
    )
    tell(summary.render(locale))
    return 1 if counts["✗"] else 0


def findings(config: Config) -> Iterator[Finding]:
    yield well("config", say("配置读通了", "Configuration reads well"))
    yield _sqlite()
    yield _folder(config.data)
    yield from _modes(config)
    yield _space(config.data)
    yield _server(config) if config.server else _database(config.database)
    yield _port(config)
    yield _token(config)
    yield conditions.zone_known(config.room.zone)
    yield from _calendar()
    yield from conditions.fonts(Health(font=chinese_font(), emoji=emoji_font()))


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    driver = sqlite3.connect(":memory:")
    try:
        full_text = driver.execute("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'")
        usable = sqlite3.sqlite_version_info >= OLDEST_SQLITE and full_text.fetchone() is not None
    finally:
        driver.close()
    if usable:
        return well("sqlite", say("SQLite {version}", "SQLite {version}", version=version))
    return bad(
        "sqlite",
        say(
            "SQLite {version} 太旧或没有全文检索（要 3.35 以上、带 FTS5）：换一个新一点的 Python",
            "SQLite {version} is too old or lacks full-text search (3.35 with FTS5 is needed): use a newer Python",
            version=version,
        ),
    )


def _folder(folder: Path) -> Finding:
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    path = str(folder)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        new = "" if there == folder else "（启动时新建）"
        return well(
            "folder",
            say("数据目录 {path}{new}", "Data folder {path}{newly}", path=path, new=new, newly=" (new)" * bool(new)),
        )
    return bad(
        "folder",
        say(
            "数据目录 {path} 写不了：给当前用户写权限，或者用 --data 换一个",
            "The data folder {path} cannot be written: give this user the right, or choose another with --data",
            path=path,
        ),
    )


def _modes(config: Config) -> Iterator[Finding]:
    """What others of this machine could read."""
    exposed = private.exposed(config.data, config.database)
    if config.file is not None and private.loose(config.file) and private.holds(config.file, config.secrets):
        exposed.append(config.file)
    if exposed:
        yield look(
            "modes",
            say(
                "这台机器上的别人读得到 {n} 处，例如 {path}。改成只有自己能读：chmod -R go= {path}",
                "Others of this machine can read {n} files, e.g. {path}. Keep them to yourself: chmod -R go= {path}",
                n=len(exposed),
                path=str(exposed[0]),
            ),
        )
    elif config.data.exists():
        yield well("modes", say("数据只有当前用户能读", "Only this user can read the data"))


def _space(folder: Path) -> Finding:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    size = f"{free / 1024**3:.1f} GB"
    if free >= LITTLE_SPACE:
        return well("disk", say("磁盘还有 {size}", "{size} of disk space left", size=size))
    return look("disk", say("磁盘只剩 {size}，请腾出空间", "Only {size} of disk space left; free some", size=size))


def _server(config: Config) -> Finding:
    from storage.pg import PgDatabase
    from storage.pg_schema import version

    name = config.where
    try:
        connection = PgDatabase(config.server).connect()
        found = version(connection)
        connection.close()
    except (Lost, StatementFailed) as error:
        return bad(
            "database",
            say(
                "数据库 {name} 连不上（{why}）：检查 storage.url、网络和 PostgreSQL 是否开着",
                "The database {name} cannot be reached ({why}): check storage.url, the network and PostgreSQL",
                name=name,
                why=str(error).strip().splitlines()[0],
            ),
        )
    if found is None:
        return well(
            "database", say("数据库 {name} 是空的，启动时建表", "{name} is empty: the start fills it", name=name)
        )
    return _schema(name, found)


def _database(path: Path) -> Finding:
    name = str(path)
    if not path.exists():
        return well("database", say("数据库还没有，启动时新建", "No database yet; the start makes it"))
    if held_by_another(path):
        return well(
            "database", say("数据库 {name}：机器人正在用", "Database {name}: a bot is at work on it", name=name)
        )
    try:
        version, health = reading(path)
    except sqlite3.Error as error:
        return bad(
            "database",
            say(
                "数据库 {name} 读不了（{why}）：用备份换回它，或者换一个数据目录",
                "The database {name} cannot be read ({why}): restore it or choose another data folder",
                name=name,
                why=str(error),
            ),
        )
    if health != "ok":
        words = say("数据库 {name} 坏了（{why}）：用备份换回它", "The database {name} is damaged ({why}): restore it")
        return bad("database", Text(words.zh, words.en, {"name": name, "why": health}))
    return _schema(name, version)


def _schema(name: str, version: str | None) -> Finding:
    if version == REVISIONS[-1]:
        return well("database", say("数据库 {name}，结构最新", "Database {name}, schema up to date", name=name))
    if version in REVISIONS:
        words = say("数据库结构 {version}，启动时升级（或 jindu migrate）", "Schema {version}: the start upgrades it")
        return look("database", Text(words.zh, words.en, {"version": version}))
    return bad(
        "database",
        say(
            "数据库 {name} 不是这一版能用的（结构 {version}）：升级程序，或者换一个数据目录",
            "The database {name} is not for this version (schema {version}): upgrade, or choose another data folder",
            name=name,
            version=version or "—",
        ),
    )


def _port(config: Config) -> Finding:
    where = f"{config.room.host}:{config.room.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            config.room.host, config.room.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == EADDRINUSE and held_by_another(config.database):
            return well("port", say("{where}：机器人正在用", "{where}: the bot is at work", where=where))
        return bad(
            "port",
            say(
                "聊天室用不了 {where}（{why}）：换 room.host / room.port，或者停掉占用它的程序",
                "The room cannot have {where} ({why}): change room.host / room.port or stop what uses it",
                where=where,
                why=reason_of(error),
            ),
        )
    return well("port", say("聊天室地址 {where}", "Room address {where}", where=where))


def _token(config: Config) -> Finding:
    if not config.room.open_to_others:
        return well("token", say("聊天室只有本机能打开", "Only this machine can open the room"))
    if config.room.token.value:
        return well("token", say("别人能打开聊天室，要口令", "Others can open the room with the token"))
    return look(
        "token",
        say(
            "别人能打开聊天室；没配 room.token，启动时会自动造一个并打印出来",
            "Others can open the room; room.token is not set, so the start makes one and prints it",
        ),
    )


def _calendar() -> Iterator[Finding]:
    """This year must be known; from November on the next one should be."""
    today = SystemClock().now().date()
    calendar = Calendar("CN")
    years = [today.year] if today.month < 11 else [today.year, today.year + 1]
    unknown = [year for year in years if not calendar.known(year)]
    yield from conditions.years(unknown)
    if not unknown:
        yield conditions.holidays()
