"""The first minute: the bot comes into a group and says what it does; and its return after it was removed."""

from __future__ import annotations

from datetime import timedelta

from chat.cards import Button, text_card
from chat.text import say
from commands.access import require
from commands.context import Ctx
from commands.grammar import button, event
from commands.reply import Pressed, Reply
from reports import presence
from reports.sample import sample_digest

GREETED = timedelta(days=365)


@event("bot_added")
def added(ctx: Ctx) -> Reply | None:
    """Meet everyone the platform names; greet. Who brought the bot is the project's owner.

    Where a chat must talk first, the greeting answers the first @.
    """
    for one in ctx.thing.data.get("members", ()):
        person = ctx.books.people.meet(ctx.chat.platform, one["id"], one["name"])
        ctx.books.people.seen_in(ctx.chat.id, person.id)
    if ctx.chat.state != "active":
        return came_back(ctx)
    if not ctx.can.push_unasked:
        return None
    return greeting() if greets(ctx) else None


def greets(ctx: Ctx) -> bool:
    """True once a group: it has no project set up and was not greeted yet."""
    return (
        ctx.in_group
        and ctx.project.state == "new"
        and ctx.books.notices.first(f"chat:{ctx.chat.id}", "greeting", GREETED)
    )


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


@button("welcome.sample")
def sample(ctx: Ctx) -> Pressed:
    """A digest of invented data; real tasks and reports are not touched."""
    return Pressed(say("示例来了。", "Here is an example."), reply=Reply(sample_digest(ctx.today, ctx.calendar)))


@button("welcome.later")
def later(_: Ctx) -> Pressed:
    """Nothing is asked again; what was said works all the same."""
    text = say(
        "好的，先不设置，也不会主动发消息。想用时 @我 发「/设置」。",
        "OK, nothing is set up and nothing is sent. Whenever you like, @ me with “/set”.",
    )
    return Pressed(text, text_card(text))


def came_back(ctx: Ctx) -> Reply:
    """Removed and brought back: the history is still there, the clock waits for a decision.

    Some platforms tell it; on others whoever talks there does.
    """
    ctx.books.projects.chat_state(ctx.chat.id, "active")
    missed = presence.missed(ctx.books, ctx.project)
    if missed is None:
        presence.resume(ctx.books, ctx.chat, ctx.project)
        return Reply(text_card(say("我回来了，这里一切照旧。", "I am back; everything is as it was.")))
    text = say(
        "我回来了。停用期间漏 {n} 次日报。",
        "I am back. {n} daily reports were missed meanwhile.",
        n=missed,
    )
    if ctx.project.state == "archived":
        ctx.books.projects.change(ctx.project, state="active")
    return Reply(
        text_card(
            text,
            Button(say("恢复定时", "Resume the schedules"), "presence.resume", style="primary"),
            Button(say("从头设置", "Set up again"), "wizard.start"),
        )
    )


@button("presence.resume")
def resume(ctx: Ctx) -> Pressed:
    """The clock goes on from now; nothing missed is sent later."""
    require(ctx, "project.setup")
    count = presence.resume(ctx.books, ctx.chat, ctx.project)
    if not count:
        return Pressed(say("定时已经在走，没有要恢复的。", "The schedules are running; nothing to resume."))
    text = say("✅ 已恢复 {n} 个定时，从现在起照常。", "✅ {n} schedules go on from now.", n=count)
    return Pressed(say("已恢复。", "Resumed."), text_card(text), Reply(text_card(text)))
