"""How a task looks: the card shown when it is made, and the same card after every change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from chat.cards import Block, Button, Buttons, Card, Paragraph
from chat.frozen import frozen
from chat.text import NOTHING, Text, join, say, verbatim
from planning.calendar import Calendar
from planning.due import END_OF_DAY, Meant, Point, handy, overdue
from planning.zones import alike, at_local
from reports import days
from reports.clocks import seen_by
from storage.tasks import Task

PRIORITY = {
    "urgent": say("紧急", "Urgent"),
    "high": say("高", "High"),
    "medium": say("中", "Medium"),
    "low": say("低", "Low"),
}
STATE = {
    "todo": say("待办", "to do"),
    "doing": say("进行中", "in progress"),
    "blocked": say("阻塞", "blocked"),
    "paused": say("暂停", "paused"),
    "awaiting_note": say("待补说明", "note missing"),
    "done": say("已完成", "done"),
    "cancelled": say("已取消", "cancelled"),
    "undone": say("已撤销", "undone"),
}
OWNER_OPEN = say("负责人 待指派", "Owner unassigned")
DUE_OPEN = say("截止 未定", "Due open")
SHOWN_DETAIL = 200


@frozen
class Desk:
    """Where a card is looked at: which days work, and what time it is there.

    ``reader``: the zone of somebody who reads it by another clock; a due then shows both.
    """

    calendar: Calendar
    now: datetime
    reader: ZoneInfo | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    def long(self, day: date, minute: int | None) -> Text:
        """``2026-09-18（周五·今天）18:00``."""
        return days.long_day(day, self.calendar, self.today, minute)

    def due(self, day: date, minute: int | None, owner_zone: str = "") -> Text:
        """As ``long``; for an owner or a reader elsewhere ``10-30（周五）18:00 北京（伦敦 10:00）``."""
        here = ZoneInfo(str(self.now.tzinfo))
        apart = bool(owner_zone) and not alike(owner_zone, here.key, self.today.replace(day=1))
        there = ZoneInfo(owner_zone) if apart else self.reader
        if there is None or minute is None:
            return self.long(day, minute)
        return days.both(at_local(day, minute, here), here, there)

    def local(self, at: datetime) -> datetime:
        """On the reader's own clock."""
        return at.astimezone(self.reader or self.now.tzinfo)

    def clock(self, at: datetime) -> str:
        """``14:20``, or ``9-18 14:20`` on another day."""
        local = self.local(at)
        day = "" if local.date() == self.local(self.now).date() else days.bare_day(local.date()) + " "
        return f"{day}{local:%H:%M}"


def head(task: Task) -> Text:
    """``T1 渠道投放``."""
    return say("{ref} {title}", "{ref} {title}", ref=task.ref, title=task.title)


def facts(task: Task, tags: Sequence[str], desk: Desk) -> list[Text]:
    """Owner, reminder, due, priority and tags, each a phrase."""
    parts = [say("负责人 {name}", "Owner {name}", name=task.owner_name) if task.owner_name else OWNER_OPEN]
    if task.remind_at is not None:
        parts.append(say("提醒 {at}", "Reminder {at}", at=_reminder(task, task.remind_at, desk)))
    parts.append(due_fact(task, desk))
    if task.priority:
        parts.append(say("优先级 {p}", "{p}", p=PRIORITY[task.priority]))
    parts += [verbatim("#" + tag) for tag in tags]
    return parts


def _reminder(task: Task, at: datetime, desk: Desk) -> Text:
    """By the reader's own clock; where others read it by another one, by whose it is."""
    local = desk.local(at)
    moment = desk.long(local.date(), local.hour * 60 + local.minute)
    if desk.reader is not None:
        return say("{at} {city}", "{at} {city}", at=moment, city=days.place(desk.reader.key))
    return seen_by([task.owner_zone], moment, at, ZoneInfo(str(desk.now.tzinfo)))


def due_fact(task: Task, desk: Desk) -> Text:
    if task.due is None:
        return DUE_OPEN
    return say("截止 {day}", "Due {day}", day=desk.due(task.due, task.due_minute, task.owner_zone))


def made_text(task: Task, tags: Sequence[str], desk: Desk, notes: Sequence[Text] = ()) -> Text:
    """What is said of a new task. Owner and due known: on two lines; else on one."""
    whole = task.owner is not None and task.due is not None
    first = say(
        "✅ {ref} {title}\n{facts}" if whole else "✅ {ref} {title}｜{facts}", "✅ {ref} {title} | {facts}",
        ref=task.ref, title=task.title, facts=join(facts(task, tags, desk), "｜", " | "),
    )  # fmt: skip
    lines = [first, *([source_line(task)] if task.source else []), *notes]
    return join(lines, "\n")


def source_line(task: Task) -> Text:
    return say("来源：{who}", "From: {who}", who=task.source)


def made_buttons(task: Task, meant: Meant, desk: Desk, change: str) -> tuple[Button, ...]:
    """The next steps of a new task: what is still missing first. ``change``: what [撤销] takes back."""
    undo = undo_button(task, change)
    if meant.remind is not None and task.due is None:
        return (*_off_day_reminder(task, meant.remind, desk), due_button(task, say("加截止", "Add due")))
    if task.due is None:
        ways = due_buttons(task, desk)
        return (take_button(task), *ways) if task.owner is None else (*ways, undo)
    first = take_button(task) if task.owner is None else done_button(task)
    return (first, due_button(task), owner_button(task), undo)


def _off_day_reminder(task: Task, at: Point, desk: Desk) -> tuple[Button, ...]:
    if desk.calendar.is_working(at.day):
        return ()
    other = desk.calendar.next_working(at.day)
    day = days.short_day(other, desk.calendar, None, at.minute)
    return (Button(say("改到 {day}", "Move to {day}", day=day), "task.remind.set", _moment(task, other, at.minute)),)


def task_card(task: Task, tags: Sequence[str], desk: Desk, *, by: str = "", more: Sequence[Text] = ()) -> Card:
    """A task as it is now. ``by``: who closed it; ``more``: further lines."""
    if task.closed:
        return _closed_card(task, desk, by)
    lines = [head(task), join(facts(task, tags, desk), "｜", " | "), *_status(task, desk)]
    if task.source:
        lines.append(source_line(task))
    if task.detail and task.detail != task.title:
        lines.append(verbatim(task.detail[:SHOWN_DETAIL] + ("…" if len(task.detail) > SHOWN_DETAIL else "")))
    lines += more
    first = take_button(task) if task.owner is None else done_button(task)
    return Card((Paragraph(join(lines, "\n")), Buttons((first, due_button(task), owner_button(task)))))


def state_of(task: Task) -> Text:
    """As the project calls it, else as everybody does."""
    return verbatim(task.label) if task.label else STATE[task.state]


def _status(task: Task, desk: Desk) -> list[Text]:
    parts: list[Text] = []
    if task.state != "todo" or task.label:
        parts.append(state_of(task))
    if task.progress:
        parts.append(say("{p}%", "{p}%", p=task.progress))
    if overdue(task.due, task.due_minute, desk.now):
        parts.append(say("已过截止", "overdue"))
    return [join(parts, "｜", " | ")] if parts else []


def _closed_card(task: Task, desk: Desk, by: str) -> Card:
    when = desk.clock(task.closed_at) if task.closed_at else ""
    text = say(
        "{head} {state}（{by}{at}）" if by or when else "{head} {state}",
        "{head} {state} ({by}{at})" if by or when else "{head} {state}",
        head=head(task), state=state_of(task), by=by + " " if by else "", at=when,
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(text)]
    if task.state != "undone":
        blocks.append(Buttons((Button(say("重开", "Reopen"), "task.reopen", (str(task.id),), task.version),)))
    return Card(tuple(blocks), tone="good" if task.state == "done" else "plain")


# --- buttons -------------------------------------------------------------------------------------------------------


_DONE, _CHANGE_TIME, _UNDO = say("完成", "Done"), say("改时间", "Change time"), say("撤销", "Undo")
_TAKE, _CHANGE_OWNER = say("我来做", "I'll do it"), say("改负责人", "Change owner")


def done_button(task: Task) -> Button:
    """Carries the due it was drawn with, so that a press on an old card is noticed."""
    due = task.due.isoformat() if task.due else ""
    return Button(_DONE, "task.done", (str(task.id), due), task.version)


def due_button(task: Task, label: Text | None = None) -> Button:
    return Button(label or _CHANGE_TIME, "task.due", (str(task.id),), task.version)


def owner_button(task: Task) -> Button:
    return Button(_CHANGE_OWNER, "task.owner", (str(task.id),), task.version)


def take_button(task: Task) -> Button:
    return Button(_TAKE, "task.take", (str(task.id),), task.version)


def undo_button(task: Task, change: str) -> Button:
    return Button(_UNDO, "task.undo", (str(task.id), change), task.version)


def due_buttons(task: Task, desk: Desk) -> tuple[Button, ...]:
    """``今天18:00``, ``下个工作日18:00``, ``9-24 18:00``: each sets the due."""
    ways = _ways(desk.calendar, desk.today)
    if Point(desk.today).before(desk.now):
        ways = ways[1:]
    number, version = str(task.id), task.version
    return tuple([Button(label, "task.due.set", (number, day, minute), version) for label, day, minute in ways])


@lru_cache(256)
def _ways(calendar: Calendar, today: date) -> tuple[tuple[Text, str, str], ...]:
    """The dues worth a button on this day, as if it began: what it says and carries."""
    points = handy(datetime.combine(today, time.min), calendar)
    said = (
        say("今天{at}", "Today {at}", at=days.clock(END_OF_DAY)),
        say("下个工作日{at}", "Next working day {at}", at=days.clock(points.following.minute)),
        say("{day} {at}", "{day} {at}", day=days.bare_day(points.week.day), at=days.clock(points.week.minute)),
    )
    labels = [Text(label.plain("zh"), label.plain("en")) for label in said]  # none of it is a user's
    ways = zip(labels, (Point(today), points.following, points.week), strict=True)
    return tuple((label, point.day.isoformat(), str(point.minute)) for label, point in ways)


def set_due_button(task: Task, point: Point, label: Text) -> Button:
    return Button(label, "task.due.set", _moment(task, point.day, point.minute), task.version)


def _moment(task: Task, day: date, minute: int) -> tuple[str, ...]:
    return (str(task.id), day.isoformat(), str(minute))


# --- the question a doubtful due asks ------------------------------------------------------------------------------


def doubt_card(task: Task, meant: Meant, desk: Desk) -> Card:
    """「下周一」指哪天, 是中秋假期, 已过去: with a button for every way on."""
    text, labels = _QUESTIONS[meant.doubt](meant, desk)
    buttons = [
        set_due_button(task, point, label) for point, label in zip(meant.options, labels, strict=True)
    ]  # fmt: skip
    return Card((Paragraph(text), Buttons(tuple(buttons))))


def _which(meant: Meant, desk: Desk) -> tuple[Text, list[Text]]:
    timed = len({point.day for point in meant.options}) < len(meant.options)
    labels = [_named(point, desk, timed=timed) for point in meant.options]
    return say("“{words}”指哪天？", "Which day is “{words}”?", words=meant.words), labels


def _named(point: Point, desk: Desk, *, timed: bool) -> Text:
    """``9-21（明天）``; a day further off is ``9-28``."""
    ahead = (point.day - desk.today).days
    zh, en = {0: ("今天", "today"), 1: ("明天", "tomorrow")}.get(ahead, ("", ""))
    at = " " + days.clock(point.minute) if timed or point.minute != END_OF_DAY else ""
    number = days.bare_day(point.day)
    if not zh:
        return say("{n}{at}", "{n}{at}", n=number, at=at)
    return say(f"{{n}}（{zh}）{{at}}", f"{{n}} ({en}){{at}}", n=number, at=at)


def _holiday(meant: Meant, desk: Desk) -> tuple[Text, list[Text]]:
    before, day, after = meant.options
    name = desk.calendar.holiday_name(day.day)
    called = say(name.zh, name.en) if name else NOTHING
    text = say("{day}是{name}假期。", "{day} is a holiday ({name}).", day=plain_day(day.day), name=called)
    keep = say("仍用 {day}", "Keep {day}", day=days.bare_day(day.day))
    return text, [plain_day(before.day), keep, plain_day(after.day)]


def _past(meant: Meant, desk: Desk) -> tuple[Text, list[Text]]:
    *ahead, gone = meant.options
    at = "" if gone.minute == END_OF_DAY else " " + days.clock(gone.minute)
    text = say("截止 {day}{at} 已过去。", "Due {day}{at} is in the past.", day=days.bare_day(gone.day), at=at)
    labels = [
        say("今天 {at}", "Today {at}", at=days.clock(point.minute))
        if point.day == desk.today
        else days.short_day(point.day, desk.calendar, None, point.minute)
        if point.day.year == desk.today.year
        else say("{day} {at}", "{day} {at}", day=point.day.isoformat(), at=days.clock(point.minute))
        for point in ahead
    ]
    return text, [*labels, say("就记 {day}", "Keep {day}", day=days.bare_day(gone.day))]


def plain_day(day: date) -> Text:
    """``9-24（周四）``."""
    return say("{n}（{w}）", "{w} {n}", n=days.bare_day(day), w=days.weekday(day))


_QUESTIONS = {"which": _which, "holiday": _holiday, "past": _past}
