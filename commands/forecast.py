"""How long something takes and when it is done, from what was finished.  ``/预测``  ``/预测 T5``  ``/预测 M1``"""

from __future__ import annotations

import re
from datetime import date

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, say
from commands.access import open_by_id, open_task_of
from commands.arguments import Rest
from commands.context import Ctx
from commands.due import set_due
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Pressed, Reply
from commands.task_view import words_of
from planning.due import END_OF_DAY, Point
from reports import outlook_cards
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.planning.outlook import Outlook

EXAMPLE = say("/预测 T1", "/forecast T1")
MOST = 8
_TASK = re.compile(r"t ?(\d{1,18})")
_MILESTONE = re.compile(r"m ?(\d{1,18})")
_TEST = re.compile(r"回测|准不准|命中率?|校准|back ?test|test|calibration")


@command(
    "预测",
    "forecast",
    usage=say("按历史预测：任务要几天，里程碑哪天到", "From history: how long tasks take, when milestones are reached"),
    example=EXAMPLE,
)
def show(ctx: Ctx, words: Rest) -> Reply:
    """A task, a milestone, everything, or how good the forecasts were. Raises UserError: none of these."""
    folded = fold(words).strip()
    outlook = Outlook(Desk(ctx.books, ctx.speaker, ctx.project))
    if match := _TASK.fullmatch(folded):
        task = open_task_of(ctx, int(match[1]), say("预测", "forecast"), EXAMPLE)
        return Reply(outlook_cards.task_card(outlook.of(task), ctx.calendar))
    if match := _MILESTONE.fullmatch(folded):
        return Reply(text_card(_milestone(ctx, outlook, int(match[1]))))
    if _TEST.fullmatch(folded):
        return Reply(text_card(_tested(outlook)))
    if folded:
        raise UserError(
            say("预测什么？写任务号或里程碑号，例：{example}；全部：/预测；准不准：/预测 回测",
                "Forecast what? Give the number of a task or milestone, e.g. {example}; all: /forecast; "
                "how good it is: /forecast test", example=EXAMPLE)
        )  # fmt: skip
    return Reply(text_card(_all(ctx, outlook)))


def _milestone(ctx: Ctx, outlook: Outlook, number: int) -> Text:
    milestone = ctx.books.milestones.numbered(ctx.project.id, number)
    if milestone is None or milestone.closed:
        raise UserError(
            say("没有进行中的里程碑 M{n}。发「/里程碑」看看有哪些。",
                "There is no open milestone M{n}. Send “/milestones” to see them.", n=number)
        )  # fmt: skip
    goal = outlook.goals([milestone])[0]
    if goal is None:
        raise UserError(_none(outlook, milestone.ref))
    lines = [outlook_cards.goal_text(goal), outlook_cards.rests_on(outlook),
             outlook_cards.calibration(outlook.calibration())]  # fmt: skip
    return join(lines, "\n")


def _none(outlook: Outlook, ref: str) -> Text:
    """Why there is no forecast: nothing leads there, or too little was finished."""
    if outlook.samples and outlook.enough:
        return say(
            "{ref} 没有未完成的前置任务，没有可预测的。加一个：{ref} 依赖 T1",
            "No open task leads to {ref}, so there is nothing to forecast. Add one: {ref} depends on T1",
            ref=ref,
        )
    return outlook_cards.too_few(len(outlook.samples))


def _tested(outlook: Outlook) -> Text:
    if not outlook.enough:
        return outlook_cards.too_few(len(outlook.samples))
    return outlook_cards.calibration(outlook.calibration())


def _all(ctx: Ctx, outlook: Outlook) -> Text:
    """Every milestone ahead, or else all tasks together; what takes far too long."""
    if not outlook.enough:
        raise UserError(outlook_cards.too_few(len(outlook.samples)))
    ahead = [one for one in ctx.books.milestones.of_project(ctx.project.id) if not one.closed][:MOST]
    *goals, whole = outlook.goals([*ahead, None])
    if whole is None:
        raise UserError(say("没有未完成的任务，没有可预测的。", "There is no open task to forecast."))
    lines = [outlook_cards.goal_text(goal) for goal in [*goals, whole] if goal is not None]
    lines += [outlook_cards.odd_line(one) for one in outlook.odd_ones()[:MOST]]
    lines += [outlook_cards.rests_on(outlook), outlook_cards.calibration(outlook.calibration())]
    return join(lines, "\n")


@button("forecast.reserve")
def reserved(ctx: Ctx, number: int, day: date, days: int) -> Pressed:
    """[截止改到 9-28]: the due moves, and its history says why."""
    ctx, task = open_by_id(ctx, number, say("留缓冲", "keep a reserve"))
    if task.due is None or task.due >= day:
        raise UserError(
            say("{ref} 的截止已经是 {day}，没有改动。", "{ref} is due {day} already; nothing changed.", ref=task.ref,
                day=bare_day(task.due) if task.due else say("未定", "open"))
        )  # fmt: skip
    why = say("缓冲 {n} 天（以往平均超出）", "{n} days in reserve (such tasks took longer)", n=days).render(ctx.locale)
    card = set_due(ctx, task, Point(day, END_OF_DAY if task.due_minute is None else task.due_minute), why)
    return Pressed(words_of(card), card=card)
