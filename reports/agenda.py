"""The morning agenda: what the team should talk about in at most fifteen minutes. Nothing to say: nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from chat.cards import Card, text_card
from chat.text import Text, join, listed, say
from planning.agenda import AHEAD, MINUTES, Point, ordered
from reports import rules
from reports.daily_desk import Desk
from reports.days import bare_day, short_day
from reports.digest import answer_of, short
from reports.round_desk import fire
from reports.rounds import AGENDA
from reports.task_board import cut
from reports.ticks import Occasion, tick
from storage.approval_sheet import Approval
from storage.blockers import Blocker
from storage.links import MILESTONE, TASK
from storage.milestones import Milestone

NAMED = 4


@tick(AGENDA, rules.AGENDA)
def open_day(occasion: Occasion) -> datetime | None:
    """To the groups, before the day begins."""
    firing = fire(occasion)
    if firing.day is not None and (card := agenda(firing.desk)) is not None:
        firing.desk.speaker.to_groups(firing.desk.project, card)
    return firing.again


def agenda(desk: Desk) -> Card | None:
    """None: there is nothing to talk about."""
    board = _Board(desk)
    points, more = ordered(board.points)
    if not points:
        return None
    today = desk.rhythm.local(desk.books.at).date()
    lines: list[Text] = [
        say("☀️ {project} 晨会 {day}，建议 ≤{n} 分钟", "☀️ {project}: stand-up {day}, at most {n} minutes",
            project=desk.project.name, day=short_day(today, desk.rhythm.calendar), n=MINUTES)
    ]  # fmt: skip
    lines += [say("{n}. {words}", "{n}. {words}", n=n, words=board.words[point]()) for n, point in enumerate(points, 1)]
    if more:
        lines.append(say("另有 {n} 项，会后看「/进度」", "{n} more: see “/status” afterwards", n=more))
    return text_card(join(lines, "\n"))


class _Board:
    """Everything that could be talked about, and what says it: only a few of thousands are said."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._now = desk.rhythm.local(desk.books.at)
        self._calendar = desk.rhythm.calendar
        self.words: dict[Point, Callable[[], Text]] = {}
        self._milestones()
        self._overdue()
        self._blockers()
        self._approvals()

    @property
    def points(self) -> list[Point]:
        return list(self.words)

    def _milestones(self) -> None:
        books, project, today = self._desk.books, self._desk.project, self._now.date()
        near = [
            (milestone, left)
            for milestone in books.milestones.of_project(project.id)
            if not milestone.closed and milestone.due is not None
            and (left := self._calendar.working_days_between(today, milestone.due)) <= AHEAD
        ]  # fmt: skip
        if not near:
            return
        tasks = {task.id: task for task in books.tasks.open_in(project.id)}
        links = books.links.of_project(project.id)
        for milestone, left in near:
            needed = [
                tasks[link.before[1]]
                for link in links
                if link.after == (MILESTONE, milestone.id) and link.before[0] == TASK and link.before[1] in tasks
            ]
            refs = listed((task.ref for task in needed), NAMED)
            point = Point("milestone", milestone.number, left, len(needed))
            self.words[point] = partial(self._milestone, milestone, left, len(needed), refs)

    def _milestone(self, milestone: Milestone, left: int, count: int, refs: Text) -> Text:
        if left < 0:
            when = say("已过 {n} 个工作日", "{n} working days ago", n=-left)
        elif left:
            when = say("还有 {n} 个工作日", "in {n} working days", n=left)
        else:
            when = say("今天", "today")
        rest = (
            say("未完成 {n}：{refs}", "{n} open: {refs}", n=count, refs=refs)
            if count
            else say("待确认", "to be accepted")
        )
        return say(
            "{ref} {title} {when}（{day}，{who}），{rest}", "{ref} {title} {when} ({day}, {who}), {rest}",
            ref=milestone.ref,
            title=cut(milestone.title, 24), when=when, day=bare_day(milestone.due or self._now.date()),
            who=milestone.owner_name or say("待指派", "nobody"), rest=rest,
        )  # fmt: skip

    def _overdue(self) -> None:
        books, project, today = self._desk.books, self._desk.project, self._now.date()
        said = books.moscow.before(project.id, today.max)
        gone: dict[date, int] = {}
        for task, number, due in books.lives.behind(project.id, self._now):
            if due not in gone:
                gone[due] = self._calendar.working_days_between(due, today)
            point = Point("overdue", number, gone[due], must=said.get(task) == "must")
            self.words[point] = partial(self._late, task, gone[due])

    def _late(self, task_id: int, days: int) -> Text:
        task = self._desk.books.tasks.get(task_id)
        assert task is not None
        return say(
            "{ref} {title} 逾期 {n} 个工作日（{who}，{day}）",
            "{ref} {title} {n} working days overdue ({who}, {day})",
            ref=task.ref, title=cut(task.title, 24), n=days, who=task.owner_name or say("待指派", "nobody"),
            day=bare_day(task.due or self._now.date()),
        )  # fmt: skip

    def _blockers(self) -> None:
        for blocker in self._desk.books.blockers.open_in(self._desk.project.id):
            if blocker.answered_at is None:
                gone = self._calendar.working_days_between(blocker.day, self._now.date())
                self.words[Point("blocker", blocker.number, gone)] = partial(self._blocker, blocker)

    def _blocker(self, blocker: Blocker) -> Text:
        return say(
            "{ref} {words}（{who}→{helper}，{answer}）", "{ref} {words} ({who} → {helper}, {answer})", ref=blocker.ref,
            words=short(blocker.words, 40), who=blocker.name, helper=blocker.helper_name or say("未指定", "nobody"),
            answer=answer_of(blocker, self._desk.books.at),
        )  # fmt: skip

    def _approvals(self) -> None:
        for each in self._desk.books.approvals.open_in(self._desk.project.id):
            due = each.deadline.astimezone(self._desk.rhythm.zone)
            gone = self._calendar.working_days_between(due.date(), self._now.date())
            self.words[Point("approval", each.number, gone)] = partial(self._approval, each, due)

    def _approval(self, approval: Approval, due: datetime) -> Text:
        who = listed(seat.name for seat in self._desk.books.approvals.sheet(approval).asked[:NAMED])
        return say(
            "P{n} {title} 等 {who}（截止 {day} {at}）", "P{n} {title} waits for {who} (due {day} {at})",
            n=approval.number, title=cut(approval.title, 24), who=who, day=bare_day(due.date()), at=f"{due:%H:%M}",
        )  # fmt: skip
