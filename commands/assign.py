"""Give a task to somebody.  ``T1 交给 @李四``  ``T1 @李四``  ``/指派 T1 @李四``"""

from __future__ import annotations

import re

from chat.cards import Button, Buttons, Card, Field, Form, Paragraph, text_card
from chat.errors import UserError
from chat.text import say, verbatim
from commands.access import decides, open_by_id
from commands.arguments import Rest, Someone, take
from commands.context import Ctx
from commands.departed import here_still
from commands.due_away import below, noted_away
from commands.grammar import button, command, hears
from commands.names import called
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_forward import forward
from commands.task_lines import Subjects, leading, ref_then, the_task
from commands.task_make import tell_owner
from commands.task_view import card_of, words_of
from reports.task_cards import head, undo_button
from storage.people import Person
from storage.tasks import Task

EXAMPLE = say("T1 交给 @李四", "T1 assign @Li")
VERB = say("指派", "Assign")
MOST_BUTTONS = 8


@command(
    "指派",
    "交给",
    "转给",
    "assign",
    usage=say("把任务交给别人", "Give a task to somebody"),
    example=say("/指派 T1 @李四", "/assign T1 @Li"),
)
def assign(ctx: Ctx, numbers: Subjects, to: Someone, name: Rest) -> Reply:
    """Make ``to`` the owner."""
    task = the_task(ctx, numbers, VERB, EXAMPLE)
    return Reply(give(ctx, task, to or _named(ctx, task, name)))


@hears(ref_then(r"(?:指派给?|交给|转给|分给|assign(?:ed)?(?: to)?|owner)[:\s]*|负责人[:是改为\s]*(?=\S)"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 交给 李四``"""
    numbers = leading(ctx, match)
    return assign(ctx, numbers, take(Someone, ctx), ctx.line.rest)


@hears(ref_then(r"(?=\ufffc\s*$)"), rank=10)
def mentioned(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 @李四`` and nothing else"""
    return said(ctx, match)


def _named(ctx: Ctx, task: Task, name: str) -> Person:
    name = name.lstrip("@").strip()
    person = called(ctx, name) if name else None
    if person is None and name:
        raise UserError(
            say(
                "没找到「{name}」。请 @ 这个人，例：{ref} 交给 @李四",
                "There is no “{name}” here. Mention the person, e.g. {ref} assign @Li",
                name=name[:20],
                ref=task.ref,
            )
        )
    if person is None:
        raise UserError(
            say("{ref} 交给谁？例：{ref} 交给 @李四", "Give {ref} to whom? Example: {ref} assign @Li", ref=task.ref)
        )
    return person


def give(ctx: Ctx, task: Task, to: Person) -> Card:
    """Hand it over, or ask its owner to."""
    if task.owner == to.id:
        return text_card(
            say(
                "{ref} 本来就由{who}负责，没有改动。",
                "{ref} is already {who}'s; nothing changed.",
                ref=task.ref,
                who=to.name,
            )
        )
    here_still(to)
    taking = task.owner is None and to.id == ctx.person.id
    if not taking and not decides(ctx, task):
        what = say("改由{who}负责", "should go to {who}", who=to.name)
        return text_card(forward(ctx, task, what, "task.owner.set", str(to.id)))
    was, before = task, task.owner
    task = change(ctx, task, owner=to.id, owner_name=to.name, owner_zone=to.zone)
    tell_owner(ctx, task, to, tuple(ctx.tasks.tags(task)))
    if before is not None and before not in (ctx.person.id, to.id):
        text = say(
            "{who} 把 {head} 交给了{to}。",
            "{who} gave {head} to {to}.",
            who=ctx.person.name,
            head=head(task),
            to=to.name,
        )
        ctx.speaker.to_person(ctx.books.people.get(before), ctx.project, text_card(text))
    text = say("{head} 已交给{who}。", "{head} now belongs to {who}.", head=head(task), who=to.name)
    return below(text_card(text, undo_button(task, ctx.books.key)), noted_away(ctx, task, was))


# --- pressed -------------------------------------------------------------------------------------------------------


@button("task.take")
def mine(ctx: Ctx, number: int) -> Pressed:
    """[我来做]"""
    ctx, task = open_by_id(ctx, number, VERB)
    if task.owner is not None:
        raise UserError(
            say("{ref} 已由{who}负责。", "{ref} already belongs to {who}.", ref=task.ref, who=task.owner_name)
        )
    give(ctx, task, ctx.person)
    text = say("{ref} 由你负责了。", "{ref} is yours.", ref=task.ref)
    return Pressed(text, card=card_of(ctx, ctx.tasks.get(task.id) or task))


@button("task.owner")
def ask(ctx: Ctx, number: int) -> Pressed:
    """[改负责人]: whom?"""
    ctx, task = open_by_id(ctx, number, VERB)
    people = [m.person for m in ctx.books.people.members(ctx.project.id) if m.person.id != task.owner and m.here]
    buttons = tuple(
        Button(verbatim(person.name), "task.owner.set", (str(task.id), str(person.id)), task.version)
        for person in people[:MOST_BUTTONS]
    )
    text = say(
        "{head} 交给谁？也可以回：{ref} 交给 @某人",
        "Give {head} to whom? Or send: {ref} assign @somebody",
        head=head(task),
        ref=task.ref,
    )
    form = Form(
        "task.owner.form",
        (Field("person", say("负责人", "Owner"), "person", required=True),),
        say("确定", "OK"),
        (str(task.id),),
        task.version,
        say("选人…", "Choose…"),
    )
    blocks = (Paragraph(text), *((Buttons(buttons),) if buttons else ()), *((form,) if ctx.can.input_in_card else ()))
    return Pressed(say("交给谁？", "To whom?"), reply=Reply(Card(blocks)))


@button("task.owner.set")
def chosen(ctx: Ctx, number: int, person_id: int) -> Pressed:
    ctx, task = open_by_id(ctx, number, VERB)
    people = {m.person.id: m.person for m in ctx.books.people.members(ctx.project.id)}
    person = people.get(person_id)
    if person is None:
        raise UserError(say("这个人已不在项目里。", "This person is no longer in the project."))
    return _given(ctx, task, person)


@button("task.owner.form")
def filled(ctx: Ctx, number: int) -> Pressed:
    """Field person: an id on this platform, or a name."""
    ctx, task = open_by_id(ctx, number, VERB)
    who = ctx.action.fields.get("person", "").strip().lstrip("@")
    person = (ctx.books.people.known(ctx.chat.platform, who) if who else None) or _named(ctx, task, who)
    return _given(ctx, task, person)


def _given(ctx: Ctx, task: Task, person: Person) -> Pressed:
    card = give(ctx, task, person)
    return Pressed(words_of(card), card=card)
