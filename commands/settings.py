"""Everything that can be set, with the words that change it.  ``/设置``"""

from __future__ import annotations

from chat.cards import Button
from chat.text import Text, join, say, verbatim
from commands.access import allowed
from commands.context import Ctx
from commands.grammar import command
from commands.leave_bot import BACK
from commands.own_calendar import named
from commands.reply import Reply, reply
from reports.approval_desk import FALLBACK, SELF
from reports.days import clock
from reports.rhythm import rhythm_of
from reports.rounds import AGENDA, ROUNDS, WEEKLY, WEIGHING

_LANGUAGES = {"zh": say("中文", "Chinese"), "en": say("English", "English"), "": say("跟群", "as the group")}


@command(
    "设置", "set", "settings", usage=say("所有设置和改法", "All settings"), example=say("/设置", "/set"), help_rank=11
)
def show(ctx: Ctx) -> Reply:
    """One line a setting. A project nobody set up offers the wizard."""
    members = ctx.books.people.members(ctx.project.id)
    part = sum(m.takes_part for m in members)
    watch = sum(m.role == "observer" for m in members)
    day = ctx.day(ctx.project.launch) if ctx.project.launch else say("未定", "open")
    lines = [
        say("⚙️ {called}，上线日 {day}", "⚙️ {called}, launch day {day}", called=ctx.project.name, day=day),
        say("改：/项目 改名 …　/项目 上线日 11-11", "Change: /project rename …, /project launch 11-11"),
        say(
            "参与 {n} 人，只看 {m} 人：/成员 加 @某人", "{n} take part, {m} watch: /members add @name", n=part, m=watch
        ),
        say(
            "日报 {times}：/日报 设置 17:30 收 18:30 截止",
            "Reports {times}: /daily set 17:30 due 18:30",
            times=_times(ctx),
        ),
        _rounds(ctx),
        say("语言 {own}：/设置 语言 English", "Language {own}: /set language 中文", own=_LANGUAGES[ctx.person.locale]),
        say(
            "时区 项目 {zone}、自己 {own}：/设置 时区 London",
            "Time zone: project {zone}, yours {own}: /set timezone London",
            zone=ctx.project.zone,
            own=ctx.person.zone or say("跟项目", "the same"),
        ),
        say(
            "节假日 项目 {country}、自己 {own}：/设置 日历 英国",
            "Holidays: project {country}, yours {own}: /set calendar GB",
            country=named(ctx.project.country),
            own=named(ctx.person.country) if ctx.person.country else say("跟项目", "the same"),
        ),
        _approvals(ctx),
        say(
            "放假和调休：/日历　谁能做什么：/权限　自检：/体检", "Days off: /calendar, rights: /rights, health: /doctor"
        ),
    ]
    return reply("{lines}", "{lines}", *_buttons(ctx), lines=join(lines, "\n"))


def _rounds(ctx: Ctx) -> Text:
    """``周报 18:40、晨会 关、重评 关``."""
    weekly, agenda, weighing = (_at(ROUNDS[kind].set_to(ctx.project)) for kind in (WEEKLY, AGENDA, WEIGHING))
    return say(
        "周报 {weekly}、晨会 {agenda}、重评 {weighing}：/周报 设置 18:40、/晨会 设置 关、/重评 设置 关",
        "Weekly {weekly}, agenda {agenda}, weighing {weighing}: /weekly set 18:40, /agenda set off, /weigh set off",
        weekly=weekly, agenda=agenda, weighing=weighing,
    )  # fmt: skip


def _at(minute: int | None) -> Text:
    return say("关", "off") if minute is None else verbatim(clock(minute))


def _approvals(ctx: Ctx) -> Text:
    fallback = ctx.project.settings.get(FALLBACK)
    proxy = ctx.books.delegates.of(ctx.project.id, ctx.person.id)
    nobody = say("无", "nobody")
    return say(
        "审批 自审{self}，后备人 {fallback}，自己的代理人 {proxy}：/设置 审批　/审批 代理 @某人",
        "Approvals: of oneself {self}, stand-in {fallback}, in your place {proxy}: /set approval, /approve proxy @name",
        self=say("开", "on") if ctx.project.settings.get(SELF) else say("关", "off"),
        fallback=ctx.books.people.get(fallback).name if isinstance(fallback, int) else nobody,
        proxy=ctx.books.people.get(proxy).name if proxy else nobody,
    )


def _times(ctx: Ctx) -> Text:
    plan = rhythm_of(ctx.books, ctx.project).plan
    if not plan.on:
        return say("没开", "off")
    opens, closes = clock(plan.window.opens), clock(plan.window.closes % (24 * 60))
    if plan.window.overnight:
        return say("{opens}–次日 {closes}", "{opens} – {closes} next day", opens=opens, closes=closes)
    return say("{opens}–{closes}", "{opens}–{closes}", opens=opens, closes=closes)


def _buttons(ctx: Ctx) -> list[Button]:
    if not allowed(ctx, "project.setup"):
        return []
    label = say("开始设置", "Set up") if ctx.project.state == "new" else say("重走设置向导", "Run the setup again")
    return [*([BACK] if ctx.project.stands_still else []), Button(label, "wizard.start")]
