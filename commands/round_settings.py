"""On, off and when: the weekly digest, the morning agenda and the weekly weighing are set alike."""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import Text, say
from commands.context import Ctx
from commands.line import fold
from commands.reply import Reply, reply
from planning.window import AWAKE, read_window
from reports import rounds
from reports.daily_plan import rhythm_of
from reports.days import clock
from reports.rounds import ROUNDS

_ON = re.compile(r"\s*(?:开|打开|开启|恢复|on|yes)\s*")
_OFF = re.compile(r"\s*(?:关|关闭|关掉|停|不用了|off|no)\s*")


def set_round(ctx: Ctx, kind: str, words: str, name: Text, example: Text) -> Reply:
    """``18:40``, 开 or 关; without words, how it is set. Raises UserError: neither, or at night."""
    folded = fold(words).strip()
    each = ROUNDS[kind]
    if not folded:
        return _shown(ctx, kind, name, example)
    if _OFF.fullmatch(folded):
        ctx.project = ctx.books.projects.set(ctx.project, **{kind: False if each.usual else None})
    elif _ON.fullmatch(folded):
        ctx.project = ctx.books.projects.set(ctx.project, **{kind: None if each.usual else each.minute})
    else:
        ctx.project = ctx.books.projects.set(ctx.project, **{kind: _minute(folded, words, example)})
    rounds.arm(ctx.books, rhythm_of(ctx.books, ctx.project))
    return reply("✅ {what}：{state}。", "✅ {what}: {state}.", what=name, state=state(ctx, kind))


def _minute(folded: str, words: str, example: Text) -> int:
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


def _shown(ctx: Ctx, kind: str, name: Text, example: Text) -> Reply:
    return reply(
        "{what}：{state}。要改：{example}，或写 开、关。",
        "{what}: {state}. To change: {example}, or on, off.",
        what=name, state=state(ctx, kind), example=example,
    )  # fmt: skip


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
