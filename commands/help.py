"""What can be said.  ``/帮助``: at most twelve lines, by role;  ``/帮助 任务``: one command with its example;
``/帮助 计划``: the commands of one chapter."""

from __future__ import annotations

from functools import cache

from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands import grammar
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import Command, command
from commands.help_topics import TOPICS, Topic, topic
from commands.line import fold
from commands.nearby import nearest
from commands.reply import Reply, reply

MOST_COMMANDS = 8
"""With the headline and three more lines: at most twelve."""
MOST_SUBVERBS = 9


@command(
    "帮助",
    "help",
    "菜单",
    "?",
    "怎么用",
    usage=say("能做什么、怎么写", "What can be done, and how"),
    example=say("/帮助 任务", "/help task"),
)
def show(ctx: Ctx, words: Rest) -> Reply:
    """The short list, or one command."""
    if words:
        chapter = topic(fold(words).strip(" /?。"))
        return _chapter(ctx, chapter) if chapter is not None else _one(ctx, words)
    shown = [entry for entry in _entries() if entry.help_rank and entry.roles == "all"]
    lines = [
        say(
            "在群里先 @我，/ 可以不写。直接说也行：“明天上午 10 点提醒我交周报”",
            "In a group @ me first; no slash needed. Or say “remind me tomorrow 10am to send the report”",
        )
        if ctx.in_group
        else say(
            "/ 可以不写。直接说也行：“明天上午 10 点提醒我交周报”",
            "No slash needed. Or say “remind me tomorrow 10am to send the report”",
        )
    ]
    lines += [_line(ctx, entry) for entry in shown[:MOST_COMMANDS]]
    if others := shown[MOST_COMMANDS:]:
        lines.append(say("还有：{words}", "Also: {words}", words=_words(ctx, others)))
    if ctx.is_admin:
        admins = [entry for entry in _entries() if entry.help_rank and entry.roles == "admin"]
        lines.append(say("管理员：{words}", "Admins: {words}", words=_words(ctx, admins)))
    lines.append(
        say(
            "看例子：/帮助 任务　更多：/帮助 {topics}",
            "Examples: /help task. More: /help {topics}",
            topics=listed(one.name for one in TOPICS),
        )
    )
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))


def _chapter(ctx: Ctx, chapter: Topic) -> Reply:
    """Its commands, one a line."""
    entries = [grammar.known().commands[word] for word in chapter.commands]
    lines = [_line(ctx, entry) for entry in entries]
    lines.append(say("看例子：/帮助 {word}", "Examples: /help {word}", word=_word(ctx, entries[0])))
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))


def _one(ctx: Ctx, words: str) -> Reply:
    """Raises UserError naming the nearest command."""
    table = grammar.known()
    word = " ".join(fold(words).replace("/", " ").split())
    entry = table.commands.get(word) or table.glued.get(word) or table.commands.get(word.split(" ")[0])
    if entry is None:
        near = nearest(word, table.commands)
        if near:
            raise UserError(
                say(
                    "没有「{word}」，是不是：/帮助 {near}",
                    "There is no “{word}”. Did you mean: /help {near}",
                    word=words[:20],
                    near=near,
                )
            )
        raise UserError(
            say("没有「{word}」这个命令。发「/帮助」看有哪些。", "There is no “{word}”. Send “/help”.", word=words[:20])
        )
    lines = [_line(ctx, entry), say("例：{example}", "Example: {example}", example=entry.example)]
    lines += [
        say(
            "/{word} {usage}　例：{example}",
            "/{word} {usage}. Example: {example}",
            word=_word(ctx, sub),
            usage=sub.usage,
            example=sub.example,
        )
        for sub in _under(entry)[:MOST_SUBVERBS]
    ]
    also = [word for word in entry.words[1:] if word != _word(ctx, entry)]
    if also:
        lines.append(say("也可以写：{words}", "Also: {words}", words=" ".join("/" + word for word in also)))
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))


def _line(ctx: Ctx, entry: Command) -> Text:
    return say("/{word} {usage}", "/{word} {usage}", word=_word(ctx, entry), usage=entry.usage)


def _words(ctx: Ctx, entries: list[Command]) -> str:
    return " ".join("/" + _word(ctx, entry) for entry in entries)


def _word(ctx: Ctx, entry: Command) -> str:
    """In the reader's language."""
    if ctx.locale == "en":
        return next((word for word in entry.words if word.isascii()), entry.words[0])
    return entry.words[0]


def _under(entry: Command) -> list[Command]:
    """Its sub-verbs."""
    return [sub for sub in _entries() if sub is not entry and sub.words[0].startswith(entry.words[0] + " ")]


@cache
def _entries() -> list[Command]:
    """Every command once, in the order of the help."""
    found = {id(entry): entry for entry in grammar.known().commands.values()}
    return sorted(found.values(), key=lambda entry: (entry.help_rank or 99, entry.words[0]))
