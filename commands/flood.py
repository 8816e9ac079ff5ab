"""Too many messages from one person: one line, once."""

from __future__ import annotations

from commands.context import Ctx
from commands.grammar import event
from commands.reply import Reply, reply


@event("flooded")
def flooded(_: Ctx) -> Reply:
    return reply(
        "发得太快了：每人每分钟最多 20 条。从这条起没有处理，请等一分钟再发。",
        "Too fast: 20 messages a minute at most. This one and those after it were not read; please wait a minute.",
    )
