"""A reply to a task's card is about that task: a percentage, a new owner, else a note."""

from __future__ import annotations

import re

from chat.messages import TOKEN
from commands.arguments import Someone, take
from commands.assign import assign
from commands.comment import note
from commands.context import Ctx
from commands.grammar import hears, quoted
from commands.progress import by_reply
from commands.reply import Reply
from commands.task_lines import quoted_task

_ELSE = re.compile(r"\s*(?:[a-z] ?\d|/|转任务)")
_ONLY_PERSON = re.compile(rf"\s*{TOKEN}\s*")


@quoted("task")
def replied(ctx: Ctx, _: str) -> Reply | None:
    """Bare command words (完成, 改到 …) were understood before; another task's line is none of ours."""
    task = quoted_task(ctx)
    if task is None or not ctx.line or _ELSE.match(ctx.line.folded):
        return None
    if _ONLY_PERSON.fullmatch(ctx.line.folded):
        return assign(ctx, [task.number], take(Someone, ctx), "")
    return by_reply(ctx, task) or note(ctx, task, ctx.line.rest)


@hears(None, rank=13)
def answered(ctx: Ctx, _: object) -> Reply | None:
    """A reply to a line of ours about a task, which is no card of it: ``⏰ T2 …``, ``T1 改到 …``."""
    return replied(ctx, "") if ctx.thing.quote is not None and not ctx.quoted_name else None
