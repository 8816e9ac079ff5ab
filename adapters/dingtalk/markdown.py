"""Neutral blocks as DingTalk's markdown: few means, so digests are lists; people's words are made harmless.

The robot's dialect has no tables and no code, and breaks a line only at «two blanks, line end, two blanks». Whether it
knows backslashes is not documented, so thin and invisible spaces do it: a star between spaces is a star.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import orjson

from chat.cards import Attachment, Block, Buttons, Card, Form, Paragraph, Picture, Table
from chat.charts import Chart
from chat.text import Locale, Mention, Text

BREAK = "  \n  "
MESSAGE_BYTES = 12_000
"""Of one message, as JSON; DingTalk takes 15,000 through its API, 20,000 through a webhook."""
TITLE = 60
_OPEN, _CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{_OPEN}([^{_CLOSE}]+){_CLOSE}")
_SLOT_AND_MORE = re.compile(f"{_SLOT.pattern}(?=[\\w@{_OPEN}])")
At = Callable[[Mention], str]
_EMPHASIS = re.compile(r"[*~]+|(?<![^\W_])_+|_+(?![^\W_])")
_THIN = "\u200a"
_TAG = re.compile(r"<(?=[\w@/!?])")
_LINE = re.compile(r"(?m)^(?=\s*(?:#{1,6}|>|[-+]|\d+[.)])(?:\s|$))")
_FULL = str.maketrans({"`": "｀", "|": "｜"})


def bare(words: str) -> str:
    """Data as it is, without the marks that stand around people."""
    return words.replace(_OPEN, "").replace(_CLOSE, "")


def escape(words: str) -> str:
    """Words without markup: no tag, link, emphasis, code, heading or list. They read the same."""
    words = _TAG.sub("<\u200b", words.translate(_FULL)).replace("](", "]\u200b(")
    words = _EMPHASIS.sub(lambda run: _THIN + _THIN.join(run.group()) + _THIN, words)
    return _LINE.sub("\u200b", words)


def bold(person: Mention) -> str:
    return f"**@{escape(bare(person.name or person.id))}**"


def slot(person: Mention) -> str:
    """Where a person is addressed, as long as it is not known how: see ``named`` and ``by_id``."""
    return f"{_OPEN}{person.id}{_CLOSE}"


def named(words: str, at: Mapping[str, str]) -> str:
    """People by their names: nobody is notified. at: {id: name}."""
    return bare(_SLOT.sub(lambda found: f"@{at.get(found[1]) or found[1]}", words))


def by_id(words: str) -> str:
    """People by their ids, as webhooks want it: they are notified, and read their names."""
    return bare(_SLOT.sub(lambda found: f"@{found[1]}", _SLOT_AND_MORE.sub(r"\g<0> ", words)))


def written(text: Text, locale: Locale, at: At = bold) -> str:
    """Shown literally, templates and people's words alike; only people are marked up, by ``at``."""
    addressed: list[Mention] = []

    def mark(who: Mention) -> str:
        addressed.append(who)
        return f"{_OPEN}{len(addressed) - 1}{_CLOSE}"

    words = escape(text.render(locale, bare, mark))
    return _SLOT.sub(lambda found: at(addressed[int(found[1])]), words)


def title(card: Card, locale: Locale) -> str:
    """What the notification and the list of chats show: plain words on one line."""
    first = next((one.text for one in card.blocks if isinstance(one, Paragraph)), None)
    text = card.title or first
    words = " ".join(text.plain(locale).split()) if text else ""
    return (words if len(words) <= TITLE else words[: TITLE - 1] + "…") or "进度助手"


def lines(card: Card, locale: Locale, at: At = bold) -> list[str]:
    """The body, without title, buttons, pictures and files."""
    return [line for block in card.blocks for line in _block(block, locale, at)]


def _block(block: Block, locale: Locale, at: At) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from written(block.text, locale, at).split("\n")
        case Table():
            if any(text.zh for text in block.header):
                yield "**" + "｜".join(_cell(text, locale, at) for text in block.header) + "**"
                yield from ("- " + "｜".join(_cell(text, locale, at) for text in row) for row in block.rows)
            else:
                yield from ("｜".join(_cell(text, locale, at) for text in row) for row in block.rows)
        case Chart():
            yield from written(block.twin, locale, at).split("\n")
        case Buttons() | Form() | Picture() | Attachment():
            return


def _cell(text: Text, locale: Locale, at: At) -> str:
    return " ".join(written(text, locale, at).split("\n"))


def messages(rows: list[str], limit: int = MESSAGE_BYTES) -> list[str]:
    """The lines as one or, when they are long, several markdown texts."""
    return [BREAK.join(part) for part in parts(rows, limit)]


def parts(rows: list[str], limit: int) -> list[list[str]]:
    """The lines in groups of at most ``limit`` bytes of JSON each, cut at line ends where possible."""
    found: list[list[str]] = [[]]
    size = 0
    for row in (piece for long in rows for piece in _short(long, limit // 2)):
        weight = weigh(row) + 8
        if found[-1] and size + weight > limit:
            found.append([])
            size = 0
        found[-1].append(row)
        size += weight
    return [part for part in found if any(part)]


def weigh(words: str) -> int:
    """Bytes inside JSON inside JSON."""
    return len(orjson.dumps(orjson.dumps(words).decode()))


def _short(row: str, limit: int) -> Iterator[str]:
    while weigh(row) > limit:
        piece = row[: max(limit // 8, 1)]
        yield piece
        row = row[len(piece) :]
    yield row


def cut(rows: list[str], limit: int) -> tuple[str, bool]:
    """(as many lines as fit into ``limit`` bytes, are they all?)."""
    found = parts(rows, limit)
    whole = len(found) <= 1
    return BREAK.join(found[0] if found else []) + ("" if whole else f"{BREAK}…"), whole
