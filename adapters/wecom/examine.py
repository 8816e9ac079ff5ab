"""What WeCom says about how the bot is set up: the link, the group webhooks, the self-built app and its trusted IP."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from adapters.examine import of_link, unreached
from adapters.wecom.app import App
from adapters.wecom.config import Config
from adapters.wecom.errors import BAD_CREDENTIALS, Refused, remedy
from adapters.wecom.webhook import Webhook
from chat.errors import DeliveryError
from chat.findings import Finding, bad, well
from chat.text import Text, say

UNTRUSTED = 60020
TOPICS = {40001: "app secret", UNTRUSTED: "ip", 301002: "app", 48002: "scope", 60011: "scope"}
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


def of_connection(state: str, why: str, config: Config, kicked: Text) -> list[Finding]:
    """The link. kicked: what is said when another program has it."""
    if state == "ready":
        return [well("credentials", say("凭证", "credentials"))] if config.callback is None else []
    if state == "kicked":
        return [bad("second consumer", kicked)]
    if state == "auth_failed":
        return [bad("credentials", remedy(BAD_CREDENTIALS).hint)]
    return [of_link(why, urlsplit(config.ws_url).hostname or config.ws_url)] if why else []


async def of_helpers(hooks: Mapping[str, Webhook], app: App | None) -> list[Finding]:
    """What helps the bot out, where it is configured."""
    found = [await _hook(chat, hook) for chat, hook in hooks.items()]
    return [*found, await _app(app)] if app is not None else found


async def _hook(chat: str, hook: Webhook) -> Finding:
    name: Text = say("「{chat}」", "“{chat}”", chat=chat) if chat else say("这个群", "the group")
    try:
        await hook.alive()
    except Refused as error:
        return bad("webhook", say(
            "{name}的消息推送：{hint}改好 config.toml 的 webhook 再重启",
            "The webhook of {name}: {hint} Correct webhook in config.toml and restart",
            name=name, hint=remedy(error.code).hint,
        ))  # fmt: skip
    except DeliveryError as error:
        return unreached(error, hook.host)
    return well("webhook", say("{name}的消息推送", "Webhook of {name}", name=name))


async def _app(app: App) -> Finding:
    try:
        await app.known()
    except Refused as error:
        found = _ADDRESS.search(str(error)) if error.code == UNTRUSTED else None
        address: Text = say("（本机出口 IP 是 {ip}）", " (this machine is {ip})", ip=found[0]) if found else say("", "")
        return bad(TOPICS.get(error.code, "app"), say(
            "自建应用：{hint}{address}", "the self-built app: {hint}{address}",
            hint=remedy(error.code).hint, address=address,
        ))  # fmt: skip
    except DeliveryError as error:
        return unreached(error, app.host)
    return well("app", say("自建应用", "self-built app"))
