"""Who was @ed, and where in the words. DingTalk tells the people and the words, but not which belongs to which.

* ``@name`` of somebody known by name is theirs;
* one person and one ``@word`` left over belong together;
* people left over without any ``@word`` were cut out of the words: they follow at the end, in DingTalk's order;
* anything else stays as words: guessing would give somebody's work to somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.messages import TOKEN, Sender

BOUNDS = "\ue000\ue001"
"""Stand around the numbers of people while the words are worked on; nobody may write them."""
_WORD = re.compile(r"(?<![0-9A-Za-z])[@＠]([^\s@＠,，、;；:：。]{1,40})")
_SLOT = re.compile("\ue000(\\d+)\ue001")


def placed(text: str, people: Sequence[Sender]) -> tuple[str, tuple[Sender, ...]]:
    """(the words with TOKEN for each mention, the mentions in that order)."""
    people = list({one.id: one for one in people}.values())
    left = []
    for number, one in sorted(enumerate(people), key=lambda pair: -len(pair[1].name)):
        name = re.compile(rf"[@＠]{re.escape(one.name)}(?!\w)")
        text, found = name.subn(_slot(number), text) if one.name else (text, 0)
        if not found:
            left.append(number)
    words = _WORD.findall(text)
    if len(left) == 1 and len(words) == 1:
        number = left.pop()
        people[number] = Sender(people[number].id, people[number].name or words[0])
        text = _WORD.sub(_slot(number), text)
    elif not words:
        text = " ".join([text, *(_slot(number) for number in sorted(left))]).strip()
    mentions: list[Sender] = []

    def token(found: re.Match[str]) -> str:
        mentions.append(people[int(found[1])])
        return TOKEN

    return _SLOT.sub(token, text), tuple(mentions)


def _slot(number: int) -> str:
    return f"\ue000{number}\ue001"
