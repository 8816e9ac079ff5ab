"""How long to look for something: a few seconds in every run, ``JINDU_FUZZ=long`` for a night."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

LONG = os.environ.get("JINDU_FUZZ") == "long"


def looks(few: int, many: int) -> settings:
    """few: examples in every run; many: in a long one."""
    return settings(
        deadline=None, max_examples=many if LONG else few, stateful_step_count=50 if LONG else 20,
        derandomize=not LONG, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long look takes as long as it takes."""
    for item in items if LONG else ():
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(0))
