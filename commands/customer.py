"""Customers of the project, each with a space of its own.  ``/客户``  ``/客户 某某``  ``/客户 给客户看 某某``"""

from __future__ import annotations

from chat.text import say
from commands.arguments import Rest
from commands.context import Ctx
from commands.customers import EXAMPLE, customer_by_id, customer_of, require_team
from commands.grammar import button, command
from commands.reply import Pressed, Reply
from reports.customer_cards import customer_card, list_card, outward_card
from reports.customer_health import all_of, mark

ONE = say("/客户 某某", "/customer Acme")
OUTWARD = say("/客户 给客户看 某某", "/customer show Acme")


@command(
    "客户", "customer", "customers",
    usage=say("客户和续费日期", "Customers and their renewals"),
    example=say("/客户", "/customer"),
)  # fmt: skip
def customer(ctx: Ctx, words: Rest) -> Reply:
    """Without words all of them, the nearest renewal first; else one with its four parts."""
    require_team(ctx, "customer.look")
    if words:
        return Reply(customer_card(customer_of(ctx, words, ONE), ctx.calendar, ctx.today))
    found = ctx.books.customers.of_project(ctx.project.id)
    if not found:
        customer_of(ctx, "", EXAMPLE)
    health = all_of(ctx.books, ctx.project, [each for each in found if not each.ended], ctx.now)
    return Reply(list_card(found, ctx.today, {number: mark(each) for number, each in health.items() if not each.grey}))


@command(
    "客户 给客户看", "客户 进度", "customer show",
    usage=say("能转发给客户的进度：没有任务、人名和备注", "Progress to pass on: no tasks, names or notes"),
    example=OUTWARD,
)  # fmt: skip
def outward(ctx: Ctx, words: Rest) -> Reply:
    """Nothing of it is what we call things."""
    require_team(ctx, "customer.look")
    return Reply(outward_card(customer_of(ctx, words, OUTWARD)))


@button("customer.outward")
def outward_pressed(ctx: Ctx, task_id: int) -> Pressed:
    ctx, found = customer_by_id(ctx, task_id)
    return Pressed(say("可以转发给客户。", "Ready to pass on."), reply=Reply(outward_card(found)))
