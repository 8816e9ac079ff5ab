"""Jinja lays the lines out; what people wrote stays data.

A template never prints a value: every ``{{ … }}`` leaves a placeholder and puts the value into the data of a ``Text``.
So nothing anybody wrote is ever template, markup or a mention: adapters escape it at the door like all other data.
A template comes as ``<name>.zh.j2`` and ``<name>.en.j2``; both are filled from the same values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from chat.text import Mention, Text

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.runtime import Context

_COLLECTED = "_collected"


class _Values:
    """Values in order of appearance; the same object has one name in both languages."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self._names: dict[int, str] = {}

    def placeholder(self, value: Any) -> str:
        if value == "" and type(value) is str:
            return ""
        name = self._names.get(id(value))
        if name is None or self.data[name] is not value:
            name = f"v{len(self.data)}"
            self._names[id(value)] = name
            self.data[name] = value if isinstance(value, (str, int, float, Text, Mention)) else str(value)
        return "{" + name + "}"


def text(name: str, **values: Any) -> Text:
    """One template in both languages. Raises jinja2.UndefinedError for a name the template uses and nobody gave."""
    collected = _Values()
    zh, en = (
        _template(f"{name}.{locale}.j2").render(values | {_COLLECTED: collected}).strip() for locale in ("zh", "en")
    )
    return Text(zh, en, collected.data)


def source(name: str, locale: str) -> str:
    """How the built-in template is written."""
    words: str = _environment().loader.get_source(_environment(), f"{name}.{locale}.j2")[0]
    return words


def split(whole: Text) -> tuple[Text, Text]:
    """The first line, for a card's title, and the rest."""
    zh, zh_rest = whole.zh.split("\n", 1)
    en, en_rest = whole.en.split("\n", 1)
    title = {name: value for name, value in whole.data.items() if f"{{{name}}}" in zh or f"{{{name}}}" in en}
    rest = {n: v for n, v in whole.data.items() if n not in title or f"{{{n}}}" in zh_rest or f"{{{n}}}" in en_rest}
    return Text(zh, en, title), Text(zh_rest, en_rest, rest)


@cache
def _template(name: str) -> Template:
    template: Template = _environment().get_template(name)
    return template


@cache
def _environment() -> Any:
    """Made when the first digest is due: importing Jinja costs memory that a quiet bot does not need."""
    from jinja2 import PackageLoader, StrictUndefined, pass_context
    from jinja2.ext import Extension
    from jinja2.lexer import Token
    from jinja2.sandbox import SandboxedEnvironment

    class Braces(Extension):
        """A brace in a template's own words is a brace, not a placeholder."""

        def filter_stream(self, stream: Iterable[Token]) -> Iterator[Token]:
            for token in stream:
                if token.type == "data":
                    yield Token(token.lineno, token.type, token.value.replace("{", "{{").replace("}", "}}"))
                else:
                    yield token

    @pass_context
    def keep(context: Context, value: Any) -> str:
        collected: _Values = context[_COLLECTED]
        return collected.placeholder(value)

    return SandboxedEnvironment(
        loader=PackageLoader("reports"), undefined=StrictUndefined, finalize=keep, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=False, autoescape=False, extensions=[Braces],
    )  # fmt: skip
