"""What a customer's space begins with, day by day."""

from __future__ import annotations

from datetime import date

import pytest

from planning.calendar import Calendar
from planning.customers import next_year, space

CN = Calendar("CN")
TODAY = date(2026, 9, 18)


@pytest.mark.parametrize(
    ("signing", "training", "renewal", "survey"),
    [
        (date(2026, 9, 15), date(2026, 9, 29), date(2027, 9, 15), date(2026, 12, 14)),
        (date(2026, 9, 18), date(2026, 10, 9), date(2027, 9, 18), date(2026, 12, 17)),
        (date(2026, 9, 21), date(2026, 10, 12), date(2027, 9, 21), date(2026, 12, 21)),
        (date(2025, 10, 25), None, date(2026, 10, 25), None),
        (date(2024, 2, 29), None, date(2027, 2, 28), None),
        (date(2020, 9, 18), None, date(2027, 9, 18), None),
    ],
)
def test_four_parts(signing: date, training: date | None, renewal: date, survey: date | None) -> None:
    found = space(signing, None, TODAY, CN)
    assert (found.training, found.renewal, found.survey) == (training, renewal, survey)
    assert found.signed_already == (signing <= TODAY)


def test_an_agreed_renewal_stands() -> None:
    assert space(date(2026, 9, 15), date(2028, 2, 29), TODAY, CN).renewal == date(2028, 2, 29)


def test_29_february_is_there_again_in_leap_years() -> None:
    assert next_year(date(2024, 2, 29), date(2028, 2, 28)) == date(2028, 2, 29)
    assert next_year(date(2024, 2, 29), date(2028, 2, 29)) == date(2029, 2, 28)
