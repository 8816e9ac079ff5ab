"""Addresses that a platform gives us: only of its own hosts, only in the open internet. Nobody sends us into a house.

``Homes`` knows the platform's hosts. What is configured — a platform on premises, a proxy — may stand anywhere.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

from chat.errors import Rejected

_STAND_IN = IPv4Network("198.18.0.0/15")
"""What proxies of the machine's own answer in place of every name."""
_TRANSLATED = IPv6Network("64:ff9b::/32")
"""Stands for addresses of IPv4, of a house, too."""


class Homes:
    """domains: the platform's, with all that is below them. configured: addresses whose hosts are as good."""

    def __init__(self, domains: Sequence[str] = (), configured: Sequence[str] = ()) -> None:
        self._domains = tuple(domain.lower() for domain in domains)
        self._hosts = frozenset((urlsplit(address).hostname or "").lower() for address in configured) - {""}

    def check(self, what: str, url: str) -> None:
        """Raises Rejected, which names no part of the address but its host."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower().rstrip(".")
            _ = parts.port
        except ValueError:
            raise Rejected(f"{what}: no address") from None
        if host in self._hosts and parts.scheme in ("http", "https"):
            return
        if parts.username is not None or parts.scheme not in ("http", "https"):
            raise Rejected(f"{what}: not an address to go to")
        if not any(host == domain or host.endswith("." + domain) for domain in self._domains):
            raise Rejected(f"{what}: {host[:80]} is none of the platform's hosts")

    def configured(self, host: str) -> bool:
        return host.lower() in self._hosts


def is_open(address: str) -> bool:
    """Is it an address of the open internet?"""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        return ip.is_global and not ip.is_multicast and ip not in _TRANSLATED and (inner is None or is_open(str(inner)))
    return (ip.is_global and not ip.is_multicast) or ip in _STAND_IN


class Wary(AbstractResolver):
    """Finds hosts; one that leads into a house is not found. Looked at when the connection is made, not before."""

    def __init__(self, homes: Homes) -> None:
        self._homes = homes
        self._inner = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if self._homes.configured(host):
            return found
        fit = [one for one in found if is_open(one["host"])]
        if not fit:
            raise OSError(None, f"{host} is not in the open internet")
        return fit

    async def close(self) -> None:
        await self._inner.close()
