"""Where a digest cannot be changed any more: one line at the full hour for everything that came after the close."""

from __future__ import annotations

from datetime import datetime

from chat.cards import text_card
from chat.text import Text, join, say
from reports.daily_desk import Desk, names
from reports.days import bare_day
from reports.rules import DIGEST
from reports.ticks import Occasion, tick


@tick("daily.late", DIGEST)
def tell(occasion: Occasion) -> datetime | None:
    """Once for what came since the digest, or since the last such line."""
    books = occasion.books
    collection = books.collections.get(int(occasion.entry.owner.partition(":")[2]))
    if collection is None or collection.digest_at is None:
        return None
    desk = Desk(books, occasion.speaker, books.projects.get(collection.project_id))
    since = collection.told_at or collection.digest_at
    news = [r for r in books.daily.on(desk.project.id, collection.day) if r.changed_at > since]
    late = [r.name for r in news if r.at > since]
    changed = [r.name for r in news if r.at <= since]
    parts: list[Text] = []
    if late:
        parts.append(say("补交：{names}", "handed in late: {names}", names=names(late)))
    if changed:
        parts.append(say("更新：{names}", "changed: {names}", names=names(changed)))
    if parts:
        text = say(
            "{day} 日报{what}", "{day} reports {what}", day=bare_day(collection.day), what=join(parts, "；", "; ")
        )
        fixed = {(place.platform, place.chat) for place in desk.speaker.fixed(collection.digest)}
        for chat in desk.groups:
            if (chat.platform, chat.external_id) in fixed:
                desk.speaker.in_chat(chat, desk.project, text_card(text))
    books.collections.change(collection, told_at=occasion.at)
    return None
