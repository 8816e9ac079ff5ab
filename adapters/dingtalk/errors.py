"""Every code of DingTalk's that we know, and the remedy for it.

::

    SLOW      wait, then the same again
    QUOTA     the month's calls are used up (a kind of SETTING: only an admin can buy more)
    TOKEN     get a new token, once
    SETTING   an admin has to change something in DingTalk's console; parcels wait until then
    CONTENT   DingTalk does not take this content: degrade it
    STALE     the card or the answer's address is no longer there (a kind of CONTENT)
    DONE      an earlier try of the same card arrived (a kind of CONTENT)
    AWAY      the chat or the person cannot be reached

OpenAPI codes are words, those of oapi and the webhooks numbers, written here as text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chat.errors import DeliveryError, Exhausted, Gone, Refresh, Rejected, RetryLater
from chat.text import Text, say

SLOW_SECONDS = 2.0
MINUTE_SECONDS = 60.0
BLOCKED_SECONDS = 300.0
SETTING_SECONDS = 300.0
QUOTA_SECONDS = 3600.0
"""Parcels that wait for an admin, or for next month, are tried again so often."""


class Stale(Rejected):
    """What was to be changed or answered is no longer there."""


class Done(Rejected):
    """This very card is already there."""


class Misconfigured(RetryLater):
    """Only an admin can help. ``code``: looked up in ``ADVICE``. ``scopes``: permissions that are missing."""

    def __init__(self, reason: str, code: str, after: float = SETTING_SECONDS) -> None:
        super().__init__(reason, after)
        self.code = code
        self.scopes: tuple[str, ...] = ()


class UsedUp(Misconfigured, Exhausted):
    """The month's calls."""


Make = Callable[[str, str, float], DeliveryError]


def _slow(reason: str, code: str, wait: float) -> DeliveryError:
    return RetryLater(reason, wait)


def _minute(reason: str, code: str, wait: float) -> DeliveryError:
    return RetryLater(reason, wait / SLOW_SECONDS * MINUTE_SECONDS)


def _quota(reason: str, code: str, wait: float) -> DeliveryError:
    return UsedUp(reason, code, QUOTA_SECONDS)


def _token(reason: str, code: str, wait: float) -> DeliveryError:
    return Refresh(reason)


def _setting(reason: str, code: str, wait: float) -> DeliveryError:
    return Misconfigured(reason, code)


def _content(reason: str, code: str, wait: float) -> DeliveryError:
    return Rejected(reason)


def _stale(reason: str, code: str, wait: float) -> DeliveryError:
    return Stale(reason)


def _done(reason: str, code: str, wait: float) -> DeliveryError:
    return Done(reason)


def _away(reason: str, code: str, wait: float) -> DeliveryError:
    return Gone(reason)


REMEDIES: Mapping[str, tuple[Make, str]] = {
    # limits
    "send.too.fast": (_minute, "too many messages"),
    "too.many.group": (_minute, "too many groups at once"),
    "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi": (_slow, "too many calls of one interface a second"),
    "Forbidden.AccessDenied.QpsLimitForApi": (_slow, "too many calls of one interface a second"),
    "Forbidden.AccessDenied.ApiCountLimitForOrg": (_quota, "the month's calls are used up"),
    "20001": (_quota, "the month's calls are used up"),
    "-1": (_minute, "the system is busy"),
    "130101": (_minute, "more than 20 messages a minute"),
    "660026": (_minute, "too many messages a minute"),
    "1111": (_slow, "this machine's address is blocked for minutes"),
    "system.error": (_slow, "a fault of DingTalk's own"),
    "systemError": (_slow, "a fault of DingTalk's own"),
    "resource.unavailable": (_slow, "not available just now"),
    # tokens
    "InvalidAuthentication": (_token, "the token is invalid"),
    "40014": (_token, "the token is invalid"),
    "400101": (_setting, "the webhook's token is invalid"),
    # what only an admin can change
    "AuthenticationFailed.MissingParameter": (_setting, "a call without its token"),
    "invalidClientIdOrSecret": (_setting, "client_id or client_secret is wrong"),
    "authFailed": (_setting, "client_id or client_secret is wrong"),
    "40096": (_setting, "client_id or client_secret is wrong"),
    "40035": (_setting, "a parameter is missing"),
    "Forbidden.AccessDenied.AccessTokenPermissionDenied": (_setting, "a permission is missing"),
    "60011": (_setting, "no permission to read contacts"),
    "invalidParameter.robotCode.notExsit": (_setting, "no such robot code"),
    "400106": (_setting, "no such robot"),
    "400102": (_setting, "the robot is stopped"),
    "bot.stopped": (_setting, "the robot is stopped"),
    "300005": (_setting, "no such webhook token"),
    "310000": (_setting, "the webhook's keywords, signature or IP list refuse it"),
    # content
    "invalidParameter.msgParam.invalid": (_content, "the message is malformed"),
    "invalidParameter.msgParam.tooLong": (_content, "the message is too long"),
    "invalidParameter.userIds.empty": (_content, "nobody to write to"),
    "invalidParameter.userIds.overMax": (_content, "too many people at once"),
    "contain.notAllowed": (_content, "words or links that are not allowed"),
    "only.groupAdmin.canAtAll": (_content, "only the group's admins may @ everybody"),
    "MissingStringValue": (_content, "a card's value is no text"),
    "param.cardDataAndPrivateDataBothEmpty": (_content, "a card without data"),
    "460101": (_content, "more than 20000 bytes"),
    "400105": (_content, "this kind of message is not possible here"),
    "410100": (_content, "refused"),
    "101002": (_content, "refused"),
    "430101": (_content, "an unsafe link"),
    "430102": (_content, "unsafe words"),
    "430103": (_content, "an unsafe picture"),
    "430104": (_content, "unsafe content"),
    "43002": (_content, "the call has to be a POST"),
    "43004": (_content, "the call has to be JSON"),
    "invalid.processQueryKey": (_content, "no such message"),
    "processQueryKey.expireTime": (_content, "a message older than a day: nobody tells who has read it"),
    # not there any more, or already there
    "300001": (_stale, "the session's webhook has expired"),
    "param.cardNotExist": (_stale, "no such card"),
    "param.cardAlreadyExist": (_done, "this card was sent before"),
    # nobody there
    "miss.openConversationId": (_away, "no group"),
    "invalid.openConversationId": (_away, "no such group, or the robot is not in it"),
    "group.disbanded": (_away, "the group is dissolved"),
    "400013": (_away, "the group is dissolved"),
    "staffId.notExisted": (_away, "no such person"),
    "33012": (_away, "no such person"),
    "chatbotId.notAllow.sendOTO": (_away, "the person may not be written to"),
}

LINK_STATES: Mapping[str, str] = {"authFailed": "auth_failed", "invalidClientIdOrSecret": "auth_failed"}
"""Refusals of the Stream gateway that trying again cannot change."""

_CONSOLE = "开发者后台 → 应用 → "
ADVICE: Mapping[str, str] = {
    "AuthenticationFailed.MissingParameter": "检查代理是否去掉了请求头",
    "invalidClientIdOrSecret": _CONSOLE + "凭证与基础信息：把 Client ID 和 Client Secret 重新复制到 config.toml",
    "authFailed": _CONSOLE + "凭证与基础信息：把 Client ID 和 Client Secret 重新复制到 config.toml",
    "40096": _CONSOLE + "凭证与基础信息：把 Client ID 和 Client Secret 重新复制到 config.toml",
    "40035": _CONSOLE + "凭证与基础信息：检查 Client ID 和 Client Secret",
    "400101": _CONSOLE + "机器人：重新发布版本",
    "400102": _CONSOLE + "机器人：启用机器人，再发布一个版本",
    "400106": _CONSOLE + "机器人：复制 RobotCode 到 config.toml 的 robot_code",
    "300005": _CONSOLE + "机器人：重新发布版本",
    "310000": "群机器人的安全设置：关键词、加签或 IP 白名单",
    "60011": _CONSOLE + "权限管理：开通「成员信息读权限」(qyapi_get_member)",
    "bot.stopped": _CONSOLE + "机器人：启用机器人，再发布一个版本",
    "invalidParameter.robotCode.notExsit": _CONSOLE + "机器人：复制 RobotCode 到 config.toml 的 robot_code",
    "Forbidden.AccessDenied.AccessTokenPermissionDenied": _CONSOLE + "权限管理：开通缺少的权限",
    "Forbidden.AccessDenied.ApiCountLimitForOrg": "管理后台 → 开放平台用量：本月调用量已用完，升级版本或等到下月 1 日",
    "20001": "管理后台 → 开放平台用量：本月调用量已用完，升级版本或等到下月 1 日",
}


UNLINKED: Mapping[str, Text] = {
    "auth_failed": say(
        "凭证不对：" + ADVICE["authFailed"],
        "Wrong credentials: copy Client ID and Client Secret from DingTalk's console to config.toml again",
    ),
    "too_many_connections": say(
        "连接数已满：停掉用同一个 Client ID 的其他程序",
        "Too many connections: stop other programs that use the same Client ID",
    ),
}
"""States of the link that only an admin can change."""


def advice(problem: Misconfigured) -> Text:
    """What an admin reads: where to repair it; for a permission, its name."""
    return say(
        "{where}{scopes}",
        "To be repaired in DingTalk's console ({code}){scopes}",
        where=ADVICE.get(problem.code, _CONSOLE + problem.code),
        code=problem.code,
        scopes=say("（{names}）", " ({names})", names="、".join(problem.scopes)) if problem.scopes else "",
    )


def error(code: str, message: str, wait: float = SLOW_SECONDS) -> DeliveryError:
    """The remedy for a code. An unknown one is worth a few more tries, then an admin's attention.

    wait: seconds, where the code says to wait. ``message`` is DingTalk's, for logs; it is cut, it may quote us.
    """
    make, meaning = _remedy(code)
    return make(f"dingtalk {code}: {meaning} ({message[:200]})", code, wait)


def _remedy(code: str) -> tuple[Make, str]:
    """Longer codes begin with one we know (``contain.notAllowed.url``), or end with it."""
    found = REMEDIES.get(code)
    if found is not None:
        return found
    parts = code.split(".")
    shorter = [".".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)] + parts[-1:]
    return next((REMEDIES[one] for one in shorter if one in REMEDIES), (_unknown, "unknown code"))


def _unknown(reason: str, code: str, wait: float) -> DeliveryError:
    return DeliveryError(reason)
