"""People, groups and memberships: who is where, and what the bot hears of it.

Refusals are ``chat.errors.UserError``; they change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from adapters.room.log import Log
from adapters.room.roster import Roster, clean_name
from adapters.room.store import Store
from adapters.room.things import BOT_ID, PLATFORM, Change, Chat, Person
from adapters.room.waiting import Numbers, Waiting
from chat.cards import text_card
from chat.errors import UserError
from chat.messages import Incoming
from chat.ports import Clock
from chat.text import Text, say


class Lobby:
    """The people and their chats. Ids are short and never used twice."""

    def __init__(self, clock: Clock, store: Store | None = None, *, bot_name: str = "进度助手") -> None:
        self.clock = clock
        self.store = store or Store()
        self.roster = Roster(bot_name)
        self._watchers: list[Callable[[Change], None]] = []
        self._numbers = Numbers(self.store)
        self.log = Log(self.store, self._numbers, self._changed)
        self.waiting = Waiting(self.store, self._numbers)
        people = [Person(**raw) for raw in self.store.load("person").values()]
        for person in sorted(people, key=lambda one: (len(one.id), one.id)):
            self.roster.add(person)
        chats = [Chat(**raw) for raw in self.store.load("chat").values()]
        self.chats = {chat.id: chat for chat in sorted(chats, key=lambda one: (len(one.id), one.id))}

    # --- reading -------------------------------------------------------------------------------------------------

    @property
    def bot_name(self) -> str:
        return self.roster.bot_name

    @property
    def people(self) -> Mapping[str, Person]:
        return self.roster.people

    def person(self, name: str) -> str:
        """The id of the person shown as ``name``."""
        return next(one.id for one in self.people.values() if name in (one.label, one.full, one.name))

    def group(self, name: str) -> str:
        """The id of the newest open group called ``name``."""
        return next(c.id for c in reversed(self.chats.values()) if c.name == name and not c.dissolved)

    def direct(self, person: str) -> str:
        """The id of this person's direct chat with the bot; it is there from the start."""
        return "d" + self._known(person).id[1:]

    def chats_of(self, person: str) -> list[Chat]:
        return [chat for chat in self.chats.values() if person in chat.members and not chat.dissolved]

    def watch(self, watcher: Callable[[Change], None]) -> None:
        """Call ``watcher`` at once with each change. It must not change the room."""
        self._watchers.append(watcher)

    # --- people and groups ---------------------------------------------------------------------------------------

    def add_person(self, name: str) -> str:
        """``李四（投放部）``: the part in brackets is the department. Returns the person's id."""
        person = Person(f"p{self._numbers.next('p')[1]}", *self.roster.split(name))
        self.roster.add(person)
        self.store.put("person", person.id, person)
        self._keep(Chat("d" + person.id[1:], "direct", "", [person.id]))
        self._changed(Change("people"))
        return person.id

    def create_group(self, name: str, members: Iterable[str], by: str, *, bot: bool = True) -> str:
        """A group of ``members`` and its creator. With the bot in it the bot hears ``bot_added``."""
        people = list(dict.fromkeys([self._known(by).id, *(self._known(one).id for one in members)]))
        chat = Chat(f"g{self._numbers.next('g')[1]}", "group", clean_name(name), people, by, bot=False)
        self._keep(chat)
        self._note(chat, say("{by} 建了群「{name}」", "{by} created “{name}”", by=self._name(by), name=chat.name))
        if bot:
            self.add_bot(chat.id, by)
        return chat.id

    def add_member(self, chat_id: str, person: str, by: str) -> None:
        chat = self._group_of(by, chat_id)
        if self._known(person).id in chat.members:
            return
        chat.members.append(person)
        self.log.seen(person, chat.id)
        self._keep(chat)
        self._note(chat, say("{by} 请 {who} 进了群", "{by} added {who}", by=self._name(by), who=self._name(person)))
        self._event("member_joined", chat, by, asdict(self.roster.sender(person)))

    def remove_member(self, chat_id: str, person: str, by: str) -> None:
        """Somebody leaves (``person`` is ``by``) or is removed. The last member cannot leave: dissolve instead."""
        chat = self._group_of(by, chat_id)
        if person not in chat.members:
            return
        if len(chat.members) == 1:
            raise UserError(
                say("群里只剩一个人了，可以解散这个群。", "The last member cannot leave; dissolve the group.")
            )
        chat.members.remove(person)
        if chat.owner == person:
            chat.owner = chat.members[0]
        self._keep(chat)
        self._changed(Change("gone", chat.id, person))
        left = say("{who} 退出了群", "{who} left", who=self._name(person))
        removed = say("{by} 把 {who} 移出了群", "{by} removed {who}", by=self._name(by), who=self._name(person))
        self._note(chat, left if person == by else removed)
        self._event("member_left", chat, by, asdict(self.roster.sender(person)))

    def add_bot(self, chat_id: str, by: str) -> None:
        chat = self._group_of(by, chat_id)
        if chat.bot:
            return
        chat.bot = True
        self._keep(chat)
        self._note(chat, say("{by} 把 {bot} 请进了群", "{by} added {bot}", by=self._name(by), bot=self.bot_name))
        self._event("bot_added", chat, by, {"members": [asdict(self.roster.sender(one)) for one in chat.members]})

    def remove_bot(self, chat_id: str, by: str) -> None:
        chat = self._group_of(by, chat_id)
        if not chat.bot:
            return
        self._event("bot_removed", chat, by, {})
        chat.bot = False
        self._keep(chat)
        self._note(chat, say("{by} 把 {bot} 移出了群", "{by} removed {bot}", by=self._name(by), bot=self.bot_name))

    def rename(self, chat_id: str, name: str, by: str) -> None:
        chat = self._group_of(by, chat_id)
        old, chat.name = chat.name, clean_name(name)
        if chat.name == old:
            return
        self._keep(chat)
        line = "{by} 把群名改成了「{name}」", "{by} renamed the group to “{name}”"
        self._note(chat, say(*line, by=self._name(by), name=chat.name))
        self._event("renamed", chat, by, {"name": chat.name, "old": old})

    def dissolve(self, chat_id: str, by: str) -> None:
        chat = self._group_of(by, chat_id)
        self._event("dissolved", chat, by, {})
        chat.dissolved = True
        self._keep(chat)
        for person in chat.members:
            self._changed(Change("gone", chat.id, person))

    def seed_trial(self) -> str:
        """The people and the group of a first start. Returns the group's id."""
        names = ("张三", "李四（投放部）", "王五（设计部）", "赵六（商品部）", "陈晨", "王总")
        people = [self.add_person(name) for name in names]
        return self.create_group("双十一大促", people, people[0])

    # --- inside --------------------------------------------------------------------------------------------------

    def _known(self, person: str) -> Person:
        if person not in self.people:
            raise UserError(say("没有这个人。", "There is no such person."))
        return self.people[person]

    def _name(self, person: str) -> str:
        return self._known(person).label

    def _chat_of(self, person: str, chat_id: str) -> Chat:
        chat = self.chats.get(chat_id)
        if chat is None or chat.dissolved:
            raise UserError(say("这个会话已经不在了。", "This chat is no longer there."))
        if self._known(person).id not in chat.members:
            raise UserError(say("不在这个群里，做不了。", "Not a member of this group."))
        return chat

    def _group_of(self, person: str, chat_id: str) -> Chat:
        chat = self._chat_of(person, chat_id)
        if chat.kind != "group":
            raise UserError(say("单聊不能这样改。", "A direct chat cannot be changed."))
        return chat

    def _keep(self, chat: Chat) -> None:
        self.chats[chat.id] = chat
        self.store.put("chat", chat.id, chat)
        self._changed(Change("chat", chat.id))

    def _note(self, chat: Chat, text: Text) -> None:
        self.log.add(self.log.new(chat.id, "", self.clock.now(), kind="note", card=text_card(text)))

    def _event(self, event: str, chat: Chat, by: str, data: Mapping[str, Any], message_id: str = "") -> None:
        if chat.bot:
            self.waiting.tell(
                Incoming(
                    self.waiting.key("event"),
                    "event",
                    PLATFORM,
                    self.clock.now(),
                    chat.place(),
                    self.roster.sender(by),
                    bot_id=BOT_ID,
                    message_id=message_id,
                    event=event,
                    data=data,
                )
            )

    def _changed(self, change: Change) -> None:
        for watcher in self._watchers:
            watcher(change)
