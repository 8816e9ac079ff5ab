"""WeCom as a platform of the bot: the AI bot's long connection, and what helps it out."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from adapters.gaps import Gaps
from adapters.given import Homes
from adapters.http import Http, ahead
from adapters.reading import with_words
from adapters.spending import Spending
from adapters.wecom import codes, config, markdown, media, wire
from adapters.wecom.answers import Answers
from adapters.wecom.app import App
from adapters.wecom.chats import Chat, Chats
from adapters.wecom.connection import Connection, Line, State, Timing
from adapters.wecom.errors import BAD_CREDENTIALS, Refused, remedy
from adapters.wecom.examine import of_connection, of_helpers
from adapters.wecom.ladder import Ladder
from adapters.wecom.lanes import Heard, Lanes
from adapters.wecom.render import Media, Part, Template, Words, Writer
from adapters.wecom.webhook import Webhook
from chat.cards import Card
from chat.errors import DeliveryError, Gone, Malformed, Rejected
from chat.findings import Finding
from chat.messages import Incoming, Outgoing, Receipt, Sent
from chat.ports import Capabilities, Clock, Intake
from chat.text import Mention, Text, say

GIVEN = ("qq.com", "myqcloud.com", "tencentcos.cn", "qpic.cn")
"""Domains of the addresses that WeCom gives: of files people sent, and of the one answer in callback mode."""
LINK_PATIENCE = 5.0
DRAIN_SECONDS = 0.5
BUSY_EVERY = 60.0
REMEMBERED = 2048
BUSY = say(
    "消息太多，这条没收到，请一分钟后再发。", "Too many messages; that one was lost. Please send it again in a minute."
)
KICKED = say(
    "另一个程序正在用这个机器人，我已停止重连。请停掉那个程序，再重启我。",
    "Another program is using this bot, so I stopped reconnecting. Stop that program, then restart me.",
)
log = logging.getLogger(__name__)


class WeComAdapter:
    """``chat.ports.Adapter`` for WeCom.

    A card can be changed only in answer to a press, so an edit is kept and shown at the next one. Message ids are our
    own (``codes.base_id``), since WeCom gives none.
    """

    name = wire.PLATFORM
    can = Capabilities(
        input_in_card=False,
        edit_seconds=0.0,
        push_unasked=False,
        recall_event=False,
        member_events=False,
        mentions=False,
        idempotent=False,
        per_chat=(20, 60.0),
        jitter=60.0,
        exclusive=True,
    )

    def __init__(self, settings: config.Config, clock: Clock, folder: Path, timing: Timing | None = None) -> None:
        self._settings = settings
        if settings.callback is not None:
            self.can = replace(self.can, exclusive=False)
        self._clock = clock
        self._folder = folder
        self._http = Http(clock, proxy=settings.proxy, homes=Homes(GIVEN, settings.addresses))
        self._skew: float | None = None
        self.spent = Spending()
        self._app = App(settings.app, self._http, clock) if settings.app else None
        self._hooks = {chat: Webhook(url, self._http, clock) for chat, url in settings.webhooks.items()}
        self.connection = self._line(settings, timing)
        self._gaps = Gaps(clock)
        self.connection.on_state = self._gaps.entered
        self.chats = Chats()
        self.ladder = Ladder(self.connection, self.chats, clock, self._webhook, self._app, LINK_PATIENCE)
        self._writer = Writer(settings.link)
        self._answers = Answers(self.connection, self.ladder, self.chats, self._writer)
        self.lanes = Lanes(
            self._answered, lambda heard: self._aside(self._answers.working(heard)), self._with_files
        )  # fmt: skip
        self._intake: Intake | None = None
        self._sent: OrderedDict[str, int] = OrderedDict()
        self._told_busy: dict[str, float] = {}
        self._asides: set[asyncio.Task[None]] = set()

    def _line(self, settings: config.Config, timing: Timing | None) -> Line:
        if settings.callback is None:
            return Connection(
                settings.bot_id,
                settings.secret,
                settings.ws_url,
                self._hear,
                timing,
                on_dated=self._dated,
                proxy=settings.proxy,
            )
        from adapters.wecom.callback import CallbackServer  # the cipher it needs is for those who use it

        return CallbackServer(settings.callback, self._http, self._clock, self._hear)

    def _dated(self, date: str) -> None:
        skew = ahead(self._clock, date)
        self._skew = self._skew if skew is None else skew

    # --- what an administrator asks ------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        return self.connection.state

    @property
    def trouble(self) -> Text | None:
        """What is wrong and what to do about it; None: nothing."""
        if self.state == "kicked":
            return KICKED
        return remedy(BAD_CREDENTIALS).hint if self.state == "auth_failed" else None

    @property
    def skew(self) -> float | None:
        return self._skew if self._skew is not None else self._http.skew

    async def examine(self) -> tuple[Finding, ...]:
        link = of_connection(self.state, self.connection.why, self._settings, KICKED)
        return (*link, *await of_helpers(self._hooks, self._app))

    @property
    def allowances(self) -> dict[str, tuple[tuple[str, ...], int]]:
        """WeCom limits minutes and hours, not months."""
        return {}

    @property
    def exhausted(self) -> bool | None:
        return False

    def take_gaps(self) -> list[tuple[datetime, datetime]]:
        """WeCom never says again what was said while nobody was connected."""
        return self._gaps.take()

    def take_spent(self) -> dict[str, int]:
        return self.spent.take()

    @property
    def asleep(self) -> frozenset[str]:
        """Groups that WeCom does not let the bot write to before somebody speaks."""
        return frozenset(chat.id for chat in self.chats.known.values() if chat.group and chat.push == "asleep")

    # --- the port ------------------------------------------------------------------------------------------------

    async def listen(self, intake: Intake) -> None:
        """Tell the bot what is heard, until cancelled; what was heard before that is still committed."""
        self._intake = intake
        try:
            await self.connection.run()
        finally:
            self._intake = None
            await self.lanes.drain(DRAIN_SECONDS)
            for aside in self._asides:
                aside.cancel()

    async def deliver(self, parcel: Outgoing) -> Sent:
        """Send one parcel. A parcel of several messages goes on where it stopped."""
        if parcel.kind == "edit":
            self._answers.redrawn(parcel.target, parcel.card)
            return Sent(parcel.target)
        chat = self.chats.with_person(parcel.chat) if parcel.kind == "direct" else self.chats.at(parcel.chat)
        base = codes.base_id(parcel.key)
        try:
            for number, part in enumerate(self._writer.parts(parcel.card, parcel.locale, base)):
                if number >= self._sent.get(parcel.key, 0):
                    await self._part(chat, part, parcel.reply_to)
                    self._progress(parcel.key, number + 1)
        except (Rejected, Gone):
            self._sent.pop(parcel.key, None)
            raise
        self._sent.pop(parcel.key, None)
        self._answers.sent(base, parcel.card)
        await self._really_mention(chat, parcel)
        return Sent(base)

    async def close(self) -> None:
        for aside in self._asides:
            aside.cancel()
        if self._app is not None:
            await self._app.close()
        await self._http.close()

    # --- out -----------------------------------------------------------------------------------------------------

    async def _part(self, chat: Chat, part: Part, reply_to: str) -> None:
        match part:
            case Media():
                message, words = await self._uploaded(part), part.words
            case Template() if chat.cards:
                message, words = {"msgtype": "template_card", "template_card": part.card}, part.words
            case Template(said=True):
                return
            case Template(words=words) | Words(content=words):
                message = _markdown(words)
        self.spent["message"] += 1
        try:
            await self.ladder.send(chat, message, words, reply_to)
        except Rejected:
            if not (isinstance(part, Template) and part.said):
                raise
            log.warning("buttons refused", extra={"action": "wecom.degrade"})

    async def _uploaded(self, part: Media) -> dict[str, Any]:
        """The message that names the uploaded thing, or the same in words."""
        try:
            data = await asyncio.to_thread(media.load, part, self._folder)
            await self.ladder.linked()
            handle = await media.upload(self.connection, part, data)
        except (Rejected, Refused) as error:
            log.warning("not uploaded: %s", error, extra={"action": "wecom.upload"})
            return _markdown(markdown.split(part.words)[0])
        return {"msgtype": part.kind, part.kind: {"media_id": handle}}

    def _progress(self, key: str, parts: int) -> None:
        self._sent[key] = parts
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

    def _webhook(self, chat: Chat) -> Webhook | None:
        """A webhook without a group's id serves a bot of one group: another group's words must not land there."""
        alone = self._hooks.get("") if self.chats.groups == {chat.id} else None
        return self._hooks.get(chat.id, alone)

    async def _really_mention(self, chat: Chat, parcel: Outgoing) -> None:
        """The bot's own @ is only bold; a webhook can @. When it fails, the names were still read."""
        hook = self._webhook(chat) if chat.group and self._hooks else None
        users = _mentioned(parcel.card) if hook else []
        if hook is None or not users:
            return
        try:
            await hook.mention(users, parcel.locale)
        except (Refused, DeliveryError) as error:
            log.warning("not @ed: %s", error, extra={"action": "wecom.mention"})

    # --- in ------------------------------------------------------------------------------------------------------

    def _hear(self, frame: wire.Frame, epoch: int) -> bool:
        """Called by the connection with each callback. True: it will be told when it is done."""
        settings, counts = self._settings, self.connection.counts
        try:
            callback = wire.read(frame, settings.bot_id, settings.bot_names, self._clock.now())
        except Malformed as error:
            counts["malformed"] += 1
            log.warning("wecom: %s", error, extra={"action": "wecom.malformed"})
            return False
        counts[callback.event or callback.kind] += 1
        if callback.kind == "enter":
            self._aside(self._welcome(callback))
        if callback.thing is None or self._intake is None:
            return callback.kind == "enter"
        self.chats.heard(callback, epoch)
        heard = Heard(callback, self._named(callback.thing), asyncio.get_running_loop().time())
        if not self.lanes.offer(heard, self._intake):
            counts["dropped"] += 1
            self._say_busy(callback.thing)
            return False
        return True

    def _named(self, thing: Incoming) -> Incoming:
        """WeCom tells no names: the id stands for one, or the app is asked so that it is known the next time."""
        if thing.sender is None:
            return thing
        if self._app is None:
            return wire.named(thing, thing.sender.id)
        name = self._app.name(thing.sender.id)
        if name is None:
            self._aside(self._app.learn(thing.sender.id))
        return wire.named(thing, name or "")

    async def _with_files(self, thing: Incoming) -> Incoming:
        return await with_words(thing, partial(media.download, self._http), nameless=True)

    async def _answered(self, heard: Heard, receipt: Receipt) -> None:
        if heard.callback.kind == "click" and receipt.answer is not None:
            await self._answers.give(heard, receipt.answer, repeated=receipt.duplicate)
        self.connection.done(heard.callback.req_id)

    async def _welcome(self, callback: wire.Callback) -> None:
        await self._answers.welcome(callback)
        self.connection.done(callback.req_id)

    def _say_busy(self, thing: Incoming) -> None:
        if thing.chat is None:
            return
        now = self._clock.now().timestamp()
        if now - self._told_busy.get(thing.chat.id, 0.0) >= BUSY_EVERY:
            self._told_busy[thing.chat.id] = now
            self._aside(self._answers.tell(self.chats.at(thing.chat.id), BUSY.render(), thing.message_id))

    def _aside(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


def _markdown(words: str) -> dict[str, Any]:
    return {"msgtype": "markdown", "markdown": {"content": words}}


def _mentioned(card: Card) -> list[str]:
    """Ids of everyone a card addresses, each once."""
    found: dict[str, None] = {}

    def note(person: Mention) -> str:
        found[person.id] = None
        return ""

    markdown.plain(card, "zh", None, note)
    return list(found)


def open(  # noqa: A001 — every platform folder offers ``open``
    section: Mapping[str, Any], clock: Clock, *, data_dir: Path | None = None, timing: Timing | None = None
) -> WeComAdapter:
    """The AI bot on its long connection.

    section: bot_id, secret; ws_url, bot_name (a name or several: how people @ the bot), link (where finished cards
    lead), webhook (URL, or {group id: URL}), app (corpid, agentid, secret, api_base), callback (token, aes_key, host,
    port, path: WeCom calls us, no secret needed). data_dir: where pictures are. Raises ValueError.
    """
    return WeComAdapter(config.read(section), clock, data_dir or Path(), timing)
