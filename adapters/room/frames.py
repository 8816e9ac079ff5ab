"""The room's WebSocket, ``/ws``: JSON objects both ways. A page uses it, and any other program may.

Client → server: ``{"op": …, "ref": any, "as": person id, …}``. ``ref`` comes back in the reply; ``once`` (a string of
the client's own) makes an act sent again after a lost connection the same act.

======== ================================================= ======================================================
op       with                                              does
======== ================================================= ======================================================
view     as                                                become this person; answered with ``state``
open     as, chat, before?: n                              a page of messages; answered with ``history``
read     as, chat                                          everything in this chat is read
say      as, chat, text, quote?, files?: [ref], voice?,    answered with ``ok`` and ``id``
         once?
press    as, message, verb, args, version, once?           answered with ``answer`` (after ``wait`` if it takes long)
form     as, message, verb, fields: {name: words}, once?   likewise
recall   as, message
retry    as, message                                       tell the bot again now
person   name                                              add somebody; ``李四（投放部）`` carries the department
group    as, name, people: [id], bot: bool                 answered with ``ok`` and the ``id`` of the new group
add      as, chat, people: [id]
remove   as, chat, person                                  oneself: leave
bot      as, chat, here: bool                              invite the bot or remove it
rename   as, chat, name
dissolve as, chat
time     seconds? (without: to the next thing scheduled)   only with a clock that may be moved
======== ================================================= ======================================================

Server → client: ``{"ev": …}``.

======== ==============================================================================================
state    me, bot: {id, name}, people, chats, hints, zone, language, clock
history  ref, chat, messages, more: bool
message  message: new, or the latest shape of a known id
chat     chat: a row of the list, new or changed
gone     chat: no longer in the list
people   people: everybody, with what each has unread in all chats
clock    now, machine: bool, running: bool, outcome
answer   ref, toast, card?: the card as the presser sees it from now on
wait     ref: the bot is slow; it is tried again
ok       ref, id?
error    ref, zh, en: nothing was done
======== ==============================================================================================

Texts are lists of pieces, see ``render.py``. Times are ISO 8601 UTC. A frame that cannot be read gets an ``error``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chat.errors import Malformed
from chat.frozen import frozen
from chat.ports import Hint
from chat.text import Locale

Frame = dict[str, Any]


@frozen
class Greeting:
    """What a page is told once: the commands for completion, the zone of the times shown, its first language."""

    hints: Sequence[Hint] = ()
    zone: str = "Asia/Shanghai"
    language: Locale = "zh"

    def frame(self) -> Frame:
        hints = [
            {"words": one.words, "usage": {"zh": one.usage.render("zh"), "en": one.usage.render("en")}}
            | {"example": {"zh": one.example.render("zh"), "en": one.example.render("en")}}
            for one in self.hints
        ]
        return {"hints": hints, "zone": self.zone, "language": self.language}


class Request:
    """A client's frame, read with care. Every getter raises Malformed when the shape is not the promised one."""

    def __init__(self, raw: Any) -> None:
        if not isinstance(raw, dict):
            raise Malformed("a frame is an object")
        self._raw: Mapping[str, Any] = raw

    @property
    def ref(self) -> Any:
        ref = self._raw.get("ref")
        return ref if isinstance(ref, (str, int)) else None

    def text(self, name: str, default: str | None = None) -> str:
        value = self._raw.get(name, default)
        if not isinstance(value, str):
            raise Malformed(f"{name}: a string is needed")
        return value

    def number(self, name: str) -> float | None:
        value = self._raw.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise Malformed(f"{name}: a number is needed")
        return value

    def flag(self, name: str) -> bool:
        return self._raw.get(name) is True

    def texts(self, name: str) -> list[str]:
        value = self._raw.get(name) or []
        if not isinstance(value, list) or len(value) > 500 or not all(isinstance(one, str) for one in value):
            raise Malformed(f"{name}: a list of strings is needed")
        return value

    def words(self, name: str) -> dict[str, str]:
        value = self._raw.get(name)
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise Malformed(f"{name}: an object of strings is needed")
        return value
