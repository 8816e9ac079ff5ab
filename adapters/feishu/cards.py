"""Neutral cards as Feishu's card JSON 2.0. Pure.

They are kept within Feishu's limits: a larger one becomes several, none loses a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from adapters.feishu import charts
from adapters.feishu.words import Json, escaped, harmless, markdown, pieces
from chat.cards import Attachment, Block, Button, Buttons, Card, Field, Form, Paragraph, Picture, Table
from chat.charts import Chart
from chat.messages import Answer
from chat.text import Locale, Mention, Text

BYTES = 28_000
"""Of a card inside a request; Feishu takes 30 KB."""
TABLES = 3
"""In one card; Feishu says 5, people have measured 3."""
CHARTS = 5
"""In one card."""
ELEMENTS = 180
"""In one card; Feishu takes 200."""
LIMITS = (BYTES - 1_500, ELEMENTS, TABLES, CHARTS)
"""What one card holds, besides its head."""
TABLE_ROWS = 50
"""In one table component; it shows them page by page."""
CELL, CHUNK = 300, 3_000
"""Characters of a table's cell, and of one run of text."""
INPUT = 1_000
"""Characters that one input of a form takes at most."""
ROWS = 10
"""Lines of an input that are seen at once, if it holds as many already."""
TOAST, SUMMARY = 200, 60
HEADING = 120
"""Characters of a paragraph above a table that may be its heading."""

TONES = {"plain": "blue", "good": "green", "warn": "orange", "bad": "red"}
STYLES = {"default": "default", "primary": "primary_filled", "danger": "danger"}


def _plain(text: Text, locale: Locale, limit: int = 0) -> Json:
    words = text.render(locale)
    return {"tag": "plain_text", "content": words[: limit - 1] + "…" if limit and len(words) > limit else words}


def cards(card: Card, locale: Locale, *, direct: bool = False, pictures: Mapping[str, str] | None = None) -> list[Json]:
    """The card, as one or more of Feishu's. direct: for one person's chat with the bot.

    pictures: {path: image_key} of those that were uploaded; the others are told in words.
    """
    maker = _Maker(locale, direct, pictures or {}, led=_led(card))
    parts: list[list[Json]] = [[]]
    sizes = [0, 0, 0, 0]
    for element in (element for number, block in enumerate(card.blocks) for element in maker.block(number, block)):
        more = [_size(element), _count(element), element["tag"] == "table", element["tag"] == "chart"]
        total = [a + b for a, b in zip(sizes, more, strict=True)]
        if parts[-1] and any(size > most for size, most in zip(total, LIMITS, strict=True)):
            parts.append(_heading(parts[-1]) if more[2] or more[3] else [])
            total = [a + b for a, b in zip(more, _weight(parts[-1]), strict=True)]
        parts[-1].append(element)
        sizes = total
    return [_whole(card, locale, part, number, len(parts)) for number, part in enumerate(parts)]


def _heading(part: list[Json]) -> list[Json]:
    """The line above a table or a chart goes with it into the next card; it is taken out of ``part``."""
    last = part[-1]
    if len(part) > 1 and last["tag"] == "markdown" and len(last["content"]) <= HEADING:
        return [part.pop()]
    return []


def _weight(part: Sequence[Json]) -> list[int]:
    return [sum(map(_size, part)), sum(map(_count, part)), 0, 0]


def answer(answer: Answer, *, direct: bool = False) -> Json:
    """What goes back with the acknowledgement of a press. The card is for everybody: one's own stays out of groups,

    and one that needs several messages is left to an edit.
    """
    words = answer.toast.render(answer.locale)
    said: Json = {"toast": {"type": "info", "content": words if len(words) <= TOAST else words[: TOAST - 1] + "…"}}
    if answer.card is not None and (direct or not answer.alone):
        drawn = cards(answer.card, answer.locale, direct=direct)
        if len(drawn) == 1:
            said["card"] = {"type": "raw", "data": drawn[0]}
    return said


def _whole(card: Card, locale: Locale, elements: list[Json], number: int, count: int) -> Json:
    whole: Json = {
        "schema": "2.0",
        "config": {"update_multi": True, "width_mode": "fill", "summary": {"content": _summary(card, locale)}},
        "body": {"elements": elements or [{"tag": "markdown", "content": " "}]},
    }
    if card.title is not None or card.tone != "plain" or count > 1:
        title = _plain(card.title, locale, 150) if card.title else {"tag": "plain_text", "content": ""}
        if count > 1:
            title["content"] = f"{title['content']} ({number + 1}/{count})".strip()
        if title["content"]:
            whole["header"] = {"template": TONES[card.tone], "title": title}
    return whole


def _summary(card: Card, locale: Locale) -> str:
    """What the notification and the list of chats show."""
    first = next((block.text for block in card.blocks if isinstance(block, Paragraph)), None)
    text = card.title or first
    words = harmless(" ".join(text.render(locale).split())) if text else ""
    return (words if len(words) <= SUMMARY else words[: SUMMARY - 1] + "…") or "进度助手"


class _Maker:
    """Blocks as elements."""

    def __init__(self, locale: Locale, direct: bool, pictures: Mapping[str, str], *, led: bool) -> None:
        """led: the card has a main button, so that a form's is none."""
        self.locale = locale
        self.led = led
        self.direct = direct
        self.pictures = pictures

    def block(self, number: int, block: Block) -> Iterator[Json]:
        match block:
            case Paragraph():
                yield from self.lines(block.text, block.quiet)
            case Buttons():
                if block.buttons:
                    yield self.row(block.buttons)
            case Table():
                yield from self.table(block)
            case Form():
                yield self.form(number, block)
            case Picture():
                key = self.pictures.get(block.path)
                if key:
                    yield {"tag": "img", "img_key": key, "alt": _plain(block.twin, self.locale, 200)}
                else:
                    yield from self.lines(block.twin)
            case Chart() if charts.can_draw(block):
                yield charts.element(block, self.locale)
            case Chart():
                yield from self.lines(block.twin)
            case Attachment():
                yield {"tag": "markdown", "content": "📎 " + escaped(block.name)}

    def lines(self, text: Text, quiet: bool = False) -> Iterator[Json]:
        for piece in pieces(markdown(text, self.locale), CHUNK):
            if quiet:
                grey = "\n".join(f"<font color='grey'>{line}</font>" if line else "" for line in piece.split("\n"))
                yield {"tag": "markdown", "content": grey, "text_size": "notation"}
            else:
                yield {"tag": "markdown", "content": piece}

    def row(self, buttons: Sequence[Button]) -> Json:
        columns = [{"tag": "column", "width": "auto", "elements": [self.button(button)]} for button in buttons]
        return {"tag": "column_set", "flex_mode": "flow", "horizontal_spacing": "8px", "columns": columns}

    def button(self, button: Button) -> Json:
        return {
            "tag": "button",
            "type": STYLES[button.style],
            "text": _plain(button.label, self.locale, 60),
            "behaviors": [self.callback(button.verb, button.args, button.version)],
        }

    def callback(self, verb: str, args: Sequence[str], version: int) -> Json:
        value: Json = {"v": verb, "a": list(args), "n": version}
        if self.direct:
            value["d"] = 1
        return {"type": "callback", "value": value}

    def table(self, table: Table) -> Iterator[Json]:
        if not any(text.zh for text in table.header):
            rows = ["｜".join(markdown(cell, self.locale) for cell in row) for row in table.rows]
            for piece in pieces("\n".join(rows), CHUNK):
                yield {"tag": "markdown", "content": piece}
            return
        named = [any(_mentions(row[n]) for row in table.rows if n < len(row)) for n in range(len(table.header))]
        columns = [
            {
                "name": f"c{n}",
                "display_name": text.render(self.locale)[:60],
                "data_type": "markdown" if named[n] else "text",
                "width": "auto",
            }
            for n, text in enumerate(table.header)
        ]
        rows_of = [self.cells(row, named) for row in table.rows]
        for start in range(0, max(len(rows_of), 1), TABLE_ROWS):
            part = rows_of[start : start + TABLE_ROWS]
            while part:
                size = len(part)
                while size > 1 and _size(part[:size]) > BYTES // 3:
                    size //= 2
                yield {
                    "tag": "table", "page_size": min(10, size), "row_height": "auto",
                    "columns": columns, "rows": part[:size],
                }  # fmt: skip
                part = part[size:]

    def cells(self, row: Sequence[Text], named: Sequence[bool]) -> Json:
        return {
            f"c{n}": markdown(cell, self.locale) if at else _plain(cell, self.locale, CELL)["content"]
            for n, (cell, at) in enumerate(zip(row, named, strict=False))
        }

    def form(self, number: int, form: Form) -> Json:
        elements: list[Json] = []
        for field in form.fields:
            elements += self.input(f"f{number}_{field.name}", field)
        elements.append(
            {
                "tag": "button",
                "name": f"send{number}",
                "type": STYLES["default" if self.led else "primary"],
                "text": _plain(form.submit, self.locale, 60),
                "form_action_type": "submit",
                "behaviors": [self.callback(form.verb, form.args, form.version)],
            }
        )
        return {"tag": "form", "name": f"form{number}", "elements": elements}

    def input(self, name: str, field: Field) -> list[Json]:
        """One input; those that have no label of their own get a line above them."""
        label = {"tag": "markdown", "content": markdown(field.label, self.locale) + (" *" if field.required else "")}
        common: Json = {"name": name, "required": field.required, "width": "fill"}
        if field.hint:
            common["placeholder"] = _plain(field.hint, self.locale, 100)
        match field.input:
            case "choice":
                options = [{"text": _plain(text, self.locale, 100), "value": value} for value, text in field.options]
                element = {"tag": "select_static", **common, "options": options}
                if field.value in [value for value, _ in field.options]:
                    element["initial_option"] = field.value
                return [label, element]
            case "date":
                element = {"tag": "date_picker", **common}
                if field.value:
                    element["initial_date"] = field.value
                return [label, element]
            case "person":
                return [label, {"tag": "select_person", **common}]
            case _:
                element = {
                    "tag": "input", **common, "label": _plain(field.label, self.locale, 100),
                    "max_length": INPUT, "default_value": field.value[:INPUT],
                }  # fmt: skip
                if field.input == "lines":
                    shown = min(max(3, field.value.count("\n") + 1), ROWS)
                    element |= {"input_type": "multiline_text", "rows": shown}
                return [element]


def _led(card: Card) -> bool:
    return any(isinstance(one, Buttons) and any(each.style == "primary" for each in one.buttons) for one in card.blocks)


def _mentions(text: Text) -> bool:
    return any(
        isinstance(value, Mention) or (isinstance(value, Text) and _mentions(value)) for value in text.data.values()
    )


def _size(value: Any) -> int:
    """Bytes inside a request, where the card is JSON within JSON."""
    return len(orjson.dumps(orjson.dumps(value).decode()))


def _count(value: Any) -> int:
    """Feishu counts every object with a tag."""
    if isinstance(value, dict):
        return ("tag" in value) + sum(_count(one) for one in value.values())
    return sum(_count(one) for one in value) if isinstance(value, list) else 0
