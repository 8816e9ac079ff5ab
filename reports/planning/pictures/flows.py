"""Burn-up and cumulative flow: how many tasks were in which state at the end of each day, from history alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from chat.charts import Chart, Ink, Series
from chat.frozen import frozen
from chat.text import Text, join, listed, say, verbatim
from planning.calendar import Calendar
from planning.lives import Life
from planning.working_time import Clock
from reports.days import bare_day

MOST_DAYS = 120
STATES: tuple[tuple[tuple[str, ...], Ink, Text], ...] = (
    (("done",), "good", say("完成", "Done")),
    (("doing", "awaiting_note"), "plain", say("进行中", "Going on")),
    (("blocked", "paused"), "bad", say("阻塞", "Blocked")),
    (("todo",), "muted", say("待办", "To do")),
)


@frozen
class History:
    """Lives of a project's tasks. ``today``: the last day that is known."""

    lives: Sequence[Life]
    clock: Clock
    today: date

    def days(self, until: date | None = None) -> list[date]:
        """From the first task on, at most the last 120 up to ``until`` (default: today)."""
        last = until or self.today
        first = min((self.clock.day(life.created_at) for life in self.lives), default=last)
        first = max(first, last - timedelta(days=MOST_DAYS - 1))
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def states(self, day: date) -> dict[str, int]:
        """{state: how many tasks were in it} when ``day`` ended; those not made yet or cancelled are not there."""
        found: dict[str, int] = {}
        for life in self.lives:
            if (state := _state(life, day, self.clock)) is not None:
                found[state] = found.get(state, 0) + 1
        return found


def _state(life: Life, day: date, clock: Clock) -> str | None:
    """None: it did not exist yet, or no longer."""
    found = None
    for span in life.spans:
        if clock.day(span.since) > day:
            break
        found = span.state
    return None if found in ("cancelled", "undone") else found


def flow(history: History, project: str, calendar: Calendar) -> Chart | None:
    """None: there are no tasks."""
    days = history.days()
    counts = [history.states(day) for day in days]
    if not any(counts):
        return None
    series = tuple(
        Series(name, tuple(float(sum(count.get(state, 0) for state in states)) for count in counts), ink)
        for states, ink, name in STATES
    )
    now = say("现在：", "Now: ")
    parts = [say("{name} {n}", "{name} {n}", name=line.name, n=int(line.values[-1] or 0)) for line in series]
    return Chart(
        "areas", say("{project} 累计流", "{project}: cumulative flow", project=project),
        tuple(verbatim(bare_day(day)) for day in days), series,
        join([now, listed(parts), *_weekly(days, series[0])]),
        shaded=tuple(n for n, day in enumerate(days) if not calendar.is_working(day)), unit="",
    )  # fmt: skip


def _weekly(days: Sequence[date], done: Series) -> list[Text]:
    """What was finished in the last seven days."""
    week_ago = done.values[-8] if len(days) > 7 else 0.0
    fresh = int((done.values[-1] or 0) - (week_ago or 0))
    return [say("；近 7 天完成 {n} 项", "; {n} done in the last 7 days", n=fresh)]


@frozen
class Agreed:
    """The newest baseline. ``dues``: {task id: when it was to be done}; ``at``: when it was frozen."""

    number: int
    at: datetime
    dues: Mapping[int, date | None]

    def due(self, life: Life, clock: Clock) -> date | None:
        """What was done already when it was frozen counts from the day it was."""
        if life.work.state == "done" and life.closed_at is not None and life.closed_at <= self.at:
            return clock.day(life.closed_at)
        return self.dues.get(life.task)


def burn_up(history: History, project: str, calendar: Calendar, agreed: Agreed | None = None) -> Chart | None:
    """Scope, what is done, and what was to be done: by the baseline, else as planned at first. None: no tasks."""
    there = [life for life in history.lives if life.work.state != "cancelled"]
    dues = [agreed.due(life, history.clock) if agreed else life.work.planned or life.work.due for life in there]
    last = max((due for due in dues if due is not None), default=history.today)
    days = history.days(max(last, history.today))
    known = [history.states(day) if day <= history.today else None for day in days]
    if not any(known):
        return None
    done = tuple(None if count is None else float(count.get("done", 0)) for count in known)
    scope_now = float(sum(history.states(history.today).values()))
    scope = tuple(scope_now if count is None else float(sum(count.values())) for count in known)
    planned = tuple(float(sum(due is not None and due <= day for due in dues)) for day in days)
    at = _index(days, history.today)
    behind = int(planned[at] - (done[at] or 0))
    by = (
        say("按基线 {n}（{day} 冻结）", "by baseline {n} of {day}", n=agreed.number,
            day=bare_day(history.clock.day(agreed.at)))
        if agreed
        else say("按最初的计划", "as planned at first")
    )  # fmt: skip
    words = say(
        "范围 {scope} 项，已完成 {done} 项，{by}此时应完成 {planned} 项", "{scope} tasks in all, {done} done, "
        "{planned} should be done by now {by}", scope=int(scope[at]), done=int(done[at] or 0),
        planned=int(planned[at]), by=by,
    )  # fmt: skip
    name = say("基线 {n}", "Baseline {n}", n=agreed.number) if agreed else say("最初计划", "Planned")
    on_time = say("，没有落后。", ", not behind.")
    verdict = say("，落后 {n} 项。", ", {n} behind.", n=behind) if behind > 0 else on_time
    return Chart(
        "lines", say("{project} 燃起图", "{project}: burn-up", project=project),
        tuple(verbatim(bare_day(day)) for day in days),
        (
            Series(say("范围", "Scope"), scope, "muted"),
            Series(say("已完成", "Done"), done, "plain"),
            Series(name, planned, "warn", dashed=True),
        ),
        join([words, verdict]), shaded=tuple(n for n, day in enumerate(days) if not calendar.is_working(day)),
        mark=float(at), unit="",
    )  # fmt: skip


def _index(days: Sequence[date], day: date) -> int:
    return max(0, min(len(days) - 1, (day - days[0]).days))
