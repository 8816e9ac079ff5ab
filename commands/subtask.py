"""A task within a task.  ``T1 子任务 写文案 @王五 周四``  ``/子任务 T1 写文案``"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import say
from commands.arguments import Priority, Rest, Tags, take
from commands.context import Ctx
from commands.grammar import command, hears
from commands.names import Owner, named_alone
from commands.reply import Reply
from commands.task_change import DEEPEST, roll_up
from commands.task_lines import Subjects, leading, ref_then, the_task
from commands.task_make import Wish, make
from commands.times import times
from storage.tasks import Task

EXAMPLE = say("T1 子任务 写文案 @王五 周四", "T1 subtask write copy @Li Thursday")
VERB = say("加子任务", "add a sub-task")


@command(
    "子任务",
    "subtask",
    usage=say("加子任务，最多 4 层", "Add a sub-task, up to 4 levels"),
    example=say("/子任务 T1 写文案 @王五 周四", "/subtask T1 write copy @Wang Thursday"),
)
def create(ctx: Ctx, numbers: Subjects) -> Reply:
    """A task whose progress counts in its parent's."""
    parent = the_task(ctx, numbers, VERB, EXAMPLE)
    if _depth(ctx, parent) >= DEEPEST:
        raise UserError(
            say(
                "子任务最多 {n} 层，{ref} 已经在第 {n} 层。",
                "Sub-tasks go {n} levels deep; {ref} is at level {n}.",
                n=DEEPEST,
                ref=parent.ref,
            )
        )
    owner = take(Owner, ctx)
    priority, tags = take(Priority, ctx), take(Tags, ctx)
    when, title = times(ctx, ctx.line), take(Rest, ctx)
    if owner is None and " " in title:
        owner, title = named_alone(ctx, title)
    if not title:
        raise UserError(
            say(
                "缺标题。例：{example}",
                "Missing title. Example: {example}",
                example=EXAMPLE,
            )
        )
    made = make(ctx, Wish(title, owner, when, priority, tags, parent=parent.id), sure=True)
    roll_up(ctx, parent.id)
    return made


@hears(ref_then(r"(?:加|添加|建)?子任务[:\s]*|sub-?task(?![a-z])[:\s]*"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 子任务 …``"""
    return create(ctx, leading(ctx, match))


def _depth(ctx: Ctx, task: Task) -> int:
    """1 for a task without parent."""
    depth, above = 1, task.parent
    while above is not None and depth < DEEPEST:
        parent = ctx.tasks.get(above)
        depth, above = depth + 1, parent.parent if parent else None
    return depth
