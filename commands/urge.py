"""Press somebody about a task, at once.  ``/加急 T1 客户等着要``  ``T1 加急 客户等着要``  ``催 T1``

Only who leads may, three times a week for one person, and always with a reason: it is the one message that knows no
quiet hours.
"""

from __future__ import annotations

import re
from datetime import timedelta

from chat.cards import Buttons, Card, Paragraph
from chat.errors import UserError
from chat.text import Text, say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command, hears
from commands.reply import Reply, reply
from commands.task_lines import Subjects, leading, ref_then, the_task
from reports.overdue_cards import ways
from reports.own_clock import reader_of
from reports.task_cards import Desk, due_fact, head
from storage.people import Person
from storage.tasks import Task

EXAMPLE = say("T1 加急 客户等着要", "T1 urgent the client is waiting")
VERB = say("加急", "press for it")
MOST = 3
"""Times in a week that one person is pressed."""
WEEK = timedelta(days=7)
LONGEST = 200
_BECAUSE = re.compile(r"^(?:因为|原因|理由|because)?[\s:：,，]*", re.IGNORECASE)


@command(
    "加急", "催一下", "催", "urge",
    usage=say("催一件任务：马上私聊负责人，每人每周最多 3 次", "Press for a task at once, 3 times a week"),
    example=EXAMPLE,
    roles="admin",
)  # fmt: skip
def urge(ctx: Ctx, numbers: Subjects, words: Rest) -> Reply:
    """To its owner alone, at any hour; the task's history says why. Raises UserError; then nothing is sent."""
    require(ctx, "task.urge")
    task = the_task(ctx, numbers, VERB, EXAMPLE)
    why = words[_BECAUSE.match(words).end() :][:LONGEST]  # type: ignore[union-attr]
    owner = _owner(ctx, task)
    if not why:
        raise UserError(
            say("为什么急？写一句，例：{ref} 加急 客户等着要", "Why? A few words: {ref} urgent the client is waiting",
                ref=task.ref)
        )  # fmt: skip
    left = _left(ctx, owner)
    _tell(ctx, task, owner, why)
    ctx.tasks.comment(task, say("加急：{why}", "urgent: {why}", why=why).plain(ctx.locale))
    ctx.books.audit(ctx.project.id, "task.urge", "done", f"{task.ref} -> person {owner.id}")
    return reply(
        "✅ 已催 {who}：{head}。这周还能催 TA {n} 次。", "✅ {who} was told: {head}. {n} more this week.",
        who=owner.name, head=head(task), n=left,
    )  # fmt: skip


@hears(ref_then(r"(?:加急|催办|催一?下|催(?=[\s,:，：]|$)|urgent|urge)(?![a-z])[:：\s]*"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 加急 …``"""
    return urge(ctx, leading(ctx, match), ctx.line.rest)


def _owner(ctx: Ctx, task: Task) -> Person:
    """Raises UserError: nobody, the presser, or somebody who left the company."""
    if task.owner is None:
        raise UserError(
            say(
                "{ref} 还没有负责人。先定：{ref} 交给 @某人",
                "Nobody owns {ref} yet. First: {ref} assign @name",
                ref=task.ref,
            )
        )
    if task.owner == ctx.person.id:
        raise UserError(say("{ref} 就是你负责的，不用催。", "{ref} is your own.", ref=task.ref))
    owner = ctx.books.people.get(task.owner)
    if owner.left_at is not None:
        raise UserError(
            say("{who} 已离职，没有发。先换人：{ref} 交给 @某人",
                "{who} has left the company; nothing was sent. First: {ref} assign @name", who=owner.name, ref=task.ref)
        )  # fmt: skip
    return owner


def _left(ctx: Ctx, owner: Person) -> int:
    """How often they may be pressed again this week. Raises UserError: this was too often."""
    for number in range(MOST):
        if ctx.books.notices.first(f"person:{owner.id}", f"urge:{number}", WEEK):
            return MOST - 1 - number
    raise UserError(
        say("7 天里已经催过 {who} {n} 次了，没有再发。请直接打电话，或发：/请回复 @{who} 今天18:00 …",
            "{who} was pressed {n} times in 7 days; nothing was sent. Please call, or: /ask @{who} today 6pm …",
            who=owner.name, n=MOST)
    )  # fmt: skip


def _tell(ctx: Ctx, task: Task, owner: Person, why: str) -> None:
    """Directly; where that cannot be, in this group. Raises UserError: neither."""
    desk = Desk(ctx.calendar, ctx.now, reader_of(ctx.project, owner, ctx.at))
    text: Text = say(
        "🔔 {who} 催：{head}｜{due}\n原因：{why}", "🔔 {who} presses for {head} | {due}\nWhy: {why}",
        who=ctx.person.name, head=head(task), due=due_fact(task, desk), why=why,
    )  # fmt: skip
    card = Card((Paragraph(text), Buttons(tuple(ways(task, owner)[:3]))))
    if ctx.speaker.to_person(owner, ctx.project, card):
        return
    if not ctx.in_group:
        raise UserError(
            say(
                "私聊发不到 {who}，请在群里发这句。",
                "{who} cannot be reached directly; say this in a group.",
                who=owner.name,
            )
        )
    at = say("{at} {text}", "{at} {text}", at=ctx.speaker.mention(owner, ctx.chat.platform), text=text)
    ctx.speaker.in_chat(ctx.chat, ctx.project, Card((Paragraph(at),)))
