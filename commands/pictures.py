"""How the project stands, as a picture.  ``/进度 图``  ``/图 燃起``"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from chat.cards import Button, Buttons, Card
from chat.charts import Chart
from chat.errors import UserError
from chat.text import Text, listed, say
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Pressed, Reply
from planning.lives import lives
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.planning.crew import Crew
from reports.planning.outlook import Outlook
from reports.planning.pictures import bars, flows, people
from reports.planning.week import clock_of, gather
from reports.stages import stages_of
from reports.task_board import cut
from storage.links import TASK

EXAMPLE = say("/图 燃起", "/chart burnup")
NO_STAGE = say("没定阶段", "no stage")
NAME = 28
"""Columns."""
SINCE = date(2000, 1, 1)
"""Before anything."""


def _name(ctx: Ctx) -> str:
    """The project's, as short as leaves room for what the picture is."""
    return cut(ctx.project.name, NAME)


def _gantt(ctx: Ctx, desk: Desk, stage: str | None = None) -> Chart | None:
    """``stage``: of its tasks alone, "" of those without one; None: of all, with the milestones."""
    milestones = [each for each in ctx.books.milestones.of_project(ctx.project.id) if each.state != "cancelled"]
    week = gather(desk, ctx.today)
    name = _name(ctx)
    if stage is not None:
        week = replace(week, works=tuple(work for work in week.works if work.stage == stage))
        milestones = []
        name = f"{name} {stage or NO_STAGE.render(ctx.locale)}"
    return bars.gantt(week, milestones, name, ctx.calendar)


def _pages(ctx: Ctx, chart: Chart) -> tuple[Button, ...]:
    """One for each stage, where the whole does not fit on one picture."""
    if len(chart.labels) < bars.MOST:
        return ()
    names = dict.fromkeys(task.stage for task in ctx.tasks.open_in(ctx.project.id))
    if not any(names):
        return ()
    stages = [*(name for name in stages_of(ctx.project, ctx.locale) if name in names), *([""] if "" in names else [])]
    return tuple(
        Button(say("甘特：{stage}", "Gantt: {stage}", stage=name or NO_STAGE), "picture", ("gantt", name))
        for name in stages
    )


def _board(ctx: Ctx, desk: Desk) -> Chart | None:
    return people.board(gather(desk, ctx.today), _name(ctx))


def _off_plan(ctx: Ctx, desk: Desk) -> Chart | None:
    return bars.off_plan(gather(desk, ctx.today), _name(ctx))


def _load(ctx: Ctx, desk: Desk) -> Chart | None:
    crew = Crew(desk)
    span = ctx.books.leaves.between(ctx.project.id, crew.today, date.fromordinal(crew.today.toordinal() + 14))
    there = {one.person: {day: 0.0 if part == "day" else 0.5 for day, part in one.days.items()} for one in span}
    return people.load(crew, there, _name(ctx), ctx.calendar)


def _history(ctx: Ctx, desk: Desk) -> flows.History:
    clock = clock_of(desk)
    facts, numbers = ctx.books.lives.facts(ctx.project.id, at_local(SINCE, 0, clock.zone))
    return flows.History(lives(facts, numbers, clock), clock, ctx.today)


def _burn_up(ctx: Ctx, desk: Desk) -> Chart | None:
    standing = ctx.books.baselines.of(ctx.project.id)
    agreed = None
    if standing:
        frozen = ctx.books.baselines.items(standing[-1])
        dues = {number: item.due for (letter, number), item in frozen.items() if letter == TASK}
        agreed = flows.Agreed(standing[-1].number, standing[-1].at, dues)
    return flows.burn_up(_history(ctx, desk), _name(ctx), ctx.calendar, agreed)


def _flow(ctx: Ctx, desk: Desk) -> Chart | None:
    return flows.flow(_history(ctx, desk), _name(ctx), ctx.calendar)


def _expected(ctx: Ctx, desk: Desk) -> Chart | None:
    outlook = Outlook(desk)
    ahead = [each for each in ctx.books.milestones.of_project(ctx.project.id) if not each.closed]
    *found, whole = outlook.goals([*ahead, None])
    goals = [goal for goal in found if goal is not None] or ([whole] if whole is not None else [])
    return bars.expected(outlook, goals, _name(ctx))


Draw = Callable[[Ctx, Desk], Chart | None]
PICTURES: dict[str, tuple[Text, tuple[str, ...], Draw, Text]] = {
    "gantt": (say("甘特", "Gantt"), ("甘特", "甘特图", "gantt", "时间线", "timeline"), _gantt,
              say("还没有带日期的任务", "no task has a date yet")),
    "board": (say("看板", "Board"), ("看板", "board"), _board, say("还没有任务", "there are no tasks yet")),
    "burnup": (say("燃起", "Burn-up"), ("燃起", "燃起图", "燃尽", "燃尽图", "burnup", "burn-up", "burndown"), _burn_up,
               say("还没有任务", "there are no tasks yet")),
    "load": (say("负荷", "Load"), ("负荷", "负荷图", "load", "热力", "热力图", "heat"), _load,
             say("还没有成员", "nobody takes part yet")),
    "flow": (say("累计流", "Flow"), ("累计流", "累计流图", "累积", "累积流", "累积流图", "流量", "flow", "cfd"), _flow,
             say("还没有任务", "there are no tasks yet")),
    "off": (say("偏差", "Off plan"), ("偏差", "偏差图", "工期偏差", "deviation", "off"), _off_plan,
            say("到期的任务还没有完成的", "nothing that was due is finished yet")),
    "expected": (say("预测", "Forecast"), ("预测", "预测图", "里程碑", "forecast", "fan"), _expected,
                 say("完成的任务太少，还不能预测", "too little is finished for a forecast")),
}  # fmt: skip


@command(
    "图",
    "chart",
    "进度 图",
    "status chart",
    "图表",
    "画图",
    usage=say("把进度画成图：甘特、看板、燃起、负荷…", "Pictures: gantt, board, burnup, load…"),
    example=EXAMPLE,
)
def show(ctx: Ctx, words: Rest) -> Reply:
    """One picture; without a word the Gantt chart. Raises UserError: no such picture, or nothing to draw."""
    asked = fold(words).strip().removeprefix("图").strip() or "gantt"
    kind = next((kind for kind, (_, called, _, _) in PICTURES.items() if asked in called), None)
    first, _, stage = asked.partition(" ")
    if kind is None and first in PICTURES["gantt"][1]:
        return Reply(_card(ctx, "gantt", _stage(ctx, stage.strip())))
    if kind is None:
        raise UserError(
            say("没有「{asked}」这种图。可以画：{kinds}。例：{example}",
                "There is no picture “{asked}”. There are: {kinds}. E.g. {example}", asked=words[:20],
                kinds=listed(name for name, *_ in PICTURES.values()), example=EXAMPLE)
        )  # fmt: skip
    return Reply(_card(ctx, kind))


def _stage(ctx: Ctx, folded: str) -> str:
    """Raises UserError: there is none of that name."""
    names = stages_of(ctx.project, ctx.locale)
    if folded in ("没定阶段", "未定", "其他", "none"):
        return ""
    found = next((name for name in names if fold(name) == folded), None)
    if found is None:
        raise UserError(
            say("没有「{stage}」这个阶段，有 {names}。例：/图 甘特 {first}",
                "There is no stage “{stage}”; there are {names}. E.g. /chart gantt {first}", stage=folded[:20],
                names=listed(names), first=names[0])
        )  # fmt: skip
    return found


@button("picture")
def another(ctx: Ctx) -> Pressed:
    """The same project, drawn in another way, or a stage of it."""
    kind, *more = ctx.action.args or ("",)
    if kind not in PICTURES:
        raise UserError(say("没有这种图。", "There is no such picture."))
    stage = more[0] if more and kind == "gantt" else None
    return Pressed(say("在画了。", "Drawing."), reply=Reply(_card(ctx, kind, stage)))


def _card(ctx: Ctx, kind: str, stage: str | None = None) -> Card:
    _, _, draw, nothing = PICTURES[kind]
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    chart = draw(ctx, desk) if stage is None else _gantt(ctx, desk, stage)
    if chart is None:
        raise UserError(say("{why}，没有可画的。", "Nothing to draw: {why}.", why=nothing))
    others = tuple(Button(name, "picture", (other,)) for other, (name, *_) in PICTURES.items() if other != kind)
    pages = _pages(ctx, chart) if kind == "gantt" and stage is None else ()
    return Card((chart, *([Buttons(pages)] if pages else []), Buttons(others)))
