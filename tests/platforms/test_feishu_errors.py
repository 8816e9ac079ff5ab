"""Every code of Feishu's has a remedy, and the remedy is the right one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from adapters.feishu.errors import LINK_STATES, REMEDIES, Misconfigured, Stale, advice, error
from adapters.link import PAUSES
from chat.errors import DeliveryError, Gone, Refresh, Rejected, RetryLater

HERE = Path(__file__).parent
CODES = json.loads((HERE / "fixtures" / "feishu_codes.json").read_text())


@pytest.mark.parametrize("code", CODES["rest"])
def test_every_documented_code_is_mapped(code):
    assert code in REMEDIES


def test_every_code_the_fake_answers_with_is_mapped():
    raised = set()
    for file in ("feishu_world.py", "feishu_server.py"):
        raised |= {int(code) for code in re.findall(r"Refusal\((\d+)", (HERE / file).read_text())}
    assert raised - {99992402} <= set(REMEDIES)


@pytest.mark.parametrize("code", CODES["link"])
def test_every_answer_to_the_connection_is_mapped(code):
    assert LINK_STATES[code] in {"connecting", *PAUSES}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (99991400, RetryLater), (230020, RetryLater), (11232, RetryLater), (230049, RetryLater), (99991663, Refresh),
        (99991672, Misconfigured), (10015, Misconfigured), (230025, Rejected), (230099, Rejected), (230022, Rejected),
        (230011, Stale), (230031, Stale), (230110, Stale), (230002, Gone), (230053, Gone), (232009, Gone),
        (99992361, Gone),
    ],
)  # fmt: skip
def test_what_to_do(code, kind):
    problem = error(code, "words", 7.0)
    assert type(problem) is kind
    assert str(code) in str(problem)
    if kind is RetryLater:
        assert problem.after == 7.0


def test_an_unknown_code_is_worth_a_few_tries():
    problem = error(123456789, "x" * 999)
    assert type(problem) is DeliveryError
    assert len(str(problem)) < 300


def test_whatever_an_admin_can_repair_says_where():
    for code in REMEDIES:
        problem = error(code, "")
        if isinstance(problem, Misconfigured):
            assert re.search(r"→", advice(problem).render("zh"))
            assert advice(problem).render("en")


def test_a_missing_permission_is_named():
    words = "Access denied. One of the following scopes is required: [im:message:send, im:message]. 应用尚未开通"
    problem = error(99991672, words)
    assert isinstance(problem, Misconfigured)
    assert advice(problem).render("zh").endswith("（任选其一：im:message、im:message:send）")
