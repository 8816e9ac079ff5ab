"""The daily digest: how many reported, what blocks whom, three figures, one line for each person. Red first."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chat.cards import Block, Button, Buttons, Card, Paragraph, text_card
from chat.text import NOTHING, Text, join, listed, say, verbatim
from planning.zones import at_local
from reports import own_templates, render
from reports.daily_desk import Desk, names
from reports.daily_prompt import span
from reports.days import bare_day, short_day
from reports.quality import short_debt
from reports.readers import hint, readers_of
from reports.rhythm import own_rhythm
from reports.rules import DIGEST
from reports.ticks import PART, Occasion, tick
from storage.asks import Ask
from storage.blockers import Blocker
from storage.daily import Report
from storage.daily_collections import Collection
from storage.daily_figures import Figures, figures
from storage.people import Person

CUT = 120
"""Characters of one person's words in the digest."""
MOST_PEOPLE = 40
MOST_BLOCKERS = 5
MOST_ASKS = 3
MOST_DEBTS = 3
MORE = "daily.close.more"


@dataclass(frozen=True, slots=True)
class _Line:
    """One person in the digest."""

    name: str
    done: str
    plan: str


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """One blocker in the digest."""

    ref: str
    words: str
    who: str
    helper: str
    answer: Text


def publish(desk: Desk, collection: Collection) -> Collection:
    """The digest of a day that closes: to the groups, and the same to each observer. Fixes who was to report."""
    closes = collection.times.closes
    abroad = tuple(person.id for person in desk.abroad if _over(desk, person, collection.day, closes))
    asked = tuple(person.id for person in desk.reporters) + abroad
    closed = desk.books.collections.change(collection, state="closed", digest_at=desk.books.at, asked=asked)
    card, worth_it = digest(desk, closed)
    if worth_it or asked:
        desk.speaker.to_groups(desk.project, card, name=closed.digest)
    if worth_it:
        _watchers(desk, closed, card, 0)
    return closed


def _watchers(desk: Desk, collection: Collection, card: Card, after: int) -> int | None:
    """To the next of those who only watch; the rest, if any, in a firing of its own. Behind whom to go on."""
    people = [person for person in desk.observers if person.id > after]
    if after or len(people) > PART:
        people.sort(key=lambda person: person.id)
    for person in people[:PART]:
        desk.speaker.to_person(person, desk.project, card, name=collection.digest)
    following = people[PART - 1].id if len(people) > PART else None
    if following is not None and not after:
        desk.books.schedules.replace(MORE, f"collection:{collection.id}", desk.books.at, after=following)
    return following


@tick(MORE, DIGEST)
def watchers(occasion: Occasion) -> datetime | None:
    """The digest of a day that has closed, to more of those who only watch."""
    books = occasion.books
    collection = books.collections.get(int(occasion.entry.owner.partition(":")[2]))
    if collection is None:
        return None
    desk = Desk(books, occasion.speaker, books.projects.get(collection.project_id))
    card, _ = digest(desk, collection)
    after = _watchers(desk, collection, card, occasion.entry.subject["after"])
    return occasion.go_on(after=after) if after is not None else None


def amend(desk: Desk, collection: Collection, changed: Report | None, *, told: bool = False) -> None:
    """Something came after the close: redraw the digest; where that is impossible, a line at the full hour.

    ``changed``: a report that has a new wording; the digest's foot says so. ``told``: the team hears of it otherwise.
    """
    if changed is not None:
        version = collection.version + 1
        note = f"v{version} {desk.rhythm.local(desk.books.at):%H:%M} {changed.name}"
        collection = desk.books.collections.change(collection, version=version, note=note)
    card, _ = digest(desk, collection)
    desk.speaker.redraw(collection.digest, card, rule=DIGEST)
    if not told and desk.speaker.fixed(collection.digest):
        owner = f"collection:{collection.id}"
        if not any(entry.kind == "daily.late" for entry in desk.books.schedules.of(owner)):
            desk.books.schedules.add("daily.late", owner, full_hour(desk))


def full_hour(desk: Desk) -> datetime:
    """The next one at which a group may be disturbed."""
    now = desk.books.at
    local = desk.rhythm.local(now)
    hour = (
        now + timedelta(hours=1) - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    )
    return desk.rhythm.awake(hour)


def digest(desk: Desk, collection: Collection) -> tuple[Card, bool]:
    """The card, and whether it says more than that nobody reported."""
    handed_in = desk.books.daily.on(desk.project.id, collection.day)
    reports = {report.person: report for report in handed_in}
    everyone = collection.asked or tuple(person.id for person in desk.reporters)
    gone = desk.books.daily.away(desk.project.id, collection.day)
    away = {who for who in everyone if gone.get(who) in ("day", "pm") and who not in reports}
    asked = [who for who in everyone if who not in away]
    expected = asked + [who for who in reports if who not in asked]
    abroad = _abroad(desk, collection.day, {*everyone, *reports})
    if not reports:
        text = say(
            "{day} 日报 0/{n}，今天没人提交。{abroad}",
            "{day}: 0/{n} reports, nobody reported today.{abroad}",
            day=bare_day(collection.day), n=len(expected),
            abroad=say("海外 {n} 人稍后补汇。", " {n} abroad follow.", n=abroad) if abroad else NOTHING,
        )  # fmt: skip
        if waiting := _still_open(desk):
            text = say("{text}\n{lines}", "{text}\n{lines}", text=text, lines=waiting)
        return text_card(text), False
    whole = own_templates.words(desk, "digest", **_values(desk, collection.day, handed_in, expected, len(away), abroad))
    cut = readers_of(desk) == "all" and any(_long(report) for report in handed_in)
    return _card(collection, whole, cut, hint(desk)), True


def _still_open(desk: Desk) -> Text | None:
    """Blockers are shown every day until they are closed, also when nobody reports."""
    found = desk.books.blockers.open_in(desk.project.id)
    if not found:
        return None
    lines = [
        say("{ref} {words}（{who}→{helper}，{answer}）" if each.helper else "{ref} {words}（{who}，{answer}）",
            "{ref} {words} ({who} → {helper}, {answer})" if each.helper else "{ref} {words} ({who}, {answer})",
            ref=each.ref, words=each.words, who=each.who, helper=each.helper, answer=each.answer)
        for each in (_obstacle(blocker, desk.books.at) for blocker in found[:MOST_BLOCKERS])
    ]  # fmt: skip
    if len(found) > MOST_BLOCKERS:
        lines.append(say("还有 {n} 个：/阻塞", "{n} more: /blockers", n=len(found) - MOST_BLOCKERS))
    return say("🔴 阻塞 {n}：{lines}", "🔴 Blockers {n}: {lines}", n=len(found), lines=join(lines, "\n　　"))


def _values(
    desk: Desk, day: date, handed_in: Sequence[Report], expected: Sequence[int], away: int, abroad: int
) -> dict[str, Any]:
    """What the template is filled with. expected: everybody who was to report, those who did among them."""
    reports = {report.person: report for report in handed_in}
    ordered = [reports[who] for who in expected if who in reports]
    people = [_line(report) for report in ordered] if readers_of(desk) == "all" else []
    missing = [who for who in expected if who not in reports]
    blockers = desk.books.blockers.open_in(desk.project.id)
    owed = desk.books.checks.owed(desk.project.id)
    open_asks = [one for one in desk.books.asks.open_in(desk.project.id) if one.missing]
    return {
        "project": desk.project.name, "day": short_day(day, desk.rhythm.calendar), "handed_in": len(reports),
        "expected": len(expected), "late": sum(report.standing in ("late", "overdue") for report in ordered),
        "away": away, "abroad": abroad,
        "blockers": [_obstacle(blocker, desk.books.at) for blocker in blockers[:MOST_BLOCKERS]],
        "blocked": len(blockers), "tasks": _figures(desk, day),
        "asks": [question_line(one) for one in open_asks[:MOST_ASKS]], "asked": len(open_asks),
        "debts": [short_debt(debt) for debt in owed[:MOST_DEBTS]], "debt_count": len(owed),
        "people": people[:MOST_PEOPLE], "more": max(0, len(people) - MOST_PEOPLE),
        "missing": _named(desk, missing) if desk.rhythm.plan.name_missing and missing else "",
    }  # fmt: skip


def values_now(desk: Desk, day: date) -> dict[str, Any]:
    """The same of a day that is not over: for looking at a template."""
    handed_in = desk.books.daily.on(desk.project.id, day)
    everyone = [person.id for person in desk.reporters]
    return _values(desk, day, handed_in, everyone + [r.person for r in handed_in if r.person not in everyone], 0, 0)


def _abroad(desk: Desk, day: date, counted: Container[int]) -> int:
    """How many report by a clock of their own and still have time."""
    away = desk.books.daily.away(desk.project.id, day)
    return sum(
        person.id not in counted
        and away.get(person.id) not in ("day", "pm")
        and own_rhythm(desk.books, desk.project, person).calendar.is_working(day)
        and not _over(desk, person, day, desk.books.at)
        for person in desk.abroad
    )


def _over(desk: Desk, person: Person, day: date, at: datetime) -> bool:
    """Was it their day as well, and is it over for them by ``at``?"""
    rhythm = own_rhythm(desk.books, desk.project, person)
    own = desk.books.collections.of(desk.project.id, day, person.id)
    return rhythm.calendar.is_working(day) and (own.times if own else rhythm.times(day)).closes <= at


def _card(collection: Collection, whole: Text, cut: bool, hint: Text | None) -> Card:
    """The template's first line is the title."""
    title, body = render.split(whole)
    args = (str(collection.id),)
    buttons = [
        Button(say("看全部", "Show all"), "daily.all", args),
        Button(say("导出", "Export"), "daily.export", args),
    ]
    if cut:
        buttons.insert(0, Button(say("展开", "Unfold"), "daily.all", args))
    blocks: list[Block] = [Paragraph(body)]
    if hint is not None:
        blocks.append(Paragraph(hint, quiet=True))
    if collection.note:
        blocks.append(Paragraph(verbatim(collection.note), quiet=True))
    return Card((*blocks, Buttons(tuple(buttons))), title)


def _line(report: Report) -> _Line:
    return _Line(report.name, short(report.words.done), short(report.words.plan))


def short(words: str, most: int = CUT) -> str:
    """On one line, cut."""
    flat = "；".join(line.strip() for line in words.splitlines() if line.strip())
    return flat if len(flat) <= most else flat[:most] + "…"


def _long(report: Report) -> bool:
    return max(len(report.words.done), len(report.words.plan)) > CUT


def _obstacle(blocker: Blocker, at: datetime) -> _Obstacle:
    return _Obstacle(blocker.ref, short(blocker.words), blocker.name, blocker.helper_name, answer_of(blocker, at))


def answer_of(blocker: Blocker, at: datetime) -> Text:
    """``已回应 29 分钟``: how long the answer took; ``2 天未回应``: how long it has been waiting."""
    time = (blocker.answered_at or at) - blocker.opened_at
    waited = age(time)
    if blocker.answered_at is not None:
        return say("已回应 {n}", "answered in {n}", n=waited)
    if time < timedelta(minutes=1):
        return say("未回应", "unanswered")
    return say("{n}未回应", "unanswered for {n}", n=waited)


def age(time: timedelta) -> Text:
    """``29 分钟``, ``3 小时``, ``2 天``."""
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes >= 24 * 60:
        return say("{n} 天", "{n} d", n=minutes // (24 * 60))
    if not minutes:
        return say("不到 1 分钟", "less than a minute")
    return span(minutes) if minutes < 120 else say("{n} 小时", "{n} h", n=minutes // 60)


def _figures(desk: Desk, day: date) -> Figures:
    """As seen at the end of ``day``, or now if that is earlier."""
    rhythm = desk.rhythm
    local = rhythm.local(desk.books.at)
    minute = local.hour * 60 + local.minute if local.date() == day else 24 * 60
    start = at_local(day, 0, rhythm.zone)
    end = at_local(day, 24 * 60, rhythm.zone)
    return figures(desk.books.tx, desk.project.id, day, minute, start, end)


def _named(desk: Desk, missing: list[int]) -> Text | str:
    known = {m.person.id: m.person.name for m in desk.members}
    return names([known[who] for who in missing if who in known])


def question_line(ask: Ask) -> Text:
    """``R1 主图尺寸定哪个？（张三→赵六）`` for lists."""
    return say(
        "{ref} {words}（{asker}→{missing}）", "{ref} {words} ({asker} → {missing})", ref=ask.ref,
        words=ask.words if len(ask.words) <= 40 else ask.words[:40] + "…", asker=ask.asker_name,
        missing=listed(one.name for one in ask.missing[:5]),
    )  # fmt: skip
