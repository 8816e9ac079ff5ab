"""Keeps a vendor's SDK running in a process of its own, and survives whatever it does there.

The child (``python -m adapters.<platform>.link``, its end is ``adapters.pipe``) speaks JSON lines over its pipes::

    parent → child   {"t":"start", …settings}            first line; secrets travel here, never in argv or environment
                     {"t":"receipt","id":7,"ok":true,"answer":{…}|null}
    child → parent   {"t":"state","state":"ready","why":""}
                     {"t":"beat"}                         from the SDK's own event loop: a blocked loop falls silent
                     {"t":"event","id":7,"body":"…"}      waits for its receipt before the platform is answered
                     {"t":"acked","id":7}                 the platform was answered

The child ends itself when its stdin closes, so no orphan lives on. The parent kills it when it is silent, when it is
not connected for too long, or when it reconnects too often, and starts another after a jittered, growing pause. An
answer that only an admin can change (wrong secret, too many connections) is a state with a long pause, not a loop.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import re
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import orjson

from chat.errors import IntakeUnavailable
from chat.frozen import frozen
from chat.seldom import Seldom

log = logging.getLogger("jindu.link")
State = Literal["connecting", "ready", "reconnecting", "auth_failed", "too_many_connections", "kicked", "stopped"]
Taken = tuple[Any, Callable[[], None]]
Take = Callable[[str], Awaitable[Taken]]
"""Commit one raw event. Returns (answer for the platform, what to call once the platform has been answered).

Raises IntakeUnavailable: nothing was stored, the platform shall send it again.
"""
PAUSES: Mapping[str, float] = {"auth_failed": 300.0, "too_many_connections": 60.0, "kicked": 30.0}
"""Seconds before the next try after an answer that trying again at once cannot change."""
LONGEST_LINE = 16 << 20
MOST = 3000
"""Events under way at once; what comes beyond is refused unread, and the platform sends it again."""
ENDED = "it ended"
_QUERY = re.compile(r"\?\S*")
ROOT = str(Path(__file__).resolve().parents[1])


@frozen
class Limits:
    """Seconds. start: until the child's first line, which it says when all is loaded; a busy machine takes its time.

    silence: without a line from it. connect: without a connection. stable: ready so long, and the next pause is the
    first again. drops: reconnections within ``window`` that are too many.
    """

    start: float = 40.0
    silence: float = 10.0
    connect: float = 25.0
    first_pause: float = 0.2
    longest_pause: float = 60.0
    stable: float = 30.0
    drops: int = 5
    window: float = 60.0
    stop: float = 0.4


class Link:
    """``run`` until cancelled. ``state``, ``why``, ``restarts`` and ``pid`` are for whoever looks after the bot."""

    def __init__(
        self,
        module: str,
        settings: Mapping[str, Any],
        limits: Limits | None = None,
        *,
        pauses: Mapping[str, float] = PAUSES,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """settings: given to the child; every text in them is kept out of logs. chance: 0 ≤ x < 1, for the jitter."""
        self._module = module
        self._settings = settings
        self._limits = limits or Limits()
        self._pauses = pauses
        self._chance = chance
        self._changed = asyncio.Event()
        self.state: State = "stopped"
        self.why = ""
        self.restarts = 0
        self.pid = 0
        self.on_state: Callable[[State], None] = lambda state: None
        self.most = MOST
        self.crowded = Seldom(log, "more comes in than can be done")

    @property
    def unlinked(self) -> str:
        """Why there is no connection, if trying again may help; "" while it stands, or when only an admin can help."""
        return self.why if self.state in ("connecting", "reconnecting", "stopped") else ""

    async def reached(self, *states: State) -> None:
        """Return when the link is in one of these states."""
        while self.state not in states:
            await self._changed.wait()

    async def run(self, take: Take) -> None:
        """One child after another, until cancelled; then the child is gone within a second."""
        failures = 0
        try:
            self._enter("connecting")
            while True:
                child = _Child(self, take)
                await child.live()
                failures = 0 if child.was_stable else failures + 1
                self.restarts += 1
                if self.state not in self._pauses:
                    self._enter("reconnecting", child.verdict)
                log.warning(
                    "link lost",
                    extra={"action": "link.lost", "state": self.state, "why": self.why, "said": child.said()},
                )
                await asyncio.sleep(self._pause(failures))
        finally:
            self.pid = 0
            self._enter("stopped")

    def _pause(self, failures: int) -> float:
        """Grows with every failure in a row; between half and one and a half of it, so that many bots do not march."""
        pause = self._pauses.get(self.state)
        if pause is None:
            pause = min(self._limits.first_pause * 2.0 ** min(failures, 16), self._limits.longest_pause)
        return pause * (0.5 + self._chance())

    def _enter(self, state: State, why: str = "") -> None:
        why = self.cleaned(why)
        if (state, why) == (self.state, self.why):
            return
        self.state, self.why = state, why
        self.on_state(state)
        log.info("link %s", state, extra={"action": "link.state", "state": state, "why": why})
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def cleaned(self, words: str) -> str:
        """Without anything that was given to the child, and without the queries of addresses (they hold tickets)."""
        for value in self._settings.values():
            if isinstance(value, str) and len(value) >= 6:
                words = words.replace(value, "•••")
        return _QUERY.sub("?•••", words)[:300]


class _Child:
    """One life of one process."""

    def __init__(self, link: Link, take: Take) -> None:
        self._link = link
        self._limits = link._limits
        self._take = take
        self._process: asyncio.subprocess.Process | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._unacked: dict[int, Callable[[], None]] = {}
        self._errors: deque[str] = deque(maxlen=5)
        self._drops: deque[float] = deque(maxlen=self._limits.drops)
        self._ready_at: float | None = None
        self._loop = asyncio.get_running_loop()
        self._connect_by: float | None = None
        """Known from its first line on."""
        self.verdict = ENDED
        self.was_stable = False

    def said(self) -> str:
        """The last lines of its standard error."""
        return self._link.cleaned(" / ".join(self._errors))

    async def live(self) -> None:
        """From spawn to gone; ``verdict`` says why."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH"))))}
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", self._link._module, env=environment, start_new_session=True, limit=LONGEST_LINE,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        self._link.pid = process.pid
        errors = self._loop.create_task(self._drain())
        try:
            self._send({"t": "start", **self._link._settings})
            await self._listen()
        finally:
            for task in (*self._serving, errors):
                task.cancel()
            await self._end(process)
            self.was_stable = self._ready_at is not None and self._loop.time() - self._ready_at > self._limits.stable

    async def _listen(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        silent_by = self._loop.time() + self._limits.start
        while True:
            by = silent_by
            if self._ready_at is None and self._connect_by is not None:
                by = min(silent_by, self._connect_by)
            try:
                async with asyncio.timeout_at(by):
                    line = await self._process.stdout.readline()
            except TimeoutError:
                self.verdict = "it fell silent" if by == silent_by else "it did not connect in time"
                return
            except ValueError:
                self.verdict = "it sent an endless line"
                return
            now = self._loop.time()
            if self._connect_by is None:
                self._connect_by = now + self._limits.connect
            if not line or not self._hear(line):
                return
            silent_by = now + self._limits.silence

    def _hear(self, line: bytes) -> bool:
        """One line. False: this child has to go."""
        try:
            said = orjson.loads(line)
            what = said["t"]
            if what == "state":
                return self._changed(said["state"], str(said["why"]))
            if what == "event" and len(self._serving) >= self._link.most:
                self._link.crowded(action="link.crowded", under_way=len(self._serving))
                self._send({"t": "receipt", "id": said["id"], "ok": False, "answer": None})
            elif what == "event":
                task = self._loop.create_task(self._serve(said["id"], said["body"]))
                self._serving.add(task)
                task.add_done_callback(self._serving.discard)
            elif what == "acked":
                self._unacked.pop(said["id"], _nothing)()
        except (orjson.JSONDecodeError, KeyError, TypeError):
            self.verdict = "it spoke nonsense"
            return False
        return True

    def _changed(self, state: State, why: str) -> bool:
        now = self._loop.time()
        self.verdict = why or ENDED
        if state == "ready":
            self._ready_at = now
        elif state == "reconnecting":
            self._drops.append(now)
            if self._ready_at is not None:
                self._ready_at, self._connect_by = None, now + self._limits.connect
            if len(self._drops) == self._limits.drops and now - self._drops[0] < self._limits.window:
                self.verdict = "it lost its connection again and again"
                return False
        self._link._enter(state, why)
        return state not in self._link._pauses

    async def _serve(self, number: int, body: str) -> None:
        """One event: committed, then the child may answer the platform."""
        try:
            answer, acked = await self._take(body)
        except IntakeUnavailable:
            self._send({"t": "receipt", "id": number, "ok": False, "answer": None})
        except Exception:
            log.exception("not taken", extra={"action": "link.take"})
            self._send({"t": "receipt", "id": number, "ok": False, "answer": None})
        else:
            self._unacked[number] = acked
            self._send({"t": "receipt", "id": number, "ok": True, "answer": answer})

    def _send(self, message: Mapping[str, Any]) -> None:
        """Lines are short and the child reads them on a thread of its own; what a dead child cannot read is lost."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(orjson.dumps(message) + b"\n")

    async def _drain(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        with suppress(ValueError):
            while line := await self._process.stderr.readline():
                self._errors.append(line.decode(errors="replace").strip()[:300])

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        """Closing its stdin is the polite way; it has a moment for it."""
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(self._limits.stop):
                await process.wait()
        except TimeoutError:
            pass
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()


def _nothing() -> None:
    pass
