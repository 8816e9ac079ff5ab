"""Neutral blocks as WeCom's markdown, with people's words made harmless, cut to what one message may hold.

The bot cannot @ anybody: ``<@id>`` shows as it stands. Names are bold instead; a group webhook does the real @.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chat.cards import Attachment, Block, Buttons, Card, Form, Paragraph, Picture, Table
from chat.charts import Chart
from chat.plain import plain as plain
from chat.text import Locale, Mention, Text

MESSAGE_BYTES = 20480
WEBHOOK_BYTES = 4096

_FULL = str.maketrans({"`": "｀", "|": "｜"})
_EMPHASIS = re.compile(r"[*~]+|(?<![^\W_])_+|_+(?![^\W_])")
_THIN = "\u200a"
_TAG = re.compile(r"<(?=[\w@/!?])")
_LINE = re.compile(r"(?m)^(?=\s*(?:#{1,6}|>|[-+]|\d+[.)])\s)")


def escape(words: str) -> str:
    """Data without markup: no tag, link, emphasis, code, heading or table cell. It reads the same.

    Whether WeCom knows backslashes is not documented, so thin and invisible spaces do it: a star between spaces is a
    star.
    """
    words = _TAG.sub("<\u200b", words.translate(_FULL)).replace("](", "]\u200b(")
    words = _EMPHASIS.sub(lambda run: _THIN + _THIN.join(run.group()) + _THIN, words)
    return _LINE.sub("\u200b", words)


def bold(person: Mention) -> str:
    return f"**@{escape(person.name or person.id)}**"


def at(person: Mention) -> str:
    """For cards, which have no markup."""
    return f"@{person.name or person.id}"


def written(text: Text, locale: Locale) -> str:
    return text.render(locale, escape, bold)


def block(one: Block, locale: Locale) -> str:
    """A block in markdown. What cannot be pressed is named in brackets; a form that cannot be shown is left out."""
    match one:
        case Paragraph():
            return written(one.text, locale)
        case Table():
            return _table(one, locale)
        case Buttons():
            return " ".join(f"[{written(button.label, locale)}]" for button in one.buttons)
        case Picture() | Chart():
            return written(one.twin, locale)
        case Attachment():
            return f"📎 {escape(one.name)}"
        case Form():
            return ""


def bare(one: Block, locale: Locale) -> str:
    """A block for template cards, which show text as it is."""
    return "" if isinstance(one, Form) else plain(Card((one,)), locale, None, at)


def card(whole: Card, locale: Locale) -> str:
    """The whole card as one text."""
    title = [f"**{written(whole.title, locale)}**"] if whole.title else []
    return "\n".join(part for part in [*title, *(block(one, locale) for one in whole.blocks)] if part)


def _table(table: Table, locale: Locale) -> str:
    rows = [[_cell(text, locale) for text in row] for row in table.rows]
    if not any(text.zh for text in table.header):
        return "\n".join("｜".join(row) for row in rows)
    head = [_cell(text, locale) for text in table.header]
    lines = [head, [":--"] * len(head), *rows]
    return "\n" + "\n".join(f"| {' | '.join(row)} |" for row in lines) + "\n"


def _cell(text: Text, locale: Locale) -> str:
    return written(text, locale).replace("\n", " ").replace("|", "｜")


def split(text: str, limit: int = MESSAGE_BYTES) -> list[str]:
    """Pieces of at most ``limit`` bytes, cut at line ends; a table's head is repeated over each of its pieces."""
    if len(text.encode()) <= limit:
        return [text]
    pieces: list[str] = []
    kept: list[str] = []
    size, head = 0, []
    lines = [part for line in text.split("\n") for part in _short(line, limit // 2)]
    for number, line in enumerate(lines):
        if line.startswith("| :--"):
            head = [lines[number - 1], line]
        elif not line.startswith("|"):
            head = [] if not line.startswith("| :--") and not _next_is_rule(lines, number) else head
        weight = len(line.encode()) + 1
        if kept and size + weight > limit:
            pieces.append("\n".join(kept))
            kept = list(head) if line.startswith("|") and line not in head else []
            size = sum(len(row.encode()) + 1 for row in kept)
        kept.append(line)
        size += weight
    return [*pieces, "\n".join(kept)]


def _next_is_rule(lines: list[str], number: int) -> bool:
    return number + 1 < len(lines) and lines[number + 1].startswith("| :--")


def _short(line: str, limit: int) -> Iterator[str]:
    """A line in pieces of at most ``limit`` bytes, never through a character."""
    raw = line.encode()
    while len(raw) > limit:
        piece = raw[:limit].decode("utf-8", "ignore")
        yield piece
        raw = raw[len(piece.encode()) :]
    yield raw.decode()
