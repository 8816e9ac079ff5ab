"""A reminder for a task.  ``T1 提醒 明天10点``  ``T1 提前2小时提醒``  ``T1 取消提醒``"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from chat.cards import text_card
from chat.errors import UserError
from chat.text import say
from commands.access import answers_for, open_by_id, require_decider
from commands.context import Ctx
from commands.due import set_reminder
from commands.grammar import button, hears
from commands.line import Line, fold
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_lines import leading, ref_then, the_task
from commands.times import check, times
from planning.due import END_OF_DAY, Point
from planning.reminding import Ahead, ahead, ahead_alone
from reports.days import bare_day
from reports.rules import REMIND
from reports.task_cards import head, undo_button
from storage.tasks import Task

EXAMPLE = say("T1 提醒 明天10点", "T1 remind tomorrow 10am")
VERB = say("提醒", "Remind")
SNOOZE = {"later": timedelta(minutes=10), "hour": timedelta(hours=1)}
MORNING = time(9)
_WORD = re.compile(r"提醒(?:我|一下)*|remind(?: me)?")


@hears(ref_then(r"(?:取消|不用|不要|别|去掉|关闭?)提醒|no reminder"), rank=9)
def dropped(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 取消提醒``"""
    task = the_task(ctx, leading(ctx, match), VERB, EXAMPLE)
    if task.remind_at is None:
        return Reply(text_card(say("{head} 本来就没有提醒。", "{head} has no reminder.", head=head(task))))
    require_decider(ctx, task)
    change(ctx, task, remind_at=None)
    text = say("{head} 不再提醒。", "{head}: no reminder.", head=head(task))
    return Reply(text_card(text, undo_button(task, ctx.books.key)))


@hears(ref_then(r"(?=(?:截止|到期)?(?:提前|之?前)|\d|an? |half an)"), rank=8)
def before_due(ctx: Ctx, match: re.Match[str]) -> Reply | None:
    """``T1 提前2小时提醒``; of days ``commands.warn`` speaks."""
    wish = _counted(ctx.line.folded[match.end("verb") :])
    return remind(ctx, leading(ctx, match)) if wish is not None and wish.unit in ("minute", "hour") else None


@hears(ref_then(r"提醒(?:时间)?(?:改到|改成|改为|定在|我)?[:在\s]*|remind(?: me)?(?![a-z])[:\s]*"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 提醒 明天10点``"""
    return remind(ctx, leading(ctx, match))


@hears(ref_then(r"(?=\S)"), rank=11)
def said_behind(ctx: Ctx, match: re.Match[str]) -> Reply | None:
    """``T1 9-22 10:00 提醒我``: a time, the word, and nothing else."""
    if not _WORD.search(ctx.line.folded):
        return None
    words = Line(ctx.line.text[match.end("verb") :])
    meant = times(ctx, words)
    if meant.remind is None or meant.due is not None or _WORD.sub("", words.folded).strip(" ,，。."):
        return None
    return remind(ctx, leading(ctx, match))


def remind(ctx: Ctx, numbers: list[int]) -> Reply:
    """Of one task, at the time that is left in the line. Raises UserError."""
    task = the_task(ctx, numbers, VERB, EXAMPLE)
    words = ctx.line.rest
    wish = _counted(fold(words))
    if wish is not None:
        return Reply(set_reminder(ctx, task, wish.point(_due(task), ctx.calendar)))
    meant = times(ctx, Line(f"提醒我 {words}"))
    if meant.rule is not None:
        raise UserError(
            say("{ref} 的提醒只有一次。要反复提醒：/提醒 {words} {title}",
                "{ref} reminds once. For more: /remind {words} {title}", ref=task.ref,
                words=" ".join(_WORD.sub(" ", words).split()), title=task.title[:30])
        )  # fmt: skip
    point = meant.remind or meant.due
    if point is None:
        check(words, [], expected=True)
        if meant.late or meant.doubt == "past":
            raise UserError(
                say("提醒时间已过去。例：{ref} 提醒 明天10点",
                    "That time is in the past. Example: {ref} remind tomorrow 10am", ref=task.ref)
            )  # fmt: skip
        if words:
            raise UserError(
                say("没看懂时间「{words}」。例：{ref} 提醒 明天10点",
                    "I do not understand the time “{words}”. Example: {ref} remind tomorrow 10am",
                    words=words[:30], ref=task.ref)
            )  # fmt: skip
        raise UserError(
            say("什么时候提醒？例：{ref} 提醒 明天10点", "Remind when? Example: {ref} remind tomorrow 10am",
                ref=task.ref)
        )  # fmt: skip
    if task.owner in (None, ctx.person.id):
        ctx.books.pushes.unmute(ctx.person.id, REMIND)  # who asks for one wants it
    return Reply(set_reminder(ctx, task, point))


def _counted(words: str) -> Ahead | None:
    """``提前2小时`` (``提醒``), and not a word besides."""
    wish = ahead_alone(words) or ahead(words)
    return wish if wish is not None and not (words[: wish.start] + words[wish.stop :]).strip(" ,，。.") else None


def _due(task: Task) -> Point:
    """Raises UserError: it has none."""
    if task.due is None:
        raise UserError(
            say("{ref} 还没有截止，不知道提前到什么时候。例：{ref} 提醒 明天10点",
                "{ref} has no due to count from. Example: {ref} remind tomorrow 10am", ref=task.ref)
        )  # fmt: skip
    return Point(task.due, END_OF_DAY if task.due_minute is None else task.due_minute)


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
