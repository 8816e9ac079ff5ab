"""A template that somebody wrote for their own team: it can lay out what it is given, and nothing else.

It cannot run for ever or grow without end, because nothing in the language that could do so is left: loops go over what
is given, two deep at most; there are no ranges, macros, imports or products; what comes out is cut off at a size. What
it prints is words, never markup: it is escaped at the door like anything a person wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from chat.text import Locale, Mention, Text, say

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import SandboxedEnvironment

MOST_SOURCE = 4000
MOST_OUT = 4000
"""Characters of a template, and of what it may print."""
MOST_PRINTS = 3000
MOST_PIECES = 20_000
"""Of what comes out, printed or not."""
MOST_ITEMS = 1000
"""Of any list that loops go over."""
DEPTH = 2
FILTERS = (
    "default", "d", "length", "count", "join", "upper", "lower", "trim", "truncate", "first", "last", "round", "int",
    "string", "sort", "reverse", "unique", "map", "select", "reject", "selectattr", "rejectattr", "list", "abs", "min",
    "max", "sum",
)  # fmt: skip
_FORBIDDEN = {
    "Import": "import", "FromImport": "import", "Include": "include", "Extends": "extends", "Block": "block",
    "Macro": "macro", "CallBlock": "call", "FilterBlock": "filter", "Mul": "*", "Pow": "**", "Mod": "%",
    "Assign": "set", "AssignBlock": "set",
}  # fmt: skip


_TOO_DEEP = say("套得太深了，请写简单一点。", "Nested too deeply; please keep it simple.")


class BadTemplate(Exception):
    """``line``: of the template, from 1; 0: none in particular."""

    def __init__(self, line: int, why: Text) -> None:
        super().__init__(f"{line}: {why.plain()}")
        self.line = line
        self.why = why

    @property
    def text(self) -> Text:
        """``第 7 行：…``."""
        if not self.line:
            return self.why
        return say("第 {line} 行：{why}", "Line {line}: {why}", line=self.line, why=self.why)


def check(source: str) -> None:
    """Can it be understood, and does it only use what is allowed? Raises BadTemplate."""
    from jinja2 import TemplateSyntaxError

    if len(source) > MOST_SOURCE:
        raise BadTemplate(0, say("模板最长 {n} 字。", "A template has at most {n} characters.", n=MOST_SOURCE))
    try:
        _walk(_environment().parse(source), 0)
    except TemplateSyntaxError as error:
        why = say("写法有误（{why}）", "not a template ({why})", why=error.message or "?")
        raise BadTemplate(error.lineno, why) from error
    except RecursionError as error:
        raise BadTemplate(0, _TOO_DEEP) from error


def _walk(node: nodes.Node, depth: int) -> None:
    kind = type(node).__name__
    if kind in _FORBIDDEN:
        raise BadTemplate(node.lineno, say("不能用 {word}", "{word} is not allowed", word=_FORBIDDEN[kind]))
    if kind == "Filter" and node.name not in FILTERS:  # type: ignore[attr-defined]
        words = say("没有 {word} 这个过滤器", "there is no filter {word}", word=node.name)  # type: ignore[attr-defined]
        raise BadTemplate(node.lineno, words)
    if kind == "Call":
        raise BadTemplate(node.lineno, say("不能调用函数", "nothing can be called"))
    if kind == "For":
        depth += 1
        if depth > DEPTH or node.recursive:  # type: ignore[attr-defined]
            raise BadTemplate(node.lineno, say("循环最多套两层", "loops go two deep at most"))
    for child in node.iter_child_nodes():
        _walk(child, depth)


def fill(source: str, values: Mapping[str, Any], locale: Locale) -> str:
    """The words that come out. Raises BadTemplate."""
    check(source)
    from jinja2 import TemplateError

    environment = _environment()
    left = MOST_PRINTS
    size = 0

    def printed(value: Any) -> str:
        nonlocal left, size
        words = _said(value, locale)
        left -= 1
        size += len(words)
        if left < 0 or size > 4 * MOST_OUT:
            raise _TooMuch
        return words

    environment.finalize = printed
    try:
        template = environment.from_string(source)
        out = _together(template.generate({name: _plain(value, locale) for name, value in values.items()})).strip()
    except _TooMuch:
        raise BadTemplate(0, say("写出来太长了。", "What comes out is too long.")) from None
    except RecursionError as error:
        raise BadTemplate(0, _TOO_DEEP) from error
    except ZeroDivisionError as error:
        raise BadTemplate(_line(error), say("除以了 0", "divided by 0")) from error
    except (TemplateError, ArithmeticError, TypeError, ValueError, AttributeError, LookupError) as error:
        raise BadTemplate(
            _line(error), say("算不出来（{why}）", "cannot be filled ({why})", why=str(error)[:120])
        ) from error
    if not out:
        raise BadTemplate(0, say("什么也没写出来。", "Nothing comes out."))
    return out if len(out) <= MOST_OUT else out[:MOST_OUT] + "…"


class _TooMuch(Exception):
    pass


def _together(pieces: Iterable[str]) -> str:
    """What comes out, as long as that has an end."""
    out: list[str] = []
    size = 0
    for piece in pieces:
        out.append(piece)
        size += len(piece)
        if len(out) > MOST_PIECES or size > 4 * MOST_OUT:
            raise _TooMuch
    return "".join(out)


def _line(error: BaseException) -> int:
    """Where in the template it happened."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _plain(value: Any, locale: Locale) -> Any:
    """Figures and words only: no object of ours gets in, so no method of one can be reached."""
    if isinstance(value, Text | Mention):
        return _said(value, locale)
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(one, locale) for name, one in value.items()}
    if isinstance(value, Iterable):
        return [_plain(one, locale) for one in islice(value, MOST_ITEMS)]
    names = [name for name in getattr(type(value), "__slots__", ()) or vars(value) if not name.startswith("_")]
    return {name: _plain(getattr(value, name), locale) for name in names}


def _said(value: Any, locale: Locale) -> str:
    if isinstance(value, Text):
        return value.render(locale)
    if isinstance(value, Mention):
        return value.name
    return str(value)


def _environment() -> SandboxedEnvironment:
    from jinja2 import ChainableUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Missing(ChainableUndefined):
        """A name that nobody gave is seen where it stands."""

        def __str__(self) -> str:
            return f"「缺:{self._undefined_name}」"

        def __getattr__(self, name: str) -> Missing:
            if name[:2] == "__":
                raise AttributeError(f"no {name}")
            return Missing(name=f"{self._undefined_name}.{name}")

        __getitem__ = __getattr__

    environment = ImmutableSandboxedEnvironment(
        undefined=Missing, trim_blocks=True, lstrip_blocks=True, autoescape=False, keep_trailing_newline=False
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment
