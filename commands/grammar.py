"""Commands by signature: one function is one verb, its parameters are its grammar.

``@command("任务", "task", …)`` marks a function ``(ctx, **arguments) -> Reply``. Each parameter's annotation is a class
with ``take(ctx) -> value`` (see ``commands.arguments``): in the order of the signature each cuts its words out of
``ctx.line``, wherever they stand; a ``Rest`` at the end gets what is left. ``load`` reads every signature once.

Besides verbs, a file may mark what it hears in plain words (``@hears``), answers to its questions (``@answers``), what
a reply to one of its named cards means (``@quoted``), presses of its buttons (``@button``) and platform events
(``@event``).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol, TypeVar, get_type_hints

import commands
from chat.frozen import frozen
from chat.ports import Hint
from chat.text import Text, verbatim
from commands.context import Ctx
from commands.press import press_of
from commands.reply import Again, Pressed, Reply

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "jindu_marks"


class Argument(Protocol):
    """A type of argument. ``take`` cuts its words out of ``ctx.line``; raises UserError when they make no sense."""

    @classmethod
    def take(cls, ctx: Ctx) -> Any: ...


@frozen
class Command:
    """One verb. ``words``: Chinese first, then English; two words ("日报 设置") make a sub-verb.

    ``roles``: who sees it in the help ("all", "admin"); ``help_rank``: its place there, 0 leaves it out.
    """

    words: tuple[str, ...]
    usage: Text
    example: Text
    run: Callable[..., Reply | None]
    arguments: tuple[tuple[str, type[Argument]], ...] = ()
    roles: str = "all"
    help_rank: int = 0

    def __call__(self, ctx: Ctx) -> Reply | None:
        return self.run(ctx, **{name: kind.take(ctx) for name, kind in self.arguments})

    @property
    def hint(self) -> Hint:
        return Hint(self.words, self.usage, self.example)


@frozen
class Heard:
    """A pattern of plain words. Lower ``rank`` is asked first; a function that returns None lets the next one try."""

    rank: int
    pattern: re.Pattern[str] | None
    run: Callable[[Ctx, re.Match[str] | None], Reply | Again | None]


@dataclass
class Table:
    """Everything the package understands, by its first word. ``glued``: sub-verbs written without their space."""

    commands: dict[str, Command] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    glued: dict[str, Command] = field(default_factory=dict)
    answers: dict[str, Callable[[Ctx, Mapping[str, Any]], Reply | Again | None]] = field(default_factory=dict)
    eager: set[str] = field(default_factory=set)
    quoted: dict[str, Callable[[Ctx, str], Reply | Again | None]] = field(default_factory=dict)
    buttons: dict[str, Callable[[Ctx], Pressed]] = field(default_factory=dict)
    events: dict[str, Callable[[Ctx], Reply | None]] = field(default_factory=dict)

    def add(self, kind: str, key: str, value: Any) -> None:
        """Raises ValueError when another function has the same word: the program refuses to start."""
        place: dict[str, Any] = getattr(self, kind)
        if place.setdefault(key, value) is not value:
            raise ValueError(f"{kind}: two functions claim {key!r}")

    @property
    def hints(self) -> list[Hint]:
        seen: dict[int, Command] = {id(entry): entry for entry in self.commands.values()}
        return [
            entry.hint
            for entry in sorted(seen.values(), key=lambda c: (c.roles != "all", c.help_rank or 99, c.words[0]))
        ]


def command(*words: str, usage: Text, example: Text | str, roles: str = "all", help_rank: int = 0) -> Callable[[F], F]:
    """Mark a verb. ``help_rank``: its place in the short help; 0 leaves it out. ``example``: a str is the same in both
    languages."""
    shown = verbatim(example) if isinstance(example, str) else example

    def mark(function: F) -> F:
        def enter(table: Table) -> None:
            entry = Command(words, usage, shown, function, _signature(function), roles, help_rank)
            for word in words:
                table.add("commands", word.lower(), entry)
                if " " in word and not word.isascii():
                    table.glued[word.replace(" ", "").lower()] = entry

        return _marked(function, enter)

    return mark


def hears(pattern: str | None, *, rank: int) -> Callable[[F], F]:
    """Mark ``(ctx, match) -> Reply | None`` for plain words. ``pattern``: searched in the folded line; None: always."""

    def mark(function: F) -> F:
        heard = Heard(rank, re.compile(pattern) if pattern else None, function)
        return _marked(function, lambda table: table.heard.append(heard))

    return mark


def answers(kind: str, *, eager: bool = False) -> Callable[[F], F]:
    """Mark ``(ctx, subject) -> Reply | Again | None``: the next plain message after ``questions.ask(kind=…)``.

    ``eager``: any words may be the answer, so even a line that begins with a bare command word is one.
    """

    def mark(function: F) -> F:
        def enter(table: Table) -> None:
            table.add("answers", kind, function)
            if eager:
                table.eager.add(kind)

        return _marked(function, enter)

    return mark


def quoted(prefix: str) -> Callable[[F], F]:
    """Mark ``(ctx, rest of the card's name) -> Reply | Again | None``: a reply to a card named ``<prefix>:…``."""
    return _keyed("quoted", prefix)


def button(verb: str) -> Callable[[F], F]:
    """Mark ``(ctx, what the button carries …) -> Pressed``: presses and forms that carry ``verb``."""

    def mark(function: F) -> F:
        press = press_of(function)
        return _marked(function, lambda table: table.add("buttons", verb, press))

    return mark


def event(name: str) -> Callable[[F], F]:
    """Mark ``(ctx) -> Reply | None`` for a platform event, e.g. bot_added."""
    return _keyed("events", name)


def _keyed(kind: str, key: str) -> Callable[[F], F]:
    def mark(function: F) -> F:
        return _marked(function, lambda table: table.add(kind, key, function))

    return mark


def _marked(function: F, enter: Callable[[Table], None]) -> F:
    """A function may carry several marks."""
    function.__dict__.setdefault(_MARK, []).append(enter)
    return function


def _signature(function: Callable[..., Any]) -> tuple[tuple[str, type[Argument]], ...]:
    """Raises TypeError for a parameter whose annotation is no argument type."""
    hints = get_type_hints(function, include_extras=True)
    arguments: list[tuple[str, type[Argument]]] = []
    for name in list(inspect.signature(function).parameters)[1:]:
        kind: Any = hints.get(name)
        metadata = getattr(kind, "__metadata__", None)
        taker = metadata[0] if metadata else kind
        if not hasattr(taker, "take"):
            raise TypeError(f"{function.__module__}.{function.__name__}: {name} has no argument type")
        arguments.append((name, taker))
    return tuple(arguments)


def load() -> Table:
    """Import every file of this package and collect what is marked in it."""
    table = Table()
    for found in pkgutil.iter_modules(commands.__path__, "commands."):
        module = importlib.import_module(found.name)
        for value in list(vars(module).values()):
            if getattr(value, "__module__", None) != module.__name__:
                continue
            for enter in getattr(value, _MARK, ()):
                enter(table)
    table.heard.sort(key=lambda heard: heard.rank)
    return table


@cache
def known() -> Table:
    """What ``load`` gives, read once: for commands that speak of commands."""
    return load()
