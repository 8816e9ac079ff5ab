"""Every transcript runs verbatim through the whole bot; read in English it holds no Chinese that nobody wrote."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.play import play
from bot.script import read
from tests.in_english import EnglishStage, foreign

TRANSCRIPTS = sorted((Path(__file__).parent / "dialogues").glob("*.chat"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_transcript(path: Path, books: str) -> None:
    assert books
    stages: list[EnglishStage] = []

    def stage_at(start: datetime) -> EnglishStage:
        stages.append(EnglishStage(start))
        return stages[-1]

    played = await play(path, stage_at=stage_at)
    assert played.steps
    assert not played.problems, "\n" + "\n".join(f"{path.name}:{line}: {what}" for line, what in played.problems)
    assert not list(foreign(stages[0], read(path)))
