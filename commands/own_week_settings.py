"""What a project's people get when a week or month ends: drafts of their reports, and how regular they were.

``/周报 草稿 设置 18:45``  ``/周报 草稿 设置 关``  ``/日报 提交率 设置 关``
"""

from __future__ import annotations

from chat.errors import UserError
from chat.text import Text, say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import command
from commands.line import fold
from commands.reply import Reply, reply
from commands.round_settings import OFF, ON, RIGHT, minute_of
from reports import rounds
from reports.days import clock
from reports.own_week_push import SWITCH as DRAFTS
from reports.rates import SWITCH as RATES
from reports.rhythm import rhythm_of
from reports.rounds import OWN_WEEK, ROUNDS

DRAFTS_EXAMPLE = say("/周报 草稿 设置 18:45", "/weekly draft set 18:45")
RATES_EXAMPLE = say("/日报 提交率 设置 关", "/daily rate set off")


@command(
    "周报 草稿 设置", "weekly draft set",
    usage=say("几点把周报草稿私聊给每个人，或不给", "When everybody gets a draft of their report, or not"),
    example=DRAFTS_EXAMPLE,
    roles="admin",
)  # fmt: skip
def set_drafts(ctx: Ctx, words: Rest) -> Reply:
    """A time, 开 or 关; without words, how it is set. Raises UserError: neither, at night, or not for them."""
    folded = fold(words).strip()
    if not folded:
        return reply("周报草稿：{state}。要改：{example}，或写 开、关。",
                     "Drafts: {state}. To change: {example}, or on, off.",
                     state=_drafts(ctx), example=DRAFTS_EXAMPLE)  # fmt: skip
    require(ctx, RIGHT)
    if OFF.fullmatch(folded) or ON.fullmatch(folded):
        _set(ctx, DRAFTS, None if ON.fullmatch(folded) else False)
    else:
        minute = minute_of(folded, words, DRAFTS_EXAMPLE)
        _set(ctx, DRAFTS, None)
        _set(ctx, OWN_WEEK, minute)
        rounds.arm(ctx.books, rhythm_of(ctx.books, ctx.project))
    return reply("✅ 周报草稿：{state}。", "✅ Drafts: {state}.", state=_drafts(ctx))


@command(
    "日报 提交率 设置", "daily rate set",
    usage=say("月底要不要把提交率私聊给本人和负责人", "Whether each, and who leads, is told the monthly rate"),
    example=RATES_EXAMPLE,
    roles="admin",
)  # fmt: skip
def set_rates(ctx: Ctx, words: Rest) -> Reply:
    """开 or 关; without words, how it is set. Raises UserError: neither, or not for them."""
    folded = fold(words).strip()
    if not folded:
        return reply("每月提交率：{state}。要改：{example}", "Monthly rate: {state}. To change: {example}",
                     state=_rates(ctx), example=RATES_EXAMPLE)  # fmt: skip
    require(ctx, RIGHT)
    if not (OFF.fullmatch(folded) or ON.fullmatch(folded)):
        raise UserError(
            say("开还是关？例：{example}", "On or off? Example: {example}", example=RATES_EXAMPLE)
        )  # fmt: skip
    _set(ctx, RATES, None if ON.fullmatch(folded) else False)
    return reply("✅ 每月提交率：{state}。", "✅ Monthly rate: {state}.", state=_rates(ctx))


def _set(ctx: Ctx, switch: str, value: int | bool | None) -> None:
    ctx.project = ctx.books.projects.set(ctx.project, **{switch: value})


def _drafts(ctx: Ctx) -> Text:
    if ctx.project.settings.get(DRAFTS) is False:
        return say("关", "off")
    at = clock(ROUNDS[OWN_WEEK].set_to(ctx.project) or 0)
    when = say("每个工作周、每个月最后一个工作日 {at}，私聊给本人",
               "when a work week or month ends, at {at}, to each alone", at=at)  # fmt: skip
    if rhythm_of(ctx.books, ctx.project).plan.on:
        return when
    return say("{when}（定了日报时间后生效）", "{when} (once report times are set)", when=when)


def _rates(ctx: Ctx) -> Text:
    if ctx.project.settings.get(RATES) is False:
        return say("关", "off")
    return say(
        "月底私聊给本人，负责人看全部，群里不发",
        "to each alone when a month ends; who leads sees all; never in the group",
    )
