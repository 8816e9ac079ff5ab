"""All the books of one thing: open them with a transaction, write in the name of an actor."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from storage import audit, export, inbox
from storage.alarms import Alarms, Baselines
from storage.approval_evidence import Evidence
from storage.approvals import Approvals
from storage.asks import Asks
from storage.away import Leaves
from storage.blockers import Blockers
from storage.calendars import Calendars
from storage.checks import Checks
from storage.customers import Customers
from storage.daily import Daily
from storage.daily_collections import Collections
from storage.decisions import Decisions
from storage.deeds import Deeds
from storage.delegates import Delegates
from storage.drafts import Drafts
from storage.handovers import Handovers
from storage.identities import Identities
from storage.imports import Imports
from storage.lazy import lazy
from storage.leave_imports import LeaveImports
from storage.links import Links, Node
from storage.lives import Lives
from storage.mail import Mails
from storage.milestone_changes import MilestoneChanges
from storage.milestones import Milestones
from storage.moscow import Moscow
from storage.notices import Notices
from storage.numbers import Numbers
from storage.outbox import Outboxes
from storage.parts import Parts
from storage.people import People
from storage.projects import Projects
from storage.pulse import Pulse
from storage.pushes import Pushes
from storage.questions import Questions
from storage.repeats import Repeats
from storage.saved import Saved
from storage.schedules import Schedules
from storage.search import Search
from storage.statement import ms
from storage.task_changes import Changes
from storage.tasks import NOWHERE, Tasks
from storage.templates import Templates
from storage.transaction import Tx
from storage.warnings import Warnings
from storage.weeks import Weeks


class _Record:
    """Who did what, in whose name. It knows no books: they go with their thing and leave the collector nothing."""

    def __init__(self, tx: Tx, key: str, at: datetime, actor: int | None) -> None:
        self._tx = tx
        self._key = key
        self._at = at
        self.actor = actor

    def done(self, project_id: int, action: str, detail: str) -> None:
        self.note(project_id, action, "done", detail)

    def note(self, project_id: int | None, action: str, outcome: str, detail: str) -> None:
        audit.note(self._tx, ms(self._at), self._key, project_id, self.actor, action, outcome, detail)


def _log(tasks: Tasks, milestones: Milestones, node: Node, name: str, before: str, after: str, note: str) -> None:
    kind, number = node
    (tasks.log if kind == "T" else milestones.log)(number, name, before, after, note)


class Books:
    """``key``: the thing's own key, which every row of history names. ``actor``: a person's id, None for the clock."""

    def __init__(self, tx: Tx, key: str, at: datetime, actor: int | None = None) -> None:
        self.tx = tx
        self.key = key
        self.at = at
        self._record = _Record(tx, key, at, actor)
        self.said_in: tuple[int | None, str] = NOWHERE
        """The chat, and the message in it, that this thing is; for history."""
        self.seen: dict[int, Any] = {}
        """Kept by those who reckon, for as long as this thing lasts."""

    @property
    def actor(self) -> int | None:
        return self._record.actor

    @actor.setter
    def actor(self, person: int | None) -> None:
        self._record.actor = person

    @lazy
    def people(self) -> People:
        return People(self.tx, self.at, self._record.done)

    @lazy
    def identities(self) -> Identities:
        return Identities(self.tx, self.people)

    @lazy
    def projects(self) -> Projects:
        return Projects(self.tx, self.at, self._record.done)

    @lazy
    def calendars(self) -> Calendars:
        return Calendars(self.tx, self.at)

    @lazy
    def tasks(self) -> Tasks:
        return Tasks(self.tx, self.key, self.actor, self.at, self.said_in)

    @lazy
    def changes(self) -> Changes:
        return Changes(self.tx, self.tasks, self.links, self.checks)

    @lazy
    def checks(self) -> Checks:
        return Checks(self.tx, self.tasks, self.actor)

    @lazy
    def milestones(self) -> Milestones:
        return Milestones(self.tx, self.key, self.actor, self.at)

    @lazy
    def milestone_changes(self) -> MilestoneChanges:
        return MilestoneChanges(self.milestones, self.links)

    @lazy
    def links(self) -> Links:
        return Links(self.tx, partial(_log, self.tasks, self.milestones))

    @property
    def revision(self) -> int:
        """Another number after every change of a plan by this thing: what was read before counts no more."""
        return self.tasks.writes + self.milestones.writes + self.leaves.writes

    @property
    def replanned(self) -> set[int]:
        """Projects in which this thing changed tasks, milestones, links or somebody's leave."""
        opened = self.__dict__
        books = ("tasks", "milestones", "links", "leaves")
        return set().union(*[opened[name].touched for name in books if name in opened])

    @lazy
    def alarms(self) -> Alarms:
        return Alarms(self.tx)

    @lazy
    def baselines(self) -> Baselines:
        return Baselines(self.tx, self.at)

    @lazy
    def lives(self) -> Lives:
        return Lives(self.tx)

    @lazy
    def moscow(self) -> Moscow:
        return Moscow(self.tx, self.actor, self.at)

    @lazy
    def numbers(self) -> Numbers:
        return Numbers(self.tx, self.actor, self.at)

    @lazy
    def customers(self) -> Customers:
        return Customers(self.tx)

    @lazy
    def weeks(self) -> Weeks:
        return Weeks(self.tx, self.at)

    @lazy
    def search(self) -> Search:
        return Search(self.tx)

    @lazy
    def outbox(self) -> Outboxes:
        return Outboxes(self.tx, self.key, self.at)

    @lazy
    def schedules(self) -> Schedules:
        return Schedules(self.tx, self.key, self.at)

    @lazy
    def drafts(self) -> Drafts:
        return Drafts(self.tx, self.key, self.at)

    @lazy
    def questions(self) -> Questions:
        return Questions(self.tx, self.at)

    @lazy
    def notices(self) -> Notices:
        return Notices(self.tx, self.at)

    @lazy
    def collections(self) -> Collections:
        return Collections(self.tx)

    @lazy
    def daily(self) -> Daily:
        return Daily(self.tx, self.key, self.at)

    @lazy
    def asks(self) -> Asks:
        return Asks(self.tx, self.at)

    @lazy
    def parts(self) -> Parts:
        return Parts(self.tx, self.at)

    @lazy
    def pushes(self) -> Pushes:
        return Pushes(self.tx, self.at)

    @lazy
    def mails(self) -> Mails:
        return Mails(self.tx, self.at)

    @lazy
    def handovers(self) -> Handovers:
        return Handovers(self.tx, self.at)

    @lazy
    def warnings(self) -> Warnings:
        return Warnings(self.tx)

    @lazy
    def leaves(self) -> Leaves:
        return Leaves(self.tx, self.at)

    @lazy
    def leave_imports(self) -> LeaveImports:
        return LeaveImports(self.tx, self.at)

    @lazy
    def repeats(self) -> Repeats:
        return Repeats(self.tx, self.at)

    @lazy
    def imports(self) -> Imports:
        return Imports(self.tx)

    @lazy
    def templates(self) -> Templates:
        return Templates(self.tx, self.at)

    @lazy
    def blockers(self) -> Blockers:
        return Blockers(self.tx, self.actor, self.at)

    @lazy
    def delegates(self) -> Delegates:
        return Delegates(self.tx)

    @lazy
    def approvals(self) -> Approvals:
        return Approvals(self.tx, self.key, self.actor, self.at)

    @lazy
    def evidence(self) -> Evidence:
        return Evidence(self.tx)

    @lazy
    def decisions(self) -> Decisions:
        return Decisions(self.tx, self.actor, self.at)

    @lazy
    def saved(self) -> Saved:
        return Saved(self.tx, self.at)

    @lazy
    def deeds(self) -> Deeds:
        return Deeds(self.tx, self.at)

    @lazy
    def pulse(self) -> Pulse:
        return Pulse(self.tx)

    def export(self, project_id: int) -> str:
        """Everything about one project as a JSON document."""
        return export.document(self.tx, project_id)

    def pressed(self, platform: str) -> bool:
        """Has a press from this platform arrived within the last month?"""
        return inbox.pressed(self.tx, platform)

    def refusals(self, project_id: int, most: int) -> list[audit.Attempt]:
        """Who was refused what in a project, newest first."""
        return audit.refusals(self.tx, project_id, most)

    def audit(self, project_id: int | None, action: str, outcome: str, detail: str = "") -> None:
        """Record who tried what."""
        self._record.note(project_id, action, outcome, detail)
