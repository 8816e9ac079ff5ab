"""What a check-up says of each condition, wherever it looks: ``/体检`` in a chat and ``jindu doctor`` on the terminal.

Pure: what is measured comes in, findings go out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chat.findings import Finding, bad, look, well
from chat.ports import Health
from chat.text import Text, say
from reports.days import bare_day

SKEW = 5.0
"""Seconds by which clocks may differ."""
OLD = timedelta(days=2)
"""A backup older than this is worth a word."""
UNSURE = "callback?"
"""Topic of a finding that the first press on any card answers."""


QUOTA = "quota"
LOST = say("连接断开：看程序日志，再重启程序", "connection lost: see the log, then start the program again")


def connection(health: Health, *, pressed: bool, lost: Text = LOST) -> Iterator[Finding]:
    """The link, and what the platform said about how the app is set up.

    pressed: buttons have worked before. lost: what is said of a link that is down for no reason that is known.
    """
    wrong = [one for one in health.findings if one.mark != "✓" and one.topic != QUOTA]
    wrong = [one for one in wrong if not (pressed and one.topic == UNSURE)]
    explained = any(one.mark == "✗" or one.topic == "scope" for one in wrong)
    if health.standby:
        yield well("connection", say("连接（在另一个进程，这个候着）", "connection (another process has it)"))
    elif health.connected and (health.trouble is None or explained):
        yield well("connection", say("连接", "connection"))
    elif health.trouble is not None and not explained:
        yield bad("connection", say("连接：{trouble}", "connection: {trouble}", trouble=health.trouble))
    elif not explained:
        yield bad("connection", lost)
    yield from wrong


def asleep(name: Text) -> Finding:
    """A group that cannot be written to. name: what it is called in a sentence."""
    return look("push", say(
        "{chat}还不能主动推送：请任意成员 @我 一次",
        "{chat} cannot be written to yet: somebody must @ me there once",
        chat=name,
    ))  # fmt: skip


def not_delivered(chat: str, why: str) -> Finding:
    return bad("push", say(
        "发群消息失败（{why}）：确认我还在「{chat}」、没被禁言，再发一次",
        "a group message failed ({why}): see that I am in “{chat}” and may speak, then try again",
        chat=chat, why=why[:80],
    ))  # fmt: skip


def zone_known(name: str) -> Finding:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return bad("zones", say(
            "缺时区数据：运行 pip install tzdata 后重启", "no time zone data: pip install tzdata, then restart"
        ))  # fmt: skip
    return well("zones", say("时区数据", "time zones"))


def fonts(health: Health) -> Iterator[Finding]:
    """Pictures are drawn with the fonts of the machine."""
    if health.font:
        yield well("font", say("中文字体", "Chinese font"))
    else:
        yield look("font", say(
            "没有中文字体，图片里的汉字会变方框 → sudo apt install fonts-noto-cjk",
            "no Chinese font, pictures would show boxes → sudo apt install fonts-noto-cjk",
        ))  # fmt: skip
    if not health.emoji:
        yield look("emoji", say(
            "没有 emoji 字体，图片里的表情会变方框 → sudo apt install fonts-noto-color-emoji",
            "no emoji font, pictures would show boxes → sudo apt install fonts-noto-color-emoji",
        ))  # fmt: skip


def backup(last: datetime | None, now: datetime, zone: ZoneInfo) -> Finding:
    """last: when the newest copy was made; None: never."""
    if last is None:
        return look("backup", say(
            "还没有备份：程序运行时每天自动备份到数据目录的 backup 文件夹，过几分钟再看",
            "no backup yet: a running bot makes one a day in the folder “backup”; look again in a few minutes",
        ))  # fmt: skip
    if now - last > OLD:
        return look("backup", say(
            "上次备份是 {day}：检查磁盘空间和数据目录权限",
            "the last backup is of {day}: check disk space and rights",
            day=bare_day(last.astimezone(zone).date()),
        ))  # fmt: skip
    return well("backup", say("备份", "backup"))


def clock(skew: float | None) -> Finding:
    """skew: seconds between our clock and the platform's; None: nothing to compare with."""
    seconds = f"{abs(skew or 0.0):.1f}"
    if abs(skew or 0.0) <= SKEW:
        return well("clock", say("时钟误差 {s} 秒", "clock {s} s off", s=seconds))
    return look("clock", say("时钟误差 {s} 秒：打开系统的自动校时", "clock {s} s off: turn on network time", s=seconds))


def quota(used: str, limit: str, out_on: int | None, *, scarce: bool, out: bool) -> Finding:
    """used, limit: of this month, as figures. out_on: the day of this month on which it runs out at this pace."""
    if out:
        return bad(QUOTA, say(
            "本月额度已用完（{used}/{limit}）：升级版本，或者等到下月 1 日",
            "this month's allowance is used up ({used}/{limit}): upgrade, or wait for the first of next month",
            used=used, limit=limit,
        ))  # fmt: skip
    if scarce:
        pace: Text = say("够用到月底", "lasts until the month is over")
        if out_on is not None:
            pace = say("按当前速度 {day} 日用完", "at this pace used up on day {day}", day=out_on)
        return look(QUOTA, say(
            "本月额度 {used}/{limit}，{pace}；图片和卡片实时更新已关",
            "allowance {used}/{limit}, {pace}; pictures and live updates of cards are off",
            used=used, limit=limit, pace=pace,
        ))  # fmt: skip
    return well(QUOTA, say("额度 {used}/{limit}", "allowance {used}/{limit}", used=used, limit=limit))


def years(unknown: Iterable[int]) -> Iterator[Finding]:
    """unknown: years whose holidays are not published, or not imported."""
    for year in unknown:
        yield look("calendar", say(
            "{year} 年放假安排尚未导入（影响 {year}-01-01 起）→ /日历 导入 {year}",
            "the holidays of {year} are not imported (from {year}-01-01) → /calendar import {year}",
            year=year,
        ))  # fmt: skip


def holidays() -> Finding:
    return well("calendar", say("放假安排", "holidays"))
