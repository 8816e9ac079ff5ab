"""From a line of chat to the function that means it.

Commands first (with a slash or as a bare first word), then the answer to an open question, then what a reply to one of
our cards means, then patterns of plain words. What nobody understands still gets an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from chat.errors import UserError
from chat.messages import TOKEN
from chat.text import say
from commands import voice
from commands.context import Ctx
from commands.grammar import Command, Heard, Table
from commands.line import Line
from commands.nearby import nearest
from commands.reply import Again, Reply
from commands.sentences import may_be_sentence

_WORD = re.compile(r"\s*([/、\\]?)\s*([^\s/@#!:,.;\ufffc]+)[:]?")
_SECOND = re.compile(r"[ ]*([^\s/@#!:,.;\ufffc\d][^\s/@#!:,.;\ufffc]*)")
TASKS = (40, 41)
"""Ranks of the patterns that make tasks of plain words; they ask by themselves when it was said aloud."""
OFFERS = (40, 41, 42, 43)
"""Ranks of all the patterns that make or offer tasks."""
_HEAD = re.compile(r"\D+")
_BEFORE_CODE = re.compile(r"([^\W\d_a-z]+)[tb]\d")
_PEOPLE_FIRST = re.compile(r"\s*(?:\ufffc[\s,:]*)+(?=/)")
_SLASHED_CODE = re.compile(r"\s*/(?=\s*[tb] ?\d)")


def interpret(ctx: Ctx, table: Table) -> Reply | None:
    """Handle one message. Raises UserError with what to do next."""
    if ctx.thing.voice:
        return _said_aloud(ctx, table)
    if people := _PEOPLE_FIRST.match(ctx.line.folded):
        ctx.line = _behind(ctx.line, people.end())  # @李四 /任务 海报
    if slash := _SLASHED_CODE.match(ctx.line.folded):
        ctx.line.cut(0, slash.end())  # /T1 完成
    folded = ctx.line.folded
    if folded.lstrip().startswith("/"):
        return _command(ctx, table, folded)
    asked = ctx.books.questions.open(ctx.chat.id, ctx.person.id)
    if asked is not None and asked.kind in table.eager and (said := table.answers[asked.kind](ctx, asked.subject)):
        return _done(ctx, table, said)
    if (said := _heard(ctx, table, certain=True)) is not None:
        return said
    found = _find(table, folded, bare=True)
    if found is not None:
        return _sentence(ctx, table, *found) or _run(ctx, *found)
    if asked is not None and asked.kind not in table.eager and (said := table.answers[asked.kind](ctx, asked.subject)):
        return _done(ctx, table, said)
    return _plain(ctx, table)


def _said_aloud(ctx: Ctx, table: Table) -> Reply | None:
    """Nothing said aloud is done before its speaker has seen what was heard; a task is offered with its fields."""
    voice.heard(ctx)
    tasks = [heard for heard in table.heard if heard.rank in TASKS]
    return _first(ctx, table, tasks) or voice.confirm(ctx)


def _sentence(ctx: Ctx, table: Table, command: Command, stop: int) -> Reply | None:
    """The task that is meant, if any: what begins with a command's word need not be one."""
    if not may_be_sentence(command, ctx.line.folded[stop:]):
        return None
    return _first(ctx, table, [heard for heard in table.heard if heard.rank in OFFERS])


def _behind(line: Line, stop: int) -> Line:
    """The mentions before ``stop`` at the end of the line instead."""
    count = line.text.count(TOKEN, 0, stop)
    return Line(f"{line.text[stop:]} {' '.join(TOKEN * count)}", [*line.people[count:], *line.people[:count]])


def _done(ctx: Ctx, table: Table, said: Reply | Again) -> Reply | None:
    """An answer may stand for a whole message."""
    return interpret(ctx.once_more(said), table) if isinstance(said, Again) else said


def _plain(ctx: Ctx, table: Table) -> Reply | None:
    if ctx.quoted_name:
        prefix, _, rest = ctx.quoted_name.partition(":")
        if prefix in table.quoted and (said := table.quoted[prefix](ctx, rest)) is not None:
            return _done(ctx, table, said)
    return _heard(ctx, table, certain=False)


def _heard(ctx: Ctx, table: Table, *, certain: bool) -> Reply | None:
    """``certain``: patterns of rank 0, which even a command's word at the beginning does not overrule."""
    return _first(ctx, table, [heard for heard in table.heard if (heard.rank == 0) is certain])


def _first(ctx: Ctx, table: Table, patterns: Iterable[Heard]) -> Reply | None:
    """The first that has something to say."""
    for heard in patterns:
        match = heard.pattern.search(ctx.line.folded) if heard.pattern else None
        if (heard.pattern is None or match) and (said := heard.run(ctx, match)) is not None:
            return _done(ctx, table, said)
    return None


def _command(ctx: Ctx, table: Table, folded: str) -> Reply | None:
    found = _find(table, folded, bare=False)
    if found is None:
        raise _unknown(ctx, table, folded)
    return _run(ctx, *found)


def _run(ctx: Ctx, command: Command, stop: int) -> Reply | None:
    ctx.line.cut(0, stop)
    return command(ctx)


def _find(table: Table, folded: str, *, bare: bool) -> tuple[Command, int] | None:
    """The command a line begins with and where its words end; a sub-verb wins over its verb.

    ``bare``: without a slash only whole words count. ``、`` and ``\\`` are what a thumb hits for ``/``.
    """
    first = _WORD.match(folded)
    if first is None:
        return None
    word = first.group(2)
    second = _SECOND.match(folded, first.end())
    if second is not None:
        words = f"{word} {second.group(1)}"
        third = _SECOND.match(folded, second.end())
        if third is not None and (command := table.commands.get(f"{words} {third.group(1)}")):
            return command, third.end()
        if command := table.commands.get(words):
            return command, second.end()
    if command := table.commands.get(word):
        return command, first.end()
    if code := _BEFORE_CODE.match(word):  # 完成T1
        word = code.group(1)
        return (table.commands[word], first.start(2) + len(word)) if word in table.commands else None
    return None if bare else _glued(table, word, first.start(2))


def _glued(table: Table, word: str, start: int) -> tuple[Command, int] | None:
    """``/任务渠道投放``, ``/日报设置17:30``: words glued together; a whole sub-verb, else the longest verb."""
    head = _HEAD.match(word)
    if head is not None and (command := table.glued.get(head.group())):
        return command, start + head.end()
    for length in range(len(word) - 1, 1, -1):
        if not word[:length].isascii() and (command := table.commands.get(word[:length])):
            return command, start + length
    return None


def _unknown(ctx: Ctx, table: Table, folded: str) -> UserError:
    match = _WORD.match(folded)
    word = ctx.line.text[match.start(2) : match.end(2)] if match else ""
    near = nearest(match.group(2), table.commands) if match else ""
    if match is None or not near:
        return UserError(
            say(
                "没有「/{word}」这个命令。发「/帮助」看我能做什么。",
                "There is no command “/{word}”. Send “/help” to see what I can do.",
                word=word[:20],
            )
        )
    ctx.line.cut(0, match.end())
    own = ctx.line.shown()[:60]
    return UserError(
        say(
            "没有「/{word}」这个命令，是不是「/{nearest}」？例：{example}",
            "There is no command “/{word}”. Did you mean “/{nearest}”? Example: {example}",
            word=word[:20],
            nearest=near,
            example=f"/{near} {own}" if own else table.commands[near].example,
        )
    )
