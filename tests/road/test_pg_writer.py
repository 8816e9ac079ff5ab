"""The writer on PostgreSQL: groups, isolation, and a server that kills, deadlocks, or goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import BigInteger, String, bindparam, text

from storage.errors import StatementFailed, Unstorable
from storage.pg import PgDatabase
from storage.pg_hand import GROUP
from storage.pg_writer import PgWriter
from storage.statement import Statement
from storage.transaction import Tx
from storage.work import Door
from tests.postgres import Server

WORDS = bindparam("words", type_=String)
PUT = Statement(text("SELECT 1"), postgresql=text("INSERT INTO line (words) VALUES (:words)").bindparams(WORDS))
ADD = Statement(
    text("SELECT 1"),
    postgresql=text("UPDATE tally SET count = count + 1 WHERE id = :id RETURNING count").bindparams(
        bindparam("id", type_=BigInteger)
    ),
)
LINES = Statement(text("SELECT 1"), postgresql=text("SELECT words FROM line ORDER BY id"))
TALLY = Statement(text("SELECT 1"), postgresql=text("SELECT count FROM tally ORDER BY id"))


@pytest.fixture
async def database(postgres: Server) -> PgDatabase:
    address = postgres.empty()
    connection = PgDatabase(address).connect()
    connection.command("CREATE TABLE line (id BIGSERIAL, words VARCHAR UNIQUE)")
    connection.command("CREATE TABLE tally (id BIGINT PRIMARY KEY, count BIGINT)")
    connection.command("INSERT INTO tally SELECT n, 0 FROM generate_series(1, 2) AS n")
    connection.close()
    return PgDatabase(address, 3)


@pytest.fixture
async def writers(database: PgDatabase) -> AsyncIterator[tuple[PgWriter, PgWriter]]:
    """Two processes' worth."""
    both = PgWriter(database), PgWriter(database)
    for writer in both:
        writer.start()
    yield both
    for writer in both:
        await writer.close()


@pytest.fixture
def writer(writers: tuple[PgWriter, PgWriter]) -> PgWriter:
    return writers[0]


def put(words: str, *, look: bool = False) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        if look:
            tx.run(PUT, words=words)
        else:
            tx.do(PUT, words=words)
        return words

    return work


async def lines(writer: PgWriter) -> list[str]:
    return [row[0] for row in await writer.submit(lambda tx: tx.rows(LINES))]


async def tally(writer: PgWriter) -> list[int]:
    return [row[0] for row in await writer.submit(lambda tx: tx.rows(TALLY))]


async def test_things_of_a_lane_are_done_in_their_order(writer: PgWriter) -> None:
    wanted = [f"line {n}" for n in range(3 * GROUP)]
    assert await asyncio.gather(*(writer.submit(put(words), lane="a chat") for words in wanted)) == wanted
    assert await lines(writer) == wanted


async def test_a_process_that_hangs_in_the_middle_of_a_transaction_holds_nobody_up(
    database: PgDatabase, writer: PgWriter
) -> None:
    """The server ends what only waits; a Flush without a Sync would look like work to it."""
    hanging = database.connect()
    hanging.command("SET idle_in_transaction_session_timeout = '50ms'")
    hanging.begin(set())
    assert hanging.execute(ADD, {"id": 1}).fetchone() == (1,)
    assert await writer.submit(lambda tx: tx.row(ADD, id=1)) == (1,)
    hanging.close()


@pytest.mark.parametrize("look", [True, False])
async def test_one_bad_thing_among_many_good_ones_fails_alone(writer: PgWriter, look: bool) -> None:
    """Its failure may only show when a later one asks something."""
    first = writer.submit(put("twice"))
    work = [put(f"line {n}") for n in range(10)]
    work[4:4] = [put("twice", look=look)]
    results = await asyncio.gather(*(writer.submit(each) for each in work), return_exceptions=True)
    assert await first == "twice"
    failed = [each for each in results if isinstance(each, Exception)]
    assert [type(each) for each in failed] == [StatementFailed]
    assert sorted(await lines(writer)) == sorted(["twice", *(f"line {n}" for n in range(10))])


async def test_a_mistake_of_its_own_undoes_the_thing_alone(writer: PgWriter) -> None:
    def bad(tx: Tx) -> None:
        tx.do(PUT, words="half done")
        raise LookupError("mine alone")

    before, wrong, after = writer.submit(put("a")), writer.submit(bad), writer.submit(put("b"))
    with pytest.raises(LookupError):
        await wrong
    assert (await before, await after) == ("a", "b")
    assert await lines(writer) == ["a", "b"]


async def test_who_waits_in_a_circle_is_done_again(writers: tuple[PgWriter, PgWriter]) -> None:
    """Two processes change the same rows in opposite orders: the server stops one of them, which goes again."""

    def both(first: int, second: int) -> Callable[[Tx], int]:
        def work(tx: Tx) -> int:
            tx.value(ADD, id=first)
            return int(tx.value(ADD, id=second))

        return work

    one, other = writers
    jobs = []
    for n in range(40):
        jobs += [one.submit(both(1, 2), lane=f"a{n}"), other.submit(both(2, 1), lane=f"b{n}")]
    await asyncio.gather(*jobs)
    assert await tally(one) == [80, 80]


async def test_a_project_is_one_things_at_a_time(writers: tuple[PgWriter, PgWriter]) -> None:
    """Read, reckon, write: right even though nothing in the statements says so."""
    read = Statement(text("SELECT 1"), postgresql=text("SELECT count FROM tally WHERE id = 1"))
    write = Statement(
        text("SELECT 1"),
        postgresql=text("UPDATE tally SET count = :n WHERE id = 1").bindparams(bindparam("n", type_=BigInteger)),
    )

    def work(tx: Tx) -> None:
        tx.hold(17)
        tx.do(write, n=tx.value(read) + 1)

    await asyncio.gather(*(writers[n % 2].submit(work, lane=f"chat {n % 9}") for n in range(200)))
    assert await tally(writers[0]) == [200, 0]


async def test_people_go_before_the_clock(writer: PgWriter) -> None:
    clock = [writer.submit(put(f"tick {n}"), Door.CLOCK) for n in range(4 * GROUP)]
    person = writer.submit(put("person"))
    await person
    assert not clock[-1].done()
    await asyncio.gather(*clock)


async def test_a_crowd_does_not_stop_the_clock(writer: PgWriter) -> None:
    crowd = [writer.submit(put(f"person {n}")) for n in range(5 * GROUP)]
    await writer.submit(put("tick"), Door.CLOCK)
    assert not crowd[-1].done()
    await asyncio.gather(*crowd)


async def test_a_connection_that_is_cut_refuses_and_is_made_again(writer: PgWriter, database: PgDatabase) -> None:
    await writer.submit(put("before"))
    admin = database.connect()
    admin.command("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                  "AND datname = current_database()")  # fmt: skip
    admin.close()
    results = await asyncio.gather(*(writer.submit(put(f"line {n}")) for n in range(5)), return_exceptions=True)
    assert all(isinstance(each, (str, Unstorable)) for each in results)
    assert await writer.submit(put("after")) == "after"
    kept = [each for each in results if isinstance(each, str)]
    assert await lines(writer) == ["before", *kept, "after"], "what was refused is not there, what was told is"


async def test_a_server_that_is_down_refuses_at_once_and_is_found_again() -> None:
    server = Server()
    database = PgDatabase(server.empty(), 2)
    connection = database.connect()
    connection.command("CREATE TABLE line (id BIGSERIAL, words VARCHAR UNIQUE)")
    connection.close()
    writer = PgWriter(database)
    writer.start()
    await writer.submit(put("before"))
    await asyncio.to_thread(server.stop, "fast")
    with pytest.raises(Unstorable):
        await writer.submit(put("never"))
    with pytest.raises(Unstorable):
        await writer.submit(put("never"), lane="elsewhere")
    await asyncio.to_thread(server.start)
    assert await writer.submit(put("after")) == "after"
    assert await lines(writer) == ["before", "after"]
    await writer.close()
    await asyncio.to_thread(server.close)


async def test_what_was_submitted_before_close_is_written(database: PgDatabase) -> None:
    writer = PgWriter(database)
    writer.start()
    late = writer.submit(put("late"))
    await writer.close()
    assert await late == "late"


async def test_a_defect_after_commit_ends_the_writer_loudly(database: PgDatabase) -> None:
    def fail(_: Tx) -> None:
        raise KeyError("a defect")

    writer = PgWriter(database, fail)
    writer.start()
    writer.submit(put("x"))
    with pytest.raises(KeyError):
        await writer.running
    with pytest.raises(KeyError):
        await writer.close()


async def test_a_thousand_characters_and_none_at_all(writer: PgWriter) -> None:
    """What a text cannot hold is left out; the rest arrives as it was sent."""
    await writer.submit(put("a\0b"))
    await writer.submit(put("x" * 200_000 + "'\\\"%s$1"))
    await writer.submit(put("👩‍💻 \u202e 汉字"))
    assert await lines(writer) == ["ab", "x" * 200_000 + "'\\\"%s$1", "👩‍💻 \u202e 汉字"]
