"""The weekly digest: on the last working day of each work week, to the groups; three numbers to who only watches."""

from __future__ import annotations

from datetime import date, datetime

from reports import weekly_views
from reports.daily_desk import Desk
from reports.planning.week import Week, gather
from reports.round_desk import fire
from reports.rounds import WEEKLY
from reports.ticks import Occasion, tick


@tick(WEEKLY)
def report(occasion: Occasion) -> datetime | None:
    """Say how the week went; then again at the end of the next one."""
    firing = fire(occasion)
    if firing.day is not None:
        publish(firing.desk, firing.day, firing.delay)
    return firing.again


def publish(desk: Desk, day: date, delay: int = 0) -> None:
    """To the groups and the observers; nothing where there are no tasks, or a second week without any change."""
    week = gather(desk, day)
    if not week.works or week.still:
        return
    keep(desk, week)
    desk.speaker.to_groups(desk.project, weekly_views.team(desk.project.name, desk.project.id, week, delay))
    for observer in desk.observers:
        desk.speaker.to_person(observer, desk.project, weekly_views.watcher(desk.project.name, week))


def keep(desk: Desk, week: Week) -> None:
    """What next week is compared with."""
    done = week.completion
    desk.books.weeks.keep(
        desk.project.id, week.span.first, week.span.last, len(done.due), len(done.done), week.deviation.median
    )
