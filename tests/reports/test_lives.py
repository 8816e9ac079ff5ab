"""Every figure can be reckoned again from history: replaying task_event gives the columns, and the same figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from clerk import ZONE, Clerk
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.lives import lives, replayed
from planning.metrics import Period, completion, deviation, done_between, late
from planning.working_time import Clock
from reports.planning.measures import measure
from reports.planning.week import gather
from storage.database import MEMORY, Database
from storage.schema import prepare
from storage.task_changes import Moved, standing
from storage.tasks import Task

pytestmark = pytest.mark.sqlite

START = datetime(2026, 9, 14, 10, tzinfo=ZONE).astimezone(UTC)
BEFORE = START - timedelta(days=60)
COLUMNS = ("title", "detail", "owner", "state", "progress", "priority", "due", "due_minute", "start", "days",
           "remind_at", "parent", "started_at", "closed_at", "stage", "weight")  # fmt: skip

days = st.dates(date(2026, 9, 10), date(2026, 10, 20))
steps = st.one_of(
    st.tuples(st.just("due"), st.one_of(st.none(), days)),
    st.tuples(st.just("start"), st.one_of(st.none(), days)),
    st.tuples(st.just("days"), st.integers(1, 9)),
    st.tuples(st.just("stage"), st.sampled_from(["", "策划"])),
    st.tuples(st.just("weight"), st.integers(1, 4)),
    st.tuples(st.just("owner"), st.sampled_from([None, 1, 2])),
    st.tuples(st.just("title"), st.sampled_from(["主图", "{{7*7}}", "「」"])),
    st.tuples(st.just("begin"), st.none()),
    st.tuples(st.just("done"), st.none()),
    st.tuples(st.just("cancelled"), st.none()),
    st.tuples(st.just("reopen"), st.none()),
    st.tuples(st.just("comment"), st.just("好")),
    st.tuples(st.just("tag"), st.just("客诉")),
    st.tuples(st.just("undo"), st.none()),
)
story = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 40), steps), max_size=25)
firsts = st.lists(
    st.fixed_dictionaries(
        {"due": st.one_of(st.none(), days), "start": st.one_of(st.none(), days),
         "owner": st.sampled_from([None, 1, 2]), "detail": st.sampled_from(["", "详情\"{}"]),
         "tags": st.sampled_from([(), ("客诉",)]), "stage": st.sampled_from(["", "设计"]),
         "weight": st.sampled_from([1, 3])}
    ),
    min_size=4, max_size=4,
)  # fmt: skip


@contextmanager
def office() -> Iterator[Clerk]:
    database = Database(MEMORY)
    connection = database.connect()
    prepare(database, connection)
    try:
        yield Clerk(connection)
    finally:
        connection.close()
        database.close()


def act(clerk: Clerk, number: int, at: datetime, what: str, value: object) -> None:
    books = clerk.books(at, 1)
    task = books.tasks.numbered(clerk.project.id, number)
    if task is None:
        return
    if what == "comment":
        books.tasks.comment(task, str(value))
    elif what == "tag":
        books.tasks.tag(task, add=("客诉",))
    elif what == "undo":
        changes = standing(books.changes.of(task))
        if changes:
            with suppress(Moved):
                books.changes.take_back(changes[0])
    else:
        books.tasks.change(task, **_values(task, at, what, value))


def _values(task: Task, at: datetime, what: str, value: object) -> dict[str, object]:
    if what == "begin":
        return {} if task.closed else {"state": "doing", "progress": 30, "started_at": task.started_at or at}
    if what == "done":
        return {} if task.closed else {"state": "done", "progress": 100, "closed_at": at,
                                       "started_at": task.started_at or at}  # fmt: skip
    if what == "cancelled":
        return {} if task.closed else {"state": "cancelled", "closed_at": at}
    if what == "reopen":
        return {"state": "doing", "closed_at": None} if task.closed else {}
    return {what: value}


@settings(max_examples=60, deadline=None)
@given(firsts, story)
def test_history_alone_tells_columns_and_figures(first: list[dict[str, object]], told: list) -> None:  # type: ignore[type-arg]
    with office() as clerk:
        clerk.person("李四")
        clerk.person("王五")
        for number, values in enumerate(first, 1):
            clerk.books(START).tasks.add(clerk.project.id, number, f"任务{number}", creator=1, **values)  # type: ignore[arg-type]
        at = START
        for number, hours, (what, value) in told:
            at += timedelta(hours=hours)
            act(clerk, number + 1, at, what, value)
        books = clerk.books(at)
        facts, numbers = books.lives.facts(clerk.project.id, BEFORE)
        for task_id, words in replayed(facts).items():
            task = books.tasks.get(task_id)
            assert task is not None
            assert {name: words.get(name, "") for name in COLUMNS} == {n: _word(getattr(task, n)) for n in COLUMNS}
        calendar = books.calendars.of(clerk.project)
        clock = Clock(calendar, ZONE)
        replay = [life.work for life in lives(facts, numbers, clock)]
        assert replay == books.lives.works(clerk.project.id, BEFORE, clock)
        period = Period(date(2026, 9, 20), date(2026, 9, 24), at.astimezone(ZONE))
        again, fast = completion(replay, period), completion(books.lives.works(clerk.project.id, BEFORE, clock), period)
        assert again == fast
        assert deviation(again, calendar) == deviation(fast, calendar)
        assert late(replay, period.now) == late(books.lives.works(clerk.project.id, BEFORE, clock), period.now)
        desk = clerk.desk(at)
        today = clock.day(at)
        assert gather(desk, today) == gather(desk, today, at)
        measured = measure(desk, today)
        assert (measured.completion, measured.deviation) == (
            gather(desk, today).completion,
            gather(desk, today).deviation,
        )
        done = done_between(books.lives.works(clerk.project.id, BEFORE, clock), date(2026, 7, 1), measured.span.last)
        planned = [work for work in done if work.planned is not None]
        assert [row.work for week in measured.trend for row in week.rows] == planned


def _word(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def test_history_says_how_it_was_at_any_time() -> None:
    with office() as clerk:
        clerk.person("李四")
        clerk.books(START).tasks.add(clerk.project.id, 1, "主图", creator=1, due=date(2026, 9, 18))
        act(clerk, 1, START + timedelta(hours=2), "due", date(2026, 9, 21))
        act(clerk, 1, START + timedelta(days=3), "due", date(2026, 9, 25))
        act(clerk, 1, START + timedelta(days=4), "done", None)
        act(clerk, 1, START + timedelta(days=5), "reopen", None)
        books = clerk.books(START)
        facts, numbers = books.lives.facts(clerk.project.id, BEFORE)
        clock = Clock(books.calendars.of(clerk.project), ZONE)
        now = lives(facts, numbers, clock)[0]
        assert (now.work.planned, now.moved, len(now.reopened_at)) == (date(2026, 9, 21), 1, 1)
        then = lives(facts, numbers, clock, START + timedelta(days=2))[0]
        assert (then.work.due, then.work.state, then.moved) == (date(2026, 9, 21), "todo", 0)
