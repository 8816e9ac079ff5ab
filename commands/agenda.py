"""The morning agenda.  ``/晨会``  ``/晨会 设置 9:05``"""

from __future__ import annotations

from chat.text import say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply, reply
from commands.round_settings import set_round
from reports.agenda import agenda
from reports.daily_desk import Desk
from reports.rounds import AGENDA

SET = say("/晨会 设置 9:05", "/agenda set 9:05")


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


@command(
    "晨会 设置",
    "agenda set",
    usage=say("每天几点发晨会议程，或不发", "When the agenda is sent each day, or that it is not"),
    example=SET,
    roles="admin",
)
def settings(ctx: Ctx, words: Rest) -> Reply:
    """``9:05``, 开, 关; without words, how it is set."""
    if words.strip():
        require(ctx, "settings.rounds")
    return set_round(ctx, AGENDA, words, say("晨会议程", "Morning agenda"), SET)
