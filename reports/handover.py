"""Everything somebody has open in a project, as it is offered to who takes over."""

from __future__ import annotations

from collections.abc import Sequence

from chat.cards import Button, Buttons, Card, Paragraph, text_card
from chat.frozen import frozen
from chat.text import Text, join, listed, say
from reports.approval_cards import head as approval_head
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.task_cards import head
from storage.approval_sheet import Sheet
from storage.asks import Ask
from storage.blockers import Blocker
from storage.books import Books
from storage.handovers import Handover
from storage.milestones import Milestone
from storage.people import Person
from storage.repeats import Repeat
from storage.tasks import Task

SHOWN = 10
MANY = 5
"""Working days of a leave above which handing over is offered."""


@frozen
class Items:
    """``asked``: questions to them; ``asking``: theirs; ``helping``: blockers they shall solve; ``stuck``: theirs.

    ``milestones``: theirs, or theirs to verify; ``repeats``: of who left the company, what comes again.
    """

    tasks: list[Task]
    approvals: list[Sheet]
    asked: list[Ask]
    asking: list[Ask]
    helping: list[Blocker]
    stuck: list[Blocker]
    milestones: list[Milestone]
    repeats: list[Repeat]

    def __len__(self) -> int:
        return sum(len(each) for each in self._kinds)

    @property
    def _kinds(self) -> tuple[Sequence[object], ...]:
        own = (self.milestones, self.repeats)
        return (self.tasks, self.approvals, self.asked, self.asking, self.helping, self.stuck, *own)

    def counted(self) -> Text:
        """``3 项任务、1 个审批``."""
        counts = (
            (len(self.tasks), say("项任务", "tasks")), (len(self.approvals), say("个审批", "approvals")),
            (len(self.asked) + len(self.asking), say("个请回复", "questions")),
            (len(self.helping) + len(self.stuck), say("个阻塞", "blockers")),
            (len(self.milestones), say("个里程碑", "milestones")), (len(self.repeats), say("条重复", "repeats")),
        )  # fmt: skip
        return listed(say("{n} {what}", "{n} {what}", n=n, what=what) for n, what in counts if n)

    def lines(self) -> list[Text]:
        """One for each, cut."""
        found: list[Text] = [_task(task) for task in self.tasks]
        found += [approval_head(sheet.approval) for sheet in self.approvals]
        found += [_words(ask.ref, ask.words) for ask in (*self.asked, *self.asking)]
        found += [_words(blocker.ref, blocker.words) for blocker in (*self.helping, *self.stuck)]
        found += [_milestone(milestone) for milestone in self.milestones]
        found += [
            say("重复 {n}：{words}", "Repeat {n}: {words}", n=one.number, words=one.words) for one in self.repeats
        ]
        if len(found) <= SHOWN:
            return found
        return [*found[: SHOWN - 1], say("还有 {n} 项", "{n} more", n=len(found) - SHOWN + 1)]


def items_of(books: Books, project_id: int, person: int) -> Items:
    """What is open in one project, as it is now."""
    asks, blockers = books.asks.open_in(project_id), books.blockers.open_in(project_id)
    goals = books.milestones.of_project(project_id)
    sheets = [books.approvals.sheet(each) for each in books.approvals.sitting(person) if each.project_id == project_id]
    return Items(
        [task for task in books.tasks.open_of(person) if task.project_id == project_id],
        [sheet for sheet in sheets if any(seat.person == person for seat in sheet.silent)],
        [ask for ask in asks if (one := ask.of(person)) is not None and one.answered_at is None],
        [ask for ask in asks if ask.asker == person],
        [blocker for blocker in blockers if blocker.helper == person],
        [blocker for blocker in blockers if blocker.person == person],
        [one for one in goals if not one.closed and person in (one.owner, one.verifier)],
        books.repeats.of_owner(project_id, person) if books.people.get(person).left_at is not None else [],
    )


def card(handover: Handover, items: Items, taker: Text) -> Card:
    """taker: as the chat can @ them."""
    text = say(
        "🔁 交接 {giver} → {taker}：{counted}\n{lines}\n{taker} 接受后才会转。也可回：接受交接 / 不接交接 原因",
        "🔁 Hand over {giver} → {taker}: {counted}\n{lines}\nNothing moves before {taker} accepts. Or reply: accept "
        "handover / refuse handover",
        giver=handover.giver_name, taker=taker, counted=items.counted(), lines=join(items.lines(), "\n"),
    )  # fmt: skip
    args = (str(handover.id),)
    ways = Buttons(
        (
            Button(say("接受", "Accept"), "handover.yes", args, style="primary"),
            Button(say("不接", "Refuse"), "handover.no", args),
        )
    )
    return Card((Paragraph(text), ways))


def offer(project_id: int, person: int) -> Button:
    """[交接…]: to whom is asked next."""
    return Button(say("交接…", "Hand over…"), "handover.ask", (str(project_id), str(person)))


def suggest(desk: Desk, person: Person, days: float) -> None:
    """To who is away for longer: hand over what is open. days: working days."""
    items = items_of(desk.books, desk.project.id, person.id)
    if days <= MANY or not len(items):
        return
    text = say(
        "{which}休假超过 {n} 个工作日，名下还有 {counted}：\n{lines}\n要不要交接？",
        "{which}This leave is longer than {n} working days, and there are still {counted}:\n{lines}\nHand over?",
        which=desk.which(person.id), n=MANY, counted=items.counted(), lines=join(items.lines(), "\n"),
    )  # fmt: skip
    desk.speaker.to_person(person, desk.project, text_card(text, offer(desk.project.id, person.id)))


def _task(task: Task) -> Text:
    if task.due is None:
        return head(task)
    return say("{head}（{day}）", "{head} ({day})", head=head(task), day=bare_day(task.due))


def _milestone(milestone: Milestone) -> Text:
    if milestone.due is None:
        return _words(milestone.ref, milestone.title)
    name = _words(milestone.ref, milestone.title)
    return say("{head}（{day}）", "{head} ({day})", head=name, day=bare_day(milestone.due))


def _words(ref: str, words: str) -> Text:
    return say("{ref} {words}", "{ref} {words}", ref=ref, words=words if len(words) <= 40 else words[:40] + "…")
