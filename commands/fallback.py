"""What nobody understood still gets an answer; in a group once an hour a person, so that people can chat there."""

from __future__ import annotations

import re
from datetime import timedelta

from commands.context import Ctx
from commands.grammar import hears
from commands.reply import Reply, reply
from commands.welcome import greeting, greets

HOUR = timedelta(hours=1)


@hears(None, rank=90)
def what_i_can_do(ctx: Ctx, _: re.Match[str] | None) -> Reply | None:
    """A chat that was never greeted is greeted; else one line with the main commands."""
    if greets(ctx):
        return greeting()
    if ctx.in_group and not ctx.books.notices.first(f"person:{ctx.person.id}", "fallback", HOUR):
        return None
    return reply(
        "我能做：/任务 /日报 /我的 /进度。发「/帮助」看例子。",
        "I can do: /task /daily /my /status. Send “/help” for examples.",
    )
