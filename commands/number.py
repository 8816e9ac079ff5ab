"""A task's or a milestone's own numbers, week by week.  ``T1 指标 UV 12.4万``  ``M1 指标 GMV 1.2亿``"""

from __future__ import annotations

import re

from chat.cards import Button, Card, text_card
from chat.errors import UserError
from chat.text import NOTHING, Text, join, say
from commands.access import answers_for, open_by_id, open_task_of
from commands.context import Ctx
from commands.grammar import button, hears
from commands.line import fold
from commands.plan_things import may_change, milestone_by_id, milestone_then, open_milestone_of
from commands.reply import Pressed, Reply
from commands.task_lines import leading, ref_then
from commands.task_view import words_of
from planning.numbers import Said, change, jumps, read_number, spark
from planning.work_weeks import WorkWeek, work_week
from reports.risk_cards import named
from reports.sight import Thing, node_of
from reports.task_cards import head
from reports.weekly_views import signed
from storage.numbers import Number
from storage.tasks import Task

VERB = say("记指标", "record a number")
EXAMPLE = say("T1 指标 UV 12.4万", "T1 metric UV 124000")
MOST_NAMES = 10
MOST_WEEKS = 12
_VERB = r"(?:指标|数据|metrics?)(?![a-z\u4e00-\u9fff])[:\s]*"
_SURE = re.compile(r"\s+(?:确认|确定|confirm|sure)\s*$")


@hears(ref_then(_VERB), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 指标 UV 12.4万``; without a number, those there are."""
    numbers = leading(ctx, match)
    if len(numbers) > 1:
        raise UserError(
            say("一次记一个任务的指标。例：{example}", "One task at a time. Example: {example}", example=EXAMPLE)
        )
    task = open_task_of(ctx, numbers[0], VERB, EXAMPLE)
    return record(ctx, task, ctx.line.rest) if ctx.line else Reply(text_card(shown(ctx, task)))


@hears(milestone_then(_VERB), rank=8)
def said_of_milestone(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``M1 指标 GMV 1.2亿``; without a number, those there are."""
    milestone = open_milestone_of(ctx, int(match["n"]))
    ctx.line.cut(0, match.end("verb"))
    return record(ctx, milestone, ctx.line.rest) if ctx.line else Reply(text_card(shown(ctx, milestone)))


def record(ctx: Ctx, thing: Thing, words: str) -> Reply:
    """Store a number, or ask first when it is far off the last one. Raises UserError: no number, not theirs."""
    own = answers_for(ctx, thing) if isinstance(thing, Task) else may_change(ctx, thing)
    if not own:
        raise UserError(
            say("{ref} 由{who}负责，请他来记指标。", "{ref} belongs to {who}; please ask them.", ref=thing.ref,
                who=thing.owner_name)
        )  # fmt: skip
    sure = _SURE.search(fold(words))
    found = _read(words[: sure.start()] if sure else words)
    if found is None:
        raise UserError(
            say("指标要有名字和一个数字，例：{example}", "Give a name and one number, e.g. {example}", example=EXAMPLE)
        )
    before = _before(ctx, thing, found.name)
    if before is not None and sure is None and jumps(before.value, found.value):
        return Reply(_doubt(thing, found, before))
    return Reply(text_card(_store(ctx, thing, found, before)))


def _read(words: str) -> Said | None:
    return read_number(words, fold(words))


def _doubt(thing: Thing, found: Said, before: Number) -> Card:
    differs = change(before.value, found.value)
    text = say(
        "{ref} {name} 上次 {before}，这次 {now}{by}，确认吗？也可以回：{ref} 指标 {name} {now} 确认",
        "{ref} {name} was {before} and is {now} now{by}. Right? Or send: {ref} metric {name} {now} confirm",
        ref=thing.ref, name=found.name, before=before.words, now=found.words,
        by=say("（{p}）", " ({p})", p=signed(differs)) if differs is not None else NOTHING,
    )  # fmt: skip
    args = (str(thing.id), found.name, found.words)
    verb = "number.sure" if isinstance(thing, Task) else "number.goal.sure"
    return text_card(text, Button(say("确认", "Confirm"), verb, args, thing.version))


def _before(ctx: Ctx, thing: Thing, name: str) -> Number | None:
    """The last one of an earlier week."""
    week = _week(ctx)
    earlier = [number for number in ctx.books.numbers.of(node_of(thing)).get(name, ()) if number.week < week.first]
    return earlier[-1] if earlier else None


def _week(ctx: Ctx) -> WorkWeek:
    return work_week(ctx.calendar.last_working(ctx.today), ctx.calendar)


def _store(ctx: Ctx, thing: Thing, found: Said, before: Number | None) -> Text:
    known = ctx.books.numbers.of(node_of(thing))
    if found.name not in known and len(known) >= MOST_NAMES:
        raise UserError(
            say("{ref} 已有 {n} 个指标，不能再加。", "{ref} has {n} metrics already.", ref=thing.ref, n=MOST_NAMES)
        )
    ctx.books.numbers.add(node_of(thing), found.name, _week(ctx).first, found.value, found.words)
    differs = change(before.value, found.value) if before else None
    by = say("，比上次 {p}", ", {p} on the last", p=signed(differs)) if differs is not None else NOTHING
    return say("✅ {head}｜{name} {now}{by}", "✅ {head} | {name} {now}{by}", head=_head(thing), name=found.name,
               now=found.words, by=by)  # fmt: skip


def _head(thing: Thing) -> Text:
    return head(thing) if isinstance(thing, Task) else named(thing)


def shown(ctx: Ctx, thing: Thing) -> Text:
    """``T1 投放`` and below it ``UV 12.4万 ▁▃█（3 周）``."""
    known = ctx.books.numbers.of(node_of(thing))
    if not known:
        return say("{head} 还没有指标。记一个：{ref} 指标 UV 12.4万",
                   "{head} has no numbers. Record one: {ref} metric UV 124000",
                   head=_head(thing), ref=thing.ref)  # fmt: skip
    lines: list[Text] = [_head(thing)]
    for name, numbers in known.items():
        recent = numbers[-MOST_WEEKS:]
        lines.append(
            say("{name} {now} {spark}（{n} 周）", "{name} {now} {spark} ({n} weeks)", name=name, now=recent[-1].words,
                spark=spark([number.value for number in recent]), n=len(recent))
        )  # fmt: skip
    return join(lines, "\n")


@button("number.sure")
def confirmed(ctx: Ctx, number: int, name: str, words: str) -> Pressed:
    """[确认] of a number that is far off the last one."""
    ctx, task = open_by_id(ctx, number, VERB)
    found = record(ctx, task, f"{name} {words} 确认")
    return Pressed(words_of(found.card), card=found.card)


@button("number.goal.sure")
def confirmed_of_milestone(ctx: Ctx, number: int, name: str, words: str) -> Pressed:
    """The same of a milestone's."""
    ctx, milestone = milestone_by_id(ctx, number)
    if milestone.closed:
        open_milestone_of(ctx, milestone.number)
    found = record(ctx, milestone, f"{name} {words} 确认")
    return Pressed(words_of(found.card), card=found.card)
