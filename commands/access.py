"""The only way to get an object: does it exist, and may this person do that to it?"""

from __future__ import annotations

from chat.errors import UserError
from chat.text import Text, say
from commands.context import Ctx
from storage.tasks import Task


def task_of(ctx: Ctx, number: int | None, verb: Text, example: str) -> Task:
    """The task with this number in the chat's project. ``verb``: what was to be done; ``example``: how to say it.

    Raises UserError: no number was given, or there is no such task.
    """
    if number is None:
        raise UserError(
            say("{verb}哪个任务？例：{example}", "{verb} which task? Example: {example}", verb=verb, example=example)
        )
    task = ctx.tasks.numbered(ctx.project.id, number)
    if task is None:
        raise UserError(
            say(
                "没找到任务 T{n}。发「/进度」看看有哪些任务。",
                "There is no task T{n}. Send “/status” to see the tasks.",
                n=number,
            )
        )
    return task


def open_task_of(ctx: Ctx, number: int | None, verb: Text, example: str) -> Task:
    """The same, and it is neither done nor cancelled."""
    task = task_of(ctx, number, verb, example)
    if task.closed:
        raise UserError(
            say(
                "{ref} {state}，不能再{verb}。要继续做，请先「重开 {ref}」。",
                "{ref} is {state}: too late to {verb}. To go on with it, send “reopen {ref}” first.",
                ref=task.ref,
                state=say("已完成", "done") if task.state == "done" else say("已取消", "cancelled"),
                verb=verb,
            )
        )
    return task


def require_admin(ctx: Ctx, may: Text, audit: str) -> None:
    """``may``: what only admins may do, after 只有管理员能. Raises UserError naming them; the attempt is audited."""
    if ctx.is_admin:
        return
    names = "、".join(m.person.name for m in ctx.books.people.members(ctx.project.id) if m.role in ("owner", "admin"))
    raise UserError(
        say("只有管理员（{names}）能{may}。", "Only an admin ({names}) can {may}.", names=names, may=may), audit=audit
    )
