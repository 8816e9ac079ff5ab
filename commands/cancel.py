"""A task that is not to be done after all, and one that is to be done again.  ``/任务 删除 T3``  ``T3 重开``"""

from __future__ import annotations

import re
from typing import Any

from chat.cards import Card, text_card
from chat.errors import UserError
from chat.text import listed, say
from commands.access import decides, task_by_id
from commands.blocker_again import reopen_blocker
from commands.context import Ctx
from commands.grammar import button, command, hears
from commands.reply import Pressed, Reply, reply
from commands.task_change import change
from commands.task_forward import forward
from commands.task_lines import Subjects, leading, ref_then, the_task
from commands.task_view import card_of
from reports.task_cards import STATE, head, undo_button
from storage.tasks import Task

_BLOCKER = re.compile(r"\s*b ?(\d{1,6})(?!\d)")
CANCEL, REOPEN = say("取消", "cancel"), say("重开", "reopen")


@command(
    "任务 删除",
    "任务 取消",
    "任务 删",
    "取消任务",
    "删除任务",
    "task delete",
    "task cancel",
    usage=say("取消任务，10 分钟内可撤销", "Cancel a task; undo within 10 minutes"),
    example=say("/任务 删除 T3", "/task delete T3"),
)
def cancel(ctx: Ctx, numbers: Subjects) -> Reply:
    """Cancel one task and everything open below it."""
    task = the_task(ctx, numbers, CANCEL, say("/任务 删除 T3", "/task delete T3"))
    if not decides(ctx, task):
        return Reply(text_card(forward(ctx, task, say("要取消", "is to be cancelled"), "task.cancel")))
    gone = _cancel(ctx, task)
    undo = undo_button(task, ctx.books.key)
    if len(gone) == 1:
        return reply("{head} 已取消。", "{head} is cancelled.", undo, head=head(task))
    below = listed(head(child) for child in gone[1:7])
    return reply(
        "{head} 已取消，连同子任务：{below}。",
        "{head} is cancelled, with its sub-tasks: {below}.",
        undo,
        head=head(task),
        below=below,
    )


@hears(ref_then(r"(?:取消|删除|删掉|作废|不做了|cancel|delete)(?:掉|吧|了)?(?=[\s,.;!]|$|因为|because)"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T3 取消``"""
    return cancel(ctx, leading(ctx, match))


@button("task.cancel")
def confirmed(ctx: Ctx, number: int) -> Pressed:
    """Its owner agrees that it is cancelled."""
    ctx, task = task_by_id(ctx, number)
    if not decides(ctx, task):
        raise UserError(forward(ctx, task, say("要取消", "is to be cancelled"), "task.cancel"))
    _cancel(ctx, task)
    return Pressed(say("{head} 已取消。", "{head} is cancelled.", head=head(task)), card=_now(ctx, task))


def _cancel(ctx: Ctx, task: Task) -> list[Task]:
    gone, below = [], [task]
    while below:
        one = below.pop(0)
        if not one.closed:
            below += ctx.tasks.children(one.id)
            gone.append(change(ctx, one, state="cancelled", closed_at=ctx.at))
    return gone


@command(
    "重开",
    "重新打开",
    "reopen",
    usage=say("重开已完成的任务", "Open a closed task again"),
    example=say("重开 T3", "reopen T3"),
)
def reopen(ctx: Ctx, numbers: Subjects) -> Reply:
    """Open a closed task again, where it had been; a blocker that is not solved after all."""
    if match := _BLOCKER.match(ctx.line.folded):
        return Reply(text_card(reopen_blocker(ctx, int(match[1]))))
    task = the_task(ctx, numbers, REOPEN, say("重开 T3", "reopen T3"), closed=True)
    if not task.closed:
        raise UserError(
            say(
                "{ref} 没有关闭，现在是{state}。",
                "{ref} is not closed; it is {state}.",
                ref=task.ref,
                state=STATE[task.state],
            )
        )
    if not decides(ctx, task):
        return Reply(text_card(forward(ctx, task, say("要重开", "is to be reopened"), "task.reopen")))
    task = _reopen(ctx, task)
    return reply(
        "{head} 已重开，进度 {p}%。",
        "{head} is open again at {p}%.",
        undo_button(task, ctx.books.key),
        head=head(task),
        p=task.progress,
    )


@hears(ref_then(r"(?:重开|重新打开|重做|reopen)(?![a-z])"), rank=10)
def reopened(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T3 重开``"""
    return reopen(ctx, leading(ctx, match))


@button("task.reopen")
def pressed(ctx: Ctx, number: int) -> Pressed:
    ctx, task = task_by_id(ctx, number)
    if not task.closed or task.state == "undone":
        raise UserError(say("{ref} 现在是{state}。", "{ref} is {state}.", ref=task.ref, state=STATE[task.state]))
    if not decides(ctx, task):
        raise UserError(forward(ctx, task, say("要重开", "is to be reopened"), "task.reopen"))
    _reopen(ctx, task)
    return Pressed(say("{ref} 已重开", "{ref} is open again", ref=task.ref), card=_now(ctx, task))


def _reopen(ctx: Ctx, task: Task) -> Task:
    before = [e for e in ctx.tasks.history(task) if e.field == "progress" and e.after == "100"]
    values: dict[str, Any] = {"state": "doing" if task.started_at else "todo", "closed_at": None}
    if task.progress == 100:
        values["progress"] = int(before[-1].before or 0) if before else 0
    return change(ctx, task, **values)


def _now(ctx: Ctx, task: Task) -> Card:
    return card_of(ctx, ctx.tasks.get(task.id) or task)
