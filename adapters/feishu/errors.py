"""Every code of Feishu's that we know, and the remedy for it.

::

    SLOW      wait, then the same again
    TOKEN     get a new token, once
    SETTING   an admin has to change something in Feishu's console; parcels wait until then
    CONTENT   Feishu does not take this content: degrade it
    STALE     the message answered or edited is no longer there (a kind of CONTENT)
    AWAY      the chat or the person cannot be reached
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from chat.errors import DeliveryError, Gone, Refresh, Rejected, RetryLater
from chat.text import Text, join, say

SLOW_SECONDS = 2.0
SETTING_SECONDS = 300.0
"""A parcel that waits for an admin is tried again so often."""


class Stale(Rejected):
    """The message that was answered or edited was recalled, deleted, hidden, or is too old."""


class Misconfigured(RetryLater):
    """Only an admin can help. ``code``: looked up in ``ADVICE``."""

    def __init__(self, reason: str, code: int) -> None:
        super().__init__(reason, SETTING_SECONDS)
        self.code = code


Make = Callable[[str, int, float], DeliveryError]


def _slow(reason: str, code: int, wait: float) -> DeliveryError:
    return RetryLater(reason, wait)


def _token(reason: str, code: int, wait: float) -> DeliveryError:
    return Refresh(reason)


def _setting(reason: str, code: int, wait: float) -> DeliveryError:
    return Misconfigured(reason, code)


def _content(reason: str, code: int, wait: float) -> DeliveryError:
    return Rejected(reason)


def _stale(reason: str, code: int, wait: float) -> DeliveryError:
    return Stale(reason)


def _away(reason: str, code: int, wait: float) -> DeliveryError:
    return Gone(reason)


REMEDIES: Mapping[int, tuple[Make, str]] = {
    # the gateway and service limits
    99991400: (_slow, "too many requests for the app"),
    230020: (_slow, "too many messages to this chat or person"),
    11232: (_slow, "the message service is busy"),
    11233: (_slow, "too many messages to this chat"),
    11247: (_slow, "an internal limit on sending"),
    230049: (_slow, "this very message is being sent"),
    # tokens
    99991661: (_token, "no token"),
    99991663: (_token, "the token is invalid"),
    99991664: (_token, "the app token is invalid"),
    99991665: (_token, "the token is invalid"),
    99991668: (_token, "the user token is invalid"),
    99991671: (_token, "the token is malformed"),
    99991677: (_token, "the token has expired"),
    # what only an admin can change
    10014: (_setting, "the app is not authorised"),
    10015: (_setting, "the app secret is wrong"),
    99991401: (_setting, "this machine's address is not on the app's IP list"),
    99991662: (_setting, "the app is disabled"),
    99991672: (_setting, "a permission is missing"),
    99991673: (_setting, "the app is disabled"),
    212100: (_setting, "the app is not installed"),
    # content
    230001: (_content, "a parameter is invalid"),
    230022: (_content, "sensitive content"),
    230025: (_content, "the message is too long"),
    230028: (_content, "stopped by data-loss prevention"),
    230055: (_content, "the file's type does not match"),
    230099: (_content, "the card was refused"),
    11310: (_content, "the card has too many elements or tables"),
    11311: (_content, "the card's format is wrong"),
    230023: (_content, "too many unread urgent messages"),
    230024: (_content, "the quota of urgent messages is used up"),
    230012: (_content, "not the bot's own message"),
    230017: (_content, "not the bot's own message"),
    230033: (_content, "a message older than 7 days: nobody tells who has read it"),
    234001: (_content, "no file was sent"),
    234006: (_content, "the file is too large"),
    234010: (_content, "the file is empty"),
    1390007: (_content, "this approval's events were asked for before"),
    200310: (_content, "the card for the delayed update is wrong"),
    200320: (_content, "the people of the delayed update are wrong"),
    200530: (_content, "an input of a form has no name"),
    200830: (_content, "a 2.0 card cannot become a 1.0 card"),
    # the message is not there any more
    230011: (_stale, "the message was recalled"),
    230031: (_stale, "the card is older than 14 days"),
    230050: (_stale, "the message is not visible to the bot"),
    230071: (_stale, "the chat has no threads"),
    230110: (_stale, "the message was deleted"),
    300030: (_stale, "the update token has expired"),
    300040: (_stale, "the update token is used up"),
    # nobody there
    230002: (_away, "the bot is not in the chat"),
    230006: (_away, "the app's bot ability is off"),
    230013: (_away, "the person is outside the app's availability"),
    230018: (_away, "the chat's settings do not let the bot speak"),
    230027: (_away, "no permission for this chat"),
    230029: (_away, "the person has left the company"),
    230034: (_away, "no such chat or person"),
    230035: (_away, "the bot is muted in the chat"),
    230038: (_away, "a direct message to another company"),
    230053: (_away, "the person has stopped the bot"),
    232009: (_away, "the chat is dissolved"),
    99992351: (_away, "no such person"),
    99992356: (_away, "no such chat"),
    99992361: (_away, "a person of another app"),
}

LINK_STATES: Mapping[int, str] = {
    1: "connecting",
    1000040343: "connecting",
    1000040344: "auth_failed",
    1000040350: "too_many_connections",
    403: "auth_failed",
    514: "too_many_connections",
}
"""Answers to the long connection's own calls. Any other code is fatal and means that the credentials are wrong.

514 stands for every refusal of the upgrade that has a reason; the SDK reports it as fatal only for this one.
"""

CONSOLE = "open.feishu.cn/app"
ADVICE: Mapping[int, Text] = {
    10014: say(
        "飞书应用还没发布。去 {console} → 版本管理与发布，发布一个版本并请企业管理员通过。",
        "The Feishu app is not published. Publish a version in {console} → Version Management and have it approved.",
        console=CONSOLE,
    ),
    10015: say(
        "飞书的 App ID 或 App Secret 不对。去 {console} → 凭证与基础信息复制最新的，改 config.toml 后重启。",
        "Feishu's App ID or App Secret is wrong. Copy the latest from {console} → Credentials, then restart.",
        console=CONSOLE,
    ),
    99991401: say(
        "这台机器的出口 IP 不在飞书应用的白名单里。去 {console} → 安全设置，加上它或清空白名单。",
        "This machine's address is not on the app's IP list. Add it in {console} → Security Settings.",
        console=CONSOLE,
    ),
    99991662: say(
        "飞书应用被停用了。请企业管理员在管理后台 → 应用管理里启用它。",
        "The Feishu app is disabled. An administrator can enable it in the admin console.",
    ),
    99991672: say(
        "飞书应用缺少权限。去 {console} → 权限管理，开通后再发布一个版本。",
        "The Feishu app lacks a permission. Grant it in {console} → Permissions, then publish a version.",
        console=CONSOLE,
    ),
    99991673: say(
        "飞书应用被停用了。请企业管理员在管理后台 → 应用管理里启用它。",
        "The Feishu app is disabled. An administrator can enable it in the admin console.",
    ),
}
ADVICE = {**ADVICE, 212100: ADVICE[10014]}
CROWDED = say(
    "这个飞书应用的连接太多（最多 50 个）：别处还有进度助手在用同一个 App ID，先停掉它。",
    "Too many connections for this Feishu app (50 at most): stop whatever else runs with the same App ID.",
)
_SCOPES = re.compile(r"[a-z_]+:[a-z_.]+(?::[a-z_.]+)*")


def advice(problem: Misconfigured) -> Text:
    """What an admin reads: where to repair it; for a permission, its name."""
    text = ADVICE[problem.code]
    scopes = sorted(set(_SCOPES.findall(str(problem)))) if problem.code == 99991672 else []
    if not scopes:
        return text
    names = "、".join(scopes[:5])
    return join([text, say("（任选其一：{names}）", " (any of: {names})", names=names)])


def error(code: int, message: str, wait: float = SLOW_SECONDS) -> DeliveryError:
    """The remedy for a code. An unknown one is worth a few more tries, then an admin's attention.

    wait: seconds, where the code says to wait. ``message`` is Feishu's, for logs; it is cut, it may quote us.
    """
    make, meaning = REMEDIES.get(code, (_unknown, "unknown code"))
    return make(f"feishu {code}: {meaning} ({message[:200]})", code, wait)


def _unknown(reason: str, code: int, wait: float) -> DeliveryError:
    return DeliveryError(reason)
