"""Stages: 策划, 设计, 执行.  ``T1 T2 阶段 设计``  ``/阶段``  ``/阶段 设置 策划 设计 执行``"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chat.cards import text_card
from chat.errors import UserError
from chat.text import NOTHING, Text, join, listed, say
from commands.access import open_task_of, require
from commands.arguments import Rest, Someone
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import command, hears
from commands.line import fold
from commands.plan_things import begin_watch, require_change, sight_of, undo_button
from commands.reply import Reply, reply
from commands.task_change import change
from commands.task_lines import Subjects, leading, ref_then
from planning.stages import Stage
from reports.days import working_days
from reports.risk_cards import named
from reports.sight import Thing
from reports.stages import OWNERS, SETTING, owners_of, rolled, stages_of

MOST = 8
LONGEST = 12
VERB = say("改阶段", "change the stage of")
EXAMPLE = say("T1 阶段 设计", "T1 stage design")


@command(
    "阶段", "stages", "stage",
    usage=say("各阶段完成多少、晚几天", "How far each stage is, and how late"),
    example=say("/阶段", "/stages"),
)  # fmt: skip
def shown(ctx: Ctx, numbers: Subjects, words: Rest) -> Reply:
    """The lagging one first; with tasks and a stage, as ``T1 阶段 设计``."""
    if numbers and words:
        return _put(ctx, numbers, words)
    if words or numbers:
        raise UserError(
            say("给任务定阶段：T1 阶段 设计；改阶段名：/阶段 设置 策划 设计 执行",
                "For a task: T1 stage design; to name the stages: /stages set Plan Design Delivery")
        )  # fmt: skip
    sight = sight_of(ctx)
    tasks = ctx.tasks.staged(ctx.project.id)
    names, owners = stages_of(ctx.project, ctx.locale), owners_of(ctx.project)
    found = rolled(sight, tasks, names)
    if not any(stage.all for stage in found):
        raise UserError(
            say("还没有任务定了阶段（{names}）。例：T1 阶段 {last}",
                "No task has a stage yet ({names}). Example: T1 stage {last}",
                names=listed(names), last=names[-1])
        )  # fmt: skip
    lines = [_line(ctx, stage, owners, first=place == 0 and bool(stage.late)) for place, stage in enumerate(found)]
    loose = sum(not task.stage for task in ctx.tasks.open_in(ctx.project.id))
    if loose:
        lines.append(say("没定阶段 {n} 项", "Without a stage: {n}", n=loose))
    return Reply(text_card(join(lines, "\n")))


def _line(ctx: Ctx, stage: Stage, owners: Mapping[str, int], *, first: bool) -> Text:
    """``🔴 设计（王五）40%（1/3），晚 2 个工作日``."""
    owner = ctx.books.people.get(owners[stage.name]).name if stage.name in owners else ""
    who = say("（{who}）", " ({who}) ", who=owner) if owner else say(" ", " ")
    late = say("，晚 {n}", ", {n} late", n=working_days(stage.late)) if stage.late else NOTHING
    icon = "🔴" if stage.late else ("✅" if stage.all and stage.done == stage.all else "🔵" if stage.percent else "⚪")
    lag = say("（最慢）", " (lags most)") if first else NOTHING
    return say("{icon} {name}{who}{p}%（{done}/{all}）{late}{lag}",
               "{icon} {name}{who}{p}% ({done}/{all}){late}{lag}",
               icon=icon, name=stage.name, who=who, p=stage.percent, done=stage.done, all=stage.all, late=late,
               lag=lag)  # fmt: skip


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


@command(
    "阶段 负责人", "stages owner", "stage owner",
    usage=say("谁管一个阶段：慢了提醒他", "Who answers for a stage and hears that it lags"),
    example=say("/阶段 负责人 设计 @王五", "/stages owner Design @Wang"),
    roles="admin",
)  # fmt: skip
def put_in_charge(ctx: Ctx, whom: Someone, words: Rest) -> Reply:
    """Without a person: nobody any more. Raises UserError: no such stage, not a member."""
    require(ctx, "plan.stages")
    names = stages_of(ctx.project, ctx.locale)
    name = next((name for name in names if fold(name) == fold(words.strip())), None)
    if name is None:
        raise UserError(
            say("写哪个阶段和谁，阶段有 {names}。例：/阶段 负责人 {first} @王五",
                "Which stage, and who? The stages are {names}. E.g. /stages owner {first} @Wang",
                names=listed(names), first=names[0])
        )  # fmt: skip
    if whom is not None and not ctx.books.people.role(ctx.project.id, whom.id):
        raise UserError(
            say("{name} 不在本项目。先加进来：/成员 加 @{name}",
                "{name} is not in this project. Add them first: /members add @{name}", name=whom.name)
        )  # fmt: skip
    here_still(whom)
    owners = {stage: person for stage, person in owners_of(ctx.project).items() if stage != name and stage in names}
    if whom is not None:
        owners[name] = whom.id
    ctx.books.projects.set(ctx.project, **{OWNERS: owners or None, SETTING: names})
    if whom is None:
        return reply("✅ {stage}阶段没有负责人了。", "✅ Nobody answers for the stage {stage} now.", stage=name)
    return reply("✅ {stage}阶段由 {who} 负责，慢了先提醒他。",
                 "✅ {who} answers for {stage} and hears first that it lags.",
                 stage=name, who=whom.name)  # fmt: skip


@hears(ref_then(r"(?:改)?阶段(?![性的])|stage(?![a-z])"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 T2 阶段 设计``; 未定 takes it away."""
    return _put(ctx, leading(ctx, match), ctx.line.rest)


def _put(ctx: Ctx, numbers: list[int], words: str) -> Reply:
    """Raises UserError: no such stage, no such task, not theirs."""
    names = stages_of(ctx.project, ctx.locale)
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
    begin_watch(ctx)
    text = say("{names} 阶段：{stage}。", "{names}: stage {stage}.", names=listed(named(t) for t in tasks),
               stage=wanted or say("未定", "none"))  # fmt: skip
    return Reply(text_card(text, undo_button(ctx)))
