"""A task's card as it is now, and drawing it anew wherever it stands."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from chat.cards import Card, Paragraph
from chat.text import NOTHING, Text, say
from commands.context import Ctx
from reports.clocks import of_a_list
from reports.days import short_day
from reports.own_clock import reader_of
from reports.task_cards import Desk
from reports.task_look import look
from storage.people import Person
from storage.tasks import Task


def desk(ctx: Ctx, reader: Person | None = None) -> Desk:
    """By the project's clock, which its dues are; ``reader``: who reads it, else the speaker."""
    zone = reader_of(ctx.project, reader or ctx.person, ctx.at)
    now = ctx.now if ctx.in_group else ctx.at.astimezone(ZoneInfo(ctx.project.zone))
    return Desk(ctx.calendar, now, zone)


def card_of(ctx: Ctx, task: Task) -> Card:
    return look(ctx.books, task, desk(ctx))


def words_of(card: Card) -> Text:
    """What a card says, without its buttons."""
    return next((block.text for block in card.blocks if isinstance(block, Paragraph)), NOTHING)


def whose_clock(ctx: Ctx) -> tuple[Paragraph, ...]:
    """Below a list of times: whose they are, for a reader elsewhere who sees it alone."""
    text = None if ctx.in_group else of_a_list(ctx.project, ctx.person, ctx.at)
    return () if text is None else (Paragraph(text, quiet=True),)


def next_copy(ctx: Ctx) -> Text | None:
    """``🔁 下一次 T9：9-25（周五）17:00``: what this thing made come again."""
    made = ctx.books.repeats.fresh
    if made is None:
        return None
    local = made.remind_at.astimezone(ZoneInfo(ctx.project.zone)) if made.remind_at and not made.due else None
    day = made.due or (local.date() if local else ctx.today)
    minute = made.due_minute if made.due else local.hour * 60 + local.minute if local else None
    return say("🔁 下一次 {ref}：{day}", "🔁 Next: {ref}, {day}", ref=made.ref,
               day=short_day(day, ctx.calendar, None, minute))  # fmt: skip


def redraw(ctx: Ctx, task: Task) -> Card:
    """The card, drawn again wherever it was sent."""
    card = card_of(ctx, task)
    ctx.speaker.redraw(task.card, card)
    return card
