"""What is asked for in a group comes to the asker alone first; [公开] shows it to the group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chat.cards import Button, Buttons, Card
from chat.errors import UserError
from chat.text import NOTHING, Text, say
from commands.context import Ctx
from commands.daily_desk import expired
from commands.reply import Reply, reply
from storage.drafts import Draft
from storage.projects import Chat

_WATCHING = ("observer", "guest", "")


def may_publish(ctx: Ctx) -> bool:
    """Who takes part, where there is a group to show it to."""
    return ctx.role not in _WATCHING and bool(ctx.books.projects.groups(ctx.project.id))


def with_publish(ctx: Ctx, card: Card, kind: str, **subject: Any) -> Card:
    """[公开] behind the other buttons; ``<kind>.publish`` is pressed with the key of a draft of ``subject``."""
    key = ctx.books.drafts.keep(
        kind, ctx.chat.id, ctx.person.id, project=ctx.project.id, chat=ctx.chat.id if ctx.in_group else 0, **subject
    )
    button = Button(say("公开", "Show to the group"), f"{kind}.publish", (key,))
    rows = [n for n, block in enumerate(card.blocks) if isinstance(block, Buttons)]
    if not rows:
        return replace(card, blocks=(*card.blocks, Buttons((button,))))
    last = card.blocks[rows[-1]]
    assert isinstance(last, Buttons)
    blocks = list(card.blocks)
    blocks[rows[-1]] = replace(last, buttons=(*last.buttons, button))
    return replace(card, blocks=tuple(blocks))


def privately_first(ctx: Ctx, card: Card, what: Text, *, publish: bool) -> Reply | None:
    """To the asker alone, and a line in the group. None: no direct message reaches them."""
    if not ctx.in_group:
        return Reply(card)
    if not ctx.speaker.to_person(ctx.person, ctx.project, card):
        return None
    how = say("，点里面的 [公开] 发到群里", "; its [Show to the group] puts it here") if publish else NOTHING
    return reply("{what}已私聊发给你{how}。", "{what} was sent to you directly{how}.", what=what, how=how)


def pressed(ctx: Ctx, key: str, kind: str) -> Draft:
    """Raises UserError: forged, forgotten, or somebody else's."""
    draft = ctx.books.drafts.get(key)
    if draft is None or draft.kind != kind or draft.person_id != ctx.person.id:
        raise expired()
    return draft


def groups_for(ctx: Ctx, draft: Draft) -> list[Chat]:
    """Where it was asked, or all groups of the project; once. Raises UserError."""
    known = ctx.books.projects.groups(int(draft.subject["project"]))
    groups = [chat for chat in known if draft.subject["chat"] in (0, chat.id)]
    if not groups:
        raise UserError(say("这个项目没有群，发不出去。", "This project has no group to send it to."))
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经发到群里了。", "It was sent to the group already."))
    return groups
