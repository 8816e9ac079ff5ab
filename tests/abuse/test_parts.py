"""What is proportional to the people of a project happens a part at a time, and a crash in between changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from chat.errors import IntakeUnavailable
from chat.messages import Incoming, Receipt
from reports.ticks import PART
from storage.transaction import Tx
from tests.abuse.hall import FRIDAY, LEAD, Hall, crowd

PEOPLE = 3 * PART + 50
NUDGE, EVENING = FRIDAY.replace(hour=10, minute=18), FRIDAY.replace(hour=10)
MORNING = FRIDAY + timedelta(days=1, hours=20)
"""10:00 of Sunday the 20th, which is worked."""
pytestmark = [pytest.mark.timeout(300), pytest.mark.sqlite]


async def told(hall: Hall) -> list[tuple[str, str, str]]:
    """[(what told it, whom, what it is called)] of everything that was said directly."""

    def read(tx: Tx) -> list[tuple[str, str, str]]:
        found = tx._connection.command("SELECT key, chat, name FROM outbox WHERE kind = 'direct'").fetchall()
        return [(key.rpartition("/")[0], chat, name or "") for key, chat, name in found]

    return await hall.app.writer.submit(read)


def stops_at(hall: Hall, kind: str, number: int) -> None:
    """The books fail when this part is to be done."""
    submit, seen = hall.app.intake.submit, Counter[str]()

    async def stopping(thing: Incoming) -> Receipt:
        seen[thing.event] += 1
        if thing.event == kind and seen[kind] >= number:
            raise IntakeUnavailable("stopped here")
        return await submit(thing)

    hall.app.intake.submit = stopping  # type: ignore[method-assign]


async def test_reminders_come_in_parts_and_to_everybody_once(hall: Hall) -> None:
    await hall.enrol(PEOPLE)
    await hall.later(hours=4, minutes=19)
    reminders = [(thing, chat) for thing, chat, name in await told(hall) if name.startswith("remind:")]
    assert Counter(chat for _, chat in reminders) == Counter({f"u{n}": 1 for n in range(PEOPLE)} | {"lead": 1})
    assert max(Counter(thing for thing, _ in reminders).values()) <= PART
    assert len({thing for thing, _ in reminders}) == 4


async def test_who_reports_while_others_are_told_is_not_told(hall: Hall) -> None:
    await hall.enrol(PEOPLE)
    await hall.later(hours=4)
    hall.clock.set(NUDGE + timedelta(seconds=1))
    stops_at(hall, "daily.nudge.more", 2)
    with pytest.raises(IntakeUnavailable):
        await hall.app.alarm.sweep()
    del hall.app.intake.submit  # type: ignore[method-assign]
    late = hall.thing(crowd(PEOPLE - 1), "/日报 今日：写了 明日：再写 阻塞：无")
    (await hall.app.intake.submit(late)).acked()
    await hall.later(seconds=30)
    reminded = {chat for _, chat, name in await told(hall) if name.startswith("remind:")}
    assert f"u{PEOPLE - 2}" in reminded
    assert f"u{PEOPLE - 1}" not in reminded


async def test_a_project_without_a_group_is_asked_in_parts(hall: Hall) -> None:
    await hall.enrol(PEOPLE)
    await hall.app.writer.submit(lambda tx: tx._connection.command("UPDATE chat SET project_id = NULL"))
    await hall.later(hours=3, minutes=31)
    asked = [(thing, chat) for thing, chat, name in await told(hall) if name.startswith("daily:")]
    assert Counter(chat for _, chat in asked) == Counter({f"u{n}": 1 for n in range(PEOPLE)} | {"lead": 1})
    assert max(Counter(thing for thing, _ in asked).values()) <= PART


async def test_many_who_only_watch_get_the_digest_in_parts(hall: Hall) -> None:
    await hall.enrol(PEOPLE)
    await hall.later(hours=4, minutes=25)
    await hall.app.writer.submit(
        lambda tx: tx._connection.command("UPDATE member SET role = 'observer' WHERE person_id > 1")
    )
    (await hall.app.intake.submit(hall.thing(LEAD, "/日报 今日：写了 明日：再写 阻塞：无"))).acked()
    await hall.later(minutes=10)
    digests = [(thing, chat) for thing, chat, name in await told(hall) if name.startswith("digest:")]
    assert Counter(chat for _, chat in digests) == Counter({f"u{n}": 1 for n in range(PEOPLE)})
    assert max(Counter(thing for thing, _ in digests).values()) <= PART


@pytest.mark.parametrize(("kind", "number"), [("daily.nudge.more", 1), ("daily.nudge.more", 3)])
async def test_after_a_crash_it_goes_on_where_it_was(tmp_path: Path, kind: str, number: int) -> None:
    first = Hall(tmp_path / "books.db")
    await first.open()
    await first.enrol(PEOPLE)
    await first.later(hours=4)
    first.clock.set(NUDGE + timedelta(seconds=1))
    stops_at(first, kind, number)
    with pytest.raises(IntakeUnavailable):
        await first.app.alarm.sweep()
    before = [chat for _, chat, name in await told(first) if name.startswith("remind:")]
    assert 0 < len(before) <= number * PART, "some of them"
    await first.app.close()

    second = Hall(tmp_path / "books.db")
    second.clock.set(NUDGE + timedelta(minutes=3))
    await second.app.start()
    await second.app.alarm.sweep()
    await second.later(minutes=1)
    after = Counter(chat for _, chat, name in await told(second) if name.startswith("remind:"))
    await second.app.close()
    assert after == Counter({f"u{n}": 1 for n in range(PEOPLE)} | {"lead": 1})


async def test_nobody_is_called_before_everything_overdue_was_looked_at(hall: Hall) -> None:
    """The lead hears of six hundred and fifty tasks in one message, each owner of theirs in one."""
    await hall.enrol(PEOPLE)
    await hall.later(hours=5)
    evening = Counter(chat for thing, chat, _ in await told(hall) if f"T{EVENING:%H:%M}" in thing)
    assert evening == Counter({f"u{n}": 1 for n in range(PEOPLE)})
    hall.clock.set(MORNING - timedelta(minutes=1))
    await hall.later(minutes=3)
    morning = Counter(chat for thing, chat, _ in await told(hall) if f"T{MORNING:%H:%M}" in thing)
    assert morning == Counter({f"u{n}": 1 for n in range(PEOPLE)} | {"lead": 1})


@pytest.mark.parametrize(("kind", "number"), [("overdue.more", 1), ("overdue.more", 3), ("overdue.call", 2)])
async def test_the_ladder_goes_on_after_a_crash(tmp_path: Path, kind: str, number: int) -> None:
    first = Hall(tmp_path / "books.db")
    await first.open()
    await first.enrol(PEOPLE)
    await first.later(hours=3, minutes=59)
    first.clock.set(EVENING + timedelta(seconds=1))
    stops_at(first, kind, number)
    with pytest.raises(IntakeUnavailable):
        await first.app.alarm.sweep()
    assert len(await told(first)) < PEOPLE
    await first.app.close()

    second = Hall(tmp_path / "books.db")
    second.clock.set(EVENING + timedelta(minutes=2))
    await second.app.start()
    await second.later(minutes=1)
    after = Counter(chat for thing, chat, _ in await told(second) if f"T{EVENING:%H:%M}" in thing)
    await second.app.close()
    assert after == Counter({f"u{n}": 1 for n in range(PEOPLE)})
