"""Every number of the weekly digest, in its three views, is what ``/指标`` says and what rows of task_event alone give.

The reckoning here shares nothing with ``planning``: it reads the rows and follows what docs/figures.md says in words.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import floor
from statistics import median

from clerk import ZONE, Clerk
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from test_lives import START, act, firsts, office, story

from chat.plain import plain
from planning.calendar import Calendar
from reports import weekly_views
from reports.metric_pages import PAGES
from reports.planning.measures import measure
from reports.planning.week import clock_of, gather
from reports.weekly import keep
from storage.statement import Statement, columns, moment
from storage.tables.work import TaskEvent, TaskRow

EVENTS, TASKS = columns(TaskEvent), columns(TaskRow)
_events = Statement(
    select(EVENTS.task_id, EVENTS.at, EVENTS.field, EVENTS.before, EVENTS.after).order_by(EVENTS.at, EVENTS.id)
)
_numbers = Statement(select(TASKS.id, TASKS.number))
days = st.dates(date(2026, 9, 10), date(2026, 9, 30))
lively = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(1, 20),
        st.sampled_from(["done", "done", "begin", "reopen", "undo", "cancelled"]).map(lambda what: (what, None))
        | days.map(lambda day: ("due", day)) | st.integers(1, 9).map(lambda number: ("days", number))
        | st.sampled_from([None, 1, 2]).map(lambda owner: ("owner", owner)),
    ),
    min_size=3, max_size=20,
)  # fmt: skip
"""Mostly of work that goes on and is finished."""
ASIDE = ("comment", "uncomment", "tag", "untag", "depends", "undepends")


class Told:
    """One task as its rows tell it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.made = date.min
        self.words: dict[str, str] = {}
        self.planned = ""
        self.settled = False

    def hear(self, at: datetime, field: str, before: str, after: str) -> None:
        if field == "created":
            self.made_at = at
            self.made = at.astimezone(ZONE).date()
            self.words = {"state": "todo"} | (json.loads(before) if before else {})
            self.planned = self.words.get("due", "")
        elif field not in ASIDE:
            self.words[field] = after
            if field == "due":
                if not self.settled and (not self.planned or at - self.made_at <= timedelta(hours=24)):
                    self.planned = after
                else:
                    self.settled = True

    def day(self, field: str) -> date | None:
        return date.fromisoformat(self.words[field]) if self.words.get(field) else None

    @property
    def closed(self) -> date | None:
        words = self.words.get("closed_at")
        return datetime.fromisoformat(words).astimezone(ZONE).date() if words else None

    @property
    def open(self) -> bool:
        return self.words["state"] not in ("done", "cancelled", "undone")


def told(clerk: Clerk, now: datetime) -> list[Told]:
    numbers = dict(clerk.tx.rows(_numbers))
    found: dict[int, Told] = {}
    for task, at, field, before, after in clerk.tx.rows(_events):
        if moment(at) <= now:
            found.setdefault(task, Told(numbers[task])).hear(moment(at), field, before, after)
    return [one for one in found.values() if one.words["state"] != "undone"]


def span(first: date, last: date, calendar: Calendar) -> int:
    """Working days, both included."""
    return sum(calendar.is_working(first + timedelta(days=n)) for n in range((last - first).days + 1))


def rounded(number: Fraction) -> int:
    return floor(number + Fraction(1, 2)) if number >= 0 else -floor(-number + Fraction(1, 2))


def reckoned(tasks: list[Told], now: datetime, week: tuple[date, date], calendar: Calendar) -> dict[str, object]:
    """What docs/figures.md says."""
    first, last = week
    since = first - timedelta(weeks=7)
    begins = first
    while not calendar.is_working(begins - timedelta(days=1)):
        begins -= timedelta(days=1)
    mine = [t for t in tasks if t.open or (t.closed and t.closed >= since)]
    due = [t for t in mine if t.words["state"] != "cancelled" and (t.day("due") or date.max) <= last]
    done = [t for t in due if t.words["state"] == "done"]
    off = []
    for task in done:
        planned = date.fromisoformat(task.planned) if task.planned else None
        if planned is not None and task.closed is not None:
            begun = task.day("start") or task.made
            whole = int(task.words.get("days") or 0) or max(1, span(begun, planned, calendar))
            off.append(Fraction(100 * (max(1, span(begun, task.closed, calendar)) - whole), whole))
    late = []
    for task in tasks:
        day = task.day("due")
        if task.open and day is not None:
            minute = int(task.words.get("due_minute") or 18 * 60)
            if datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZONE) < now:
                late.append(task.number)
    return {
        "due": len(due), "done": len(done),
        "rate": rounded(Fraction(100 * len(done), len(due))) if due else None,
        "off": rounded(Fraction(median(off))) if off else None,
        "late": sorted(late),
        "week": sorted(t.number for t in tasks if t.words["state"] == "done" and begins <= (t.closed or since) <= last),
    }  # fmt: skip


def percent(words: str) -> int | None:
    """``+10%``, ``−20%``, ``—``."""
    found = re.search(r"([+−]?)(\d+)%", words)
    return None if found is None else int(found[2]) * (-1 if found[1] == "−" else 1)


def line(text: str, begins: str) -> str:
    return next(each for each in text.split("\n") if each.startswith(begins))


def pages(clerk: Clerk, at: datetime, day: date) -> dict[str, str]:
    """{figure: its value as ``/指标`` prints it}, and {figure + rows: its rows}."""
    desk = clerk.desk(at)
    found, clock = measure(desk, day), clock_of(desk)
    drawn = {name: page(found, clock) for name, (_, page) in PAGES.items()}
    rows = {f"{name} rows": "\n".join(row.render("zh") for row in page.rows) for name, page in drawn.items()}
    return {name: page.value.render("zh") for name, page in drawn.items()} | rows


@settings(max_examples=100, deadline=None)
@given(firsts, story | lively, st.lists(st.tuples(st.integers(1, 70), st.booleans()), max_size=3))
def test_each_number_thrice(first: list[dict[str, object]], story: list, blocked: list[tuple[int, bool]]) -> None:  # type: ignore[type-arg]
    with office() as clerk:
        people = [clerk.person("李四"), clerk.person("王五")]
        for number, values in enumerate(first, 1):
            clerk.books(START).tasks.add(clerk.project.id, number, f"任务{number}", creator=1, **values)  # type: ignore[arg-type]
        at = START
        for number, hours, (what, value) in story:
            at += timedelta(hours=hours)
            act(clerk, number + 1, at, what, value)
        for number, (hours, answered) in enumerate(blocked, 1):
            at += timedelta(hours=hours)
            books = clerk.books(at, 1)
            blocker = books.blockers.add(
                clerk.project.id, number, at.astimezone(ZONE).date(), 1, "等主图", helper=2, report=None
            )
            if answered:
                at += timedelta(hours=2)
                clerk.books(at, 2).blockers.answer(blocker, "今天给")
        day = at.astimezone(ZONE).date()
        desk = clerk.desk(at)
        week = gather(desk, day)
        if week.quiet:
            return
        keep(desk, week)
        now = at.astimezone(ZONE)
        span_of = (week.span.first, week.span.last)
        alone = reckoned(told(clerk, now), now, span_of, desk.rhythm.calendar)
        shown = pages(clerk, at, day)

        team = plain(weekly_views.team("项目", clerk.project.id, week))
        watcher = plain(weekly_views.watcher("项目", week))
        rate, off = line(team, "完成率"), line(team, "工期偏差").partition("（")[0]
        assert percent(rate) == percent(shown["completion"]) == alone["rate"]
        counts = re.search(r"应完成 (\d+)，已完成 (\d+)", rate)
        assert (int(counts[1]), int(counts[2])) == (alone["due"], alone["done"]) if counts else not alone["due"]
        assert percent(off) == percent(shown["deviation"]) == alone["off"]
        late = re.search(r"逾期 (\d+)", team)
        assert late is not None
        assert int(late[1]) == int(shown["overdue"]) == len(alone["late"])  # type: ignore[arg-type]
        assert sorted(map(int, re.findall(r"T(\d+)", shown["overdue rows"]))) == alone["late"]
        nodes = re.search(r"下周节点：(.*)", team)
        assert len(re.findall(r"[TM]\d+", nodes[1])) == int(shown["upcoming"]) if nodes else shown["upcoming"] == "0"
        mean = re.search(r"阻塞平均 ([\d.]+) 小时", team)
        assert mean[1] in shown["blockers"] if mean else shown["blockers"] == "—"

        three = re.search(r"完成率 (\S+)　工期偏差 (\S+)　逾期 (\d+)", watcher)
        assert three is not None
        assert (percent(three[1]), percent(three[2]), int(three[3])) == (alone["rate"], alone["off"], int(late[1]))

        done = []
        for person in people:
            own = plain(weekly_views.member("项目", clerk.project.id, week, person.id)).split("\n")
            mine = next(each for each in own if each.startswith("你："))
            assert line("\n".join(own), "完成率") == rate
            done += map(int, re.findall(r"T(\d+)", (re.search(r"完成 ([^　]*)", mine) or [""])[0]))
        nobody = [work.number for work in week.done if work.owner is None]
        assert sorted(done + nobody) == alone["week"]
        assert shown["throughput"] == f"{len(alone['week'])} 项"  # type: ignore[arg-type]
