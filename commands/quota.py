"""A message that came without its words, since the platform's month is used up: its writer is told, once an hour."""

from __future__ import annotations

from datetime import timedelta

from commands.context import Ctx
from commands.grammar import event
from commands.reply import Reply, reply

EVERY = timedelta(hours=1)


@event("quota_exhausted")
def unheard(ctx: Ctx) -> Reply | None:
    """What it was about is lost; admins are told by whoever keeps account (``reports.quota``)."""
    if not ctx.books.notices.first(f"chat:{ctx.chat.id}", "unheard", EVERY):
        return None
    return reply(
        "本月额度已用完，刚才那条的内容没有送到我这里。已告诉管理员，急事请直接找人。",
        "This month's allowance is used up: what was just said did not reach me. The admins are told.",
    )
