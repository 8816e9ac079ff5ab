"""What a command gives back: a card for the chat, or the immediate answer to a press."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from chat.cards import Button, Card, text_card
from chat.frozen import frozen
from chat.messages import Sender
from chat.text import Text, say
from storage.projects import Chat


@frozen
class Reply:
    """Said in the chat the message came from. ``name``: to redraw the card later. ``private``: only to the sender."""

    card: Card
    name: str = ""
    private: bool = False


@frozen
class Again:
    """Do a message once more, in the presser's name. ``chosen``: {name as written: person id} decided meanwhile.

    ``chat``, ``project_id``: where it is done, if not where the button was; ``message_id``: the message it answers.
    """

    text: str
    mentions: tuple[Sender, ...] = ()
    chosen: Mapping[str, int] = field(default_factory=dict)
    chat: Chat | None = None
    project_id: int | None = None
    message_id: str = ""


@frozen
class Pressed:
    """The answer to a button or form. ``card`` replaces the card pressed; ``reply`` is said in the chat besides.

    ``drawing``: draws that card at the end, when everybody who pressed at the same moment has been counted.

    ``alone``: others still need the card that was pressed; where a platform shows everybody the same, it stays.
    """

    toast: Text
    card: Card | None = None
    reply: Reply | None = None
    again: Again | None = None
    alone: bool = False
    drawing: Callable[[], Card] | None = None


def reply(zh: str, en: str, *buttons: Button, name: str = "", **data: Any) -> Reply:
    """A sentence in both languages, and buttons under it if there are any."""
    return Reply(text_card(say(zh, en, **data), *buttons), name)
