"""Customers by name or number, for those who may: a guest of the group may be the customer themselves."""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import Text, listed, say, verbatim
from commands.access import allowed, seen_from
from commands.context import Ctx
from commands.line import fold
from commands.task_lines import DIGITS
from storage.customers import Customer

EXAMPLE = say("/客户 新建 某某 签约2026-09-15", "/customer new Acme signed 2026-09-15")
LONGEST = 40
_REF = re.compile(rf"^\s*t ?({DIGITS})\s*$")


def require_team(ctx: Ctx, action: str) -> None:
    """Raises UserError: who only looks by is told nothing, not even which customers there are."""
    if not allowed(ctx, action):
        raise UserError(
            say("客户只给项目成员看。管理员可以加成员：/成员 加 @{name}",
                "Customers are for members of the project only. An admin can add members: /member add @{name}",
                name=ctx.person.name),
            audit=action,
        )  # fmt: skip


def customer_of(ctx: Ctx, words: str, example: Text) -> Customer:
    """By ``T5``, by its whole name, or by a part that only one has. Raises UserError: none, or several."""
    known = ctx.books.customers.of_project(ctx.project.id)
    if not known:
        raise UserError(say("还没有客户。建一个：{example}", "There is no customer yet. Add one: {example}",
                            example=EXAMPLE))  # fmt: skip
    wanted = fold(words).strip()
    if not wanted:
        raise UserError(say("哪个客户？例：{example}", "Which customer? Example: {example}", example=example))
    if ref := _REF.match(wanted):
        fits = [each for each in known if each.number == int(ref.group(1))]
    else:
        fits = [each for each in known if fold(each.name) == wanted] or [
            each for each in known if wanted in fold(each.name)
        ]
        fits = [each for each in fits if not each.ended] or fits
    if not fits:
        raise UserError(
            say("没找到客户「{words}」。发「/客户」看看有哪些。",
                "There is no customer “{words}”. Send “/customer” to see them.", words=words[:LONGEST])
        )  # fmt: skip
    if len(fits) > 1:
        raise UserError(
            say("「{words}」有 {n} 个：{names}。写全名或编号。",
                "“{words}” fits {n}: {names}. Write the whole name or the number.",
                words=words[:LONGEST], n=len(fits),
                names=listed([verbatim(f"{each.ref} {each.name}") for each in fits[:6]]))
        )  # fmt: skip
    return fits[0]


def open_customer_of(ctx: Ctx, words: str, example: Text) -> Customer:
    """The same, and it has not ended."""
    found = customer_of(ctx, words, example)
    if found.ended:
        raise UserError(
            say("客户 {name} 已结束，不能再改。要继续，请先「重开 {ref}」。",
                "{name} has ended. To go on, send “reopen {ref}” first.", name=found.name, ref=found.ref)
        )  # fmt: skip
    return found


def customer_by_id(ctx: Ctx, task_id: int) -> tuple[Ctx, Customer]:
    """The customer a button names, and this thing seen from its project. Raises UserError: gone, or not theirs."""
    task = ctx.tasks.get(task_id)
    there = seen_from(ctx, task.project_id) if task is not None else None
    if there is not None:
        require_team(there, "customer.look")
        for each in there.books.customers.of_project(there.project.id):
            if each.id == task_id:
                return there, each
    raise UserError(say("没找到这个客户。", "This customer cannot be found."))
