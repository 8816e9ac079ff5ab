"""Plans that will be late: at 18:00 who can change it hears it first, the group only when a working day has passed.

Whatever anybody changes is reckoned at once for what was already told: the new days to those who were told, a recovery
once, and the group's card of the day drawn again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chat.cards import Card, Paragraph, text_card
from chat.text import say
from planning.ladder import EVENING, STEP, next_slot
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.overdue import awake_there, leads
from reports.prewarn import morning, on_the_day
from reports.risk_cards import again_card, downstream_card, group_card, recovered, upstream_card
from reports.rules import RISK as RULE
from reports.rules import foot
from reports.sight import SWITCH, Sight, node_of
from reports.sight import look as sight_now
from reports.speaker import Speaker
from reports.stages import nudge
from reports.ticks import Occasion, tick
from storage.alarms import Alarm
from storage.books import Books
from storage.links import Node
from storage.projects import ProjectInfo
from storage.tasks import Task

KIND = "plan.watch"
SAY = "plan.say"
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
        morning(desk, sight, local.date())
        nudge(desk, sight, local.date())
    else:
        _evening(desk, sight, local.date())
        on_the_day(desk, sight, local.date())
    return following


def _evening(desk: Desk, sight: Sight, today: date) -> None:
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
        told, since = (set(same.told), same.opened) if same else (_privately(desk, sight, root), today)
        for number in numbers:
            _enter(desk, sight, number, cause, told, since, alarms.get(node_of(sight.things[number])))
    _settle(desk, sight, changed=False)
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


def _privately(desk: Desk, sight: Sight, root: int) -> set[int]:
    """Who can change it first; then a line to each whose own work has to wait. Who was told."""
    owner = sight.things[root].owner
    away = desk.books.daily.away(desk.project.id, sight.now.date())
    first = [owner] if owner is not None and away.get(owner) != "day" else [lead.id for lead in leads(desk)]
    for person in first:
        if not _later(desk, person):
            _tell(desk, person, upstream_card(sight, root), root=sight.things[root].ref)
    after: dict[int, list[int]] = {}
    for number in sight.affected(root):
        other = sight.things[number]
        if isinstance(other, Task) and other.owner is not None and other.owner not in first:
            after.setdefault(other.owner, []).append(number)
    for person, mine in after.items():
        if not _later(desk, person):
            _tell(desk, person, downstream_card(sight, root, mine))
    return {*first, *after}


def _later(desk: Desk, person_id: int, well: Node | None = None) -> bool:
    """Is it night for them? Then they hear it in their morning. ``well``: what has recovered."""
    at = awake_there(desk.books.at, desk.books.people.get(person_id).zone)
    if at is None:
        return False
    if well is None:
        desk.books.schedules.replace(SAY, f"person:{person_id}", at, project=desk.project.id)
    else:
        owner = f"person:{person_id}:{well[0]}{well[1]}"
        desk.books.schedules.replace(SAY, owner, at, project=desk.project.id, well=well)
    return True


@tick(SAY, RULE)
def in_the_morning(occasion: Occasion) -> datetime | None:
    """What one person missed in their night, as it is now."""
    books = occasion.books
    person_id = int(occasion.entry.owner.split(":")[1])
    desk = Desk(books, occasion.speaker, books.projects.get(occasion.entry.subject["project"]))
    sight = Sight(books, desk.project, occasion.at)
    if (well := occasion.entry.subject.get("well")) is not None:
        number = sight.place.get((well[0], well[1]))
        if number is not None and not sight.found.late(number):
            _tell(desk, person_id, _well_card(sight, number))
        return None
    alarms = [alarm for alarm in books.alarms.of(desk.project.id) if alarm.state == "open" and person_id in alarm.told]
    places = [sight.place[alarm.node] for alarm in alarms if alarm.node in sight.place]
    for root in sorted({sight.root(number) for number in places if sight.found.late(number)}):
        mine = [number for number in sight.affected(root) if sight.things[number].owner == person_id]
        if sight.things[root].owner == person_id:
            _tell(desk, person_id, upstream_card(sight, root))
        elif mine:
            _tell(desk, person_id, downstream_card(sight, root, mine))
    return None


def _tell(desk: Desk, person_id: int, card: Card, *, root: str = "") -> None:
    """Directly; who cannot be written to is mentioned in the groups, if it is theirs to act."""
    person = desk.books.people.get(person_id)
    if desk.books.pushes.muted(person_id, RULE):
        return
    if desk.speaker.to_person(person, desk.project, card) or not root:
        return
    for chat in desk.groups:
        who = desk.speaker.mention(person, chat.platform)
        text = say("{who} {ref} 会影响后面的任务，发「/风险」看看。", "{who} {ref} holds others up: send “/risk”.",
                   who=who, ref=root)  # fmt: skip
        desk.speaker.in_chat(chat, desk.project, text_card(text))


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
            _settle(desk, sight_now(books, desk.project, books.at), changed=True)


def _settle(desk: Desk, sight: Sight, *, changed: bool) -> None:
    """What recovered is said once; what somebody ``changed``, to those who were told of it."""
    moved: dict[int, list[int]] = {}
    days: set[date] = set()
    for alarm in desk.books.alarms.of(desk.project.id):
        number = sight.place.get(alarm.node)
        if alarm.state != "open":
            continue
        if number is None or not sight.open(number):
            desk.books.alarms.clear(alarm)
        elif not sight.found.late(number):
            _recovered(desk, sight, alarm, number)
        elif changed and alarm.said != sight.found.finish(number):
            for person in alarm.told:
                moved.setdefault(person, []).append(number)
            desk.books.alarms.put(replace(alarm, said=sight.found.finish(number)))
        else:
            continue
        if alarm.group_day is not None:
            days.add(alarm.group_day)
    for person, numbers in sorted(moved.items()):
        if person not in desk.books.alarms.read_by and not _later(desk, person):
            _tell(desk, person, again_card(sight, numbers))
    for day in days:
        desk.speaker.redraw(_card_name(desk.project, day), _drawn(desk, sight, day))


def _recovered(desk: Desk, sight: Sight, alarm: Alarm, number: int) -> None:
    """To the groups if they had heard of it, else to those who had."""
    thing = sight.things[number]
    if alarm.group_cards:
        text = recovered(thing, thing.due or sight.found.finish(number))
        desk.speaker.to_groups(desk.project, text_card(text))
        desk.books.alarms.put(replace(alarm, state="cleared"))
    else:
        for person in alarm.told:
            if not _later(desk, person, alarm.node):
                _tell(desk, person, _well_card(sight, number))
        desk.books.alarms.clear(alarm)


def _well_card(sight: Sight, number: int) -> Card:
    thing = sight.things[number]
    return Card((Paragraph(recovered(thing, thing.due or sight.found.finish(number))), *foot(RULE)))
