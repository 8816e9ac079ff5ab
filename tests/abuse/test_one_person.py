"""Somebody of a large project and of a small one hears of both in one message, and after a crash too."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from chat.errors import IntakeUnavailable
from storage.books import Books
from storage.transaction import Tx
from tests.abuse.hall import FRIDAY, LEAD, QUIET, Hall
from tests.abuse.test_parts import EVENING, PEOPLE, stops_at

pytestmark = [pytest.mark.timeout(300), pytest.mark.sqlite]
BOTH = ("u0", f"u{PEOPLE - 1}")


async def reminders(hall: Hall) -> Counter[str]:
    """How many messages each person got that the clock had collected."""

    def read(tx: Tx) -> list[tuple[str, str]]:
        return tx._connection.command("SELECT chat, body FROM outbox WHERE kind = 'direct'").fetchall()  # type: ignore[no-any-return, attr-defined]

    return Counter(chat for chat, body in await hall.app.writer.submit(read) if "逾期提醒" in body)


async def in_two_projects(hall: Hall) -> None:
    """The small one is looked at in one go while the large one takes four."""
    await hall.enrol(PEOPLE)
    await hall.hear(LEAD, "/项目 新建 年货节", place=QUIET)
    await hall.hear(LEAD, "/日报 设置 17:30 收 18:30 截止", place=QUIET)

    def fill(tx: Tx) -> None:
        books = Books(tx, "fill two", hall.clock.now(), 1)
        project = max(project.id for project in books.projects.all())
        for name in BOTH:
            person = books.people.meet("post", name, name)
            books.people.enrol(project, person.id, "member")
            books.tasks.add(
                project, books.projects.next_number(project, "T"), "选品", creator=1, owner=person.id,
                due=FRIDAY.date(), due_minute=18 * 60,
            )  # fmt: skip

    await hall.app.writer.submit(fill)


async def test_the_small_project_waits_for_the_large_one(hall: Hall) -> None:
    await in_two_projects(hall)
    await hall.later(hours=4, minutes=1)
    assert await reminders(hall) == Counter({f"u{n}": 1 for n in range(PEOPLE)})
    told = [text for text in hall.texts() if "选品" in text]
    assert not [text for text in told if "走查" not in text]


@pytest.mark.parametrize(
    ("kind", "number"), [("overdue.more", 2), ("overdue.call", 1), ("slot.say", 1), ("slot.say", 90)]
)
async def test_a_crash_between_collecting_and_saying_changes_nothing(tmp_path: Path, kind: str, number: int) -> None:
    first = Hall(tmp_path / "books.db")
    await first.open()
    await in_two_projects(first)
    await first.later(hours=3, minutes=59)
    first.clock.set(EVENING + timedelta(seconds=1))
    stops_at(first, kind, number)
    with pytest.raises(IntakeUnavailable):
        await first.app.alarm.sweep()
    await first.app.close()

    second = Hall(tmp_path / "books.db")
    second.clock.set(EVENING + timedelta(minutes=2))
    await second.app.start()
    await second.later(minutes=1)
    assert await reminders(second) == Counter({f"u{n}": 1 for n in range(PEOPLE)})
    await second.app.close()
