"""Countries by name, and whose days off follow which rules."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from planning.calendar import Calendar, DayKind
from planning.countries import country_name, country_named, near_countries, public_holidays


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("GB", "GB"), ("uk", "GB"), ("英国", "GB"), ("英国日历", "GB"), ("United Kingdom", "GB"), ("us", "US"),
        ("美国", "US"), ("de-by", "DE-BY"), ("GB-SCT", "GB-SCT"), ("苏格兰", "GB-SCT"), ("中国", "CN"),
        ("Brazil calendar", "BR"), ("xx", None), ("Mars", None), ("", None), ("17:30", None), ("🎉", None),
    ],
)  # fmt: skip
def test_named(words: str, code: str | None) -> None:
    assert country_named(words) == code


def test_shown_in_both_languages() -> None:
    assert country_name("GB") == ("英国", "UK")
    assert country_name("US") == ("美国", "USA")
    assert country_name("DE-BY") == ("DE-BY", "DE-BY")


def test_near_names_are_three() -> None:
    assert near_countries("Brittain")[0] == "GB"
    assert len(set(near_countries("Mars"))) == 3


@pytest.mark.parametrize(
    ("country", "day", "kind"),
    [
        ("GB", "2026-10-01", DayKind.WORKING),  # a holiday in China
        ("GB", "2026-08-31", DayKind.HOLIDAY),
        ("GB", "2026-12-28", DayKind.HOLIDAY),  # Boxing Day is a Saturday
        ("GB", "2026-09-20", DayKind.WEEKEND),  # a makeup day in China
        ("GB", "2035-04-23", DayKind.WORKING),
        ("GB-SCT", "2026-08-31", DayKind.WORKING),
        ("US", "2026-11-26", DayKind.HOLIDAY),
        ("US", "2026-11-27", DayKind.WORKING),
        ("SA", "2026-09-25", DayKind.WEEKEND),
        ("ZZ", "2026-12-25", DayKind.WORKING),  # nothing is known of it but its weekends
    ],
)
def test_kinds_of_days(country: str, day: str, kind: DayKind) -> None:
    assert Calendar(country).kind(date.fromisoformat(day)) is kind


def test_no_country_but_china_waits_for_a_notice() -> None:
    assert Calendar("GB").known(2035)
    assert not Calendar("CN").known(2035)
    assert public_holidays("GB", 2026) is public_holidays("GB", 2026)


def test_the_package_is_not_read_at_start() -> None:
    code = "import sys, planning.calendar; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
