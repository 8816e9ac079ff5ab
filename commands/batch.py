"""Many tasks at once: one a line under ``/批量任务``; a preview, and one button for all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.cards import Block, Button, Buttons, Card, Paragraph, text_card
from chat.errors import UserError
from chat.frozen import frozen
from chat.messages import TOKEN
from chat.text import Text, join, listed, say, verbatim
from commands.arguments import Priority, Rest, Tags, take
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import button, command
from commands.line import Line
from commands.names import Owner, named_alone
from commands.reply import Pressed, Reply
from commands.task_make import Wish, keep, kept, store, twin_of
from commands.task_view import desk
from commands.task_wishes import decided
from commands.times import times
from planning.due import NOTHING_SAID
from reports.task_cards import due_fact, head, undo_button
from storage.people import Person
from storage.tasks import Task

MOST = 50
_BULLET = re.compile(r"^\s*(?:[-*•·▪◦]\s*|\d{1,2}[.、)]\s*(?=\D)|\[ ?\]\s*)")
EXAMPLE = say(
    "/批量任务\n主图素材 @王五 周三\n详情页 @李四 9-28",
    "/tasks\nMain picture @Li Wednesday\nDetail page @Wang 9-28",
)


@frozen
class Read:
    """One line: the task it asks for, or what is wrong with it."""

    wish: Wish | None
    problem: Text | None = None
    note: Text | None = None


@command(
    "批量任务",
    "批量",
    "tasks",
    usage=say("一次建多个：一行一个，2–50 行", "Many at once: one a line, 2–50 lines"),
    example=say("/批量任务", "/tasks"),
)
def batch(ctx: Ctx) -> Reply:
    """Preview what the lines would make, and what is wrong with the others. Nothing is made yet."""
    lines = lines_of(ctx.line)
    if not lines:
        raise UserError(
            say(
                "任务写在「/批量任务」下面，一行一个，2–50 行。例：\n{example}",
                "Write the tasks under “/tasks”, one a line, 2–50 lines. Example:\n{example}",
                example=EXAMPLE,
            )
        )
    if len(lines) > MOST:
        raise UserError(
            say(
                "一次最多 {most} 条，收到 {n} 条，请分成 {times} 次发。",
                "{most} at a time; you sent {n}. Please split them into {times}.",
                most=MOST,
                n=len(lines),
                times=-(-len(lines) // MOST),
            )
        )
    read = [read_line(ctx, line, number) for number, line in enumerate(lines, 1)]
    wishes = [each.wish for each in read if each.wish is not None]
    problems = [each.problem for each in read if each.problem is not None]
    if not wishes:
        raise UserError(join([*problems, say("没有可以建的任务。", "There is nothing to create.")], "\n"))
    key = keep(ctx, *wishes, kind="tasks")
    rows = [say("将建 {n} 条：", "{n} tasks to create:", n=len(wishes))]
    rows += [row_of(ctx, number, each) for number, each in enumerate([r for r in read if r.wish], 1)]
    blocks: tuple[Block, ...] = (
        Paragraph(join([*rows, *problems], "\n")),
        Buttons(
            (
                Button(say("全部创建", "Create all"), "tasks.make", (key,), style="primary"),
                Button(say("不用", "No"), "task.drop", (key,)),
            )
        ),
    )
    return Reply(Card(blocks))


def lines_of(line: Line) -> list[Line]:
    """The message's lines that are not empty, each with the people it mentions."""
    people = iter(line.people)
    parts = [Line(raw, [next(people) for _ in range(raw.count(TOKEN))]) for raw in line.text.split("\n")]
    return [part for part in parts if part]


def read_line(ctx: Ctx, line: Line, number: int, *, dated: bool = True) -> Read:
    """The task that one line asks for, or what is wrong with it. ``dated``: times in it mean its due."""
    raw = line.shown()
    if match := _BULLET.match(line.folded):
        line.cut(0, match.end())
    ctx.line = line
    try:
        owner = take(Owner, ctx)
        priority, tags = take(Priority, ctx), take(Tags, ctx)
        meant = times(ctx, line) if dated else NOTHING_SAID
        title = take(Rest, ctx)
        if owner is None and " " in title:
            owner, title = named_alone(ctx, title)
        here_still(owner)
    except UserError as error:
        return Read(None, say("第 {n} 行：{what}", "Line {n}: {what}", n=number, what=error.text))
    if not title:
        return Read(None, say("第 {n} 行缺标题：「{raw}」", "Line {n} has no title: “{raw}”", n=number, raw=raw[:60]))
    if meant.doubt == "past":
        what = say("第 {n} 行的截止已过去：「{raw}」", "Line {n} is due in the past: “{raw}”", n=number, raw=raw[:60])
        return Read(None, what)
    note = None
    if meant.doubt == "which":
        note = say("（“{words}”不确定，先不设截止）", " (“{words}” is unclear: no due for now)", words=meant.words)
    wish = Wish(title, owner, meant, priority, tags)
    twin = twin_of(ctx, wish)
    if twin is not None:
        note = say("（可能重复 T{n}）", " (maybe T{n} again)", n=twin.number)
    return Read(wish, None, note)


def row_of(ctx: Ctx, number: int, read: Read) -> Text:
    assert read.wish is not None
    due = read.wish.meant.due
    parts = [verbatim(read.wish.title)]
    parts.append(verbatim(read.wish.owner.name) if read.wish.owner else say("待指派", "unassigned"))
    parts.append(ctx.short_day(due.day, due.minute) if due else say("截止未定", "due open"))
    return say(
        "{n} {what}{note}", "{n} {what}{note}", n=number, what=join(parts, "｜", " | "), note=read.note or say("", "")
    )


@button("tasks.make")
def make_all(ctx: Ctx, key: str) -> Pressed:
    """[全部创建]. Each new owner gets one message."""
    wishes = kept(ctx, decided(ctx, key).subject)
    tasks = [store(ctx, wish) for wish in wishes]
    tell_owners(ctx, [(wish.owner, task) for wish, task in zip(wishes, tasks, strict=True) if wish.owner])
    names = listed(head(task) for task in tasks)
    text = say("✅ 已建 {n} 条：{names}", "✅ {n} tasks created: {names}", n=len(tasks), names=names)
    toast = say("已建 {n} 条", "{n} created", n=len(tasks))
    return Pressed(toast, card=text_card(text), reply=Reply(text_card(text, undo_button(tasks[0], ctx.books.key))))


def tell_owners(ctx: Ctx, given: Sequence[tuple[Person, Task]]) -> None:
    """One message to each who has to do something new."""
    people = {person.id: person for person, _ in given if person.id != ctx.person.id}
    for person in people.values():
        ctx.books.people.welcome(ctx.project.id, person.id, "guest")
        mine = [task for owner, task in given if owner.id == person.id]
        rows = [say("{head}｜{due}", "{head} | {due}", head=head(task), due=due_fact(task, desk(ctx))) for task in mine]
        text = say(
            "{who} 交给你 {n} 个任务：\n{rows}",
            "{who} gave you {n} tasks:\n{rows}",
            who=ctx.person.name,
            n=len(mine),
            rows=join(rows, "\n"),
        )
        ctx.speaker.to_person(person, ctx.project, text_card(text))
