"""The simulated year (``bench.year``), small: nothing missed, nothing twice, however often the bot is killed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import orjson
import psycopg
import pytest

from bench.crash_books import all_written, rows
from bench.year import Daily, Outcome, compare, report, simulate
from bench.year_plan import Owed, Plan, plan
from storage.pg import PgDatabase
from tests.postgres import Server


@pytest.mark.timeout(300)
def test_six_weeks_of_six_groups_with_ten_deaths(tmp_path: Path) -> None:
    outcome = simulate(tmp_path, 6, date(2026, 1, 5), date(2026, 2, 13), deaths=10, seed=3)
    assert outcome.clean, report(outcome)
    assert outcome.lives >= 8  # the last deaths may come after the end
    assert outcome.sent["日报提示"] == 6 * 30
    assert set(outcome.sent) >= {"任务提醒", "逾期 D0", "静默 3 日", "请回复催", "审批催", "里程碑预警", "里程碑到期"}
    assert outcome.slots.merged > 5


@pytest.mark.timeout(300)
def test_three_weeks_on_a_server(tmp_path: Path, postgres: Server) -> None:
    address = postgres.fresh()
    outcome = simulate(tmp_path, 3, date(2026, 1, 5), date(2026, 1, 23), deaths=4, seed=5, store=address)
    postgres.back(address)
    assert outcome.clean, report(outcome)
    assert outcome.lives >= 3
    assert outcome.sent["日报提示"] == 3 * 15


def test_what_a_killed_process_had_sent_is_written_before_the_next_one_is_born(postgres: Server) -> None:
    """Simulated time leaps over the moment in which the next one would look."""
    address = postgres.fresh()
    killed = psycopg.connect(PgDatabase(address).conninfo, application_name="jindu")
    killed.pgconn.send_query(
        b"BEGIN; INSERT INTO process (id, host, started_at, beat_at) VALUES ('late', '', 0, 0); "
        b"SELECT pg_sleep(0.5); COMMIT"
    )
    killed.pgconn.finish()
    all_written(address)
    assert rows(address, "SELECT id FROM process") == [("late",)]
    postgres.back(address)


def test_off_every_day_while_the_daily_prompts_are_due(tmp_path: Path) -> None:
    outcome = simulate(tmp_path, 2, date(2026, 1, 5), date(2026, 1, 7), Daily(time(17, 30), 50), seed=1)
    assert outcome.clean, report(outcome)
    assert outcome.lives == 4
    assert outcome.sent["日报提示"] == 2 * 3
    assert outcome.sent["日报催"] == outcome.owed["日报催"] > 0


DAY = date(2026, 7, 9)


def _urges(tmp_path: Path, off: tuple[time, time], *said: time) -> Outcome:
    """Of an approval with urges at 6:40 and 8:32 and its end at 9:00, UTC; off, and said, at these times."""

    def at(moment: time) -> datetime:
        return datetime.combine(DAY, moment, UTC)

    moments = at(time(6, 40)), at(time(8, 32)), at(time(9))
    owed = [Owed("审批催", "群1", DAY, "批1x6", one, until) for one, until in pairwise(moments)]
    lines = [f'{{"now":{at(off[0]).timestamp()}}}', f'{{"now":{at(off[1]).timestamp()},"born":true}}']
    words = '{{"key":"{}","to":"群1","at":{},"text":"@乙 ⏰ P6 批1x6 在等你","reply":false}}'
    lines += [words.format(number, at(one).timestamp()) for number, one in enumerate(said)]
    (tmp_path / "log").write_text("\n".join(lines))
    return compare(Plan(DAY + timedelta(days=1), owed=owed), tmp_path)


def test_an_urge_is_not_owed_when_the_approval_ended_while_the_bot_was_off(tmp_path: Path) -> None:
    outcome = _urges(tmp_path, (time(8, 31), time(10, 11)), time(6, 40))
    assert outcome.clean
    assert outcome.moot == {"审批催": 1}


def test_two_urges_slept_through_are_said_as_one(tmp_path: Path) -> None:
    outcome = _urges(tmp_path, (time(6, 39), time(8, 40)), time(8, 40))
    assert outcome.clean
    assert outcome.moot == {"审批催": 1}


@pytest.mark.parametrize(
    ("off", "said", "missed"),
    [
        ((time(8, 31), time(8, 50)), (time(6, 40),), time(8, 32)),
        ((time(8, 34), time(10)), (time(6, 40),), time(8, 32)),
        ((time(8, 31), time(10, 11)), (), time(6, 40)),
        ((time(6, 39), time(8, 20)), (time(8, 32),), time(6, 40)),
    ],
)
def test_an_urge_there_was_time_for_is_missed(
    tmp_path: Path, off: tuple[time, time], said: tuple[time, ...], missed: time
) -> None:
    assert [one.at.time() for one in _urges(tmp_path, off, *said).missed] == [missed]


def test_silence_is_noticed(tmp_path: Path) -> None:
    """The comparison itself: a bot that says nothing has missed everything."""
    whole = plan(1, date(2026, 1, 5), date(2026, 1, 16), seed=1)
    (tmp_path / "log").write_text("")
    outcome = compare(whole, tmp_path)
    assert Counter(one.kind for one in outcome.missed) == outcome.owed
    assert not outcome.clean


def test_a_word_too_many_is_noticed(tmp_path: Path) -> None:
    whole = plan(1, date(2026, 1, 5), date(2026, 1, 5), seed=1)
    line = '{"key":"%s","to":"群0","at":1767605400,"text":"📝 1-5（周一）日报，18:30 截止","reply":false}\n'
    (tmp_path / "log").write_text(line % "a" + line % "b" + line % "b")
    outcome = compare(whole, tmp_path)
    assert [one.kind for one in outcome.doubled] == ["日报提示"]
    assert outcome.again == 1


LATE, NEAR = "逾期 1 个工作日：T1\nT1 逾1x1（7-8 18:00）", "⏳ M1 里1x2 还有 3 个工作日（7-14）\n未完成 1：T2 碑1x3"


def _at_ten(tmp_path: Path, died: time, *said: tuple[time, str]) -> Outcome:
    """Something late and a milestone, both owed to one person at 10:00 in Shanghai; the bot is back at 10:20."""
    at = datetime.combine(DAY, time(2), UTC)
    things = ("逾期 D+1", "逾1x1"), ("里程碑预警", "里1x2")
    owed = [Owed(kind, "群1乙", DAY, mark, at, at + timedelta(hours=9)) for kind, mark in things]
    lines: list[dict[str, object]] = [
        {"now": datetime.combine(DAY, died, UTC).timestamp()},
        {"now": (at + timedelta(minutes=20)).timestamp(), "born": True},
        *(
            {"key": number, "to": "群1乙", "at": datetime.combine(DAY, then, UTC).timestamp(), "text": text,
             "reply": False}
            for number, (then, text) in enumerate(said)
        ),
    ]  # fmt: skip
    (tmp_path / "log").write_bytes(b"\n".join(map(orjson.dumps, lines)))
    return compare(Plan(DAY, owed=owed), tmp_path)


def test_one_message_at_one_moment_is_what_is_owed(tmp_path: Path) -> None:
    outcome = _at_ten(tmp_path, time(1), (time(2, 20), f"{LATE}\n{NEAR}"))
    assert outcome.clean, report(outcome)
    assert outcome.slots.merged == outcome.slots.moments == 1


@pytest.mark.parametrize("second", [time(2, 0, 0, 1000), time(2, 20)])
def test_two_messages_at_one_moment_are_one_too_many(tmp_path: Path, second: time) -> None:
    """Also when the bot was killed between them."""
    outcome = _at_ten(tmp_path, time(2, 0, 1), (time(2), LATE), (second, NEAR))
    assert [one.kind for one in outcome.doubled] == ["一刻一条"]
    assert not outcome.missed


def test_what_a_message_has_no_room_for_it_must_count(tmp_path: Path) -> None:
    silent = _at_ten(tmp_path, time(1), (time(2, 20), LATE))
    assert [one.kind for one in silent.missed] == ["里程碑预警"]
    counted = _at_ten(tmp_path, time(1), (time(2, 20), f"{LATE}\n还有 M1，发编号看详情"))
    assert counted.clean
    assert counted.slots.left_out == 1


def test_a_late_prompt_puts_off_the_nudge(tmp_path: Path) -> None:
    """Due at 9:30 UTC, said at 9:43: the nudge is due at 10:31 and of no use after 10:43."""

    def at(hour: int, minute: int) -> datetime:
        return datetime.combine(DAY, time(hour, minute), UTC)

    def missed(died: datetime, born: datetime) -> list[Owed]:
        lines = [f'{{"now":{died.timestamp()}}}', f'{{"now":{born.timestamp()},"born":true}}']
        words = f'{{"key":"1","to":"群1","at":{at(9, 43).timestamp()},"text":"📝 7-9 日报","reply":false}}'
        (tmp_path / "log").write_text("\n".join([words, *lines]))
        return compare(Plan(DAY, owed=[prompt, nudge]), tmp_path).missed

    prompt = Owed("日报提示", "群1", DAY, "", at(9, 30), at(23, 0))
    nudge = Owed("日报催", "群1丁", DAY, "", at(10, 18), at(10, 30))
    assert missed(at(10, 30), at(11, 57)) == []
    assert missed(at(10, 30), at(10, 42)) == [nudge], "there was time"
    assert missed(at(10, 33), at(11, 57)) == [nudge], "it was there at its moment"
