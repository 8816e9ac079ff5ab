"""What a button carries, read by the signature of the function that answers it.

``def confirmed(ctx, number: str, percent: int) -> Pressed`` gets two arguments; a press with others was not drawn by
this version of the program (an old card, or nobody's) and is refused in words. A function of ``ctx`` alone looks at
``ctx.action`` itself.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_type_hints

from chat.errors import UserError
from chat.frozen import frozen
from chat.text import say
from commands.context import Ctx
from commands.reply import Pressed

STALE = say("这个按钮已失效，请重新发命令。", "This button no longer works. Please send the command again.")
_DIGITS = 18
"""What any whole number of a button fits in; longer ones do not fit in a row either."""


def _whole(word: str) -> int:
    if not word.isdecimal() or len(word) > _DIGITS:
        raise ValueError(word)
    return int(word)


def _day_or_none(word: str) -> date | None:
    return date.fromisoformat(word) if word else None


_READERS: Mapping[Any, Callable[[str], Any]] = {
    str: str,
    int: _whole,
    date: date.fromisoformat,
    date | None: _day_or_none,
}


@frozen
class Press:
    """A function with what it takes. ``least``: how many arguments must be there."""

    run: Callable[..., Pressed]
    readers: tuple[Callable[[str], Any], ...]
    least: int

    def __call__(self, ctx: Ctx) -> Pressed:
        """Raises UserError: the arguments are not those of a button of ours."""
        words = ctx.action.args
        if not self.readers:
            return self.run(ctx)
        if not self.least <= len(words) <= len(self.readers):
            raise UserError(STALE)
        try:
            values = [read(word) for read, word in zip(self.readers, words, strict=False)]
        except ValueError:
            raise UserError(STALE) from None
        return self.run(ctx, *values)


def press_of(function: Callable[..., Pressed]) -> Press:
    """Read a signature once. Raises TypeError for an annotation that no word of a button can become."""
    hints = get_type_hints(function)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    unknown = [parameter.name for parameter in parameters if hints.get(parameter.name) not in _READERS]
    if unknown:
        raise TypeError(f"{function.__module__}.{function.__name__}: {', '.join(unknown)} is no str, int or date")
    least = sum(parameter.default is inspect.Parameter.empty for parameter in parameters)
    return Press(function, tuple(_READERS[hints[parameter.name]] for parameter in parameters), least)
