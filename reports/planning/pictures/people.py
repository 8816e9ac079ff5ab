"""The board, and how full everybody's days are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from chat.charts import Chart, Ink, Series
from chat.text import Text, join, listed, say, verbatim
from planning.calendar import Calendar
from planning.lives import Work
from planning.load import TOO_MUCH
from planning.metrics import late as overdue
from reports.days import bare_day
from reports.planning.crew import Crew
from reports.planning.week import Week

MOST_CARDS = 8
"""Of one column."""
HEAT_DAYS = 14
MOST_PEOPLE = 20
Fullness = Callable[[int, date], float | None]
"""1.0: a whole day's work for the time somebody is there; None: a day off."""


def board(week: Week, project: str) -> Chart | None:
    """The red zone first, then by state; the last column is what was finished this week. None: there is nothing."""
    late = overdue(week.works, week.period.now)
    rest = [work for work in week.works if work.open and work not in late]
    columns: tuple[tuple[Ink, Text, Sequence[Work]], ...] = (
        ("bad", say("逾期", "Overdue"), late),
        ("warn", say("阻塞", "Blocked"), [work for work in rest if work.state in ("blocked", "paused")]),
        ("plain", say("进行中", "Going on"), [work for work in rest if work.state in ("doing", "awaiting_note")]),
        ("muted", say("待办", "To do"), [work for work in rest if work.state == "todo"]),
        ("good", say("本周完成", "Done this week"), week.done),
    )
    filled = [column for column in columns if column[2]]
    if not filled:
        return None
    cards = [(n, _card(week, work)) for n, (_, _, works) in enumerate(filled) for work in _first(works)]
    cards += [
        (n, say("还有 {n} 项", "{n} more", n=len(works) - MOST_CARDS + 1))
        for n, (_, _, works) in enumerate(filled)
        if len(works) > MOST_CARDS
    ]
    series = tuple(
        Series(say("{name} {n}", "{name} {n}", name=name, n=len(works)),
               tuple(1.0 if column == n else None for column, _ in cards), ink)
        for n, (ink, name, works) in enumerate(filled)
    )  # fmt: skip
    lines = [
        say("{name} {n}：{refs}", "{name} {n}: {refs}", name=name, n=len(works),
            refs=listed(verbatim(f"{work.ref} {work.title}") for work in _first(works)))
        for _, name, works in filled
    ]  # fmt: skip
    return Chart(
        "board", say("{project} 看板", "{project}: board", project=project), tuple(card for _, card in cards), series,
        join(lines, "\n"),
    )  # fmt: skip


def _first(works: Sequence[Work]) -> Sequence[Work]:
    return works if len(works) <= MOST_CARDS else works[: MOST_CARDS - 1]


def _card(week: Week, work: Work) -> Text:
    who, due = week.name(work), bare_day(work.due) if work.due else ""
    tail = " ".join(part for part in (who, due) if part)
    return verbatim(f"{work.ref} {work.title}" + (f"\n{tail}" if tail else ""))


def load(crew: Crew, away: dict[int, dict[date, float]], project: str, calendar: Calendar) -> Chart | None:
    """Two weeks of everybody's days: 100 % is a whole day's work. None: nobody takes part.

    away: {person: {day: how much of it they are there}}, for days of leave.
    """
    first, last = crew.today, crew.today + timedelta(days=HEAT_DAYS - 1)
    heat = crew.heat(first, last)
    people = sorted(heat, key=lambda person: -sum(heat[person].values()))[:MOST_PEOPLE]
    if not people:
        return None
    days = [first + timedelta(days=n) for n in range(HEAT_DAYS)]

    def fullness(person: int, day: date) -> float | None:
        if day not in heat[person]:
            return None
        there = away.get(person, {}).get(day, 1.0)
        work = heat[person][day]
        if there <= 0:
            return None if work <= 0 else float(TOO_MUCH + 90) / 100
        return round(work / there, 2)

    series = tuple(
        Series(verbatim(bare_day(day)), tuple(fullness(person, day) for person in people), "plain") for day in days
    )
    return Chart(
        "heat", say("{project} 未来两周负荷", "{project}: the next two weeks", project=project),
        tuple(verbatim(crew.names[person]) for person in people), series,
        join([_line(crew, person, days, fullness) for person in people], "\n"),
        shaded=tuple(n for n, day in enumerate(days) if not calendar.is_working(day)), unit="%",
    )  # fmt: skip


def _line(crew: Crew, person: int, days: Sequence[date], fullness: Fullness) -> Text:
    """``🔴 李四 平均 85%，超 110%：9-22、9-23``."""
    known = {day: full for day in days if (full := fullness(person, day)) is not None}
    average = round(100 * sum(known.values()) / len(known)) if known else 0
    over = [day for day, full in known.items() if 100 * full > TOO_MUCH]
    if not over:
        return say("{who} 平均 {n}%", "{who}: {n}% on average", who=crew.names[person], n=average)
    return say(
        "🔴 {who} 平均 {n}%，超过 {most}%：{days}", "🔴 {who}: {n}% on average, above {most}%: {days}",
        who=crew.names[person], n=average, most=TOO_MUCH, days=listed(bare_day(day) for day in over),
    )  # fmt: skip
