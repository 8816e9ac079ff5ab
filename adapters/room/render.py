"""Room → frames: plain JSON values a page can draw without knowing templates.

A sentence is a list of pieces: a string, or ``{"at": id, "name": …}`` for a mention. Data stays data: no piece is
ever markup, so a title ``<img onerror>`` is eleven characters on the screen.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from adapters.room.log import words
from adapters.room.model import Room
from adapters.room.things import Chat, Message
from chat.cards import Attachment, Block, Buttons, Card, Field, Form, Paragraph, Picture, Table
from chat.charts import Chart
from chat.messages import TOKEN
from chat.plain import plain
from chat.text import Locale, Mention, Text

_MENTION = re.compile(f"{TOKEN}(\\d+){TOKEN}")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff]")
_CLOSING = re.compile("\u2069")
LAST_LINE = 120

Pieces = list[str | dict[str, str]]


def pieces(text: Text, locale: Locale) -> Pieces:
    """The finished sentence, mentions kept apart from words."""
    people: list[Mention] = []

    def mention(person: Mention) -> str:
        people.append(person)
        return f"{TOKEN}{len(people) - 1}{TOKEN}"

    line = text.render(locale, isolated, mention)
    parts: Pieces = []
    for number, part in enumerate(_MENTION.split(line)):
        if number % 2:
            parts.append({"at": people[int(part)].id, "name": people[int(part)].name})
        elif part:
            parts.append(part)
    return parts


def isolated(data: str) -> str:
    """Somebody's words inside our sentence: letters that run from right to left turn nothing around them."""
    data = data.replace(TOKEN, "")
    return f"\u2068{_CLOSING.sub('', data)}\u2069" if _RIGHT_TO_LEFT.search(data) else data


def card(shown: Card, locale: Locale, message_id: str) -> dict[str, Any]:
    return {
        "title": pieces(shown.title, locale) if shown.title else None,
        "tone": shown.tone,
        "text": shown.is_text,
        "blocks": [_block(block, locale, f"{message_id}/{number}") for number, block in enumerate(shown.blocks)],
    }


def _block(block: Block, locale: Locale, place: str) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "paragraph", "text": pieces(block.text, locale), "quiet": block.quiet}
        case Chart():
            return {"kind": "paragraph", "text": pieces(block.twin, locale), "quiet": False}
        case Buttons():
            buttons = [
                {
                    "label": one.label.render(locale, isolated),
                    "verb": one.verb,
                    "args": one.args,
                    "version": one.version,
                }
                | {"style": one.style}
                for one in block.buttons
            ]
            return {"kind": "buttons", "buttons": buttons}
        case Table():
            header = [pieces(cell, locale) for cell in block.header]
            rows = [[pieces(cell, locale) for cell in row] for row in block.rows]
            return {"kind": "table", "header": header if any(header) else [], "rows": rows}
        case Form():
            opener = block.opener.render(locale) if block.opener else ""
            fields = [_field(one, locale) for one in block.fields]
            return {"kind": "form", "verb": block.verb, "opener": opener, "fields": fields} | {
                "submit": block.submit.render(locale)
            }
        case Picture():
            src = f"/pictures/{place}"
            twin = block.twin.render(locale, isolated)
            return {"kind": "picture", "src": src, "dark": f"{src}?dark=1" if block.dark else "", "twin": twin}
        case Attachment():
            size = len(block.data)
            return {"kind": "attachment", "href": f"/attachments/{place}", "name": block.name, "size": size}


def _field(field: Field, locale: Locale) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label.render(locale),
        "input": field.input,
        "required": field.required,
        "value": field.value,
        "hint": field.hint.render(locale) if field.hint else "",
        "options": [[value, label.render(locale)] for value, label in field.options],
    }


def _said(message: Message) -> Pieces:
    names = iter(message.mentions)
    parts: Pieces = []
    for number, part in enumerate(message.text.split(TOKEN)):
        if number:
            who = next(names)
            parts.append({"at": who.id, "name": who.name})
        if part:
            parts.append(part)
    return parts


def message(room: Room, person: str, one: Message) -> dict[str, Any]:
    """One message as ``person`` sees it."""
    frame: dict[str, Any] = {
        "id": one.id, "n": one.n, "chat": one.chat, "kind": one.kind, "sender": one.sender, "at": one.at,
    }  # fmt: skip
    if one.recalled:
        return frame | {"recalled": True}
    if one.kind == "note":
        return frame | _note(one)
    if one.quote:
        quoted = room.log.get(one.quote.message_id)
        gone = not one.quote.text or (quoted is not None and quoted.recalled)
        line = "" if gone else one.quote.text[:LAST_LINE]
        name = one.quote.sender.name if one.quote.sender else ""
        frame["quote"] = {"id": one.quote.message_id, "name": name, "text": line, "recalled": gone}
    if shown := room.card_for(person, one):
        frame["card"] = card(shown, one.locale, one.id)
    else:
        frame["text"] = _said(one)
    if one.files:
        frame["files"] = [{"ref": file.ref, "name": file.name, "size": file.size} for file in one.files]
    if one.version > 1:
        frame["edited"] = one.edited
    if one.key and one.sender == person:
        frame["waiting"] = True
        frame["trouble"] = one.trouble
    return frame | ({"voice": True} if one.voice else {})


def _note(one: Message) -> dict[str, Any]:
    """A grey line in both languages: it belongs to the page, not to the bot."""
    assert one.card
    block = one.card.blocks[0]
    assert isinstance(block, Paragraph)
    return {"zh": block.text.render("zh"), "en": block.text.render("en")}


def chat(room: Room, person: str, one: Chat) -> dict[str, Any]:
    """One row of ``person``'s chat list."""
    unread, called = room.log.unread(person, one.id)
    log = room.messages(one.id)
    return {
        "id": one.id, "kind": one.kind, "name": one.name, "members": one.members, "owner": one.owner, "bot": one.bot,
        "unread": unread, "called": called, "last": _last(log[-1]) if log else None,
    }  # fmt: skip


def _last(one: Message) -> dict[str, Any]:
    frame: dict[str, Any] = {"n": one.n, "at": one.at, "sender": one.sender, "kind": one.kind}
    if one.recalled:
        return frame | {"recalled": True}
    if one.kind == "note":
        return frame | _note(one)
    line = " ".join(_gist(one)[: LAST_LINE * 2].split())[:LAST_LINE]
    return frame | {"line": line or (f"📎 {one.files[0].name}" if one.files else "")}


def _gist(one: Message) -> str:
    """The words of a message without its buttons: what fits into one line."""
    if one.card is None:
        return words(one)
    blocks = tuple(block for block in one.card.blocks if not isinstance(block, (Buttons, Form)))
    return plain(replace(one.card, blocks=blocks), one.locale)


def people(room: Room) -> list[dict[str, Any]]:
    """Everybody, with what waits for them in all their chats."""
    return [
        {"id": one.id, "name": one.name, "department": one.department, "label": one.label}
        | {"unread": sum(room.log.unread(one.id, place.id)[0] for place in room.chats_of(one.id))}
        for one in room.people.values()
    ]
