"""What people say about a request that is no command: a reply to its card, or its number with words nobody knows."""

from __future__ import annotations

import re

from chat.cards import text_card
from commands.approve import show, what_about
from commands.approve_desk import about, approval_by_id, round_of
from commands.approve_vote import said
from commands.approve_words import ALONE, choice_of
from commands.context import Ctx
from commands.grammar import hears, quoted
from commands.reply import Reply

_ASKS = re.compile(r"什么|怎么|怎样|多少|哪|谁|吗|呢|[?？]|what|how|who|when|status")


@quoted("approval")
def replied(ctx: Ctx, _: str) -> Reply | None:
    """``可以``, ``ok``, ``我同意``, ``不行：太贵`` to the card; anything else is answered with what can be said."""
    match = ALONE.match(ctx.line.folded)
    if match is None:
        card = round_of(ctx)
        return Reply(text_card(what_about(approval_by_id(ctx, card[0]).ref))) if card else None
    ctx.line.cut(0, match.end())
    return said(ctx, choice_of(match))


@hears(r"^[^\d/]{0,8}?(?<![a-z0-9])p[ \-_.#]?(\d{1,7})(?![a-z0-9])[^\d/]{0,8}$", rank=39)
def unclear(ctx: Ctx, match: re.Match[str] | None) -> Reply | None:
    """``统一P1``, ``P1 怎么说``: of a request that this person has to do with. A question is answered by its card."""
    assert match is not None
    approval = about(ctx, int(match.group(1)))
    if approval is None:
        return None
    return show(ctx, approval) if _ASKS.search(ctx.line.folded) else Reply(text_card(what_about(approval.ref)))
