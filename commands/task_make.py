"""Making a task, however it was asked for: by command, in plain words, from a quote, in a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from chat.cards import Button, Buttons, Card, Paragraph, text_card
from chat.errors import UserError
from chat.frozen import frozen
from chat.text import NOTHING, Text, join, say
from commands.context import Ctx
from commands.departed import here_still
from commands.due_away import below, noted_away
from commands.remind_rest import rest_note
from commands.reply import Reply
from commands.task_view import desk
from planning.dates import Recurrence
from planning.due import NOTHING_SAID, Meant, Point
from planning.repeats import daily_at_most
from planning.similar import near, probes, same_title
from planning.zones import at_local
from reports import urgent
from reports.days import bare_day, clock
from reports.reminders import arm
from reports.repeats import Shelf, asks, begin, comes, holiday_buttons, occurrence, on
from reports.task_cards import done_button, doubt_card, due_button, facts, head, made_buttons, made_text
from storage.alike import Alike, alike
from storage.lazy import lazy
from storage.people import Person
from storage.tasks import Task

TITLE_MOST = 100


@frozen
class Wish:
    """A task that is to be made. ``words``: its title and, on further lines or beyond 100 characters, details."""

    words: str
    owner: Person | None = None
    meant: Meant = NOTHING_SAID
    priority: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    parent: int | None = None
    weight: int = 1

    @lazy
    def title(self) -> str:
        return self.words.split("\n", 1)[0].strip()[:TITLE_MOST]

    @lazy
    def detail(self) -> str:
        """Everything, when the title is not everything."""
        return "" if self.title == self.words else self.words


def make(ctx: Ctx, wish: Wish, *, sure: bool = False) -> Reply:
    """Make it and show it; a likely repetition is asked about first, unless ``sure``."""
    if wish.meant.rule is not None and not daily_at_most(wish.meant.rule):
        raise UserError(
            say("重复任务最密每天一次，没有建。例：/任务 {title} 每天9:00",
                "Tasks repeat once a day at most; nothing was made. Example: /task {title} every day 9am",
                title=wish.title[:20])
        )  # fmt: skip
    if not sure:
        here_still(wish.owner)
        twin = twin_of(ctx, wish)
        if twin is not None:
            return _ask_twin(ctx, wish, twin)
    task = store(ctx, wish)
    tell_owner(ctx, task, wish.owner, wish.tags)
    if wish.meant.doubt:
        return Reply(below(doubt_card(task, wish.meant, desk(ctx)), noted_away(ctx, task)), name=task.card)
    return Reply(_made_card(ctx, task, wish), name=task.card)


def store(ctx: Ctx, wish: Wish) -> Task:
    """The rows of one task, and of the rule if it comes again; nothing is said. Raises UserError: its owner left."""
    here_still(wish.owner)
    shelf = Shelf(ctx.books, ctx.project)
    when = occurrence(shelf, wish.meant)
    wish = wish if when is None else replace(wish, meant=on(wish.meant, when))
    due, remind = wish.meant.due, wish.meant.remind
    task = ctx.tasks.add(
        ctx.project.id, ctx.books.projects.next_number(ctx.project.id, "T"), wish.title, creator=ctx.person.id,
        owner=wish.owner.id if wish.owner else None, owner_name=wish.owner.name if wish.owner else "",
        owner_zone=wish.owner.zone if wish.owner else "",
        due=due.day if due else None, due_minute=due.minute if due else None,
        remind_at=moment(ctx, remind) if remind else None, priority=wish.priority, detail=wish.detail,
        source=wish.source, parent=wish.parent, chat=ctx.chat.id, tags=wish.tags,
        weight=wish.weight,
    )  # fmt: skip
    if remind is not None:
        arm(ctx.books, task)
    if wish.priority == urgent.PRIORITY or wish.tags:
        urgent.arm(ctx.books, task)
    if when is not None:
        begin(shelf, ctx.person.id, task, wish.meant, when)
    return task


def moment(ctx: Ctx, point: Point) -> datetime:
    """A local day and minute as a moment, also where the clocks skip or repeat it."""
    return at_local(point.day, point.minute, ctx.zone)


def _made_card(ctx: Ctx, task: Task, wish: Wish) -> Card:
    at = desk(ctx)
    notes, ways = _notes(ctx, task, wish), [Buttons(made_buttons(task, wish.meant, at, ctx.books.key))]
    if wish.meant.rule is not None and (repeat := ctx.books.repeats.of_task(task.id)):
        shelf = Shelf(ctx.books, ctx.project)
        notes.append(comes(shelf, repeat))
        ways += [holiday_buttons(repeat)] if asks(shelf, repeat) else []
    return Card((Paragraph(made_text(task, wish.tags, at, notes)), *ways))


def _notes(ctx: Ctx, task: Task, wish: Wish) -> list[Text]:
    notes: list[Text] = []
    if wish.detail:
        notes.append(say("全文已存描述", "The full text is kept as its description"))
    if wish.meant.late:
        notes.append(
            say("提醒时间已过去，没有设提醒。", "The reminder time is in the past; no reminder was set.")
        )  # fmt: skip
    if (away := noted_away(ctx, task)) is not None:
        notes.append(away)
    if (rested := rest_note(ctx, task)) is not None:
        notes.append(rested)
    if wish.meant.remind and ctx.project.stands_still:
        notes.append(
            say(
                "已停用，到点不会提醒。管理员发「/设置」可恢复。",
                "Stopped: no reminder will come. An admin can resume: /set",
            )
        )
    return notes


def tell_owner(ctx: Ctx, task: Task, owner: Person | None, tags: tuple[str, ...]) -> None:
    """One direct message to a new owner who is not the speaker, and a place in the project if they had none."""
    if owner is None or owner.id == ctx.person.id:
        return
    ctx.books.people.welcome(ctx.project.id, owner.id, "guest")
    parts = facts(task, tags, desk(ctx, owner))[1:]
    text = say(
        "{who} 交给你：{head}\n{facts}", "{who} gave you {head}\n{facts}", who=ctx.person.name, head=head(task),
        facts=join(parts, "｜", " | "),
    )  # fmt: skip
    ctx.speaker.to_person(owner, ctx.project, text_card(text, done_button(task), due_button(task)), name=task.card)


# --- repetitions ---------------------------------------------------------------------------------------------------


def twin_of(ctx: Ctx, wish: Wish) -> Alike | None:
    """An open task of the same owner with nearly this title and nearly this due."""
    title, due = wish.title, wish.meant.due.day if wish.meant.due else None
    for other in alike(ctx.books.tx, ctx.project.id, wish.owner.id if wish.owner else None, probes(title)):
        if same_title(title, other.title) and (near(due, other.due) or (due is None and wish.meant.doubt)):
            return other
    return None


def _ask_twin(ctx: Ctx, wish: Wish, twin: Alike) -> Reply:
    key = keep(ctx, wish)
    owner = say("{name}，", "{name}, ", name=wish.owner.name) if wish.owner else NOTHING
    text = say(
        "可能重复：T{n} {title}（{owner}{due}）。", "Maybe a repetition: T{n} {title} ({owner}{due}).", n=twin.number,
        title=twin.title, owner=owner, due=_near_day(ctx, twin),
    )  # fmt: skip
    return Reply(
        text_card(
            text,
            Button(say("仍然新建", "Create anyway"), "task.anyway", (key,)),
            Button(say("不用了", "Never mind"), "task.drop", (key,)),
        )
    )


def _near_day(ctx: Ctx, task: Alike) -> Text:
    if task.due is None:
        return say("截止未定", "due open")
    at = "" if task.due_minute is None else " " + clock(task.due_minute)
    ahead = (task.due - ctx.today).days
    zh, en = {0: ("今天", "today"), 1: ("明天", "tomorrow")}.get(ahead, (bare_day(task.due), bare_day(task.due)))
    return say(zh + at, en + at)


# --- wishes that wait for a button ---------------------------------------------------------------------------------


def keep(ctx: Ctx, *wishes: Wish, kind: str = "task") -> str:
    """Keep what is not made yet; the key for its buttons."""
    return ctx.books.drafts.keep(kind, ctx.chat.id, ctx.person.id, wishes=[_written(wish) for wish in wishes])


def kept(ctx: Ctx, subject: Mapping[str, Any]) -> list[Wish]:
    """The inverse of ``keep``."""
    return [_read(ctx, each) for each in subject["wishes"]]


def _written(wish: Wish) -> dict[str, Any]:
    due, remind = wish.meant.due, wish.meant.remind
    return {
        "words": wish.words,
        "owner": wish.owner.id if wish.owner else None,
        "due": [due.day.isoformat(), due.minute] if due else None,
        "remind": [remind.day.isoformat(), remind.minute] if remind else None,
        "rule": asdict(wish.meant.rule) if wish.meant.rule else None,
        "doubt": [wish.meant.doubt, wish.meant.words, [[p.day.isoformat(), p.minute] for p in wish.meant.options]],
        "priority": wish.priority,
        "tags": wish.tags,
        "source": wish.source,
        "parent": wish.parent,
        "weight": wish.weight,
    }


def _read(ctx: Ctx, raw: Mapping[str, Any]) -> Wish:
    owner = ctx.books.people.get(raw["owner"]) if raw["owner"] is not None else None
    doubt, said, options = raw["doubt"]
    points = tuple(point for each in options if (point := _point(each)))
    rule = Recurrence.read(raw["rule"]) if raw.get("rule") else None
    meant = Meant(_point(raw["due"]), _point(raw["remind"]), doubt, said, points, rule=rule)
    weight = raw.get("weight", 1)
    return Wish(raw["words"], owner, meant, raw["priority"], tuple(raw["tags"]), raw["source"], raw["parent"], weight)


def _point(raw: list[Any] | None) -> Point | None:
    return Point(date.fromisoformat(raw[0]), raw[1]) if raw else None
