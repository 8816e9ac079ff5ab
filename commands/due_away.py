"""A task that falls due while its owner is away: said at once to who puts it there, and to the lead once."""

from __future__ import annotations

from chat.cards import Card, Paragraph
from chat.text import Text, say
from commands.context import Ctx
from reports.away import away_then, bare, tell_lead_of
from reports.daily_desk import Desk
from storage.tasks import Task


def away_note(ctx: Ctx, task: Task) -> Text | None:
    """``王五 9-21~9-23 休假，截止在休假里。``; None: they are here."""
    days = away_then(ctx.books, task)
    if not days:
        return None
    return say(
        "{who} {days} 休假，截止在休假里。",
        "{who} is away {days}, when this is due.",
        who=task.owner_name,
        days=bare(days),
    )


def noted_away(ctx: Ctx, task: Task, before: Task | None = None) -> Text | None:
    """The same; whoever leads hears of it unless they are asking, or it was so ``before`` as well."""
    note = away_note(ctx, task)
    known = before is not None and before.owner == task.owner and bool(away_then(ctx.books, before))
    if note is not None and not known and task.owner is not None:
        tell_lead_of(Desk(ctx.books, ctx.speaker, ctx.project), ctx.books.people.get(task.owner), task, ctx.person)
    return note


def below(card: Card, note: Text | None) -> Card:
    """The card with a line under its first one."""
    if note is None:
        return card
    first, *rest = card.blocks
    assert isinstance(first, Paragraph)
    return Card((Paragraph(say("{text}\n{note}", "{text}\n{note}", text=first.text, note=note)), *rest))
