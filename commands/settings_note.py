"""Must a task have a note before it counts as done?  ``/设置 完成必填说明 开``"""

from __future__ import annotations

import re

from chat.errors import UserError
from chat.text import say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply, reply
from reports.notes import SWITCH

_ON = re.compile(r"(?:开|打开|开启|是|on|yes)\s*$", re.IGNORECASE)
_OFF = re.compile(r"(?:关|关闭|关掉|否|off|no)\s*$", re.IGNORECASE)


@command(
    "设置 完成必填说明",
    "set note",
    usage=say("完成任务必须写一句说明：开或关", "Finishing a task needs a note: on or off"),
    example=say("/设置 完成必填说明 开", "/set note on"),
    roles="admin",
)
def switch(ctx: Ctx, words: Rest) -> Reply:
    """Without 开 or 关: how it is set now."""
    if not words:
        on = bool(ctx.project.settings.get(SWITCH))
        return reply(
            "完成必填说明：{state}。要改：/设置 完成必填说明 {other}",
            "A note on finishing is {state}. To change: /set note {other}",
            state=say("开", "on") if on else say("关", "off"),
            other=say("关", "off") if on else say("开", "on"),
        )
    require(ctx, "settings.note")
    if _ON.match(words):
        ctx.books.projects.set(ctx.project, **{SWITCH: True})
        return reply(
            "✅ 完成必填说明：开。完成任务要写 6 个字以上或贴链接。",
            "✅ Finishing a task now needs a note of 6 characters or a link.",
        )
    if _OFF.match(words):
        ctx.books.projects.set(ctx.project, **{SWITCH: None})
        return reply("✅ 完成必填说明：关。", "✅ Finishing a task needs no note.")
    raise UserError(say("写「开」或「关」，例：/设置 完成必填说明 开", "Say on or off, e.g. /set note on"))
