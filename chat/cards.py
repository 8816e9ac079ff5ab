"""Neutral cards: what the bot says, before any platform's dialect.

A card is a list of blocks. A card of one ``Paragraph`` and nothing else is an ordinary text message. Adapters render
blocks with ``match``; a block a platform cannot show has a text twin in ``chat.plain``.

Every class is a frozen dataclass of plain values: ``orjson.dumps(card)`` is its stored form, ``decode`` reads it back.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, Literal

from chat.charts import Chart, read_chart
from chat.frozen import frozen
from chat.text import Text, read_text

Tone = Literal["plain", "good", "warn", "bad"]
OFF = "push.mute"
"""The verb of buttons that turn off what a card says, as its last row: less than what is to be done, wherever it is
drawn."""


@frozen
class Paragraph:
    """Running text; ``\\n`` breaks the line. ``quiet``: smaller, grey."""

    text: Text
    quiet: bool = False
    kind: str = "paragraph"


@frozen
class Button:
    """A press sends ``verb`` and ``args`` back. They are our data but never authority: every press is checked again.

    ``version``: of the subject when the card was drawn, so a press on an old card is noticed. 0: not versioned.
    """

    label: Text
    verb: str
    args: tuple[str, ...] = ()
    version: int = 0
    style: Literal["default", "primary", "danger"] = "default"


@frozen
class Buttons:
    buttons: tuple[Button, ...]
    kind: str = "buttons"


@frozen
class Table:
    """``rows``: each as long as ``header``."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    kind: str = "table"


@frozen
class Field:
    """One input of a form. ``options``: (value, label) for ``choice``; ``value``: what is filled in already."""

    name: str
    label: Text
    input: Literal["line", "lines", "choice", "date", "person"] = "line"
    required: bool = False
    value: str = ""
    hint: Text | None = None
    options: tuple[tuple[str, Text], ...] = ()


@frozen
class Form:
    """Inputs sent together as ``verb``/``args`` plus {field name: words}. ``opener``: the button that unfolds it."""

    verb: str
    fields: tuple[Field, ...]
    submit: Text
    args: tuple[str, ...] = ()
    version: int = 0
    opener: Text | None = None
    kind: str = "form"


@frozen
class Picture:
    """An image rendered by us. ``path`` is a file under the data folder; ``twin`` says the same in words.

    ``dark``: the same for a dark page, where there is one.
    """

    path: str
    twin: Text
    dark: str = ""
    kind: str = "picture"


@frozen
class Attachment:
    """A file to download. ``content`` is kept in the outbox, so that it is sent even after a crash.

    ``form``: what ``content`` is: text (UTF-8); table: CSV that leaves as a workbook; base64: bytes.
    """

    name: str
    content: str
    form: Literal["text", "table", "base64"] = "text"
    kind: str = "attachment"

    @property
    def data(self) -> bytes:
        """The file's bytes. A table is its CSV until it has become a workbook."""
        return b64decode(self.content) if self.form == "base64" else self.content.encode()


Block = Paragraph | Buttons | Table | Form | Picture | Chart | Attachment


@frozen
class Card:
    blocks: tuple[Block, ...]
    title: Text | None = None
    tone: Tone = "plain"

    @property
    def is_text(self) -> bool:
        """True when an ordinary text message says it all."""
        return self.title is None and len(self.blocks) == 1 and isinstance(self.blocks[0], Paragraph)


def text_card(text: Text, *buttons: Button, tone: Tone = "plain") -> Card:
    """One paragraph, and a row of buttons if there are any."""
    if not buttons:
        return Card((Paragraph(text),), tone=tone)
    return Card((Paragraph(text), Buttons(buttons)), tone=tone)


# --- reading a stored card back ------------------------------------------------------------------------------------


def decode(raw: Mapping[str, Any]) -> Card:
    """The inverse of ``orjson.dumps(card)``. Raises KeyError on a shape this version does not know."""
    title = raw["title"]
    return Card(tuple(_block(b) for b in raw["blocks"]), read_text(title) if title else None, raw["tone"])


def _button(raw: Mapping[str, Any]) -> Button:
    return Button(read_text(raw["label"]), raw["verb"], tuple(raw["args"]), raw["version"], raw["style"])


def _field(raw: Mapping[str, Any]) -> Field:
    return Field(
        raw["name"],
        read_text(raw["label"]),
        raw["input"],
        raw["required"],
        raw["value"],
        read_text(raw["hint"]) if raw["hint"] else None,
        tuple((value, read_text(label)) for value, label in raw["options"]),
    )


def _form(raw: Mapping[str, Any]) -> Form:
    return Form(
        raw["verb"],
        tuple(_field(f) for f in raw["fields"]),
        read_text(raw["submit"]),
        tuple(raw["args"]),
        raw["version"],
        read_text(raw["opener"]) if raw["opener"] else None,
    )


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Block]] = {
    "paragraph": lambda raw: Paragraph(read_text(raw["text"]), raw["quiet"]),
    "buttons": lambda raw: Buttons(tuple(_button(b) for b in raw["buttons"])),
    "table": lambda raw: Table(
        tuple(read_text(t) for t in raw["header"]), tuple(tuple(read_text(t) for t in row) for row in raw["rows"])
    ),
    "form": _form,
    "picture": lambda raw: Picture(raw["path"], read_text(raw["twin"]), raw["dark"]),
    "chart": read_chart,
    "attachment": lambda raw: Attachment(raw["name"], raw["content"], raw["form"]),
}


def _block(raw: Mapping[str, Any]) -> Block:
    return _READERS[raw["kind"]](raw)
