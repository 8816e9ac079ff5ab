"""A group's own webhook: the only way to really @ a person, and the way into a group the bot may not push to."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from yarl import URL

from adapters.http import Http
from adapters.wecom.errors import Refused
from adapters.wecom.markdown import WEBHOOK_BYTES, split
from chat.errors import RetryLater
from chat.ports import Clock
from chat.text import Locale

PER_MINUTE = 20
UNREADABLE = (40008, 40058)
"""What a webhook that is alive answers to a message of no kind."""
LOOK = {"zh": "请看上面这条消息。", "en": "Please see the message above."}


class Webhook:
    """One URL of one group. Its key is a secret: it stays out of errors and logs."""

    def __init__(self, url: str, http: Http, clock: Clock) -> None:
        whole = URL(url)
        self._url = str(whole.with_query(None))
        self._params = dict(whole.query)
        self._http = http
        self._clock = clock
        self._sent: deque[float] = deque(maxlen=PER_MINUTE)

    @property
    def host(self) -> str:
        return URL(self._url).host or ""

    async def alive(self) -> None:
        """Returns when WeCom knows this webhook; nothing appears in the group. Raises as ``say``."""
        try:
            await self._post({"msgtype": "check"})
        except Refused as refused:
            if refused.code not in UNREADABLE:
                raise

    async def say(self, content: str) -> None:
        """Markdown; the newer kind where a table needs it. Raises Refused or a DeliveryError."""
        for piece in split(content, WEBHOOK_BYTES):
            kind = "markdown_v2" if "| :--" in piece else "markdown"
            await self._post({"msgtype": kind, kind: {"content": piece}})

    async def mention(self, users: Sequence[str], locale: Locale) -> None:
        """@ these people under what was said last."""
        await self._post({"msgtype": "text", "text": {"content": LOOK[locale], "mentioned_list": list(users)}})

    async def _post(self, message: Mapping[str, Any]) -> None:
        now = self._clock.now().timestamp()
        if len(self._sent) == PER_MINUTE and now - self._sent[0] < 60.0:
            raise RetryLater("wecom: webhook limit of 20 a minute", 60.0 - (now - self._sent[0]))
        self._sent.append(now)
        reply = await self._http.call("POST", self._url, json=message, params=self._params)
        code = reply.body.get("errcode", -1)
        if code != 0:
            raise Refused(code if isinstance(code, int) else -1, str(reply.body.get("errmsg", "")))
