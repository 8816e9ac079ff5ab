"""The only way to get an object: does it exist, and may this person do that to it?"""

from __future__ import annotations

from chat.cards import Button
from chat.errors import UserError
from chat.text import Text, listed, say, verbatim
from commands.context import Ctx
from commands.rights import BY_ACTION, may
from storage.tasks import Task

_CLOSED = {"done": say("已完成", "done"), "cancelled": say("已取消", "cancelled"), "undone": say("已撤销", "undone")}


def task_of(ctx: Ctx, number: int | None, verb: Text, example: Text | str) -> Task:
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


def open_task_of(ctx: Ctx, number: int | None, verb: Text, example: Text | str) -> Task:
    """The same, and it is neither done nor cancelled."""
    task = task_of(ctx, number, verb, example)
    if task.closed:
        raise _too_late(task, verb)
    return task


def _too_late(task: Task, verb: Text) -> UserError:
    return UserError(
        say(
            "{ref} {state}，不能再{verb}。要继续做，请先「重开 {ref}」。",
            "{ref} is {state}: too late to {verb}. To go on with it, send “reopen {ref}” first.",
            ref=task.ref,
            state=_CLOSED.get(task.state, _CLOSED["cancelled"]),
            verb=verb,
        )
    )


def open_by_id(ctx: Ctx, task_id: int, verb: Text) -> tuple[Ctx, Task]:
    """As ``task_by_id``, and it is neither done nor cancelled."""
    ctx, task = task_by_id(ctx, task_id)
    if task.closed:
        raise _too_late(task, verb)
    return ctx, task


def task_by_id(ctx: Ctx, task_id: int) -> tuple[Ctx, Task]:
    """The task a card or button names, and this thing seen from the task's own project.

    Raises UserError: it is gone, or this person has nothing to do with its project.
    """
    task = ctx.tasks.get(task_id)
    if task is not None and task.project_id != ctx.project.id:
        there = seen_from(ctx, task.project_id)
        if there is not None:
            return there, task
        task = None
    if task is None:
        raise UserError(say("没找到这个任务。", "This task cannot be found."))
    return ctx, task


def seen_from(ctx: Ctx, project_id: int) -> Ctx | None:
    """This thing seen from a project that need not be the chat's; None: the person has nothing to do with it.

    Raises UserError: others of this group would read along.
    """
    if project_id == ctx.project.id:
        return ctx
    role = ctx.books.people.role(project_id, ctx.person.id)
    if not role:
        return None
    alone_for(ctx, project_id)
    project = ctx.books.projects.get(project_id)
    return Ctx(ctx.books, ctx.thing, ctx.chat, project, ctx.person, role, ctx.abilities)


def alone_for(ctx: Ctx, project_id: int) -> None:
    """Raises UserError: what belongs to another project is not for this group."""
    if ctx.in_group and project_id != ctx.project.id:
        raise UserError(
            say(
                "这是另一个项目的，不能在这个群里看或改。请到它的群里办，或私聊我。",
                "That belongs to another project and is not for this group. Use its own group, or write to me alone.",
            )
        )


def answers_for(ctx: Ctx, task: Task) -> bool:
    """May this person say how far it is? Its owner and admins may; of a task without owner everybody."""
    return task.owner in (None, ctx.person.id) or allowed(ctx, "task.others")


def decides(ctx: Ctx, task: Task) -> bool:
    """May this person change what it is? Who answers for it, and who made it."""
    return answers_for(ctx, task) or task.creator == ctx.person.id


def require_decider(ctx: Ctx, task: Task) -> None:
    """Raises UserError naming who decides what it is."""
    if not decides(ctx, task):
        raise UserError(
            say("{ref} 由{who}负责，请他或管理员来改。", "{ref} belongs to {who}; they or an admin can change it.",
                ref=task.ref, who=task.owner_name)
        )  # fmt: skip


def allowed(ctx: Ctx, action: str) -> bool:
    """May this person do that here, whoever it belongs to?"""
    return may(ctx.role, BY_ACTION[action])


def allowed_in(ctx: Ctx, project_id: int, action: str) -> bool:
    """The same in another project."""
    return may(ctx.books.people.role(project_id, ctx.person.id), BY_ACTION[action])


def require(ctx: Ctx, action: str) -> None:
    """May this person do that here? Raises UserError naming who may, and offers to pass it on; audited."""
    right = BY_ACTION[action]
    if not may(ctx.role, right):
        raise _refused(ctx, right.may, action)


def _refused(ctx: Ctx, what: Text, audit: str) -> UserError:
    admins = [verbatim(m.person.name) for m in ctx.books.people.members(ctx.project.id) if m.is_admin]
    if not admins:
        return UserError(
            say(
                "「{project}」现在没有管理员，没有改动。请一位成员先发：/成员 管理员 @某人",
                "“{project}” has no admin now; nothing was changed. Somebody please send first: /members admin @name",
                project=ctx.project.name,
            ),
            audit=audit,
        )
    only = say("只有管理员（{names}）能{may}。", "Only an admin ({names}) can {may}.", names=listed(admins), may=what)
    if ctx.thing.kind != "message":
        return UserError(only, audit=audit)
    them = say("他", "them") if len(admins) == 1 else say("他们", "them")
    text = say("{only}要我转告{them}吗？", "{only} Shall I tell {them}?", only=only, them=them)
    draft = {
        **ctx.draft(),
        "message_id": ctx.thing.message_id,
        "project": ctx.project.id,
        "may": what.zh,
        "may_en": what.en,
    }
    return UserError(text, Button(say("转告", "Tell them"), "relay", (ctx.thing.key,)), audit=audit, draft=draft)
