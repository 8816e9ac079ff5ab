"""Every answer of WeCom that is not 0, and what is to be done about it.

::

    Refused(code)            what the connection and the HTTP clients raise
      └─ remedy(code).do
         LADDER              this way is closed, the next one may be open (see ladder.py)
         RESUBSCRIBE         the link lost its subscription: renew it, then once more; surely not sent
         WAIT                RetryLater: too fast or busy
         REFRESH             a new token, once
         SENT                the card is there already
         REJECT              Rejected: this content never
         GONE                Gone: this chat or person never
         ADMIN               RetryLater: somebody must change a setting; ``hint`` says which
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto

from chat.errors import DeliveryError, Gone, Refresh, Rejected, RetryLater
from chat.frozen import frozen
from chat.text import Text, say

NOT_SUBSCRIBED = 846609
STALE_REQUEST = 846605
DUPLICATE_TASK = 42014
ASLEEP = 93001
BAD_CREDENTIALS = 853000
MINUTE = 60.0
ADMIN_SECONDS = 600.0


class Do(Enum):
    LADDER = auto()
    RESUBSCRIBE = auto()
    WAIT = auto()
    REFRESH = auto()
    SENT = auto()
    REJECT = auto()
    GONE = auto()
    ADMIN = auto()


@frozen
class Remedy:
    """``hint``: for an administrator. ``after``: seconds to wait where waiting is the remedy."""

    do: Do
    hint: Text
    after: float = 0.0


class Refused(Exception):
    """WeCom answered with an error code: nothing was delivered."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"wecom {code}: {message[:200]}")
        self.code = code

    def as_delivery(self) -> DeliveryError:
        """The error the courier knows."""
        found = remedy(self.code)
        match found.do:
            case Do.GONE:
                return Gone(str(self))
            case Do.REFRESH:
                return Refresh(str(self))
            case Do.WAIT | Do.ADMIN | Do.RESUBSCRIBE | Do.LADDER:
                return RetryLater(str(self), found.after or MINUTE)
            case Do.REJECT | Do.SENT:
                return Rejected(str(self))


def remedy(code: int) -> Remedy:
    """What to do about ``code``; an unknown one is a refusal of the content, since nothing was delivered."""
    return REMEDIES.get(code, _UNKNOWN)


_BUG = say(
    "机器人发出的内容不合企业微信的格式，请把日志发给开发者。",
    "The bot sent something WeCom does not accept; please report it.",
)
_UNKNOWN = Remedy(
    Do.REJECT, say("企业微信返回了没见过的错误码，请看日志。", "WeCom answered with an unknown code; see the log.")
)

REMEDIES: Mapping[int, Remedy] = {
    # --- the long connection ---
    6000: Remedy(Do.WAIT, say("企业微信正忙，1 秒后再发。", "WeCom is busy; tried again after a second."), 1.0),
    40008: Remedy(Do.REJECT, _BUG),
    40016: Remedy(Do.REJECT, _BUG),
    40058: Remedy(Do.REJECT, say("内容太长或格式不对，已改发文字。", "Too long or malformed; sent as text instead.")),
    DUPLICATE_TASK: Remedy(Do.SENT, say("这张卡片已经在群里了。", "This card is in the chat already.")),
    45009: Remedy(
        Do.WAIT,
        say("发得太快（每群每分钟 30 条），稍后自动续发。", "Too fast (30 a minute per chat); goes on later."),
        MINUTE,
    ),
    45033: Remedy(Do.WAIT, say("同时发送太多，稍后自动续发。", "Too many at once; goes on later."), MINUTE),
    ASLEEP: Remedy(
        Do.LADDER,
        say(
            "这个会话还不能主动推送：请任意成员 @我 一次。",
            "This chat cannot be pushed to yet: somebody must @ me once.",
        ),
        MINUTE,
    ),
    93006: Remedy(
        Do.GONE, say("会话号无效：机器人可能已被移出这个群。", "Unknown chat: the bot may have been removed.")
    ),
    600039: Remedy(
        Do.LADDER, say("对方的客户端显示不了这种消息，已改用文字。", "A client cannot show this; text is used instead.")
    ),
    STALE_REQUEST: Remedy(
        Do.LADDER, say("这条消息已过可回复的时间，改为主动推送。", "Too old to reply to; pushed instead.")
    ),
    846608: Remedy(Do.REJECT, _BUG),
    NOT_SUBSCRIBED: Remedy(
        Do.RESUBSCRIBE, say("连接失去了订阅，正在重新连接。", "The link lost its subscription; reconnecting."), 1.0
    ),
    BAD_CREDENTIALS: Remedy(
        Do.ADMIN,
        say(
            "BotID 或长连接 Secret 不对：管理后台 → 智能机器人 → API 模式 → 长连接，重新复制。",
            "Wrong BotID or long-connection secret: copy both again from the admin console.",
        ),
        ADMIN_SECONDS,
    ),
    853006: Remedy(Do.REJECT, say("本企业没有开通这个能力。", "This ability is not open to the company.")),
    # --- the group webhook ---
    93000: Remedy(
        Do.GONE, say("群消息推送的网址失效了，请在群里重新添加。", "The group webhook is dead; add a new one.")
    ),
    130101: Remedy(Do.WAIT, say("消息推送太快（每分钟 20 条）。", "The webhook is too fast (20 a minute)."), MINUTE),
    # --- the self-built app ---
    -1: Remedy(Do.WAIT, say("企业微信正忙，稍后再试。", "WeCom is busy; tried again later."), 5.0),
    40001: Remedy(Do.ADMIN, say("自建应用的 Secret 不对。", "The app's secret is wrong."), ADMIN_SECONDS),
    40003: Remedy(Do.GONE, say("没有这个成员。", "There is no such member.")),
    40014: Remedy(Do.REFRESH, say("令牌无效，已自动换新。", "Stale token; renewed.")),
    42001: Remedy(Do.REFRESH, say("令牌过期，已自动换新。", "Expired token; renewed.")),
    48002: Remedy(Do.ADMIN, say("自建应用没有这个接口的权限。", "The app may not use this API."), ADMIN_SECONDS),
    60011: Remedy(
        Do.ADMIN, say("自建应用看不到这位成员：请扩大可见范围。", "Widen the app's visible range."), ADMIN_SECONDS
    ),
    60020: Remedy(
        Do.ADMIN,
        say(
            "服务器 IP 不在「企业可信 IP」里：管理后台 → 应用 → 企业可信 IP。",
            "Add the server's IP to the trusted IPs.",
        ),
        ADMIN_SECONDS,
    ),
    60111: Remedy(Do.GONE, say("没有这个成员。", "There is no such member.")),
    81013: Remedy(Do.GONE, say("收件人都无效。", "No valid recipient.")),
    301002: Remedy(
        Do.ADMIN, say("自建应用的 agentid 不对或没有权限。", "Wrong agentid or no permission."), ADMIN_SECONDS
    ),
}
