"""Gantt, deviation, and when milestones are to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chat.charts import Chart, Ink, Series
from chat.frozen import frozen
from chat.text import Text, join, say, verbatim
from planning.calendar import Calendar
from planning.lives import Work
from planning.metrics import Deviation
from planning.metrics import late as overdue
from reports.days import bare_day
from reports.planning.outlook import Goal, Outlook
from reports.planning.week import Week
from reports.task_board import columns, cut
from reports.weekly_views import signed
from storage.milestones import Milestone

MOST = 40
"""Bars of a Gantt chart."""
MOST_GOALS = 12
"""Of them milestones."""
LABEL = 22
"""Columns of a row's name in a picture: who has it still stands there."""
MOST_DAYS = 120


@frozen
class _Bar:
    """A row: days both included; ``planned``: the day first settled on, where it ended another day.

    ``label``: the name as short as a picture needs it.
    """

    name: Text
    label: Text
    ink: Ink
    first: date
    last: date
    planned: date | None
    said: Text


def gantt(week: Week, milestones: Sequence[Milestone], project: str, calendar: Calendar) -> Chart | None:
    """At most forty bars: what is open, then what was finished last. None: nothing has a date."""
    today = week.period.now.date()
    late = {work.number for work in overdue(week.works, week.period.now)}
    goals = sorted((m for m in milestones if m.due is not None), key=lambda m: (m.closed, m.due, m.number))[:MOST_GOALS]
    shown = _chosen(week.works, len(goals))
    rows = [_task(week, work, today, work.number in late) for work in shown]
    rows += [_milestone(each, week) for each in sorted(goals, key=lambda goal: goal.number)]
    if not rows:
        return None
    begin = max(min(row.first for row in rows), today - timedelta(days=MOST_DAYS // 2))
    end = min(max(max(row.last, row.planned or row.last) for row in rows), begin + timedelta(days=MOST_DAYS - 1))
    days = [begin + timedelta(days=n) for n in range((max(end, begin) - begin).days + 1)]
    inside = [row for row in rows if row.last >= begin and row.first <= end]
    now = (week.period.now.hour * 60 + week.period.now.minute) / 1440
    lines = [join([row.name, row.said], " ") for row in inside]
    if left := len(week.works) - len(shown) + sum(m.due is not None for m in milestones) - len(goals):
        lines.append(say("还有 {n} 项没有画出来", "{n} more are not drawn", n=left))
    return Chart(
        "ranges",
        say("{project} 甘特图 {first} ~ {last}", "{project} Gantt {first} ~ {last}", project=project,
            first=bare_day(begin), last=bare_day(end)),
        tuple(row.label for row in inside),
        _series(inside, begin, len(days)),
        join(lines, "\n"),
        tuple(bare_day(day) for day in days),
        tuple(n for n, day in enumerate(days) if not calendar.is_working(day)),
        (today - begin).days + now if begin <= today <= end else None,
    )  # fmt: skip


def _chosen(works: Sequence[Work], milestones: int) -> list[Work]:
    dated = [work for work in works if work.state not in ("cancelled", "undone") and (work.due or work.closed)]
    newest = sorted(dated, key=lambda work: (work.open, work.closed or work.start, work.number))[::-1]
    kept = newest[: max(1, MOST - milestones)]
    return sorted(kept, key=lambda work: (work.start, work.due or work.closed or work.start, work.number))


def _task(week: Week, work: Work, today: date, late: bool) -> _Bar:
    who = week.name(work)
    name = say("{ref} {title}{who}", "{ref} {title}{who}", ref=work.ref, title=work.title, who=f" {who}" if who else "")
    end = f" {cut(who, 8)}" if who else ""
    label = verbatim(f"{work.ref} {cut(work.title, LABEL - columns(work.ref) - 1 - columns(end))}{end}")
    planned = work.planned or work.due
    due = work.due or work.closed or work.start
    if work.state == "done" and work.closed is not None:
        done = say("✅ {first}~{last}{plan}", "✅ {first}~{last}{plan}", first=bare_day(work.start),
                   last=bare_day(work.closed), plan=_plan(planned, work.closed))  # fmt: skip
        return _Bar(name, label, "good", min(work.start, work.closed), work.closed, _unlike(planned, work.closed), done)
    if late:
        said = say("🔴 {first}~{due} 逾期", "🔴 {first}~{due} overdue", first=bare_day(work.start), due=bare_day(due))
        return _Bar(
            name, label, "bad", min(work.start, today), max(due, today), _unlike(planned, max(due, today)), said
        )
    going = work.state != "todo" or work.progress > 0
    said = say("{mark} {first}~{due} {progress}%{plan}", "{mark} {first}~{due} {progress}%{plan}",
               mark="🔵" if going else "⚪", first=bare_day(work.start), due=bare_day(due), progress=work.progress,
               plan=_plan(planned, due))  # fmt: skip
    ink: Ink = "warn" if work.state == "blocked" else "plain" if going else "muted"
    return _Bar(name, label, ink, min(work.start, due), due, _unlike(planned, due), said)


def _unlike(planned: date | None, last: date) -> date | None:
    return planned if planned != last else None


def _plan(planned: date | None, last: date) -> Text | str:
    if planned is None or planned == last:
        return ""
    return say("（原计划 {day}）", " (planned {day})", day=bare_day(planned))


def _milestone(each: Milestone, week: Week) -> _Bar:
    assert each.due is not None
    name = say("{ref} {title}", "{ref} {title}", ref=each.ref, title=each.title)
    missed = not each.closed and each.due < week.period.now.date()
    mark = "✅" if each.state == "reached" else "🔴" if missed else "🏁"
    return _Bar(name, name, "accent", each.due, each.due, None, verbatim(f"{mark} {bare_day(each.due)}"))


_NAMES: tuple[tuple[Ink, Text], ...] = (
    ("muted", say("待办", "To do")),
    ("plain", say("进行中", "Going on")),
    ("warn", say("阻塞", "Blocked")),
    ("bad", say("逾期", "Overdue")),
    ("good", say("完成", "Done")),
    ("accent", say("里程碑", "Milestone")),
)


def _series(rows: Sequence[_Bar], begin: date, days: int) -> tuple[Series, ...]:
    def at(day: date) -> float:
        return float(min(max((day - begin).days, 0), days - 1))

    found = []
    for ink, name in _NAMES:
        values = tuple(at(row.last) if row.ink == ink else None for row in rows)
        low = tuple(at(row.first) if row.ink == ink else None for row in rows)
        if any(value is not None for value in values):
            found.append(Series(name, values, ink, low))
    if any(row.planned for row in rows):
        planned = tuple(at(row.planned) if row.planned and row.planned >= begin else None for row in rows)
        first = tuple(at(min(row.first, row.planned)) if row.planned else None for row in rows)
        found.append(Series(say("原计划", "Planned"), planned, "muted", first, dashed=True))
    return tuple(found)


def off_plan(week: Week, project: str) -> Chart | None:
    """Bars to the right are late, to the left early. None: nothing that was due is finished."""
    found: Deviation = week.deviation
    if not found.rows:
        return None
    rows = sorted(found.rows, key=lambda row: (-row.per_cent, row.work.number))[:MOST]
    lines = [
        say("{ref} {title} 计划 {planned} 天，用了 {used} 天：{per}",
            "{ref} {title}: planned {planned} days, took {used}: {per}", ref=row.work.ref, title=row.work.title,
            planned=row.planned, used=row.used, per=signed(row.per_cent))
        for row in rows
    ]  # fmt: skip
    return Chart(
        "bars",
        say("{project} 工期偏差（中位 {median}）", "{project}: off plan (median {median})", project=project,
            median=signed(found.median or 0)),
        tuple(verbatim(f"{row.work.ref} {row.work.title}") for row in rows),
        (
            Series(say("晚", "Late"), tuple(float(r.per_cent) if r.per_cent > 0 else None for r in rows), "bad"),
            Series(say("早", "Early"), tuple(float(r.per_cent) if r.per_cent <= 0 else None for r in rows), "good"),
        ),
        join(lines, "\n"),
        unit="%",
    )  # fmt: skip


def expected(outlook: Outlook, goals: Sequence[Goal], project: str) -> Chart | None:
    """When each milestone is reached: 90 of 100 cases as a thin bar, half of them as a thick one. None: no forecast."""
    if not goals:
        return None
    promises = [goal.milestone.due for goal in goals if goal.milestone and goal.milestone.due]
    begin = min([outlook.today, *promises])
    end = min(max(_far(goal) for goal in goals), begin + timedelta(days=MOST_DAYS - 1))
    days = [begin + timedelta(days=n) for n in range((end - begin).days + 1)]

    def at(day: date | None) -> float | None:
        return float((day - begin).days) if day is not None and begin <= day <= end else None

    def clipped(day: date) -> float:
        return float(min((day - begin).days, len(days) - 1))

    wide = Series(say("九成把握内", "90 in 100"), tuple(clipped(g.spread[95]) for g in goals), "muted",
                  tuple(clipped(g.spread[5]) for g in goals))  # fmt: skip
    narrow = Series(say("五成把握内", "50 in 100"), tuple(clipped(g.spread[75]) for g in goals), "plain",
                    tuple(clipped(g.spread[25]) for g in goals))  # fmt: skip
    dues = tuple(at(g.milestone.due) if g.milestone else None for g in goals)
    promised = Series(say("承诺的日期", "Promised"), dues, "accent", dues)
    return Chart(
        "ranges",
        say("{project} 预计什么时候达成", "{project}: when to expect it", project=project),
        tuple(_called(goal) for goal in goals),
        (wide, narrow, *((promised,) if any(day is not None for day in dues) else ())),
        join([_chances(goal) for goal in goals], "\n"),
        tuple(bare_day(day) for day in days),
        tuple(n for n, day in enumerate(days) if not outlook.calendar.is_working(day)),
    )


def _far(goal: Goal) -> date:
    due = goal.milestone.due if goal.milestone else None
    return max(goal.spread[95], due) if due else goal.spread[95]


def _called(goal: Goal) -> Text:
    if goal.milestone is None:
        return say("全部未完成任务", "All open tasks")
    return verbatim(f"{goal.milestone.ref} {goal.milestone.title}")


def _chances(goal: Goal) -> Text:
    promise = "" if goal.in_time is None else say("，按期 {n}%", ", in time {n}%", n=goal.in_time)
    return say(
        "{name}：一半可能 {p50} 前，85% 可能 {p85} 前{promise}",
        "{name}: by {p50} in half of the cases, by {p85} in 85 of 100{promise}", name=_called(goal),
        p50=bare_day(goal.p50), p85=bare_day(goal.p85), promise=promise,
    )  # fmt: skip
