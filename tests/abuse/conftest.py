"""The hall: a whole bot in a group of ten thousand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.abuse.hall import Hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    made = Hall(tmp_path / "jindu.db")
    await made.open()
    yield made
    await made.app.close()
