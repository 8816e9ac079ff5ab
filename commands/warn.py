"""Hearing of a date before it comes.  ``/设置 预警 5 3 1``  ``T5 提前 3、1 个工作日提醒``  ``T5 提前 60天 30天``"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import Text, listed, say
from commands.access import require, require_decider
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command, hears
from commands.reply import Reply, reply
from commands.task_lines import leading, ref_then, the_task
from planning.warning import FARTHEST, FARTHEST_WORKING, MOST, USUAL, Ahead, day_of, read
from reports.days import short_day
from reports.task_cards import head
from storage.tasks import Task

EXAMPLE = say("T5 提前 3、1 个工作日提醒", "T5 warn 3 1 working days")
VERB = say("提前提醒", "Warn")
_OFF = re.compile(r"^\s*(?:关|关闭|关掉|不要|off|no)\s*$")
_ON = re.compile(r"^\s*(?:开|打开|开启|on|yes)\s*$")


@command(
    "设置 预警", "set early",
    usage=say("到期前几个工作日提醒负责人", "Tell owners so many working days before a due date"),
    example=say("/设置 预警 5 3 1", "/set early 5 3 1"),
    roles="admin",
)  # fmt: skip
def project(ctx: Ctx, words: Rest) -> Reply:
    """For every task of the project with an owner and a due; without words: how it is set now."""
    if not words:
        return _shown(ctx)
    require(ctx, "settings.early")
    if _OFF.match(ctx.line.folded):
        ctx.books.warnings.put("project", ctx.project.id, ())
        return reply(
            "✅ 预警：关。自己要的（/设置 我的提醒 预警）照旧。",
            "✅ Early warnings: off. Those that people asked for themselves stay.",
        )
    usual = tuple(Ahead(days) for days in USUAL)
    folded = ctx.line.folded
    example = say("/设置 预警 5 3 1", "/set early 5 3 1")
    aheads = usual if _ON.match(folded) else wished(folded, working=True, example=example)
    ctx.books.warnings.put("project", ctx.project.id, aheads)
    return reply(
        "✅ 任务到期前{ahead} 10:00 私聊负责人。不想收的人：/设置 我的提醒 预警 关",
        "✅ Owners are told of due tasks {ahead}, at 10:00. To opt out: /set reminders early off",
        ahead=phrase(aheads),
    )


def _shown(ctx: Ctx) -> Reply:
    aheads = ctx.books.warnings.of_project(ctx.project.id)
    if not aheads:
        return reply("预警：关。打开：/设置 预警 5 3 1", "Early warnings: off. To turn them on: /set early 5 3 1")
    return reply(
        "预警：任务到期前{ahead} 10:00 私聊负责人。关：/设置 预警 关",
        "Early warnings: owners are told of due tasks {ahead}, at 10:00. To turn them off: /set early off",
        ahead=phrase(aheads),
    )


@hears(ref_then(r"(?:不用|取消|关闭?|别)(?:提前(?:提醒)?|预警)|no warning"), rank=9)
def dropped(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T5 不用提前提醒``, whatever the project or its owner has."""
    task = _task(ctx, match)
    ctx.books.warnings.put("task", task.id, ())
    return reply("{head} 到期前不提醒。", "{head}: no word before it is due.", head=head(task))


@hears(ref_then(r"提前|预警|warn(?![a-z])"), rank=9)
def said(ctx: Ctx, match: re.Match[str]) -> Reply | None:
    """``T5 提前 60天 7天提醒``: days; ``T5 提前 3 个工作日``: working days. ``T5 提前完成`` is about something else."""
    rest = ctx.line.folded[match.end("verb") :]
    if rest.strip() and not re.match(r"\s*(?:d?[-−–]?\d|于)", rest):
        return None
    task = _task(ctx, match)
    aheads = wished(rest, working=False, example=EXAMPLE)
    ctx.books.warnings.put("task", task.id, aheads)
    if task.due is None:
        return reply(
            "{head} 还没有截止；定了以后提前{ahead}提醒。",
            "{head} has no due yet; once it has, a word comes {ahead}.",
            head=head(task), ahead=phrase(aheads),
        )  # fmt: skip
    days = [day_of(task.due, ahead, ctx.calendar) for ahead in aheads]
    ahead = [day for day in dict.fromkeys(days) if day >= ctx.today]
    if not ahead:
        return reply(
            "{head} 会提前{ahead}提醒，这次的日子都过了。",
            "{head}: a word comes {ahead}; this time those days are gone.",
            head=head(task), ahead=phrase(aheads),
        )  # fmt: skip
    return reply(
        "{head} 会在 {days} 10:00 提醒。", "{head}: reminders on {days} at 10:00.", head=head(task),
        days=listed(short_day(day, ctx.calendar) for day in ahead),
    )  # fmt: skip


def _task(ctx: Ctx, match: re.Match[str]) -> Task:
    """Raises UserError: it is not theirs to say."""
    task = the_task(ctx, leading(ctx, match), VERB, EXAMPLE)
    require_decider(ctx, task)
    return task


def wished(folded: str, *, working: bool, example: Text) -> tuple[Ahead, ...]:
    """Raises UserError: no number, one too far, too many."""
    found = read(folded, working=working)
    if found.bad and len(found.aheads) > MOST:
        raise UserError(say("最多写 {n} 个。例：{example}", "At most {n} of them. Example: {example}", n=MOST,
                            example=example))  # fmt: skip
    if found.bad:
        raise UserError(
            say("{bad} 太远了：最多提前 {working} 个工作日或 {days} 天。",
                "{bad} is too far: at most {working} working days, or {days} days.",
                bad=found.bad, working=FARTHEST_WORKING, days=FARTHEST)
        )  # fmt: skip
    if not found.aheads:
        raise UserError(say("提前几天？例：{example}", "How many days before? Example: {example}", example=example))
    return found.aheads


def phrase(aheads: tuple[Ahead, ...]) -> Text:
    """`` 5、3、1 个工作日``, `` 60、30 天``, `` 1 个工作日、当天``; in English with ``ahead``."""
    parts = []
    for working, zh, one, many in (
        (True, "{n} 个工作日", "{n} working day ahead", "{n} working days ahead"),
        (False, "{n} 天", "{n} day ahead", "{n} days ahead"),
    ):
        numbers = [str(ahead.days) for ahead in aheads if ahead.working is working and ahead.days]
        if numbers:
            parts.append(say(zh, one if numbers == ["1"] else many, n=listed(numbers)))
    if not all(ahead.days for ahead in aheads):
        parts.append(say("当天", "on the day"))
    return say(" {parts}", "{parts}", parts=listed(parts))
