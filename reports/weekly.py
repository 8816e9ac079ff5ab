"""The weekly digest: on the last working day of each work week, to the groups; three numbers to who only watches.

With the last one of a month the leads are told how good forecasts were.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from chat.cards import Card, text_card
from chat.text import Text, join, say
from planning.forecast import back_test
from planning.work_weeks import week_after
from reports import rules, weekly_views
from reports.daily_desk import Desk
from reports.outlook_cards import calibration
from reports.own_templates import words
from reports.planning.outlook import samples_of
from reports.planning.week import Week, gather
from reports.round_desk import fire
from reports.rounds import WEEKLY
from reports.ticks import Occasion, tick
from storage.links import TASK
from storage.people import Person


@tick(WEEKLY, rules.WEEKLY)
def report(occasion: Occasion) -> datetime | None:
    """Say how the week went; then again at the end of the next one."""
    firing = fire(occasion)
    if firing.day is not None:
        publish(firing.desk, firing.day, firing.delay)
    return firing.again


def publish(desk: Desk, day: date, delay: int = 0) -> None:
    """To the groups and the observers; nothing without tasks and blockers, or in a second week without any change."""
    week = gather(desk, day)
    if not (week.works or week.blockers) or week.still:
        return
    keep(desk, week)
    desk.speaker.to_groups(
        desk.project, weekly_views.team(desk.project.name, desk.project.id, week, delay, partial(words, desk))
    )
    for card, owner in _missing_numbers(desk, week):
        desk.speaker.to_person(owner, desk.project, card)
    for observer in desk.observers:
        desk.speaker.to_person(observer, desk.project, weekly_views.watcher(desk.project.name, week))
    if week_after(week.span.last, desk.rhythm.calendar).last.month != week.span.last.month:
        _how_good(desk)


def _how_good(desk: Desk) -> None:
    """Once a month, to who leads the project: how often forecasts were right; nothing where there are too few."""
    tested = back_test(samples_of(desk))
    if not tested.tasks:
        return
    said = say(
        "{project} 这个月的预测准不准\n{tested}\n每月说一次；随时看：{example}",
        "{project}: how good the forecasts are\n{tested}\nSaid once a month; at any time: {example}",
        project=desk.project.name, tested=calibration(tested), example=say("/预测 回测", "/forecast test"),
    )  # fmt: skip
    for lead in desk.leads:
        desk.speaker.to_person(lead, desk.project, text_card(said))


def keep(desk: Desk, week: Week) -> None:
    """What next week is compared with."""
    done = week.completion
    desk.books.weeks.keep(
        desk.project.id, week.span.first, week.span.last, len(done.due), len(done.done), week.deviation.median
    )


def _missing_numbers(desk: Desk, week: Week) -> list[tuple[Card, Person]]:
    """Whose tasks and milestones had numbers before is asked for this week's, in one message."""
    asked: dict[int, list[Text]] = {}
    for (kind, number), known in desk.books.numbers.of_open(desk.project.id).items():
        thing = desk.books.tasks.get(number) if kind == TASK else desk.books.milestones.get(number)
        if thing is None or thing.owner is None:
            continue
        for name, numbers in known.items():
            if numbers[-1].week < week.span.first:
                line = say(
                    "{ref} {name}（上次 {before}）。回：{ref} 指标 {name} 数字",
                    "{ref} {name} (last {before}). Send: {ref} metric {name} number",
                    ref=thing.ref, name=name, before=numbers[-1].words,
                )  # fmt: skip
                asked.setdefault(thing.owner, []).append(line)
    title = say("本周的指标还没报：", "This week's numbers are missing:")
    return [
        (text_card(join([title, *lines], "\n")), desk.books.people.get(owner)) for owner, lines in asked.items()
    ]  # fmt: skip
