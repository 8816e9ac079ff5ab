"""The cards that ask for a report: the prompt in the groups, the reminder in private, the form itself."""

from __future__ import annotations

from datetime import date, datetime

from chat.cards import Block, Button, Buttons, Card, Field, Form, Paragraph
from chat.ports import Capabilities
from chat.text import NOTHING, Text, join, say
from planning.calendar import DayKind
from reports.days import bare_day, place, short_day
from reports.rhythm import Rhythm
from reports.rules import DAILY, foot
from storage.daily import Words
from storage.daily_collections import Collection
from storage.projects import Chat

EXAMPLE = say("今日：… 明日：… 阻塞：无", "Today: … Tomorrow: … Blockers: none")
_GROUP = say("@我 发 3 行（私聊不用 @）：", "@ me with 3 lines (no @ needed in a direct message):")
_GROUP_TEXT_ONLY = say("@我 发 3 行，或私聊我发 3 行：", "@ me with 3 lines, or send me 3 lines directly:")
_DIRECT = say("直接回 3 行：", "Just reply with 3 lines:")
_LINES = say(
    "今日进展：\n明日计划：\n阻塞问题：（没有写“无”）", "Today:\nTomorrow:\nBlockers: (write “none” if there are none)"
)


def prompt(collection: Collection, rhythm: Rhythm, chat: Chat | None, can: Capabilities) -> Card:
    """The card of one day for one chat; ``chat`` None: for a person directly."""
    in_group = _GROUP if can.input_in_card else _GROUP_TEXT_ONLY
    lines = [_headline(collection, rhythm), in_group if chat else _DIRECT, _LINES]
    if (rest := _rest_days(collection.day, rhythm)) is not None:
        lines.append(rest)
    blocks: list[Block] = [Paragraph(join(lines, "\n"))]
    if not rhythm.calendar.known(collection.day.year):
        blocks.append(Paragraph(say("（按推算）", "(holidays not published yet)"), quiet=True))
    if can.input_in_card:
        blocks.append(form(collection.id, opener=say("填写日报", "Fill in")))
    blocks.append(Buttons(aids(collection.id)))
    return Card(tuple(blocks))


def reminder(collection: Collection, rhythm: Rhythm, at: datetime, which: Text) -> Card:
    """To one person who has not reported. ``which``: project, where they have several."""
    left = max(1, round((collection.times.closes - at).total_seconds() / 60))
    text = say(
        "{which}{day} 日报还有 {left}截止，回 3 行即可。",
        "{which}The {day} report closes in {left}; 3 lines are enough.",
        which=which,
        day=bare_day(collection.day),
        left=span(left),
    )
    return Card((Paragraph(text), Buttons(aids(collection.id)), *foot(DAILY)))


def aids(collection_id: int) -> tuple[Button, ...]:
    args = (str(collection_id),)
    return (
        Button(say("今天请假", "Away today"), "daily.away", args),
        Button(say("用昨天的计划", "Use yesterday's plan"), "daily.prefill", args),
    )


def form(collection_id: int, words: Words | None = None, opener: Text | None = None) -> Form:
    """Three fields, filled in with ``words``."""
    filled = words or Words()
    return Form(
        "daily.form",
        (
            Field("done", say("今日", "Today"), "lines", value=filled.done),
            Field("plan", say("明日", "Tomorrow"), "lines", value=filled.plan),
            Field("blocked", say("阻塞", "Blockers"), "lines", value=filled.blocked, hint=say("没有写“无”", "or none")),
        ),
        say("提交", "Send"),
        (str(collection_id),),
        opener=opener,
    )


def span(minutes: int) -> Text:
    """``12 分钟``, ``1 小时 20 分钟``, ``3 小时``."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return say("{n} 分钟", "{n} min", n=rest)
    if not rest or hours >= 24:
        return say("{n} 小时", "{n} h", n=hours)
    return say("{h} 小时 {n} 分钟", "{h} h {n} min", h=hours, n=rest)


def _headline(collection: Collection, rhythm: Rhythm) -> Text:
    day = short_day(collection.day, rhythm.calendar)
    closes = rhythm.local(collection.times.closes)
    at: Text | str = f"{closes:%H:%M}"
    if closes.date() != collection.day:
        at = short_day(closes.date(), rhythm.calendar, None, closes.hour * 60 + closes.minute)
    if rhythm.zone.key != rhythm.project.zone:
        at = say("{place} {at}", "{at} {place}", at=at, place=place(rhythm.zone.key))
    if collection.late_by:
        return say(
            "📝 {day}日报（迟发 {late} 分钟）截止顺延到 {at}",
            "📝 Daily update for {day} ({late} min late), now due {at}",
            day=day, late=collection.late_by, at=at,
        )  # fmt: skip
    return say("📝 {day}日报，{at} 截止", "📝 Daily update for {day}, due {at}", day=day, at=at)


def _rest_days(day: date, rhythm: Rhythm) -> Text | None:
    """``明天起国庆放假，10-8（周四）恢复。`` before a public holiday; None on any other day."""
    tomorrow = date.fromordinal(day.toordinal() + 1)
    name = rhythm.calendar.holiday_name(tomorrow)
    if name is None or rhythm.calendar.kind(tomorrow) is not DayKind.HOLIDAY:
        return None
    return say(
        "明天起{name}放假，{day}恢复。",
        "{name} starts tomorrow; back on {day}.",
        name=say(name.zh, name.en) if name.zh else NOTHING,
        day=short_day(rhythm.calendar.next_working(day), rhythm.calendar),
    )
