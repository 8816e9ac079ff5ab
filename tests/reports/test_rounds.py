"""When a round comes next: over holidays, makeup days and zones."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from planning.calendar import Calendar
from reports.rounds import AGENDA, ROUNDS, WEEKLY, WEIGHING, following
from storage.projects import ProjectInfo

CN = Calendar("CN")


def at(words: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.strptime(f"2026-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("kind", "after", "expected"),
    [
        (WEEKLY, "09-20 10:00", "09-24 18:40"),  # the makeup Sunday begins the week, Mid-Autumn ends it early
        (WEEKLY, "09-24 18:40", "09-30 18:40"),
        (WEEKLY, "09-30 18:40", "10-10 18:40"),  # National Day; a makeup Saturday ends the week
        (WEEKLY, "10-10 18:41", "10-16 18:40"),
        (WEIGHING, "09-18 12:00", "09-20 09:30"),
        (WEIGHING, "09-24 12:00", "09-28 09:30"),
        (WEIGHING, "09-28 09:30", "10-08 09:30"),
        (AGENDA, "09-24 09:05", "09-28 09:05"),
    ],
)
def test_next(kind: str, after: str, expected: str) -> None:
    each = ROUNDS[kind]
    assert following(each, at(after), each.minute, CN, ZoneInfo("Asia/Shanghai")) == at(expected)


def test_an_hour_the_clocks_skip_is_the_first_after_it() -> None:
    zone = ZoneInfo("America/New_York")
    calendar = Calendar("US", {at("03-08 00:00").date(): True})
    found = following(ROUNDS[AGENDA], at("03-06 12:00", zone.key), 150, calendar, zone)
    assert found == at("03-08 03:00", "America/New_York")


def test_what_is_said_of_a_round() -> None:
    def project(**settings: object) -> ProjectInfo:
        return ProjectInfo(1, "", None, "", "CN", "", "active", None, 0, settings)

    assert ROUNDS[WEEKLY].set_to(project()) == 18 * 60 + 40
    assert ROUNDS[WEEKLY].set_to(project(weekly=False)) is None
    assert ROUNDS[WEEKLY].set_to(project(weekly=600)) == 600
    assert ROUNDS[AGENDA].set_to(project()) == 545
    assert ROUNDS[AGENDA].set_to(project(agenda=False)) is None
    assert ROUNDS[AGENDA].set_to(project(agenda=560)) == 560
