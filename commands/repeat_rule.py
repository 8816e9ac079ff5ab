"""When a task comes again: one that is there, or by a rule.  ``T1 每周五17:00``  ``/重复 1 每周四17:00``"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from chat.cards import Block, Buttons, Card, Paragraph
from chat.errors import UserError
from chat.text import Text, join, say
from commands.access import require_decider
from commands.context import Ctx
from commands.task_change import change
from commands.task_view import desk, redraw
from planning.dates import Recurrence
from planning.due import Meant
from planning.repeats import Occurrence, daily_at_most
from reports.repeats import Shelf, arm, asks, begin, comes, holiday_buttons, occurrence, reword, taken
from reports.task_cards import head
from storage.repeats import Copy, Repeat
from storage.task_changes import BACK
from storage.tasks import Task


def repeated(ctx: Ctx, task: Task, meant: Meant) -> Card:
    """From now on ``task`` comes again. Raises UserError: it is not theirs to say, or an older copy."""
    require_decider(ctx, task)
    often_enough(meant)
    repeat = ctx.books.repeats.of_task(task.id)
    if repeat is not None:
        newest = ctx.books.repeats.copies(repeat, 1)[0].task
        if newest.id != task.id:
            raise UserError(
                say("{ref} 是以前的一次，要改就改最新的：{newest} …",
                    "{ref} is an older one; change the newest: {newest} …", ref=task.ref, newest=newest.ref)
            )  # fmt: skip
        return changed(ctx, repeat, meant, state="on")
    shelf = Shelf(ctx.books, ctx.project)
    when = occurrence(shelf, meant)
    assert when is not None
    after = taken(shelf, task, meant, when)
    made = begin(shelf, ctx.person.id, after, meant, when)
    remember(ctx, made, made, Copy(task, when), state="undone")
    redraw(ctx, after)
    return _shown(shelf, made, _moved(ctx, after))


def changed(ctx: Ctx, repeat: Repeat, meant: Meant, *, state: str = "") -> Card:
    """Another rule for what comes again, which goes on if ``state`` says so; who may was looked at."""
    often_enough(meant)
    shelf = Shelf(ctx.books, ctx.project)
    last = next(iter(ctx.books.repeats.copies(repeat, 1)), None)
    before = repeat if not state else ctx.books.repeats.change(repeat, state=state)
    after, task = reword(shelf, before, meant)
    ctx.books.audit(ctx.project.id, "repeat.change", "done", f"{repeat.number}={after.words}")
    remember(ctx, repeat, after, last if task is not None else None)
    if task is not None:
        redraw(ctx, task)
    return _shown(shelf, after, _moved(ctx, task) if task is not None else None)


def remember(ctx: Ctx, before: Repeat, after: Repeat, copy: Copy | None, *, state: str = "") -> None:
    """How a rule, and its open copy, were before they were changed. state: to which it goes back; "": its own."""
    was = None
    if copy is not None:
        task, when = copy.task, copy.when
        was = {
            "task": task.id, "minute": task.due_minute,
            "due": task.due.isoformat() if task.due else None,
            "remind": task.remind_at.isoformat() if task.remind_at else None,
            "nominal": when.nominal.isoformat(), "day": when.day.isoformat(), "change": ctx.books.key,
        }  # fmt: skip
    back = {**_said(before), "state": state or before.state}
    ctx.books.deeds.add(
        ctx.project.id, ctx.person.id, "repeat", repeat=before.id, back=back, now=_said(after), copy=was
    )


def take_back(ctx: Ctx, detail: Mapping[str, Any]) -> Repeat | None:
    """As it was before. None: somebody changed it since."""
    repeat = ctx.books.repeats.get(detail["repeat"])
    if repeat is None or _said(repeat) != detail["now"]:
        return None
    shelf, back, was = Shelf(ctx.books, ctx.project), dict(detail["back"]), detail["copy"]
    before = ctx.books.repeats.change(repeat, **{**back, "rule": Recurrence.read(back["rule"])})
    task = ctx.tasks.get(was["task"]) if was is not None else None
    if task is not None and not task.closed:
        ctx.books.repeats.move(task, Occurrence(date.fromisoformat(was["nominal"]), date.fromisoformat(was["day"])))
        change(
            ctx, task, BACK + was.get("change", ""), due=date.fromisoformat(was["due"]) if was["due"] else None,
            due_minute=was["minute"], remind_at=datetime.fromisoformat(was["remind"]) if was["remind"] else None,
        )  # fmt: skip
    arm(shelf, before)
    return before


def _said(repeat: Repeat) -> dict[str, Any]:
    """Everything of it that somebody can change, as it is stored."""
    rule = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(repeat.rule).items()}
    return {
        "rule": rule, "words": repeat.words, "due_minute": repeat.due_minute, "remind": repeat.remind,
        "holiday": repeat.holiday, "state": repeat.state,
    }  # fmt: skip


def often_enough(meant: Meant) -> None:
    """Raises UserError: more than once a day."""
    if meant.rule is not None and not daily_at_most(meant.rule):
        raise UserError(
            say("重复任务最密每天一次，没有改动。例：T1 每天9:00",
                "Tasks repeat once a day at most; nothing was changed. Example: T1 every day 9am")
        )  # fmt: skip


def _moved(ctx: Ctx, task: Task) -> Text:
    if task.due is not None:
        return say("{head} 截止 {day}。", "{head} is due {day}.", head=head(task),
                   day=desk(ctx).due(task.due, task.due_minute))  # fmt: skip
    assert task.remind_at is not None
    at = task.remind_at.astimezone(ctx.zone)
    day = ctx.day(at.date(), at.hour * 60 + at.minute)
    return say("{head} 会在 {day} 提醒。", "{head}: reminder {day}.", head=head(task), day=day)


def _shown(shelf: Shelf, repeat: Repeat, first: Text | None) -> Card:
    lines = [comes(shelf, repeat), *([first] if first is not None else [])]
    blocks: list[Block] = [Paragraph(join(lines, "\n"))]
    if asks(shelf, repeat):
        blocks.append(Buttons(holiday_buttons(repeat).buttons))
    return Card(tuple(blocks))
