"""Every transcript runs verbatim through the whole bot."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.play import play

TRANSCRIPTS = sorted((Path(__file__).parent / "dialogues").glob("*.chat"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
async def test_transcript(path: Path, books: str) -> None:
    assert books
    played = await play(path)
    assert played.steps
    assert not played.problems, "\n" + "\n".join(f"{path.name}:{line}: {what}" for line, what in played.problems)
