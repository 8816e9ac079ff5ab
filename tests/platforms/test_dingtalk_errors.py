"""Every code that DingTalk's documents and other people's logs name has a remedy; what an admin can do is said."""

from __future__ import annotations

import pytest

from adapters.dingtalk.errors import ADVICE, REMEDIES, Done, Misconfigured, Stale, UsedUp, error
from chat.errors import DeliveryError, Gone, Refresh, Rejected, RetryLater

OPENAPI = [
    "invalidParameter.robotCode.notExsit",
    "invalidParameter.msgParam.invalid",
    "invalidParameter.msgParam.tooLong",
    "invalidParameter.userIds.empty",
    "invalidParameter.userIds.overMax",
    "miss.openConversationId",
    "invalid.openConversationId",
    "group.disbanded",
    "bot.stopped",
    "send.too.fast",
    "too.many.group",
    "contain.notAllowed.words",
    "contain.notAllowed.url",
    "only.groupAdmin.canAtAll",
    "staffId.notExisted",
    "chatbotId.notAllow.sendOTO",
    "resource.unavailable",
    "system.error",
    "InvalidAuthentication",
    "AuthenticationFailed.MissingParameter",
    "Forbidden.AccessDenied.AccessTokenPermissionDenied",
    "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
    "Forbidden.AccessDenied.QpsLimitForApi",
    "Forbidden.AccessDenied.ApiCountLimitForOrg",
    "invalidClientIdOrSecret",
    "authFailed",
    "systemError",
    "param.cardAlreadyExist",
    "param.cardNotExist",
    "param.cardDataAndPrivateDataBothEmpty",
    "MissingStringValue",
    "invalid.processQueryKey",
    "processQueryKey.expireTime",
]
OAPI = [
    "-1",
    "300001",
    "300005",
    "310000",
    "130101",
    "660026",
    "410100",
    "101002",
    "460101",
    "400013",
    "400101",
    "400102",
    "400105",
    "400106",
    "430101",
    "430102",
    "430103",
    "430104",
    "40035",
    "43002",
    "43004",
    "40096",
    "40014",
    "33012",
    "60011",
    "20001",
    "1111",
]


@pytest.mark.parametrize("code", [*OPENAPI, *OAPI])
def test_every_code_has_a_remedy(code: str) -> None:
    remedy = error(code, "said")
    assert type(remedy) is not DeliveryError
    assert code in str(remedy)
    assert "said" in str(remedy)


def test_no_remedy_is_for_a_code_that_nobody_has_seen() -> None:
    seen = {*OPENAPI, *OAPI, "contain.notAllowed"}
    assert set(REMEDIES) <= seen


def test_what_an_admin_has_to_change_is_advised() -> None:
    needs = {code for code in REMEDIES if isinstance(error(code, ""), Misconfigured)}
    assert set(ADVICE) == needs


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidAuthentication", Refresh),
        ("40014", Refresh),
        ("Forbidden.AccessDenied.QpsLimitForApi", RetryLater),
        ("Forbidden.AccessDenied.ApiCountLimitForOrg", UsedUp),
        ("contain.notAllowed.whatever", Rejected),
        ("something.contain.notAllowed", DeliveryError),
        ("param.cardAlreadyExist", Done),
        ("300001", Stale),
        ("group.disbanded", Gone),
    ],
)
def test_the_remedy(code: str, kind: type[DeliveryError]) -> None:
    assert type(error(code, "")) is kind


def test_waits() -> None:
    fast, quota = error("130101", ""), error("20001", "")
    assert isinstance(fast, RetryLater)
    assert fast.after >= 60
    assert isinstance(quota, RetryLater)
    assert quota.after >= 3600


def test_an_unknown_code_is_tried_again_and_its_words_are_cut() -> None:
    remedy = error("brand.new", "x" * 5000)
    assert type(remedy) is DeliveryError
    assert len(str(remedy)) < 300
