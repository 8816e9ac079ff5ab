"""What somebody sees who presses a button or opens the chat: within 5 seconds, or not there at all.

WeCom shows no toast. A press is answered by a new version of the card: for everybody when it looks different by now,
and for the one who pressed alone, with the toast in it, when it does not. When that is too late or refused, one line
says it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from adapters.wecom import markdown
from adapters.wecom.chats import Chat, Chats
from adapters.wecom.connection import Line
from adapters.wecom.errors import Refused
from adapters.wecom.ladder import Ladder
from adapters.wecom.lanes import Heard
from adapters.wecom.render import Writer
from adapters.wecom.wire import Callback
from chat.cards import Card
from chat.errors import DeliveryError
from chat.messages import Answer
from chat.text import say

ANSWER_SECONDS = 4.5
REMEMBERED = 2048
WORKING = say("处理中…", "Working on it…")
WELCOME = say(
    "我是进度助手：收日报、跟任务、提醒逾期。先发我一句「你好」，我才能私聊提醒；发「/帮助」看例子。",
    "I collect daily reports, follow tasks and remind of what is overdue. Say “hi” first so that my reminders can "
    "reach you here; send “/help” for examples.",
)
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Known:
    """A card of ours. ``latest``: how it should look; ``shown``: how everybody sees each of its parts, by task_id,
    where that is no longer as it was ``first``."""

    first: Card
    latest: Card
    shown: dict[str, Card] = field(default_factory=dict)


class Answers:
    """Remembers the cards it sent."""

    def __init__(self, connection: Line, ladder: Ladder, chats: Chats, writer: Writer) -> None:
        self._connection = connection
        self._ladder = ladder
        self._chats = chats
        self._writer = writer
        self._cards: OrderedDict[str, Known] = OrderedDict()
        self._used: set[str] = set()
        """Presses whose one update of the card was needed to say that they are under way."""

    def sent(self, base: str, card: Card) -> None:
        self._keep(base, Known(card, card))

    def _keep(self, base: str, known: Known) -> None:
        self._cards[base] = known
        if len(self._cards) > REMEMBERED:
            self._cards.popitem(last=False)

    def redrawn(self, base: str, card: Card) -> None:
        """From the next press on, this card looks so."""
        if base in self._cards:
            self._cards[base].latest = card

    async def give(self, heard: Heard, answer: Answer, *, repeated: bool) -> None:
        """Answer a press. repeated: it was answered before, so no line is added."""
        in_time = asyncio.get_running_loop().time() - heard.at < ANSWER_SECONDS
        if heard.callback.req_id in self._used:
            self._used.discard(heard.callback.req_id)
            if answer.card is not None and not answer.alone:
                self.redrawn(heard.thing.message_id, answer.card)
        elif in_time and await self._update(heard, answer):
            return
        if not repeated:
            await self.tell(self._where(heard), answer.toast.render(answer.locale, markdown.escape, markdown.bold))

    async def working(self, heard: Heard) -> None:
        """The press takes longer than WeCom waits: say so now, to the one who pressed; the result will be a line."""
        known = self._cards.get(heard.thing.message_id)
        if known is None or not self._connection.speaks_first:
            return
        self._used.add(heard.callback.req_id)
        shown = self._writer.again(known.latest, "zh", heard.callback.task_id, WORKING.render("zh"))
        body = {
            "response_type": "update_template_card", "template_card": shown, "userids": [heard.callback.user],
        }  # fmt: skip
        try:
            await self._connection.request("aibot_respond_update_msg", body, heard.callback.req_id)
        except (Refused, DeliveryError) as error:
            log.warning("card not updated: %s", error, extra={"action": "wecom.working", "key": heard.thing.key})

    async def _update(self, heard: Heard, answer: Answer) -> bool:
        """Show a new version of the card pressed. False: it could not be shown, as far as we know."""
        base, task = heard.thing.message_id, heard.callback.task_id
        known = self._cards.get(base)
        card = answer.card or (known.latest if known else None)
        if card is None:
            return False
        same = known is not None and card == known.shown.get(task, known.first)
        own = same or answer.alone
        toast = answer.toast.render(answer.locale, None, markdown.at) if same else ""
        shown = self._writer.again(card, answer.locale, task, toast)
        body: dict[str, Any] = {"response_type": "update_template_card", "template_card": shown}
        if own:
            body["userids"] = [heard.callback.user]
        if not answer.alone:
            known = known or Known(card, card)
            known.latest = card
        try:
            await self._connection.request("aibot_respond_update_msg", body, heard.callback.req_id)
        except (Refused, DeliveryError) as error:
            log.warning("card not updated: %s", error, extra={"action": "wecom.update", "key": heard.thing.key})
            return False
        if known is not None and not answer.alone:
            known.shown[task] = card
            self._keep(base, known)
        return True

    def _where(self, heard: Heard) -> Chat:
        """To the one who pressed where that is open, else where it was pressed."""
        own = self._chats.with_person(heard.callback.user)
        place = heard.thing.chat
        return own if own.push == "open" or place is None else self._chats.at(place.id)

    async def tell(self, chat: Chat, words: str, reply_to: str = "") -> None:
        """One line; lost when the chat cannot be reached now."""
        message = {"msgtype": "markdown", "markdown": {"content": words}}
        try:
            await self._ladder.send(chat, message, words, reply_to)
        except DeliveryError as error:
            log.warning("not told: %s", error, extra={"action": "wecom.tell"})

    async def welcome(self, callback: Callback) -> None:
        """The first time of a day that somebody opens the direct chat, unless they have written already."""
        if self._chats.with_person(callback.user).push == "open":
            return
        body = {"msgtype": "text", "text": {"content": WELCOME.render()}}
        try:
            await self._connection.request("aibot_respond_welcome_msg", body, callback.req_id)
        except (Refused, DeliveryError) as error:
            log.info("not welcomed: %s", error, extra={"action": "wecom.welcome"})
