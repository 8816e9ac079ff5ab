"""Who is spoken to in what.  ``/设置 语言 English`` for the writer, ``/设置 群语言 中文`` for a group."""

from __future__ import annotations

from dataclasses import replace

from chat.cards import Button
from chat.errors import UserError
from chat.text import say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Pressed, Reply, reply

_CALLED = {
    "zh": ("中文", "汉语", "简体", "简体中文", "普通话", "zh", "zh-cn", "cn", "chinese"),
    "en": ("英文", "英语", "english", "en", "en-us", "en-gb", "eng"),
    "": ("跟群", "跟项目", "默认", "恢复", "default", "reset", "auto"),
}


@command(
    "设置 语言",
    "语言",
    "set language",
    "language",
    usage=say("对自己说中文还是 English", "Chinese or English for you"),
    example=say("/设置 语言 English", "/set language 中文"),
)
def own(ctx: Ctx, words: Rest) -> Reply:
    """The writer's own language, everywhere; 跟群 goes back to the group's."""
    return _own(ctx, _language(words, "language.own"))


@command(
    "设置 群语言",
    "群语言",
    "set group language",
    usage=say("在群里说哪种语言", "The group's language"),
    example=say("/设置 群语言 中文", "/set group language English"),
    roles="admin",
    help_rank=6,
)
def group(ctx: Ctx, words: Rest) -> Reply:
    """What the bot speaks in this group when it speaks to everybody; in a direct chat: the project's language."""
    require(ctx, "settings.group")
    return _group(ctx, _language(words, "language.group"))


@button("language.own")
def own_pressed(ctx: Ctx, language: str) -> Pressed:
    """``language``: zh or en."""
    said = _own(ctx, _language(language, "language.own"))
    return Pressed(say("好的。", "OK."), said.card, said)


@button("language.group")
def group_pressed(ctx: Ctx, language: str) -> Pressed:
    """``language``: zh or en."""
    require(ctx, "settings.group")
    said = _group(ctx, _language(language, "language.group"))
    return Pressed(say("好的。", "OK."), said.card, said)


def _language(words: str, verb: str) -> str:
    """zh, en or "" for the default. Raises UserError with a button for each."""
    said = fold(words).strip(" .。")
    for language, names in _CALLED.items():
        if said in names:
            return language
    text = say("会说中文和 English。用哪种？", "I speak Chinese and English. Which one?")
    raise UserError(text, Button(say("中文", "中文"), verb, ("zh",)), Button(say("English", "English"), verb, ("en",)))


def _own(ctx: Ctx, language: str) -> Reply:
    ctx.books.people.prefer(ctx.person, locale=language)
    ctx.person = replace(ctx.person, locale=language)
    if not language:
        return reply("✅ 语言跟群。", "✅ Your language follows the group.")
    return reply("✅ 以后和 {who} 说中文。", "✅ From now on {who} is answered in English.", who=ctx.person.name)


def _group(ctx: Ctx, language: str) -> Reply:
    if ctx.in_group:
        ctx.books.projects.chat_speaks(ctx.chat.id, language)
        ctx.chat = replace(ctx.chat, locale=language)
        ctx.books.audit(ctx.project.id, "settings.group", "done", f"chat {ctx.chat.id} language={language}")
    else:
        ctx.project = ctx.books.projects.change(ctx.project, locale=language or "zh")
    return reply("✅ 这里以后说中文。", "✅ English is spoken here from now on.")
