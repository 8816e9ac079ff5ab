"""The answer to the question about a task nobody said anything about: one press counts as an update."""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.text import Text, say
from commands.context import Ctx
from commands.grammar import button, hears
from commands.overdue import own_task
from commands.reply import Pressed, Reply
from commands.task_lines import leading, ref_then, the_task
from planning.silence import ASK_AT, asked_again
from reports.days import bare_day, clock
from storage.tasks import Task


@button("silent.going")
def going(ctx: Ctx, number: int) -> Pressed:
    """[还在做]"""
    ctx, task = own_task(ctx, number)
    return Pressed(_noted(ctx, task))


@hears(ref_then(r"(?:我)?(?:还在做|还在弄|在做了?|做着呢|still (?:at|on|working on) it)[\s。.!]*$"), rank=9)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T6 还在做``"""
    task = the_task(ctx, leading(ctx, match), say("更新", "Update"), say("T6 还在做", "T6 still at it"))
    ctx, task = own_task(ctx, task.id)
    return Reply(text_card(_noted(ctx, task)))


def _noted(ctx: Ctx, task: Task) -> Text:
    """A line in its history, and when the next question may come at the earliest."""
    if ctx.books.pushes.once(ctx.person.id, task.id, "going", ctx.today, state="sent"):
        ctx.tasks.comment(task, "还在做" if ctx.locale == "zh" else "still at it")
    day = asked_again(ctx.today, ctx.calendar)
    return say(
        "{ref} 记下了，下次最早 {day} {at} 再问。",
        "{ref} noted; the next question comes on {day} {at} at the earliest.",
        ref=task.ref, day=bare_day(day), at=clock(ASK_AT),
    )  # fmt: skip
