"""Somebody says something about another person's task: the owner is asked to confirm it."""

from __future__ import annotations

from datetime import timedelta

from chat.cards import Button, text_card
from chat.text import Text, say
from commands.access import task_by_id
from commands.context import Ctx
from commands.grammar import button
from commands.reply import Pressed
from reports.task_cards import head
from storage.tasks import Task

AGAIN = timedelta(minutes=10)
"""The same question is not put twice within this time."""


def forward(ctx: Ctx, task: Task, what: Text, verb: str, *args: str) -> Text:
    """Ask the owner; ``verb``/``args``: the button with which they would do it themselves. Returns the answer."""
    assert task.owner is not None
    owner = ctx.books.people.get(task.owner)
    text = say("{who} 说：{head} {what}。对吗？", "{who} says: {head} {what}. Right?", who=ctx.person.name,
               head=head(task), what=what)  # fmt: skip
    card = text_card(
        text,
        Button(say("确认", "Confirm"), verb, (str(task.id), *args), task.version, "primary"),
        Button(say("不对", "No"), "task.decline", (str(task.id), str(ctx.person.id)), task.version),
    )
    asked = f"{verb}:{task.id}:{','.join(args)}"
    if not ctx.books.notices.first(f"person:{ctx.person.id}", asked, AGAIN):
        return say("{ref} 由{name}负责，刚才已转告，等他确认。", "{ref} belongs to {name}, who was asked already.",
                   ref=task.ref, name=owner.name)  # fmt: skip
    if not ctx.speaker.to_person(owner, ctx.project, card):
        return say("{ref} 由{name}负责，请他自己来改。", "{ref} belongs to {name}; please ask them to change it.",
                   ref=task.ref, name=owner.name)  # fmt: skip
    return say("{ref} 由{name}负责，已转告他确认。", "{ref} belongs to {name}; they have been asked to confirm.",
               ref=task.ref, name=owner.name)  # fmt: skip


@button("task.decline")
def decline(ctx: Ctx, number: int, asker: int) -> Pressed:
    """The owner says no: the asker hears it, nothing changes."""
    ctx, task = task_by_id(ctx, number)
    nothing = say("好，{ref} 没有改动。", "OK, {ref} is unchanged.", ref=task.ref)
    if task.owner == ctx.person.id and ctx.books.people.role(task.project_id, asker):
        text = say("{who} 说不对：{head} 没有改动。", "{who} says no: {head} is unchanged.", who=ctx.person.name,
                   head=head(task))  # fmt: skip
        ctx.speaker.to_person(ctx.books.people.get(asker), ctx.project, text_card(text))
    return Pressed(nothing, card=text_card(nothing))
