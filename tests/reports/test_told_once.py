"""F055: nobody is told twice, whatever the clock does: late, repeated, turned back, by two processes, after a crash."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from clerk import ZONE, Clerk
from hypothesis import given
from hypothesis import strategies as st

from chat.plain import plain
from reports.daily_plan import arrange
from reports.overdue_climb import climb
from reports.reminders import arm, remind
from reports.rhythm import rhythm_of
from reports.slot import SAY
from reports.slot_say import MOST_WAITS, tell
from reports.ticks import Occasion
from storage.database import MEMORY, Connection, Database
from storage.people import Person
from storage.schedules import Due
from storage.schema import prepare
from storage.tasks import Task

MONDAY = datetime(2026, 9, 21, tzinfo=ZONE)
MOMENTS = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from([0, 9 * 60, 570, 600, 18 * 60, 18 * 60 + 1, 23 * 60])),
    min_size=1, max_size=12,
)  # fmt: skip
"""Days after Monday and minutes, in any order: the clock is put forward and back, and the same moment comes again."""


def office(connection: Connection) -> tuple[Clerk, list[Person], Task]:
    """Two people who may hear of one task that is due on Monday at 18:00."""
    clerk = Clerk(connection)
    lead, owner = clerk.person("张三", "owner"), clerk.person("赵六")
    books = clerk.books(MONDAY, lead.id)
    arrange(books, rhythm_of(books, clerk.project))
    task = books.tasks.add(
        clerk.project.id, 5, "商品上架", creator=lead.id, owner=owner.id, owner_name=owner.name, due=MONDAY.date(),
        due_minute=1080, remind_at=MONDAY + timedelta(hours=10),
    )  # fmt: skip
    arm(books, task)
    return clerk, [lead, owner], task


def said(clerk: Clerk, people: list[Person], task: Task, at: datetime) -> list[str]:
    """Everything that rings at ``at``, by two clocks; whom it was said to and the first line."""
    heard = []
    for _ in range(2):
        desk = clerk.desk(at)
        entry = Due(1, "overdue", f"overdue:{clerk.project.id}", {}, at)
        climb(Occasion(desk.books, entry, at, lambda _: clerk.can))
        for asked in desk.books.schedules.of(task.card):
            if asked.at <= at:
                remind(Occasion(desk.books, asked, at, lambda _: clerk.can))
                desk.books.schedules.remove(asked)
        for person in people:
            for called in desk.books.schedules.of(f"person:{person.id}"):
                last = replace(called, subject={**called.subject, "waits": MOST_WAITS})
                if called.kind == SAY and tell(Occasion(desk.books, last, at, lambda _: clerk.can)) is None:
                    desk.books.schedules.remove(called)
        heard += [f"{parcel.chat}: {line}" for parcel in clerk.tx.parcels for line in plain(parcel.card).splitlines()]
    return [line for line in heard if "T5" in line and "[" not in line]


def heard(moments: list[tuple[int, int]]) -> Counter[str]:
    """How often each line was said, when the clock rings at these moments."""
    database = Database(MEMORY)
    connection = database.connect()
    try:
        prepare(database, connection)
        clerk, people, task = office(connection)
        lines: Counter[str] = Counter()
        for day, minute in moments:
            lines.update(said(clerk, people, task, MONDAY + timedelta(days=day, minutes=minute)))
        return lines
    finally:
        connection.close()
        database.close()


def test_when_the_clock_goes_as_it_should_all_of_it_is_said() -> None:
    found = heard([(day, minute) for day in range(10) for minute in (540, 570, 600, 1080)])
    assert {line.split("｜")[0] for line in found} >= {
        "u赵六: ⏰ T5 商品上架", "u赵六: T5 商品上架 今天 18:00 到期未完成。", "u赵六: 逾期 1 个工作日：T5",
        "u张三: 逾期 1 个工作日：T5", "g1: 逾期 3 个工作日：T5",
    }  # fmt: skip
    assert set(found.values()) == {1}


@given(MOMENTS)
def test_each_thing_once_to_each(moments: list[tuple[int, int]]) -> None:
    assert not {line: count for line, count in heard(moments).items() if count > 1}
