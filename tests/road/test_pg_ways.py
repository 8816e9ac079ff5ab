"""What PostgreSQL is asked, and how often the road to it is gone."""

from __future__ import annotations

import select
from typing import Any

import psycopg
import pytest

from storage.alike import MOST, _free, _owned
from storage.errors import Lost
from storage.pg import DIALECT, PgConnection, PgDatabase
from storage.projects import _scene, scene_ahead
from storage.statement import Statement
from storage.transaction import Tx
from tests.postgres import Server

ROWS = {
    "project_id": "1 + n % 50", "number": "n", "title": "'T' || n", "owner_id": "CASE WHEN n / 50 % 2 = 0 THEN 1 END",
}  # fmt: skip
NEEDED = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_name = 'task' AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
"""


def fill(connection: psycopg.Connection) -> None:
    """Thirty thousand open tasks in fifty projects."""
    connection.execute("SET session_replication_role = replica")
    needed = {name: "''" if kind == "character varying" else "0" for name, kind in connection.execute(NEEDED)}
    values = {**needed, **ROWS}
    words = (
        f"INSERT INTO task ({', '.join(values)}) SELECT {', '.join(values.values())} FROM generate_series(1, 30000) n"
    )
    connection.execute(words.encode())
    connection.execute("ANALYZE task")


@pytest.mark.parametrize(("statement", "owner"), [(_free, ""), (_owned, ", 1")])
def test_the_newest_of_many_open_tasks_are_read_alone(postgres: Server, statement: Statement, owner: str) -> None:
    """A repetition is looked for among twelve, whether the project has a hundred tasks or a hundred thousand."""
    address = postgres.fresh()
    sql, constants, order = statement.numbered(DIALECT)
    values = {"project": "1", "whose": "1", "p0": "'a'", "p1": "'b'", "p2": "'c'"}
    values |= {name: str(value) for name, value in constants.items()}
    assert owner or "whose" not in order
    with psycopg.connect(PgDatabase(address).conninfo) as connection:
        fill(connection)
        for number in range(len(order), 0, -1):
            sql = sql.replace(f"${number}", values[order[number - 1]])
        row = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}".encode()).fetchone()
        connection.rollback()
    postgres.back(address)
    assert row is not None
    assert looked_at(row[0][0]["Plan"]) <= 2 * MOST


def looked_at(node: dict[str, Any]) -> int:
    """Rows that were read from a table, in this part of a plan and those below it."""
    below = sum(map(looked_at, node.get("Plans", ())))
    mine = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if "Relation Name" in node else 0
    return int(mine * node["Actual Loops"] + below)


class Road:
    """Counts how often somebody waits for an answer."""

    def __init__(self, connection: PgConnection) -> None:
        self.waits = 0
        asked = connection.link._ask_for_answers

        def counted() -> None:
            self.waits += 1
            asked()

        connection.link._ask_for_answers = counted  # type: ignore[method-assign]


def test_what_is_asked_ahead_travels_with_the_question_before_it(postgres: Server) -> None:
    address = postgres.fresh()
    connection = PgDatabase(address).connect()
    road, other, tx = Road(connection), _free, Tx(connection)
    connection.strict = False
    connection.begin(set())
    scene_ahead(tx, "post", "g1", "u1")
    tx.rows(other, project=1, p0="a", p1="b", p2="c")
    assert tx.row(_scene, on="post", chat="g1", who="u1") is None
    assert road.waits == 1
    assert tx.row(_scene, on="post", chat="g1", who="u1") is None
    assert road.waits == 2, "asked again it is read again"
    scene_ahead(tx, "post", "g1", "u1")
    connection.queue(b"SAVEPOINT thing")
    tx.row(_scene, on="post", chat="g1", who="u1")
    assert road.waits == 3
    scene_ahead(tx, "post", "g1", "u1")
    tx.row(_scene, on="post", chat="g1", who="u2")
    assert road.waits == 4, "of somebody else"
    connection.rollback()
    connection.close()
    postgres.back(address)


def test_a_lost_connection_tells_why_the_server_ended_it(postgres: Server) -> None:
    """As it does when a thing has held a transaction open for too long; the driver speaks of pipelines."""
    address = postgres.fresh()
    connection = PgDatabase(address).connect()
    connection.begin(set())
    number = connection.command("SELECT pg_backend_pid()").fetchall()[0][0]
    with psycopg.connect(PgDatabase(address).conninfo, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [number])
    poll = select.poll()
    poll.register(connection.link._socket, select.POLLIN)
    poll.poll()
    for _ in range(2):
        with pytest.raises(Lost, match=r"^terminating connection due to administrator command$"):
            connection.command("SELECT 1")
    connection.close()
    postgres.back(address)
