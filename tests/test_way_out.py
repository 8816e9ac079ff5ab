"""Whatever the clock tells one person of its own accord ends with its rule's name and the way to turn it off.

Played on whole transcripts, so that a card which never goes through ``Speaker`` with a rule is found as well.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from bot.play import ZONE, Played, moment, perform
from bot.room_stage import RoomStage
from bot.script import read
from reports.rules import NAMES

pytestmark = pytest.mark.sqlite

DIALOGUES = Path(__file__).parent / "dialogues"
PLAYED = (
    "j03_daily", "j06_risk", "j07_ask", "j07_early", "j07_ladder", "j07_silence", "j07_urgent",
    "j09_milestones", "j09_moscow", "blockers_again", "customers", "customer_health", "daily_rate", "own_week_push",
    "planning_stages", "reminders_rest",
)  # fmt: skip
ANSWERS = re.compile(
    r"R\d+ 截止|[✅❌⏱↩️🖊] ?P\d+|.*(?:已离职|休假|代).*P\d+|P\d+ |.*没人能?(?:批|处理)|补发|\d{4} 年放假|.*休假期间有"
    r"|.*日报还没有人|🚨|\S+ 的阻塞 B\d+"
)
"""What answers somebody, or what somebody has to decide; nobody can turn that off. See ``tests.reports.test_rules``."""
OFF = re.compile(r"\[关闭\S+\]|关闭此类：|\[Turn (?:these )?off.*\]|To turn these off:")


@pytest.mark.parametrize("name", PLAYED)
async def test_it_ends_with_the_way_out(name: str) -> None:
    path = DIALOGUES / f"{name}.chat"
    steps, played = read(path), Played(path)
    start = next(step for step in steps if step.kind == "time")
    stage = RoomStage(moment(start, datetime(2026, 1, 1, tzinfo=ZONE), path))
    seen = 0
    try:
        await stage.start()
        for step in steps:
            if step.kind in ("bot", "edit", "toast", "check"):
                continue
            stage.said.clear()
            await perform(stage, step, played)
            if step.kind != "time":
                continue
            for line in stage.said:
                if line.place.startswith("@") and not line.edited and not ANSWERS.match(line.text):
                    seen += 1
                    assert OFF.search(line.text), f"{name} {line.at:%m-%d %H:%M} {line.place}: {line.text}"
                    assert any(rule.plain() in line.text or rule.plain("en") in line.text for rule in NAMES.values()), (
                        line.text
                    )
    finally:
        await stage.close()
    assert seen, "the clock said nothing to anybody here: play another one"
