"""Stages: 策划, 设计, 执行.  ``T1 T2 阶段 设计``  ``/阶段``  ``/阶段 设置 策划 设计 执行``"""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.errors import UserError
from chat.text import NOTHING, Text, join, listed, say
from commands.access import open_task_of, require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command, hears
from commands.line import fold
from commands.plan_things import require_change, sight_of, undo_button
from commands.reply import Reply, reply
from commands.task_change import change
from commands.task_lines import leading, ref_then
from planning.stages import Part, Stage, rolled_up
from reports.days import working_days
from reports.risk_cards import named
from reports.sight import Sight, Thing
from storage.tasks import Task

SETTING = "stages"
USUAL = {"zh": ("策划", "设计", "执行"), "en": ("Plan", "Design", "Delivery")}
MOST = 8
LONGEST = 12
VERB = say("改阶段", "change the stage of")
EXAMPLE = say("T1 阶段 设计", "T1 stage design")


def stages_of(ctx: Ctx) -> list[str]:
    """As an admin named them, or as they were when a task got its first."""
    return list(ctx.project.settings.get(SETTING) or USUAL[ctx.locale])


@command(
    "阶段", "stages", "stage",
    usage=say("各阶段完成多少、晚几天", "How far each stage is, and how late"),
    example=say("/阶段", "/stages"),
)  # fmt: skip
def shown(ctx: Ctx, words: Rest) -> Reply:
    """The lagging one first."""
    if words:
        raise UserError(
            say("给任务定阶段：T1 阶段 设计；改阶段名：/阶段 设置 策划 设计 执行",
                "For a task: T1 stage design; to name the stages: /stages set Plan Design Delivery")
        )  # fmt: skip
    sight = sight_of(ctx)
    tasks = ctx.tasks.staged(ctx.project.id)
    found = rolled_up([_part(sight, task) for task in tasks], stages_of(ctx))
    if not any(stage.all for stage in found):
        raise UserError(
            say("还没有任务定了阶段（{names}）。例：T1 阶段 {last}",
                "No task has a stage yet ({names}). Example: T1 stage {last}",
                names=listed(stages_of(ctx)), last=stages_of(ctx)[-1])
        )  # fmt: skip
    lines = [_line(stage, first=place == 0 and bool(stage.late)) for place, stage in enumerate(found)]
    loose = sum(not task.stage for task in ctx.tasks.open_in(ctx.project.id))
    if loose:
        lines.append(say("没定阶段 {n} 项", "Without a stage: {n}", n=loose))
    return Reply(text_card(join(lines, "\n")))


def _part(sight: Sight, task: Task) -> Part:
    late = 0
    number = sight.place.get(("T", task.id))
    if not task.closed and task.due is not None and number is not None:
        late = max(0, sight.calendar.working_days_between(task.due, sight.found.finish(number)))
    return Part(task.stage, task.progress, task.weight, task.closed, late)


def _line(stage: Stage, *, first: bool) -> Text:
    """``🔴 设计 40%（1/3），晚 2 个工作日``."""
    late = say("，晚 {n}", ", {n} late", n=working_days(stage.late)) if stage.late else NOTHING
    icon = "🔴" if stage.late else ("✅" if stage.all and stage.done == stage.all else "🔵" if stage.percent else "⚪")
    lag = say("（最慢）", " (lags most)") if first else NOTHING
    return say("{icon} {name} {p}%（{done}/{all}）{late}{lag}", "{icon} {name} {p}% ({done}/{all}){late}{lag}",
               icon=icon,
               name=stage.name, p=stage.percent, done=stage.done, all=stage.all, late=late, lag=lag)  # fmt: skip


@command(
    "阶段 设置", "stages set",
    usage=say("定这个项目的阶段", "Name the project's stages"),
    example=say("/阶段 设置 策划 设计 执行", "/stages set Plan Design Delivery"),
    roles="admin",
)  # fmt: skip
def rename(ctx: Ctx, words: Rest) -> Reply:
    """2 to 8 names; tasks keep what they have."""
    require(ctx, "plan.stages")
    names = list(dict.fromkeys(word for word in re.split(r"[\s、,，>→]+", words) if word))
    if not 2 <= len(names) <= MOST or max(map(len, names), default=0) > LONGEST:
        raise UserError(
            say("写 2–{most} 个阶段，每个最多 {longest} 字。例：/阶段 设置 策划 设计 执行",
                "Write 2–{most} stages of {longest} characters at most. Example: /stages set Plan Design Delivery",
                most=MOST, longest=LONGEST)
        )  # fmt: skip
    ctx.books.projects.set(ctx.project, **{SETTING: names})
    return reply("✅ 阶段：{names}。", "✅ Stages: {names}.", names=" → ".join(names))


@hears(ref_then(r"(?:改)?阶段(?![性的])|stage(?![a-z])"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 T2 阶段 设计``; 未定 takes it away."""
    numbers = leading(ctx, match)
    words = ctx.line.rest
    names = stages_of(ctx)
    if fold(words) in ("未定", "无", "没有", "none"):
        wanted = ""
    else:
        found = next((name for name in names if fold(name) == fold(words)), None)
        if found is None:
            raise UserError(
                say("阶段有 {names}，例：T1 阶段 {first}。改阶段：/阶段 设置 …",
                    "The stages are {names}, e.g. T1 stage {first}. To change them: /stages set …",
                    names=listed(names), first=names[0])
            )  # fmt: skip
        wanted = found
    if SETTING not in ctx.project.settings:
        ctx.project = ctx.books.projects.set(ctx.project, **{SETTING: names})
    tasks: list[Thing] = []
    for number in numbers:
        task = open_task_of(ctx, number, VERB, EXAMPLE)
        require_change(ctx, task)
        tasks.append(change(ctx, task, stage=wanted))
    text = say("{names} 阶段：{stage}。", "{names}: stage {stage}.", names=listed(named(t) for t in tasks),
               stage=wanted or say("未定", "none"))  # fmt: skip
    return Reply(text_card(text, undo_button(ctx)))
