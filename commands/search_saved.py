"""Searches under a name of one's own.

``/视图 存 我的投放：投放 负责人:我 本周``, ``/视图 我的投放``, ``/视图 删 我的投放``
"""

from __future__ import annotations

import re

from chat.cards import Button, Buttons, Card, Paragraph
from chat.errors import UserError
from chat.text import Text, join, say
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Again, Pressed, Reply, reply
from commands.search import found

KEEP = say("/视图 存 我的投放：投放 负责人:我 本周", "/view save mine: banner owner:me this week")
MOST, LONGEST_NAME, LONGEST = 20, 12, 200
_PARTS = re.compile(r"^(?P<name>[^:：=＝]*)[:：=＝]\s*(?P<words>.+)$", re.DOTALL)
_MENTION = re.compile(r"(?<![^\s])@(\S+)")
"""What was said with an @ is kept as the name, which any platform understands."""


@command("视图", "view", "views", "我的视图",
         usage=say("自己存的查找：看列表，或写名字就查", "Searches you saved: the list, or one by its name"),
         example=say("/视图 我的投放", "/view mine"))  # fmt: skip
def view(ctx: Ctx) -> Reply:
    """Alone: the list with a button each. With a name: what it finds now. Raises UserError: no such name."""
    name = ctx.line.rest
    if name:
        return _run(ctx, name)
    saved = ctx.books.saved.of(ctx.person.id)
    if not saved:
        raise UserError(say("还没有存过视图。例：{example}", "No view saved yet. Example: {example}", example=KEEP))
    lines: list[Text] = [say("{who} 的视图", "Views of {who}", who=ctx.person.name)]
    lines += [say("{name}：{words}", "{name}: {words}", name=name, words=words) for name, words in saved.items()]
    picks = [Button(say("{name}", "{name}", name=name), "view", (name,)) for name in saved]
    return Reply(Card((Paragraph(join(lines, "\n")), Buttons(tuple(picks)))))


@command("视图 存", "view save", usage=say("给一次查找起名存下来", "Save a search under a name"), example=KEEP)
def keep(ctx: Ctx) -> Reply:
    """For the speaker alone; the same name again replaces it. Raises UserError: no name, no words, too many."""
    match = _PARTS.match(ctx.line.shown())
    name = _named(match["name"]) if match else ""
    words = _MENTION.sub(r"负责人:\1", " ".join(match["words"].split())) if match else ""
    if not name or not words:
        raise UserError(say("请写名字、冒号和要查的。例：{example}",
                            "Please give a name, a colon and what to find. Example: {example}",
                            example=KEEP))  # fmt: skip
    if len(name) > LONGEST_NAME or len(words) > LONGEST:
        raise UserError(say("名字最多 {a} 个字，要查的最多 {b} 个字。",
                            "A name has at most {a} characters, a search {b}.",
                            a=LONGEST_NAME, b=LONGEST))  # fmt: skip
    saved = ctx.books.saved.of(ctx.person.id)
    if name not in saved and len(saved) >= MOST:
        raise UserError(say("视图最多 {n} 个，请先删一个：/视图 删 {name}", "At most {n} views; delete one first: "
                            "/view delete {name}", n=MOST, name=next(iter(saved))))  # fmt: skip
    ctx.books.saved.keep(ctx.person.id, name, words)
    if name in saved and saved[name] != words:
        return reply("✅ 视图「{called}」改成：{words}（原来：{before}）",
                     "✅ View “{called}” is now: {words} (was: {before})",
                     _pick(name), called=name, words=words, before=saved[name])  # fmt: skip
    return reply("✅ 视图「{called}」：{words}。以后发：/视图 {called}",
                 "✅ View “{called}”: {words}. From now on: /view {called}",
                 _pick(name), called=name, words=words)  # fmt: skip


@command("视图 删", "视图 删除", "view delete", usage=say("删掉一个视图", "Delete a view"),
         example=say("/视图 删 我的投放", "/view delete mine"))  # fmt: skip
def drop(ctx: Ctx) -> Reply:
    """Only the speaker's own. Raises UserError: no such name."""
    name, words = _own(ctx, ctx.line.rest)
    ctx.books.saved.drop(ctx.person.id, name)
    return reply("已删视图「{called}」。要恢复，发：/视图 存 {called}：{words}",
                 "View “{called}” is deleted. To have it back: /view save {called}: {words}",
                 called=name, words=words)  # fmt: skip


@button("view")
def pressed(ctx: Ctx) -> Pressed:
    """args: a name. Of the presser's own views, whoever's list it is."""
    name, words = _own(ctx, ctx.action.args[0] if ctx.action.args else "")
    return Pressed(say("查「{name}」", "“{name}”", name=name), again=Again(f"/查 {words}"))


def _run(ctx: Ctx, typed: str) -> Reply:
    _, words = _own(ctx, typed)
    return found(ctx.once_more(Again(words)))


def _own(ctx: Ctx, typed: str) -> tuple[str, str]:
    """(name, words). Raises UserError: this person has none of that name."""
    saved = ctx.books.saved.of(ctx.person.id)
    name = next((name for name in saved if fold(name) == fold(_named(typed))), None)
    if name is None:
        raise UserError(
            say("你没有叫「{name}」的视图。看有哪些：/视图；存一个：{example}",
                "You have no view called “{name}”. The list: /view; save one: {example}", name=_named(typed)[:20],
                example=KEEP)
        )  # fmt: skip
    return name, saved[name]


def _named(typed: str) -> str:
    return " ".join(typed.split()).strip("「」“”\"'")


def _pick(name: str) -> Button:
    return Button(say("查", "Find"), "view", (name,))
