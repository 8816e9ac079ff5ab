"""How customers are doing.  ``/客户 健康``  ``/客户 工单 某某 登录失败 @王五 明天``  ``/客户 回访 某某 聊了续费``"""

from __future__ import annotations

import re

from chat.cards import Card, text_card
from chat.errors import UserError
from chat.text import Text, join, say
from commands.access import require
from commands.arguments import Rest, Someone, take
from commands.context import Ctx
from commands.customers import EXAMPLE, customer_by_id, customer_of, require_team
from commands.done import close
from commands.grammar import button, command
from commands.line import fold
from commands.plan_things import undo_button
from commands.reply import Pressed, Reply
from commands.task_change import roll_up
from commands.task_make import TITLE_MOST, Wish, make, store
from commands.times import times
from planning.health import FACTORS
from reports.customer_health import NAMES, SETTING, all_of, list_card, one_card, weights_of
from reports.task_cards import head
from storage.customers import Customer

ONE = say("/客户 健康 某某", "/customer health Acme")
TICKET = say("/客户 工单 某某 登录失败 @王五 明天", "/customer ticket Acme login fails @Wang tomorrow")
VISIT = say("/客户 回访 某某 聊了续费意向", "/customer visit Acme talked about renewing")
WEIGHTS_EXAMPLE = say("/客户 权重 活跃30 工单25 回访25 续费期20",
                      "/customer weights activity 30 tickets 25 visits 25 renewal 20")  # fmt: skip
_WEIGHT = re.compile(
    r"(?P<name>活跃|工单|回访|续费期?|activity|tickets?|visits?|renewal)[\s:=]*(?P<n>-?\d{1,4})\s*(?:分|%)?[\s,、;和]*"
)
_FACTOR = {"活跃": "activity", "工单": "tickets", "回访": "visits", "续费": "renewal", "续费期": "renewal"}


@command(
    "客户 健康", "客户 健康分", "customer health",
    usage=say("客户健康分，每一分怎么来的", "The health of customers, each point explained"),
    example=ONE,
)  # fmt: skip
def healthy(ctx: Ctx, words: Rest) -> Reply:
    """Without words all of them, the worst first."""
    require_team(ctx, "customer.look")
    return Reply(_one(ctx, customer_of(ctx, words, ONE)) if words else overall(ctx))


def overall(ctx: Ctx) -> Card:
    """Raises UserError: there is no customer, or the speaker is none of the team."""
    require_team(ctx, "customer.look")
    here = [each for each in ctx.books.customers.of_project(ctx.project.id) if not each.ended]
    if not here:
        raise UserError(say("还没有客户。建一个：{example}", "There is no customer yet. Add one: {example}",
                            example=EXAMPLE))  # fmt: skip
    return list_card(here, all_of(ctx.books, ctx.project, here, ctx.now))


@button("customer.health")
def pressed(ctx: Ctx, task_id: int) -> Pressed:
    ctx, found = customer_by_id(ctx, task_id)
    return Pressed(say("好的。", "OK."), reply=Reply(_one(ctx, found)))


def _one(ctx: Ctx, customer: Customer) -> Card:
    found = all_of(ctx.books, ctx.project, [customer], ctx.now)[customer.id]
    refs = {number: task.ref for factor in found.factors for number in factor.refs if (task := ctx.tasks.get(number))}
    return one_card(customer, found, refs, ctx.now)


# --- what it is reckoned from --------------------------------------------------------------------------------------


@command(
    "客户 工单", "customer ticket",
    usage=say("记客户的一个工单", "Note a customer's ticket"),
    example=TICKET,
)  # fmt: skip
def ticket(ctx: Ctx) -> Reply:
    """A sub-task of the customer's with its owner and due."""
    require_team(ctx, "customer.change")
    customer = _leading(ctx, TICKET)
    owner = take(Someone, ctx)
    when, title = times(ctx, ctx.line), ctx.line.rest
    if not title:
        raise UserError(say("什么问题？例：{example}", "What is the matter? Example: {example}", example=TICKET))
    person = owner or (ctx.books.people.get(customer.owner) if customer.owner is not None else None)
    made = make(ctx, Wish(title, person, when, tags=("工单",), parent=customer.id), sure=True)
    roll_up(ctx, customer.id)
    return made


@command(
    "客户 回访", "customer visit",
    usage=say("记一次客户回访", "Note that a customer was visited"),
    example=VISIT,
)  # fmt: skip
def visit(ctx: Ctx, _: Someone) -> Reply:
    """A sub-task that is done, with what was said as its title."""
    require_team(ctx, "customer.change")
    customer = _leading(ctx, VISIT)
    words = ctx.line.rest
    if not words:
        raise UserError(say("聊了什么？例：{example}", "What was said? Example: {example}", example=VISIT))
    task = store(ctx, Wish(words, ctx.person, tags=("回访",), parent=customer.id))
    task = close(ctx, task, "")
    roll_up(ctx, customer.id)
    more = say("（全文已存描述）", " (kept in full)") if len(words) > TITLE_MOST or "\n" in words else say("", "")
    text = say("✅ 已记 {name} 的回访 {head}{more}。", "✅ Visit of {name} noted: {head}{more}.", name=customer.name,
               head=head(task), more=more)  # fmt: skip
    return Reply(text_card(text, undo_button(ctx)))


def _leading(ctx: Ctx, example: Text) -> Customer:
    """The customer the line begins with: by the longest name it begins with, else its first word. Cut out of it."""
    line = ctx.line
    start = len(line.folded) - len(line.folded.lstrip())
    names = [each.name for each in ctx.books.customers.of_project(ctx.project.id) if not each.ended]
    begun = [name for name in names if line.folded[start:].startswith(fold(name))]
    word = max(begun, key=len) if begun else line.folded[start:].split(" ", 1)[0]
    found = customer_of(ctx, word, example)
    if found.ended:
        raise UserError(
            say("客户 {name} 已结束。要继续，请先「重开 {ref}」。",
                "{name} has ended. To go on, send “reopen {ref}” first.", name=found.name, ref=found.ref)
        )  # fmt: skip
    line.cut(0, start + len(word))
    return found


# --- weights -------------------------------------------------------------------------------------------------------


@command(
    "客户 权重", "customer weights", "customer weight",
    usage=say("健康分里四项各占多少", "What the four parts of the health count for"),
    example=WEIGHTS_EXAMPLE,
    roles="admin",
)  # fmt: skip
def weights(ctx: Ctx, words: Rest) -> Reply:
    """All four, a hundred together; without words how they are."""
    require_team(ctx, "customer.look")
    if not words:
        return Reply(text_card(_shown(weights_of(ctx.project))))
    require(ctx, "customer.weights")
    folded = fold(words)
    said = {_factor(match["name"]): int(match["n"]) for match in _WEIGHT.finditer(folded)}
    if _WEIGHT.sub("", folded).strip() or set(said) != set(FACTORS):
        raise UserError(say("四项都要写。例：{example}", "Say all four, e.g. {example}", example=WEIGHTS_EXAMPLE))
    chosen = [said[name] for name in FACTORS]
    if min(chosen) < 0 or sum(chosen) != 100:
        raise UserError(
            say("四项都不能小于 0，合起来要正好 100，现在是 {n}。没有改动。",
                "None below 0, and a hundred together; these make {n}. Nothing was changed.", n=sum(chosen))
        )  # fmt: skip
    ctx.books.projects.set(ctx.project, **{SETTING: chosen})
    return Reply(text_card(say("✅ {shown}", "✅ {shown}", shown=_shown(tuple(chosen)))))


def _factor(word: str) -> str:
    return _FACTOR.get(word) or next(name for name in FACTORS if name.startswith(word.rstrip("s")))


def _shown(chosen: tuple[int, ...]) -> Text:
    parts = [say("{name} {n}", "{name} {n}", name=NAMES[name], n=n) for name, n in zip(FACTORS, chosen, strict=True)]
    return say("健康分权重：{parts}", "Weights of the health: {parts}", parts=join(parts, "、", ", "))
