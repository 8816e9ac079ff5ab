"""What DingTalk says about how the app is set up. It has no list of permissions: each is tried with a call that cannot

do anything, on a group, a card and a person that do not exist. DingTalk refuses it for want of the permission, or else
because there is no such thing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote, urlsplit

from adapters.dingtalk.client import Client
from adapters.dingtalk.config import Config
from adapters.dingtalk.errors import Misconfigured, advice
from adapters.examine import of_link, unreached
from chat.errors import DeliveryError, Gone, Rejected
from chat.findings import Finding, bad, look, well
from chat.text import Text, say

NOBODY, NOWHERE, NOTHING = "jindu-check-nobody", "cidjinducheck==", "jindu-check-nothing"
SCOPES: Mapping[str, tuple[Text, str]] = {
    "qyapi_robot_sendmsg": (say("主动发消息、看谁已读", "to write first and see who has read"), "✗"),
    "Card.Instance.Write": (say("卡片按钮、改卡片", "buttons and changes of cards"), "!"),
    "qyapi_get_member": (say("知道没说过话的人叫什么", "names of people who have not spoken"), "!"),
}
DENIED = ("Forbidden.AccessDenied.AccessTokenPermissionDenied", "60011")
SPENT = ("Forbidden.AccessDenied.ApiCountLimitForOrg", "20001")
CREDENTIALS = ("invalidClientIdOrSecret", "authFailed", "40096", "40035")
UNPUBLISHED = "HTTP 400"
"""What the gateway says to an app that it does not let in."""


async def examine(client: Client, why: str) -> tuple[Finding, ...]:
    """See ``chat.ports.Examined``. why: the Stream connection does not stand; "" when it does."""
    config = client.config
    try:
        await client.token()
    except DeliveryError as error:
        return (of(error, config, ""),)
    found = [well("credentials", say("凭证", "credentials"))]
    if why:
        found.append(_link(why, config))
    tries: Mapping[str, Callable[[], Awaitable[object]]] = {
        "qyapi_robot_sendmsg": lambda: client.to_group(NOWHERE, "sampleText", {"content": "check"}),
        "Card.Instance.Write": lambda: client.redraw(NOTHING, {"title": "check"}),
        "qyapi_get_member": lambda: client.person(NOBODY),
    }
    wrong = [one for scope, attempt in tries.items() if (one := await _tried(scope, attempt, config)) is not None]
    if not any(one.topic == "scope" for one in wrong):
        found.append(well("scope", say("权限 {n} 项", "{n} permissions", n=len(SCOPES))))
    found += {(one.topic, one.text.plain()): one for one in wrong}.values()
    if config.transport == "stream":
        found.append(look("callback?", say(
            "平台不说卡片点击会不会送到：点一次卡片上的按钮就知道了；"
                    "没反应就去 {page} → 事件订阅 选「Stream 模式推送」",
            "DingTalk does not tell whether presses arrive: press any button to know; if nothing happens, choose "
            "“Stream” in {page} → Events",
            page=CONSOLE,
        )))  # fmt: skip
    return tuple(found)


CONSOLE = "open-dev.dingtalk.com"


async def _tried(scope: str, attempt: Callable[[], Awaitable[object]], config: Config) -> Finding | None:
    try:
        await attempt()
    except (Gone, Rejected):
        return None
    except DeliveryError as error:
        return of(error, config, scope)
    return None


def of(error: DeliveryError, config: Config, scope: str) -> Finding:
    """What an error says to an admin. scope: what was tried, where DingTalk does not name it itself."""
    if not isinstance(error, Misconfigured):
        return unreached(error, urlsplit(config.api_base).hostname or config.api_base)
    if error.code in DENIED:
        return _missing(next(iter(error.scopes), scope), config)
    topic = "quota" if error.code in SPENT else "credentials" if error.code in CREDENTIALS else "app"
    return bad(topic, advice(error))


def _missing(scope: str, config: Config) -> Finding:
    use, mark = SCOPES.get(scope, (say("调用接口", "to call an interface"), "✗"))
    link = f"{CONSOLE}/appscope/apply?content={quote(config.client_id)}%23{quote(scope)}"
    text = say(
        "缺权限 {scope}（{use}）：打开 {link} 开通",
        "the permission is missing: {scope} ({use}): grant it at {link}",
        scope=scope, use=use, link=link,
    )  # fmt: skip
    return bad("scope", text) if mark == "✗" else look("scope", text)


def _link(why: str, config: Config) -> Finding:
    if UNPUBLISHED in why:
        return bad("connection", say(
            "平台不让连（HTTP 400）：应用没发布版本、机器人不是 Stream 模式，或者这台机器的出口 IP 不在白名单。"
            "去 {page} → 应用 → 机器人 选 Stream 模式 → 版本管理与发布",
            "DingTalk refuses the connection (HTTP 400): the app is not published, the robot is not in Stream mode, or "
            "this machine's address is not on the list. Go to {page} → app → Robot → Stream, then publish a version",
            page=CONSOLE,
        ))  # fmt: skip
    return of_link(why, urlsplit(config.api_base).hostname or config.api_base)
