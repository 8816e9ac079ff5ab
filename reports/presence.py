"""A group the bot is no longer in: nothing is sent there, its clock stands still until the bot is back."""

from __future__ import annotations

from reports.daily_plan import arrange
from reports.rhythm import rhythm_of
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
        paused += stand_still(books, project)
    return paused


def resume(books: Books, chat: Chat, project: ProjectInfo) -> int:
    """Let the clock of a chat and its project go on; how many entries."""
    return books.schedules.resume(f"chat:{chat.id}") + go_on(books, project)


def stand_still(books: Books, project: ProjectInfo) -> int:
    """Stop the project's clock; how many entries."""
    books.projects.set(project, paused_at=ms(books.at))
    return books.schedules.pause(f"project:{project.id}")


def go_on(books: Books, project: ProjectInfo) -> int:
    """The project's clock goes on from now, not from where it stopped; how many entries."""
    count = books.schedules.resume(f"project:{project.id}")
    project = books.projects.get(project.id)
    if project.stands_still:
        books.projects.set(project, paused_at=None)
        rhythm = rhythm_of(books, project)
        if rhythm.plan.on:
            arrange(books, rhythm)
    return count


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
