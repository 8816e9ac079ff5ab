"""Forecasts in words: never one number, always what they rest on, and how often they were right."""

from __future__ import annotations

from chat.cards import Button, Card, text_card
from chat.text import Text, say, verbatim
from planning.calendar import Calendar
from planning.forecast import LEAST, Calibration, Pool
from planning.metrics import per_cent
from reports.days import bare_day, working_days
from reports.planning.outlook import Expected, Goal, Outlook
from reports.task_board import cut

_BASIS = {
    "both": say("同一负责人、同一阶段", "the same owner and stage"),
    "owner": say("同一负责人", "the same owner"),
    "stage": say("同一阶段", "the same stage"),
    "all": say("全项目", "the whole project"),
}


def task_text(one: Expected) -> Text:
    """``T5 商品上架（赵六）计划 5 个工作日：一半把握 6 天，85% 把握 8 天。``"""
    head = _head(one)
    if one.days is None:
        return say("{head}\n{why}", "{head}\n{why}", head=head, why=too_few(len(one.pool.ratios)))
    done = say("，已做 {n} 天", ", {n} used so far", n=one.elapsed) if one.elapsed else verbatim("")
    odd = (
        say("\n🔴 用时已远超同类，问问是不是卡住了。", "\n🔴 That is far more than usual: is it stuck?")
        if one.odd
        else verbatim("")
    )
    return say(
        "{head}计划 {planned} 个工作日{done}\n一半把握 {p50} 天，85% 把握 {p85} 天\n{basis}{odd}",
        "{head}: {planned} working days planned{done}\n{p50} days as likely as not, {p85} days in 85 of 100 cases\n"
        "{basis}{odd}",
        head=head, planned=one.planned, done=done, p50=one.days.p50, p85=one.days.p85, basis=basis(one.pool), odd=odd,
    )  # fmt: skip


def task_card(one: Expected, calendar: Calendar) -> Card:
    """With a reserve offered where such tasks took longer than planned; nothing is moved before somebody presses."""
    task = one.task
    if not one.reserve or task.due is None or task.started_at is not None:
        return text_card(task_text(one))
    day = calendar.add_working(task.due, one.reserve)
    offer = say(
        "{text}\n同类 {n} 项平均比计划多用 {days}，要不要留缓冲？",
        "{text}\n{n} such tasks took {days} longer than planned on average. Keep that in reserve?",
        text=task_text(one), n=one.reserve_of, days=working_days(one.reserve),
    )  # fmt: skip
    label = say("截止改到 {day}", "Due {day}", day=bare_day(day))
    args = (str(task.id), day.isoformat(), str(one.reserve))
    return text_card(offer, Button(label, "forecast.reserve", args, task.version))


def _head(one: Expected) -> Text:
    who = verbatim(one.task.owner_name) if one.task.owner_name else say("待指派", "nobody")
    return say(
        "{ref} {title}（{who}）", "{ref} {title} ({who})", ref=one.task.ref, title=cut(one.task.title, 28), who=who
    )


def too_few(count: int) -> Text:
    """``样本不足（5）``: below that a forecast would be a guess."""
    return say(
        "样本不足（{n}）：有 {least} 项做完的任务才预测。",
        "Too few samples ({n}): a forecast needs {least} finished tasks.",
        n=count, least=LEAST,
    )  # fmt: skip


def basis(pool: Pool) -> Text:
    return say("依据：{whose}做完的 {n} 项", "From {n} finished tasks of {whose}", whose=_BASIS[pool.basis],
               n=len(pool.ratios))  # fmt: skip


def goal_text(goal: Goal) -> Text:
    """``M1 素材交付（9-28）：一半把握 9-29，85% 把握 10-9，按期把握 40%``."""
    milestone = goal.milestone
    if milestone is None:
        return say(
            "全部 {n} 项：一半把握 {p50}，85% 把握 {p85}",
            "All {n} tasks: {p50} as likely as not, {p85} in 85 of 100 cases",
            n=goal.tasks, p50=bare_day(goal.p50), p85=bare_day(goal.p85),
        )  # fmt: skip
    due = say("（{day}）", " ({day})", day=bare_day(milestone.due)) if milestone.due else verbatim("")
    sure = say("，按期把握 {n}%", ", {n}% likely in time", n=goal.in_time) if goal.in_time is not None else verbatim("")
    return say(
        "{ref} {title}{due}：一半把握 {p50}，85% 把握 {p85}{sure}",
        "{ref} {title}{due}: {p50} as likely as not, {p85} in 85 of 100 cases{sure}",
        ref=milestone.ref, title=cut(milestone.title, 28), due=due, p50=bare_day(goal.p50), p85=bare_day(goal.p85),
        sure=sure,
    )  # fmt: skip


def rests_on(outlook: Outlook) -> Text:
    """What the simulation takes into account."""
    return say(
        "模拟 {runs} 次：历史 {n} 项的快慢、依赖、每人一次做一件。",
        "{runs} simulated runs: how {n} finished tasks went, what waits for what, one thing at a time for each person.",
        runs=outlook.runs,
        n=len(outlook.samples),
    )


def calibration(found: Calibration) -> Text:
    """``回测 40 项：说 85% 把握的，35 项没超（88%）``."""
    if not found.tasks:
        return say("还没有可回测的预测。", "There is no forecast to test yet.")
    return say(
        "回测 {n} 项：85% 把握的有 {k} 项没超（{p}%），一半把握的有 {m} 项没超（{q}%）。",
        "Tested on {n} tasks: {k} stayed within the 85% forecast ({p}%), {m} within the even one ({q}%).",
        n=found.tasks, k=found.within85, p=per_cent(found.within85, found.tasks), m=found.within50,
        q=per_cent(found.within50, found.tasks),
    )  # fmt: skip


def odd_line(one: Expected) -> Text:
    """``🔴 T7 主图（王五）已做 12 天，计划 3 天``."""
    return say(
        "🔴 {head}已做 {n} 天，计划 {planned} 天，远超同类",
        "🔴 {head}: {n} days so far, {planned} planned, far off the usual",
        head=_head(one), n=one.elapsed, planned=one.planned,
    )  # fmt: skip
