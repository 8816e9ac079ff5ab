"""A task's card as the books have it now: its tags, its family, who closed it."""

from __future__ import annotations

from collections.abc import Sequence

from chat.cards import Card, Paragraph
from chat.text import NOTHING, Text, join, listed, say, verbatim
from reports.days import bare_day, working_days
from reports.task_cards import Desk, head, task_card
from storage.books import Books
from storage.checks import Check
from storage.links import TASK, Link
from storage.tasks import Task

SHOWN_CHILDREN = 6
SHOWN_CHECKS = 5


def look(books: Books, task: Task, desk: Desk) -> Card:
    """The card to show."""
    if task.closed:
        card = task_card(task, (), desk, by=_closer(books, task))
        owed = owed_line(books, task) if task.state == "done" else None
        return Card((card.blocks[0], Paragraph(owed), *card.blocks[1:]), card.title) if owed else card
    more = [*_plan(books, task), *_family(books, task), *checklist(books.checks.of(task.id))]
    return task_card(task, books.tasks.tags(task), desk, more=more)


def checklist(checks: Sequence[Check]) -> list[Text]:
    """``清单 1/3：`` and what is left of it."""
    if not checks:
        return []
    left = [check for check in checks if check.done is None]
    head = say("清单 {n}/{all}", "Checklist {n}/{all}", n=len(checks) - len(left), all=len(checks))
    rows = [check_line(check) for check in left[:SHOWN_CHECKS]]
    if len(left) > SHOWN_CHECKS:
        rows.append(say("还有 {n} 项", "{n} more", n=len(left) - SHOWN_CHECKS))
    return [head, *rows]


def check_line(check: Check) -> Text:
    """``☐ 2. A/B 测试（跳过：赶上线）``."""
    box = "☑" if check.done is not None else "☐"
    why = say("（跳过：{why}）", " (skipped: {why})", why=check.why) if check.skipped and not check.done else NOTHING
    return say(
        "{box} {n}. {words}{why}", "{box} {n}. {words}{why}", box=box, n=check.number, words=check.words, why=why
    )


def owed_line(books: Books, task: Task) -> Text | None:
    """What a task that is done still owes; None: nothing."""
    left = [check for check in books.checks.of(task.id) if check.done is None]
    if not left:
        return None
    return say(
        "质量欠账 {n} 项：{rows}。补做后发：{ref} 勾 {first}",
        "Quality debt ({n}): {rows}. Once done, send: {ref} tick {first}",
        n=len(left), ref=task.ref, first=left[0].number,
        rows=listed((verbatim(f"{check.number}. {check.words}") for check in left), SHOWN_CHECKS),
    )  # fmt: skip


def _closer(books: Books, task: Task) -> str:
    closing = [event for event in books.tasks.history(task) if event.field == "state" and event.after == task.state]
    return closing[-1].actor_name if closing else ""


def _plan(books: Books, task: Task) -> list[Text]:
    """How long it takes, when it is planned to begin, and what it waits for."""
    parts: list[Text] = []
    if task.stage:
        parts.append(say("阶段 {stage}", "Stage {stage}", stage=task.stage))
    if task.start is not None:
        parts.append(say("计划 {day} 开始", "Starts {day}", day=bare_day(task.start)))
    if task.days is not None:
        parts.append(say("工期 {n}", "{n}", n=working_days(task.days)))
    if task.weight != 1:
        parts.append(say("权重 {n}", "Weight {n}", n=task.weight))
    lines = [join(parts, "｜", " | ")] if parts else []
    needs = [link for link in books.links.of((TASK, task.id)) if link.after == (TASK, task.id)]
    names = [_before(books, link) for link in needs[:SHOWN_CHILDREN]]
    if names:
        more = "…" if len(needs) > SHOWN_CHILDREN else ""
        lines.append(say("依赖：{names}{more}", "After: {names}{more}", names=listed(names), more=more))
    return lines


def _before(books: Books, link: Link) -> Text:
    kind, number = link.before
    thing = books.tasks.get(number) if kind == TASK else books.milestones.get(number)
    lag = say("（+{n} 工作日）", " (+{n} working days)", n=link.lag) if link.lag else NOTHING
    if thing is None:
        return NOTHING
    return say("{ref} {title}{lag}", "{ref} {title}{lag}", ref=thing.ref, title=thing.title, lag=lag)


def _family(books: Books, task: Task) -> list[Text]:
    lines: list[Text] = []
    parent = books.tasks.get(task.parent) if task.parent else None
    if parent is not None:
        lines.append(say("属于 {head}", "Part of {head}", head=head(parent)))
    children = [child for child in books.tasks.children(task.id) if child.state != "cancelled"]
    if children:
        done = sum(child.state == "done" for child in children)
        names = listed(head(child) for child in children[:SHOWN_CHILDREN])
        lines.append(
            say(
                "子任务 {done}/{all}：{names}{more}",
                "Sub-tasks {done}/{all}: {names}{more}",
                done=done,
                all=len(children),
                names=names,
                more="…" if len(children) > SHOWN_CHILDREN else "",
            )
        )
    return lines
