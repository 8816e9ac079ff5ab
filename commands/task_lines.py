"""Lines that begin with a task: ``T1 完成``, ``T128 T131 完成``; and which tasks a command means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from chat.errors import UserError
from chat.text import Text, say
from commands.access import open_task_of, task_by_id, task_of
from commands.context import Ctx
from storage.tasks import Task

MOST = 20
DIGITS = r"\d{1,18}(?!\d)"
"""A whole number, none of it left behind; it fits in a row."""
_NAMED = re.compile(rf"(?<![A-Za-z0-9])T({DIGITS})(?![A-Za-z0-9])")
_NUMBER = re.compile(rf"t ?({DIGITS})")
_LEADING = re.compile(rf"\s*(?:t ?{DIGITS}(?![a-z0-9%])[\s,、和]*)+")


def ref_then(verb: str) -> str:
    """A pattern for a line of one or several tasks and then ``verb``."""
    return rf"^\s*t ?{DIGITS}(?:[\s,、和]*t ?{DIGITS})*[\s:,]*(?P<verb>{verb})"


def leading(ctx: Ctx, match: re.Match[str]) -> list[int]:
    """The numbers before the verb of a ``ref_then`` match; what follows the verb stays in the line."""
    numbers = _numbers(ctx.line.folded[: match.start("verb")])
    ctx.line.cut(0, match.end("verb"))
    return numbers


class _Subjects:
    @classmethod
    def take(cls, ctx: Ctx) -> list[int]:
        match = _LEADING.match(ctx.line.folded)
        return _numbers(ctx.line.cut(0, match.end()).lower()) if match else []


Subjects = Annotated[list[int], _Subjects]
"""The task numbers a command's words begin with: ``完成 T1 T2 计划已上线``."""


def the_task(ctx: Ctx, numbers: Sequence[int], verb: Text, example: Text | str, *, closed: bool = False) -> Task:
    """The one task that is meant: by number, or the card that is replied to. ``closed``: it may be.

    Raises UserError: none or several were named, it does not exist, or it is closed.
    """
    if len(numbers) > 1:
        raise UserError(say("一次{verb}一个任务。例：{example}", "One task at a time. Example: {example}", verb=verb,
                            example=example))  # fmt: skip
    if numbers:
        return (task_of if closed else open_task_of)(ctx, numbers[0], verb, example)
    task = quoted_task(ctx)
    if task is None:
        return task_of(ctx, None, verb, example)
    return task if closed else open_task_of(ctx, task.number, verb, example)


def quoted_task(ctx: Ctx) -> Task | None:
    """The task of this project that the message replied to is about: its card, or a line of ours that names it."""
    prefix, _, number = ctx.quoted_name.partition(":")
    if prefix == "task":
        there, task = task_by_id(ctx, int(number))
        return task if there is ctx else None
    quote = ctx.thing.quote
    if prefix or quote is None or quote.sender is None or quote.sender.id != ctx.thing.bot_id:
        return None
    named = _NAMED.search(quote.text)
    return ctx.tasks.numbered(ctx.project.id, int(named.group(1))) if named else None


def _numbers(folded: str) -> list[int]:
    return list(dict.fromkeys(int(number) for number in _NUMBER.findall(folded)))[:MOST]
