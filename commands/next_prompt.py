"""When somebody is asked next: by their own clock, and what the team's shows then."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from chat.text import Text, say
from commands.context import Ctx
from reports import own_clock
from reports.days import bare_day, place, weekday
from reports.rhythm import rhythm_of
from storage.people import Person


def next_prompt(ctx: Ctx, person: Person) -> Text | None:
    """``下次提示：2026-10-26（周一）17:30 伦敦 = 10-27（周二）01:30 北京。`` None: nobody asks."""
    rhythm = rhythm_of(ctx.books, ctx.project)
    if not rhythm.plan.on:
        return None
    entry = own_clock.entry_of(ctx.books, ctx.project, person)
    if entry is None:
        at = rhythm.times(rhythm.next_days(ctx.at, None, 1)[0]).opens
        return say("下次提示：{day}。", "Next prompt: {day}.", day=_long(at.astimezone(rhythm.zone)))
    kept = own_clock.kept(ctx.books, ctx.project, person, entry)
    zone = ZoneInfo(entry.subject["zone"]) if kept else own_clock.zone_of(ctx.project, person)
    if zone.key == rhythm.zone.key:
        return say("下次提示：{day}。", "Next prompt: {day}.", day=_long(entry.at.astimezone(zone)))
    return say(
        "下次提示：{here} {city} = {there} {home}。",
        "Next prompt: {here} {city} = {there} {home}.",
        here=_long(entry.at.astimezone(zone)),
        city=place(zone.key),
        there=_short(entry.at.astimezone(rhythm.zone)),
        home=place(rhythm.zone.key),
    )


def _long(local: datetime) -> Text:
    return say(
        "{day}（{w}）{at}", "{w} {day} {at}", day=local.date().isoformat(), w=weekday(local), at=f"{local:%H:%M}"
    )


def _short(local: datetime) -> Text:
    return say("{day}（{w}）{at}", "{w} {day} {at}", day=bare_day(local), w=weekday(local), at=f"{local:%H:%M}")
