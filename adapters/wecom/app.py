"""The optional self-built app: names of people, and direct messages to those who never wrote to the bot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.http import Http, Token
from adapters.wecom.config import AppConfig
from adapters.wecom.errors import Refused
from adapters.wecom.markdown import split
from chat.errors import DeliveryError
from chat.ports import Clock

MARKDOWN_BYTES = 2048
UNKNOWN_NAMES = 4096


class App:
    """A client of its few calls. Only works from an address the company trusts (60020 says so)."""

    def __init__(self, config: AppConfig, http: Http, clock: Clock) -> None:
        self._config = config
        self._http = http
        self._token = Token(clock, self._fetch)
        self._names: dict[str, str] = {}

    def name(self, user: str) -> str | None:
        """What is known already; None: nobody asked yet."""
        return self._names.get(user)

    async def learn(self, user: str) -> None:
        """Ask once for a person's name. Who is out of the app's sight stays nameless."""
        if len(self._names) >= UNKNOWN_NAMES:
            self._names.clear()
        self._names[user] = ""
        try:
            body = await self._call("GET", "user/get", params={"userid": user})
        except (Refused, DeliveryError):
            return
        name = body.get("name")
        self._names[user] = name if isinstance(name, str) else ""

    @property
    def host(self) -> str:
        return self._config.api_base

    async def known(self) -> None:
        """Returns when WeCom knows the app and trusts this machine. Raises Refused or a DeliveryError."""
        await self._call("GET", "agent/get", params={"agentid": str(self._config.agentid)})

    async def say(self, user: str, content: str) -> None:
        """A direct message. Raises Refused or a DeliveryError."""
        for piece in split(content, MARKDOWN_BYTES):
            message = {
                "touser": user,
                "msgtype": "markdown",
                "agentid": self._config.agentid,
                "markdown": {"content": piece},
                "enable_duplicate_check": 1,
            }
            body = await self._call("POST", "message/send", json=message)
            if body.get("invaliduser"):
                raise Refused(40003, "invaliduser")

    async def close(self) -> None:
        await self._token.close()

    async def _call(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, json: Any = None
    ) -> Mapping[str, Any]:
        async def once(token: str) -> Mapping[str, Any]:
            url = f"{self._config.api_base}/cgi-bin/{path}"
            query = {**(params or {}), "access_token": token}
            return _judged((await self._http.call(method, url, json=json, params=query)).body, renew=True)

        return await self._token.use(once)

    async def _fetch(self) -> tuple[str, float]:
        url = f"{self._config.api_base}/cgi-bin/gettoken"
        query = {"corpid": self._config.corpid, "corpsecret": self._config.secret}
        body = _judged((await self._http.call("GET", url, params=query)).body)
        return str(body.get("access_token", "")), float(body.get("expires_in", 7200))


def _judged(body: Mapping[str, Any], *, renew: bool = False) -> Mapping[str, Any]:
    """WeCom always answers 200: the code is in the body. renew: an invalid token is raised as Refresh."""
    code = body.get("errcode", -1)
    if code == 0:
        return body
    refused = Refused(code if isinstance(code, int) else -1, str(body.get("errmsg", "")))
    if renew and code in (40014, 42001):
        raise refused.as_delivery()
    raise refused
