"""A group the bot is no longer in: nothing is sent there, its clock stands still until the bot is back."""

from __future__ import annotations

from reports.daily_plan import arrange, rhythm_of
from storage.books import Books
from storage.projects import Chat, ProjectInfo
from storage.statement import moment, ms


def pause(books: Books, chat: Chat, project: ProjectInfo, state: str) -> int:
    """Stop what was meant for this chat; how many entries of the clock. A project with other groups goes on.

    state: removed or dissolved.
    """
    books.projects.chat_state(chat.id, state)
    books.outbox.cancel(chat.platform, chat.external_id)
    paused = books.schedules.pause(f"chat:{chat.id}")
    if not books.projects.groups(project.id):
        books.projects.set(project, paused_at=ms(books.at))
        paused += books.schedules.pause(f"project:{project.id}")
    return paused


def missed(books: Books, project: ProjectInfo) -> int | None:
    """How many daily prompts fell into the pause; None: the project was not paused."""
    since = project.settings.get("paused_at")
    if since is None:
        return None
    rhythm = rhythm_of(books, project)
    if not rhythm.plan.on:
        return 0
    count, day = 0, rhythm.next_days(moment(since), None, 1)[0]
    while rhythm.times(day).opens <= books.at:
        count += 1
        day = rhythm.calendar.next_working(day)
    return count


def resume(books: Books, chat: Chat, project: ProjectInfo) -> int:
    """Let the clock go on; how many entries. Daily prompts go on from now, not from where they stopped."""
    count = books.schedules.resume(f"chat:{chat.id}") + books.schedules.resume(f"project:{project.id}")
    if project.settings.get("paused_at") is not None:
        books.projects.set(project, paused_at=None)
        rhythm = rhythm_of(books, project)
        if rhythm.plan.on:
            arrange(books, rhythm)
    return count
