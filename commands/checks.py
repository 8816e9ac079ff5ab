"""What the check-up looks at. Each finding is well, or says how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chat.text import Text, say
from commands.context import Ctx
from commands.members import names
from reports.days import bare_day
from storage.calendars import base

SKEW = 5.0
"""Seconds by which clocks may differ."""
OLD = timedelta(days=2)
"""A backup older than this is worth a word."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Check:
    """✓ well · ! look · ✗ does not work."""

    mark: Literal["✓", "!", "✗"]
    text: Text


def checks(ctx: Ctx) -> list[Check]:
    """In the order they are told."""
    return [
        _connection(ctx),
        *_elsewhere(ctx),
        *_groups(ctx),
        _direct(ctx),
        _edits(ctx),
        _zones(ctx),
        _font(ctx),
        _backup(ctx),
        _clock(ctx),
        *_years(ctx),
    ]


def _connection(ctx: Ctx) -> Check:
    health = ctx.health(ctx.chat.platform)
    if health.trouble is not None:
        return Check("✗", say("连接：{trouble}", "connection: {trouble}", trouble=health.trouble))
    if health.connected:
        return Check("✓", say("连接", "connection"))
    return Check(
        "✗", say("连接断开：看程序日志，再重启程序", "connection lost: see the log, then start the program again")
    )


def _elsewhere(ctx: Ctx) -> Iterator[Check]:
    """Other platforms that need an admin: told where the admin is heard."""
    for platform, trouble in ctx.health(ctx.chat.platform).elsewhere:
        yield Check("✗", say("{platform}：{trouble}", "{platform}: {trouble}", platform=platform, trouble=trouble))


def _groups(ctx: Ctx) -> Iterator[Check]:
    """One finding when all is well, else one for each group in trouble."""
    groups = [ctx.chat] if ctx.in_group else ctx.books.projects.groups(ctx.project.id)
    fine = True
    for chat in groups:
        if chat.heard_at is None and not ctx.abilities(chat.platform).push_unasked:
            fine = False
            yield Check(
                "!",
                say(
                    "{chat}还不能主动推送：请任意成员 @我 一次",
                    "{chat} cannot be written to yet: somebody must @ me there once",
                    chat=say("这个群", "This group")
                    if len(groups) == 1
                    else say("「{name}」", "“{name}”", name=chat.name or chat.external_id),
                ),
            )
        elif why := ctx.books.outbox.trouble(chat.platform, chat.external_id, "post"):
            fine = False
            yield Check(
                "✗",
                say(
                    "发群消息失败（{why}）：确认我还在「{chat}」、没被禁言，再发一次",
                    "a group message failed ({why}): see that I am in “{chat}” and may speak, then try again",
                    chat=chat.name or chat.external_id,
                    why=why[:80],
                ),
            )
    if fine:
        yield Check("✓", say("发群消息", "group messages"))


def _direct(ctx: Ctx) -> Check:
    external = ctx.books.people.external_id(ctx.person.id, ctx.chat.platform)
    if why := ctx.books.outbox.trouble(ctx.chat.platform, external, "direct"):
        return Check(
            "✗",
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
        return Check("✓", say("私聊", "direct messages"))
    return Check(
        "!",
        say(
            "私聊发不到 {n} 人：{names}，请他们点开我发一句“你好”",
            "{n} cannot be written to directly: {names}; they must say hello to me once",
            n=len(silent),
            names=names(silent),
        ),
    )


def _edits(ctx: Ctx) -> Check:
    if ctx.can.edit_seconds > 0:
        return Check("✓", say("改卡片", "changing cards"))
    return Check(
        "!",
        say(
            "改卡片：这个平台改不了旧卡片，有变化会另发一行", "changing cards: not here; changes are sent as a new line"
        ),
    )


def _zones(ctx: Ctx) -> Check:
    try:
        ZoneInfo(ctx.project.zone)
    except ZoneInfoNotFoundError:
        return Check(
            "✗",
            say("缺时区数据：运行 pip install tzdata 后重启", "no time zone data: pip install tzdata, then restart"),
        )
    return Check("✓", say("时区数据", "time zones"))


def _font(ctx: Ctx) -> Check:
    if ctx.health(ctx.chat.platform).font:
        return Check("✓", say("中文字体", "Chinese font"))
    return Check(
        "!",
        say(
            "没有中文字体，图片里的汉字会变方框 → sudo apt install fonts-noto-cjk",
            "no Chinese font, pictures would show boxes → sudo apt install fonts-noto-cjk",
        ),
    )


def _backup(ctx: Ctx) -> Check:
    last = ctx.health(ctx.chat.platform).backup_at
    if last is None:
        return Check(
            "!",
            say(
                "还没有备份：程序运行时每天自动备份到数据目录的 backup 文件夹，过几分钟再看",
                "no backup yet: a running bot makes one a day in the folder “backup”; look again in a few minutes",
            ),
        )
    if ctx.at - last > OLD:
        day = last.astimezone(ctx.zone).date()
        return Check(
            "!",
            say(
                "上次备份是 {day}：检查磁盘空间和数据目录权限",
                "the last backup is of {day}: check disk space and rights",
                day=bare_day(day),
            ),
        )
    return Check("✓", say("备份", "backup"))


def _clock(ctx: Ctx) -> Check:
    skew = ctx.health(ctx.chat.platform).skew or 0.0
    seconds = f"{abs(skew):.1f}"
    if abs(skew) <= SKEW:
        return Check("✓", say("时钟误差 {s} 秒", "clock {s} s off", s=seconds))
    return Check("!", say("时钟误差 {s} 秒：打开系统的自动校时", "clock {s} s off: turn on network time", s=seconds))


def _years(ctx: Ctx) -> Iterator[Check]:
    """This year and the next must be published; where two sources differ, the imported one counts."""
    unknown = ctx.calendar.unknown_years(ctx.today, date(ctx.today.year + 1, 12, 31))
    for year in unknown:
        yield Check(
            "!",
            say(
                "{year} 年放假安排尚未导入（影响 {year}-01-01 起）→ /日历 导入 {year}",
                "the holidays of {year} are not imported (from {year}-01-01) → /calendar import {year}",
                year=year,
            ),
        )
    differing = _differing(ctx)
    if differing:
        yield Check(
            "!",
            say(
                "日历来源不一致 {n} 天：{days}，以导入的为准",
                "calendars differ on {n} days: {days}; the imported one counts",
                n=len(differing),
                days="、".join(str(day) for day in differing[:5]),
            ),
        )
    if not unknown and not differing:
        yield Check("✓", say("放假安排", "holidays"))


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
