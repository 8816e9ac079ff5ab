"""A PostgreSQL of the tests' own: made in a temporary folder, reached through a socket in it, gone afterwards.

Nothing is synced to the disk: what a test proves about durability it proves by killing processes, not machines.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from storage.pg import PgDatabase
from storage.pg_schema import prepare

MISSING = "tests need PostgreSQL's programs: run .ci/postgres, or name their folder in POSTGRES_BIN"
_SETTINGS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "",
    "max_connections": "200", "shared_buffers": "64MB", "autovacuum_naptime": "5s", "max_wal_size": "4GB",
    "deadlock_timeout": "100ms",
}  # fmt: skip
_DURABLE = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "512MB", "max_wal_size": "4GB"}
_EMPTYING = """
DO $do$
DECLARE deeds text;
BEGIN
    SELECT string_agg(format('DELETE FROM %I;', tablename), ' ') INTO deeds
        FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version';
    SELECT deeds || string_agg(
        format('PERFORM setval(%L, 1, false) FROM %I WHERE is_called;', sequencename, sequencename), ' '
    ) INTO deeds FROM pg_sequences WHERE schemaname = 'public';
    EXECUTE format($$
        CREATE FUNCTION empty_books() RETURNS void LANGUAGE plpgsql AS %L
    $$, 'BEGIN '
        'PERFORM pg_terminate_backend(pid) FROM pg_stat_get_activity(NULL) '
        'WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid(); '
        || deeds || ' END');
END $do$
"""
"""Makes a function that sends everybody else away and empties every table; its plans stay with the connection."""


def _folders() -> Iterator[Path]:
    if named := os.environ.get("POSTGRES_BIN"):
        yield Path(named)
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    for places in ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"):
        yield from sorted(Path("/").glob(places[1:]), reverse=True)


class Server:
    """``fresh()`` is the address of a new database with the schema in it."""

    def __init__(self, *, durable: bool = False, tables: Path | None = None) -> None:
        """durable: every commit is on the disk, as it would be in earnest. tables: a folder for all but its log."""
        self._bin = next((folder for folder in _folders() if (folder / "postgres").exists()), None)
        assert self._bin is not None, MISSING
        self.folder = Path(tempfile.mkdtemp(prefix="jindu-pg-"))
        self._numbers = count(1)
        self._who: dict[str, int] = {}
        if os.getuid() == 0:  # the server refuses to run as root
            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            user = names.get("postgres") or names["nobody"]
            self._who = {"user": user.pw_uid, "group": user.pw_gid}
            for folder in (self.folder, *([tables] if tables else [])):
                os.chown(folder, user.pw_uid, user.pw_gid)
        self._data = str((tables or self.folder) / "data")
        log = ("-X", str(self.folder / "wal")) if tables else ()
        self._run("initdb", "-D", self._data, "-U", "jindu", "-A", "trust", "-E", "UTF8", "--locale=C", "-N", *log)
        with (Path(self._data) / "postgresql.conf").open("a") as settings:
            chosen = _DURABLE if durable else _SETTINGS
            settings.writelines(f"{name} = '{value}'\n" for name, value in chosen.items())
            settings.write(f"unix_socket_directories = '{self.folder}'\n")
        self.start()
        self._watch = self._watched()
        self._free: list[str] = []
        self._hands: dict[str, psycopg.Connection] = {}

    def start(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def close(self) -> None:
        assert self._watch.stdin is not None
        for hand in self._hands.values():
            hand.close()
        self._watch.stdin.close()
        self._watch.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _watched(self) -> subprocess.Popen[bytes]:
        """Stops the server when this process has ended, however it ended."""
        assert self._bin is not None
        words = 'cat >/dev/null; "$0" -D "$1" -m immediate -w stop; rm -rf "$2"'
        return subprocess.Popen(
            ["sh", "-c", words, str(self._bin / "pg_ctl"), self._data, str(self.folder)], cwd="/",
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            **self._who,
        )  # fmt: skip

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://jindu@/{name}?host={self.folder}&connections=1"

    def fresh(self) -> str:
        """One that was emptied, if there is one: making a database takes longer than most tests."""
        if self._free:
            return self._free.pop()
        url = self.empty()
        prepare(PgDatabase(url))
        hand = self._hands[url] = psycopg.connect(PgDatabase(url).conninfo, autocommit=True)
        hand.execute(_EMPTYING)
        hand.execute("SET session_replication_role = replica")  # no foreign key minds the order
        return url

    def empty(self) -> str:
        """Without the schema."""
        name = f"t{next(self._numbers)}"
        with psycopg.connect(PgDatabase(self.url("postgres")).conninfo, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.url(name)

    def back(self, url: str) -> None:
        """What ``fresh`` gave is not needed any more, however many connections were asked for."""
        url = self.url(make_url(url).database or "")
        self._hands[url].execute("SELECT empty_books()")
        self._free.append(url)

    def _run(self, program: str, *words: str) -> None:
        assert self._bin is not None
        done = subprocess.run(
            [str(self._bin / program), *words], cwd=self.folder, check=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"], "LC_ALL": "C"}, **self._who,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()
