"""``补汇 10-23：Emma``: what came from people with a clock of their own after their team's digest.

At 9:00 of the team's next working day, or with its next digest; what came over days off is one section.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from chat.cards import text_card
from chat.frozen import frozen
from chat.text import NOTHING, Text, join, listed, say, verbatim
from planning.calendar import DayKind
from planning.window import AWAKE
from planning.zones import at_local
from reports.daily_desk import Desk, names
from reports.days import bare_day
from reports.digest import short
from reports.readers import readers_of
from reports.rhythm import owner
from reports.rules import DIGEST
from reports.ticks import Occasion, tick
from storage.daily import Report
from storage.daily_collections import Collection

KIND = "daily.more"
MOST = 40
_DAY = timedelta(days=1)


@frozen
class _News:
    """One person's own day. ``report`` None: it is over and they did not report."""

    collection: Collection
    name: str
    report: Report | None


def announce(desk: Desk, collection: Collection | None) -> None:
    """A first report came, or an own day closed: the team hears of it in the morning if the digest is out."""
    if collection is not None and collection.told_at is not None:
        desk.books.collections.change(collection, told_at=None)
    whose = owner(desk.project)
    if not any(entry.kind == KIND for entry in desk.books.schedules.of(whose)):
        desk.books.schedules.add(KIND, whose, _morning(desk.team))


def _morning(desk: Desk) -> datetime:
    """The next 9:00 of a working day."""
    rhythm, now = desk.rhythm, desk.books.at
    day = rhythm.calendar.first_working(rhythm.local(now).date())
    at = at_local(day, AWAKE[0], rhythm.zone)
    return at if at > now else at_local(rhythm.calendar.next_working(day), AWAKE[0], rhythm.zone)


@tick(KIND, DIGEST)
def in_the_morning(occasion: Occasion) -> datetime | None:
    """Entry's owner: the project. What closes later today comes with the digest."""
    project = occasion.books.projects.get(int(occasion.entry.owner.partition(":")[2]))
    desk = Desk(occasion.books, occasion.speaker, project)
    later = desk.rhythm.awake(occasion.at)
    if later > occasion.at:
        return later
    publish_more(desk)
    return None


def publish_more(desk: Desk) -> None:
    """Everything the team has not heard of, in one message to its groups and observers."""
    news = _news(desk)
    if not news:
        return
    for one in news:
        desk.books.collections.change(one.collection, told_at=desk.books.at)
    card = text_card(join(_sections(desk, news), "\n"))
    desk.speaker.to_groups(desk.project, card)
    for observer in desk.observers:
        desk.speaker.to_person(observer, desk.project, card)


def told(desk: Desk, day: date) -> None:
    """The team's digest of ``day`` says it: nothing more to tell of own days that are over or reported."""
    handed_in = {report.person for report in desk.books.daily.on(desk.project.id, day)}
    for one in desk.books.collections.untold(desk.project.id):
        if one.day == day and (one.person in handed_in or one.state != "open"):
            desk.books.collections.change(one, told_at=desk.books.at)


def _news(desk: Desk) -> list[_News]:
    found: list[_News] = []
    known = {m.person.id: m.person.name for m in desk.members}
    for one in desk.books.collections.untold(desk.project.id):
        report = desk.books.daily.of(desk.project.id, one.day, one.person)
        if report is not None and report.withdrawn:
            report = None
        if (report is None and one.state == "open") or _comes_yet(desk, one.day):
            continue
        if one.person in known and not (report is None and _excused(desk, one)):
            found.append(_News(one, known[one.person], report))
        else:
            desk.books.collections.change(one, told_at=desk.books.at)
    return found


def _comes_yet(desk: Desk, day: date) -> bool:
    """Is the team's own digest of that day still ahead?"""
    if day < desk.rhythm.local(desk.books.at).date() or not desk.rhythm.calendar.is_working(day):
        return False
    collection = desk.collection(day)
    return collection is None or collection.digest_at is None


def _excused(desk: Desk, one: Collection) -> bool:
    away = desk.books.daily.away(desk.project.id, one.day).get(one.person)
    return one.excused or away in ("day", "pm")


def _sections(desk: Desk, news: Sequence[_News]) -> list[Text]:
    lines: list[Text] = []
    open_to_all = readers_of(desk) == "all"
    rest = [one for one in news if not desk.rhythm.calendar.is_working(one.collection.day)]
    came = [one for one in rest if one.report is not None]
    if came:
        lines.append(_over_days_off(desk, came))
        lines += [_line(one, dated=True) for one in came[:MOST] if open_to_all]
    for day in sorted({one.collection.day for one in news if one not in rest}):
        on_it = [one for one in news if one.collection.day == day]
        lines.append(_of_day(day, on_it))
        lines += [_line(one) for one in on_it[:MOST] if one.report is not None and open_to_all]
    return lines


def _of_day(day: date, news: Sequence[_News]) -> Text:
    """``补汇 10-23：Emma（还差 1 人）``."""
    came = [one.name for one in news if one.report is not None]
    missing = len(news) - len(came)
    if not came:
        return say("补汇 {day}：海外 {n} 人没有提交", "Added for {day}: none of {n} abroad reported",
                   day=bare_day(day), n=missing)  # fmt: skip
    rest = say("（还差 {n} 人）", " ({n} missing)", n=missing) if missing else NOTHING
    return say("补汇 {day}：{names}{rest}", "Added for {day}: {names}{rest}", day=bare_day(day), names=names(came),
               rest=rest)  # fmt: skip


def _over_days_off(desk: Desk, came: Sequence[_News]) -> Text:
    """``假期间 Emma 3 份``."""
    people = dict.fromkeys(one.name for one in came)
    counts: list[Text] = [
        say("{name} {n} 份", "{name} {n}", name=name, n=sum(one.name == name for one in came)) for name in people
    ]
    if any(desk.rhythm.calendar.kind(one.collection.day) is DayKind.HOLIDAY for one in came):
        return say("假期间 {people}", "During the holidays: {people}", people=listed(counts))
    return say("休息日 {people}", "On days off: {people}", people=listed(counts))


def _line(one: _News, *, dated: bool = False) -> Text:
    """``Emma：copy done → 明日 QA``, in the words they were written in."""
    assert one.report is not None
    words = one.report.words
    day = say(" {day}", " {day}", day=bare_day(one.collection.day)) if dated else NOTHING
    plan = say(" → 明日 {plan}", " → tomorrow {plan}", plan=short(words.plan)) if words.plan else NOTHING
    return say("{name}{day}：{done}{plan}", "{name}{day}: {done}{plan}", name=verbatim(one.name), day=day,
               done=short(words.done) or "—", plan=plan)  # fmt: skip
