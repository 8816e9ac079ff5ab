"""``jindu migrate --to``: all the books into another database, compared row by row; the old ones stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot import values
from bot.config import Config
from bot.faults import BAD_USE, Fault
from bot.serve import open_database, unusable
from chat.text import Locale, Text, say
from storage import copying
from storage.copying import Copied, Differs, NotEmpty
from storage.errors import DatabaseError, NotOurs, TooNew
from storage.schema import prepare
from storage.stores import Store


def move(config: Config, to: str, locale: Locale, tell: Callable[[str], None]) -> int:
    """Raises Fault; then the target is as it was."""
    source, target = _open(config, to)
    try:
        for store in (source, target):
            _alone(store)

        def one(done: Copied) -> None:
            if done.rows:
                words = say("  {table}：{n} 行，校验 {sum}", "  {table}: {n} rows, checksum {sum}")
                data = {"table": done.table, "n": done.rows, "sum": done.checksum}
                tell(Text(words.zh, words.en, data).render(locale))

        done = copying.copy(source, target, one)
    except NotEmpty as full:
        raise Fault(
            say(
                "{path} 里已经有数据（{table}），没有动它。换一个空的库。",
                "{path} holds books already ({table}) and was left alone. Choose an empty database.",
                path=target.path,
                table=str(full),
            )
        ) from None
    except Differs as error:
        raise Fault(
            say(
                "{table} 搬过去后对不上，已全部撤回，两边都和原来一样。请再试一次；还是这样就把这句话告诉我们。",
                "{table} did not arrive as it was sent; everything was taken back. Try again; tell us if it stays so.",
                table=str(error),
            )
        ) from None
    except DatabaseError as error:
        raise unusable(target.path, error) from error
    finally:
        source.close()
        target.close()
    count, rows = sum(1 for each in done if each.rows), sum(each.rows for each in done)
    said = say(
        "已搬好：{tables} 张表、{rows} 行，行数和校验逐表一致。把 storage.url 改成新地址再启动；原来的数据还在 {old}。",
        "Copied: {tables} tables, {rows} rows, counts and checksums equal. Set storage.url to the new address and "
        "start; the old books are still in {old}.",
        tables=count,
        rows=rows,
        old=source.path,
    )
    tell(said.render(locale))
    return 0


def _open(config: Config, to: str) -> tuple[Store, Store]:
    """Both with this version's schema."""
    try:
        address = values.database(to)
    except values.Wrong as wrong:
        about = wrong.text
        raise Fault(Text(f"--to {about.zh}", f"--to {about.en}", about.data), BAD_USE) from None
    place: Path | str = address if address.startswith(values.SERVERS) else config.base / Path(address).expanduser()
    if str(place) == str(config.books):
        raise Fault(
            say("--to 就是现在用的库，没有什么可搬的。", "--to names the database in use; there is nothing to copy."),
            BAD_USE,
        )
    if not config.server and not config.database.exists():
        raise Fault(
            say(
                "{path} 不存在，没有数据可搬。用 --config 或 --data 指到原来的数据。",
                "{path} does not exist, so there is nothing to copy. Point --config or --data to your books.",
                path=config.where,
            )
        )
    source = open_database(config.books)
    target: Store | None = None
    try:
        prepare(source)
        target = open_database(place)
        prepare(target)
    except (TooNew, NotOurs, *DatabaseError) as error:
        source.close()
        if target is not None:
            target.close()
        raise unusable((target or source).path, error) from error
    except Fault:
        source.close()
        raise
    return source, target


def _alone(store: Store) -> None:
    if hosts := copying.at_work(store):
        raise Fault(
            say(
                "还有机器人在用 {path}（{hosts}）。先停掉它们再搬。",
                "Bots are at work on {path} ({hosts}). Stop them first.",
                path=store.path,
                hosts="、".join(hosts),
            )
        )
