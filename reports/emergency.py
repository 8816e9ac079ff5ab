"""A fire: one lead, a clock, an update every two hours, everything that can wait rests. It ends when somebody says so.

The clock asks the lead at any hour of the day, because that is what an emergency is; the group hears what they answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chat.cards import Button, Buttons, Card, Paragraph, text_card
from chat.frozen import frozen
from chat.text import Text, say
from reports.days import stamp
from reports.speaker import Speaker
from reports.ticks import Occasion, tick
from storage.books import Books
from storage.projects import ProjectInfo

KIND = "emergency"
SETTING = "emergency"
EVERY = timedelta(hours=2)
LATEST = timedelta(hours=1)


@frozen
class Emergency:
    """``task``: its task's id; ``lead``: a person's; ``updates``: how many were given."""

    title: str
    lead: int
    task: int
    began: datetime
    ends: datetime
    updates: int = 0
    over: bool = False

    @property
    def stored(self) -> dict[str, Any]:
        return {
            "title": self.title, "lead": self.lead, "task": self.task, "began": self.began.isoformat(),
            "ends": self.ends.isoformat(), "updates": self.updates, "over": self.over,
        }  # fmt: skip


def running(project: ProjectInfo) -> Emergency | None:
    raw = project.settings.get(SETTING)
    if raw is None:
        return None
    began, ends = datetime.fromisoformat(raw["began"]), datetime.fromisoformat(raw["ends"])
    return Emergency(raw["title"], raw["lead"], raw["task"], began, ends, raw["updates"], raw["over"])


def keep(books: Books, project: ProjectInfo, emergency: Emergency | None) -> ProjectInfo:
    return books.projects.set(project, **{SETTING: emergency.stored if emergency else None})


def arm(books: Books, project: ProjectInfo, emergency: Emergency) -> None:
    """The next question, or its end, whichever is sooner."""
    at = min(books.at + EVERY, emergency.ends) if books.at < emergency.ends else books.at + EVERY
    books.schedules.replace(KIND, f"emergency:{project.id}", at)


def disarm(books: Books, project: ProjectInfo) -> None:
    books.schedules.drop(KIND, f"emergency:{project.id}")


@tick(KIND, None)
def ask(occasion: Occasion) -> datetime | None:
    """Every two hours the lead; at its end the group, once."""
    books = occasion.books
    project = books.projects.get(int(occasion.entry.owner.partition(":")[2]))
    emergency = running(project)
    if emergency is None or project.state == "archived":
        return None
    following = occasion.at + EVERY
    if occasion.late > LATEST:
        return following
    zone = ZoneInfo(project.zone)
    if occasion.at >= emergency.ends and not emergency.over:
        keep(books, project, replace(emergency, over=True))
        text = say("⏰ 应急「{title}」{n} 小时到了，恢复了吗？",
                   "⏰ Emergency “{title}”: its {n} hours are over. Is it solved?",
                   title=emergency.title, n=hours(emergency.ends - emergency.began))  # fmt: skip
        buttons = (
            Button(say("已恢复", "Solved"), "emergency.end"),
            Button(say("再 12 小时", "12 hours more"), "emergency.more"),
        )
        occasion.speaker.to_groups(project, Card((Paragraph(text), Buttons(buttons))))
        return following
    _ask_lead(books, occasion.speaker, project, emergency, occasion.at, zone)
    return following if emergency.over else min(following, emergency.ends)


def _ask_lead(
    books: Books, speaker: Speaker, project: ProjectInfo, emergency: Emergency, at: datetime, zone: ZoneInfo
) -> None:
    """Directly; in the groups by name where that cannot be."""
    lead = books.people.get(emergency.lead)
    text = say(
        "🚨 应急「{title}」已 {gone} 小时，{left}。现在怎么样？发：/应急 进展 …",
        "🚨 Emergency “{title}”: {gone} hours gone, {left}. How is it? Send: /emergency update …",
        title=emergency.title, gone=hours(at - emergency.began), left=time_left(emergency, at, zone),
    )  # fmt: skip
    off = say("应急催问 · 关闭此类：/应急 结束", "Emergency question · To turn these off: /emergency end")
    if speaker.to_person(lead, project, Card((Paragraph(text), Paragraph(off, quiet=True)))):
        return
    for chat in books.projects.groups(project.id):
        asked = say("{who} {text}", "{who} {text}", who=speaker.mention(lead, chat.platform), text=text)
        speaker.in_chat(chat, project, text_card(asked))


def time_left(emergency: Emergency, at: datetime, zone: ZoneInfo) -> Text:
    """``还剩 44 小时（到 9-20 14:00）``."""
    if at >= emergency.ends:
        return say("已超过 {n} 小时", "{n} hours over", n=hours(at - emergency.ends))
    return say("还剩 {n} 小时（到 {end}）", "{n} hours left (until {end})", n=hours(emergency.ends - at),
               end=stamp(emergency.ends.astimezone(zone)))  # fmt: skip


def hours(span: timedelta) -> int:
    return round(span.total_seconds() / 3600)
