"""The books for a command beside a bot at work: what can go wrong with them is said in one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.config import Config
from bot.faults import Fault
from chat.text import say
from storage.errors import DatabaseError
from storage.stores import changing, looking
from storage.transaction import Tx


@contextmanager
def books(config: Config, *, change: bool = False) -> Iterator[Tx]:
    """To read, or for one short change. Raises Fault: they are not there, or cannot be read."""
    try:
        with (changing if change else looking)(config.books) as tx:
            yield tx
    except FileNotFoundError:
        raise Fault(
            say(
                "还没有数据：{path} 不存在。用 --data 指到数据目录。",
                "There are no books: {path} does not exist. Point --data at the data.",
                path=config.where,
            )
        ) from None
    except DatabaseError as error:
        raise Fault(
            say(
                "读不了数据：{why}。结构旧了就先 jindu migrate。",
                "The books cannot be read: {why}. If they are of an older version, run jindu migrate first.",
                why=str(error),
            )
        ) from error
