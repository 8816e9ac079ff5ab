"""Whose holidays count.  ``/设置 日历 英国`` for the writer, ``/设置 项目日历 US`` for the project."""

from __future__ import annotations

from dataclasses import replace

from chat.cards import Button
from chat.errors import UserError
from chat.text import Text, join, say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.next_prompt import next_prompt
from commands.reply import Pressed, Reply, reply
from commands.zone import BACK
from planning.countries import country_name, country_named, near_countries
from reports import own_clock
from reports.daily_plan import arrange
from reports.days import short_day
from reports.rhythm import rhythm_of


@command(
    "设置 日历", "set calendar", "日历 我的", "calendar mine",
    usage=say("自己按哪国的节假日", "Whose public holidays are yours"),
    example=say("/设置 日历 英国", "/set calendar GB"),
)  # fmt: skip
def own(ctx: Ctx, words: Rest) -> Reply:
    """The writer's own country; 跟项目 goes back to the project's."""
    if not words:
        return _show(ctx)
    return _own(ctx, "" if fold(words) in BACK else _country(words, "calendar.own"))


@command(
    "设置 项目日历", "set project calendar", "项目 日历", "project calendar",
    usage=say("项目按哪国的节假日", "Whose public holidays the project keeps"),
    example=say("/设置 项目日历 中国", "/set project calendar CN"),
    roles="admin",
)  # fmt: skip
def project(ctx: Ctx, words: Rest) -> Reply:
    """The country of the project's calendar; its own days (休, 班) stay."""
    require(ctx, "settings.group")
    return _project(ctx, _country(words, "calendar.project")) if words else _show(ctx)


@button("calendar.own")
def own_pressed(ctx: Ctx, country: str) -> Pressed:
    said = _own(ctx, _country(country, "calendar.own"))
    return Pressed(say("好的。", "OK."), said.card, said if ctx.in_group else None)


@button("calendar.project")
def project_pressed(ctx: Ctx, country: str) -> Pressed:
    require(ctx, "settings.group")
    said = _project(ctx, _country(country, "calendar.project"))
    return Pressed(say("好的。", "OK."), said.card, said)


def _country(words: str, verb: str) -> str:
    """Raises UserError with near names when it is none."""
    country = country_named(words)
    if country is None:
        raise UserError(
            say("没有「{words}」的日历，是不是：", "There is no calendar “{words}”. Did you mean:", words=words[:40]),
            *(Button(named(near), verb, (near,)) for near in near_countries(words)),
        )
    return country


def named(country: str) -> Text:
    """``英国（GB）``."""
    name = country_name(country)
    if name.en == country:
        return say("{code}", "{code}", code=country)
    return say("{zh}（{code}）", "{en} ({code})", zh=name.zh, en=name.en, code=country)


def _own(ctx: Ctx, country: str) -> Reply:
    after = replace(ctx.person, country=country)
    own_clock.move(ctx.books, ctx.person, after)
    ctx.person = after
    if not country:
        line = say("✅ 你的日历跟项目：{name}。", "✅ Your calendar follows the project: {name}.",
                   name=named(ctx.project.country))  # fmt: skip
    else:
        line = say(
            "✅ 你的日历：{name}，那里的周末和公众假期不提示你。",
            "✅ Your calendar: {name}. No prompts on weekends and public holidays there.",
            name=named(country),
        )
    following = next_prompt(ctx, after)
    return reply("{lines}", "{lines}", lines=join([line, following] if following else [line], "", " "))


def _project(ctx: Ctx, country: str) -> Reply:
    changed = ctx.books.projects.change(ctx.project, country=country)
    rhythm = rhythm_of(ctx.books, changed)
    line = say("✅ 项目日历改为{name}。", "✅ The project's calendar is {name}.", name=named(country))
    if not rhythm.plan.on:
        return reply("{line}", "{line}", line=line)
    days = [short_day(day, rhythm.calendar, None, rhythm.plan.window.opens) for day in arrange(ctx.books, rhythm)]
    return reply("{line}\n接下来 3 次：{days}", "{line}\nNext 3: {days}", line=line, days=join(days, " · "))


def _show(ctx: Ctx) -> Reply:
    own_one = named(ctx.person.country) if ctx.person.country else say("跟项目", "the project's")
    return reply(
        "项目日历 {called}，自己的：{own}。\n改自己的：/设置 日历 英国　改项目的：/设置 项目日历 中国",
        "The project's calendar is {called}; yours: {own}.\n"
        "Yours: /set calendar GB. The project's: /set project calendar CN",
        called=named(ctx.project.country), own=own_one,
    )  # fmt: skip
