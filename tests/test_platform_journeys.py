"""The journeys on each platform's fake: the same transcripts as in the room, with that platform's variant lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.play import play
from tests.platforms.stage import PlatformStage
from tests.platforms.stage_dingtalk import DingTalkStage
from tests.platforms.stage_feishu import FeishuStage
from tests.platforms.stage_wecom import WeComStage

DIALOGUES = Path(__file__).parent / "dialogues"
BESIDES = ("calendar_own_days", "calendar_unknown_year", "daily_together", "departed", "departed_lead", "voice")
"""Of a journey, or of several projects, under another name."""
JOURNEYS = sorted(
    [
        *DIALOGUES.glob("j0[1-8]_*.chat"),
        *DIALOGUES.glob("j10_*.chat"),
        *(DIALOGUES / f"{name}.chat" for name in BESIDES),
    ]
)
STAGES: tuple[type[PlatformStage], ...] = (FeishuStage, DingTalkStage)
ON_WECOM = ("daily_wecom", "j01_wecom", "j04_wecom", "j06_wecom", "j07_wecom", "j07_wecom_quiet", "j08_wecom")
"""Written for what WeCom can do: no edits, no forms, nobody known before they speak."""
UNTOLD = ("j06_risk", "j08_left_company")
"""About cards that are drawn again and people who are written to unasked, and about what WeCom does not tell."""

OTHERS = (
    (FeishuStage, "j11_presence"), (FeishuStage, "j11_daily_clock"), (DingTalkStage, "j11_daily_clock"),
    (FeishuStage, "approval_night"), (FeishuStage, "setup_buttons"), (DingTalkStage, "setup_buttons"),
)  # fmt: skip
"""Where what they are about can happen."""


def _plays() -> list[tuple[type[PlatformStage], Path]]:
    everywhere = [path for path in JOURNEYS if "\n平台 " not in path.read_text(encoding="utf-8")]
    on_all = [(WeComStage, path) for path in everywhere if path.stem not in UNTOLD]
    on_wecom = [(WeComStage, DIALOGUES / f"{name}.chat") for name in ON_WECOM]
    others = [(stage, DIALOGUES / f"{name}.chat") for stage, name in OTHERS]
    return [*((stage, path) for stage in STAGES for path in everywhere), *on_all, *on_wecom, *others]


@pytest.mark.parametrize(
    ("stage", "path"), _plays(), ids=lambda one: one.stem if isinstance(one, Path) else one.__name__
)
async def test_journey(stage: type[PlatformStage], path: Path) -> None:
    played = await play(path, stage.platform, stage)
    assert not played.problems, "\n" + "\n".join(f"{path.name}:{line}: {what}" for line, what in played.problems)
