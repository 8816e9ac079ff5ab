"""Whose clock counts.  ``/设置 时区 Europe/London`` for the writer, ``/设置 项目时区 纽约`` for the project."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from chat.cards import Button
from chat.errors import UserError
from chat.text import Text, join, say, verbatim
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.reply import Pressed, Reply, reply
from planning.zone_names import city, near_zones, zone_named
from reports.daily_plan import arrange, rhythm_of
from reports.days import short_day

_BACK = ("跟项目", "默认", "项目", "恢复", "default", "project", "reset")


@command(
    "设置 时区",
    "时区",
    "set timezone",
    "timezone",
    usage=say("自己在哪个时区", "Your own time zone"),
    example=say("/设置 时区 Europe/London", "/set timezone Europe/London"),
)
def own(ctx: Ctx, words: Rest) -> Reply:
    """The writer's own zone; 跟项目 goes back to the project's."""
    if not words:
        return _show(ctx)
    if fold(words) in _BACK:
        return _own(ctx, "")
    return _own(ctx, _zone(words, "zone.own"))


@command(
    "设置 项目时区",
    "项目 时区",
    "set project timezone",
    "project timezone",
    usage=say("项目按哪个时区算", "The project's time zone"),
    example=say("/设置 项目时区 Asia/Shanghai", "/set project timezone Asia/Shanghai"),
    roles="admin",
)
def project(ctx: Ctx, words: Rest) -> Reply:
    """The zone of the project's days and prompts; echoes the next three."""
    require(ctx, "settings.group")
    if not words:
        return _show(ctx)
    return _project(ctx, _zone(words, "zone.project"))


@button("zone.own")
def own_pressed(ctx: Ctx, zone: str) -> Pressed:
    said = _own(ctx, _zone(zone, "zone.own"))
    return Pressed(say("好的。", "OK."), said.card, said)


@button("zone.project")
def project_pressed(ctx: Ctx, zone: str) -> Pressed:
    require(ctx, "settings.group")
    said = _project(ctx, _zone(zone, "zone.project"))
    return Pressed(say("好的。", "OK."), said.card, said)


def _zone(words: str, verb: str) -> str:
    """Raises UserError with near names when it is none."""
    zone = zone_named(words)
    if zone is None:
        raise UserError(
            say("没有时区「{words}」，是不是：", "There is no time zone “{words}”. Did you mean:", words=words[:40]),
            *(Button(verbatim(near), verb, (near,)) for near in near_zones(words)),
        )
    return zone


def _own(ctx: Ctx, zone: str) -> Reply:
    ctx.books.people.prefer(ctx.person, zone=zone)
    ctx.person = replace(ctx.person, zone=zone)
    if not zone:
        return reply("✅ 时区跟项目：{zone}。", "✅ Your time zone follows the project: {zone}.", zone=ctx.project.zone)
    line = say(
        "✅ 时区改为 {zone}（现在 {now}）。",
        "✅ Your day is now {zone} (now {now}).",
        zone=zone,
        now=f"{ctx.at.astimezone(ZoneInfo(zone)):%H:%M}",
    )
    following = _next_prompt(ctx, ZoneInfo(zone))
    return reply("{lines}", "{lines}", lines=join([line, following] if following else [line], "", " "))


def _next_prompt(ctx: Ctx, zone: ZoneInfo) -> Text | None:
    """``下次提示：9-18（周五）10:30 London = 9-18（周五）17:30 Beijing。``"""
    rhythm = rhythm_of(ctx.books, ctx.project)
    if not rhythm.plan.on:
        return None
    at = rhythm.times(rhythm.next_days(ctx.at, None, 1)[0]).opens
    here, there = at.astimezone(zone), at.astimezone(rhythm.zone)
    there_day = short_day(there.date(), rhythm.calendar, None, there.hour * 60 + there.minute)
    if zone.key == rhythm.zone.key:
        return say("下次提示：{day}。", "Next prompt: {day}.", day=there_day)
    return say(
        "下次提示：{here} {city} = {there} {home}。",
        "Next prompt: {here} {city} = {there} {home}.",
        here=short_day(here.date(), rhythm.calendar, None, here.hour * 60 + here.minute),
        city=city(zone.key),
        there=there_day,
        home=city(rhythm.zone.key),
    )


def _project(ctx: Ctx, zone: str) -> Reply:
    changed = ctx.books.projects.change(ctx.project, zone=zone)
    ctx.books.audit(ctx.project.id, "settings.group", "done", f"zone={zone}")
    rhythm = rhythm_of(ctx.books, changed)
    line = say(
        "✅ 项目时区改为 {zone}（现在 {now}）。",
        "✅ The project's time zone is {zone} (now {now}).",
        zone=zone,
        now=f"{ctx.at.astimezone(rhythm.zone):%H:%M}",
    )
    if not rhythm.plan.on:
        return reply("{line}", "{line}", line=line)
    days = [short_day(day, rhythm.calendar, None, rhythm.plan.window.opens) for day in arrange(ctx.books, rhythm)]
    return reply("{line}\n接下来 3 次：{days}", "{line}\nNext 3: {days}", line=line, days=join(days, " · "))


def _show(ctx: Ctx) -> Reply:
    return reply(
        "项目时区 {zone}，自己的：{own}。\n改自己的：/设置 时区 Europe/London　改项目的：/设置 项目时区 Asia/Shanghai",
        "The project's time zone is {zone}; yours: {own}.\n"
        "Yours: /set timezone Europe/London. The project's: /set project timezone Asia/Shanghai",
        zone=ctx.project.zone,
        own=ctx.person.zone or say("跟项目", "the project's"),
    )
