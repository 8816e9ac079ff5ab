"""Through which platform, and in which message, a task was changed.  ``/任务 原话 T1``"""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from chat.titles import title
from commands.access import task_by_id
from commands.context import Ctx
from commands.grammar import button, command, hears
from commands.history import line_of
from commands.reply import Pressed, Reply
from commands.task_lines import Subjects, leading, ref_then, the_task
from reports.task_cards import head
from storage.projects import Chat
from storage.tasks import Task

MOST = 3
SEE = say("看", "Show")
EXAMPLE = say("/任务 原话 T1", "/task messages T1")


@command(
    "任务 原话",
    "任务 出处",
    "task messages",
    usage=say("任务是在哪几条消息里改的", "In which messages a task was changed"),
    example=EXAMPLE,
)
def messages(ctx: Ctx, numbers: Subjects) -> Reply:
    """The newest three changes, each as a reply to the message that made it. Raises UserError: none was said here."""
    return _shown(ctx, the_task(ctx, numbers, SEE, EXAMPLE, closed=True))


@hears(ref_then(r"(?:原话|出处|messages)\s*$"), rank=9)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 原话``"""
    return messages(ctx, leading(ctx, match))


@button("task.messages")
def pressed(ctx: Ctx, task_id: int) -> Pressed:
    there, task = task_by_id(ctx, task_id)
    return Pressed(say("原话在下面", "The messages are below"), reply=_shown(there, task))


def _shown(ctx: Ctx, task: Task) -> Reply:
    """Replies to the messages themselves: whoever presses the quoted one is taken there."""
    found = _said(ctx, task)
    here = [lines for (chat, message), lines in found.items() if chat == ctx.chat.id and message]
    if not here:
        raise UserError(_elsewhere(ctx, task, [chat for chat, _ in found]))
    answered = [message for chat, message in found if chat == ctx.chat.id and message]
    for message, lines in list(zip(answered, here, strict=True))[-MOST:]:
        ctx.books.outbox.post(
            ctx.chat.platform, ctx.chat.external_id, text_card(join([head(task), *lines], "\n")), locale=ctx.locale,
            reply_to=message,
        )  # fmt: skip
    n = min(len(here), MOST)
    text = say("{ref} 最近 {n} 次在这里的改动，都引着原话。",
               "The newest changes of {ref} made here, {n}, each with its message.", ref=task.ref, n=n)  # fmt: skip
    return Reply(text_card(text))


def _said(ctx: Ctx, task: Task) -> dict[tuple[int, str], list[Text]]:
    """{(chat, message): what it changed}, oldest first."""
    found: dict[tuple[int, str], list[Text]] = {}
    for event in ctx.tasks.history(task):
        line = line_of(ctx, event)
        if event.chat is not None and line is not None:
            found.setdefault((event.chat, event.message_id), []).append(line)
    return found


def _elsewhere(ctx: Ctx, task: Task, chats: list[int]) -> Text:
    if not chats:
        return say("{ref} 没有记下是哪条消息改的。看经过：/任务 历史 {ref}",
                   "Nobody noted which messages changed {ref}. What happened: /task history {ref}",
               ref=task.ref)  # fmt: skip
    places = [_place(ctx.books.projects.chat_by_id(chat), task) for chat in dict.fromkeys(chats)]
    return say("{ref} 不是在这里改的，是在：{places}。到那里发：/任务 原话 {ref}",
               "{ref} was changed elsewhere: {places}. Send there: /task messages {ref}", ref=task.ref,
               places=listed(places))  # fmt: skip


def _place(chat: Chat, task: Task) -> Text:
    """A group by its name, if it is one of the task's project; of a direct chat only that it is one."""
    if chat.kind == "group" and chat.project_id == task.project_id:
        return say("{on}「{name}」", "{on} “{name}”", on=title(chat.platform), name=chat.name)
    if chat.kind == "group":
        return say("{on}另一个群", "another group on {on}", on=title(chat.platform))
    return say("{on}私聊", "a direct chat on {on}", on=title(chat.platform))
