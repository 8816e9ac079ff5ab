"""The plan as it stood once, and how far it has moved.  ``/基线``  ``/基线 冻结 二稿``  ``/基线 1``"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from chat.cards import Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.frozen import frozen
from chat.text import NOTHING, Text, join, listed, say, verbatim
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.plan_things import sight_of
from commands.reply import Pressed, Reply
from reports.days import bare_day, stamp, working_days
from reports.risk_cards import named
from reports.sight import Sight, Thing, node_of
from storage.alarms import Baseline, Frozen
from storage.milestones import Milestone
from storage.tasks import Event, Task

MOST_LINES = 15
MOST_REASONS = 5
LONGEST_NAME = 40
MOST_BASELINES = 50
_NUMBER = re.compile(r"^\s*#?(\d{1,6})\s*$")


@frozen
class _Moved:
    """A thing whose date is another one now, or that ended on another day. ``later``: working days."""

    thing: Thing
    was: date
    now: date
    later: int
    moves: list[Event]


@command(
    "基线", "baseline",
    usage=say("冻结现在的计划，以后对照", "Freeze the plan and compare with it later"),
    example=say("/基线", "/baseline"),
)  # fmt: skip
def baseline(ctx: Ctx, words: Rest) -> Reply:
    """The first time freezes; later compares with the newest, or with the one of that number."""
    found = ctx.books.baselines.of(ctx.project.id)
    if not found:
        return freeze(ctx, words)
    match = _NUMBER.match(words)
    if words and match is None:
        raise UserError(
            say("对照：/基线 1；重新冻结：/基线 冻结 {words}",
                "To compare: /baseline 1; to freeze anew: /baseline freeze {words}",
                words=words[:LONGEST_NAME])
        )  # fmt: skip
    chosen = next(
        (each for each in found if match and each.number == int(match.group(1))), None if match else found[-1]
    )
    if chosen is None:
        raise UserError(
            say("有 {n} 份基线：{numbers}。例：/基线 {last}",
                "There are {n} baselines: {numbers}. Example: /baseline {last}",
                n=len(found), numbers=listed(str(each.number) for each in found[-10:]), last=found[-1].number)
        )  # fmt: skip
    return Reply(_compared(ctx, chosen))


@command(
    "基线 冻结", "基线 新建", "baseline freeze",
    usage=say("把现在的计划记成新基线", "Freeze the plan as it is now"),
    example=say("/基线 冻结 二稿", "/baseline freeze second draft"),
    roles="admin",
)  # fmt: skip
def freeze(ctx: Ctx, name: Rest) -> Reply:
    require(ctx, "plan.baseline")
    return Reply(_freeze(ctx, " ".join(name.split())))


@button("plan.freeze")
def freeze_pressed(ctx: Ctx) -> Pressed:
    require(ctx, "plan.baseline")
    card = _freeze(ctx, "")
    return Pressed(say("好的。", "OK."), reply=Reply(card))


def _freeze(ctx: Ctx, name: str) -> Card:
    sight = sight_of(ctx)
    things = [
        thing
        for thing in sight.things
        if not thing.closed and (thing.due or isinstance(thing, Milestone) or thing.days)
    ]
    if not any(thing.due for thing in things):
        raise UserError(
            say(
                "还没有带日期的任务或里程碑，没有可以冻结的。",
                "No task or milestone has a date yet; there is nothing to freeze.",
            )
        )
    if len(name) > LONGEST_NAME:
        raise UserError(
            say("基线的名字最多 {most} 字。", "A baseline's name has {most} characters at most.", most=LONGEST_NAME)
        )
    standing = ctx.books.baselines.of(ctx.project.id)
    if len(standing) >= MOST_BASELINES:
        raise UserError(say("基线最多 {most} 份。", "There can be {most} baselines at most.", most=MOST_BASELINES))
    number = standing[-1].number + 1 if standing else 1
    items = [_frozen(thing) for thing in things]
    ctx.books.baselines.freeze(ctx.project.id, number, name, ctx.person.id, items)
    milestones = sum(isinstance(thing, Milestone) for thing in things)
    called = say("「{name}」", " “{name}”", name=name) if name else say(" ", "")
    return text_card(
        say("📌 基线 {n}{called}已冻结：{tasks} 项任务、{milestones} 个里程碑。以后发「/基线」看变化。",
            "📌 Baseline {n}{called}: tasks {tasks}, milestones {milestones}. Send “/baseline” later to compare.",
            n=number, called=called, tasks=len(things) - milestones, milestones=milestones)
    )  # fmt: skip


def _frozen(thing: Thing) -> Frozen:
    if isinstance(thing, Task):
        return Frozen(node_of(thing), thing.start, thing.days, thing.due)
    return Frozen(node_of(thing), None, None, thing.due)


# --- compared ------------------------------------------------------------------------------------------------------


def _compared(ctx: Ctx, chosen: Baseline) -> Card:
    sight = sight_of(ctx)
    frozen = ctx.books.baselines.items(chosen)
    things = _things(ctx, sight, frozen)
    moved = [
        each for thing in things if (each := _moved(ctx, sight, thing, frozen[node_of(thing)], chosen)) is not None
    ]
    moved.sort(key=lambda each: (isinstance(each.thing, Task), -each.later))
    gone = sum(thing.state in ("cancelled", "undone") for thing in things)
    new = sum(node_of(thing) not in frozen and not thing.closed and thing.due is not None for thing in sight.things)
    called = say("「{name}」", " “{name}”", name=chosen.name) if chosen.name else NOTHING
    head = say("📌 对照基线 {n}{called}（{at} {who} 冻结）", "📌 Compared with baseline {n}{called} ({who}, {at})",
               n=chosen.number,
               called=called, at=stamp(chosen.at.astimezone(ctx.zone)), who=chosen.by)  # fmt: skip
    later = sum(each.later > 0 for each in moved)
    counts = say("共 {all} 项：推后 {later}、提前 {sooner}、不变 {same}；新增 {new}、取消 {gone}",
                 "{all} in all: {later} later, {sooner} sooner, {same} as planned; {new} new, {gone} cancelled",
                 all=len(things), later=later, sooner=len(moved) - later, same=len(things) - len(moved) - gone, new=new,
                 gone=gone)  # fmt: skip
    lines = [head, counts, *(_line(each) for each in moved[:MOST_LINES])]
    if len(moved) > MOST_LINES:
        lines.append(say("另 {n} 项", "{n} more", n=len(moved) - MOST_LINES))
    lines += _reasons(moved)
    return Card(
        (
            Paragraph(join(lines, "\n")),
            *text_card(NOTHING, Button(say("重新冻结", "Freeze anew"), "plan.freeze")).blocks[1:],
        )
    )


def _things(ctx: Ctx, sight: Sight, frozen: dict[tuple[str, int], Frozen]) -> list[Thing]:
    """Everything in the baseline, closed or not."""
    found: list[Thing] = []
    for kind, number in frozen:
        if (kind, number) in sight.place:
            found.append(sight.things[sight.place[kind, number]])
            continue
        thing = ctx.tasks.get(number) if kind == "T" else ctx.books.milestones.get(number)
        if thing is not None:
            found.append(thing)
    return found


def _moved(ctx: Ctx, sight: Sight, thing: Thing, was: Frozen, chosen: Baseline) -> _Moved | None:
    """What it is done on counts for what is done; else its date."""
    if was.due is None or thing.state in ("cancelled", "undone"):
        return None
    done = thing.closed_at.astimezone(ctx.zone).date() if thing.closed_at is not None else None
    now = done or thing.due
    if now is None or now == was.due or (done is not None and done < was.due and thing.due == was.due):
        return None
    history = ctx.tasks.history(thing) if isinstance(thing, Task) else ctx.books.milestones.history(thing)
    moves = [event for event in history if event.field == "due" and event.before and event.at >= chosen.at]
    later = sight.calendar.working_days_between(was.due, now)
    return _Moved(thing, was.due, now, later, moves)


def _line(each: _Moved) -> Text:
    """``M2 预热启动 9-29 → 10-8（晚 2 个工作日，改期 1 次：供应商缺货）``."""
    done = say("完成于 ", "done ") if each.thing.closed else NOTHING
    how = (
        say("晚 {n}", "{n} later", n=working_days(each.later))
        if each.later > 0
        else say("早 {n}", "{n} sooner", n=working_days(-each.later))
    )
    why = list(dict.fromkeys(event.note for event in each.moves if event.note and not event.note.startswith("undo:")))
    times = say("，改期 {n} 次", ", moved {n}×", n=len(each.moves)) if each.moves else NOTHING
    reasons = (
        say("：{why}", ": {why}", why=join([verbatim(word[:40]) for word in why[:2]], "；", "; ")) if why else NOTHING
    )
    return say(
        "{name} {was} → {done}{now}（{how}{times}{why}）", "{name} {was} → {done}{now} ({how}{times}{why})",
        name=named(each.thing), was=bare_day(each.was), done=done, now=bare_day(each.now), how=how, times=times,
        why=reasons,
    )  # fmt: skip


def _reasons(moved: list[_Moved]) -> list[Text]:
    """``改期原因：供应商缺货 ×2、没写 ×1``."""
    words = Counter(
        event.note[:30] for each in moved for event in each.moves if not event.note.startswith("undo:")
    )  # fmt: skip
    if not words:
        return []
    parts = [
        say("{why} ×{n}", "{why} ×{n}", why=word or say("没写", "none given"), n=count)
        for word, count in words.most_common(MOST_REASONS)
    ]
    return [say("改期原因：{parts}", "Reasons: {parts}", parts=listed(parts))]
