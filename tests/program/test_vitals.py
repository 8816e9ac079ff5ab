"""Clocks and links as ``/体检`` learns of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.vitals import Vitals
from chat.messages import Incoming

NOW = datetime(2026, 9, 18, 2, tzinfo=UTC)


def test_the_clocks_differ_by_the_least_that_was_seen() -> None:
    vitals = Vitals()
    thing = Incoming("k", "message", "post", NOW)
    assert vitals.of("post").skew is None
    for late in (0.4, 0.2, 3.0):
        vitals.heard(replace(thing, at=NOW - timedelta(seconds=late)), NOW)
    assert vitals.of("post").skew == pytest.approx(0.2)
