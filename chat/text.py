"""Sentences a user sees: a Chinese template, its English twin and data that stays data until the door.

A ``Text`` is never a finished string inside the bot. The adapter renders it, escaping the *data* for its own
dialect, so a task titled ``<at user_id="all">`` cannot mention anybody. A sentence cannot exist without its
translation: ``say`` takes both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any, Literal

from chat.frozen import frozen

Locale = Literal["zh", "en"]


@frozen
class Mention:
    """A person to be addressed. ``id`` is the platform's own id; ``name`` is what is shown where @ is impossible."""

    id: str
    name: str


@frozen
class Text:
    """One sentence in two languages. ``data`` fills ``{name}`` in whichever template is chosen."""

    zh: str
    en: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def render(
        self,
        locale: Locale = "zh",
        escape: Callable[[str], str] | None = None,
        mention: Callable[[Mention], str] | None = None,
    ) -> str:
        """The finished sentence. ``escape`` is applied to data only; ``mention`` writes a person's @."""
        template = self.zh if locale == "zh" else self.en
        if not self.data:
            return template.format_map(_NO_DATA) if "{" in template else template
        words: dict[str, str] = {}
        for name, value in self.data.items():
            kind = type(value)
            if kind is str:
                words[name] = escape(value) if escape else value
            elif kind is Text:
                words[name] = value.render(locale, escape, mention)
            else:
                words[name] = _render_value(value, escape, mention)
        return template.format_map(words)

    def plain(self, locale: Locale = "zh") -> str:
        """Without markup: what a terminal, a log of tests or a screen reader shows."""
        return self.render(locale)


_NO_DATA: Mapping[str, Any] = {}


def _render_value(value: Any, escape: Callable[[str], str] | None, mention: Callable[[Mention], str] | None) -> str:
    """A number, or somebody."""
    if isinstance(value, Mention):
        if mention:
            return mention(value)
        return "@" + (escape(value.name) if escape else value.name)
    return str(value)


def say(zh: str, en: str, /, **data: Any) -> Text:
    """A sentence with its twin. Values: str (user data, escaped), numbers, ``Mention``, or another ``Text``."""
    return Text(zh, en, data)


def verbatim(words: str) -> Text:
    """Somebody's own words as a sentence: the same in every language, escaped at the door."""
    return Text("{words}", "{words}", {"words": words})


NOTHING = Text("", "")


def join(texts: list[Text], zh: str = "", en: str | None = None) -> Text:
    """Several sentences as one, with ``zh``/``en`` (default: the same) between them."""
    if len(texts) == 1:
        return texts[0]
    names, in_chinese, in_english = _row(len(texts), zh, zh if en is None else en)
    return Text(in_chinese, in_english, dict(zip(names, texts, strict=True)))


@lru_cache(256)
def _row(count: int, zh: str, en: str) -> tuple[list[str], str, str]:
    """Names for so many sentences, and the templates that put them between such words."""
    names = [f"t{number}" for number in range(count)]
    places = ["{" + name + "}" for name in names]
    return names, _literal(zh).join(places), _literal(en).join(places)


def listed(words: Iterable[str | Text], most: int | None = None) -> Text:
    """``T1、T2`` and ``T1, T2``; of more than ``most`` the first, and an ellipsis."""
    texts = [verbatim(word) if isinstance(word, str) else word for word in words]
    found = join(texts[:most], "、", ", ")
    return found if most is None or len(texts) <= most else say("{found} …", "{found} …", found=found)


def read_text(raw: Mapping[str, Any]) -> Text:
    """The inverse of ``orjson.dumps(text)``."""
    return Text(raw["zh"], raw["en"], {name: _read_value(value) for name, value in raw["data"].items()})


def _read_value(raw: Any) -> Any:
    if not isinstance(raw, dict):
        return raw
    return Mention(raw["id"], raw["name"]) if "id" in raw else read_text(raw)


def _literal(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")
