"""The ways into a conversation, tried in order until one is open.

::

    reply to the very message     while its req_id lives (a day, the same socket): it shows what is answered
    push                          unless WeCom refused one and nobody has spoken since
    reply to the newest message   of this conversation, by the same rule
    webhook / app                 of this group / to this person, where configured
    parked                        RetryLater until somebody speaks; nothing is tried meanwhile
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from adapters.wecom.app import App
from adapters.wecom.chats import Chat, Chats, Handle
from adapters.wecom.connection import Line
from adapters.wecom.errors import ASLEEP, NOT_SUBSCRIBED, STALE_REQUEST, Do, Refused, remedy
from adapters.wecom.webhook import Webhook
from chat.errors import InDoubt, Rejected, RetryLater, Unreachable
from chat.ports import Clock

PARKED_SECONDS = 600.0
NO_CARDS = (600039, 40008)
Json = Mapping[str, Any]
log = logging.getLogger(__name__)


class Ladder:
    """Sends messages. webhook_of: the webhook of a group, if it has one."""

    def __init__(
        self,
        connection: Line,
        chats: Chats,
        clock: Clock,
        webhook_of: Callable[[Chat], Webhook | None],
        app: App | None,
        patience: float,
    ) -> None:
        """patience: seconds a send waits for the link to come back."""
        self._connection = connection
        self._chats = chats
        self._clock = clock
        self._webhook_of = webhook_of
        self._app = app
        self.patience = patience

    async def send(self, chat: Chat, message: Json, words: str, reply_to: str = "") -> None:
        """Deliver ``message``. words: the same as text, for ways that take nothing else. Raises a DeliveryError."""
        is_card = message["msgtype"] == "template_card"
        for way in self._ways(chat, message, words, reply_to):
            try:
                return await way()
            except InDoubt:
                if not is_card:
                    raise
                return await self._card_again(chat, message)
            except Refused as error:
                if is_card and remedy(error.code).do is Do.SENT:
                    return None
                self._learn(chat, is_card, error)
        raise _parked(chat)

    async def linked(self) -> None:
        """Returns when the link is up. Raises Unreachable (soon) or RetryLater (not before an admin acts)."""
        try:
            async with asyncio.timeout(self.patience):
                await self._connection.ready.wait()
        except TimeoutError:
            state = self._connection.state
            reason = f"wecom: the link is {state}"
            error = RetryLater(reason, PARKED_SECONDS) if state in ("kicked", "auth_failed") else Unreachable(reason)
            error.sooner = self._connection.ready
            raise error from None

    def _ways(self, chat: Chat, message: Json, words: str, reply_to: str) -> Iterator[Callable[[], Awaitable[None]]]:
        """Lazily: what one way teaches (``chat.push``) closes another."""
        now, epoch = self._clock.now(), self._connection.epoch
        answered, newest = self._chats.handles(chat, reply_to, epoch, now)
        if answered:
            yield lambda: self._reply(chat, answered, message)
        if chat.push != "asleep":
            yield lambda: self._push(chat, message)
        if newest and newest is not answered:
            yield lambda: self._reply(chat, newest, message)
        hook = self._webhook_of(chat) if chat.group else None
        if hook is not None and words:
            yield lambda: _aside(hook.say(words))
        app = self._app
        if app is not None and not chat.group and words:
            yield lambda: _aside(app.say(chat.id, words))

    async def _push(self, chat: Chat, message: Json) -> None:
        body = {"chatid": chat.id, "chat_type": chat.chat_type, **message}
        await self.linked()
        chat.count(self._clock.now().timestamp())
        try:
            await self._connection.request("aibot_send_msg", body)
        except Refused as error:
            if error.code != NOT_SUBSCRIBED:
                raise
            await self.linked()  # surely not sent: once more on the new socket
            await self._connection.request("aibot_send_msg", body)

    async def _reply(self, chat: Chat, handle: Handle, message: Json) -> None:
        if handle.epoch != self._connection.epoch:
            raise Refused(STALE_REQUEST, "its socket is gone")
        chat.count(self._clock.now().timestamp())
        try:
            await self._connection.request("aibot_respond_msg", message, handle.req_id)
        except Refused as error:
            raise Refused(STALE_REQUEST, "its socket is gone") if error.code == NOT_SUBSCRIBED else error from None
        except Unreachable:
            raise Refused(STALE_REQUEST, "its socket is gone") from None

    async def _card_again(self, chat: Chat, card: Json) -> None:
        """Whether a card arrived is unknown, but its task_id may be used only once: the same card again is safe."""
        try:
            await self._push(chat, card)
        except Refused as error:
            if remedy(error.code).do is not Do.SENT:
                raise InDoubt(f"wecom: a card that may have arrived: {error}") from error

    def _learn(self, chat: Chat, is_card: bool, error: Refused) -> None:
        """Remember what this refusal says about the chat. Raises unless another way may be open."""
        log.info("refused", extra={"action": "wecom.refused", "code": error.code})
        if error.code == ASLEEP:
            chat.fall_asleep()
        if is_card and error.code in NO_CARDS:
            chat.cards = False
            raise Rejected(str(error)) from error
        if remedy(error.code).do is not Do.LADDER:
            raise error.as_delivery() from error


async def _aside(way: Awaitable[None]) -> None:
    """A way that is not WeCom's own: when it is closed, the parcel is parked and not lost."""
    try:
        await way
    except Refused as error:
        log.error("%s: %s", error, remedy(error.code).hint.plain(), extra={"action": "wecom.aside"})
        raise Refused(ASLEEP, "and the other way is closed") from error


def _parked(chat: Chat) -> RetryLater:
    chat.spoken.clear()
    error = RetryLater("wecom: parked until somebody speaks to the bot there (93001)", PARKED_SECONDS)
    error.sooner = chat.spoken
    return error
