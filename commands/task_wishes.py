"""What was said waits for a button: [建] [仍然新建] [全部创建] make it, [不用] drops it."""

from __future__ import annotations

from chat.cards import text_card
from chat.errors import UserError
from chat.text import say
from commands.access import allowed
from commands.context import Ctx
from commands.grammar import button
from commands.reply import Pressed, Reply
from commands.task_make import kept, make
from storage.drafts import Draft


@button("task.anyway")
def anyway(ctx: Ctx, key: str) -> Pressed:
    """Make the one task that was asked about, repetition or not."""
    draft = decided(ctx, key)
    made = make(ctx, kept(ctx, draft.subject)[0], sure=True)
    return Pressed(
        say("已建", "Created"), card=text_card(say("已新建。", "Created.")), reply=Reply(made.card, made.name)
    )


@button("task.drop")
def drop(ctx: Ctx, key: str) -> Pressed:
    decided(ctx, key)
    nothing = say("好，没有建。", "OK, nothing was created.")
    return Pressed(nothing, card=text_card(nothing))


def decided(ctx: Ctx, key: str) -> Draft:
    """The draft a button names, decided by this press. Raises UserError: not theirs, or decided before."""
    draft = ctx.books.drafts.get(key)
    if draft is None or draft.chat_id != ctx.chat.id or "wishes" not in draft.subject:
        raise UserError(say("这条已经过期，请重新发一次。", "This has expired. Please send it again."))
    if draft.person_id != ctx.person.id and not allowed(ctx, "task.others"):
        raise UserError(say("请让发这条消息的人来选。", "Only the person who sent the message can choose."))
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经选过了。", "This was already chosen."))
    return draft
