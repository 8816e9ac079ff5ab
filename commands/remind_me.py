"""To be reminded of something that is no task yet.  ``/提醒 明天9点 交周报``  ``提醒 @李四 明天9点交合同``"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import say
from commands.context import Ctx
from commands.grammar import command, hears
from commands.line import Line
from commands.plain_task import REMIND, TO, first_person, wish_of
from commands.remind import remind
from commands.reply import Reply
from commands.task_lines import Subjects, quoted_task
from commands.task_make import Wish, make
from commands.times import check
from storage.people import Person

EXAMPLE = say("/提醒 明天9点 交周报", "/remind tomorrow 9am send the report")
_SELF = re.compile(r"\s*(?:我们?|大家|me|us)(?![a-z])(?:\s+to(?![a-z]))?[\s:：,，]*", re.IGNORECASE)
_WHOM = (
    r"^\s*(?:请|麻烦|帮我|帮忙|到时候?|记得)?(?:提醒(?:一下|下)?(?!我|大家|事项|功能|时间|设置|卡)|remind (?!me|us))"
    r"(?=\s*\S)"
)


@command(
    "提醒", "remind", "提醒我", "reminder",
    usage=say("到点提醒一件事，或一个任务", "Be reminded of something, or of a task"),
    example=EXAMPLE,
)  # fmt: skip
def reminder(ctx: Ctx, numbers: Subjects) -> Reply:
    """Of a task by its number; of anything else as a task of its own, for who is named, else for the speaker."""
    if numbers or quoted_task(ctx) is not None:
        return remind(ctx, numbers)
    return _make(ctx, first_person(ctx))


@hears(_WHOM, rank=41)
def of_somebody(ctx: Ctx, match: re.Match[str]) -> Reply | None:
    """``提醒李四明天9点交合同``: it begins with the word, and a name follows."""
    line = ctx.line
    ctx.line = Line(line.text, line.people)
    ctx.line.cut(0, match.end())
    owner = first_person(ctx)
    if owner is None:
        ctx.line = line
        return None
    return _make(ctx, owner)


def _make(ctx: Ctx, owner: Person | None) -> Reply:
    """Raises UserError: of what, or when?"""
    if match := _SELF.match(ctx.line.text):
        ctx.line.cut(0, match.end())
    said = ctx.line.rest
    ctx.line = Line(f"提醒我 {ctx.line.text}", ctx.line.people)
    wish = wish_of(ctx, owner or ctx.person)
    words = TO.sub("", REMIND.sub(" ", wish.words).strip(" ,，。:："))
    if wish.meant.remind is None:
        check(said, [], expected=True)
        if wish.meant.late:
            raise UserError(
                say("提醒时间已过去。例：{example}", "That time is in the past. Example: {example}", example=EXAMPLE)
            )
        raise UserError(say("什么时候提醒？例：{example}", "Remind when? Example: {example}", example=EXAMPLE))
    if not words:
        raise UserError(say("提醒什么？例：{example}", "Remind of what? Example: {example}", example=EXAMPLE))
    return make(ctx, Wish(words, wish.owner, wish.meant, wish.priority, wish.tags))
