"""A task that waits for something.  ``T1 阻塞 外部：等客户确认素材``  ``T1 恢复``"""

from __future__ import annotations

import re

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import NOTHING, Text, say
from commands.access import answers_for, open_by_id, open_task_of
from commands.context import Ctx
from commands.grammar import button, hears
from commands.press import STALE
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_forward import forward
from commands.task_lines import leading, ref_then
from commands.task_view import words_of
from planning.lives import is_external
from reports.task_cards import STATE, head
from storage.tasks import Task

VERB = say("标阻塞", "mark as blocked")
BACK = say("恢复", "resume")
EXAMPLE = say("T1 阻塞 外部：等客户确认", "T1 blocked external: the customer decides")
MOST = 200


@hears(ref_then(r"(?:被)?(?:阻塞|blocked)(?![a-z])(?:了)?[:\s,]*(?:by|on|because)?[:\s]*"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 阻塞 外部：等客户确认``: why must be said; a reason outside stops the clock of its handling time."""
    task = _one(ctx, match, VERB)
    why = ctx.line.rest[:MOST]
    if not why:
        raise UserError(
            say("{ref} 在等什么？写一句原因，例：{example}", "What does {ref} wait for? Example: {example}",
                ref=task.ref,
                example=EXAMPLE)
        )  # fmt: skip
    if not answers_for(ctx, task):
        return Reply(
            text_card(forward(ctx, task, say("卡住了：{why}", "is blocked: {why}", why=why), "task.blocked", why))
        )
    return _block(ctx, task, why)


def _block(ctx: Ctx, task: Task, why: str) -> Reply:
    if task.state == "blocked":
        ctx.tasks.comment(task, why)
    else:
        change(ctx, task, why, state="blocked", started_at=task.started_at or ctx.at)
    outside = (
        say("（外部原因，处理时间暂停）", " (outside reason: handling time stands still)")
        if is_external(why)
        else NOTHING
    )
    text = say(
        "⛔ {head} 阻塞：{why}{outside}。好了发：{ref} 恢复",
        "⛔ {head} is blocked: {why}{outside}. When it goes on: {ref} resume",
        head=head(task), why=why, outside=outside, ref=task.ref,
    )  # fmt: skip
    return Reply(text_card(text, Button(BACK, "task.unblock", (str(task.id),), task.version + 1)))


@hears(ref_then(r"(?:恢复|解除阻塞|不卡了|继续做?|resume|unblock)(?:了)?[\s.]*$"), rank=10)
def resumed(ctx: Ctx, match: re.Match[str]) -> Reply | None:
    """``T1 恢复``; of a task that does not wait it means something else."""
    numbers = [int(number) for number in re.findall(r"\d+", ctx.line.folded[: match.start("verb")])]
    task = ctx.tasks.numbered(ctx.project.id, numbers[0]) if len(numbers) == 1 else None
    if task is None or task.closed or task.state == "paused":
        return None
    if task.state != "blocked":
        raise UserError(say("{ref} 没有阻塞，现在是{state}。", "{ref} is not blocked; it is {state}.", ref=task.ref,
                            state=STATE[task.state]))  # fmt: skip
    leading(ctx, match)
    if not answers_for(ctx, task):
        return Reply(text_card(forward(ctx, task, say("可以继续了", "can go on"), "task.unblock")))
    return Reply(text_card(_go_on(ctx, task)))


def _go_on(ctx: Ctx, task: Task) -> Text:
    change(ctx, task, state="doing")
    return say("{head} 继续。", "{head} goes on.", head=head(task))


def _one(ctx: Ctx, match: re.Match[str], verb: Text) -> Task:
    numbers = leading(ctx, match)
    if len(numbers) > 1:
        raise UserError(
            say(
                "一次{verb}一个任务。例：{example}",
                "One task at a time. Example: {example}",
                verb=verb,
                example=EXAMPLE,
            )
        )
    return open_task_of(ctx, numbers[0], VERB, EXAMPLE)


@button("task.blocked")
def confirmed(ctx: Ctx, number: int, why: str) -> Pressed:
    """The owner says that it is so."""
    ctx, task = open_by_id(ctx, number, VERB)
    if not answers_for(ctx, task):
        raise UserError(say("{ref} 由{who}负责。", "{ref} belongs to {who}.", ref=task.ref, who=task.owner_name))
    if not why.strip():
        raise UserError(STALE)
    card = _block(ctx, task, why[:MOST]).card
    return Pressed(words_of(card), card=card)


@button("task.unblock")
def pressed(ctx: Ctx, number: int) -> Pressed:
    """[恢复]"""
    ctx, task = open_by_id(ctx, number, BACK)
    if not answers_for(ctx, task):
        raise UserError(say("{ref} 由{who}负责。", "{ref} belongs to {who}.", ref=task.ref, who=task.owner_name))
    if task.state != "blocked":
        raise UserError(say("{ref} 现在是{state}。", "{ref} is {state}.", ref=task.ref, state=STATE[task.state]))
    text = _go_on(ctx, task)
    return Pressed(text, card=text_card(text))
