"""[转告]: what only an admin may do reaches the admins, who do it with one press, in their own name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chat.cards import Button, Card, text_card
from chat.errors import UserError
from chat.messages import Sender
from chat.text import Text, say
from commands.access import allowed_in
from commands.context import Ctx
from commands.grammar import button
from commands.line import Line
from commands.members import names
from commands.reply import Again, Pressed
from storage.drafts import Draft
from storage.projects import Chat, ProjectInfo

LONGEST = 300
"""Characters of the wish that an admin is shown."""


@button("relay")
def pass_on(ctx: Ctx) -> Pressed:
    """args: draft key. Tells every admin directly, once; only who was refused may ask for it."""
    draft = _draft(ctx)
    if draft.person_id != ctx.person.id:
        raise UserError(say("请让发这条消息的人来点。", "Only the person who sent the message can press this."))
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经转告过了。", "They were told already."))
    project = ctx.books.projects.get(draft.subject["project"])
    admins = [m.person for m in ctx.books.people.members(project.id) if m.is_admin]
    key = ctx.books.drafts.keep("relay", draft.chat_id, ctx.person.id, **draft.subject)
    card = text_card(
        _wish(ctx, ctx.chat, draft.subject, ctx.person.name),
        Button(say("照办", "Do it"), "relay.do", (key,), style="primary"),
        Button(say("不办", "Do not"), "relay.no", (key,)),
    )
    told = [admin for admin in admins if ctx.speaker.to_person(admin, project, card, name=f"relay:{key}")]
    if not told:
        raise UserError(
            say("管理员还没和我说过话，转告不到。请直接找 {names}。", "I cannot reach the admins. Please ask {names}.",
                names=names(admins))
        )  # fmt: skip
    done = say("已转告 {names}。", "Told {names}.", names=names(told))
    return Pressed(done, text_card(done))


@button("relay.do")
def do(ctx: Ctx) -> Pressed:
    """args: draft key. The message is done again in its chat as the admin's own."""
    draft, chat, project = _decide(ctx)
    _redraw(ctx, draft, chat, say("✅ {who} 已照办", "✅ {who} did it", who=ctx.person.name))
    said = draft.subject
    again = Again(said["text"], tuple(Sender(*each) for each in said["mentions"]), said["chosen"], chat, project.id,
                  said["message_id"])  # fmt: skip
    return Pressed(say("已在「{chat}」照办。", "Done in “{chat}”.", chat=chat.name or project.name), again=again)


@button("relay.no")
def do_not(ctx: Ctx) -> Pressed:
    """args: draft key. The person who asked is told."""
    draft, chat, project = _decide(ctx)
    _redraw(ctx, draft, chat, say("{who} 决定不办", "{who} decided against it", who=ctx.person.name))
    text = say(
        "{who} 看过了，这次不办：{wish}",
        "{who} has seen it and will not do it: {wish}",
        who=ctx.person.name,
        wish=_words(draft.subject, ctx),
    )
    ctx.speaker.to_person(ctx.books.people.get(draft.person_id), project, text_card(text))
    return Pressed(say("好的，已告诉对方。", "OK, they have been told."))


def _draft(ctx: Ctx) -> Draft:
    draft = ctx.books.drafts.get(ctx.action.args[0]) if ctx.action.args else None
    if draft is None or "may" not in draft.subject:
        raise UserError(say("这条已经过期，请重新发一次。", "This has expired. Please send it again."))
    return draft


def _decide(ctx: Ctx) -> tuple[Draft, Chat, ProjectInfo]:
    """The wish, its chat and project; the presser manages that project and nobody decided before."""
    draft = _draft(ctx)
    chat = ctx.books.projects.chat_by_id(draft.chat_id)
    project = ctx.books.projects.get(draft.subject["project"])
    if not allowed_in(ctx, project.id, "relay"):
        raise UserError(say("只有管理员能决定。", "Only an admin can decide."), audit="relay")
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经处理过了。", "This was already decided."))
    return draft, chat, project


def _redraw(ctx: Ctx, draft: Draft, chat: Chat, outcome: Text) -> None:
    asker = ctx.books.people.get(draft.person_id).name
    text = say("{wish}\n{outcome}", "{wish}\n{outcome}", wish=_wish(ctx, chat, draft.subject, asker), outcome=outcome)
    card: Card = text_card(text)
    ctx.speaker.redraw(f"relay:{draft.key}", card)


def _wish(ctx: Ctx, chat: Chat, said: Mapping[str, Any], asker: str) -> Text:
    return say(
        "{who} 想在「{chat}」{may}：\n{wish}",
        "{who} would like to {may} in “{chat}”:\n{wish}",
        who=asker,
        chat=chat.name or ctx.project.name,
        may=Text(said["may"], said["may_en"]),
        wish=_words(said, ctx),
    )


def _words(said: Mapping[str, Any], ctx: Ctx) -> str:
    line = Line(said["text"], [Sender(*each) for each in said["mentions"]]).without(ctx.thing.bot_id)
    return line.shown()[:LONGEST]
