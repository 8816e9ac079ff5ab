"""The schema and its history: one history, two ways to the same place, and refusals that change nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storage.database import MEMORY, Database
from storage.ddl import HEAD, Prepared
from storage.errors import NotOurs, TooNew
from storage.migrations import FOLDER, REVISIONS, alembic_road
from storage.schema import prepare

HOW = "the tables changed: run `make migration`"


def schema(path: Path) -> dict[str, list[str]]:
    """{name: the lines of its statement}; constraints in any order, which is all that Alembic changes."""
    books = sqlite3.connect(path)
    rows = books.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    books.close()
    return {name: sorted(line.strip().rstrip(",").strip() for line in sql.splitlines()) for name, sql in rows}


def make(path: Path) -> Prepared:
    database = Database(path)
    connection = database.connect()
    try:
        return prepare(database, connection)
    finally:
        connection.close()
        database.close()


def test_made_at_once_and_made_by_migrations_are_the_same(tmp_path: Path) -> None:
    assert make(tmp_path / "once.db") == Prepared(None, HEAD)
    alembic_road.upgrade(alembic_road.sqlite(str(tmp_path / "steps.db")))
    assert schema(tmp_path / "once.db") == schema(tmp_path / "steps.db"), HOW


def test_migrations_arrive_at_the_declared_tables(tmp_path: Path) -> None:
    alembic_road.upgrade(alembic_road.sqlite(str(tmp_path / "a.db")))
    assert alembic_road.differences(alembic_road.sqlite(str(tmp_path / "a.db"))) == [], HOW


def test_every_step_can_be_undone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    alembic_road.upgrade(alembic_road.sqlite(str(path)))
    alembic_road.downgrade(alembic_road.sqlite(str(path)), "base")
    assert set(schema(path)) == {"alembic_version"}
    alembic_road.upgrade(alembic_road.sqlite(str(path)))
    assert alembic_road.differences(alembic_road.sqlite(str(path))) == []


def test_the_history_is_one_line_and_named_by_its_files() -> None:
    parents = {}
    for path in (FOLDER / "versions").glob("*.py"):
        found = dict(
            line.split(" = ")
            for line in path.read_text().splitlines()
            if line.startswith(("revision", "down_revision"))
        )
        parents[found["revision"].strip('"')] = found["down_revision"].strip('"')
        assert path.name.startswith(found["revision"].strip('"') + "_")
    assert tuple(sorted(parents)) == REVISIONS
    assert [parents[each] for each in REVISIONS] == ["None", *REVISIONS[:-1]]


def test_an_up_to_date_database_costs_one_question(tmp_path: Path) -> None:
    make(tmp_path / "a.db")
    database = Database(tmp_path / "a.db")
    connection = database.connect()
    asked: list[str] = []
    connection._driver.set_trace_callback(asked.append)
    assert prepare(database, connection) == Prepared(HEAD, HEAD)
    assert asked == ["SELECT version_num FROM alembic_version"]
    connection.close()
    database.close()


def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    make(path)
    books = sqlite3.connect(path)
    with books:
        books.execute("UPDATE alembic_version SET version_num = '9999'")
    books.close()
    before = schema(path)
    with pytest.raises(TooNew, match="9999"):
        make(path)
    assert schema(path) == before


def test_somebody_elses_file_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    books = sqlite3.connect(path)
    with books:
        books.execute("CREATE TABLE photos (id)")
    books.close()
    with pytest.raises(NotOurs):
        make(path)
    assert set(schema(path)) == {"photos"}


def test_a_start_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database = Database(path)
    connection = database.connect()
    connection.command("PRAGMA max_page_count = 9")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        prepare(database, connection)
    connection.close()
    database.close()
    assert schema(path) == {}
    assert make(path).before is None


def test_in_memory() -> None:
    database = Database(MEMORY)
    connection = database.connect()
    assert prepare(database, connection) == Prepared(None, HEAD)
    connection.close()
