"""Priority, tags and title of a task.  ``T1 !高``  ``T1 #双十一``  ``T1 去标签 #双十一``  ``T1 改名 渠道投放二期``"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import Text, say
from commands.access import require_decider
from commands.arguments import Priority, Tags, take
from commands.context import Ctx
from commands.grammar import hears
from commands.reply import Reply, reply
from commands.task_change import change
from commands.task_lines import leading, ref_then, the_task
from commands.task_make import TITLE_MOST
from commands.task_view import redraw
from reports import urgent
from reports.task_cards import PRIORITY, head, undo_button
from storage.tasks import Task

VERB = say("修改", "change")
_LEVEL = re.compile(r"\s*!?\s*(紧急|高|中|低|无|urgent|high|medium|low|none)")
_LEVELS = {"紧急": "urgent", "高": "high", "中": "medium", "低": "low", "无": "", "none": ""}


@hears(ref_then(r"(?=!)|(?:优先级|priority)[:是改为到\s]*"), rank=10)
def priority(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 !高``, ``T1 优先级 低``"""
    task = _task(ctx, leading(ctx, match), say("T1 !高", "T1 !high"))
    level = take(Priority, ctx)
    word = _LEVEL.match(ctx.line.folded)
    if not level and word is None:
        raise UserError(
            say(
                "优先级写 紧急、高、中、低，例：{ref} !高",
                "Priority is urgent, high, medium or low, e.g. {ref} !high",
                ref=task.ref,
            )
        )
    if not level and word is not None:
        level = _LEVELS.get(word.group(1), word.group(1))
    task = change(ctx, task, priority=level)
    return reply(
        "{head} 优先级 {p}。",
        "{head}: priority {p}.",
        undo_button(task, ctx.books.key),
        head=head(task),
        p=PRIORITY.get(level, say("无", "none")),
    )


@hears(ref_then(r"(?:(?:加|添加)?标签[:\s]*)?(?=#)|tag\s+(?=#)"), rank=10)
def tag(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 #双十一``"""
    return _tags(ctx, match, add=True)


@hears(ref_then(r"(?:去掉?|删除?|移除|取消)标签[:\s]*(?=#)|untag\s+(?=#)"), rank=9)
def untag(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 去标签 #双十一``"""
    return _tags(ctx, match, add=False)


def _tags(ctx: Ctx, match: re.Match[str], *, add: bool) -> Reply:
    task = _task(ctx, leading(ctx, match), say("T1 #双十一", "T1 #launch"))
    words = take(Tags, ctx)
    after = ctx.tasks.tag(task, add=words) if add else ctx.tasks.tag(task, remove=words)
    urgent.arm(ctx.books, task)
    redraw(ctx, task)
    return reply(
        "{head} 标签：{tags}。",
        "{head}: tags {tags}.",
        undo_button(task, ctx.books.key),
        head=head(task),
        tags=" ".join("#" + word for word in after) or say("无", "none"),
    )


@hears(ref_then(r"(?:改名|改标题|重命名|rename)(?:为|成|to)?(?![a-z])[:\s]*"), rank=10)
def rename(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 改名 渠道投放二期``"""
    task = _task(ctx, leading(ctx, match), say("T1 改名 渠道投放二期", "T1 rename Banner v2"))
    title = " ".join(ctx.line.rest.split())
    if not title:
        raise UserError(
            say(
                "改成什么？例：{ref} 改名 渠道投放二期", "Rename to what? Example: {ref} rename Banner v2", ref=task.ref
            )
        )
    task = change(ctx, task, title=title[:TITLE_MOST])
    return reply(
        "{ref} 改名为「{title}」。",
        "{ref} is now called “{title}”.",
        undo_button(task, ctx.books.key),
        ref=task.ref,
        title=task.title,
    )


def _task(ctx: Ctx, numbers: list[int], example: Text) -> Task:
    task = the_task(ctx, numbers, VERB, example)
    require_decider(ctx, task)
    return task
