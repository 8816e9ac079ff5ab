"""A task's card as it is now, and drawing it anew wherever it stands."""

from __future__ import annotations

from chat.cards import Card, Paragraph
from chat.text import NOTHING, Text, join, say
from commands.context import Ctx
from reports.task_cards import Desk, head, task_card
from storage.tasks import Task

SHOWN_CHILDREN = 6


def desk(ctx: Ctx) -> Desk:
    return Desk(ctx.calendar, ctx.now)


def card_of(ctx: Ctx, task: Task) -> Card:
    """Reads its tags and sub-tasks, and who closed it."""
    if task.closed:
        return task_card(task, (), desk(ctx), by=_closer(ctx, task))
    return task_card(task, ctx.tasks.tags(task), desk(ctx), more=_family(ctx, task))


def words_of(card: Card) -> Text:
    """What a card says, without its buttons."""
    return next((block.text for block in card.blocks if isinstance(block, Paragraph)), NOTHING)


def redraw(ctx: Ctx, task: Task) -> Card:
    """The card, drawn again wherever it was sent."""
    card = card_of(ctx, task)
    ctx.speaker.redraw(task.card, card)
    return card


def _closer(ctx: Ctx, task: Task) -> str:
    closing = [event for event in ctx.tasks.history(task) if event.field == "state" and event.after == task.state]
    return closing[-1].actor_name if closing else ""


def _family(ctx: Ctx, task: Task) -> list[Text]:
    lines: list[Text] = []
    parent = ctx.tasks.get(task.parent) if task.parent else None
    if parent is not None:
        lines.append(say("属于 {head}", "Part of {head}", head=head(parent)))
    children = [child for child in ctx.tasks.children(task.id) if child.state != "cancelled"]
    if children:
        done = sum(child.state == "done" for child in children)
        names = join([head(child) for child in children[:SHOWN_CHILDREN]], "、", ", ")
        more = "…" if len(children) > SHOWN_CHILDREN else ""
        lines.append(
            say("子任务 {done}/{all}：{names}{more}", "Sub-tasks {done}/{all}: {names}{more}", done=done,
                all=len(children), names=names, more=more)
        )  # fmt: skip
    return lines
