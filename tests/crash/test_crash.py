"""The bot is killed at every named point and at random while people write: what they saw, and what the books say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.crash import RANDOM, run
from bench.crash_child import POINTS


@pytest.mark.timeout(300)
async def test_nothing_acknowledged_is_lost_and_nothing_is_done_or_said_twice(tmp_path: Path) -> None:
    tally, verdict = await run(22, 1, tmp_path / "jindu.db")
    assert set(tally.kills) == {*POINTS, RANDOM}
    assert len(tally.acked) == tally.said > 200
    assert verdict.good, verdict
    assert verdict.doubt == 0, verdict


@pytest.mark.timeout(300)
async def test_where_a_second_send_would_be_seen_it_is_left_in_doubt_instead(tmp_path: Path) -> None:
    tally, verdict = await run(11, 2, tmp_path / "jindu.db", idempotent=False)
    assert len(tally.acked) == tally.said > 100
    assert verdict.good, verdict
    assert verdict.repeats == 0, verdict
    assert verdict.doubt > 0, verdict
