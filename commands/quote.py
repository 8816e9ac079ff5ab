"""A message of the chat becomes a task.  Reply to it with ``转任务 @王五 周四``"""

from __future__ import annotations

from dataclasses import replace

from chat.errors import UserError
from chat.messages import Quote
from chat.text import say
from commands.arguments import Priority, Rest, Tags
from commands.context import Ctx
from commands.grammar import command
from commands.names import Owner
from commands.reply import Reply
from commands.task_lines import quoted_task
from commands.task_make import Wish, make
from commands.times import Times
from planning.dates import find
from planning.due import Meant, meant
from reports.days import bare_day


@command(
    "转任务",
    "转成任务",
    "转为任务",
    "to task",
    usage=say("引用一条消息，变成任务", "Reply to a message to make it a task"),
    example=say("转任务 @王五 周四", "to task @Wang Thursday"),
)
def make_of_quote(ctx: Ctx, owner: Owner, priority: Priority, tags: Tags, when: Times, more: Rest) -> Reply:
    """The quoted words are the title; what is written beside them is added to the description."""
    made = of_quote(ctx, Wish(more, owner, when, priority, tags))
    if made is not None:
        return made
    if not more:
        raise UserError(
            say(
                "没看到你引用的消息。请长按消息→引用后再发，或把内容写在「转任务」后面。",
                "I do not see the message you mean. Reply to it and send this again, or write it after “to task”.",
            )
        )
    return make(ctx, Wish(more, owner, when, priority, tags))


def of_quote(ctx: Ctx, beside: Wish) -> Reply | None:
    """A task of the message that this one replies to; ``beside``: what was written next to it. None: no such words."""
    quote = ctx.thing.quote
    words = quote.text.strip() if quote else ""
    if quote is None or not words:
        return None
    task = quoted_task(ctx)
    if task is not None:
        raise UserError(say("这条已经是任务 {ref} 了。", "This is task {ref} already.", ref=task.ref))
    when = beside.meant
    when = when if when.due or when.doubt else _due_of(ctx, words, when)
    words = f"{words}\n{beside.words}" if beside.words else words
    return make(ctx, replace(beside, words=words, meant=when, source=_source(ctx, quote)))


def _due_of(ctx: Ctx, words: str, said: Meant) -> Meant:
    """The quoted words' own date, if they name exactly one and it is ahead."""
    found = find(words, ctx.now, ctx.calendar)
    own = meant(found, ctx.now, ctx.calendar) if len(found) == 1 else said
    return said if own.doubt or own.due is None else Meant(own.due, said.remind, late=said.late)


def _source(ctx: Ctx, quote: Quote) -> str:
    """``王五 13:52``."""
    name = quote.sender.name if quote.sender else ""
    if quote.at is None:
        return name
    at = quote.at.astimezone(ctx.zone)
    day = "" if at.date() == ctx.today else bare_day(at.date()) + " "
    return f"{name} {day}{at:%H:%M}".strip()
