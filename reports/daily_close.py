"""The close: the day's digest goes to the groups and, the same, to those who only watch."""

from __future__ import annotations

from datetime import datetime

from chat.cards import Card, Paragraph
from chat.text import Text, join, say
from planning.window import LATEST_PROMPT
from reports.daily_desk import Desk
from reports.daily_open import desk_of
from reports.digest import publish
from reports.rules import BLOCKER, DIGEST, foot
from reports.supplement import publish_more, told
from reports.ticks import Occasion, tick
from storage.blockers import Blocker

PATIENCE = 2
"""Working days a blocker may wait for an answer before its lead hears of it."""
MOST = 9
"""Blockers in one message."""


@tick("daily.close", DIGEST)
def close(occasion: Occasion) -> datetime | None:
    """Close the open day; then again on the next working day."""
    desk = desk_of(occasion)
    collection = desk.books.collections.latest(desk.project.id)
    if collection is not None and collection.state == "open":
        if collection.times.closes > occasion.at:
            return collection.times.closes  # the prompt was late
        quiet_until = desk.rhythm.awake(occasion.at)
        if occasion.late > LATEST_PROMPT and quiet_until > occasion.at:
            return quiet_until  # the bot was off; nobody wants a digest at midnight
        for prompt in (collection.card, f"remind:{collection.id}", f"nudge:{collection.id}"):
            desk.books.outbox.expire(prompt, "the day was closed before it could be delivered")
        publish(desk, collection)
        told(desk, collection.day)
        publish_more(desk)
        _unanswered(desk)
    if not desk.rhythm.plan.on:
        return None
    day = collection.day if collection else desk.rhythm.local(occasion.at).date()
    return desk.rhythm.following(day).closes


def _unanswered(desk: Desk) -> None:
    """Blockers nobody answered for two working days: each admin is told of all of them in one message, once."""
    today = desk.rhythm.local(desk.books.at).date()
    waiting = [
        blocker
        for blocker in desk.books.blockers.open_in(desk.project.id)
        if blocker.answered_at is None
        and blocker.told_at is None
        and desk.rhythm.calendar.working_days_between(blocker.day, today) >= PATIENCE
    ]
    if not waiting:
        return
    lines = [_line(blocker) for blocker in waiting[:MOST]]
    if len(waiting) > MOST:
        lines.append(say("还有 {n} 个：/阻塞", "{n} more: /blockers", n=len(waiting) - MOST))
    card = Card((Paragraph(join(lines, "\n")), *foot(BLOCKER)))
    for admin in desk.admins:
        if not desk.books.pushes.muted(admin.id, BLOCKER):
            desk.speaker.to_person(admin, desk.project, card)
    for blocker in waiting:
        desk.books.blockers.told(blocker)


def _line(blocker: Blocker) -> Text:
    return say(
        "{ref} {words}：{n} 个工作日没人回应（{who}→{helper}）。",
        "{ref} {words}: no answer for {n} working days ({who} → {helper}).",
        ref=blocker.ref,
        words=blocker.words,
        n=PATIENCE,
        who=blocker.name,
        helper=blocker.helper_name or say("未指定", "nobody"),
    )
