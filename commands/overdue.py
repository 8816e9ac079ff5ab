"""Answers to the overdue ladder, and its switch.  ``/设置 逾期提醒 关``"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, say
from commands.access import answers_for, open_by_id, require
from commands.arguments import Rest
from commands.blocker import ask_helper
from commands.context import Ctx
from commands.done import pressed as finish
from commands.due import due as move
from commands.grammar import answers, button, command
from commands.reply import Pressed, Reply, reply
from commands.times import apart
from planning.dates import find
from reports.daily_desk import Desk
from reports.daily_plan import OVERDUE, arm_ladder
from reports.rhythm import rhythm_of
from reports.task_cards import head
from storage.tasks import Task

WITHIN = timedelta(hours=12)
_NEEDS = {"zh": "需要帮助", "en": "needs help"}
VERB = say("改期", "Reschedule")
_ON = re.compile(r"\s*(?:逾期(?:提醒)?|overdue)?\s*(?:开|打开|开启|恢复|是|on|yes)\s*$")
_OFF = re.compile(r"\s*(?:逾期(?:提醒)?|overdue)?\s*(?:关|关闭|关掉|否|off|no)\s*$")
_REASON = re.compile(r"(?:因为|原因|because)[:是\s]*\S")


@command(
    "设置 逾期提醒", "set overdue",
    usage=say("逾期提醒：整个项目开或关", "Overdue reminders of the project: on or off"),
    example=say("/设置 逾期提醒 关", "/set overdue off"),
    roles="admin",
)  # fmt: skip
def switch(ctx: Ctx, words: Rest) -> Reply:
    """Without 开 or 关: how it is set now."""
    if not words:
        return reply(
            "逾期提醒：{state}。当天 18:00 提醒负责人，次日 10:00 加上项目负责人，第 3 个工作日群里说一次；"
            "3 个工作日没更新，9:30 问负责人。",
            "Overdue reminders: {state}. The owner at 18:00, the next day at 10:00 the lead too, "
            "on the third working day the group once; after 3 working days without a word the owner is asked at 9:30.",
            state=_state(ctx),
        )
    require(ctx, "settings.overdue")
    on = _wanted(ctx)
    project = ctx.books.projects.set(ctx.project, **{OVERDUE: None if on else False})
    arm_ladder(ctx.books, rhythm_of(ctx.books, project))
    state = say("开", "on") if on else say("关", "off")
    return reply("✅ 逾期提醒：{state}。", "✅ Overdue reminders: {state}.", state=state)


def _state(ctx: Ctx) -> Text:
    if not ctx.project.settings.get(OVERDUE, True):
        return say("关", "off")
    on = rhythm_of(ctx.books, ctx.project).plan.on
    return say("开", "on") if on else say("开（定了日报时间后生效）", "on (once report times are set)")


def _wanted(ctx: Ctx) -> bool:
    """Raises UserError: neither on nor off."""
    folded = ctx.line.folded
    if _ON.match(folded):
        return True
    if _OFF.match(folded):
        return False
    raise UserError(say("写「开」或「关」，例：/设置 逾期提醒 开", "Say on or off, e.g. /set overdue on"))


# --- pressed -------------------------------------------------------------------------------------------------------


@button("overdue.done")
def finished(ctx: Ctx, number: int, due: str) -> Pressed:
    """[T5 完成] on a card about several tasks, which stays for the others."""
    pressed = finish(ctx, number, due)
    return Pressed(pressed.toast, reply=pressed.reply)


@button("overdue.later")
def later(ctx: Ctx, number: int) -> Pressed:
    """[延期…]: a new day and why; the next words in this chat may be just that."""
    chat = ctx.chat
    ctx, task = own_task(ctx, number)
    ctx.books.questions.ask(chat.id, ctx.person.id, "overdue.due", lasts=WITHIN, task=task.id)
    text = say(
        "{head} 延到哪天？写上原因，例：10-9 因为：供应商缺货",
        "{head}: until when? Say why, e.g. 10-9 because: the supplier is out",
        head=head(task),
    )
    return Pressed(say("延到哪天？", "Until when?"), reply=Reply(text_card(text)))


@answers("overdue.due")
def moved(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """``10-9 因为：供应商缺货``; anything without a day is about something else."""
    words = ctx.line.folded
    task = ctx.tasks.get(subject["task"])
    if task is None or task.closed or not find(apart(words[:200]), ctx.now, ctx.calendar):
        return None
    if not _REASON.search(words):
        raise UserError(
            say("延期要写一句原因，例：10-9 因为：供应商缺货", "Please say why, e.g. 10-9 because: the supplier is out")
        )
    chat = ctx.chat
    ctx, task = open_by_id(ctx, task.id, VERB)
    ctx.line.text, ctx.line.folded = ctx.thing.text.strip(), words
    said = move(ctx, [task.number])
    after = ctx.tasks.get(task.id)
    if after is None or (after.due, after.due_minute) != (task.due, task.due_minute):
        ctx.books.questions.close(chat.id, ctx.person.id)  # a day gone by is asked about: another may follow
    return said


@button("overdue.help")
def help_wanted(ctx: Ctx, number: int) -> Pressed:
    """[求助]: a blocker that asks the lead."""
    ctx, task = own_task(ctx, number)
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    words = f"{task.ref} {task.title} {_NEEDS[ctx.locale]}"
    for blocker in ctx.books.blockers.open_in(ctx.project.id):
        if blocker.person == ctx.person.id and blocker.words == words:
            raise UserError(
                say("已经求助过：{ref}（{who}）。", "You asked already: {ref} ({who}).", ref=blocker.ref,
                    who=blocker.helper_name or say("待回应", "nobody yet"))
            )  # fmt: skip
    helper = next((lead for lead in desk.leads if lead.id != ctx.person.id), None)
    return Pressed(ask_helper(ctx, desk, words, helper))


@button("overdue.hush")
def hush(ctx: Ctx, number: int) -> Pressed:
    """[今天别提醒], for this task and the presser."""
    ctx, task = own_task(ctx, number)
    ctx.books.pushes.hush(ctx.person.id, task.id, ctx.today)
    return Pressed(say("好的，今天不再提醒 {ref}。", "OK, no more about {ref} today.", ref=task.ref))


def own_task(ctx: Ctx, number: int) -> tuple[Ctx, Task]:
    """A task somebody was reminded of. Raises UserError: closed, or somebody else's."""
    ctx, task = open_by_id(ctx, number, VERB)
    if not answers_for(ctx, task):
        raise UserError(say("{ref} 由{who}负责。", "{ref} belongs to {who}.", ref=task.ref, who=task.owner_name))
    return ctx, task
