"""Make a task in one line.  ``/任务 渠道投放 @李四 周五18:00 !高 #双十一``"""

from __future__ import annotations

import re
from typing import Annotated

from chat.errors import UserError
from chat.text import say
from commands.access import task_of
from commands.arguments import Priority, Rest, Tags
from commands.context import Ctx
from commands.grammar import command
from commands.line import fold
from commands.names import Owner, named_alone
from commands.quote import of_quote
from commands.reply import Reply
from commands.task_lines import DIGITS
from commands.task_make import Wish, make
from commands.task_view import card_of
from commands.times import Times

EXAMPLE = say("/任务 渠道投放 @李四 周五18:00 !高 #双十一", "/task Fix banner @Li tomorrow 6pm")
_LEADING = re.compile(rf"\s*t ?({DIGITS})(?![a-z])\s*")


class _Shown:
    """``T12`` at the beginning: an existing task; its number and whether anything follows."""

    @classmethod
    def take(cls, ctx: Ctx) -> tuple[int, str] | None:
        match = _LEADING.match(ctx.line.folded)
        return (int(match.group(1)), ctx.line.shown()) if match else None


@command(
    "任务",
    "task",
    usage=say("建任务：标题、@负责人、截止、!优先级、#标签", "Make a task: title, @owner, due, !priority, #tag"),
    example=EXAMPLE,
    help_rank=1,
)  # fmt: skip
def create(
    ctx: Ctx, shown: Annotated[tuple[int, str] | None, _Shown], owner: Owner, priority: Priority, tags: Tags,
    when: Times, title: Rest,
) -> Reply:  # fmt: skip
    """Store one task and show it; ``T12`` alone shows that one. Raises UserError when there is no title."""
    if shown is not None:
        return _show(ctx, *shown)
    if owner is None and " " in title:
        owner, title = named_alone(ctx, title)
    if not title and (made := of_quote(ctx, Wish("", owner, when, priority, tags))):
        return made
    if not title:
        raise UserError(
            say(
                "缺标题。例：{example}",
                "Missing title. Example: {example}",
                example=EXAMPLE,
            )
        )
    return make(ctx, Wish(title, owner, when, priority, tags))


def _show(ctx: Ctx, number: int, words: str) -> Reply:
    task = task_of(ctx, number, say("看", "Show"), "/任务 T1")
    if not _LEADING.fullmatch(fold(words)):
        raise UserError(
            say(
                "{ref} 已经有了。要改它，不写「/任务」，直接发：{words}",
                "{ref} exists already. To change it, leave out “/task” and send: {words}",
                ref=task.ref,
                words=words[:60],
            )
        )
    return Reply(card_of(ctx, task), name=task.card)
