"""The text twin of a card: what a terminal, a transcript or a platform that refused the card shows."""

from __future__ import annotations

from collections.abc import Callable

from chat.cards import Attachment, Block, Buttons, Card, Form, Paragraph, Picture, Table
from chat.charts import Chart
from chat.text import Locale, Mention

Escape = Callable[[str], str] | None
At = Callable[[Mention], str] | None


def plain(card: Card, locale: Locale = "zh", escape: Escape = None, mention: At = None) -> str:
    """The whole card as lines; buttons as ``[label]`` on one line."""
    parts = [card.title.render(locale, escape, mention)] if card.title else []
    parts += [_block(block, locale, escape, mention) for block in card.blocks]
    return "\n".join(part for part in parts if part)


def _block(block: Block, locale: Locale, escape: Escape, mention: At) -> str:
    match block:
        case Paragraph():
            return block.text.render(locale, escape, mention)
        case Buttons():
            return " ".join(f"[{button.label.render(locale, escape, mention)}]" for button in block.buttons)
        case Table():
            rows = [block.header, *block.rows] if any(t.zh for t in block.header) else block.rows
            return "\n".join("｜".join(cell.render(locale, escape, mention) for cell in row) for row in rows)
        case Form():
            opener = block.opener or block.submit
            return f"[{opener.render(locale, escape, mention)}]"
        case Picture() | Chart():
            return block.twin.render(locale, escape, mention)
        case Attachment():
            return f"📎 {escape(block.name) if escape else block.name}"
