"""How regular reports are.  ``/日报 提交率``  ``/日报 提交率 上月``  ``/日报 提交率 9-1~9-15``"""

from __future__ import annotations

from chat.errors import UserError
from chat.text import say
from commands.arguments import Rest
from commands.context import Ctx
from commands.daily_desk import desk_of
from commands.daily_look import alone, bare_span, require_member, span_of
from commands.grammar import command
from commands.reply import Reply
from planning.lookback import Span
from reports.rates import rate_card
from storage.people import PARTICIPANTS

EXAMPLE = say("/日报 提交率 上月", "/daily rate last month")


@command(
    "日报 提交率", "日报 准时率", "日报 率", "日报 统计", "daily rate",
    usage=say("这个月自己交得怎么样；负责人看全部", "How regular one's reports are; who leads sees all"),
    example=EXAMPLE,
)  # fmt: skip
def rate(ctx: Ctx, words: Rest) -> Reply:
    """This month's, or of the days named, to the asker alone. Raises UserError: nothing was asked for then."""
    desk = desk_of(ctx).team
    require_member(ctx, desk)
    today = desk.rhythm.local(ctx.at).date()
    span = span_of(desk, words, default=Span(today.replace(day=1), today))
    everyone = [m.person for m in desk.members if m.role in PARTICIPANTS]
    people = everyone if any(admin.id == ctx.person.id for admin in desk.admins) else [ctx.person]
    card = rate_card(desk, people, span.first, min(span.last, today))
    if card is None:
        raise UserError(
            say("{span} 没有要交的日报。", "No reports were asked for in {span}.", span=bare_span(span))
        )  # fmt: skip
    return alone(ctx, desk, card)
