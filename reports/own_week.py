"""The draft of one person's weekly or monthly report, from daily reports and finished tasks. Nothing is made up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chat.frozen import frozen
from chat.text import Text, join, say, verbatim
from planning.lives import Work
from planning.metrics import done_between, due_between, late
from planning.own_week import Line, lines
from planning.work_weeks import week_after
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.planning.week import clock_of
from reports.task_board import cut
from storage.daily import Report
from storage.people import Person

MOST = 20
"""Lines of one part."""
ENOUGH = 3
"""Daily reports and finished tasks from which a draft is offered unasked: of fewer there is nothing to sum up."""


@frozen
class OwnWeek:
    """``done``, ``coming``, ``behind``: tasks; ``said``, ``plans``, ``blocked``: lines of ``reports``."""

    first: date
    last: date
    done: tuple[Work, ...]
    said: tuple[Line, ...]
    coming: tuple[Work, ...]
    plans: tuple[Line, ...]
    behind: tuple[Work, ...]
    blocked: tuple[Line, ...]
    reports: tuple[Report, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.done or self.said or self.plans or self.blocked)


def own_week(desk: Desk, person: Person, first: date, last: date) -> OwnWeek:
    """What a person did from ``first`` to ``last``, and what comes in the work week after."""
    since = at_local(first, 0, desk.rhythm.zone)
    works = desk.books.lives.own(desk.project.id, person.id, since, clock_of(desk))
    found = desk.books.daily.before(desk.project.id, person.id, last + timedelta(days=1), first)
    reports = [report for report in found if not report.withdrawn]
    following = week_after(last, desk.rhythm.calendar)
    newest = reports[-1:]
    return OwnWeek(
        first, last, tuple(done_between(works, first, last)), tuple(lines((r.day, r.words.done) for r in reports)),
        tuple(due_between(works, last + timedelta(days=1), following.last)),
        tuple(lines((r.day, r.words.plan) for r in newest)),
        tuple(late(works, desk.rhythm.local(desk.books.at))),
        tuple(lines((r.day, r.words.blocked) for r in newest)), tuple(reports),
    )  # fmt: skip


def draft(found: OwnWeek, most: int) -> Text:
    """Three parts of at most so many lines; each line says where it is from."""
    done = [
        _task(work, say("{day} 完成", "done {day}", day=bare_day(work.closed or found.last))) for work in found.done
    ]
    done += _said(found.said)
    plan = [_task(work, say("{day} 截止", "due {day}", day=bare_day(work.due or found.last))) for work in found.coming]
    plan += _said(found.plans)
    held = [
        _task(work, say("{day} 截止，已逾期", "due {day}, overdue", day=bare_day(work.due or found.last)))
        for work in found.behind
    ] + _said(found.blocked)
    return say(
        "完成：\n{done}\n计划：\n{plan}\n问题：\n{held}", "Done:\n{done}\nPlanned:\n{plan}\nProblems:\n{held}",
        done=_listed(done, most), plan=_listed(plan, most), held=_listed(held, most),
    )  # fmt: skip


def _task(work: Work, when: Text) -> Text:
    return say("{ref} {title}（{when}）", "{ref} {title} ({when})", ref=work.ref, title=cut(work.title, 40), when=when)


def _said(found: Sequence[Line]) -> list[Text]:
    return [
        say("{words}（{day} 日报）", "{words} (report of {day})", words=line.words[:120], day=bare_day(line.day))
        for line in found
    ]


def _listed(parts: Sequence[Text], most: int) -> Text:
    if not parts:
        return say("- 无", "- none")
    shown = [say("- {line}", "- {line}", line=part) for part in parts[:most]]
    if len(parts) > most:
        shown.append(say("- 还有 {n} 条", "- {n} more", n=len(parts) - most))
    return join(shown, "\n")


def title(name: str, first: date, last: date) -> Text:
    """``📝 李四 9-20 ~ 9-24``."""
    return say(
        "📝 {who} {first} ~ {last}", "📝 {who} {first} ~ {last}", who=verbatim(name), first=bare_day(first),
        last=bare_day(last),
    )  # fmt: skip
