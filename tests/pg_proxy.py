"""Stands between a bot and its PostgreSQL: holds answers back, or keeps a connection open and says nothing any more."""

from __future__ import annotations

import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url

SIZE = 1 << 16


class Between:
    """``address`` instead of the server's own. ``answers``: while it is not set, no answer comes through.

    ``commits``: a COMMIT closes ``answers`` behind itself, and ``reached`` is set.
    """

    def __init__(self, address: str) -> None:
        url = make_url(address)
        self._server = f"{url.query['host']}/.s.PGSQL.5432"
        self._folder = tempfile.TemporaryDirectory(prefix="jindu-between-")  # a socket's path has to be short
        self.address = url.update_query_dict({"host": self._folder.name}).render_as_string()
        self.answers, self.reached = threading.Event(), threading.Event()
        self.answers.set()
        self.commits = False
        self._mute: set[socket.socket] = set()
        self._open: list[socket.socket] = []
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(Path(self._folder.name) / ".s.PGSQL.5432"))
        self._door.listen()
        threading.Thread(target=self._let_in, daemon=True).start()

    def mute(self) -> None:
        """Whoever is connected now hears nothing any more, and is not told why."""
        self._mute.update(self._open)

    def close(self) -> None:
        self.answers.set()
        for each in (self._door, *self._open):
            _end(each)
        self._folder.cleanup()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                bot = self._door.accept()[0]
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                self._open += [bot, server]
                threading.Thread(target=self._ask, args=(bot, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, bot), daemon=True).start()

    def _ask(self, bot: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while words := bot.recv(SIZE):
                if self.commits and b"COMMIT" in words:
                    self.answers.clear()
                    self.reached.set()
                if bot not in self._mute:
                    server.sendall(words)
        _end(server)

    def _answer(self, server: socket.socket, bot: socket.socket) -> None:
        with suppress(OSError):
            while words := server.recv(SIZE):
                self.answers.wait()
                if bot not in self._mute:
                    bot.sendall(words)
        _end(bot)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
