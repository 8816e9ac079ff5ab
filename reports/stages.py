"""Stages of a project rolled up, and a word in the morning to who answers for the one that lags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from chat.text import join, say, verbatim
from planning.stages import Part, Stage, rolled_up
from planning.work_weeks import work_week
from reports import slot
from reports.daily_desk import Desk
from reports.days import working_days
from reports.risk_cards import named
from reports.rules import RISK as RULE
from reports.sight import SWITCH, Sight, look
from storage.links import TASK
from storage.people import Person
from storage.projects import ProjectInfo
from storage.tasks import Task

SETTING, OWNERS = "stages", "stage_owners"
USUAL = {"zh": ("策划", "设计", "执行"), "en": ("Plan", "Design", "Delivery")}
KIND = "stage"
MOST = 5
"""Tasks named in one message."""


def stages_of(project: ProjectInfo, locale: str = "zh") -> list[str]:
    """As an admin named them, or as they were when a task got its first."""
    return list(project.settings.get(SETTING) or USUAL["en" if locale == "en" else "zh"])


def owners_of(project: ProjectInfo) -> Mapping[str, int]:
    """{stage: the person who answers for it}, where one was named."""
    found: Mapping[str, int] = project.settings.get(OWNERS) or {}
    return found


def late_by(sight: Sight, task: Task) -> int:
    """Working days it is, or will be, beyond its due."""
    number = sight.place.get(("T", task.id))
    if task.closed or task.due is None or number is None:
        return 0
    return max(0, sight.calendar.working_days_between(task.due, sight.found.finish(number)))


def rolled(sight: Sight, tasks: Sequence[Task], names: Sequence[str]) -> list[Stage]:
    """The one that lags most first."""
    parts = [Part(task.stage, task.progress, task.weight, task.closed, late_by(sight, task)) for task in tasks]
    return rolled_up(parts, names)


def nudge(desk: Desk, sight: Sight, today: date, at: datetime) -> None:
    """The lagging stage, to its owner, once a work week: what holds it up. Nothing when no stage is late."""
    slowest = _slowest(desk, sight)
    if slowest is None:
        return
    stage, behind = slowest
    week = work_week(today, sight.calendar).first
    away = desk.books.daily.away(desk.project.id, today)
    for person in _told(desk, stage.name, [task for _, task in behind]):
        if away.get(person.id) == "day" or desk.books.pushes.muted(person.id, RULE):
            continue
        if desk.books.pushes.once(person.id, desk.project.id, f"{RULE}.stage.{stage.name}", week, state="sent"):
            slot.collect(desk, person.id, _part(stage, behind), at)


@slot.redraws(KIND)
def lagging_still(desk: Desk, person: int, subject: str) -> slot.Part | None:
    """While it is the one that lags."""
    slowest = _slowest(desk, look(desk.books, desk.project, desk.books.at))
    if slowest is None or slowest[0].name != subject or not desk.project.settings.get(SWITCH, True):
        return None
    return _part(*slowest)


def _slowest(desk: Desk, sight: Sight) -> tuple[Stage, list[tuple[int, Task]]] | None:
    """The stage that lags, and by how much which of its tasks do, the worst first. None: none does."""
    tasks = desk.books.tasks.staged(desk.project.id)
    found = rolled(sight, tasks, stages_of(desk.project)) if tasks else []
    if not found or not found[0].late:
        return None
    late = [(late_by(sight, task), task) for task in tasks if task.stage == found[0].name]
    behind = [(days, task) for days, task in late if days]
    return found[0], sorted(behind, key=lambda each: (-each[0], each[1].number))


def _told(desk: Desk, stage: str, behind: Sequence[Task]) -> list[Person]:
    """Who was named for it; else who has its latest task; else who leads."""
    owner = owners_of(desk.project).get(stage) or next((task.owner for task in behind if task.owner), None)
    if owner is None or not desk.books.people.role(desk.project.id, owner):
        return desk.leads
    return [desk.books.people.get(owner)]


def _part(stage: Stage, behind: Sequence[tuple[int, Task]]) -> slot.Part:
    rows = [
        say("{name}（{who}，晚 {n}）", "{name} ({who}, {n} late)", name=named(task),
            who=verbatim(task.owner_name) if task.owner_name else say("待指派", "nobody"), n=working_days(days))
        for days, task in behind[:MOST]
    ]  # fmt: skip
    if len(behind) > MOST:
        rows.append(say("另 {n} 项", "{n} more", n=len(behind) - MOST))
    lines = (
        say("🔴 {stage}阶段最慢：{p}%（{done}/{all}），晚 {n}",
            "🔴 The stage {stage} lags most: {p}% ({done}/{all}), {n} late",
            stage=stage.name, p=stage.percent, done=stage.done, all=stage.all, n=working_days(stage.late)),
        say("拖后的：{rows}", "Behind: {rows}", rows=join(rows, "；", "; ")),
        say("发「/阶段」看全部", "Send “/stages” to see them all"),
    )  # fmt: skip
    nodes = tuple((TASK, task.id) for _, task in behind[:MOST])
    return slot.Part(RULE, KIND, stage.name, lines, brief=2, nodes=nodes)
