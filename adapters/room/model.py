"""The room's rules: a chat platform in one process, without sockets.

Whatever people do here becomes a ``chat.messages.Incoming`` in ``pending`` and stays there, also across a restart,
until ``acknowledge``. What the bot sends comes in through ``deliver``. Whoever draws the room asks ``watch``.
Refusals are ``chat.errors.UserError``; they change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.room.lobby import Lobby
from adapters.room.log import words
from adapters.room.store import Store
from adapters.room.things import BOT_ID, PLATFORM, Change, Chat, Message
from adapters.room.waiting import remember
from chat.cards import Buttons, Card, Form
from chat.errors import Gone, Recalled, Rejected, UserError
from chat.messages import Action, Answer, File, Incoming, Outgoing, Quote
from chat.ports import Clock
from chat.text import say

TEXT_LIMIT = 100_000
"""Characters in one message or one form field."""


class Room(Lobby):
    """People, groups, direct chats with the bot, and all that is said in them."""

    def __init__(self, clock: Clock, store: Store | None = None, *, bot_name: str = "进度助手") -> None:
        super().__init__(clock, store, bot_name=bot_name)
        self._own_cards: dict[tuple[str, str], Card] = {}
        self._clicked: dict[str, str] = {}
        self.pressers: set[str] = set()
        """Who pressed a button or sent a form since the room was opened."""

    # --- reading -------------------------------------------------------------------------------------------------

    @property
    def pending(self) -> Mapping[str, Incoming]:
        """{key: thing} that the bot has not acknowledged, oldest first."""
        return self.waiting.things

    def text_of(self, message_id: str) -> str:
        """What a reader reads, without a screen: names after ``@``, cards as their text twin."""
        message = self.log.get(message_id)
        return words(message) if message else ""

    def answer(self, key: str) -> Answer | None:
        """What the bot answered to the press with this key; None: nothing, or not yet."""
        return self.waiting.answers.get(key)

    def card_for(self, person: str, message: Message) -> Card | None:
        """The card as this person sees it: an answer to a press replaces it for the presser until the next edit."""
        return self._own_cards.get((person, message.id), message.card)

    def messages(self, chat: str) -> list[Message]:
        """Everything in this chat, oldest first, the room's own grey lines (kind "note") included."""
        return self.log.of(chat)

    # --- talking -------------------------------------------------------------------------------------------------

    def say(
        self,
        person: str,
        chat_id: str,
        text: str,
        quote: str | None = None,
        files: Sequence[File] = (),
        voice: bool = False,
        once: str = "",
    ) -> str:
        """Send a message and return its id. ``@名字`` of a member or of the bot becomes a mention.

        once: the sender's own id for this act; sent again, it is the same message.
        """
        if once and (known := self.log.once.get(f"{person} {once}")):
            return known
        chat = self._chat_of(person, chat_id)
        if len(text) > TEXT_LIMIT:
            raise UserError(
                say(
                    "这条太长了，最多 10 万字。可以存成文件再发。",
                    "Too long (100,000 characters at most); send a file.",
                )
            )
        if not text.strip() and not files:
            raise UserError(say("还没写内容。", "There is nothing to send yet."))
        said = self.roster.mentions(text, chat.members, bot=chat.bot)
        message = self.log.new(
            chat.id, person, self.clock.now(), kind="said", text=said.text, mentions=said.people, once=once,
            quote=self._quoted(chat, quote or ""), files=tuple(files), voice=voice,
        )  # fmt: skip
        message.key = f"{PLATFORM}:{message.id}" if chat.bot else ""
        self.log.add(message)
        self.log.seen(person, chat.id)
        if chat.bot:
            addressed = chat.kind == "direct" or any(one.id == BOT_ID for one in said.people)
            self.waiting.tell(
                Incoming(
                    message.key,
                    "message",
                    PLATFORM,
                    message.at,
                    chat.place(),
                    self.roster.sender(person),
                    text=said.text,
                    mentions=said.people,
                    bot_id=BOT_ID,
                    addressed=addressed,
                    message_id=message.id,
                    quote=message.quote,
                    files=message.files,
                    voice=voice,
                )
            )
        return message.id

    def recall(self, person: str, message_id: str) -> None:
        """Take one's own message back: everybody reads that it was recalled; the bot hears ``recalled``."""
        chat, message = self._message_for(person, message_id)
        if message.sender != person:
            raise UserError(say("只能撤回自己的消息。", "Only your own messages can be recalled."))
        if not message.recalled:
            message.recalled = True
            self.log.update(message)
            self._event("recalled", chat, person, {"message_id": message.id}, message.id)

    def press(
        self, person: str, message_id: str, button: str | tuple[str, Sequence[str]], version: int = 0, once: str = ""
    ) -> str:
        """Press a button by its label, or by (verb, args) as an old card would. Returns the key of the press."""
        chat, message = self._message_for(person, message_id)
        if isinstance(button, tuple):
            return self._click(person, chat, message, Action(button[0], tuple(button[1]), version), once)
        card = self.card_for(person, message)
        for block in card.blocks if card else ():
            for one in block.buttons if isinstance(block, Buttons) else ():
                if one.label.render(message.locale) == button:
                    return self._click(person, chat, message, Action(one.verb, one.args, one.version), once)
        raise LookupError(f"no button {button!r} on {words(message)!r}")

    def send_form(self, person: str, message_id: str, fields: Mapping[str, str], verb: str = "", once: str = "") -> str:
        """Send the card's form (the one with ``verb`` if it has several). Fields left out keep what was filled in."""
        chat, message = self._message_for(person, message_id)
        card = self.card_for(person, message)
        forms = [block for block in card.blocks if isinstance(block, Form)] if card else []
        form = next((one for one in forms if verb in ("", one.verb)), None)
        if form is None:
            raise UserError(say("这张卡片已经更新，请看最新的一版。", "This card has changed; see its latest version."))
        filled = {one.name: fields.get(one.name, one.value)[:TEXT_LIMIT] for one in form.fields}
        for one in form.fields:
            if one.required and not filled[one.name].strip():
                raise UserError(say("还没填「{field}」。", "“{field}” is still empty.", field=one.label))
        return self._click(person, chat, message, Action(form.verb, form.args, form.version, filled), once)

    def read(self, person: str, chat_id: str) -> None:
        """This person has seen everything in this chat."""
        if self._chat_of(person, chat_id) and self.log.unread(person, chat_id)[0]:
            self.log.seen(person, chat_id)
            self._changed(Change("read", chat_id, person))

    # --- the bot's side ------------------------------------------------------------------------------------------

    def deliver(self, parcel: Outgoing) -> str:
        """Put the bot's parcel where it belongs; the same key again changes nothing. Returns the message id."""
        if known := self.log.delivered.get(parcel.key):
            return known
        place = parcel.chat if parcel.chat in self.chats else "d" + parcel.chat[1:]  # a person: their direct chat
        chat = self.chats.get(place)
        if chat is None or chat.dissolved or not chat.bot:
            raise Gone(f"room: {place} cannot be reached")
        asked = self.log.get(parcel.reply_to)
        if asked is not None and asked.recalled and chat.kind == "group":
            raise Recalled(f"room: {asked.id} was taken back")
        if parcel.kind == "edit":
            message = self._edit(chat, parcel)
        else:
            message = self.log.new(
                chat.id, BOT_ID, self.clock.now(), kind="card", card=parcel.card, locale=parcel.locale,
                quote=self._quoted(chat, parcel.reply_to),
            )  # fmt: skip
            self.log.add(message)
        self.log.deliver(parcel.key, message)
        return message.id

    def acknowledge(self, key: str, answer: Answer | None = None) -> None:
        """The bot has committed this thing: it will not be told again."""
        thing = self.waiting.acknowledge(key, answer)
        if thing is None:
            return
        if answer and answer.card and thing.sender:
            self._own_cards[thing.sender.id, thing.message_id] = answer.card
        self._mark(thing, key="", trouble=False)

    def in_trouble(self, key: str) -> None:
        """The bot did not take this thing in time: its sender sees that, and it is tried again."""
        if key in self.pending:
            self._mark(self.pending[key], key=key, trouble=True)

    def redeliver(self, key: str) -> None:
        """Tell the bot an acknowledged thing once more, under the same key, as real platforms sometimes do."""
        self.waiting.again(key)

    # --- inside --------------------------------------------------------------------------------------------------

    def _message_for(self, person: str, message_id: str) -> tuple[Chat, Message]:
        message = self.log.get(message_id)
        if message is None:
            raise UserError(say("没找到这条消息。", "This message cannot be found."))
        return self._chat_of(person, message.chat), message

    def _quoted(self, chat: Chat, message_id: str) -> Quote | None:
        message = self.log.get(message_id)
        if message is None or message.chat != chat.id or message.kind == "note":
            return None
        return Quote(
            message.id, self.roster.sender(message.sender), "" if message.recalled else words(message), message.at
        )

    def _edit(self, chat: Chat, parcel: Outgoing) -> Message:
        message = self.log.get(parcel.target)
        if message is None or message.kind != "card":
            raise Rejected(f"room: {parcel.target} is not a card in {chat.id}")
        self._own_cards = {name: card for name, card in self._own_cards.items() if name[1] != message.id}
        message.card, message.locale, message.version = parcel.card, parcel.locale, message.version + 1
        message.edited = self.clock.now()
        self.log.update(message)
        return message

    def _click(self, person: str, chat: Chat, message: Message, action: Action, once: str) -> str:
        if once and (known := self._clicked.get(f"{person} {once}")):
            return known
        if not chat.bot:
            raise UserError(say("{bot} 已不在这个群里。", "{bot} is no longer in this group.", bot=self.bot_name))
        key = self.waiting.key("press")
        self.pressers.add(person)
        if once:
            remember(self._clicked, f"{person} {once}", key)
        sender = self.roster.sender(person)
        self.waiting.tell(
            Incoming(
                key,
                "click",
                PLATFORM,
                self.clock.now(),
                chat.place(),
                sender,
                bot_id=BOT_ID,
                addressed=True,
                message_id=message.id,
                action=action,
            )
        )
        return key

    def _mark(self, thing: Incoming, *, key: str, trouble: bool) -> None:
        message = self.log.get(thing.message_id)
        if thing.kind == "message" and message and (message.key, message.trouble) != (key, trouble):
            message.key, message.trouble = key, trouble
            self.log.update(message)
