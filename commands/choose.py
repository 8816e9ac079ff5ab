"""「有两位李四」: a press says who was meant, and the message is done again."""

from __future__ import annotations

from chat.errors import UserError
from chat.messages import Sender
from chat.text import say
from commands.arguments import NOBODY, known_people
from commands.context import Ctx
from commands.grammar import button
from commands.reply import Again, Pressed


@button("again")
def chosen(ctx: Ctx, key: str, name: str, person_id: int) -> Pressed:
    """``key``: of the draft; ``name``: as written. Only who wrote the message may choose, once."""
    draft = ctx.books.drafts.get(key)
    people = {person.id: person for person in known_people(ctx)}
    if draft is None or "chosen" not in draft.subject or (person_id != NOBODY and person_id not in people):
        raise UserError(say("这条已经过期，请重新发一次。", "This has expired. Please send it again."))
    if draft.person_id != ctx.person.id:
        raise UserError(say("请让发这条消息的人来选。", "Only the person who sent the message can choose."))
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经选过了。", "This was already chosen."))
    mentions = tuple(Sender(*each) for each in draft.subject["mentions"])
    again = Again(draft.subject["text"], mentions, {**draft.subject["chosen"], name: person_id})
    if person_id == NOBODY:
        return Pressed(say("好的，照原文记。", "OK, as it was written."), again=again)
    return Pressed(say("好的，是{name}。", "OK, {name}.", name=people[person_id].name), again=again)
