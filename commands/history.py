"""What happened to a task, and the task itself.  ``/任务 历史 T1``  ``T1``"""

from __future__ import annotations

import re
from datetime import datetime

from chat.cards import Block, Button, Buttons, Card, Paragraph
from chat.text import Text, join, say, verbatim
from chat.titles import title
from commands.access import task_of
from commands.context import Ctx
from commands.grammar import command, hears
from commands.reply import Reply
from commands.task_lines import DIGITS, Subjects, leading, ref_then, the_task
from commands.task_view import card_of, whose_clock
from reports.days import stamp
from reports.task_cards import PRIORITY, STATE, head
from storage.links import read_link
from storage.task_changes import BACK
from storage.tasks import Event

MOST = 30
VERB = say("看", "Show")
EXAMPLE = say("/任务 历史 T1", "/task history T1")
_QUIET = ("started_at", "closed_at", "due_minute", "detail")


@hears(rf"^\s*t ?(?P<n>{DIGITS})(?![a-z%])\s*[:,.?]?\s*$", rank=12)
def shown(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T12`` alone: its card."""
    task = task_of(ctx, int(match["n"]), VERB, "T1")
    return Reply(card_of(ctx, task), name=task.card)


@command(
    "任务 历史",
    "任务 记录",
    "task history",
    usage=say("任务的经过", "What happened to a task"),
    example=say("/任务 历史 T1", "/task history T1"),
)
def history(ctx: Ctx, numbers: Subjects) -> Reply:
    """Who did what when and through which platform, oldest first; the newest thirty lines."""
    task = the_task(ctx, numbers, VERB, EXAMPLE, closed=True)
    told = [(event, line) for event in ctx.tasks.history(task) if (line := line_of(ctx, event)) is not None]
    on = {event.chat: title(ctx.books.projects.chat_by_id(event.chat).platform) for event, _ in told if event.chat}
    mixed = len({platform.zh for platform in on.values()}) > 1
    lines: list[Text] = [_through(on[event.chat], line) if mixed and event.chat else line for event, line in told]
    shown_lines = lines[-MOST:]
    if len(lines) > MOST:
        shown_lines.insert(0, say("（更早 {n} 条略）", "({n} earlier ones left out)", n=len(lines) - MOST))
    blocks: list[Block] = [Paragraph(join([head(task), *shown_lines], "\n"))]
    if on and not mixed:
        blocks.append(Paragraph(say("来自{platform}", "From {platform}", platform=next(iter(on.values()))), quiet=True))
    blocks += whose_clock(ctx)
    if any(event.chat == ctx.chat.id and event.message_id for event, _ in told):
        blocks.append(Buttons((Button(say("原话", "Messages"), "task.messages", (str(task.id),)),)))
    return Reply(Card(tuple(blocks)))


def _through(platform: Text, line: Text) -> Text:
    return say("{line}（{platform}）", "{line} ({platform})", line=line, platform=platform)


@hears(ref_then(r"(?:历史|记录|经过|history)\s*$"), rank=9)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 历史``"""
    return history(ctx, leading(ctx, match))


def line_of(ctx: Ctx, event: Event) -> Text | None:
    what = _what(ctx, event)
    if what is None:
        return None
    local = event.at.astimezone(ctx.zone)
    note = event.note if event.note and not event.note.startswith(BACK) else ""
    who = event.actor_name or say("定时", "clock")
    back = say("（撤销）", " (undo)") if event.note.startswith(BACK) else say("", "")
    return say(
        "{at} {who} {what}{back}{note}", "{at} {who} {what}{back}{note}", at=stamp(local), who=who, what=what,
        back=back, note=say("：{words}", ": {words}", words=note) if note else "",
    )  # fmt: skip


def _what(ctx: Ctx, event: Event) -> Text | None:
    if event.field in _QUIET:
        return None
    plain = _PLAIN.get(event.field)
    if plain is not None:
        words = event.after or event.before
        return say(plain[0], plain[1], words=_linked(ctx, words) if event.field.endswith("depends") else words)
    return say("{field} {before}→{after}", "{field} {before}→{after}", field=_NAMES.get(event.field, event.field),
               before=_shown(ctx, event.field, event.before), after=_shown(ctx, event.field, event.after))  # fmt: skip


_PLAIN = {
    "created": ("建任务", "created it"),
    "comment": ("备注：{words}", "noted: {words}"),
    "uncomment": ("撤回备注：{words}", "took a note back: {words}"),
    "tag": ("加标签 #{words}", "added #{words}"),
    "untag": ("去标签 #{words}", "removed #{words}"),
    "depends": ("加依赖 {words}", "now waits for {words}"),
    "undepends": ("去依赖 {words}", "no longer waits for {words}"),
    "check": ("加清单 {words}", "added to the checklist: {words}"),
    "uncheck": ("去清单 {words}", "took off the checklist: {words}"),
    "tick": ("勾清单 {words}", "ticked {words}"),
    "untick": ("取消勾 {words}", "unticked {words}"),
    "skip": ("跳过清单 {words}", "skipped {words}"),
    "unskip": ("不再跳过 {words}", "no longer skipped {words}"),
}
_NAMES = {
    "owner": say("负责人", "owner"),
    "due": say("截止", "due"),
    "state": say("状态", "state"),
    "progress": say("进度", "progress"),
    "priority": say("优先级", "priority"),
    "title": say("标题", "title"),
    "remind_at": say("提醒", "reminder"),
    "parent": say("上级", "parent"),
    "start": say("计划开始", "planned start"),
    "days": say("工期", "duration"),
    "stage": say("阶段", "stage"),
    "label": say("状态名", "state name"),
    "weight": say("权重", "weight"),
}


def _linked(ctx: Ctx, stored: str) -> str:
    """``T1``, of what a link is written as."""
    kind, number = read_link(0, ("T", 0), stored).before
    thing = ctx.tasks.get(number) if kind == "T" else ctx.books.milestones.get(number)
    return thing.ref if thing else stored


def _shown(ctx: Ctx, field: str, stored: str) -> Text:
    if not stored:
        return say("无", "none")
    if field == "state":
        return STATE[stored]
    if field == "priority":
        return PRIORITY[stored]
    if field == "progress":
        return verbatim(stored + "%")
    if field == "owner":
        return verbatim(ctx.books.people.get(int(stored)).name)
    if field == "remind_at":
        return verbatim(stamp(datetime.fromisoformat(stored).astimezone(ctx.zone)))
    if field == "parent":
        parent = ctx.tasks.get(int(stored))
        return verbatim(parent.ref if parent else stored)
    return verbatim(stored)
