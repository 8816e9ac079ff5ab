"""The answer to the question about a task nobody said anything about: one press counts as an update."""

from __future__ import annotations

from chat.text import say
from commands.context import Ctx
from commands.grammar import button
from commands.overdue import own_task
from commands.reply import Pressed
from planning.silence import ASK_AT, asked_again
from reports.days import bare_day, clock


@button("silent.going")
def going(ctx: Ctx, number: int) -> Pressed:
    """[还在做]: a line in its history, and when the next question may come at the earliest."""
    ctx, task = own_task(ctx, number)
    if ctx.books.pushes.once(ctx.person.id, task.id, "going", ctx.today, state="sent"):
        ctx.tasks.comment(task, "还在做" if ctx.locale == "zh" else "still at it")
    day = asked_again(ctx.today, ctx.calendar)
    text = say(
        "{ref} 记下了，下次最早 {day} {at} 再问。",
        "{ref} noted; the next question comes on {day} {at} at the earliest.",
        ref=task.ref, day=bare_day(day), at=clock(ASK_AT),
    )  # fmt: skip
    return Pressed(text)
