"""What PostgreSQL is asked, and how often the road to it is gone."""

from __future__ import annotations

import psycopg
import pytest

from storage.pg import DIALECT, PgConnection, PgDatabase
from storage.projects import _scene, scene_ahead
from storage.statement import Statement
from storage.tasks import _alike_free, _alike_owned
from storage.transaction import Tx
from tests.postgres import Server

OPEN = """
INSERT INTO task (project_id, number, title, detail, owner_id, creator_id, state, progress, priority, stage, weight,
                  source, version, created_at)
SELECT 1 + n % 50, n, 'T' || n, '', CASE WHEN n / 50 % 2 = 0 THEN 1 END, 1, 'todo', 0, '', '', 1, '', 1, 0
FROM generate_series(1, 30000) AS n;
ANALYZE task
"""


@pytest.mark.parametrize(("statement", "owner"), [(_alike_free, ""), (_alike_owned, ", 1")])
def test_the_newest_of_many_open_tasks_are_read_alone(postgres: Server, statement: Statement, owner: str) -> None:
    """A repetition is looked for among twelve, whether the project has a hundred tasks or a hundred thousand."""
    address = postgres.fresh()
    sql, _, order = statement.numbered(DIALECT)
    values = {"project": "1", "whose": "1", "p0": "'a'", "p1": "'b'", "p2": "'c'", "param_1": "12", "position_1": "0"}
    assert owner or "whose" not in order
    with psycopg.connect(PgDatabase(address).conninfo) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(OPEN.encode())
        for number in range(len(order), 0, -1):
            sql = sql.replace(f"${number}", values.get(order[number - 1], "1"))
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {sql}".encode()))
        connection.rollback()
    postgres.back(address)
    assert "ix_task_open" in plan
    assert "Sort" not in plan


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
    road, other, tx = Road(connection), _alike_free, Tx(connection)
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
