"""A reminder for a task.  ``T1 提醒 明天10点``"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from chat.cards import text_card
from chat.errors import UserError
from chat.text import say
from commands.access import answers_for, open_by_id
from commands.context import Ctx
from commands.due import set_reminder
from commands.grammar import button, hears
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_lines import leading, ref_then, the_task
from commands.times import times
from reports.days import bare_day
from reports.rules import REMIND
from reports.task_cards import head

EXAMPLE = say("T1 提醒 明天10点", "T1 remind tomorrow 10am")
VERB = say("提醒", "Remind")
SNOOZE = {"later": timedelta(minutes=10), "hour": timedelta(hours=1)}
MORNING = time(9)


@hears(ref_then(r"(?:取消|不用|别)提醒|no reminder"), rank=9)
def dropped(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 取消提醒``"""
    task = the_task(ctx, leading(ctx, match), VERB, EXAMPLE)
    change(ctx, task, remind_at=None)
    return Reply(text_card(say("{head} 不再提醒。", "{head}: no reminder.", head=head(task))))


@hears(ref_then(r"提醒我?[:在\s]*|remind(?: me)?(?![a-z])[:\s]*"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 提醒 明天10点``"""
    task = the_task(ctx, leading(ctx, match), VERB, EXAMPLE)
    meant = times(ctx, ctx.line)
    point = meant.remind or meant.due
    if point is None:
        raise UserError(
            say(
                "什么时候提醒？例：{ref} 提醒 明天10点",
                "Remind when? Example: {ref} remind tomorrow 10am",
                ref=task.ref,
            )
        )
    if task.owner in (None, ctx.person.id):
        ctx.books.pushes.unmute(ctx.person.id, REMIND)  # who asks for one wants it
    return Reply(set_reminder(ctx, task, point))


@button("task.snooze")
def snooze(ctx: Ctx, number: int, until: str = "later") -> Pressed:
    """[稍后] [1 小时后] [明天 9:00]"""
    ctx, task = open_by_id(ctx, number, VERB)
    if not answers_for(ctx, task):
        raise UserError(say("{ref} 由{who}负责。", "{ref} belongs to {who}.", ref=task.ref, who=task.owner_name))
    local = ctx.at.astimezone(ZoneInfo(ctx.person.zone or ctx.project.zone))
    if until == "tomorrow":
        again = datetime.combine(local.date() + timedelta(days=1), MORNING, local.tzinfo)
    else:
        again = local + SNOOZE.get(until, SNOOZE["later"])
    change(ctx, task, remind_at=again)
    day = "" if again.date() == local.date() else bare_day(again.date()) + " "
    return Pressed(say("好，{at} 再提醒。", "OK, again at {at}.", at=f"{day}{again:%H:%M}"))
