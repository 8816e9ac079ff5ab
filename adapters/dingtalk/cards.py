"""A neutral card as DingTalk messages. Pure.

What has buttons, or a name under which it is changed later, is an interactive card: DingTalk's own public template, or
one made for this bot (which has inputs too). A value of a card holds 1 KB, so a longer body goes before it as markdown.
Everything else is text or markdown. Where cards are not possible, buttons are links: the person's client sends their
code as a message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import orjson

from adapters.dingtalk import codes, markdown
from chat.cards import Attachment, Button, Buttons, Card, Field, Form, Paragraph, Picture
from chat.frozen import frozen
from chat.messages import Answer
from chat.text import Locale, Text, say

VALUE_BYTES = 1_000
BUTTONS = 8
LABEL = 20
COLOURS = {"default": "gray", "primary": "blue", "danger": "red"}
GREY = ("color", COLOURS["default"])
"""What a button looks like that does not say it."""
INPUTS = {"line": "TEXT", "lines": "TEXT_AREA", "choice": "SELECT", "date": "DATE", "person": "TEXT"}
ABOVE = say("内容见上一条消息。", "See the message above.")
MORE = say("更多操作：", "More:")
Params = dict[str, str]


@frozen
class Words:
    """A plain text message. ``at``: {id: name} of those it addresses, who stand in ``content`` as slots."""

    content: str
    at: Mapping[str, str]


@frozen
class Markdown:
    title: str
    content: str
    at: Mapping[str, str]


@frozen
class Interactive:
    """``title``: what the notification says. ``at``: {person id: name}."""

    title: str
    params: Params
    at: Mapping[str, str]


@frozen
class Media:
    """Something to upload: the file at ``path``, or ``content``. ``words``: sent instead when that fails."""

    kind: Literal["image", "file"]
    name: str
    words: str
    path: str = ""
    content: bytes = b""


Part = Words | Markdown | Interactive | Media


class Writer:
    """Writes cards. ``inputs``: the template can show forms."""

    def __init__(self, *, inputs: bool) -> None:
        self._inputs = inputs

    def parts(self, card: Card, locale: Locale, *, named: bool, live: bool = True) -> list[Part]:
        """The messages that show ``card``, in order. live: interactive cards are possible just now."""
        media = [_media(one, locale) for one in card.blocks if isinstance(one, Picture | Attachment)]
        at = people(card)
        if card.is_text and not (named and live):
            paragraph = card.blocks[0]
            assert isinstance(paragraph, Paragraph)
            rows = paragraph.text.render(locale, markdown.bare, markdown.slot).split("\n")
            return [Words("\n".join(part), at) for part in markdown.parts(rows, markdown.MESSAGE_BYTES)]
        if live and (named or _buttons(card) or self._forms(card)):
            return [*self._interactive(card, locale, at), *media]
        rows = _with_title(card, locale) + ([links] if (links := _links(card, locale)) else [])
        title = markdown.title(card, locale)
        return [*(Markdown(title, text, at) for text in markdown.messages(rows)), *media]

    def _interactive(self, card: Card, locale: Locale, at: Mapping[str, str]) -> Iterator[Part]:
        """A long body first; then the card; then cards for buttons that it could not hold."""
        rows, title = markdown.lines(card, locale), markdown.title(card, locale)
        _, *others = _rows_of_buttons(card, locale)
        params = self.params(card, locale)
        if not markdown.cut(rows, VALUE_BYTES)[1]:
            yield from (Markdown(title, text, at) for text in markdown.messages(_with_title(card, locale)))
            params["markdown"], at = ABOVE.render(locale), {}
        yield Interactive(title, params, at)
        for row in others:
            yield Interactive(title, _params("", MORE.render(locale), row), {})

    def params(self, card: Card, locale: Locale) -> Params:
        """The values of the card's template; a body that is too long is cut at a line's end."""
        body = markdown.cut(markdown.lines(card, locale), VALUE_BYTES)[0]
        words = card.title.plain(locale) if card.title else ""
        params = _params(words, body, _rows_of_buttons(card, locale)[0])
        if self._inputs:
            forms = self._forms(card)
            params["form"] = _form(forms[0], locale) if forms else ""
        return params

    def _forms(self, card: Card) -> list[Form]:
        return [one for one in card.blocks if isinstance(one, Form)] if self._inputs else []

    def answer(self, answer: Answer) -> dict[str, Any]:
        """What goes back with the acknowledgement of a press: only the one who pressed sees it."""
        params = self.params(answer.card, answer.locale) if answer.card else {}
        params["tips"] = answer.toast.plain(answer.locale)[:200]
        return {"cardUpdateOptions": {"updateCardDataByKey": True}, "cardData": {"cardParamMap": params}}


def _params(title: str, body: str, buttons: Sequence[Mapping[str, Any]]) -> Params:
    return {"title": title, "markdown": body, "sys_full_json_obj": orjson.dumps({"msgButtons": buttons}).decode()}


def _rows_of_buttons(card: Card, locale: Locale) -> list[list[dict[str, Any]]]:
    """All buttons, as many to a card as it holds; one row at least. Of many, only a coloured one says its colour."""
    drawn = [_button(button, locale) for button in _buttons(card)]
    if _size(drawn) > VALUE_BYTES:
        drawn = [{name: one[name] for name in one if (name, one[name]) != GREY} for one in drawn]
    rows: list[list[dict[str, Any]]] = [[]]
    for one in drawn:
        if rows[-1] and (len(rows[-1]) == BUTTONS or _size([*rows[-1], one]) > VALUE_BYTES):
            rows.append([])
        rows[-1].append(one)
    return rows


def _size(buttons: Sequence[Mapping[str, Any]]) -> int:
    return len(orjson.dumps({"msgButtons": buttons}))


def _button(button: Button, locale: Locale) -> dict[str, Any]:
    code = codes.code(button.verb, button.args, button.version)
    words = " ".join(button.label.plain(locale).split())
    return {
        "text": words if len(words) <= LABEL else words[: LABEL - 1] + "…",
        "color": COLOURS[button.style],
        "id": code,
        "request": True,
        "params": {"id": code},
    }


def _buttons(card: Card) -> list[Button]:
    return [button for one in card.blocks if isinstance(one, Buttons) for button in one.buttons]


def _links(card: Card, locale: Locale) -> str:
    """Buttons for where there are no cards: each sends its code as a message of the person's own."""
    return "　".join(
        f"[{markdown.escape(markdown.bare(label))}](dtmd://dingtalkclient/sendMessage?content={quote(line, safe='')})"
        for button in _buttons(card)
        if (label := button.label.plain(locale))
        and (line := codes.typed(label, codes.code(button.verb, button.args, button.version)))
    )


def _form(form: Form, locale: Locale) -> str:
    fields = [_field(field, locale) for field in form.fields]
    code = codes.code(form.verb, form.args, form.version)
    return orjson.dumps({"fields": fields, "submit": form.submit.plain(locale), "id": code}).decode()


def _field(field: Field, locale: Locale) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "name": field.name, "label": field.label.plain(locale), "type": INPUTS[field.input],
        "required": field.required, "defaultValue": field.value,
    }  # fmt: skip
    if field.hint:
        drawn["placeholder"] = field.hint.plain(locale)
    if field.options:
        drawn["options"] = [{"value": value, "text": label.plain(locale)} for value, label in field.options]
    return drawn


def _with_title(card: Card, locale: Locale) -> list[str]:
    head = [f"**{markdown.written(card.title, locale, markdown.slot)}**"] if card.title else []
    return head + markdown.lines(card, locale, markdown.slot)


def _media(block: Picture | Attachment, locale: Locale) -> Media:
    if isinstance(block, Picture):
        return Media("image", "image.png", block.twin.plain(locale), path=block.path)
    return Media("file", block.name, f"📎 {block.name}", content=block.data)


def people(card: Card) -> dict[str, str]:
    """{id: name} of everyone the card addresses."""
    found: dict[str, str] = {}
    for block in card.blocks:
        texts: Sequence[Text] = (block.text,) if isinstance(block, Paragraph) else ()
        for text in (*texts, *((card.title,) if card.title else ())):
            text.render("zh", None, lambda who: found.setdefault(who.id, who.name))
    return found
