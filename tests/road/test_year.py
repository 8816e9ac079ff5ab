"""The simulated year (``bench.year``), small: nothing missed, nothing twice, however often the bot is killed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bench.year import compare, report, simulate
from bench.year_plan import plan
from tests.postgres import Server


@pytest.mark.timeout(300)
def test_six_weeks_of_six_groups_with_ten_deaths(tmp_path: Path) -> None:
    outcome = simulate(tmp_path, 6, date(2026, 1, 5), date(2026, 2, 13), deaths=10, seed=3)
    assert outcome.clean, report(outcome)
    assert outcome.lives >= 8  # the last deaths may come after the end
    assert outcome.sent["日报提示"] == 6 * 30
    assert set(outcome.sent) >= {"任务提醒", "逾期 D0", "静默 3 日", "请回复催", "审批催"}


@pytest.mark.timeout(300)
def test_three_weeks_on_a_server(tmp_path: Path, postgres: Server) -> None:
    address = postgres.fresh()
    outcome = simulate(tmp_path, 3, date(2026, 1, 5), date(2026, 1, 23), deaths=4, seed=5, store=address)
    postgres.back(address)
    assert outcome.clean, report(outcome)
    assert outcome.lives >= 3
    assert outcome.sent["日报提示"] == 3 * 15


def test_silence_is_noticed(tmp_path: Path) -> None:
    """The comparison itself: a bot that says nothing has missed everything."""
    whole = plan(1, date(2026, 1, 5), date(2026, 1, 16), seed=1)
    (tmp_path / "log").write_text("")
    outcome = compare(whole, tmp_path)
    assert Counter(one.kind for one in outcome.missed) == outcome.owed
    assert not outcome.clean


def test_a_word_too_many_is_noticed(tmp_path: Path) -> None:
    whole = plan(1, date(2026, 1, 5), date(2026, 1, 5), seed=1)
    line = '{"key":"%s","to":"群0","at":1767605400,"text":"📝 1-5（周一）日报，18:30 截止","reply":false}\n'
    (tmp_path / "log").write_text(line % "a" + line % "b" + line % "b")
    outcome = compare(whole, tmp_path)
    assert [one.kind for one in outcome.doubled] == ["日报提示"]
    assert outcome.again == 1
