"""What the check-ups of all platforms have in common: why a platform was not reached, in words for an admin."""

from __future__ import annotations

import re

from chat.errors import DeliveryError, InDoubt, NoProxy, RetryLater, Unreachable
from chat.findings import Finding, bad, look
from chat.text import Text, say

_PROXY = re.compile(r"proxy|(?<!port=)\b407\b")
"""407 within another number is a port, or where an object lies."""
_NAME = ("dnserror", "nameresolution", "gaierror")
_IDENTITY = ("ssl", "certificate")
_NETWORK = ("connector", "timeout", "gaierror", "oserror", "connectionrefused", "connectionreset", "disconnected")
_STRANGE = ("json", "contenttype", "valueerror", "not the answer")


def unreached(error: DeliveryError, host: str) -> Finding:
    """A call that brought no answer of the platform's own. host: what had to be reached."""
    if isinstance(error, NoProxy):
        return no_proxy(error.proxy)
    if isinstance(error, RetryLater):
        return look(
            "busy",
            say("{host} 正忙（{why}），过几分钟再查", "{host} is busy ({why}); try again in a few minutes", host=host,
                why=_short(error)),
        )  # fmt: skip
    if isinstance(error, Unreachable | InDoubt):
        return of_link(str(error), host)
    return bad("answer", say("{host} 答：{why}", "{host} answered: {why}", host=host, why=_short(error)))


def of_link(why: str, host: str) -> Finding:
    """Why a connection does not come about, as far as its last words tell."""
    words = why.lower().replace(host.lower(), "")
    if _PROXY.search(words):
        return no_proxy("")
    if any(sign in words for sign in _NAME):
        return bad("network", say(
            "查不到 {host} 的地址：检查 DNS 和网络", "{host} is not known: check DNS and network", host=host
        ))  # fmt: skip
    if any(sign in words for sign in _IDENTITY):
        return bad("network", say(
            "{host} 的证书没通过：检查系统时钟和网络（公司网关会换证书）；要信任自己的 CA，用环境变量 SSL_CERT_FILE",
            "The certificate of {host} was refused: check the clock and the network (company gateways replace it); to "
            "trust a CA of your own, set SSL_CERT_FILE",
            host=host,
        ))  # fmt: skip
    if any(sign in words for sign in _STRANGE):
        return bad("network", say(
            "{host} 回的不像平台自己的话：这个网络可能要先登录（认证页），或者 {host} 写错了",
            "What answers at {host} is not the platform: this network may want a login, or the address is wrong",
            host=host,
        ))  # fmt: skip
    if any(sign in words for sign in _NETWORK) or not words:
        return bad("network", say(
            "连不上 {host}：检查网络、DNS 和防火墙（要放行出站 443）",
            "{host} cannot be reached: check network, DNS and firewall (outgoing 443)",
            host=host,
        ))  # fmt: skip
    return bad("network", say("{host} 没连上（{why}）", "{host} was not reached ({why})", host=host, why=why[:120]))


def no_proxy(proxy: str) -> Finding:
    """proxy: its address without its password; "" where only that there is one is known."""
    where: Text = say("代理 {proxy}", "The proxy {proxy}", proxy=proxy) if proxy else say("代理", "The proxy")
    return bad("proxy", say(
        "{where} 连不上或不让过：检查 config.toml 的 proxy 和环境变量 HTTPS_PROXY，不用代理就删掉它们",
        "{where} is not there or refuses: check proxy in config.toml and HTTPS_PROXY; remove them if none is needed",
        where=where,
    ))  # fmt: skip


def _short(error: DeliveryError) -> str:
    return str(error)[:120]
