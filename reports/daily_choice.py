"""「这份记到哪天？」 and nobody pressed for ten minutes: it replaces the day's report, and the chat is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chat.cards import text_card
from chat.text import say
from reports.daily_desk import Desk
from reports.daily_drafts import settle, waiting
from reports.days import bare_day
from reports.ticks import Occasion, tick

PATIENCE = timedelta(minutes=10)


@tick("daily.choice", None)
def decide(occasion: Occasion) -> datetime | None:
    """Entry's owner: ``draft:<key>``; its subject says the ``day``."""
    books = occasion.books
    one = waiting(books, occasion.entry.owner.partition(":")[2])
    if one is None:
        return None
    desk = Desk(books, occasion.speaker, books.projects.get(one.project_id))
    day = date.fromisoformat(occasion.entry.subject["day"])
    filed = settle(desk, one, day)
    if filed is None:
        return None
    text = say(
        "{n} 分钟没有选，{name} 的这份已替换 {day} 日报（第 {version} 版）。",
        "No choice for {n} minutes: this replaced {name}'s report for {day} (version {version}).",
        n=PATIENCE // timedelta(minutes=1), name=one.person.name, day=bare_day(day), version=filed.report.version,
    )  # fmt: skip
    if not desk.speaker.redraw(f"choice:{one.draft.key}", text_card(text)):
        chat = books.projects.chat_by_id(one.draft.chat_id)
        desk.speaker.in_chat(chat, desk.project, text_card(text))
    return None
