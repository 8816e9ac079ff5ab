"""Who has how much to do in a span of days, and who could take one more task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from statistics import median

from chat.frozen import frozen
from planning.lives import Work
from planning.load import Load, by_day, loads
from planning.metrics import half_up
from planning.suggest import Candidate, ranked
from planning.work_weeks import week_after, work_week
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.planning.outlook import MOST_SAMPLES, leave_of, planned, sample_of
from reports.planning.week import clock_of
from storage.tasks import Task


@frozen
class Span:
    """Working days ``first``~``last``; ``days``: how many. ``loads``: of everybody who takes part, fullest first."""

    first: date
    last: date
    days: int
    loads: tuple[Load, ...]


class Crew:
    """The people of one project and their open tasks, from today on."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._calendar = desk.rhythm.calendar
        self.today = self._calendar.first_working(desk.rhythm.local(desk.books.at).date())
        now = at_local(self.today, 0, desk.rhythm.zone)
        self._works = [w for w in desk.books.lives.works(desk.project.id, now, clock_of(desk)) if w.open]
        self.names: Mapping[int, str] = {person.id: person.name for person in desk.reporters}

    def weeks(self) -> tuple[Span, Span]:
        """What is left of this work week, and the next one."""
        this = work_week(self.today, self._calendar)
        following = week_after(self.today, self._calendar)
        return self.span(self.today, this.last), self.span(following.first, following.last)

    def span(self, first: date, last: date) -> Span:
        away = {
            one.person: one.days for one in self._desk.books.leaves.between(self._desk.project.id, first, last)
        }  # fmt: skip
        found = loads(self._works, list(self.names), away, first, last, self.today, self._calendar)
        return Span(first, last, len(self._calendar.working_days(first, last)), tuple(found))

    def heat(self, first: date, last: date) -> dict[int, dict[date, float]]:
        """{person: {working day: working days of work}}, for a heat-map."""
        return {
            person: by_day(self._works, person, first, last, self.today, self._calendar) for person in self.names
        }  # fmt: skip

    def owned(self, person: int) -> list[Work]:
        return [work for work in self._works if work.owner == person]

    def candidates(self, task: Task) -> list[Candidate]:
        """The best three to take it, its present owner left out."""
        words = [*self._desk.books.tasks.tags(task), *([task.stage] if task.stage else [])]
        until = max(task.due or self.today, self.today)
        first = self._calendar.first_working(self.today)
        span = self.span(first, max(self._calendar.last_working(until), first))
        clock = clock_of(self._desk)
        done = self._desk.books.lives.finished(self._desk.project.id, MOST_SAMPLES, clock)
        away = leave_of(self._desk, done, self.today)
        skills = self._desk.books.lives.skills(self._desk.project.id)
        for work in done:
            if work.owner is not None and work.stage:
                skills[work.owner, work.stage] = skills.get((work.owner, work.stage), 0) + 1
        left = planned(task, clock.day(task.created_at), self._calendar) * (100 - task.progress) / 100
        found = []
        for load in span.loads:
            if load.person == task.owner:
                continue
            more = half_up(round(1000 * (load.days + left)), round(10 * load.capacity)) if load.capacity else None
            known = max(((skills.get((load.person, word), 0), word) for word in words), default=(0, ""))
            offs = [
                100 * (sample.used - sample.planned) / sample.planned
                for work in done
                if work.owner == load.person and (sample := sample_of(work, self._calendar, away)) is not None
            ]
            found.append(
                Candidate(
                    load.person, self.names[load.person], known[1] if known[0] else "", known[0], more,
                    round(median(offs)) if offs else None,
                )
            )  # fmt: skip
        return ranked(found)
