"""Take back one's last change within ten minutes.  ``/撤销``  ``/撤销 T1``"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chat.cards import Button, Card, text_card
from chat.errors import UserError
from chat.text import Text, listed, say
from commands.access import allowed, task_by_id, task_of
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import button, command
from commands.plan_undo import undo_plan
from commands.reply import Pressed, Reply
from commands.task_change import settle
from commands.task_lines import Subjects
from commands.task_view import words_of
from commands.undo_deed import undo_deed
from planning.quality import FIELDS as QUALITY
from reports.task_cards import head
from storage.task_changes import Change, Moved, standing
from storage.tasks import Task

WITHIN = timedelta(minutes=10)
_FIELDS = {
    "owner": say("负责人", "owner"),
    "due": say("截止", "due"),
    "due_minute": say("截止", "due"),
    "remind_at": say("提醒", "reminder"),
    "priority": say("优先级", "priority"),
    "title": say("标题", "title"),
    "tag": say("标签", "tag"),
    "untag": say("标签", "tag"),
    "comment": say("备注", "note"),
    "state": say("状态", "state"),
    "progress": say("进度", "progress"),
    "start": say("开始", "start"),
    "days": say("工期", "duration"),
    "stage": say("阶段", "stage"),
    "label": say("状态", "state"),
    "weight": say("权重", "weight"),
    "depends": say("依赖", "links"),
    "undepends": say("依赖", "links"),
    **dict.fromkeys(QUALITY, say("清单", "checklist")),
}


@command(
    "撤销",
    "undo",
    usage=say("撤销 10 分钟内的改动", "Undo a change of the last 10 minutes"),
    example=say("/撤销", "/undo"),
    help_rank=9,
)
def undo(ctx: Ctx, numbers: Subjects) -> Reply:
    """Undo the last thing the speaker did here, or the last change of one task."""
    if numbers:
        task = task_of(ctx, numbers[0], say("撤销", "Undo"), say("/撤销 T1", "/undo T1"))
        found = standing(ctx.books.changes.of(task))
    else:
        found = standing(ctx.books.changes.by(ctx.project.id, ctx.person.id))
        deed = ctx.books.deeds.newest(ctx.project.id, ctx.person.id)
        planned = standing(ctx.books.milestone_changes.by(ctx.project.id, ctx.person.id))
        if deed and not any(deed.before(change) for change in (*found[:1], *planned[:1])):
            return Reply(text_card(undo_deed(ctx, deed)))
        if planned and (not found or planned[0].at >= found[0].at):
            return Reply(undo_plan(ctx, planned[0].key))
    if not found:
        raise UserError(say("没有可以撤销的改动。", "There is nothing to undo."))
    return Reply(_undo(ctx, found[0]))


@button("task.undo")
def pressed(ctx: Ctx, number: int, key: str) -> Pressed:
    """``key``: of the change."""
    ctx, task = task_by_id(ctx, number)
    found = ctx.books.changes.of(task)
    change = next((each for each in standing(found) if each.key == key), None)
    if change is None:
        raise UserError(say("这一步已经撤销过了。", "This was undone already."))
    card = _undo(ctx, change)
    return Pressed(words_of(card), reply=Reply(card))


@button("task.redo")
def redo(ctx: Ctx, number: int, key: str) -> Pressed:
    """[恢复]: take the taking back back. ``key``: of the change that undid."""
    ctx, task = task_by_id(ctx, number)
    found = ctx.books.changes.of(task)
    change = next((each for each in found if each.key == key), None)
    if change is None or any(each.takes_back == key for each in found):
        raise UserError(say("已经恢复过了。", "This was restored already."))
    tasks = _back(ctx, change)
    text = say("已恢复 {what}。", "Restored {what}.", what=_named(tasks))
    return Pressed(text, card=text_card(text))


def _undo(ctx: Ctx, change: Change) -> Card:
    tasks = _back(ctx, change)
    created = any(event.field == "created" for event in change.events)
    text = (
        say("已撤销 {what}。", "Undone: {what}.", what=_named(tasks))
        if created
        else say(
            "已撤销 {what} 的{fields}改动。", "Undone: {fields} of {what}.", what=_named(tasks), fields=_fields(change)
        )
    )
    first = str(tasks[0].id)
    return text_card(text, Button(say("恢复", "Restore"), "task.redo", (first, ctx.books.key)))


def _back(ctx: Ctx, change: Change) -> list[Task]:
    """Whole, in time, and by somebody who may. Returns the tasks it touched."""
    whole = _whole(ctx, change)
    if whole.actor != ctx.person.id and not allowed(ctx, "task.undo"):
        raise UserError(say("只有做这一步的人或管理员能撤销。", "Only who did this, or an admin, can undo it."))
    if ctx.at - whole.at > WITHIN:
        raise _too_late(ctx, whole)
    try:
        pairs = ctx.books.changes.take_back(whole)
    except Moved as moved:
        raise UserError(
            say(
                "{ref} 后来又改过，不能直接撤销。发「/任务 {ref}」看现在的样子。",
                "{ref} was changed again since and cannot simply be undone. Send “/task {ref}” to see it.",
                ref=moved.task.ref,
            )
        ) from moved
    for before, after in pairs:
        if after.owner is not None and after.owner != before.owner:
            here_still(ctx.books.people.get(after.owner))
        settle(ctx, before, after)
    return [after for _, after in pairs]


def _whole(ctx: Ctx, change: Change) -> Change:
    """With the rows of every task it touched."""
    if change.actor is None:
        return change
    found = ctx.books.changes.by(ctx.project.id, change.actor)
    return next((each for each in found if each.key == change.key), change)


def _too_late(ctx: Ctx, change: Change) -> UserError:
    task = ctx.tasks.get(change.tasks[0])
    ref = task.ref if task else ""
    if change.events[0].field == "created":
        return UserError(
            say(
                "超过 10 分钟，请用 /任务 删除 {ref}",
                "More than 10 minutes ago; please use /task delete {ref}",
                ref=ref,
            )
        )
    return UserError(
        say(
            "超过 10 分钟，不能撤销了。请直接把 {ref} 改回去。",
            "More than 10 minutes ago. Please change {ref} back yourself.",
            ref=ref,
        )
    )


def _named(tasks: Sequence[Task]) -> Text:
    if len(tasks) == 1:
        return head(tasks[0])
    names = listed(head(task) for task in tasks[:6])
    more = "…" if len(tasks) > 6 else ""
    return say("{n} 项：{names}{more}", "{n} tasks: {names}{more}", n=len(tasks), names=names, more=more)


def _fields(change: Change) -> Text:
    names = {_FIELDS[event.field].zh: _FIELDS[event.field] for event in change.events if event.field in _FIELDS}
    if "状态" in names and "进度" in names:
        names.pop("进度")
    return listed(names.values())
