"""Done.  ``T1 完成 计划已上线``  ``T128 T131 完成``  ``完成 渠道投放``"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.cards import Button, Card, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.access import answers_for, task_by_id, task_of
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import answers, button, command, hears
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_forward import forward
from commands.task_lines import Subjects, leading, quoted_task, ref_then
from commands.task_titles import titled
from commands.task_view import card_of, next_copy, words_of
from reports.days import bare_day
from reports.notes import SWITCH, WITHIN, await_note
from reports.task_cards import head
from reports.task_look import owed_line
from storage.tasks import Task

EXAMPLE = say("T1 完成", "T1 done")
_PARTLY = r"\s*(?:一半|大半|多半|一?部分|差不多|约?[\d.]+\s*(?:%|/\s*\d)|百分之|[一二两三四五六七八九\d]成)"
"""``完成了一半`` is not done."""
_FIRST = r"\s*(?:之?后|以后|才|再|之?前|以前|就(?:能|可以|开始|做))"
"""Nor is ``做完才能做 T1``."""
WORDS = (
    rf"(?:已经?)?(?:完成|做完|搞定|办完|弄完)(?!(?:了|啦)?(?:[吗么不没?得]|{_FIRST}|{_PARTLY})|[度率])(?:了|啦)?"
    r"|(?:done|finished|completed?)(?![a-z])"
)
LEAST_NOTE = 6
MOST_NOTE = 500


@command("完成", "done", usage=say("完成任务", "Finish a task"), example=say("T1 完成", "T1 done"), help_rank=3)
def done(ctx: Ctx, numbers: Subjects, note: Rest) -> Reply:
    """Finish tasks by number, by the card replied to, or one by its title."""
    if numbers:
        return finish_all(ctx, numbers, note)
    task = quoted_task(ctx)
    if task is not None:
        return Reply(finish(ctx, task, note))
    if not note:
        return Reply(finish(ctx, task_of(ctx, None, say("完成", "Finish"), EXAMPLE), note))
    return _by_title(ctx, note)


@hears(ref_then(WORDS), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 完成 …``"""
    return finish_all(ctx, leading(ctx, match), ctx.line.rest)


def finish_all(ctx: Ctx, numbers: Sequence[int], note: str) -> Reply:
    """One: its own answer. Several: a line for each, good or bad."""
    verb = say("完成", "Finish")
    if len(numbers) == 1:
        return Reply(finish(ctx, task_of(ctx, numbers[0], verb, EXAMPLE), note))
    lines: list[Text] = []
    for number in numbers:
        try:
            lines.append(words_of(finish(ctx, task_of(ctx, number, verb, EXAMPLE), note)))
        except UserError as error:
            lines.append(error.text)
    return Reply(text_card(join(lines, "\n")))


def _by_title(ctx: Ctx, words: str) -> Reply:
    found = titled(ctx, words)
    if len(found) == 1:
        return Reply(finish(ctx, found[0], ""))
    if not found:
        raise UserError(
            say("没找到叫「{words}」的未完成任务。发「/进度」看任务号，再发：T1 完成",
                "No open task is called “{words}”. Send “/status” for the numbers, then: T1 done",
                words=words[:40])
        )  # fmt: skip
    buttons = [Button(head(task), "task.done", (str(task.id), _due_word(task)), task.version) for task in found]
    return Reply(text_card(say("完成哪一个？", "Which one is done?"), *buttons))


def finish(ctx: Ctx, task: Task, note: str, *, sure: bool = False) -> Card:
    """Finish one task as far as this person may; the answer. ``sure``: open sub-tasks stay open."""
    if task.closed:
        raise UserError(already(ctx, task))
    if not answers_for(ctx, task):
        return text_card(forward(ctx, task, say("已完成", "is done"), "task.done", _due_word(task)))
    still_open = [] if sure else [child for child in ctx.tasks.children(task.id) if not child.closed]
    if still_open:
        return _ask_children(task, still_open)
    if ctx.project.settings.get(SWITCH) and not enough(note):
        return _wait_for_note(ctx, task)
    close(ctx, task, note)
    text = say("✅ {ref} 完成（{who} {at}）", "✅ {ref} done ({who} {at})", ref=task.ref, who=ctx.person.name,
               at=f"{ctx.now:%H:%M}")  # fmt: skip
    more = [line for line in (owed_line(ctx.books, task), next_copy(ctx)) if line is not None]
    return text_card(join([text, *more], "\n"))


def close(ctx: Ctx, task: Task, note: str) -> Task:
    """The row."""
    return change(ctx, task, note[:MOST_NOTE], state="done", progress=100, closed_at=ctx.at,
                  started_at=task.started_at or ctx.at)  # fmt: skip


def already(ctx: Ctx, task: Task) -> Text:
    """What it is instead: 已完成（李四 14:20）."""
    return say("{text}。", "{text}.", text=words_of(card_of(ctx, task)))


def enough(note: str) -> bool:
    """Six characters, or a link."""
    return len(note) >= LEAST_NOTE or "://" in note


def _due_word(task: Task) -> str:
    return task.due.isoformat() if task.due else ""


# --- with open sub-tasks -------------------------------------------------------------------------------------------


def _ask_children(task: Task, children: Sequence[Task]) -> Card:
    names = listed(head(child) for child in children[:6])
    text = say(
        "{ref} 还有 {n} 项子任务没完成：{names}。", "{ref} has open sub-tasks ({n}): {names}.", ref=task.ref,
        n=len(children), names=names,
    )  # fmt: skip
    return text_card(
        text,
        Button(say("一起完成", "Finish all"), "task.done.all", (str(task.id),), task.version),
        Button(say("只完成 {ref}", "Only {ref}", ref=task.ref), "task.done.only", (str(task.id),), task.version),
    )


@button("task.done.all")
def with_children(ctx: Ctx, number: int) -> Pressed:
    """Finish a task and everything open below it."""
    ctx, task = task_by_id(ctx, number)
    _may(ctx, task)
    below = [child for child in ctx.tasks.children(task.id) if not child.closed]
    while below:
        child = below.pop()
        below += [each for each in ctx.tasks.children(child.id) if not each.closed]
        close(ctx, child, "")
    return _finished(ctx, ctx.tasks.get(task.id) or task)


@button("task.done.only")
def alone(ctx: Ctx, number: int) -> Pressed:
    """Finish a task, its sub-tasks stay open."""
    ctx, task = task_by_id(ctx, number)
    _may(ctx, task)
    return _finished(ctx, task)


def _may(ctx: Ctx, task: Task) -> None:
    if task.closed:
        raise UserError(already(ctx, task))
    if not answers_for(ctx, task):
        raise UserError(forward(ctx, task, say("已完成", "is done"), "task.done", _due_word(task)))


def _finished(ctx: Ctx, task: Task) -> Pressed:
    card = finish(ctx, task, "", sure=True)
    return Pressed(words_of(card), card=card)


# --- pressed -------------------------------------------------------------------------------------------------------


@button("task.done")
def pressed(ctx: Ctx, number: int, due: str = "", sure: str = "") -> Pressed:
    """``due``: what the card showed. ``sure``: set on the second press of an old card."""
    ctx, task = task_by_id(ctx, number)
    if not task.closed and due != _due_word(task) and not sure:
        raise UserError(
            say("{ref} 已改到 {day}，仍要标完成吗？", "{ref} was moved to {day}. Mark it done all the same?",
                ref=task.ref, day=bare_day(task.due) if task.due else say("未定", "no date")),
            Button(say("仍然完成", "Done all the same"), "task.done", (str(number), _due_word(task), "sure"),
                   task.version),
        )  # fmt: skip
    card = finish(ctx, task, "")
    after = ctx.tasks.get(task.id) or task
    if after.state == "done":
        return Pressed(words_of(card), card=card_of(ctx, after))
    return Pressed(words_of(card), reply=Reply(card, name=f"note:{task.id}" if after.state == "awaiting_note" else ""))


# --- the note ------------------------------------------------------------------------------------------------------


def _wait_for_note(ctx: Ctx, task: Task) -> Card:
    change(ctx, task, state="awaiting_note")
    await_note(ctx.books, task)
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "task_note", lasts=WITHIN, task=task.id)
    return text_card(
        say(
            "{ref} 待补说明：回一句做了什么或贴链接（24 小时内），例：{example}",
            "{ref} needs a note: say what was done or paste a link (within 24 hours), e.g. {example}",
            ref=task.ref,
            example=say("{ref} 完成 计划已上线 https://…", "{ref} done plan is live https://…", ref=task.ref),
        )
    )


@answers("task_note")
def noted(ctx: Ctx, subject: dict[str, int]) -> Reply | None:
    """The next plain sentence is the note, unless it is about something else or too short to be one."""
    words = ctx.line.rest
    task = ctx.tasks.get(subject["task"])
    if task is None or task.state != "awaiting_note" or task.project_id != ctx.project.id:
        ctx.books.questions.close(ctx.chat.id, ctx.person.id)
        return None
    if not enough(words) or "\n" in words or _OTHER.match(ctx.line.folded):
        return None
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    return Reply(finish(ctx, task, words))


_OTHER = re.compile(r"\s*(?:[a-z] ?\d|今[日天]|明[日天]|today|帮我|提醒|/)")
