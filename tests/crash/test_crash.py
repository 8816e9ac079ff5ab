"""The bot is killed at every named point and at random while people write: what they saw, and what the books say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.crash import points, run
from tests.postgres import Server


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of new books."""
    if request.param == "sqlite":
        yield str(tmp_path / "jindu.db")
        return
    server: Server = request.getfixturevalue("postgres")
    address = server.fresh()
    yield address.replace("connections=1", "connections=3")
    server.back(address)


@pytest.mark.timeout(300)
async def test_nothing_acknowledged_is_lost_and_nothing_is_done_or_said_twice(store: str) -> None:
    tally, verdict = await run(2 * len(points(store)), 1, store)
    assert set(tally.kills) == {*points(store)}
    assert tally.kills.total() >= 20
    assert len(tally.acked) == tally.said > 200
    assert verdict.good, verdict
    assert verdict.doubt == 0, verdict


@pytest.mark.timeout(300)
async def test_where_a_second_send_would_be_seen_it_is_left_in_doubt_instead(store: str) -> None:
    tally, verdict = await run(len(points(store)), 2, store, idempotent=False)
    assert len(tally.acked) == tally.said > 100
    assert verdict.good, verdict
    assert verdict.repeats == 0, verdict
    assert verdict.doubt > 0, verdict
