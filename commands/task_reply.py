"""A reply to a task's card is about that task: what could follow its number (``80%``, ``改到周四``), else a note."""

from __future__ import annotations

import re

from commands import grammar
from commands.comment import note
from commands.context import Ctx
from commands.due import is_time
from commands.grammar import hears, quoted
from commands.line import Line
from commands.reply import Again, Reply
from commands.task_lines import quoted_task

_ELSE = re.compile(r"\s*(?:[a-z] ?\d|/|转任务)")
_RANKS = (9, 10)
"""Patterns that begin with a task's number."""


@quoted("task")
def replied(ctx: Ctx, _: str) -> Reply | Again | None:
    """Bare command words (完成, 改到 …) were understood before; another task's line is none of ours."""
    task = quoted_task(ctx)
    if task is None or not ctx.line or _ELSE.match(ctx.line.folded):
        return None
    if _orders(ctx, ctx.line):
        return Again(f"{task.ref} {ctx.thing.text}", ctx.thing.mentions)
    return note(ctx, task, ctx.line.rest)


@hears(None, rank=13)
def answered(ctx: Ctx, _: object) -> Reply | Again | None:
    """A reply to a line of ours about a task, which is no card of it: ``⏰ T2 …``, ``T1 改到 …``."""
    return replied(ctx, "") if ctx.thing.quote is not None and not ctx.quoted_name else None


def _orders(ctx: Ctx, line: Line) -> bool:
    """Would it be understood after a task's number? Words glued to the verb make it a sentence: 取消预约的客户."""
    if is_time(ctx, line):
        return True
    prefixed = "t1 " + line.folded
    for heard in grammar.known().heard:
        match = heard.pattern.search(prefixed) if heard.rank in _RANKS and heard.pattern else None
        if match is None or "verb" not in match.groupdict():
            continue
        rest = prefixed[match.end("verb") :]
        if not rest[:1].isalnum() or not match["verb"][-1:].isalnum() or is_time(ctx, Line(rest)):
            return True
    return False
