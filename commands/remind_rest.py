"""Whether a reminder would come in the time of rest of whom it is for; said at once to who sets it."""

from __future__ import annotations

from chat.text import Text, say
from commands.context import Ctx
from reports.days import short_day
from reports.reminders import put_off
from storage.tasks import Task


def rest_note(ctx: Ctx, task: Task) -> Text | None:
    """Whom a reminder is for rests then, and hears of it in the morning of a working day."""
    later = put_off(ctx.books, task, task.remind_at) if task.remind_at is not None else None
    if later is None:
        return None
    local = later.astimezone(ctx.zone)
    return say(
        "那时 {who} 在休息，{day} 才发；等不了就加 #紧急。",
        "{who} is off then and hears of it {day}; if it cannot wait, add #urgent.",
        who=ctx.books.people.get(task.owner or task.creator).name,
        day=short_day(local.date(), ctx.calendar, ctx.today, local.hour * 60 + local.minute),
    )  # fmt: skip
