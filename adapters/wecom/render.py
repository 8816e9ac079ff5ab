"""A neutral card as WeCom messages: markdown, template cards (buttons and choices, no typing), pictures and files.

A template card holds a title of 26 characters and 112 of text. What is longer goes out as a markdown message, and the
card after it carries the buttons. Each row of buttons is one card with the words that stand before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from adapters.wecom import codes, markdown
from chat.cards import OFF, Attachment, Block, Button, Buttons, Card, Field, Form, Picture
from chat.frozen import frozen
from chat.plain import plain
from chat.text import Locale, Text

TITLE, BODY, LABEL, SUBMIT = 26, 112, 10, 10
BUTTONS, OPTIONS, SELECTS, SELECT_OPTIONS = 6, 20, 3, 10
STYLES = {"primary": 1, "default": 2, "danger": 3}

Json = dict[str, Any]


@frozen
class Words:
    """A markdown message."""

    content: str


@frozen
class Template:
    """A template card. ``words``: the same as text; ``said``: a message before it says them already."""

    card: Json
    words: str
    said: bool = False


@frozen
class Media:
    """Something to upload. ``path`` or ``content``; ``words``: what is sent instead when that fails."""

    kind: Literal["image", "file"]
    name: str
    words: str
    path: str = ""
    content: bytes = b""


Part = Words | Template | Media


@dataclass(slots=True)
class _Segment:
    """Some words and at most one thing to press."""

    title: Text | None = None
    blocks: list[Block] = field(default_factory=list)
    press: Sequence[Button] = ()
    form: Form | None = None

    @property
    def live(self) -> bool:
        return bool(self.press or self.form)


class Writer:
    """Writes cards. ``link``: where a card without buttons leads, since each must lead somewhere."""

    def __init__(self, link: str) -> None:
        self._link = link

    def parts(self, card: Card, locale: Locale, base: str) -> list[Part]:
        """The messages that show ``card``, in order. base: the id of the whole (see ``codes``)."""
        segments = _segments(card)
        media = [_media(one, locale) for one in card.blocks if isinstance(one, Picture | Attachment)]
        if not segments[0].live:
            words = markdown.card(Card(_without_media(card.blocks), card.title), locale)
            return [*(Words(piece) for piece in markdown.split(words) if piece.strip()), *media]
        found: list[Part] = []
        for number, segment in enumerate(segments):
            found.extend(self._segment(segment, locale, codes.task_id(base, number)))
        return [*found, *media]

    def again(self, card: Card, locale: Locale, task: str, toast: str = "") -> Json:
        """The card that replaces the one pressed, under the same id; without buttons it is finished.

        toast: a line for the one who pressed, above the rest.
        """
        segments = _segments(card)
        if not segments[0].live:
            return self.finished(plain(card, locale, None, markdown.at), task, toast)
        segment = segments[min(codes.part_of(task), len(segments) - 1)]
        shown = next(part for part in self._segment(segment, locale, task) if isinstance(part, Template)).card
        if toast:
            shown["sub_title_text"] = _cut(f"{toast}\n{shown.get('sub_title_text', '')}".strip(), BODY)
        return shown

    def finished(self, words: str, task: str, toast: str = "") -> Json:
        """A card that only tells: its buttons are gone."""
        head, _, rest = words.partition("\n")
        title, body, _ = _fitted(head, rest)
        if toast and toast not in words:
            body = _cut(f"{toast}\n{body}".strip(), BODY)
        shown: Json = {"card_type": "text_notice", "main_title": {"title": title}, "task_id": task}
        if body:
            shown["sub_title_text"] = body
        return {**shown, "card_action": {"type": 1, "url": self._link}}

    def _segment(self, segment: _Segment, locale: Locale, task: str) -> Iterator[Part]:
        lines, marked = _written(segment, locale)
        labels = [_plain(button.label, locale) for button in segment.press]
        offered = [f"[{label}]" for label in labels if len(label) <= LABEL]
        labels = [f"{number}. {label}" if len(label) > LABEL else label for number, label in enumerate(labels, 1)]
        whole_labels = [label for label in labels if len(label) > LABEL]
        lines, marked = [*lines, *whole_labels], [*marked, *map(markdown.escape, whole_labels)]
        title, body, whole = _fitted(lines[0], "\n".join(lines[1:])) if lines else ("…", "", True)
        if not whole:
            yield from (Words(piece) for piece in markdown.split("\n".join(marked)))
        shown: Json = {"main_title": {"title": title}, "task_id": task}
        if body and whole:
            shown["sub_title_text"] = body
        shown |= _form(segment.form, locale) if segment.form else _press(segment.press, labels, locale)
        yield Template(shown, "\n".join([*marked, markdown.escape(" ".join(offered))]).strip(), said=not whole)


def _written(segment: _Segment, locale: Locale) -> tuple[list[str], list[str]]:
    """The lines plain, and in markdown."""
    bare = [_plain(segment.title, locale)] if segment.title else []
    marked = [f"**{markdown.written(segment.title, locale)}**"] if segment.title else []
    for one in segment.blocks:
        bare.extend(markdown.bare(one, locale).strip().split("\n"))
        marked.append(markdown.block(one, locale))
    return bare, marked


def _press(buttons: Sequence[Button], labels: list[str], locale: Locale) -> Json:
    """Up to six buttons, or a list of up to twenty to choose one from."""
    keys = list(codes.button_keys(buttons))
    texts = [_cut(label, LABEL) for label in labels]
    if len(buttons) > BUTTONS:
        options = [{"id": key, "text": text} for key, text in zip(keys, texts, strict=True)]
        return {
            "card_type": "vote_interaction",
            "checkbox": {"question_key": codes.PICK, "mode": 0, "option_list": options},
            "submit_button": {"text": "确定" if locale == "zh" else "OK", "key": codes.PICK},
        }
    listed = [
        {"text": text, "style": STYLES[button.style], "key": key}
        for button, text, key in zip(buttons, texts, keys, strict=True)
    ]
    return {"card_type": "button_interaction", "button_list": listed}


def _form(form: Form, locale: Locale) -> Json:
    """Choices only. What the form holds in other fields travels in the key."""
    hidden = {one.name: one.value for one in form.fields if one.input != "choice" and one.value}
    selects = [
        {
            "question_key": one.name,
            "title": _cut(_plain(one.label, locale), 13),
            **({"selected_id": one.value} if one.value in dict(one.options) else {}),
            "option_list": [{"id": value, "text": _plain(label, locale)} for value, label in one.options],
        }
        for one in form.fields
        if one.input == "choice"
    ]
    button = {"text": _cut(_plain(form.submit, locale), SUBMIT), "key": codes.form_key(form, hidden)}
    return {"card_type": "multiple_interaction", "select_list": selects, "submit_button": button}


def can_show(form: Form) -> bool:
    """Choices only, few enough, and nothing required has to be typed."""
    choices = [one for one in form.fields if one.input == "choice"]
    typed = [one for one in form.fields if one.input != "choice" and one.required and not one.value]
    hidden = {one.name: one.value for one in form.fields if one.input != "choice" and one.value}
    fits = len(codes.form_key(form, hidden).encode()) <= codes.KEY_BYTES
    return 0 < len(choices) <= SELECTS and not typed and fits and all(map(_fits, choices))


def _fits(one: Field) -> bool:
    sizes = [len(value.encode()) for value, _ in one.options]
    return 0 < len(sizes) <= SELECT_OPTIONS and min(sizes) > 0 and max(sizes) <= codes.OPTION_BYTES


def _segments(card: Card) -> list[_Segment]:
    """Never empty. Words stand before what can be pressed; closing words belong to the last card."""
    found = [_Segment(card.title)]
    for one in _without_media(card.blocks):
        if isinstance(one, Buttons):
            if _closes(found, one):
                found[-2].blocks.extend(found[-1].blocks)
                found.pop()
                found[-1].press = (*found[-1].press, *one.buttons)
                continue
            for few in _few(one.buttons):
                _room(found).press = few
        elif isinstance(one, Form):
            if can_show(one):
                _room(found).form = one
        else:
            _room(found).blocks.append(one)
    if len(found) > 1 and not found[-1].live:
        found[-2].blocks.extend(found.pop().blocks)
    return found


def _closes(found: list[_Segment], row: Buttons) -> bool:
    """Does it turn off what the card before says? Then it is no message of its own, if that card has room."""
    if len(found) < 2 or found[-1].live or any(button.verb != OFF for button in row.buttons):
        return False
    return bool(found[-2].press) and len(codes.button_keys((*found[-2].press, *row.buttons))) <= BUTTONS


def _room(found: list[_Segment]) -> _Segment:
    """The last segment, or a new one when that can be pressed already."""
    if found[-1].live:
        found.append(_Segment())
    return found[-1]


def _few(buttons: Sequence[Button]) -> Iterator[Sequence[Button]]:
    """As many as one card holds, each once."""
    buttons = list(codes.button_keys(buttons).values())
    size = OPTIONS if len(buttons) > BUTTONS and _short_keys(buttons) else BUTTONS
    for start in range(0, len(buttons), size):
        yield buttons[start : start + size]


def _short_keys(buttons: Sequence[Button]) -> bool:
    return all(len(key.encode()) <= codes.OPTION_BYTES for key in codes.button_keys(buttons))


def _media(one: Picture | Attachment, locale: Locale) -> Media:
    words = markdown.block(one, locale)
    if isinstance(one, Picture):
        return Media("image", one.path.rpartition("/")[2], words, path=one.path)
    said = words if one.form == "base64" else f"{words}\n{markdown.escape(one.content)}"
    return Media("file", one.name, said, content=one.data)


def _without_media(blocks: Sequence[Block]) -> tuple[Block, ...]:
    return tuple(one for one in blocks if not isinstance(one, Picture | Attachment))


def _fitted(head: str, rest: str) -> tuple[str, str, bool]:
    """(title, text, is it all there). Of a first line too long for a title the beginning is one, up to a mark."""
    if len(head) > TITLE:
        mark = max(head.rfind(one, 1, TITLE + 1) for one in "｜，；。：")
        if mark > 0:
            head, rest = head[:mark], f"{head[mark + 1 :]}\n{rest}"
        else:
            head, rest = _cut(head, TITLE), f"{head}\n{rest}"
    rest = rest.strip()
    return head, _cut(rest, BODY), len(rest) <= BODY


def _plain(text: Text, locale: Locale) -> str:
    return text.render(locale, None, markdown.at)


def _cut(words: str, size: int) -> str:
    return words if len(words) <= size else words[: size - 1] + "…"
