"""Renewals of customers that come near: 60, 30 and 7 days before, at 10:00, to who looks after the customer.

And once a work week those whose health is in the red.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chat.cards import Button
from chat.text import say
from planning.customers import RENEWAL_WARNINGS
from planning.health import FAIR, Health
from planning.ladder import STEP, next_slot
from planning.warning import Ahead, day_of, stored
from planning.work_weeks import work_week
from reports.customer_health import all_of, risk_lines
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.days import long_day
from reports.rules import WARN as RULE
from reports.slot import Part, collect, redraws
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.customers import Customer
from storage.links import TASK
from storage.projects import ProjectInfo
from storage.tasks import Task

KIND = "renewals"
RENEWAL, HEALTH = "renewal", "health"
_SLOTS = (STEP,)


def watch(books: Books, project: ProjectInfo) -> None:
    """From now on the clock looks at renewals every working day."""
    owner = f"{KIND}:{project.id}"
    if not books.schedules.of(owner):
        books.schedules.add(
            KIND, owner, next_slot(books.at, books.calendars.of(project), ZoneInfo(project.zone), _SLOTS)
        )


@tick(KIND, RULE)
def look(occasion: Occasion) -> datetime | None:
    """What was missed while the bot was off is said on the next working day. Ends with the last customer."""
    desk = desk_of(occasion)
    zone, calendar = ZoneInfo(desk.project.zone), desk.books.calendars.of(desk.project)
    customers = [each for each in desk.books.customers.of_project(desk.project.id) if not each.ended]
    if desk.project.state == "archived" or not customers:
        return None
    today = occasion.at.astimezone(zone).date()
    if calendar.is_working(today) and not desk.project.stands_still:
        for customer in customers:
            _look_at(desk, customer, today, occasion.entry.at)
        if work_week(today, calendar).first == today:
            _at_risk(desk, customers, today, occasion.entry.at)
    return next_slot(max(occasion.at, occasion.entry.at), calendar, zone, _SLOTS)


def _at_risk(desk: Desk, customers: Sequence[Customer], today: date, at: datetime) -> None:
    """Once a work week, those in the red: to who looks after them."""
    found = _healths(desk, customers)
    theirs: dict[int, list[Customer]] = {}
    for each in customers:
        if _in_the_red(found[each.id]):
            for person in _people(desk, each.owner, today):
                theirs.setdefault(person, []).append(each)
    for person, mine in sorted(theirs.items()):
        if desk.books.pushes.muted(person, RULE):
            continue
        if desk.books.pushes.once(person, mine[0].id, f"{RULE}.health", today, state="sent"):
            collect(desk, person, _risk_part(mine, found), at)


@redraws(HEALTH)
def red_still(desk: Desk, person: int, subject: str) -> Part | None:
    """Of those that are still there and in the red."""
    ids = set(subject.split(","))
    here = [each for each in desk.books.customers.of_project(desk.project.id) if not each.ended]
    found = _healths(desk, here)
    mine = [each for each in here if str(each.id) in ids and _in_the_red(found[each.id])]
    return _risk_part(mine, found) if mine else None


def _healths(desk: Desk, customers: Sequence[Customer]) -> Mapping[int, Health]:
    return all_of(desk.books, desk.project, customers, desk.books.at.astimezone(ZoneInfo(desk.project.zone)))


def _in_the_red(found: Health) -> bool:
    return found.score is not None and not found.grey and found.score < FAIR


def _risk_part(mine: Sequence[Customer], found: Mapping[int, Health]) -> Part:
    return Part(RULE, HEALTH, ",".join(str(each.id) for each in mine), tuple(risk_lines(mine, found)))


def _renewal(desk: Desk, customer: Customer) -> Task | None:
    part = customer.parts.get("renewal")
    return desk.books.tasks.get(part.node[1]) if part is not None and part.open else None


def _look_at(desk: Desk, customer: Customer, today: date, at: datetime) -> None:
    task = _renewal(desk, customer)
    if task is None or task.due is None:
        return
    ahead = _step(desk, task, task.due, today)
    for person in _people(desk, task.owner, today) if ahead is not None else ():
        rule = f"{RULE}.{stored((ahead,))}" if ahead else ""
        if desk.books.pushes.muted(person, RULE) or desk.books.pushes.hushed(person, task.id, today):
            continue
        if desk.books.pushes.once(person, task.id, rule, task.due, state="sent"):
            collect(desk, person, _part(desk, customer, task, today), at)


@redraws(RENEWAL)
def renews_still(desk: Desk, person: int, subject: str) -> Part | None:
    """While its renewal is open and not over."""
    customer = next((one for one in desk.books.customers.of_project(desk.project.id) if str(one.id) == subject), None)
    task = _renewal(desk, customer) if customer is not None and not customer.ended else None
    today = desk.books.at.astimezone(ZoneInfo(desk.project.zone)).date()
    if customer is None or task is None or task.closed or task.due is None or task.due < today:
        return None
    return _part(desk, customer, task, today)


def _step(desk: Desk, task: Task, due: date, today: date) -> Ahead | None:
    """The nearest that has come since the task was made; somebody's own wish for it (``T7 提前 90天``) counts first."""
    wished = desk.books.warnings.of("task", task.id)
    calendar = desk.books.calendars.of(desk.project)
    made = task.created_at.astimezone(ZoneInfo(desk.project.zone)).date()
    came = [ahead for ahead in (RENEWAL_WARNINGS if wished is None else wished)
            if made < day_of(due, ahead, calendar) <= today <= due]  # fmt: skip
    return min(came) if came else None


def _people(desk: Desk, owner: int | None, today: date) -> Iterator[int]:
    """The owner; while there is none or they are away, who answers for the project."""
    if owner is None or desk.books.daily.away(desk.project.id, today).get(owner) == "day":
        yield from (lead.id for lead in desk.leads)
    else:
        yield owner


def _part(desk: Desk, customer: Customer, task: Task, today: date) -> Part:
    assert task.due is not None
    lines = (
        say("🤝 {name} 的续费还有 {n} 天：{day}（{ref}）。", "🤝 {name} renews in {n} days, on {day} ({ref}).",
            name=customer.name, n=(task.due - today).days,
            day=long_day(task.due, desk.books.calendars.of(desk.project)), ref=task.ref),
        say("谈好以后发：/客户 续费 {name}", "Once agreed, send: /customer renew {name}", name=customer.name),
    )  # fmt: skip
    renewed = Button(say("已续一年", "Renewed for a year"), "customer.renew", (str(customer.id),))
    return Part(
        RULE, RENEWAL, str(customer.id), lines, (renewed,), task.ref, brief=1, nodes=((TASK, task.id),),
    )  # fmt: skip
