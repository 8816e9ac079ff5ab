"""Every code has a remedy, and each remedy is what the courier needs to hear."""

from __future__ import annotations

import pytest

from adapters.wecom.errors import REMEDIES, Do, Refused, remedy
from chat.errors import Gone, Refresh, Rejected, RetryLater
from tests.platforms.wecom_rules import CODES


def test_every_code_of_wecom_has_a_remedy() -> None:
    assert set(CODES) - {0} == set(REMEDIES)


@pytest.mark.parametrize("code", sorted(set(CODES) - {0}))
def test_every_remedy_says_what_to_do(code: int) -> None:
    found = remedy(code)
    assert found.hint.zh
    assert found.hint.en
    assert found.do is not Do.ADMIN or found.after >= 60
    error = Refused(code, "why").as_delivery()
    assert str(code) in str(error)
    assert not isinstance(error, RetryLater) or error.after > 0


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (45009, RetryLater), (45033, RetryLater), (6000, RetryLater), (-1, RetryLater), (130101, RetryLater),
        (853000, RetryLater), (60020, RetryLater), (93006, Gone), (93000, Gone), (60111, Gone), (40058, Rejected),
        (40008, Rejected), (40016, Rejected), (40014, Refresh), (42001, Refresh), (987654, Rejected),
    ],
)  # fmt: skip
def test_the_courier_hears_the_remedy(code: int, kind: type[Exception]) -> None:
    assert type(Refused(code, "why").as_delivery()) is kind
