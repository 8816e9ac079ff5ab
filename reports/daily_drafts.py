"""A report that waits for a word: which day it is for, or why it comes so late."""

from __future__ import annotations

from datetime import date

from chat.frozen import frozen
from planning.daily import Parsed
from planning.daily_words import Part
from reports.daily_desk import Desk
from reports.daily_filing import Filed, Source, file
from storage.books import Books
from storage.daily import Words
from storage.drafts import Draft
from storage.people import Person


@frozen
class Waiting:
    """A draft, read."""

    draft: Draft
    parsed: Parsed
    source: Source
    project_id: int
    person: Person


def keep(books: Books, chat_id: int, person: Person, desk: Desk, parsed: Parsed, source: Source) -> str:
    """Its key, for buttons."""
    return books.drafts.keep(
        "daily", chat_id, person.id, project=desk.project.id, done=parsed.done, plan=parsed.plan,
        blocked=parsed.blocked, found=sorted(parsed.found), via=source.via, platform=source.platform,
        message_id=source.message_id, mentioned=[one.id for one in source.mentioned],
    )  # fmt: skip


def waiting(books: Books, key: str) -> Waiting | None:
    """None: there is no such draft, or it was decided."""
    draft = books.drafts.get(key)
    if draft is None or draft.used or draft.kind != "daily":
        return None
    said = draft.subject
    found: frozenset[Part] = frozenset(said["found"])
    mentioned = tuple(books.people.get(number) for number in said["mentioned"])
    return Waiting(
        draft,
        Parsed(said["done"], said["plan"], said["blocked"], found),
        Source(said["via"], said["platform"], said["message_id"], mentioned),
        said["project"],
        books.people.get(draft.person_id),
    )


def merged(desk: Desk, person: Person, day: date, parsed: Parsed) -> Words:
    """What was said now; parts that were not mentioned stay as they were."""
    before = desk.books.daily.of(desk.project.id, day, person.id)
    old = before.words if before is not None and not before.withdrawn else Words()
    return Words(
        parsed.done if "done" in parsed.found else old.done,
        parsed.plan if "plan" in parsed.found else old.plan,
        parsed.blocked if "blocked" in parsed.found else old.blocked,
    )


def settle(desk: Desk, one: Waiting, day: date, reason: str = "") -> Filed | None:
    """File a waiting report. None: it was decided meanwhile."""
    if not desk.books.drafts.use(one.draft):
        return None
    desk.books.schedules.drop("daily.choice", f"draft:{one.draft.key}")
    return file(desk, one.person, day, merged(desk, one.person, day, one.parsed), one.source, reason=reason)
