"""A note on a task.  ``T1 备注 客户要加一版竖图``, or a reply to its card"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import say
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command, hears
from commands.reply import Reply, reply
from commands.task_lines import Subjects, leading, ref_then, the_task
from reports.task_cards import undo_button
from storage.tasks import Task

EXAMPLE = say("T1 备注 客户要加一版竖图", "T1 note client wants another cut")
VERB = say("备注", "Note")
MOST = 1000


@command(
    "备注",
    "评论",
    "note",
    usage=say("给任务加备注", "Add a note to a task"),
    example=say("T1 备注 客户要加一版竖图", "T1 note client wants another cut"),
)
def comment(ctx: Ctx, numbers: Subjects, words: Rest) -> Reply:
    """Add a line to a task's history; anybody may."""
    return note(ctx, the_task(ctx, numbers, VERB, EXAMPLE, closed=True), words)


@hears(ref_then(r"(?:备注|评论|留言|记录|note|comment)(?![a-z])[:\s]*"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 备注 …``"""
    return comment(ctx, leading(ctx, match), ctx.line.rest)


def note(ctx: Ctx, task: Task, words: str) -> Reply:
    if not words:
        raise UserError(
            say(
                "备注什么？例：{ref} 备注 客户要加一版竖图",
                "What should be noted? Example: {ref} note client wants another cut",
                ref=task.ref,
            )
        )
    ctx.tasks.comment(task, words[:MOST])
    return reply(
        "已记到 {ref}：{words}",
        "Noted on {ref}: {words}",
        undo_button(task, ctx.books.key),
        ref=task.ref,
        words=words[:60] + ("…" if len(words) > 60 else ""),
    )
