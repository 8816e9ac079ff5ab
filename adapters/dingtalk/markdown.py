"""Neutral blocks as DingTalk's markdown: few means, so digests are lists; people's words are made harmless.

The robot's dialect has no tables and no code, and breaks a line only at «two blanks, line end, two blanks». Whether it
knows backslashes is not documented, so thin and invisible spaces do it: a star between spaces is a star.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from chat.cards import Attachment, Block, Buttons, Card, Form, Paragraph, Picture, Table
from chat.text import Locale, Mention, Text

BREAK = "  \n  "
MESSAGE_BYTES = 12_000
"""Of one message, as JSON; DingTalk takes 15,000 through its API, 20,000 through a webhook."""
TITLE = 60
_EMPHASIS = re.compile(r"[*~]+|(?<![^\W_])_+|_+(?![^\W_])")
_THIN = "\u200a"
_TAG = re.compile(r"<(?=[\w@/!?])")
_LINE = re.compile(r"(?m)^(?=\s*(?:#{1,6}|>|[-+]|\d+[.)])(?:\s|$))")
_FULL = str.maketrans({"`": "｀", "|": "｜"})


def escape(words: str) -> str:
    """Data without markup: no tag, link, emphasis, code, heading or list. It reads the same."""
    words = _TAG.sub("<\u200b", words.translate(_FULL)).replace("](", "]\u200b(")
    words = _EMPHASIS.sub(lambda run: _THIN + _THIN.join(run.group()) + _THIN, words)
    return _LINE.sub("\u200b", words)


def bold(person: Mention) -> str:
    return f"**@{escape(person.name or person.id)}**"


def written(text: Text, locale: Locale) -> str:
    return text.render(locale, escape, bold)


def title(card: Card, locale: Locale) -> str:
    """What the notification and the list of chats show: plain words on one line."""
    first = next((one.text for one in card.blocks if isinstance(one, Paragraph)), None)
    text = card.title or first
    words = " ".join(text.plain(locale).split()) if text else ""
    return (words if len(words) <= TITLE else words[: TITLE - 1] + "…") or "进度助手"


def lines(card: Card, locale: Locale) -> list[str]:
    """The body, without title, buttons, pictures and files."""
    return [line for block in card.blocks for line in _block(block, locale)]


def _block(block: Block, locale: Locale) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from written(block.text, locale).split("\n")
        case Table():
            if any(text.zh for text in block.header):
                yield "**" + "｜".join(_cell(text, locale) for text in block.header) + "**"
                yield from ("- " + "｜".join(_cell(text, locale) for text in row) for row in block.rows)
            else:
                yield from ("｜".join(_cell(text, locale) for text in row) for row in block.rows)
        case Buttons() | Form() | Picture() | Attachment():
            return


def _cell(text: Text, locale: Locale) -> str:
    return " ".join(written(text, locale).split("\n"))


def messages(rows: list[str], limit: int = MESSAGE_BYTES) -> list[str]:
    """The lines as one or, when they are long, several markdown texts."""
    return [BREAK.join(part) for part in parts(rows, limit)]


def parts(rows: list[str], limit: int) -> list[list[str]]:
    """The lines in groups of at most ``limit`` bytes of JSON each, cut at line ends where possible."""
    found: list[list[str]] = [[]]
    size = 0
    for row in (piece for row in rows for piece in _short(row, limit // 2)):
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
