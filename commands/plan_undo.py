"""Take back a change of the plan as a whole: the tasks, milestones and links that one thing changed."""

from __future__ import annotations

from datetime import timedelta

from chat.cards import Card, text_card
from chat.errors import UserError
from chat.text import Text, listed, say
from commands.access import allowed
from commands.context import Ctx
from commands.grammar import button
from commands.plan_things import sight_of
from commands.reply import Pressed, Reply
from commands.task_change import settle
from commands.task_view import words_of
from reports.milestone_cards import milestone_card
from reports.risk_cards import named
from storage.drafts import Draft
from storage.milestone_changes import MilestoneMoved
from storage.task_changes import Change, Moved, standing

WITHIN = timedelta(minutes=10)


@button("plan.undo")
def pressed(ctx: Ctx, key: str) -> Pressed:
    """Of one's own change."""
    card = undo_plan(ctx, key)
    return Pressed(words_of(card), reply=Reply(card))


def undo_plan(ctx: Ctx, key: str) -> Card:
    """Everything the thing ``key`` did. Raises UserError: not one's own, done already, too late, or changed since."""
    tasks = _one(standing(ctx.books.changes.by(ctx.project.id, ctx.person.id)), key)
    milestones = _one(standing(ctx.books.milestone_changes.by(ctx.project.id, ctx.person.id)), key)
    newest = tasks or milestones
    if newest is None:
        raise UserError(
            say("这一步已经撤销过了，或者不是你做的。", "This was undone already, or it was not your change.")
        )
    if ctx.at - newest.at > WITHIN:
        raise UserError(
            say("超过 10 分钟，不能撤销了。请直接改回去。", "More than 10 minutes ago. Please change it back yourself.")
        )
    names: list[Text] = []
    try:
        if tasks is not None:
            for before, after in ctx.books.changes.take_back(tasks):
                settle(ctx, before, after)
                names.append(named(after))
        if milestones is not None:
            for milestone in ctx.books.milestone_changes.take_back(milestones):
                names.append(named(milestone))
                if milestone.state != "undone":
                    ctx.speaker.redraw(milestone.card, milestone_card(ctx.books, milestone, sight_of(ctx)))
    except (Moved, MilestoneMoved) as moved:
        thing = moved.task if isinstance(moved, Moved) else moved.milestone
        raise UserError(
            say(
                "{ref} 后来又改过，不能直接撤销。",
                "{ref} was changed again since and cannot simply be undone.",
                ref=thing.ref,
            )
        ) from moved
    shown = listed(names[:6])
    return text_card(
        say("已撤销 {what}{more} 的改动。", "Undone: {what}{more}.", what=shown, more="…" if len(names) > 6 else "")
    )


def _one(found: list[Change], key: str) -> Change | None:
    return next((change for change in found if change.key == key), None)


def decided(ctx: Ctx, key: str, kind: str) -> Draft:
    """The draft of this ``kind`` that a button names, decided by this press. Raises UserError: gone, theirs or used."""
    draft = ctx.books.drafts.get(key)
    if draft is None or draft.kind != kind or draft.chat_id != ctx.chat.id:
        raise UserError(say("这条已经过期，请重新发一次。", "This has expired. Please send it again."))
    if draft.person_id != ctx.person.id and not allowed(ctx, "plan.others"):
        raise UserError(
            say("请让发这条消息的人或管理员来选。", "Only the person who sent the message or an admin can choose.")
        )
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经选过了。", "This was already chosen."))
    return draft


@button("plan.drop")
def dropped(ctx: Ctx, kind: str, key: str) -> Pressed:
    """[不用]."""
    decided(ctx, key, kind)
    text = say("好的，没有改动。", "All right, nothing was changed.")
    return Pressed(text, card=text_card(text))
