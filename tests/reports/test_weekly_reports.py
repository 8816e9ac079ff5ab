"""How punctual reports were: the digest, ``/指标`` and the rows of every wording alone give the same numbers.

The reckoning here reads ``daily_version``, ``collection`` and ``away`` as docs/figures.md says, and nothing of
``planning``; what happens after the digest changes nothing of what it said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from clerk import ZONE, Clerk
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from test_lives import office

from chat.plain import plain
from planning.window import Window
from reports import weekly_views
from reports.metric_pages import PAGES
from reports.planning.measures import measure
from reports.planning.week import clock_of, gather
from reports.weekly import keep
from storage.daily import Words
from storage.statement import Statement, columns, moment
from storage.tables.daily import Away, Collection, DailyRow, DailyVersion

COLLECTIONS, ROWS, VERSIONS, AWAY = columns(Collection), columns(DailyRow), columns(DailyVersion), columns(Away)
_asked = Statement(
    select(COLLECTIONS.day, COLLECTIONS.closes_at, COLLECTIONS.asked).where(COLLECTIONS.state == "closed")
)
_said = Statement(
    select(ROWS.day, ROWS.person_id, VERSIONS.at, VERSIONS.via)
    .join(DailyVersion, VERSIONS.daily_id == ROWS.id)
    .order_by(ROWS.id, VERSIONS.version)
)
_away = Statement(select(AWAY.day, AWAY.person_id, AWAY.part))
WEEK = [date(2026, 9, day) for day in (20, 21, 22, 23, 24)]
"""A makeup Sunday begins it, 中秋 ends it."""
TEAM = 4
said = st.lists(
    st.tuples(
        st.integers(0, 4), st.integers(0, TEAM - 1), st.integers(-900, 1500),
        st.sampled_from(["in", "in", "in", "again", "withdraw"]),
    ),
    max_size=40,
)  # fmt: skip
"""(day, person, minutes after the prompt, what)."""
gone = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, TEAM - 1), st.sampled_from(["day", "am", "pm"])), max_size=5
)


def alone(clerk: Clerk, now: datetime) -> tuple[int, int, int]:
    """(asked for, in time, late) at ``now``."""
    closes: dict[str, datetime] = {}
    expected: set[tuple[str, int]] = set()
    resting = {(day, person) for day, person, part in clerk.tx.rows(_away) if part != "am"}
    for day, at, asked in clerk.tx.rows(_asked):
        if moment(at) <= now:
            closes[day] = moment(at)
            expected |= {(day, person) for person in json.loads(asked)} - resting
    came: dict[tuple[str, int], datetime | None] = {}
    for day, person, at, via in clerk.tx.rows(_said):
        if day in closes and moment(at) <= now:
            came[day, person] = None if via == "withdrawn" else came.get((day, person)) or moment(at)
    there = {key: at for key, at in came.items() if at is not None}
    on_time = sum(at <= closes[day] for (day, _), at in there.items())
    return len(expected | there.keys()), on_time, len(there) - on_time


def shown(clerk: Clerk, at: datetime) -> str:
    """``/指标 日报准时率``, its value and its rows."""
    desk = clerk.desk(at)
    page = PAGES["reports"][1](measure(desk, WEEK[-1], at), clock_of(desk))
    return "\n".join(each.render("zh") for each in (page.value, *page.rows))


def happen(clerk: Clerk, at: datetime, day: date, person: int, what: str) -> None:
    books = clerk.books(at, person)
    report = books.daily.of(clerk.project.id, day, person)
    collection = books.collections.of(clerk.project.id, day)
    assert collection is not None
    standing = collection.times.standing(at)
    words = Words(f"{at:%H:%M}", "继续", "无")
    if report is None:
        if what != "withdraw":
            books.daily.add(clerk.project.id, day, person, words, standing=standing, via="group")
    elif what == "withdraw":
        if not report.withdrawn:
            books.daily.withdraw(report)
    else:
        books.daily.rewrite(report, words, via="direct", standing=standing if report.withdrawn else None)


def numbers(words: str) -> Mapping[str, int | None]:
    """Of ``准时 80% 补交 1`` and ``80%　补交 1 / 应交 5，准时 4，补交 1，没交 0``."""
    rate = re.search(r"(\d+)%|—", words)
    late = re.search(r"补交 (\d+)", words)
    return {"rate": int(rate[1]) if rate and rate[1] else None, "late": int(late[1]) if late else None}


@settings(max_examples=120, deadline=None)
@given(said, gone, st.integers(0, 1500))
def test_reports_of_a_week_thrice(story: list[tuple[int, int, int, str]], leave: list, later: int) -> None:  # type: ignore[type-arg]
    with office() as clerk:
        people = [clerk.person(f"成员{number}").id for number in range(TEAM)]
        desk = clerk.desk(datetime(2026, 9, 20, 9, tzinfo=ZONE))
        calendar = desk.rhythm.calendar
        things = sorted(
            (
                datetime(day.year, day.month, day.day, 17, 30, tzinfo=ZONE) + timedelta(minutes=minutes),
                day, people[person], what,
            )
            for number, person, minutes, what in story
            for day in [WEEK[number]]
        )  # fmt: skip
        for day in WEEK:
            times = Window().times(day, calendar, ZONE)
            opened = desk.books.collections.open(clerk.project.id, day, times)
            assert opened is not None
            desk.books.collections.change(opened, state="closed", asked=tuple(people))
        for number, person, part in leave:
            desk.books.leaves.put(clerk.project.id, people[person], {WEEK[number]: part})
        sent = datetime(2026, 9, 24, 18, 40, tzinfo=ZONE) + timedelta(minutes=later)
        for at, day, person, what in things:
            if at <= sent:
                happen(clerk, at, day, person, what)
        week = gather(clerk.desk(sent), WEEK[-1])
        keep(clerk.desk(sent), week)
        asked, on_time, late = alone(clerk, sent)
        rate = (200 * on_time + asked) // (2 * asked) if asked else None
        page = shown(clerk, sent)
        assert numbers(page) == {"rate": rate, "late": late if asked else None}
        if asked:
            assert f"应交 {asked}，准时 {on_time}，补交 {late}，没交 {asked - on_time - late}" in page
        if not week.quiet:
            digest = plain(weekly_views.team("项目", clerk.project.id, week))
            line = re.search(r"日报 (准时 \S+ 补交 \d+)", digest)
            assert numbers(line[1] if line else "—") == numbers(page)
        for at, day, person, what in things:
            if at > sent:
                happen(clerk, at, day, person, what)
        assert shown(clerk, sent) == page, "what came later changes nothing"
        assert gather(clerk.desk(sent + timedelta(days=5)), WEEK[-1], sent).reports == week.reports
