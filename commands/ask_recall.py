"""An answer to a question whose message was taken back: as if it had not been said."""

from __future__ import annotations

from chat.cards import text_card
from chat.text import listed, say
from commands.ask_answer import redraw
from commands.context import Ctx
from commands.reply import Reply
from reports.asks import arm_end
from reports.daily_desk import Desk


def recalled(ctx: Ctx) -> Reply | None:
    """Who answered hears how to answer again, who asked that somebody is missing. None: it answered nothing."""
    found = ctx.books.asks.said_in(ctx.chat.platform, ctx.thing.message_id)
    if found is None or found[1] != ctx.person.id:
        return None
    before, _ = found
    if before.state != "open" and before.missing:
        return None  # it was ended without waiting for everybody; nobody looks at it any more
    after = ctx.books.asks.take_back(before, ctx.person.id)
    desk = Desk(ctx.books, ctx.speaker, ctx.books.projects.get(after.project_id))
    if before.state != "open" and after.due_at > ctx.at:
        arm_end(desk, after, after.due_at)
    redraw(ctx, desk, after)
    if after.asker != ctx.person.id:
        told = say(
            "{ref} {who} 撤回了回复，还差 {people}。", "{ref}: {who} took the answer back. Still missing: {people}.",
            ref=after.ref, who=ctx.person.name, people=listed(one.name for one in after.missing[:5]),
        )  # fmt: skip
        ctx.speaker.to_person(ctx.books.people.get(after.asker), desk.project, text_card(told))
    text = say(
        "你撤回了 {ref} 的回复。要再回：{ref} 你的话",
        "You took back your answer to {ref}. To answer again: {ref} your words", ref=after.ref,
    )  # fmt: skip
    return Reply(text_card(text), private=True)
