"""Is everything as it should be?  ``/体检``: what is well in one line, what is not with its remedy."""

from __future__ import annotations

from chat.findings import Finding
from chat.text import Text, join, say
from commands.checks import checks
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply, reply


@command(
    "体检",
    "doctor",
    "自检",
    usage=say("自检，哪里不对怎么修", "A check-up with remedies"),
    example=say("/体检", "/doctor"),
    help_rank=14,
)
def examine(ctx: Ctx) -> Reply:
    """``体检 9 项：8 正常 1 注意``, the good ones on one line, the others each on theirs."""
    found = checks(ctx)
    well = [check for check in found if check.mark == "✓"]
    look = [check for check in found if check.mark == "!"]
    bad = [check for check in found if check.mark == "✗"]
    lines = [_headline(len(found), len(well), len(look), len(bad))]
    if well:
        lines.append(join([_marked(check) for check in well], " "))
    lines += [_marked(check) for check in [*bad, *look]]
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))


def _marked(check: Finding) -> Text:
    return say("{mark} {what}", "{mark} {what}", mark=check.mark, what=check.text)


def _headline(count: int, well: int, look: int, bad: int) -> Text:
    parts = [say("{n} 正常", "{n} fine", n=well)]
    if look:
        parts.append(say("{n} 注意", "{n} to look at", n=look))
    if bad:
        parts.append(say("{n} 不行", "{n} not working", n=bad))
    return say(
        "体检 {count} 项：{parts}", "Check-up, {count} items: {parts}", count=count, parts=join(parts, " ", ", ")
    )
