"""What Feishu says about how the app is set up: permissions by name, events, the card callback, its version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from adapters.examine import of_link, unreached
from adapters.feishu.client import Client
from adapters.feishu.config import Config
from adapters.feishu.errors import Misconfigured, advice
from chat.errors import DeliveryError
from chat.findings import Finding, bad, look, well
from chat.text import Text, say

SCOPES: Mapping[str, tuple[Text, tuple[str, ...]]] = {
    "im:message.group_at_msg:readonly": (
        say("听到群里 @它 的话", "to hear what is @ed to it in groups"),
        ("im:message.group_at_msg", "im:message.group_msg"),
    ),
    "im:message.p2p_msg:readonly": (say("听到私聊", "to hear direct messages"), ("im:message.p2p_msg",)),
    "im:message:send_as_bot": (say("说话", "to speak"), ("im:message",)),
    "im:message": (say("改卡片、读引用、看谁已读", "to change cards, read quotes and see who has read"), ()),
    "im:chat:readonly": (say("知道群名", "to know groups by name"), ("im:chat",)),
    "im:chat.members:read": (say("知道人名", "to know people by name"), ("im:chat",)),
    "im:resource": (say("发图片和文件", "to send pictures and files"), ()),
}
"""Each with what it is for, and the wider ones that will do as well."""
VITAL = ("im:message.group_at_msg:readonly", "im:message.p2p_msg:readonly", "im:message:send_as_bot")
SELF = "application:application:self_manage"
"""With it the app may be asked what it has subscribed to."""
EVENTS: Mapping[str, Text] = {
    "im.message.receive_v1": say("接收消息", "messages"),
    "im.chat.member.bot.added_v1": say("机器人进群", "bot added"),
    "im.chat.member.bot.deleted_v1": say("机器人被移出群", "bot removed"),
    "im.chat.member.user.added_v1": say("用户进群", "member joined"),
    "im.chat.member.user.deleted_v1": say("用户出群", "member left"),
    "im.chat.member.user.withdrawn_v1": say("撤销拉人进群", "invitation withdrawn"),
    "im.message.recalled_v1": say("撤回消息", "message recalled"),
    "im.chat.updated_v1": say("群配置修改", "group changed"),
    "im.chat.disbanded_v1": say("群解散", "group dissolved"),
}
CARD = "card.action.trigger"
WAYS = {"websocket": say("长连接", "long connection"), "webhook": say("开发者服务器", "developer's server")}
INACTIVE: Mapping[int, Text] = {
    0: say("还没启用", "not enabled yet"),
    1: say("被停用了", "disabled"),
    3: say("装上了还没启用", "installed but not enabled"),
    4: say("升级后还没启用", "not enabled since its upgrade"),
    5: say("许可过期了", "without a valid licence"),
}
"""``activate_status`` of the bot, where it is not well."""


async def examine(client: Client, why: str) -> tuple[Finding, ...]:
    """See ``chat.ports.Examined``. why: the long connection does not stand; "" when it does."""
    config = client.config
    try:
        active = await client.activated()
        found = [well("credentials", say("凭证", "credentials")), *_activated(active, config)]
        found += _scopes(await client.granted(), config)
    except DeliveryError as error:
        return (of(error, config),)
    if why:
        found.append(of_link(why, _host(config)))
    return (*found, *await _subscribed(client, config))


def of(error: DeliveryError, config: Config) -> Finding:
    """What an error says to an admin."""
    if isinstance(error, Misconfigured):
        topics = {10015: "credentials", 99991401: "ip", 99991672: "scope"}
        return bad(topics.get(error.code, "app"), advice(error))
    return unreached(error, _host(config))


def _host(config: Config) -> str:
    return urlsplit(config.domain).hostname or config.domain


def _activated(status: int | None, config: Config) -> Iterator[Finding]:
    how = None if status is None else INACTIVE.get(status)
    if how is not None:
        yield bad("app", say(
            "应用{how}：去 {console} → 版本管理与发布 发布一个版本，请企业管理员通过",
            "The app is {how}: publish a version in {console} → Version Management and have it approved",
            how=how, console=console(config),
        ))  # fmt: skip


def _scopes(granted: Mapping[str, bool], config: Config) -> Iterator[Finding]:
    have = {name for name, yes in granted.items() if yes}
    missing = [name for name, (_, wider) in SCOPES.items() if not have & {name, *wider}]
    if not missing:
        yield well("scope", say("权限 {n} 项", "{n} permissions", n=len(SCOPES)))
    for name in missing:
        text = say(
            "缺权限 {scope}（{use}）：打开 {link} 开通，再发布一个版本",
            "the permission is missing: {scope} ({use}): grant it at {link}, then publish a version",
            scope=name, use=SCOPES[name][0], link=f"{console(config)}/auth?q={name}",
        )  # fmt: skip
        yield bad("scope", text) if name in VITAL else look("scope", text)


async def _subscribed(client: Client, config: Config) -> list[Finding]:
    try:
        app = await client.application()
    except Misconfigured:
        return [look("callback?", say(
            "平台不让查卡片回调订没订阅：点一次卡片上的按钮就知道了；"
                    "没反应就去 {page} → 回调配置 选「{way}」，添加 {name}",
            "Feishu does not tell whether the card callback is subscribed: press any button to know; if nothing "
            "happens, choose “{way}” in {page} → Callbacks and add {name}",
            page=f"{console(config)}/event", way=WAYS[config.transport], name=CARD,
        ))]  # fmt: skip
    except DeliveryError as error:
        return [of(error, config)]
    return [*_events(app, config), *_callback(app, config)]


def _events(app: Mapping[str, Any], config: Config) -> Iterator[Finding]:
    event = app.get("event")
    if not isinstance(event, dict):
        return
    have = set(event.get("subscribed_events") or ())
    if event.get("subscription_type") not in (None, "", config.transport):
        yield _other_way("events", say("事件", "Events"), "event", config)
    missing = [f"{name}（{title.zh}）" for name, title in EVENTS.items() if name not in have]
    missing_en = [name for name in EVENTS if name not in have]
    if not missing:
        yield well("events", say("事件 {n} 个", "{n} events", n=len(EVENTS)))
        return
    text = say(
        "没订阅事件 {names}：去 {page} → 事件配置 添加，再发布一个版本",
        "events not subscribed: {english}: add them in {page} → Events, then publish a version",
        names="、".join(missing), english=", ".join(missing_en), page=f"{console(config)}/event",
    )  # fmt: skip
    yield bad("events", text) if "im.message.receive_v1" in missing_en else look("events", text)


def _callback(app: Mapping[str, Any], config: Config) -> Iterator[Finding]:
    callback = app.get("callback") or app.get("callback_info")
    callback = callback if isinstance(callback, dict) else {}
    if CARD not in (callback.get("subscribed_callbacks") or ()):
        yield bad("callback", say(
            "没订阅卡片回调，按钮会提示 200340：去 {page} → 回调配置 选「{way}」，添加 {name}，再发布一个版本",
            "the card callback is not subscribed, buttons show 200340: choose “{way}” in {page} → Callbacks, "
            "add {name}, then publish a version",
            page=f"{console(config)}/event", way=WAYS[config.transport], name=CARD,
        ))  # fmt: skip
    elif callback.get("callback_type") not in (None, "", config.transport):
        yield _other_way("callback", say("卡片回调", "The card callback"), "event", config)
    else:
        yield well("callback", say("卡片回调", "card callback"))


def _other_way(topic: str, what: Text, page: str, config: Config) -> Finding:
    return bad(topic, say(
        "{what}没有发到这里：去 {page} 把订阅方式改成「{way}」（config.toml 写的是 transport = \"{transport}\"）",
        "{what} go elsewhere: choose “{way}” in {page} (config.toml says transport = \"{transport}\")",
        what=what, page=f"{console(config)}/{page}", way=WAYS[config.transport], transport=config.transport,
    ))  # fmt: skip


def console(config: Config) -> str:
    """The page of this app; an address that is neither Feishu's nor Lark's own is taken to be Feishu's."""
    home = "open.larksuite.com" if "larksuite" in config.domain else "open.feishu.cn"
    return f"{home}/app/{config.app_id}"
