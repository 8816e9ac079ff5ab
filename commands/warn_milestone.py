"""Hearing of a milestone long before it comes.  ``M1 提前 60天 30天``  ``M1 不用提前提醒``"""

from __future__ import annotations

import re
from datetime import timedelta

from chat.text import listed, say
from commands.context import Ctx
from commands.grammar import hears
from commands.plan_things import milestone_then, open_milestone_of, require_change
from commands.reply import Reply, reply
from commands.warn import phrase, wished
from planning.warning import AT, day_of
from reports.days import short_day
from reports.risk_cards import named

EXAMPLE = say("M1 提前 60天 30天", "M1 warn 60 days 30 days")


@hears(milestone_then(r"(?:提前|预警|warn)(?=\s*(?:d?[-−–]?\d))"), rank=6)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """Besides five, three and one working day before, which every milestone has."""
    found = open_milestone_of(ctx, int(match["n"]))
    require_change(ctx, found)
    aheads = wished(ctx.line.folded[match.end("verb") :], working=False, example=EXAMPLE)
    ctx.books.warnings.put("milestone", found.id, aheads)
    if found.due is None:
        return reply(
            "{which} 还没有日期；定了以后提前{ahead}提醒。",
            "{which} has no date yet; once it has, a word comes {ahead}.",
            which=named(found), ahead=phrase(aheads),
        )  # fmt: skip
    first = ctx.today if ctx.now.hour * 60 < AT else ctx.today + timedelta(days=1)
    days = dict.fromkeys(day_of(found.due, ahead, ctx.calendar) for ahead in aheads)
    ahead_of_us = [short_day(day, ctx.calendar) for day in days if day >= first]
    if not ahead_of_us:
        return reply("{which} 会提前{ahead}提醒，这次的日子都过了。",
                     "{which}: a word comes {ahead}; this time those days are gone.",
                     which=named(found), ahead=phrase(aheads))  # fmt: skip
    return reply(
        "{which} 会在 {days} 10:00 提醒；前 5、3、1 个工作日照旧。",
        "{which}: reminders on {days} at 10:00, and 5, 3 and 1 working days before as always.",
        which=named(found), days=listed(ahead_of_us),
    )  # fmt: skip


@hears(milestone_then(r"(?:不用|取消|关闭?|别)(?:提前(?:提醒)?|预警)|no warning"), rank=6)
def dropped(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``M1 不用提前提醒``: as every milestone again."""
    found = open_milestone_of(ctx, int(match["n"]))
    require_change(ctx, found)
    ctx.books.warnings.drop("milestone", found.id)
    return reply("{which} 只在前 5、3、1 个工作日提醒。", "{which}: reminders 5, 3 and 1 working days before only.",
                 which=named(found))  # fmt: skip
