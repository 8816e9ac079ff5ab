"""The supervisor against every way in which an SDK fails: found out, killed, replaced; no hot loop, no orphan."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.link import ROOT, Limits, Link, Taken
from chat.errors import IntakeUnavailable
from tests.activity import Patience, until

SECRET = "a-secret-of-the-app"
LIMITS = Limits(silence=30, connect=20, first_pause=0.01, longest_pause=0.05, stop=0.2, window=60)


class Desk:
    """Takes events; ``refuse`` of them are not stored."""

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.acked: list[str] = []
        self.refuse = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def take(self, body: str) -> Taken:
        self.bodies.append(body)
        await self.gate.wait()
        if self.refuse:
            self.refuse -= 1
            raise IntakeUnavailable("full disk")
        return {"said": body}, lambda: self.acked.append(body)


def child(mode: str, limits: Limits = LIMITS, **settings: Any) -> Link:
    given = {"mode": mode, "app_secret": SECRET, **settings}
    return Link("tests.platforms.link_children", given, limits, chance=lambda: 0.5)


@asynccontextmanager
async def running(link: Link, desk: Desk | None = None) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(link.run((desk or Desk()).take))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def proc(pid: int, file: str) -> str:
    return Path(f"/proc/{pid}/{file}").read_text(errors="replace")


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


async def test_events_are_taken_in_order_and_answered_after_they_are_stored():
    desk, link = Desk(), child("good", events=["一", "二"])
    async with running(link, desk):
        await until(lambda: len(desk.bodies) == 4)
        assert link.state == "ready"
    assert [body for body in desk.bodies if "answered" not in body] == ["一", "二"]
    assert "answered {'said': '一'}" in desk.bodies
    assert desk.acked[:1] == ["一"]


async def test_what_could_not_be_stored_is_refused_to_the_platform():
    desk, link = Desk(), child("good", events=["一"])
    desk.refuse = 1
    async with running(link, desk):
        await until(lambda: desk.bodies == ["一", "refused 一"])
    assert "一" not in desk.acked


async def test_what_is_too_much_is_refused_at_once_and_the_rest_is_taken():
    desk, link = Desk(), child("flood", most=5)
    link.most = 5
    desk.gate.clear()
    async with running(link, desk):
        await until(lambda: link.why == "45 refused")
        await until(lambda: len(desk.bodies) == 5)


async def test_who_gave_up_waiting_is_waited_for_no_more():
    desk, link = Desk(), child("impatient")
    desk.gate.clear()
    async with running(link, desk):
        await until(lambda: link.why == "gave up" and desk.bodies == ["一"])
        desk.gate.set()
        await until(lambda: desk.acked == ["一"])


async def test_an_unexpected_fault_is_a_refusal_and_is_logged(caplog):
    async def explode(body: str) -> Taken:
        raise ZeroDivisionError

    link = child("good", events=["一"])
    task = asyncio.create_task(link.run(explode))
    await until(lambda: "not taken" in caplog.text)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        ("silent", "it fell silent"),
        ("busy", "it fell silent"),
        ("nonsense", "it spoke nonsense"),
        ("flap", "it lost its connection again and again"),
        ("crash", "it ended"),
    ],
)
async def test_a_child_that_misbehaves_is_replaced(mode, verdict):
    link = child(mode, replace(LIMITS, silence=0.4))
    async with running(link):
        await until(lambda: link.pid)
        first = link.pid
        await until(lambda: link.restarts >= 1 and link.pid not in (0, first))
        assert gone(first)
    assert link.state == "stopped"


@pytest.mark.parametrize("mode", ["hang", "zombie"])
async def test_a_child_that_does_not_connect_is_replaced(mode):
    link = child(mode, Limits(silence=30, connect=0.6, first_pause=0.01, stop=0.2))
    async with running(link):
        await until(lambda: link.state == "reconnecting" and "in time" in link.why)


async def test_a_killed_child_is_back_and_its_link_ready():
    link = child("good")
    async with running(link):
        await link.reached("ready")
        first, patience = link.pid, Patience()
        os.kill(first, 9)
        await until(lambda: link.state == "ready" and link.pid != first)
        assert patience.seconds < 5


@pytest.mark.parametrize(("mode", "state"), [("refused", "auth_failed"), ("crowded", "too_many_connections")])
async def test_an_answer_only_an_admin_can_change_is_a_state_not_a_loop(mode, state, caplog):
    link = child(mode)
    async with running(link):
        await link.reached(state)
        await until(lambda: link.restarts == 1)
        assert link.state == state
        assert link._pause(0) >= 30
        assert SECRET not in link.why


async def test_pauses_grow_are_capped_and_jittered():
    link = child("crash")
    assert [round(link._pause(n), 3) for n in (0, 1, 2, 3, 40)] == [0.01, 0.02, 0.04, 0.05, 0.05]
    wild = Link("x", {}, Limits(), chance=lambda: 0.999)
    assert 80 < wild._pause(100) < 90


@pytest.mark.parametrize("mode", ["good", "hang", "busy", "deaf", "flap"])
async def test_it_stops_within_a_second_and_leaves_no_orphan(mode):
    link = child(mode)
    async with running(link) as task:
        await until(lambda: link.pid)
        pid = link.pid
        if mode in ("good", "deaf", "busy"):
            await link.reached("ready")
        patience = Patience()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert patience.seconds < 1.0
    assert gone(pid)
    assert link.state == "stopped"


async def test_it_stops_while_events_are_under_way():
    desk, link = Desk(), child("good", events=["一"])
    desk.gate.clear()
    async with running(link, desk) as task:
        await until(lambda: desk.bodies)
        patience = Patience()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert patience.seconds < 1.0
    assert not desk.acked


async def test_closing_its_stdin_ends_the_child():
    """Whoever dies first: an orphan cannot live on."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.platforms.link_children", env={**os.environ, "PYTHONPATH": ROOT},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"t":"start","mode":"good"}\n')
    assert b"connecting" in await process.stdout.readline()
    process.stdin.close()
    async with asyncio.timeout(50):
        await process.communicate()
    assert process.returncode == 0


async def test_secrets_are_neither_in_argv_nor_environment_nor_logs(caplog):
    caplog.set_level("DEBUG")
    link = child("good")
    async with running(link):
        await link.reached("ready")
        for file in ("cmdline", "environ"):
            assert SECRET not in proc(link.pid, file)
    crashing = child("crash")
    async with running(crashing):
        await until(lambda: crashing.restarts)
    said = "".join(str(record.__dict__) for record in caplog.records)
    assert "wss://x.cn/ws?•••" in said
    assert SECRET not in said
    assert "SECRETTICKET" not in said
