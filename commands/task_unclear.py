"""A line about a task that no verb understood: a question shows its card, anything else may be a note."""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import say
from commands.access import task_of
from commands.context import Ctx
from commands.grammar import hears
from commands.reply import Reply
from commands.task_lines import leading, ref_then
from commands.task_view import card_of

_QUESTION = re.compile(r"[?吗呢么]\s*$|怎么样|进展如何|到哪")


@hears(ref_then(r"(?=\S)"), rank=60)
def unclear(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T4 进展顺利``, ``T4 完成了吗``"""
    number = leading(ctx, match)[0]
    task = task_of(ctx, number, say("看", "Show"), "T1")
    if _QUESTION.search(ctx.line.folded):
        return Reply(card_of(ctx, task), name=task.card)
    raise UserError(
        say(
            "没看懂要对 {ref} 做什么。记成备注请发：{ref} 备注 {words}。也可以：{ref} 80%、{ref} 完成、{ref} 改到 周五",
            "I do not see what {ref} needs. As a note: {ref} note {words}. Or: {ref} 80%, {ref} done, {ref} due Fri",
            ref=task.ref,
            words=ctx.line.rest[:40],
        )
    )
