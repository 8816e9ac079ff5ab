"""Quality debt: checks left out in a hurry.  ``/质量``"""

from __future__ import annotations

from chat.cards import Button, Buttons, Card, Paragraph, text_card
from chat.text import Text, join, say
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply
from reports.quality import debt_line

MOST = 20
MOST_BUTTONS = 5


@command(
    "质量", "质量欠账", "quality",
    usage=say("质量欠账：赶工跳过、还没补的检查", "Quality debt: checks skipped in a hurry"),
    example=say("/质量", "/quality"),
)  # fmt: skip
def quality(ctx: Ctx) -> Reply:
    """The oldest first, with a button for each of the first few."""
    owed = ctx.books.checks.owed(ctx.project.id)
    if not owed:
        return Reply(
            text_card(
                say("没有质量欠账。给任务加清单：T1 清单 主图三张；A/B 测试",
                    "No quality debt. To give a task a checklist: T1 checklist three pictures; A/B test")
            )
        )  # fmt: skip
    names = {m.person.id: m.person.name for m in ctx.books.people.members(ctx.project.id)}
    lines: list[Text] = [say("质量欠账 {n} 项", "Quality debt: {n}", n=len(owed))]
    lines += [debt_line(debt, names, debt.since.astimezone(ctx.zone)) for debt in owed[:MOST]]
    if len(owed) > MOST:
        lines.append(say("还有 {n} 项", "{n} more", n=len(owed) - MOST))
    lines.append(say("补做后勾上：{ref} 勾 {n}", "Once done, tick it: {ref} tick {n}", ref=owed[0].ref,
                     n=owed[0].number))  # fmt: skip
    buttons = tuple(
        Button(say("补勾 {ref}·{n}", "Tick {ref}·{n}", ref=debt.ref, n=debt.number), "check.tick",
               (str(debt.id), str(debt.number)))
        for debt in owed[:MOST_BUTTONS]
    )  # fmt: skip
    return Reply(Card((Paragraph(join(lines, "\n")), Buttons(buttons))))
