"""Milestones.  ``/里程碑 素材交付 9-28 @张三 包含 T1 T2``  ``/里程碑``  ``M1``"""

from __future__ import annotations

import re

from chat.cards import Card, Paragraph
from chat.errors import UserError
from chat.text import NOTHING, Text, join, listed, say, verbatim
from commands.arguments import take
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import command, hears
from commands.names import Owner
from commands.plan_things import begin_watch, milestone_of, milestone_then, refs_in, sight_of
from commands.reply import Reply
from commands.task_lines import DIGITS
from commands.task_view import whose_clock
from commands.times import times
from planning.due import Meant
from reports.days import stamp
from reports.milestone_cards import STATE, listing, milestone_card
from reports.risk_cards import named
from reports.sight import milestones, node_of
from storage.links import Link, Node, read_link
from storage.milestones import Milestone
from storage.task_changes import BACK
from storage.tasks import Event

EXAMPLE = say("/里程碑 素材交付 9-28 包含 T1 T2", "/milestone Materials 9-28 includes T1 T2")
LONGEST = 100
MOST_OPEN = 50
MOST_LINES = 25
MOST_EVENTS = 20
_ALONE = re.compile(rf"^\s*m ?(?P<n>{DIGITS})\s*[:,.?]?\s*$")
_LINKS = re.compile(
    rf"(?P<how>包含|包括|含|依赖于?|includes?|after|depends? on)\s*(?P<refs>(?:[tm] ?{DIGITS}[\s,、和and]*)+)"
)


@command(
    "里程碑", "milestone", "milestones",
    usage=say("建里程碑，或列出来", "Make a milestone, or list them"),
    example=EXAMPLE,
    help_rank=7,
)  # fmt: skip
def milestone(ctx: Ctx) -> Reply:
    """Without words the list; else a new one with its date, owner and tasks."""
    if not ctx.line:
        return _list(ctx)
    if alone := _ALONE.match(ctx.line.folded):
        return shown(ctx, alone)
    links = _cut_links(ctx)
    owner = take(Owner, ctx) or ctx.person
    here_still(owner)
    meant = times(ctx, ctx.line)
    settled(meant)
    title = ctx.line.rest
    if not title:
        raise UserError(say("缺标题。例：{example}", "Missing title. Example: {example}", example=EXAMPLE))
    if len(title) > LONGEST or "\n" in title:
        raise UserError(
            say("里程碑的名字写一行，最多 {most} 字。", "A milestone's name is one line of at most {most} characters.",
                most=LONGEST)
        )  # fmt: skip
    if sum(not each.closed for each in ctx.books.milestones.of_project(ctx.project.id)) >= MOST_OPEN:
        raise UserError(
            say("进行中的里程碑最多 {most} 个，先达成或取消几个。",
                "{most} milestones are open already; close some first.",
                most=MOST_OPEN)
        )  # fmt: skip
    made = ctx.books.milestones.add(
        ctx.project.id, ctx.books.projects.next_number(ctx.project.id, "M"), title, creator=ctx.person.id,
        owner=owner.id, due=meant.due.day if meant.due else None, due_minute=meant.due.minute if meant.due else None,
        chat=ctx.chat.id,
    )  # fmt: skip
    for before, kind in links:
        ctx.books.links.add(Link(ctx.project.id, before, node_of(made), kind))
    begin_watch(ctx)
    return _made(ctx, made)


def _cut_links(ctx: Ctx) -> list[tuple[Node, str]]:
    """[(task or milestone, part or after)]. Raises UserError: there is none of that number."""
    found: list[tuple[Node, str]] = []
    while match := ctx.line.take(_LINKS):
        kind = "part" if match["how"].startswith(("包", "含", "includ")) else "after"
        for letter, number in refs_in(match["refs"]):
            if letter == "m":
                found.append((node_of(milestone_of(ctx, number)), "after"))
                continue
            task = ctx.tasks.numbered(ctx.project.id, number)
            if task is None:
                raise UserError(
                    say(
                        "没找到任务 T{n}，里程碑没有建。",
                        "There is no task T{n}; the milestone was not made.",
                        n=number,
                    )
                )
            found.append((node_of(task), kind))
    return found


def settled(meant: Meant) -> None:
    """Raises UserError: the day may be several, or is past."""
    if meant.doubt == "which":
        days = listed(f"{point.day.month}-{point.day.day}" for point in meant.options)
        raise UserError(
            say("「{words}」指哪天？请写日期，例：{days}", "Which day is “{words}”? Write the date, e.g. {days}",
                words=meant.words, days=days)
        )  # fmt: skip
    if meant.doubt == "past":
        raise UserError(
            say("{words} 已过去，里程碑写将来的日期。", "{words} is past; a milestone lies ahead.", words=meant.words)
        )


def _made(ctx: Ctx, made: Milestone) -> Reply:
    card = milestone_card(ctx.books, made, sight_of(ctx))
    text = next(block.text for block in card.blocks if isinstance(block, Paragraph))
    note = say(
        "\n还没有日期，不会提前预警。加日期：{ref} 改到 9-28",
        "\nIt has no date yet. Set one: {ref} due 9-28",
        ref=made.ref,
    )
    shown = say("✅ {text}{note}", "✅ {text}{note}", text=text, note="" if made.due else note)
    buttons = next(block for block in card.blocks if not isinstance(block, Paragraph))
    return Reply(Card((Paragraph(shown), buttons)), name=made.card)


@hears(rf"^\s*m ?(?P<n>{DIGITS})(?![a-z%])\s*[:,.?]?\s*$", rank=12)
def shown(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``M1`` alone: its card."""
    found = milestone_of(ctx, int(match["n"]))
    reader = "" if ctx.in_group else ctx.person.zone
    return Reply(milestone_card(ctx.books, found, sight_of(ctx), reader), name=found.card)


@hears(milestone_then(r"(?:历史|记录|经过|history)\s*$"), rank=7)
def history(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``M1 历史``: who changed what when, the newest twenty."""
    found = milestone_of(ctx, int(match["n"]))
    events = [event for event in ctx.books.milestones.history(found) if event.field not in ("due_minute", "closed_at")]
    lines = [_told(ctx, event) for event in events[-MOST_EVENTS:]]
    return Reply(Card((Paragraph(join([named(found), *lines], "\n")), *whose_clock(ctx))))


def _told(ctx: Ctx, event: Event) -> Text:
    what = _FIELDS.get(event.field, say("{field}", "{field}", field=event.field))
    values = [_value(ctx, event.field, value) for value in (event.before, event.after) if value]
    note = event.note if not event.note.startswith(BACK) else ""
    back = say("（撤销）", " (undo)") if event.note.startswith(BACK) else NOTHING
    return say(
        "{at} {who} {what} {values}{back}{note}", "{at} {who} {what} {values}{back}{note}",
        at=stamp(event.at.astimezone(ctx.zone)), who=event.actor_name or say("定时", "clock"), what=what,
        values=join(values, "→"), back=back, note=say("：{words}", ": {words}", words=note) if note else NOTHING,
    )  # fmt: skip


def _value(ctx: Ctx, field: str, stored: str) -> Text:
    if field == "state":
        return STATE[stored]
    if field in ("owner", "verifier"):
        return verbatim(ctx.books.people.get(int(stored)).name)
    if field.endswith("depends"):
        kind, number = read_link(0, ("M", 0), stored).before
        thing = ctx.tasks.get(number) if kind == "T" else ctx.books.milestones.get(number)
        return verbatim(thing.ref if thing else stored)
    if field.endswith("tick"):
        number_said, _, side = stored.partition(" ")
        return say("{n}（{side}）", "{n} ({side})", n=number_said,
                   side=say("负责人", "owner") if side == "owner" else say("验收人", "verifier"))  # fmt: skip
    return verbatim(stored[:60])


_FIELDS = {
    "created": say("建里程碑", "made it"), "due": say("日期", "date"), "title": say("名字", "name"),
    "owner": say("负责人", "owner"), "verifier": say("验收人", "verifier"), "resources": say("资源", "resources"),
    "state": say("状态", "state"), "depends": say("关联", "linked"), "undepends": say("取消关联", "unlinked"),
    "criterion": say("加标准", "criterion"), "uncriterion": say("去标准", "criterion dropped"),
    "tick": say("勾标准", "ticked"), "untick": say("取消勾", "unticked"),
}  # fmt: skip


@hears(milestone_then(r"(?=\S)"), rank=60)
def not_understood(ctx: Ctx, match: re.Match[str]) -> Reply | None:
    """``M1 …`` of a milestone there is, but nothing that could be done with it."""
    found = ctx.books.milestones.numbered(ctx.project.id, int(match["n"]))
    if found is None:
        return None
    raise UserError(
        say("没看懂要对 {ref} 做什么。可以：改到 9-30 因为：…｜包含 T1｜依赖 T2｜标准 …｜勾 1｜验收人 @李四｜"
            "资源 …｜指标 UV 12万｜达成｜取消｜历史",
            "What about {ref}? You can say: due 9-30 because: … | includes T1 | depends on T2 | criterion … | tick 1 | "
            "verifier @Li | resources … | metric UV 120000 | reached | cancel | history", ref=found.ref)
    )  # fmt: skip


def _list(ctx: Ctx) -> Reply:
    sight = sight_of(ctx)
    found = milestones(sight.things)
    if not found:
        raise UserError(
            say("还没有里程碑。建一个：{example}", "There is no milestone yet. Make one: {example}", example=EXAMPLE)
        )
    open_ones = [each for each in found if not each.closed]
    lines: list[Text] = [
        say("里程碑 {n} 个（进行中 {m}）", "Milestones: {n} ({m} open)", n=len(found), m=len(open_ones))
    ]
    rows = [*open_ones, *(each for each in found if each.closed)]
    lines += listing(rows[:MOST_LINES], sight)
    if len(rows) > MOST_LINES:
        lines.append(say("还有 {n} 个", "{n} more", n=len(rows) - MOST_LINES))
    return Reply(Card((Paragraph(join(lines, "\n")),)))
