"""The record of who did what: whole, or it says where it was tampered with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from storage import audit, schema
from storage.books import Books
from storage.database import Connection, Database
from storage.stores import looking
from storage.transaction import Tx

NOW = datetime(2026, 9, 18, 2, tzinfo=UTC)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    database = Database(tmp_path / "jindu.db")
    connection = database.connect()
    schema.prepare(database, connection)
    for number in range(5):
        books = Books(Tx(connection), f"room:m{number}", NOW, actor=None)
        books.audit(None, "settings.group", "done", f"zone=Asia/{number}")
    yield connection
    connection.close()
    database.close()


def _spoil(connection: Connection, words: str) -> None:
    connection._driver.execute(words)


def test_an_untouched_record_is_whole(connection: Connection) -> None:
    chain = audit.verify(Tx(connection))
    assert (chain.rows, chain.sound) == (5, True)
    assert len({record.seal for record in audit.records(Tx(connection))}) == 5
    assert chain.seal == list(audit.records(Tx(connection)))[-1].seal


@pytest.mark.parametrize(
    ("words", "broken", "short"),
    [
        ("UPDATE audit SET action = 'x' WHERE id = 2", 2, 0),
        ("UPDATE audit SET detail = 'x' WHERE id = 3", 3, 0),
        ("UPDATE audit SET person_id = 9 WHERE id = 4", 4, 0),
        ("UPDATE audit SET at = at + 1 WHERE id = 1", 1, 0),
        ("DELETE FROM audit WHERE id = 1", 2, 0),
        ("DELETE FROM audit WHERE id = 3", 4, 0),
        ("DELETE FROM audit WHERE id > 3", 0, 2),
        ("DELETE FROM audit", 0, 5),
        ("UPDATE audit SET id = 9 WHERE id = 2", 3, 0),
        ("INSERT INTO audit SELECT 6, at, key, project_id, person_id, action, outcome, detail, digest, seal "
         "FROM audit WHERE id = 5", 6, 0),
    ],
)  # fmt: skip
def test_whatever_is_done_to_it_shows(connection: Connection, words: str, broken: int, short: int) -> None:
    _spoil(connection, words)
    chain = audit.verify(Tx(connection))
    assert (chain.broken, chain.short) == (broken, short)


def test_details_can_be_erased_without_breaking_it(connection: Connection) -> None:
    _spoil(connection, "UPDATE audit SET detail = NULL WHERE id = 2")
    assert audit.verify(Tx(connection)).sound


def test_a_refused_thing_leaves_one_row_and_the_rest_goes_on(connection: Connection) -> None:
    connection.command("BEGIN IMMEDIATE")
    connection.command("SAVEPOINT thing")
    tx = Tx(connection)
    Books(tx, "room:m7", NOW).audit(None, "project.quit", "done")
    tx.restart()
    Books(tx, "room:m7", NOW).audit(None, "project.quit", "refused")
    connection.command("RELEASE thing")
    connection.command("COMMIT")
    chain = audit.verify(tx)
    assert (chain.rows, chain.sound) == (6, True)


def test_an_empty_record_is_whole(tmp_path: Path) -> None:
    database = Database(tmp_path / "empty.db")
    connection = database.connect()
    schema.prepare(database, connection)
    assert audit.verify(Tx(connection)).sound
    with pytest.raises(sqlite3.IntegrityError):
        _spoil(connection, "INSERT INTO audit_head VALUES (1, 0, ''), (1, 0, '')")
    connection.close()
    database.close()


Said = pytest.CaptureFixture[str]


def test_the_program_verifies_and_exports(tmp_path: Path, connection: Connection, capsys: Said) -> None:
    """Beside a bot at work: the file is held by another connection."""
    data = ["--data", str(tmp_path)]
    assert main(["audit", "verify", *data]) == 0
    assert "完整：5 行" in capsys.readouterr().out
    file = tmp_path / "who.csv"
    assert main(["audit", "export", str(file), *data]) == 0
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert (len(lines), lines[0].split(",")[0]) == (6, "id")
    _spoil(connection, "UPDATE audit SET action = 'x' WHERE id = 2")
    assert main(["audit", "verify", *data]) == 1
    assert "第 2 行被改过" in capsys.readouterr().out


def _rewritten(connection: Connection, first: int) -> None:
    """As somebody who has the file and knows how it is done would: all seals from a row on, and the head."""
    rows = connection._driver.execute("SELECT id FROM audit ORDER BY id").fetchall()
    before = audit.FIRST
    for record in list(audit.records(Tx(connection))):
        if record.id < first:
            before = record.seal
            continue
        at = round(record.at.timestamp() * 1000)
        row = (at, record.key, record.project_id, record.person_id, record.action, record.outcome, record.digest)
        before = audit._seal(before, *row)
        connection._driver.execute("UPDATE audit SET seal = ? WHERE id = ?", (before, record.id))
    connection._driver.execute("UPDATE audit_head SET rows = ?, seal = ?", (len(rows), before))


def test_a_seal_noted_elsewhere_tells_of_what_was_written_anew(
    tmp_path: Path, connection: Connection, capsys: Said
) -> None:
    data = ["--data", str(tmp_path)]
    rows, noted = audit.head(Tx(connection))
    assert rows == 5
    Books(Tx(connection), "room:m8", NOW).audit(None, "settings.group", "done")
    assert main(["audit", "verify", noted[:16].upper(), *data]) == 0
    assert f"抄下的封印 {noted[:16]} 在第 5 行" in capsys.readouterr().out
    _spoil(connection, "UPDATE audit SET action = 'x' WHERE id = 2")
    _rewritten(connection, 2)
    assert main(["audit", "verify", *data]) == 0, "a whole chain by itself"
    capsys.readouterr()
    assert main(["audit", "verify", noted[:16], *data]) == 1
    assert "整本被重写过" in capsys.readouterr().out
    for wrong in ("hello", "abc", "审计.csv", "0" * 65):
        assert main(["audit", "verify", wrong, *data]) == 2
        assert "不是封印" in capsys.readouterr().err


def test_a_cut_end_with_its_head_is_told_by_a_noted_seal(tmp_path: Path, connection: Connection) -> None:
    _, noted = audit.head(Tx(connection))
    _spoil(connection, "DELETE FROM audit WHERE id > 3")
    _rewritten(connection, 9)
    data = ["--data", str(tmp_path)]
    assert main(["audit", "verify", *data]) == 0
    assert main(["audit", "verify", noted, *data]) == 1


def test_the_program_refuses(tmp_path: Path, connection: Connection, capsys: Said) -> None:
    data = ["--data", str(tmp_path)]
    taken = tmp_path / "taken.csv"
    taken.write_text("mine", encoding="utf-8")
    for words, said in [
        (["audit", "export", str(taken), *data], "不覆盖"),
        (["audit", "export", str(tmp_path / "none" / "x.csv"), *data], "写不了"),
        (["audit", "export", *data], "写上文件名"),
        (["audit", "verify", "--data", str(tmp_path / "elsewhere")], "还没有数据"),
        (["audit", *data], "写要做什么"),
    ]:
        assert main(words) != 0
        assert said in capsys.readouterr().err, words
    assert taken.read_text(encoding="utf-8") == "mine"


def test_looking_changes_nothing(tmp_path: Path, connection: Connection) -> None:
    with looking(tmp_path / "jindu.db") as tx, pytest.raises(sqlite3.OperationalError):
        audit.note(tx, 0, "k", None, None, "x", "done")


def test_roles_and_settings_are_on_record_wherever_they_are_changed(connection: Connection) -> None:
    books = Books(Tx(connection), "room:m9", NOW)
    person = books.people.meet("room", "li", "李四")
    project = books.projects.add("大促", person.id)
    books.people.enrol(project.id, person.id, "admin")
    books.people.enrol(project.id, person.id, "admin")
    books.projects.change(project, zone="Europe/London")
    books.projects.set(project, overdue=False)
    books.people.dismiss(project.id, person.id)
    rows = [(r.action, r.detail) for r in audit.records(Tx(connection))][5:]
    assert rows == [
        ("members.role", f"person {person.id}: none -> admin"),
        ("project.settings", '{"zone":"Europe/London"}'),
        ("project.settings", '{"overdue":false}'),
        ("members.remove", f"person {person.id}: admin"),
    ]
