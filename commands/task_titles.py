"""Tasks by what they are called."""

from __future__ import annotations

from commands.context import Ctx
from storage.tasks import Task

MOST = 5


def titled(ctx: Ctx, words: str) -> list[Task]:
    """Open tasks of this project called so; else whose title contains the words. At most five, one's own first."""
    wanted = words.strip().lower()
    hits = [task for task in ctx.books.search.find([ctx.project.id], wanted, most=50) if not task.closed]
    same = [task for task in hits if task.title.lower() == wanted]
    found = same or [task for task in hits if wanted in task.title.lower()]
    return sorted(found, key=lambda task: (task.owner != ctx.person.id, task.number))[:MOST]
