"""What is stored is this user's alone; what is secret is not stored as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import config, keys, private
from bot.checkup import findings
from bot.config import Config
from bot.faults import Fault
from storage import vault
from tests.program.conftest import Start


def test_whatever_a_bot_makes_is_for_its_user_alone(start: Start, tmp_path: Path) -> None:
    program = start("run", "--host", "0.0.0.0", "--port", "0")
    program.url()
    assert start("backup").end() == 0
    assert start("audit", "export", "who.csv").end() == 0
    data = tmp_path / "data"
    made = [data, tmp_path / "who.csv", *data.rglob("*")]
    names = {path.name for path in made}
    assert {"jindu.db", "jindu.db-wal", "room.db", "jindu.key", "room-token", "backup"} <= names
    assert [str(path) for path in made if private.loose(path)] == []
    assert program.stop() == 0


def test_the_key_is_in_no_copy_of_the_books(start: Start, tmp_path: Path) -> None:
    program = start("run", "--port", "0")
    program.url()
    assert start("backup").end() == 0
    assert program.stop() == 0
    key = (tmp_path / "data" / keys.NAME).read_bytes().strip()
    assert len(key) == 64
    kept = [*(tmp_path / "data" / "backup").iterdir(), tmp_path / "data" / "jindu.db"]
    assert all(key not in path.read_bytes() for path in kept)
    assert key.decode() not in program.words


def modes(found: Config) -> list[str]:
    return [one.text.render("zh") for one in findings(found) if one.topic == "modes"]


def test_what_others_could_read_is_pointed_out(tmp_path: Path) -> None:
    file, data = tmp_path / "config.toml", tmp_path / "data"
    file.write_text('[room]\ntoken = "nobody may know this"\n[storage]\nurl = "sqlite:///books.db"\n')
    file.chmod(0o600)
    assert modes(config.load(file)) == []
    data.mkdir(mode=0o700)
    data.chmod(0o700)
    assert modes(config.load(file)) == ["数据只有当前用户能读"]
    (data / "room.db").touch(0o644)
    assert modes(config.load(file)) == ["数据只有当前用户能读"], "nobody gets past the folder"
    data.chmod(0o755)
    (data / "room.db").chmod(0o644)
    assert str(data / "room.db") in modes(config.load(file))[0]
    (data / "room.db").chmod(0o600)
    (tmp_path / "books.db").touch()
    (tmp_path / "books.db").chmod(0o640)
    assert "books.db" in modes(config.load(file))[0]
    (tmp_path / "books.db").chmod(0o600)
    file.chmod(0o644)
    assert str(file) in modes(config.load(file))[0]


def test_a_reference_may_be_read_by_anybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINDU_TOKEN", "nobody may know this")
    file = tmp_path / "config.toml"
    file.write_text('[room]\ntoken = "env:JINDU_TOKEN"\n')
    file.chmod(0o644)
    (tmp_path / "data").mkdir(mode=0o700)
    assert modes(config.load(file)) == ["数据只有当前用户能读"]


def test_the_key_is_the_one_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINDU_KEY", "0123456789abcdef0123")
    file = tmp_path / "config.toml"
    file.write_text('[storage]\nkey = "env:JINDU_KEY"\n')
    found = config.load(file)
    assert "0123456789abcdef0123" in found.secrets
    assert "0123456789abcdef" not in repr(found)
    keys.unlock(found)
    sealed = vault.sealed("472913", "a")
    assert not (tmp_path / "data").exists()
    keys.unlock(Config(base=tmp_path))
    with pytest.raises(vault.Unreadable):
        vault.opened(sealed, "a")
    again = vault.sealed("472913", "a")
    keys.unlock(Config(base=tmp_path))
    assert vault.opened(again, "a") == "472913", "the same after a restart"
    (tmp_path / "data" / keys.NAME).unlink()
    (tmp_path / "data" / keys.NAME).mkdir()
    with pytest.raises(Fault, match="用不了"):
        keys.unlock(Config(base=tmp_path))


def test_processes_on_one_server_share_a_key(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[storage]\nurl = "postgresql+psycopg://jindu:s3cret@db/jindu"\n')
    keys.unlock(config.load(file))
    sealed = vault.sealed("472913", "a")
    keys.unlock(config.load(file))
    assert vault.opened(sealed, "a") == "472913"


def test_what_was_sealed_is_whole_or_unreadable() -> None:
    sealed = vault.sealed("472913", "a")
    assert "472913" not in sealed
    assert vault.sealed("472913", "a") != sealed
    other = ("B" if sealed[0] == "A" else "A") + sealed[1:]
    for blob, about in [(sealed, "b"), (sealed[:-8], "a"), (other, "a"), (sealed[:20], "a"), ("", "a"), ("§", "a")]:
        with pytest.raises(vault.Unreadable):
            vault.opened(blob, about)


def test_a_hash_says_nothing_and_belongs_to_one_thing() -> None:
    known = vault.hashed("472913", "mail:1:a@b.cn")
    assert vault.fits("472913", "mail:1:a@b.cn", known)
    assert not vault.fits("472914", "mail:1:a@b.cn", known)
    assert not vault.fits("472913", "mail:2:a@b.cn", known)
    assert not vault.fits("", "mail:1:a@b.cn", "")


def test_an_old_file_keeps_its_mode_and_its_copy_is_private(tmp_path: Path) -> None:
    from bot.setup_file import _replace

    path = tmp_path / "config.toml"
    path.write_text("a = 1\r\n", newline="")
    path.chmod(0o640)
    _replace(path, "a = 2\n")
    assert path.stat().st_mode & 0o777 == 0o640
    kept = tmp_path / "config.toml.bak"
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (b"a = 1\r\n", 0o600)


def test_books_are_private_from_their_first_byte(start: Start, tmp_path: Path) -> None:
    assert start("migrate").end() == 0
    database = tmp_path / "data" / "jindu.db"
    assert not private.loose(database)
    with closing(sqlite3.connect(database)) as driver:
        assert driver.execute("SELECT count(*) FROM task").fetchone() == (0,)
