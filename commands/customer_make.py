"""A customer's space from beginning to renewal.  ``/客户 新建 某某 签约2026-09-15``  ``/客户 续费 某某 2028-09-15``"""

from __future__ import annotations

import re
from datetime import date, timedelta

from chat.cards import Button, Buttons, Card, text_card
from chat.errors import UserError
from chat.text import NOTHING, Text, listed, say
from commands.arguments import Rest, Someone
from commands.context import Ctx
from commands.customers import EXAMPLE, LONGEST, customer_by_id, customer_of, open_customer_of, require_team
from commands.grammar import button, command
from commands.line import fold
from commands.plan_things import begin_watch, require_change
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_make import Wish, moment, store, tell_owner
from planning.customers import EARLIEST, LATEST, RENEWAL_WARNINGS, Space, next_year, space
from planning.dates import find
from planning.due import END_OF_DAY, Meant, Point
from planning.warning import day_of
from reports.customer_cards import customer_card
from reports.renewals import watch
from reports.sight import node_of
from storage.customers import Customer
from storage.links import TASK
from storage.people import Person
from storage.tasks import Task

MOST = 500
RENEWAL = say("/客户 续费 某某 2028-09-15", "/customer renew Acme 2028-09-15")
RENAMING = say("/客户 改名 某某 新名字", "/customer rename Acme NewName")
_SIGNED = re.compile(r"(?:签约|签订|签于|signed)(?:时间|日期?|于|on)?[\s:]*")
_RENEWS = re.compile(r"(?:续费|续约|到期|renewal|renews?)(?:时间|日期?|于|on)?[\s:]*")
CRITERION = say("合同已签", "The contract is signed")
_TITLES = {
    "signing": say("{name} 签约", "{name} signing"),
    "training": say("{name} 培训安排", "{name} training"),
    "renewal": say("{name} 续费", "{name} renewal"),
    "survey": say("{name} 满意度调研", "{name} survey"),
}


@command(
    "客户 新建", "客户 添加", "客户 加", "新建客户", "customer new", "customer add",
    usage=say("建客户：签约、培训、续费提醒、满意度调研", "A customer with signing, training, renewal and survey"),
    example=EXAMPLE,
)  # fmt: skip
def make(ctx: Ctx, owner: Someone) -> Reply:
    """Their space hangs on one task; the renewal is told of 60, 30 and 7 days ahead."""
    require_team(ctx, "customer.change")
    renews = _dated(ctx, _RENEWS, ahead=True)
    signed = _dated(ctx, _SIGNED, ahead=False) or _dated(ctx, None, ahead=False)
    name = _named(ctx.line.rest, EXAMPLE)
    if signed is None:
        raise UserError(say("哪天签约？例：{example}", "When was it signed? Example: {example}", example=EXAMPLE))
    _check(ctx, signed, renews)
    _free(ctx, name)
    plan = space(signed, renews, ctx.today, ctx.calendar)
    root = _begin(ctx, name, owner or ctx.person, plan)
    begin_watch(ctx)
    watch(ctx.books, ctx.project)
    tell_owner(ctx, root, owner, ("客户",))
    made = customer_of(ctx, root.ref, EXAMPLE)
    card = customer_card(made, ctx.calendar, ctx.today, [_promise(ctx, made)])
    undo = Button(say("撤销", "Undo"), "plan.undo", (ctx.books.key,))
    return Reply(_with(card, undo))


def _begin(ctx: Ctx, name: str, owner: Person, plan: Space) -> Task:
    root = store(ctx, Wish(name, owner, tags=("客户",)))
    books, project = ctx.books, ctx.project.id
    books.customers.add(project, root.id, name)
    signing = books.milestones.add(
        project, books.projects.next_number(project, "M"), _title(ctx, "signing", name), creator=ctx.person.id,
        owner=owner.id, due=plan.signing, due_minute=END_OF_DAY, chat=ctx.chat.id,
    )  # fmt: skip
    if owner.id != ctx.person.id:
        signing = books.milestones.change(signing, verifier=ctx.person.id)
    books.milestones.add_criterion(signing, CRITERION.en if ctx.locale == "en" else CRITERION.zh)
    if plan.signed_already:
        at = min(ctx.at, moment(ctx, Point(plan.signing)))
        signing = books.milestones.change(signing, state="reached", closed_at=at)
    books.customers.put(project, root.id, "signing", node_of(signing))
    for part, due in (("training", plan.training), ("renewal", plan.renewal), ("survey", plan.survey)):
        _part(ctx, root.id, name, part, owner, due)
    return root


def _part(ctx: Ctx, root: int, name: str, part: str, owner: Person | None, due: date | None) -> Task:
    meant = Meant(due=Point(due)) if due is not None else Meant()
    task = store(ctx, Wish(_title(ctx, part, name), owner, meant, parent=root))
    ctx.books.customers.put(ctx.project.id, root, part, (TASK, task.id))
    return task


def _title(ctx: Ctx, part: str, name: str) -> str:
    title = _TITLES[part]
    return (title.en if ctx.locale == "en" else title.zh).replace("{name}", name)


def _promise(ctx: Ctx, made: Customer) -> Text:
    """``续费前 60、30、7 天提醒：7-16、8-14、9-8``; those that are gone are left out."""
    due = made.due("renewal")
    days = [day_of(due, ahead, ctx.calendar) for ahead in RENEWAL_WARNINGS] if due else []
    ahead = [ctx.day(day) for day in days if day > ctx.today]
    if not ahead:
        return NOTHING
    return say("续费前提醒{who}：{days}", "{who} is reminded of the renewal on {days}",
               who=made.owner_name, days=listed(ahead))  # fmt: skip


def _with(card: Card, button: Button) -> Card:
    *blocks, last = card.blocks
    assert isinstance(last, Buttons)
    return Card((*blocks, Buttons((*last.buttons, button))))


# --- what was said -------------------------------------------------------------------------------------------------


def _dated(ctx: Ctx, label: re.Pattern[str] | None, *, ahead: bool) -> date | None:
    """The day behind ``label``, cut out of the line; without one, the last that has figures. None: nothing said.

    ahead: of several readings the first that is to come; else the last that is not. Raises UserError: no day behind
    the label.
    """
    said = label.search(ctx.line.folded) if label else None
    if label and said is None:
        return None
    start = said.end() if said else 0
    found = find(ctx.line.text[start:], ctx.now, ctx.calendar)
    if said and not (found and found[0].start == 0):
        if not re.match(r"\d", ctx.line.folded[start:]):
            return None  # 签约 is a part of their name
        raise UserError(
            say("没看懂日期「{words}」，写成 2026-09-15 这样。", "I cannot read the day “{words}”; write 2026-09-15.",
                words=ctx.line.text[start:].split()[0][:20])
        )  # fmt: skip
    found = found[:1] if said else [each for each in found if re.search(r"\d", each.words)][-1:]
    if not found:
        return None
    days = sorted({reading.day for reading in found[0].readings})
    fits = [day for day in days if (day > ctx.today) == ahead] or days
    ctx.line.cut(said.start() if said else found[0].start, start + found[0].stop)
    return fits[0] if ahead else fits[-1]


def _check(ctx: Ctx, signed: date, renews: date | None) -> None:
    """Raises UserError: a day that no contract has."""
    if not ctx.today - timedelta(days=EARLIEST) <= signed <= ctx.today + timedelta(days=LATEST):
        raise UserError(
            say("签约日 {day} 不对：最早 20 年前，最晚一年后。没有建。",
                "{day} cannot be the day of signing: at most 20 years ago, or a year ahead. Nothing was made.",
                day=signed.isoformat())
        )  # fmt: skip
    if renews is not None:
        _check_renewal(ctx, renews, signed)


def _check_renewal(ctx: Ctx, renews: date, signed: date | None) -> None:
    if renews <= ctx.today or (signed is not None and renews <= signed):
        raise UserError(
            say("续费日 {day} 要在今天和签约日之后，没有改动。",
                "The renewal on {day} has to lie ahead, after the signing. Nothing was changed.",
                day=renews.isoformat())
        )  # fmt: skip
    if renews > ctx.today + timedelta(days=10 * LATEST):
        raise UserError(
            say("续费日 {day} 太远，最多 10 年后。没有改动。",
                "{day} is too far ahead: 10 years at most. Nothing was changed.", day=renews.isoformat())
        )  # fmt: skip


def _named(words: str, example: Text) -> str:
    name = " ".join(words.split()).strip("「」“”\"'，,｜|:：")
    if not name:
        raise UserError(say("客户叫什么？例：{example}", "What is it called? Example: {example}", example=example))
    if len(name) > LONGEST:
        raise UserError(
            say("客户名最多 {most} 字，收到 {n} 字。", "A name has {most} characters at most, not {n}.", most=LONGEST,
                n=len(name))
        )  # fmt: skip
    return name


def _free(ctx: Ctx, name: str) -> None:
    """Raises UserError: there is one of this name, or there are too many."""
    here = [each for each in ctx.books.customers.of_project(ctx.project.id) if not each.ended]
    twin = next((each for each in here if fold(each.name) == fold(name)), None)
    if twin is not None:
        raise UserError(
            say("已经有客户 {ref} {name}。看它：/客户 {ref}",
                "There is {ref} {name} already. To see it: /customer {ref}", ref=twin.ref, name=twin.name)
        )  # fmt: skip
    if len(here) >= MOST:
        raise UserError(say("一个项目最多 {most} 个客户。", "A project has {most} customers at most.", most=MOST))


# --- later ---------------------------------------------------------------------------------------------------------


@command(
    "客户 续费", "客户 续约", "customer renew",
    usage=say("记下已续费和下一次的日期", "Note a renewal and the next one"),
    example=RENEWAL,
)  # fmt: skip
def renew(ctx: Ctx) -> Reply:
    """This time's is done; the next one is told of 60, 30 and 7 days ahead. Without a day: a year later."""
    require_team(ctx, "customer.change")
    day = _dated(ctx, _RENEWS, ahead=True) or _dated(ctx, None, ahead=True)
    return Reply(_renewed(ctx, open_customer_of(ctx, ctx.line.rest, RENEWAL), day))


@button("customer.renew")
def renew_pressed(ctx: Ctx, task_id: int) -> Pressed:
    """[已续一年]; pressed again it says how it is."""
    ctx, found = customer_by_id(ctx, task_id)
    part = found.parts.get("renewal")
    due = part.due if part and part.open else None
    if found.ended or due is None or due > ctx.today + timedelta(days=LATEST):
        return Pressed(say("已经续过了。", "This was renewed already."), reply=None)
    card = _renewed(ctx, found, None)
    return Pressed(say("已续一年", "Renewed for a year"), card=card)


def _renewed(ctx: Ctx, found: Customer, day: date | None) -> Card:
    """Raises UserError: not theirs to change, or the day is behind or too far."""
    root, part = ctx.tasks.get(found.id), found.parts.get("renewal")
    assert root is not None
    require_change(ctx, root)
    if day is not None:
        _check_renewal(ctx, day, None)
    old = ctx.tasks.get(part.node[1]) if part else None
    next_day = day or next_year((old.due if old else None) or ctx.today, ctx.today)
    if old is not None and not old.closed:
        change(ctx, old, state="done", progress=100, closed_at=ctx.at)
    owner = ctx.books.people.get(root.owner) if root.owner is not None else None
    _part(ctx, root.id, found.name, "renewal", owner, next_day)
    watch(ctx.books, ctx.project)
    now = customer_of(ctx, root.ref, RENEWAL)
    return customer_card(now, ctx.calendar, ctx.today, [_promise(ctx, now)])


@command(
    "客户 改名", "customer rename",
    usage=say("给客户改名", "Rename a customer"),
    example=RENAMING,
)  # fmt: skip
def rename(ctx: Ctx, words: Rest) -> Reply:
    """The first word says which one; what their tasks are called stays."""
    require_team(ctx, "customer.change")
    which, _, new = words.partition(" ")
    found = open_customer_of(ctx, which, RENAMING)
    name = _named(new, RENAMING)
    root = ctx.tasks.get(found.id)
    assert root is not None
    require_change(ctx, root)
    _free(ctx, name)
    ctx.books.customers.rename(found.id, name)
    change(ctx, root, title=name)
    return Reply(
        text_card(say("✅ {ref} 客户「{old}」改名为「{new}」。", "✅ {ref}: “{old}” is called “{new}” now.",
                      ref=found.ref, old=found.name, new=name))
    )  # fmt: skip
