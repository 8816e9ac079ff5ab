"""What ``/体检`` looks at, in the order it is told. Its sentences are those of ``conditions``, as on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from chat.findings import Finding, bad, look, well
from chat.text import Text, listed, say
from commands import conditions
from commands.context import Ctx
from commands.members import names
from storage.calendars import base

_DAY = timedelta(days=1)


def checks(ctx: Ctx) -> list[Finding]:
    """In the order they are told."""
    health = ctx.health(ctx.chat.platform)
    return [
        *conditions.connection(health, pressed=_pressed(ctx)),
        *_elsewhere(ctx),
        *_groups(ctx),
        _direct(ctx),
        _edits(ctx),
        conditions.zone_known(ctx.project.zone),
        *conditions.fonts(health),
        conditions.backup(health.backup_at, ctx.at, ctx.zone),
        conditions.clock(health.skew),
        *(one for one in health.findings if one.topic == conditions.QUOTA),
        *_years(ctx),
    ]


def _pressed(ctx: Ctx) -> bool:
    """Has a press ever arrived from this platform? Only asked where that answers something."""
    unsure = any(one.topic == conditions.UNSURE for one in ctx.health(ctx.chat.platform).findings)
    return unsure and ctx.books.pressed(ctx.chat.platform)


def _elsewhere(ctx: Ctx) -> Iterator[Finding]:
    """Other platforms that need an admin: told where the admin is heard."""
    for platform, trouble in ctx.health(ctx.chat.platform).elsewhere:
        text = say("{platform}：{trouble}", "{platform}: {trouble}", platform=platform, trouble=trouble)
        yield bad("elsewhere", text)


def _groups(ctx: Ctx) -> Iterator[Finding]:
    """One finding when all is well, else one for each group in trouble."""
    groups = [ctx.chat] if ctx.in_group else ctx.books.projects.groups(ctx.project.id)
    fine = True
    for chat in groups:
        name = chat.name or chat.external_id
        health = ctx.health(chat.platform)
        unheard = chat.heard_at is None and not ctx.abilities(chat.platform).push_unasked
        if unheard or chat.external_id in health.asleep:
            fine = False
            this: Text = say("这个群", "This group") if len(groups) == 1 else say("「{name}」", "“{name}”", name=name)
            yield conditions.asleep(this)
        elif why := ctx.books.outbox.trouble(chat.platform, chat.external_id, "post"):
            fine = False
            yield conditions.not_delivered(name, why)
    if fine:
        yield well("push", say("发群消息", "group messages"))


def _direct(ctx: Ctx) -> Finding:
    external = ctx.books.people.external_id(ctx.person.id, ctx.chat.platform)
    if why := ctx.books.outbox.trouble(ctx.chat.platform, external, "direct"):
        return bad(
            "direct",
            say(
                "私聊发送失败（{why}）：请先私聊我一句再试",
                "direct messages fail ({why}): send me one first",
                why=why[:80],
            ),
        )
    silent = [
        m.person for m in ctx.books.people.members(ctx.project.id) if m.takes_part and not ctx.speaker.reaches(m.person)
    ]
    if not silent:
        return well("direct", say("私聊", "direct messages"))
    return look(
        "direct",
        say(
            "私聊发不到 {n} 人：{names}，请他们点开我发一句“你好”",
            "{n} cannot be written to directly: {names}; they must say hello to me once",
            n=len(silent),
            names=names(silent),
        ),
    )


def _edits(ctx: Ctx) -> Finding:
    if ctx.can.edit_seconds > 0:
        return well("edits", say("改卡片", "changing cards"))
    return look(
        "edits",
        say(
            "改卡片：这个平台改不了旧卡片，有变化会另发一行", "changing cards: not here; changes are sent as a new line"
        ),
    )


def _years(ctx: Ctx) -> Iterator[Finding]:
    """This year and the next must be published; where two sources differ, the imported one counts."""
    unknown = ctx.calendar.unknown_years(ctx.today, date(ctx.today.year + 1, 12, 31))
    yield from conditions.years(unknown)
    differing = _differing(ctx)
    if differing:
        yield look(
            "calendar",
            say(
                "日历来源不一致 {n} 天：{days}，以导入的为准",
                "calendars differ on {n} days: {days}; the imported one counts",
                n=len(differing),
                days=listed(str(day) for day in differing[:5]),
            ),
        )
    if not unknown and not differing:
        yield conditions.holidays()


def _differing(ctx: Ctx) -> list[date]:
    """Days on which an imported year and the built-in one disagree."""
    plain = base(ctx.project.country)
    days: list[date] = []
    for year, plan in ctx.calendar.years.items():
        if not plain.known(year):
            continue
        first = date(year, 1, 1)
        for day in (first + n * _DAY for n in range((date(year + 1, 1, 1) - first).days)):
            works = day in plan.work or (day not in plan.off and day.weekday() < 5)
            if works != plain.is_working(day):
                days.append(day)
    return days
