"""Which kinds of reminders somebody wants.  ``/设置 我的提醒``  ``/设置 我的提醒 逾期 关``  [关闭此类]"""

from __future__ import annotations

import re

from chat.cards import OFF, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.reply import Pressed, Reply, reply
from commands.warn import phrase, wished
from reports.rules import DRAFT, NAMES, RATE, WARN, WORDS

_ON = re.compile(r"(?:开|打开|开启|恢复|是|on|yes)\s*$")
_OFF = re.compile(r"(?:关|关闭|关掉|否|off|no)\s*$")
_AS_PROJECT = re.compile(r"跟项目|默认|default|project")
_RULES = tuple((rule, re.compile("|".join(WORDS[rule]))) for rule in dict.fromkeys((DRAFT, RATE, *WORDS)))
"""周报草稿 is no 周报, 日报提交率 no 日报: these two are looked for first."""


@command(
    "设置 我的提醒", "set reminders",
    usage=say("自己收哪些提醒：逾期、静默、预警……", "Your own reminders: overdue, silence, early …"),
    example=say("/设置 我的提醒 逾期 开", "/set reminders overdue on"),
)  # fmt: skip
def own(ctx: Ctx, words: Rest) -> Reply:
    """Only the writer's own."""
    folded = ctx.line.folded
    if not words:
        return _shown(ctx)
    rule = next((rule for rule, pattern in _RULES if pattern.search(folded)), None)
    if rule == WARN and (_AS_PROJECT.search(folded) or not (_OFF.search(folded) or _ON.search(folded))):
        return _early(ctx, folded)
    if rule is None or not (_ON.search(folded) or _OFF.search(folded)):
        raise UserError(
            say("写哪一种、开还是关，例：/设置 我的提醒 逾期 关。可选：{names}",
                "Say which, and on or off, e.g. /set reminders overdue off. There are: {names}",
                names=listed(say(zh, en) for zh, en in WORDS.values()))
        )  # fmt: skip
    return Reply(text_card(muting(ctx, rule, off=_OFF.search(folded) is not None)))


def muting(ctx: Ctx, rule: str, *, off: bool) -> Text:
    """Turn a rule off or on for the writer; what to say of it."""
    if off:
        return _mute(ctx, rule)
    ctx.books.pushes.unmute(ctx.person.id, rule)
    return say("✅ 你的{what}：开。", "✅ Yours is on: {what}.", what=NAMES[rule])


def _shown(ctx: Ctx) -> Reply:
    muted = {rule for rule in WORDS if ctx.books.pushes.muted(ctx.person.id, rule)}
    states = dict.fromkeys(WORDS, say("开", "on")) | {WARN: _early_state(ctx)} | dict.fromkeys(muted, say("关", "off"))
    lines = [say("{name}：{state}", "{name}: {state}", name=NAMES[rule], state=state) for rule, state in states.items()]
    lines.append(say("要改：/设置 我的提醒 逾期 关", "To change: /set reminders overdue off"))
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))


def _early_state(ctx: Ctx) -> Text:
    mine, theirs = ctx.books.warnings.of("person", ctx.person.id), ctx.books.warnings.of_project(ctx.project.id)
    if mine:
        return say("提前{ahead}", "{ahead}", ahead=phrase(mine))
    if theirs:
        return say("跟项目，提前{ahead}", "as the project: {ahead}", ahead=phrase(theirs))
    return say("项目没开", "the project has none")


def _early(ctx: Ctx, folded: str) -> Reply:
    """``预警 5 3 1``, ``预警 跟项目``: for all tasks of the writer's own, in every project."""
    if _AS_PROJECT.search(folded):
        ctx.books.warnings.drop("person", ctx.person.id)
        return reply("✅ 你的预警跟项目走。", "✅ Early warnings as the project has them.")
    aheads = wished(folded, working=True, example=say("/设置 我的提醒 预警 5 3 1", "/set reminders early 5 3 1"))
    ctx.books.warnings.put("person", ctx.person.id, aheads)
    ctx.books.pushes.unmute(ctx.person.id, WARN)
    return reply(
        "✅ 你负责的任务到期前{ahead} 10:00 私聊提醒。",
        "✅ You are told of your due tasks {ahead}, at 10:00.",
        ahead=phrase(aheads),
    )  # fmt: skip


def _mute(ctx: Ctx, rule: str) -> Text:
    ctx.books.pushes.mute(ctx.person.id, rule)
    zh, en = WORDS[rule]
    return say(
        "好的，不再给你发「{rule}」。要恢复：/设置 我的提醒 {word} 开",
        "OK, no more of these for you: {rule}. To get them again: /set reminders {word} on",
        rule=NAMES[rule], word=say(zh, en),
    )  # fmt: skip


@button(OFF)
def muted(ctx: Ctx, rule: str) -> Pressed:
    """[关闭此类], for the presser alone."""
    if rule not in WORDS:
        raise UserError(say("这张卡片已经过期。", "This card has expired."))
    return Pressed(_mute(ctx, rule))
