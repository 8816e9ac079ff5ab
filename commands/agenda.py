"""The morning agenda.  ``/晨会``"""

from __future__ import annotations

from chat.text import say
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply, reply
from reports.agenda import agenda
from reports.daily_desk import Desk


@command(
    "晨会",
    "agenda",
    "standup",
    usage=say("晨会议程：最多 5 项，最要紧的在前", "What to talk about: five points, the riskiest first"),
    example=say("/晨会", "/agenda"),
)
def show(ctx: Ctx) -> Reply:
    """As of now."""
    card = agenda(Desk(ctx.books, ctx.speaker, ctx.project))
    if card is None:
        return reply(
            "今天没有要在晨会上说的：没有逾期、没人等回应、3 个工作日内没有里程碑。",
            "Nothing to talk about today: nothing is overdue, nobody waits, no milestone within three working days.",
        )
    return Reply(card)
