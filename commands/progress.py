"""How far a task is.  ``T128 80% 素材已回``"""

from __future__ import annotations

import re
from typing import Any

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, say, verbatim
from commands.access import answers_for, open_by_id, open_task_of
from commands.context import Ctx
from commands.done import finish
from commands.grammar import button, hears
from commands.reply import Pressed, Reply
from commands.task_change import change
from commands.task_forward import forward
from commands.task_lines import leading, ref_then
from commands.task_view import words_of
from storage.tasks import Task

EXAMPLE = "T1 80%"
VERB = say("更新进度", "update")
MOST_NOTE = 500
_PERCENT = r"(?:进度|(?:已经?)?完成度?了?|做了|进展|progress)?[:到是\s]*(?P<number>-?[0-9ol]{1,6}(?:\.\d+)?)\s*%"


@hears(ref_then(_PERCENT), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 80% …``; several tasks at once too."""
    written = _written(ctx, match)
    numbers, note = leading(ctx, match), ctx.line.rest
    percent = _percent(written)
    if len(numbers) == 1:
        return Reply(text_card(_set(ctx, open_task_of(ctx, numbers[0], VERB, EXAMPLE), percent, note)))
    lines: list[Text] = []
    for number in numbers:
        try:
            lines.append(_set(ctx, open_task_of(ctx, number, VERB, EXAMPLE), percent, note))
        except UserError as error:
            lines.append(error.text)
    return Reply(text_card(join(lines, "\n")))


@hears(ref_then(r"(?:进度|完成度|进展|progress)?[:到是\s]*(?P<number>\d{1,3})\s*$"), rank=11)
def unmarked(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 80``: is that a percentage?"""
    raise UserError(
        say(
            "进度请带上 %，例：{ref} {n}%",
            "Please write progress with %, e.g. {ref} {n}%",
            ref=f"T{leading(ctx, match)[0]}",
            n=match["number"],
        )
    )


@hears(
    ref_then(
        r"(?:已经?)?(?:开始|开工|动工|着手|启动|在做|进行中)(?:做|干|进行)?(?:了|啦)?\s*[。.!]?\s*$"
        r"|(?:started|begun|doing|in progress)\s*\.?\s*$"
    ),
    rank=11,
)
def begun(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 开始了``"""
    lines = [_begin(ctx, open_task_of(ctx, number, VERB, EXAMPLE)) for number in leading(ctx, match)]
    return Reply(text_card(join(lines, "\n")))


def _begin(ctx: Ctx, task: Task) -> Text:
    if task.state == "doing":
        raise UserError(
            say("{ref} 已经在进行（{p}%）。更新进度发：{ref} 50%", "{ref} is under way ({p}%). To update it: {ref} 50%",
                ref=task.ref, p=task.progress)
        )  # fmt: skip
    if not answers_for(ctx, task):
        return forward(ctx, task, say("开始做了", "has begun"), "task.progress.set", str(task.progress), "")
    _set(ctx, task, task.progress, "")
    return say("{ref} 进行中（{p}%）", "{ref} is under way ({p}%)", ref=task.ref, p=task.progress)


def _written(ctx: Ctx, match: re.Match[str]) -> str:
    """As the person typed it."""
    return ctx.line.text[match.start("number") : match.end("number")]


def _percent(written: str) -> int:
    """Raises UserError naming what was written."""
    try:
        number = float(written)
    except ValueError:
        raise UserError(
            say(
                "进度没看懂「{words}%」，请写 0–100 的数字，例：T1 80%",
                "I cannot read the progress “{words}%”; write 0–100, e.g. T1 80%",
                words=written,
            )
        ) from None
    if not 0 <= number <= 100:
        raise UserError(
            say("进度要在 0–100，收到「{words}%」。", "Progress must be 0–100, not “{words}%”.", words=written)
        )
    return round(number)


def _set(ctx: Ctx, task: Task, percent: int, note: str) -> Text:
    if percent == 100:
        return words_of(finish(ctx, task, note))
    if not answers_for(ctx, task):
        what = say("到 {p}% 了", "is at {p}%", p=percent)
        return forward(ctx, task, what, "task.progress.set", str(percent), note[:100])
    if any(child.state != "cancelled" for child in ctx.tasks.children(task.id)):
        raise UserError(
            say(
                "{ref} 的进度按子任务平均算（现在 {p}%），请更新子任务。",
                "{ref} follows its sub-tasks (now {p}%); please update those.",
                ref=task.ref,
                p=task.progress,
            )
        )
    values: dict[str, Any] = {"progress": percent}
    if task.state in ("todo", "awaiting_note", "paused", "blocked"):
        values |= {"state": "doing", "started_at": task.started_at or ctx.at}
    if change(ctx, task, note[:MOST_NOTE], **values) is task and note:
        ctx.tasks.comment(task, note[:MOST_NOTE])
    return verbatim(f"{task.ref} {percent}%")


@button("task.progress.set")
def confirmed(ctx: Ctx, number: int, percent: str, note: str) -> Pressed:
    ctx, task = open_by_id(ctx, number, VERB)
    text = _set(ctx, task, _percent(percent), note)
    return Pressed(text, card=text_card(text))
