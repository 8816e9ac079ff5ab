"""A stopped clock and a room with its people."""

from __future__ import annotations

import pytest

from adapters.room.model import Room
from tests.room.echo import StoppedClock


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def room(clock: StoppedClock) -> Room:
    room = Room(clock)
    room.seed_trial()
    return room
