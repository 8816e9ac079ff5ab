"""Who gets what comes next of somebody who left the company: who took their work over, else who leads."""

from __future__ import annotations

from chat.cards import text_card
from chat.text import say
from reports.speaker import Speaker
from reports.task_cards import done_button, due_button, head
from storage.books import Books
from storage.people import Person
from storage.projects import ProjectInfo
from storage.tasks import Task

LONGEST = 10
"""Handovers that are followed from one to the next."""


def heir(books: Books, project_id: int, person: Person) -> Person | None:
    """Somebody who is here. None: nobody took over, and nobody leads."""
    for _ in range(LONGEST):
        taken = books.handovers.taken(project_id, person.id)
        if taken is None:
            break
        person = books.people.get(taken.taker)
        if person.left_at is None and books.people.role(project_id, person.id):
            return person
    leads = [member for member in books.people.members(project_id) if member.is_admin]
    return next((m.person for m in leads if m.role == "owner"), leads[0].person if leads else None)


def tell(speaker: Speaker, project: ProjectInfo, task: Task, before: Person, after: Person | None) -> None:
    """A copy that came for who left: to whom it goes now, or to the groups when nobody is there to take it."""
    if after is None:
        text = say(
            "{head} 没有负责人了：{who} 已离职。谁来做？{ref} 交给 @某人",
            "{head} has no owner: {who} has left the company. Who takes it? {ref} assign @name",
            head=head(task), who=before.name, ref=task.ref,
        )  # fmt: skip
        speaker.to_groups(project, text_card(text))
        return
    text = say(
        "🔁 {head} 又到了，原来由 {who}（已离职）做，先归你。换人：{ref} 交给 @某人",
        "🔁 {head} is due again. It was done by {who}, who has left the company, and is yours for now. To change that: "
        "{ref} assign @name",
        head=head(task), who=before.name, ref=task.ref,
    )  # fmt: skip
    speaker.to_person(after, project, text_card(text, done_button(task), due_button(task)), name=task.card)
