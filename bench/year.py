"""``python -m bench.year``: a year of 200 groups with the bot killed at random; what was sent, missed, doubled.

``--database postgresql``: on a server of our own. A whole year is kept for docs/reliability.md, another span is not.

``--from 2026-07-06 --until 2026-07-31 --daily 16:31 --off 100``: to look into one thing, killed every day at that
moment in Shanghai, and found again so many minutes later.

Every life is a process that is ended by a signal while it works, and found again some minutes later by the next one.
Whatever was owed (see ``bench.year_plan``) must have been said, once, within two hours of its moment.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import orjson

from bench.crash_books import all_written, nobody_lives, version
from bench.nursery import FORKS
from bench.results import Cell, Result, record
from bench.year_life import Life, live, now_of
from bench.year_plan import PEOPLE, Act, Owed, Plan, plan
from bench.year_said import in_the_morning, kept_for_hours, read
from bench.year_slots import Slots
from storage.stores import SERVER
from tests.postgres import Server

FIRST, LAST = date(2026, 1, 5), date(2026, 12, 18)
LONGEST_OFF = 100
"""Minutes. After two hours a prompt is not sent any more, by rule."""
APART = timedelta(hours=5)
BUSY = (time(9), time(9, 30), time(10), time(12, 10), time(17, 30), time(18), time(18, 18), time(18, 30))
"""On the wall clock in Shanghai: when most is to be said."""
IN_TIME = timedelta(hours=2)
SHANGHAI = timedelta(hours=8)
_MINUTE = timedelta(minutes=1)


@dataclass
class Outcome:
    """Counted by kind. ``again``: sent a second time under the same key, which a platform drops.

    ``moot``: the bot was off from its moment until nobody needed it any more (a nudge after the close), or until
    something more urgent was to be said of the same task.
    """

    owed: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    missed: list[Owed] = field(default_factory=list)
    doubled: list[Owed] = field(default_factory=list)
    unasked: list[Owed] = field(default_factory=list)
    late: list[Owed] = field(default_factory=list)
    moot: Counter[str] = field(default_factory=Counter)
    other: Counter[str] = field(default_factory=Counter)
    slots: Slots = field(default_factory=Slots)
    again: int = 0
    lives: int = 0

    @property
    def clean(self) -> bool:
        return not (self.missed or self.doubled or self.unasked or self.late)


@dataclass(frozen=True)
class Daily:
    """Dies every day when the clock of Shanghai comes to ``at``, found again ``off`` minutes later."""

    at: time
    off: int

    def deaths(self, first: date, last: date) -> list[datetime]:
        days = range((last - first).days + 1)
        return [datetime.combine(first + timedelta(days=n), self.at, UTC) - SHANGHAI for n in days]


def simulate(
    folder: Path, groups: int, first: date, last: date, deaths: int | Daily, seed: int, store: str = ""
) -> Outcome:  # fmt: skip
    """Live through it all; what came of it. deaths: so many at random, or one a day. store: as ``open_store``; "": a
    file in the folder."""
    store = store or str(folder / "jindu.db")
    whole = plan(groups, first, last, seed)
    begins = datetime.combine(first, time(0), UTC)
    ends = datetime.combine(last + timedelta(days=1), time(12), UTC)
    chance = Random(seed)
    lives = 0
    when = deaths.deaths(first, last) if isinstance(deaths, Daily) else _deaths(begins, ends, deaths, chance)
    for dies in [*when, None]:
        if dies is not None and dies <= begins:
            continue  # the life before lasted longer than it should, or the pause after it
        acts = _unheard(whole, folder)
        after = 0.0 if isinstance(deaths, Daily) else chance.uniform(0.001, 0.02 + groups * 0.004)
        life = Life(folder, store, begins, ends, dies, after, chance.random() < 0.5)
        process = FORKS.Process(target=live, args=(life, acts))
        process.start()
        process.join()
        all_written(store)
        nobody_lives(store)
        lives += 1
        lines = list(_lines(folder))
        if any(line.get("done") for line in lines[-1:]):
            break
        if process.exitcode is None or process.exitcode >= 0:
            raise RuntimeError(f"a life ended by itself: {process.exitcode}")
        last_seen = max(now_of(line) for line in lines if "now" in line)
        off = chance.choice((0, 1, 7, chance.randint(1, LONGEST_OFF)))
        begins = last_seen + timedelta(minutes=deaths.off if isinstance(deaths, Daily) else off)
    outcome = compare(whole, folder)
    outcome.lives = lives
    return outcome


def _deaths(begins: datetime, ends: datetime, count: int, chance: Random) -> list[datetime]:
    """At most ``count``, half of them when most is going on, some hours apart."""
    found: list[datetime] = []
    days = (ends - begins).days
    for number in range(count * 5):
        at = begins + timedelta(days=chance.uniform(0, days))
        if number % 2:
            busy = chance.choice(BUSY)
            at = at.replace(hour=(busy.hour - 8) % 24, minute=busy.minute, second=0, microsecond=0)
        if all(abs(at - other) >= APART for other in found):
            found.append(at)
    return sorted(found[:count])


def _lines(folder: Path) -> Iterator[dict[str, Any]]:
    path = folder / "log"
    if path.exists():
        for line in path.read_bytes().splitlines():
            yield orjson.loads(line)


def _unheard(whole: Plan, folder: Path) -> list[Act]:
    heard = {line["ack"] for line in _lines(folder) if "ack" in line}
    return [act for act in whole.acts if act.key not in heard]


# --- what was said, against what was owed ---------------------------------------------------------------------------


def compare(whole: Plan, folder: Path) -> Outcome:
    outcome = Outcome(owed=Counter(one.kind for one in whole.owed))
    said = _said(whole, folder, outcome)
    off = _off(folder)
    due: defaultdict[Owed, list[Owed]] = defaultdict(list)
    for one in (*(_kept(one, off) for one in whole.owed), *(one for one in whole.maybe if one in said)):
        due[one].append(one)
    for one, moments in due.items():
        times = said.get(one, [])
        outcome.sent[one.kind] += min(len(moments), len(times))
        outcome.doubled += [one] * (len(times) - len(moments))
        for owed, then in _paired(moments, times):
            if then is not None:
                outcome.slots.answers(owed, then)
                outcome.late += [owed] * (not owed.at <= then <= owed.at + IN_TIME and not in_the_morning(owed, then))
            elif outcome.slots.spoken_of(owed) or _slept_through(owed, off, _put_off(owed, whole, said)):
                outcome.moot[owed.kind] += 1
            elif not outcome.slots.had_no_room(owed):
                outcome.missed.append(owed)
    outcome.doubled += outcome.slots.too_many(off)
    outcome.unasked = [one for one in said if one not in due]
    return outcome


def _kept(owed: Owed, off: list[tuple[datetime, datetime]]) -> Owed:
    """A task's reminder, at the moment at which it can be said once the bot is there."""
    back = next((began for died, began in off if died <= owed.at + _MINUTE and owed.at < began), None)
    return kept_for_hours(owed, back) if owed.kind == "任务提醒" and back is not None else owed


def _slept_through(owed: Owed, off: list[tuple[datetime, datetime]], later: timedelta) -> bool:
    """Was there no bot from its moment until nobody needed it any more?"""
    at, until = owed.at + later, owed.until + later
    return any(died <= until <= began and died <= at + _MINUTE for died, began in off)


def _put_off(owed: Owed, whole: Plan, said: dict[Owed, list[datetime]]) -> timedelta:
    """A prompt that comes late puts off the close of that day, and with it the nudge."""
    if owed.kind == "日报催":
        prompt = replace(owed, kind="日报提示", whom=owed.whom.rstrip(PEOPLE))
        due = next((one.at for one in whole.owed if one == prompt), None)
        if due is not None and prompt in said:
            return max(said[prompt][0] - due, timedelta(0))
    return timedelta(0)


def _said(whole: Plan, folder: Path, outcome: Outcome) -> dict[Owed, list[datetime]]:
    """When each thing was said; what is no business of the clock's is counted."""
    said: defaultdict[Owed, list[datetime]] = defaultdict(list)
    keys: set[object] = set()
    for line in _lines(folder):
        if "key" not in line:
            continue
        if line["key"] in keys:
            outcome.again += 1
            continue
        keys.add(line["key"])
        found = list(read(line))
        if not found and not line["reply"]:
            outcome.other[re.sub(r"\d+", "0", str(line["text"]).split("\n")[0])[:40]] += 1
        for one in found:
            if one.day <= whole.last:
                said[one].append(one.at)
                outcome.slots.heard(one, line["key"], str(line["text"]))
    return dict(said)


def _paired(moments: list[Owed], said: list[datetime]) -> Iterator[tuple[Owed, datetime | None]]:
    """Each moment with when it was said. What was said belongs to the last moment before it that is still open."""
    left = sorted(moments, key=lambda one: one.at)
    for then in sorted(said)[: len(left)]:
        past = sum(one.at <= then for one in left)
        yield left.pop(max(past, 1) - 1), then
    for one in left:
        yield one, None


def _off(folder: Path) -> list[tuple[datetime, datetime]]:
    """From when to when there was no bot."""
    found: list[tuple[datetime, datetime]] = []
    before = datetime.max.replace(tzinfo=UTC)
    for line in _lines(folder):
        if "now" in line:
            now = now_of(line)
            if line.get("born"):
                found.append((before, now))
            before = now
    return found


# --- printed --------------------------------------------------------------------------------------------------------


def report(outcome: Outcome) -> str:
    rows = [f"{'kind':<10}{'owed':>9}{'sent':>9}{'missed':>8}{'doubled':>8}{'unasked':>8}{'late':>6}{'moot':>6}"]
    besides = {one.kind for one in (*outcome.unasked, *outcome.doubled)} | set(outcome.sent)
    for kind in [*outcome.owed, *sorted(besides - set(outcome.owed))]:
        counts = [
            sum(one.kind == kind for one in each)
            for each in (outcome.missed, outcome.doubled, outcome.unasked, outcome.late)
        ]
        rows.append(
            f"{kind:<10}{outcome.owed[kind]:>9}{outcome.sent[kind]:>9}"
            f"{counts[0]:>8}{counts[1]:>8}{counts[2]:>8}{counts[3]:>6}{outcome.moot[kind]:>6}"
        )
    rows.append(f"lives {outcome.lives}; dropped by the platform under a key it knew: {outcome.again}")
    slots = outcome.slots
    rows.append(
        f"moments at which the clock's rules had something for one person: {slots.moments}; several things, in one"
        f" message: {slots.merged}; had no room there: {slots.left_out}"
    )
    rows += [f"not counted: {count} × {text}" for text, count in outcome.other.most_common(12)]
    for name, found in (
        ("missed", outcome.missed), ("doubled", outcome.doubled), ("unasked", outcome.unasked), ("late", outcome.late)
    ):  # fmt: skip
        rows += [f"{name}: {one.kind} {one.whom} {one.day} {one.mark} {one.at:%m-%d %H:%M}" for one in found[:12]]
    return "\n".join(rows)


def kept(outcome: Outcome, command: str, groups: int, note: str) -> Result:
    """For docs/reliability.md."""
    rows: list[list[Cell]] = [
        [
            kind, outcome.owed[kind], outcome.sent[kind], *(
                sum(one.kind == kind for one in each)
                for each in (outcome.missed, outcome.doubled, outcome.unasked, outcome.late)
            ),
        ]
        for kind in outcome.owed | outcome.sent
    ]  # fmt: skip
    sums = [sum(int(row[place]) for row in rows) for place in range(1, 7)]
    whole: list[list[Cell]] = [["合计", *sums], *rows]
    notes = [
        f"{groups} 个群，{FIRST} 到 {LAST}；进程死了 {outcome.lives - 1} 次。{note}",
        "晚了：比该说的时刻晚两小时以上。重发时平台按键去掉的"
        f" {outcome.again} 条不算多发；停机期间过了用处、或同一任务有更要紧的话可说的提醒"
        f" {outcome.moot.total()} 条不补，不算漏。同一时刻给同一个人的提醒合成一条：{outcome.slots.moments} 个时刻里有"
        f" {outcome.slots.merged} 个合了几件事；多出一条就算多说。",
    ]
    return Result("year", command, ["", "该说", "说了", "漏了", "多说", "不该说", "晚了"], whole, notes)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.year")
    parser.add_argument("--groups", type=int, default=200)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, default=FIRST)
    parser.add_argument("--until", type=date.fromisoformat, default=LAST)
    parser.add_argument("--deaths", type=int, default=150)
    parser.add_argument("--daily", type=time.fromisoformat, default=None, help="instead: one every day at this time")
    parser.add_argument("--off", type=int, default=LONGEST_OFF, help="with --daily: minutes without the bot")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=None, help="a folder for the log and the books")
    parser.add_argument("--database", choices=("sqlite", SERVER), default="sqlite")
    given = parser.parse_args(arguments)
    deaths = Daily(given.daily, given.off) if given.daily else given.deaths
    begun = perf_counter()
    server = Server() if given.database == SERVER else None
    try:
        with tempfile.TemporaryDirectory() as folder:
            where = given.keep or Path(folder)
            where.mkdir(parents=True, exist_ok=True)
            store = server.fresh().replace("connections=1", "connections=4") if server else ""
            outcome = simulate(where, given.groups, given.first, given.until, deaths, given.seed, store)
            note = f"{version(store)}，死的是机器人，不是服务器。" if server else ""
    finally:
        if server is not None:
            server.close()
    print(f"{given.groups} groups, {given.first} to {given.until}, in {perf_counter() - begun:.0f} s")
    print(report(outcome))
    if (given.first, given.until, given.daily) == (FIRST, LAST, None):
        words = [word for word in arguments if given.keep is None or word not in ("--keep", str(given.keep))]
        result = kept(outcome, " ".join(["python -m bench.year", *words]), given.groups, note)
        record(replace(result, name="year" if server is None else f"year-{SERVER}"))
    return 0 if outcome.clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
