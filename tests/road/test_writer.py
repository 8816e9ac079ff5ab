"""The one writer: groups, isolation, durability, and a disk that says no."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage.database import MEMORY, Database
from storage.errors import AlreadyOpen, Unstorable
from storage.schema import prepare
from storage.transaction import Tx
from storage.work import Door
from storage.writer import GROUP, GUARDED, SqliteWriter


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[SqliteWriter]:
    database = Database(tmp_path / "w.db")
    writer = SqliteWriter(database)
    writer.connection.command("CREATE TABLE line (words TEXT UNIQUE)")
    writer.start()
    yield writer
    await writer.close()
    database.close()


def put(words: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx._connection.command("INSERT INTO line VALUES (?)", (words,))
        return words

    return work


def lines(writer: SqliteWriter) -> list[str]:
    return [row[0] for row in writer.connection.command("SELECT words FROM line ORDER BY rowid")]


async def test_things_are_done_in_the_order_they_were_submitted(writer: SqliteWriter) -> None:
    wanted = [f"line {n}" for n in range(200)]
    assert await asyncio.gather(*(writer.submit(put(words)) for words in wanted)) == wanted
    assert lines(writer) == wanted


async def test_a_group_shares_one_commit(tmp_path: Path) -> None:
    database = Database(tmp_path / "group.db")
    writer = SqliteWriter(database, seconds=60)  # a machine that pauses must not split the group
    writer.connection.command("CREATE TABLE line (words TEXT UNIQUE)")
    writer.start()
    commits: list[str] = []
    writer.connection._driver.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
    await asyncio.gather(*(writer.submit(put(f"line {n}")) for n in range(GROUP)))
    assert len(commits) == 1
    await writer.close()
    database.close()


class Thing:
    """One that may write, and may fail afterwards; it counts how often it was done."""

    def __init__(self, words: str = "", *, fails: bool = False) -> None:
        self._words = words
        self._fails = fails
        self.done = 0

    def __call__(self, tx: Tx) -> None:
        self.done += 1
        if self._words:
            put(self._words)(tx)
        if self._fails:
            raise LookupError("mine alone")


async def together(writer: SqliteWriter, *things: Thing) -> list[int]:
    """How often each was done; a long group that one pause cannot split."""
    writer._seconds = 60
    await asyncio.gather(*(writer.submit(thing) for thing in things), return_exceptions=True)
    return [thing.done for thing in things]


async def test_what_failed_before_it_wrote_leaves_the_others_as_they_are(writer: SqliteWriter) -> None:
    assert await together(writer, Thing("a"), Thing(fails=True), Thing("b")) == [1, 1, 1]
    assert lines(writer) == ["a", "b"]


async def test_what_failed_after_it_wrote_has_its_group_done_once_more(writer: SqliteWriter) -> None:
    """What had not been begun is done once."""
    assert await together(writer, Thing("a"), Thing("x", fails=True), Thing("b")) == [2, 2, 1]
    assert lines(writer) == ["a", "b"]


async def test_after_that_things_are_guarded_one_by_one_for_a_while(writer: SqliteWriter) -> None:
    assert await together(writer, Thing("x", fails=True)) == [2]
    for _ in range(GUARDED // GROUP):
        assert await together(writer, *(Thing("x", fails=True) for _ in range(GROUP))) == [1] * GROUP
    assert await together(writer, Thing("x", fails=True)) == [2]
    assert lines(writer) == []


async def test_one_bad_thing_among_many_good_ones_fails_alone(writer: SqliteWriter) -> None:
    def bad(tx: Tx) -> None:
        put("half done")(tx)
        raise LookupError("mine alone")

    work: list[Callable[[Tx], object]] = [put(f"line {n}") for n in range(20)]
    work[7:7] = [bad]
    results = await asyncio.gather(*(writer.submit(each) for each in work), return_exceptions=True)
    assert [type(each) for each in results if isinstance(each, Exception)] == [LookupError]
    assert lines(writer) == [f"line {n}" for n in range(20)]


async def test_a_broken_constraint_is_the_things_own_mistake(writer: SqliteWriter) -> None:
    first, second, third = writer.submit(put("a")), writer.submit(put("a")), writer.submit(put("b"))
    assert await first == "a"
    with pytest.raises(sqlite3.IntegrityError):
        await second
    assert await third == "b"
    assert lines(writer) == ["a", "b"]


async def test_people_go_before_the_clock(writer: SqliteWriter) -> None:
    clock = [writer.submit(put(f"tick {n}"), Door.CLOCK) for n in range(3 * GROUP)]
    person = writer.submit(put("person"))
    await person
    assert not clock[-1].done()
    await asyncio.gather(*clock)
    assert lines(writer)[0] == "person"


async def test_a_crowd_does_not_stop_the_clock(writer: SqliteWriter) -> None:
    crowd = [writer.submit(put(f"person {n}")) for n in range(5 * GROUP)]
    await writer.submit(put("tick"), Door.CLOCK)
    assert not crowd[-1].done()
    await asyncio.gather(*crowd)


async def test_lazy_work_rides_along_or_comes_by_itself(writer: SqliteWriter) -> None:
    lazy = writer.submit(put("lazy"), Door.LAZY)
    await writer.submit(put("person"))
    assert lazy.done()
    assert await writer.submit(put("alone"), Door.LAZY) == "alone"


async def test_a_caller_who_gave_up_does_not_disturb_the_others(writer: SqliteWriter) -> None:
    gone, stays = writer.submit(put("gone")), writer.submit(put("stays"))
    gone.cancel()
    assert await stays == "stays"
    assert "stays" in lines(writer)


async def test_what_was_submitted_before_close_is_written(tmp_path: Path) -> None:
    database = Database(tmp_path / "w.db")
    writer = SqliteWriter(database)
    writer.connection.command("CREATE TABLE line (words TEXT)")
    writer.start()
    late = writer.submit(put("late"))
    await writer.close()
    assert await late == "late"
    database.close()


async def test_after_commit_the_courier_hears_in_order_and_only_of_what_happened() -> None:
    heard: list[Tx] = []
    database = Database(MEMORY)
    writer = SqliteWriter(database, heard.append)
    prepare(database, writer.connection)
    writer.start()

    def marks(tx: Tx) -> Tx:
        return tx

    def fails(tx: Tx) -> None:
        raise ValueError

    first, bad, last = writer.submit(marks), writer.submit(fails), writer.submit(marks)
    await asyncio.wait([first, bad, last])
    assert heard == [first.result(), last.result()]
    assert isinstance(bad.exception(), ValueError)
    await writer.close()


async def test_a_full_disk_refuses_everything_waiting_and_later_work_goes_on(writer: SqliteWriter) -> None:
    await writer.submit(put("before"))
    pages = writer.connection.command("PRAGMA page_count").fetchone()[0]
    writer.connection.command(f"PRAGMA max_page_count = {pages}")
    refused = [writer.submit(put("x" * 50_000 + str(n))) for n in range(3)]
    for each in refused:
        with pytest.raises(Unstorable):
            await each
    assert lines(writer) == ["before"]
    writer.connection.command("PRAGMA max_page_count = 1000000")
    assert await writer.submit(put("after")) == "after"
    assert lines(writer) == ["before", "after"]


async def test_a_file_that_became_read_only_refuses(writer: SqliteWriter) -> None:
    writer.connection.command("PRAGMA query_only = ON")
    with pytest.raises(Unstorable):
        await writer.submit(put("never"))
    writer.connection.command("PRAGMA query_only = OFF")
    assert lines(writer) == []


def test_two_processes_never_share_a_file(tmp_path: Path) -> None:
    first = Database(tmp_path / "w.db")
    with pytest.raises(AlreadyOpen):
        Database(tmp_path / "w.db")
    first.close()
    Database(tmp_path / "w.db").close()


async def test_a_defect_after_commit_ends_the_writer_loudly() -> None:
    def fail(_: Tx) -> None:
        raise KeyError("a defect")

    writer = SqliteWriter(Database(MEMORY), fail)
    writer.start()
    writer.submit(lambda tx: None)
    with pytest.raises(KeyError):
        await writer.running
    with pytest.raises(KeyError):
        await writer.close()


async def test_what_several_ask_for_at_the_end_is_done_once(tmp_path: Path) -> None:
    database = Database(tmp_path / "ends.db")
    writer = SqliteWriter(database, seconds=60)
    writer.connection.command("CREATE TABLE line (words TEXT UNIQUE)")
    writer.start()

    def asks(number: int) -> Callable[[Tx], str]:
        def work(tx: Tx) -> str:
            tx.at_end("card", lambda: void(put(f"card after {number}")(tx)))
            if number == 5:
                raise LookupError("undone with all it asked for")
            return put(f"line {number}")(tx)

        return work

    await asyncio.gather(*(writer.submit(asks(number)) for number in range(6)), return_exceptions=True)
    assert lines(writer) == [*(f"line {n}" for n in range(5)), "card after 4"]
    await writer.close()
    database.close()


async def test_a_defect_at_the_end_undoes_nothing_else(writer: SqliteWriter) -> None:
    def work(tx: Tx) -> str:
        def broken() -> None:
            put("half done")(tx)
            raise LookupError("no card")

        tx.at_end("card", broken)
        return put("decided")(tx)

    assert await writer.submit(work) == "decided"
    assert lines(writer) == ["decided"]


async def test_what_a_thing_changed_is_forgotten_with_it(tmp_path: Path) -> None:
    """Things of one COMMIT tell each other what they read; who is undone has told nothing."""
    database = Database(tmp_path / "kept.db")
    writer = SqliteWriter(database, seconds=60)
    writer.start()
    found: list[object] = []

    def bad(tx: Tx) -> None:
        tx.keep("read", 1)
        tx.change("changed", 2)
        raise LookupError

    def good(tx: Tx) -> None:
        found.extend((tx.kept("read"), tx.kept("changed")))

    await asyncio.gather(writer.submit(bad), writer.submit(good), return_exceptions=True)
    await writer.submit(good)
    assert found == [1, None, None, None]
    await writer.close()
    database.close()


def void(_: object) -> None:
    """What is done at the end has no result."""
