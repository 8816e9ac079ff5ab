"""Sentences in Feishu's two dialects, its text messages and the markdown of its cards. Pure.

Everything is shown literally: templates and users' words alike are escaped, only ``Mention`` becomes a real @.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chat.text import Locale, Mention, Text

Json = dict[str, Any]
TEXT = 30_000
"""Characters in one text message; Feishu takes 150 KB."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()+,;=%-]+")
_SPECIAL = re.compile(r"[&<>*_~`\[\]#|\\]")
_EMOJI = re.compile(r":(?=[A-Za-z0-9_]+:)")
_LIST = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))", re.MULTILINE)
_INDENT = re.compile(r"^ +", re.MULTILINE)
_OPEN, _CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_TAG = re.compile(r"<(?=/?(?:at|a|b|i|u|s|p)\b)", re.IGNORECASE)


def texts(text: Text, locale: Locale) -> list[Json]:
    """The contents of one or, when it is very long, several text messages."""
    words = text.render(locale, harmless, lambda one: _at_in_text(one))
    return [{"text": part} for part in pieces(words, TEXT)] or [{"text": " "}]


def harmless(words: str) -> str:
    """Users' words cannot open one of the tags that a text message knows, nor write a link."""
    return _TAG.sub("＜", words).replace("](", "] (")


def _at_in_text(who: Mention) -> str:
    name = who.name.replace("<", "＜").replace(">", "＞")
    return f'<at user_id="{who.id}">{name}</at>' if _ID.fullmatch(who.id) and who.id != "all" else f"@{name}"


def markdown(text: Text, locale: Locale) -> str:
    """A sentence in the cards' markdown, with real mentions."""
    people: list[Mention] = []

    def slot(who: Mention) -> str:
        people.append(who)
        return f"{_OPEN}{len(people) - 1}{_CLOSE}"

    words = text.render(locale, lambda data: data.replace(_OPEN, "").replace(_CLOSE, ""), slot)
    return _SLOT.sub(lambda found: _at_in_card(people[int(found[1])]), escaped(words))


def escaped(words: str) -> str:
    """The words as they are: no emphasis, links, lists, headings, emoji, tags or mentions. Addresses stay links."""
    parts, last = [], 0
    for url in _URL.finditer(words):
        parts += [_literal(words[last : url.start()]), url[0]]
        last = url.end()
    parts.append(_literal(words[last:]))
    text = _LIST.sub(_unlisted, "".join(parts))
    return _INDENT.sub(lambda blanks: "&nbsp;" * len(blanks[0]), text)


def _literal(words: str) -> str:
    return _EMOJI.sub(_entity, _SPECIAL.sub(_entity, words))


def _entity(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"


def _unlisted(found: re.Match[str]) -> str:
    if found[2]:
        return f"{found[1]}&#{ord(found[2])};"
    return f"{found[1]}{found[3]}&#{ord(found[4])};"


def _at_in_card(who: Mention) -> str:
    return f"<at id={who.id}></at>" if _ID.fullmatch(who.id) and who.id != "all" else escaped(f"@{who.name}")


def pieces(words: str, limit: int) -> Iterator[str]:
    """Cut after a line where possible; a tag or an entity is never cut in two."""
    while len(words) > limit:
        cut = words.rfind("\n", limit // 2, limit)
        if cut < 0:
            cut = min(
                (at for at in (words.rfind("<", limit - 100, limit), words.rfind("&", limit - 8, limit)) if at > 0),
                default=limit,
            )
        yield words[:cut]
        words = words[cut:].removeprefix("\n")
    if words:
        yield words
