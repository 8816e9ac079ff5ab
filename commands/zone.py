"""Whose clock counts.  ``/设置 时区 Europe/London`` for the writer, ``/设置 项目时区 纽约`` for the project."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import Text, join, say, verbatim
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.next_prompt import next_prompt
from commands.reply import Pressed, Reply, reply
from planning.countries import country_name
from planning.zone_names import called, country_of, near_zones, zone_named
from reports import own_clock
from reports.daily_plan import arrange
from reports.days import bare_day, clock, place, short_day
from reports.rhythm import rhythm_of
from storage.people import Person

BACK = ("跟项目", "默认", "项目", "恢复", "default", "project", "reset")


@command(
    "设置 时区",
    "时区",
    "set timezone",
    "timezone",
    usage=say("自己在哪个时区", "Your own time zone"),
    example=say("/设置 时区 Europe/London", "/set timezone Europe/London"),
)
def own(ctx: Ctx, words: Rest) -> Reply:
    """The writer's own zone; 跟项目 goes back to the project's. Asks when today's prompt would be lost."""
    if not words:
        return _show(ctx)
    zone = "" if fold(words) in BACK else _zone(words, "zone.own")
    return _doubtful(ctx, zone) or _own(ctx, zone)


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
    zone = _zone(zone, "zone.own")
    said = _doubtful(ctx, zone) or _own(ctx, zone)
    return Pressed(say("好的。", "OK."), said.card, said)


@button("zone.project")
def project_pressed(ctx: Ctx, zone: str) -> Pressed:
    require(ctx, "settings.group")
    said = _project(ctx, _zone(zone, "zone.project"))
    return Pressed(say("好的。", "OK."), said.card, said)


# --- from tomorrow, or now -----------------------------------------------------------------------------------------


def _doubtful(ctx: Ctx, zone: str) -> Reply | None:
    """Today's prompt is still to come here and has passed there: from tomorrow, unless they want it now."""
    after = replace(ctx.person, zone=zone)
    for project, plan in own_clock.asking(ctx.books, ctx.person):
        if own_clock.stranded(ctx.books, project, plan, ctx.person, after) is not None:
            break
    else:
        return None
    own_clock.move_later(ctx.books, ctx.person, zone)
    args = (str(ctx.person.id), zone)
    return reply(
        "今天{city} {at} 的日报提示还没到，明天起再换？不选也是明天起。",
        "Today you already have a {city} prompt at {at} — switch from tomorrow?",
        Button(say("明天起", "From tomorrow"), "zone.later", args, style="primary"),
        Button(say("现在就换", "Now"), "zone.now", args),
        city=place(own_clock.zone_of(project, ctx.person).key),
        at=clock(plan.window.opens),
    )


@button("zone.later")
def later(ctx: Ctx, person: int, zone: str) -> Pressed:
    """What happens anyway."""
    _mine(ctx, person, zone)
    day = own_clock.move_later(ctx.books, ctx.person, zone)
    text = say(
        "好的，{day} 起按 {zone}。", "OK, {zone} from {day}.", day=bare_day(day),
        zone=called(zone) if zone else say("项目的时区", "the project's zone"),
    )  # fmt: skip
    return Pressed(text, card=text_card(text))


@button("zone.now")
def now(ctx: Ctx, person: int, zone: str) -> Pressed:
    """At once; today's prompt still comes when it was to come."""
    _mine(ctx, person, zone)
    said = _own(ctx, zone)
    return Pressed(say("好的。", "OK."), said.card)


def _mine(ctx: Ctx, person: int, zone: str) -> None:
    """Raises UserError: somebody else's question, or one that was settled."""
    if person != ctx.person.id:
        raise UserError(say("请让改时区的人来选。", "Only who changes their zone can choose."))
    waiting = [entry for entry in ctx.books.schedules.of(f"person:{person}") if entry.kind == own_clock.LATER]
    if not waiting or waiting[0].subject["zone"] != zone:
        raise UserError(
            say("已经换好了，现在是 {zone}。", "This is settled; your zone is {zone}.",
                zone=called(ctx.person.zone or ctx.project.zone))
        )  # fmt: skip


# --- inside ---------------------------------------------------------------------------------------------------------


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
    after = replace(ctx.person, zone=zone)
    own_clock.move(ctx.books, ctx.person, after)
    ctx.person = after
    if not zone:
        return reply(
            "✅ 时区跟项目：{zone}。", "✅ Your time zone follows the project: {zone}.", zone=called(ctx.project.zone)
        )
    line = say(
        "你的一天按 {zone} 算（现在 {now}）。",
        "Your day is now {zone} (now {now}).",
        zone=called(zone),
        now=f"{ctx.at.astimezone(ZoneInfo(zone)):%H:%M}",
    )
    following = next_prompt(ctx, after)
    lines = join([line, following] if following else [line], "", " ")
    return reply("{lines}", "{lines}", *_calendar_button(ctx, after), lines=lines)


def _calendar_button(ctx: Ctx, person: Person) -> list[Button]:
    """A zone in another country, whose holidays they have not chosen yet."""
    country = country_of(person.zone)
    if not country or person.country or country == ctx.project.country.partition("-")[0]:
        return []
    name = country_name(country)
    return [Button(say("用{zh}日历", "Use the {en} calendar", zh=name.zh, en=name.en), "calendar.own", (country,))]


def _project(ctx: Ctx, zone: str) -> Reply:
    changed = ctx.books.projects.change(ctx.project, zone=zone)
    rhythm = rhythm_of(ctx.books, changed)
    line = say(
        "✅ 项目时区改为 {zone}（现在 {now}）。",
        "✅ The project's time zone is {zone} (now {now}).",
        zone=called(zone),
        now=f"{ctx.at.astimezone(rhythm.zone):%H:%M}",
    )
    if not rhythm.plan.on:
        return reply("{line}", "{line}", line=line)
    days = [short_day(day, rhythm.calendar, None, rhythm.plan.window.opens) for day in arrange(ctx.books, rhythm)]
    return reply("{line}\n接下来 3 次：{days}", "{line}\nNext 3: {days}", line=line, days=join(days, " · "))


def _show(ctx: Ctx) -> Reply:
    lines: list[Text] = [
        say(
            "项目时区 {zone}，自己的：{own}。",
            "The project's time zone is {zone}; yours: {own}.",
            zone=called(ctx.project.zone),
            own=called(ctx.person.zone) if ctx.person.zone else say("跟项目", "the project's"),
        ),
        say(
            "改自己的：/设置 时区 Europe/London　改项目的：/设置 项目时区 Asia/Shanghai",
            "Yours: /set timezone Europe/London. The project's: /set project timezone Asia/Shanghai",
        ),
    ]
    waiting = [e for e in ctx.books.schedules.of(f"person:{ctx.person.id}") if e.kind == own_clock.LATER]
    if waiting:
        zone = waiting[0].subject["zone"] or ctx.project.zone
        lines.insert(1, say("明天起：{zone}。", "From tomorrow: {zone}.", zone=called(zone)))
    return reply("{lines}", "{lines}", lines=join(lines, "\n"))
