"""The first minute: the bot comes into a group and says what it does."""

from __future__ import annotations

from chat.cards import Button, text_card
from chat.text import say
from commands.context import Ctx
from commands.grammar import event
from commands.reply import Reply


@event("bot_added")
def added(ctx: Ctx) -> Reply:
    """Meet everyone the platform names; greet. Who brought the bot is the project's owner."""
    for one in ctx.thing.data.get("members", ()):
        person = ctx.books.people.meet(ctx.chat.platform, one["id"], one["name"])
        ctx.books.people.seen_in(ctx.chat.id, person.id)
    return greeting()


def greeting() -> Reply:
    """The card with the three ways on."""
    text = say(
        "👋 我是进度助手：收 3 行日报、跟任务、提醒逾期。\n"
        "还差 3 步（约 3 分钟）：① 项目名和上线日 ② 参与人 ③ 日报时间",
        "👋 I am the progress assistant: 3-line daily reports, tasks, reminders.\n"
        "3 steps to go (about 3 minutes): ① project name and launch day ② people ③ report times",
    )
    return Reply(
        text_card(
            text,
            Button(say("开始设置", "Set up"), "wizard.start", style="primary"),
            Button(say("先看示例", "Show me an example"), "welcome.sample"),
            Button(say("暂时不用", "Not now"), "welcome.later"),
        )
    )
