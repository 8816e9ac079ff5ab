"""What must be, should be, could be and will not be.  ``/重评``  ``T5 必须``"""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.errors import UserError
from chat.text import join, listed, say
from commands.access import open_by_id, open_task_of, require, seen_from
from commands.context import Ctx
from commands.daily_desk import expired
from commands.grammar import button, command, hears
from commands.reply import Pressed, Reply
from commands.task_lines import leading, ref_then
from planning.moscow import CHOICES
from reports.daily_desk import Desk
from reports.planning.weighing import weighing_of
from reports.weighing import CHOICE, page, result
from storage.tasks import Task

RIGHT = "task.weigh"
VERB = say("重评", "weigh")
_WORDS = {
    "must": r"必须做?|must", "should": r"应该做?|should", "could": r"可以做?|could", "wont": r"(?:先)?不做|won'?t",
}  # fmt: skip


@command(
    "重评",
    "weigh",
    "moscow",
    usage=say("逐项重评：必须、应该、可以、不做", "Weigh every task: must, should, could, won't"),
    example=say("/重评", "/weigh"),
    roles="admin",
)
def show(ctx: Ctx) -> Reply:
    """Five tasks a page. Raises UserError: nothing is open."""
    require(ctx, RIGHT)
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    weighing = weighing_of(desk)
    if not weighing.items:
        raise UserError(say("没有未完成的任务，不用重评。", "No task is open: there is nothing to weigh."))
    return Reply(page(desk, weighing, 0))


@hears(ref_then("(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items()) + r")[\s.]*$"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T5 必须``, ``T1 T2 不做``"""
    choice = next(name for name in CHOICES if match[name])
    numbers = leading(ctx, match)
    require(ctx, RIGHT)
    tasks = [open_task_of(ctx, number, VERB, say("T5 必须", "T5 must")) for number in numbers]
    for task in tasks:
        _choose(ctx, task, choice)
    weighing = weighing_of(Desk(ctx.books, ctx.speaker, ctx.project))
    refs = listed(task.ref for task in tasks)
    line = say("{refs} 记为{choice}。", "{refs}: {choice}.", refs=refs, choice=CHOICE[choice])
    return Reply(text_card(join([line, result(weighing)], "\n")))


def _choose(ctx: Ctx, task: Task, choice: str) -> None:
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    ctx.books.moscow.choose(ctx.project.id, task.id, weighing_of(desk).week.first, choice)


# --- pressed -------------------------------------------------------------------------------------------------------


@button("moscow.set")
def chosen(ctx: Ctx, number: int, choice: str, at: int) -> Pressed:
    """``at``: the page it stands on."""
    if choice not in CHOICES:
        raise expired()
    ctx, task = open_by_id(ctx, number, VERB)
    require(ctx, RIGHT)
    _choose(ctx, task, choice)
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    toast = say("{ref} {choice}", "{ref} {choice}", ref=task.ref, choice=CHOICE[choice])
    return Pressed(toast, card=page(desk, weighing_of(desk), at))


@button("moscow.page")
def turned(ctx: Ctx, project: int, number: int) -> Pressed:
    """[上一页] [下一页]"""
    desk = _desk(ctx, project)
    weighing = weighing_of(desk)
    if not weighing.items:
        raise UserError(say("没有未完成的任务，不用重评。", "No task is open: there is nothing to weigh."))
    return Pressed(say("第 {n} 页", "Page {n}", n=number + 1), card=page(desk, weighing, number))


@button("moscow.done")
def finished(ctx: Ctx, project: int) -> Pressed:
    """[完成]: what it adds up to, and what changed."""
    desk = _desk(ctx, project)
    return Pressed(say("重评完成。", "Weighed."), reply=Reply(text_card(result(weighing_of(desk)))))


def _desk(ctx: Ctx, project: int) -> Desk:
    """Raises UserError: no such project, or this person may not."""
    there = seen_from(ctx, project)
    if there is None:
        raise expired()
    require(there, RIGHT)
    return Desk(ctx.books, ctx.speaker, there.project)
