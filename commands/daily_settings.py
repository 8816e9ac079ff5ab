"""When reports are asked for.  ``/日报 设置 17:30 收 18:30 截止``"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command
from commands.line import fold
from commands.reply import Reply, reply
from planning.window import DAY, Window, read_window
from reports.daily_plan import arrange, cancel
from reports.days import clock
from reports.readers import NAMES
from reports.rhythm import Rhythm, rhythm_of
from storage.daily_collections import Plan, Readers

EXAMPLE = say("/日报 设置 17:30 收 18:30 截止", "/daily set 17:30 to 18:30")
_SWITCH = re.compile(r"(?:公开)?未交(?:名单|的?人)?|name(?:s| the)? ?missing|missing")
_READERS = re.compile(
    r"(?:谁能看|可见范围|可见)?[\s:是为]*(?:(?P<all>公开|成员可见|所有人可见|大家可见|都能看|public|open to all)"
    r"|(?P<lead>[仅只]?(?:有|给)?(?:负责人|管理员)(?:可见|能看|看)?|leads? only|private)"
    r"|(?P<after>(?:先)?交(?:了|过)?(?:之?后|才|再)(?:可见|能看|可看|看)?|after (?:handing in|reporting)))"
)
_ON = re.compile(r"开|显示|公开(?!未交)|on\b|yes|show")
_OFF = re.compile(r"关|隐藏|不公开|不显示|off\b|no\b|hide")
_STOP = re.compile(r"\s*(?:关闭|关|停用|停|暂停|不用了|off|stop)\s*$")
_RESUME = re.compile(r"\s*(?:恢复|打开|开|启用|on|resume|start)\s*$")
_SHORTEST = 10
"""Minutes between prompt and close."""


@command(
    "日报 设置", "daily set",
    usage=say("日报几点提示、几点截止", "When reports are asked for and closed"),
    example=EXAMPLE,
    roles="admin", help_rank=2,
)  # fmt: skip
def settings(ctx: Ctx, words: Rest) -> Reply:
    """Set the window, or a switch; without words, show what is set. Raises UserError; then nothing is changed."""
    folded = fold(words).strip()
    if not folded:
        return _show(ctx)
    require(ctx, "daily.times")
    plan = ctx.books.collections.plan(ctx.project.id)
    if _SWITCH.search(folded):
        return _name_missing(ctx, plan or Plan(Window()), folded)
    if (match := _READERS.fullmatch(folded)) is not None:
        return _readers(ctx, plan or Plan(Window()), "all" if match["all"] else "lead" if match["lead"] else "after")
    if _STOP.match(folded):
        return _stop(ctx, plan)
    if _RESUME.match(folded) and plan:
        return _set(ctx, replace(plan, on=True))
    return _set(ctx, replace(plan or Plan(Window()), window=_window(words, folded), on=True))


def _window(words: str, folded: str) -> Window:
    """Raises UserError: no times, times that do not exist, or a close before the prompt."""
    wish = read_window(folded)
    if wish.bad or (wish.opens is None and wish.closes is None):
        shown = wish.bad or words[:40]
        raise UserError(
            say("没看懂时间「{words}」。例：{example}", "“{words}” is no time. Example: {example}", words=shown,
                example=EXAMPLE)
        )  # fmt: skip
    if wish.opens is None or wish.closes is None:
        opens = wish.opens if wish.opens is not None else (wish.closes or 0) - 60
        if opens < 0:
            raise UserError(say("还差提示时间。例：{example}", "When shall I ask? Example: {example}", example=EXAMPLE))
        return Window(opens, min(opens + 60, DAY - 1) if wish.closes is None else wish.closes)
    window = Window(wish.opens, wish.closes)
    _check(window)
    return window


def _check(window: Window) -> None:
    opens, closes = clock(window.opens), clock(window.closes % DAY)
    if window.closes < window.opens:
        raise UserError(
            say(
                "截止 {closes} 早于开始 {opens}。要隔夜截止请写：{opens} 收 次日 10:00 截止",
                "The close {closes} is before the start {opens}. To close over night: {opens} to next day 10:00",
                closes=closes, opens=opens,
            )
        )  # fmt: skip
    if window.closes - window.opens < _SHORTEST:
        raise UserError(
            say(
                "{opens} 到 {closes} 太短，至少留 {n} 分钟。例：{example}",
                "{opens} to {closes} is too short; leave {n} minutes at least. Example: {example}",
                opens=opens, closes=closes, n=_SHORTEST, example=EXAMPLE,
            )
        )  # fmt: skip
    if window.closes - window.opens >= DAY:
        raise UserError(
            say(
                "截止 次日 {closes} 晚于第二天的提示 {opens}。请早一点截止。",
                "The close, next day {closes}, is after the next prompt at {opens}. Please close earlier.",
                closes=closes, opens=opens,
            )
        )  # fmt: skip


def _set(ctx: Ctx, plan: Plan) -> Reply:
    ctx.books.collections.set_plan(ctx.project.id, plan)
    rhythm = rhythm_of(ctx.books, ctx.project)
    days = arrange(ctx.books, rhythm)
    ctx.books.audit(ctx.project.id, "daily.times", "done", _hours(plan.window).plain())
    firings = [ctx.short_day(day, plan.window.opens) for day in days]
    return Reply(
        text_card(
            say(
                "✅ 日报：{plan}\n接下来 3 次：{days}",
                "✅ Daily report: {plan}\nNext 3: {days}",
                plan=_described(rhythm, days[0]), days=join(firings, " · "),
            )
        )
    )  # fmt: skip


def _described(rhythm: Rhythm, day: date) -> Text:
    """``工作日 17:30 提示，18:30 截止，18:18 只催没交的人。`` as it is on ``day``."""
    times = rhythm.times(day)
    if times.nudge is None:
        return say("工作日 {hours}。", "working days, {hours}.", hours=_hours(rhythm.plan.window))
    nudge = rhythm.local(times.nudge)
    at = say(
        "次日 {clock}" if nudge.date() != day else "{clock}",
        "{clock} next day" if nudge.date() != day else "{clock}",
        clock=f"{nudge:%H:%M}",
    )
    return say(
        "工作日 {hours}，{nudge} 只催没交的人。",
        "working days, {hours}; at {nudge} only those missing are reminded.",
        hours=_hours(rhythm.plan.window), nudge=at,
    )  # fmt: skip


def _hours(window: Window) -> Text:
    return say(
        "{opens} 提示，次日 {closes} 截止" if window.overnight else "{opens} 提示，{closes} 截止",
        "prompt {opens}, closes next day {closes}" if window.overnight else "prompt {opens}, closes {closes}",
        opens=clock(window.opens), closes=clock(window.closes % DAY),
    )  # fmt: skip


def _name_missing(ctx: Ctx, plan: Plan, folded: str) -> Reply:
    off, on = _OFF.search(folded), _ON.search(folded)
    if not off and not on:
        raise UserError(say("开还是关？例：/日报 设置 未交名单 开", "On or off? Example: /daily set missing on"))
    ctx.books.collections.set_plan(ctx.project.id, replace(plan, name_missing=not off))
    if off:
        return reply("✅ 汇总不列未交的人，只写交了几份。", "✅ The digest gives the number only, no names.")
    return reply("✅ 汇总会列出未交的人。", "✅ The digest will name who did not report.")


def _readers(ctx: Ctx, plan: Plan, readers: Readers) -> Reply:
    """Who reads what people write, from now on and in what was handed in before."""
    ctx.books.collections.set_plan(ctx.project.id, replace(plan, readers=readers))
    ctx.books.audit(ctx.project.id, "daily.readers", "done", readers)
    return reply("✅ 日报内容：{who}。", "✅ What reports say is read by: {who}.", who=NAMES[readers])


def _stop(ctx: Ctx, plan: Plan | None) -> Reply:
    if plan is None or not plan.on:
        return reply("日报本来就没开，没有改动。", "Daily reports are off already; nothing was changed.")
    ctx.books.collections.set_plan(ctx.project.id, replace(plan, on=False))
    cancel(ctx.books, ctx.project)
    return reply(
        "✅ 不再提示日报，已交的都在。要恢复：/日报 设置 恢复",
        "✅ Daily reports are off; everything handed in is kept. To resume: /daily set resume",
    )


def _show(ctx: Ctx) -> Reply:
    plan = ctx.books.collections.plan(ctx.project.id)
    if plan is None or not plan.on:
        return reply("还没设置日报时间。例：{example}", "Daily reports are not set up. Example: {example}",
                     example=EXAMPLE)  # fmt: skip
    rhythm = rhythm_of(ctx.books, ctx.project)
    return reply(
        "日报：{plan}{names}\n内容：{readers}。改：/日报 设置 公开、仅负责人、交后可见\n要改时间：{example}",
        "Daily report: {plan}{names}\nRead by: {readers}. To change: /daily set public, leads only, after reporting\n"
        "To change the times: {example}",
        readers=NAMES[plan.readers],
        plan=_described(rhythm, rhythm.next_days(ctx.at, None, 1)[0]),
        names=say("汇总会列出未交的人。", " The digest names who is missing.") if plan.name_missing else say("", ""),
        example=EXAMPLE,
    )
