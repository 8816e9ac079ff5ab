"""What the clock has to tell somebody who cannot be written to directly: an @ in the project's groups, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from chat.cards import text_card
from chat.text import Text, listed, say
from reports.daily_desk import Desk
from reports.early import words as nearing
from reports.rules import NAMES, SILENT, WARN, WORDS
from reports.silence import OWNER
from storage.people import Person
from storage.pushes import Push
from storage.tasks import Task

MOST = 8


def mention(desk: Desk, person: Person, rule: str, pushes: Sequence[Push]) -> None:
    """Of their own tasks alone, in one line; a lead without a direct chat hears nothing, nor who left the company."""
    own = [push for push in pushes if push.task.owner == person.id and (rule != SILENT or push.rule == OWNER)]
    if own and person.left_at is None:
        say_in_groups(desk, person, rule, _words(desk, person, rule, own[:MOST]))


def mention_holding(desk: Desk, person: Person, ref: str) -> None:
    """That a thing of theirs holds up others; nothing for ""."""
    for chat in desk.groups if ref and person.left_at is None else ():
        who = desk.speaker.mention(person, chat.platform)
        text = say("{who} {ref} 会影响后面的任务，发「/风险」看看。", "{who} {ref} holds others up: send “/risk”.",
                   who=who, ref=ref)  # fmt: skip
        desk.speaker.in_chat(chat, desk.project, text_card(text))


def _words(desk: Desk, person: Person, rule: str, pushes: Sequence[Push]) -> Text:
    tasks = [push.task for push in pushes]
    if rule == WARN:
        return nearing(desk, person, pushes)
    if rule == SILENT:
        return say(
            "{tasks} 3 个工作日没更新。回：{ref} 还在做，或 {ref} 完成；卡住了发 /阻塞 原因。",
            "{tasks}: no word for 3 working days. Reply: {ref} still at it, or {ref} done; stuck: /blockers why.",
            tasks=_named(tasks), ref=tasks[0].ref,
        )  # fmt: skip
    return say("{tasks} 到期未完成。", "{tasks}: due and not done.", tasks=_named(tasks))


def _named(tasks: Sequence[Task]) -> Text:
    return listed(say("{ref} {title}", "{ref} {title}", ref=task.ref, title=task.title) for task in tasks)


def say_in_groups(desk: Desk, person: Person, rule: str, words: Text) -> None:
    """words: whole sentences; who they are for is mentioned, and how they turn such things off is said behind them."""
    zh, en = WORDS[rule]
    for chat in desk.groups:
        text = say(
            "{who} {words}{name} · 关闭此类：/设置 我的提醒 {off} 关",
            "{who} {words} {name} · To turn these off: /set reminders {off} off",
            who=desk.speaker.mention(person, chat.platform), words=words, name=NAMES[rule], off=say(zh, en),
        )  # fmt: skip
        desk.speaker.in_chat(chat, desk.project, text_card(text))
