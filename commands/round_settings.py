"""On, off and when: the weekly digest, the morning agenda and the weekly weighing are set alike.

``/周报 设置 18:40``  ``/晨会 设置 关``  ``/重评 设置 9:30``
"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import Text, say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command
from commands.line import fold
from commands.reply import Reply, reply
from planning.window import AWAKE, read_window
from reports import rounds
from reports.days import clock
from reports.rhythm import rhythm_of
from reports.rounds import AGENDA, NAMES, ROUNDS, WEEKLY, WEIGHING

RIGHT = "settings.rounds"
ON = re.compile(r"\s*(?:开|打开|开启|恢复|on|yes)\s*")
OFF = re.compile(r"\s*(?:关|关闭|关掉|停|不用了|off|no)\s*")


EXAMPLES = {
    WEEKLY: say("/周报 设置 18:40", "/weekly set 18:40"),
    AGENDA: say("/晨会 设置 9:05", "/agenda set 9:05"),
    WEIGHING: say("/重评 设置 9:30", "/weigh set 9:30"),
}


@command(
    "周报 设置", "weekly set",
    usage=say("周报几点发，或不发", "When the weekly digest is sent, or that it is not"),
    example=EXAMPLES[WEEKLY],
    roles="admin",
)  # fmt: skip
def weekly(ctx: Ctx, words: Rest) -> Reply:
    return _set(ctx, WEEKLY, words)


@command(
    "晨会 设置", "agenda set",
    usage=say("每天几点发晨会议程，或不发", "When the agenda is sent each day, or that it is not"),
    example=EXAMPLES[AGENDA],
    roles="admin",
)  # fmt: skip
def agenda(ctx: Ctx, words: Rest) -> Reply:
    return _set(ctx, AGENDA, words)


@command(
    "重评 设置", "weigh set",
    usage=say("每周几点重评，或不评", "When tasks are weighed each week, or that they are not"),
    example=EXAMPLES[WEIGHING],
    roles="admin",
)  # fmt: skip
def weighing(ctx: Ctx, words: Rest) -> Reply:
    return _set(ctx, WEIGHING, words)


def _set(ctx: Ctx, kind: str, words: str) -> Reply:
    """A time, 开 or 关; without words, how it is set. Raises UserError: neither, at night, or not for them."""
    folded = fold(words).strip()
    name, example = NAMES[kind], EXAMPLES[kind]
    if not folded:
        return reply(
            "{what}：{state}。要改：{example}，或写 开、关。",
            "{what}: {state}. To change: {example}, or on, off.",
            what=name, state=state(ctx, kind), example=example,
        )  # fmt: skip
    require(ctx, RIGHT)
    if OFF.fullmatch(folded):
        value: int | bool | None = False
    elif ON.fullmatch(folded):
        value = None
    else:
        value = minute_of(folded, words, example)
    ctx.project = ctx.books.projects.set(ctx.project, **{kind: value})
    rounds.arm(ctx.books, rhythm_of(ctx.books, ctx.project))
    return reply("✅ {what}：{state}。", "✅ {what}: {state}.", what=name, state=state(ctx, kind))


def minute_of(folded: str, words: str, example: Text) -> int:
    """The time that was written. Raises UserError: none, or one at which nobody is to be disturbed."""
    minute = read_window(folded).opens
    if minute is None:
        raise UserError(
            say("没看懂时间「{words}」。例：{example}", "I cannot read the time “{words}”. Example: {example}",
                words=words[:20], example=example)
        )  # fmt: skip
    if not AWAKE[0] <= minute <= AWAKE[1]:
        raise UserError(
            say("只能在 9:00–20:00 之间，收到 {at}。例：{example}",
                "Between 9:00 and 20:00 only, not {at}. Example: {example}", at=clock(minute % (24 * 60)),
                example=example)
        )  # fmt: skip
    return minute


def state(ctx: Ctx, kind: str) -> Text:
    """When, or 关."""
    minute = ROUNDS[kind].set_to(ctx.project)
    if minute is None:
        return say("关", "off")
    when = say("{day} {at}", "{day} at {at}", day=_DAYS[kind], at=clock(minute))
    if rhythm_of(ctx.books, ctx.project).plan.on:
        return when
    return say("{when}（定了日报时间后生效）", "{when} (once report times are set)", when=when)


_DAYS = {
    rounds.WEEKLY: say("每个工作周最后一个工作日", "the last working day of each work week"),
    rounds.AGENDA: say("每个工作日", "every working day"),
    rounds.WEIGHING: say("每个工作周第一个工作日", "the first working day of each work week"),
}
