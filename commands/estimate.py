"""How long a task takes and when it is planned to begin.  ``T2 工期 1天``  ``T2 开始 9-24``"""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, say
from commands.context import Ctx
from commands.due import is_time
from commands.grammar import command, hears
from commands.line import Line
from commands.plan_things import require_change, too_early, undo_button, with_reckoning
from commands.reply import Reply
from commands.task_change import change
from commands.task_lines import Subjects, leading, ref_then, the_task
from planning.dates import find
from reports.days import bare_day, working_days
from reports.risk_cards import named

LONGEST = 250
VERB = say("改工期", "change its duration")
EXAMPLE = say("T2 工期 3天", "T2 takes 3 days")
START_VERB = say("改开始日", "change its start")
START_EXAMPLE = say("T2 开始 9-24", "T2 starts 9-24")
_DAYS = re.compile(
    r"^[\s:为是]*(?P<n>-?\d{1,6}(?:\.\d+)?|[一两二三四五六七八九十半])\s*"
    r"(?:个)?(?:工作日|天|日|working days?|days?|wd|d|)\s*$"
)
_HAN = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_NONE = re.compile(r"[\s:为是]*(?:未定|没有|无|取消|清空|none|open)\s*$")


@command("工期", "takes", usage=say("任务要几个工作日", "How many working days it takes"), example=EXAMPLE)
def days(ctx: Ctx, numbers: Subjects) -> Reply:
    """Whole working days; 未定 takes it away."""
    task = the_task(ctx, numbers, VERB, EXAMPLE)
    words = ctx.line.folded
    number = None if _NONE.match(words) else _number(words, task.ref)
    require_change(ctx, task)
    if task.days == number:
        raise UserError(say("{ref} 的工期没有变。", "The duration of {ref} is the same.", ref=task.ref))
    before = task.days
    task = change(ctx, task, days=number)
    if number is None:
        text: Text = say("{name} 工期改为未定。", "{name}: no duration now.", name=named(task))
    elif before is None:
        text = say("{name} 工期 {n}。", "{name} takes {n}.", name=named(task), n=working_days(number))
    else:
        text = say("{name} 工期 {n}（原 {old}）。", "{name} takes {n} (was {old}).",
                   name=named(task), n=working_days(number), old=before)  # fmt: skip
    return Reply(text_card(with_reckoning(ctx, text, task), undo_button(ctx)))


@hears(ref_then(r"(?:预计)?(?:工期|用时)(?!偏差)|takes(?![a-z])|duration(?![a-z])"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T2 工期 1天``"""
    return days(ctx, leading(ctx, match))


def _number(words: str, ref: str) -> int:
    """Raises UserError: none, not whole, or out of range."""
    match = _DAYS.match(words)
    said_number = match["n"] if match else ""
    number = _HAN.get(said_number, said_number)
    try:
        found = int(number)
    except ValueError:
        raise UserError(
            say("工期写整工作日，例：{ref} 工期 3天", "Write whole working days, e.g. {ref} takes 3 days", ref=ref)
        ) from None
    if not 1 <= found <= LONGEST:
        raise UserError(
            say("工期要在 1–{most} 个工作日，收到「{n}」。例：{ref} 工期 3天",
                "A task takes 1–{most} working days, not “{n}”. Example: {ref} takes 3 days",
                most=LONGEST, n=found, ref=ref)
        )  # fmt: skip
    return found


@command("开始", "starts", usage=say("任务计划哪天开始", "When it is planned to begin"), example=START_EXAMPLE)
def start(ctx: Ctx, numbers: Subjects) -> Reply:
    """A day, or 未定."""
    task = the_task(ctx, numbers, START_VERB, START_EXAMPLE)
    words = ctx.line.text
    day = None
    if not _NONE.match(ctx.line.folded):
        found = find(words[:60], ctx.now, ctx.calendar)
        if not found or not is_time(ctx, Line(words)):
            raise UserError(
                say("{ref} 计划哪天开始？例：{ref} 开始 9-24", "When does {ref} start? Example: {ref} starts 9-24",
                    ref=task.ref)
            )  # fmt: skip
        days_said = list(dict.fromkeys(reading.day for reading in found[0].readings))
        if len(days_said) > 1:
            raise UserError(
                say("「{words}」指哪天？请写日期，例：{ref} 开始 {day}",
                    "Which day is “{words}”? Write the date, e.g. {ref} starts {day}",
                    words=found[0].words, ref=task.ref, day=bare_day(days_said[0]))
            )  # fmt: skip
        day = days_said[0]
    require_change(ctx, task)
    if day is not None and task.due is not None and day > task.due:
        raise UserError(
            say("开始（{start}）晚于截止（{due}）。先改截止：{ref} 改到 …",
                "It would start ({start}) after it is due ({due}). Change the due first: {ref} due …",
                start=bare_day(day), due=bare_day(task.due), ref=task.ref)
        )  # fmt: skip
    if task.start == day:
        raise UserError(say("{ref} 的开始日没有变。", "The start of {ref} is the same.", ref=task.ref))
    task = change(ctx, task, start=day)
    if day is None:
        text = say("{name} 的开始日改为未定。", "{name}: no planned start now.", name=named(task))
    else:
        text = say("{name} 计划 {day}开始。", "{name} is planned to start {day}.", name=named(task), day=ctx.day(day))
        text = join([text, *too_early(ctx, task)], "\n")
    return Reply(text_card(with_reckoning(ctx, text, task), undo_button(ctx)))


@hears(
    ref_then(r"(?:计划)?开始(?:日期?|时间)?(?=[\s:]*(?:\d|[今明后下本周月大上未没无]|国|节))|starts?(?: on)?(?= )"),
    rank=10,
)
def start_said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T2 开始 9-24``"""
    return start(ctx, leading(ctx, match))
