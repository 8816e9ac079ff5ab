"""Plans that will be late: at 18:00 who can change it hears it first, the group only when a working day has passed.

Whatever anybody changes is reckoned at once for what was already told: the new days to those who were told, a recovery
once, and the group's card of the day drawn again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import Card, text_card
from planning.ladder import EVENING, STEP, next_slot
from planning.window import awake_there
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.prewarn import morning, on_the_day
from reports.risk_cards import (
    DOWN,
    UP,
    WELL,
    again_card,
    downstream_part,
    group_card,
    recovered,
    upstream_part,
    well_part,
)
from reports.rules import RISK as RULE
from reports.sight import SWITCH, Sight, node_of
from reports.sight import look as sight_now
from reports.slot import Part, collect, redraws
from reports.speaker import Speaker
from reports.stages import nudge
from reports.ticks import Occasion, tick
from storage.alarms import Alarm
from storage.books import Books
from storage.links import Node
from storage.projects import ProjectInfo
from storage.tasks import Task

KIND = "plan.watch"
LATEST = timedelta(hours=2)
GROUP_MOST = 5
"""Things on one card."""
CARDS_MOST = 3
"""Cards to the groups about one thing; later ones only change the last."""
SLOTS = (STEP, EVENING)


def watch(books: Books, project: ProjectInfo) -> None:
    """From now on the clock looks at this project's plan twice a working day."""
    owner = f"plan:{project.id}"
    if not books.schedules.of(owner):
        at = next_slot(books.at, books.calendars.of(project), ZoneInfo(project.zone), SLOTS)
        books.schedules.add(KIND, owner, at)


@tick(KIND, RULE)
def look(occasion: Occasion) -> datetime | None:
    """10:00: milestones that come near, a stage that lags; 18:00: what will be late. Ends when nothing is open."""
    desk = desk_of(occasion)
    sight = Sight(desk.books, desk.project, occasion.at)
    if desk.project.state == "archived" or not any(map(sight.open, range(len(sight.things)))):
        return None
    local = sight.now
    following = next_slot(max(occasion.at, occasion.entry.at), sight.calendar, desk.rhythm.zone, SLOTS)
    off = desk.project.stands_still or not desk.project.settings.get(SWITCH, True)
    if off or not sight.calendar.is_working(local.date()) or occasion.late > LATEST:
        return following
    if desk.rhythm.local(occasion.entry.at).hour * 60 < EVENING:
        morning(desk, sight, local.date(), occasion.entry.at)
        nudge(desk, sight, local.date(), occasion.entry.at)
    else:
        _evening(desk, sight, local.date(), occasion.entry.at)
        on_the_day(desk, sight, local.date(), occasion.entry.at)
    return following


def _evening(desk: Desk, sight: Sight, today: date, at: datetime) -> None:
    alarms = {alarm.node: alarm for alarm in desk.books.alarms.of(desk.project.id)}
    known = {alarm.root: alarm for alarm in alarms.values() if alarm.state == "open"}
    fresh: dict[int, list[int]] = {}
    for number in sight.held_up():
        alarm = alarms.get(node_of(sight.things[number]))
        root = sight.root(number)
        if alarm is None or alarm.state != "open" or alarm.root != node_of(sight.things[root]):
            fresh.setdefault(root, []).append(number)
    for root, numbers in fresh.items():
        cause = node_of(sight.things[root])
        same = known.get(cause)
        told, since = (set(same.told), same.opened) if same else (_privately(desk, sight, root, at), today)
        for number in numbers:
            _enter(desk, sight, number, cause, told, since, alarms.get(node_of(sight.things[number])))
    _settle(desk, sight, at)
    _publicly(desk, sight, today)


def _enter(desk: Desk, sight: Sight, number: int, root: Node, told: set[int], since: date, old: Alarm | None) -> None:
    """A new alarm, or one that has another cause now. ``since``: when its cause was first told of."""
    if old is not None and old.state == "open":
        alarm = replace(old, root=root, told=tuple(sorted({*old.told, *told})))
    else:
        alarm = Alarm(
            desk.project.id, node_of(sight.things[number]), root, sight.found.finish(number), tuple(sorted(told)),
            since, old.group_day if old is not None else None,
        )  # fmt: skip
    desk.books.alarms.put(alarm)


def _privately(desk: Desk, sight: Sight, root: int, at: datetime) -> set[int]:
    """Who can change it first; then a line to each whose own work has to wait. Who was told."""
    owner = sight.things[root].owner
    away = desk.books.daily.away(desk.project.id, sight.now.date())
    first = [owner] if owner is not None and away.get(owner) != "day" else [lead.id for lead in desk.leads]
    for person in first:
        collect(desk, person, upstream_part(sight, root), at)
    after = _waiting(sight, root, but=first)
    for person, mine in after.items():
        collect(desk, person, downstream_part(sight, root, mine), at)
    return {*first, *after}


def _waiting(sight: Sight, root: int, but: Sequence[int] = ()) -> dict[int, list[int]]:
    """Whose tasks have to wait for it, and which."""
    found: dict[int, list[int]] = {}
    for number in sight.affected(root):
        other = sight.things[number]
        if isinstance(other, Task) and other.owner is not None and other.owner not in but:
            found.setdefault(other.owner, []).append(number)
    return found


@redraws(UP)
def up_still(desk: Desk, person: int, subject: str) -> Part | None:
    """While it holds something up."""
    sight = sight_now(desk.books, desk.project, desk.books.at)
    root = _holding(desk, sight, subject)
    return upstream_part(sight, root) if root is not None else None


@redraws(DOWN)
def down_still(desk: Desk, person: int, subject: str) -> Part | None:
    """While something of theirs waits for it."""
    sight = sight_now(desk.books, desk.project, desk.books.at)
    root = _holding(desk, sight, subject)
    mine = _waiting(sight, root).get(person) if root is not None else None
    return downstream_part(sight, root, mine) if root is not None and mine else None


@redraws(WELL)
def well_still(desk: Desk, person: int, subject: str) -> Part | None:
    """While it is on time, also when it was finished meanwhile."""
    sight = sight_now(desk.books, desk.project, desk.books.at)
    number = sight.place.get((subject[0], int(subject[1:])))
    return well_part(sight, number) if number is not None and not sight.found.late(number) else None


def _holding(desk: Desk, sight: Sight, subject: str) -> int | None:
    """The thing's place, while it is open and something that waits for it will be late. None: no word of it."""
    number = sight.place.get((subject[0], int(subject[1:])))
    if number is None or not sight.open(number) or not desk.project.settings.get(SWITCH, True):
        return None
    return number if any(sight.found.late(other) for other in sight.affected(number)) else None


def _publicly(desk: Desk, sight: Sight, today: date) -> None:
    """One card a day, when something told of before today is late that was not said here, or got later."""
    new: list[Alarm] = []
    for alarm in desk.books.alarms.of(desk.project.id):
        if alarm.state != "open" or alarm.opened >= today:
            continue
        now = sight.found.finish(sight.place[alarm.node])
        worse = alarm.group_cards == 0 or (now > alarm.said and alarm.group_cards < CARDS_MOST)
        if worse and alarm.group_day != today:
            new.append(replace(alarm, said=now, group_day=today, group_cards=alarm.group_cards + 1))
    for alarm in new:
        desk.books.alarms.put(alarm)
    if new:
        desk.speaker.to_groups(desk.project, _drawn(desk, sight, today), name=_card_name(desk.project, today))


def _card_name(project: ProjectInfo, day: date) -> str:
    return f"risk:{project.id}:{day}"


def _drawn(desk: Desk, sight: Sight, day: date) -> Card:
    """The card of one day as things stand now."""
    mine = [alarm for alarm in desk.books.alarms.of(desk.project.id) if alarm.group_day == day]
    places = [(alarm, sight.place[alarm.node]) for alarm in mine if alarm.node in sight.place]
    late = [n for alarm, n in places if alarm.state == "open"]
    well = [sight.things[n] for alarm, n in places if alarm.state != "open"]
    late.sort(key=lambda number: -sight.found.late(number))
    return group_card(sight, late[:GROUP_MOST], well, max(0, len(late) - GROUP_MOST))


# --- whatever anybody changes --------------------------------------------------------------------------------------


def follow(books: Books, speaker: Speaker) -> None:
    """Reckon anew for what was told already, in every project that this thing changed."""
    for project_id in sorted(books.replanned):
        if any(alarm.state == "open" for alarm in books.alarms.of(project_id)):
            desk = Desk(books, speaker, books.projects.get(project_id))
            _settle(desk, sight_now(books, desk.project, books.at))


def _settle(desk: Desk, sight: Sight, slot: datetime | None = None) -> None:
    """What recovered is said once; what somebody changed, to those who were told of it. slot: nobody changed it."""
    moved: dict[int, list[int]] = {}
    days: set[date] = set()
    for alarm in desk.books.alarms.of(desk.project.id):
        number = sight.place.get(alarm.node)
        if alarm.state != "open":
            continue
        if number is None or not sight.open(number):
            desk.books.alarms.clear(alarm)
        elif not sight.found.late(number):
            _recovered(desk, sight, alarm, number, slot)
        elif slot is None and alarm.said != sight.found.finish(number):
            for person in alarm.told:
                moved.setdefault(person, []).append(number)
            desk.books.alarms.put(replace(alarm, said=sight.found.finish(number)))
        else:
            continue
        if alarm.group_day is not None:
            days.add(alarm.group_day)
    for person, numbers in sorted(moved.items()):
        if person not in desk.books.alarms.read_by:
            _told_anew(desk, sight, person, numbers)
    for day in days:
        desk.speaker.redraw(_card_name(desk.project, day), _drawn(desk, sight, day))


def _told_anew(desk: Desk, sight: Sight, person_id: int, numbers: Sequence[int]) -> None:
    """At once; who sleeps hears in the morning what they can do about it, or has to wait for."""
    if not _asleep(desk, person_id):
        _tell(desk, person_id, again_card(sight, numbers))
        return
    for root in sorted({sight.root(number) for number in numbers}):
        if sight.things[root].owner == person_id:
            collect(desk, person_id, upstream_part(sight, root), desk.books.at)
        elif mine := _waiting(sight, root).get(person_id):
            collect(desk, person_id, downstream_part(sight, root, mine), desk.books.at)


def _recovered(desk: Desk, sight: Sight, alarm: Alarm, number: int, slot: datetime | None) -> None:
    """To the groups if they had heard of it, else to those who had."""
    thing = sight.things[number]
    if alarm.group_cards:
        text = recovered(thing, thing.due or sight.found.finish(number))
        desk.speaker.to_groups(desk.project, text_card(text))
        desk.books.alarms.put(replace(alarm, state="cleared"))
        return
    part = well_part(sight, number)
    for person in alarm.told:
        if slot is not None or _asleep(desk, person):
            collect(desk, person, part, slot or desk.books.at)
        else:
            _tell(desk, person, part.alone())
    desk.books.alarms.clear(alarm)


def _asleep(desk: Desk, person_id: int) -> bool:
    return awake_there(desk.books.at, desk.books.people.get(person_id).zone) is not None


def _tell(desk: Desk, person_id: int, card: Card) -> None:
    """At once: somebody has just changed it."""
    if not desk.books.pushes.muted(person_id, RULE):
        desk.speaker.to_person(desk.books.people.get(person_id), desk.project, card)
