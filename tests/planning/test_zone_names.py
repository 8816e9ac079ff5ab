"""Zones as people write them."""

from __future__ import annotations

import pytest

from planning.zone_names import called, city, near_zones, zone_named


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Beijing", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("asia/beijing", "Asia/Shanghai"),
        ("Asia / Shanghai", "Asia/Shanghai"),
        ("东八区", "Asia/Shanghai"),
        ("UTC+8", "Asia/Shanghai"),
        ("GMT+08:00", "Asia/Shanghai"),
        ("europe/london", "Europe/London"),
        ("London", "Europe/London"),
        ("伦敦", "Europe/London"),
        ("new york", "America/New_York"),
        ("NYC", "America/New_York"),
        ("America/New_York", "America/New_York"),
        ("纽约时间", "America/New_York"),
        ("Los Angeles", "America/Los_Angeles"),
        ("utc-5", "Etc/GMT+5"),
        ("utc", "UTC"),
        ("Berlin", "Europe/Berlin"),
    ],
)
def test_named(words: str, zone: str) -> None:
    assert zone_named(words) == zone


@pytest.mark.parametrize("words", ["Mars/Base", "", "火星", "GMT+30", "europe/beijing", "周五", "../../etc/passwd"])
def test_unclear(words: str) -> None:
    assert zone_named(words) is None


@pytest.mark.parametrize(
    ("words", "first"), [("Shnghai", "Asia/Shanghai"), ("Londn", "Europe/London"), ("火星", "Asia/Shanghai")]
)
def test_near(words: str, first: str) -> None:
    near = near_zones(words)
    assert near[0] == first
    assert len(near) == 3


def test_city() -> None:
    assert city("Asia/Shanghai") == "Beijing"
    assert city("America/New_York") == "New York"


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Etc/GMT-1", "UTC+1"), ("Etc/GMT+5", "UTC-5"), ("Etc/GMT", "Etc/GMT"), ("Etc/GMT0", "Etc/GMT0"),
     ("Europe/London", "Europe/London")],
)  # fmt: skip
def test_called(zone: str, name: str) -> None:
    """The Etc names count westwards, which nobody expects."""
    assert called(zone) == name
