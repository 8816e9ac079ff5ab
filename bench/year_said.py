"""What the messages of the simulated year say, by their words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bench.year_days import add, works
from bench.year_plan import PEOPLE, ZONES, Owed

_MARK = re.compile(r"[提逾静问批里碑]\d+x\d+")
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("日报提示", r"📝 \d"),
        ("日报催", r".*日报还有 .+截止，回 3 行即可"),
        ("日汇总", r"📊|\d+-\d+ 日报 \d+/\d+"),
        ("周报", r"📈 .*工作周|本周无变化"),
        ("自己的", r"📝 [周月]报草稿|.* 日报 \d+-\d+~\d+-\d+"),
        ("请回复催", r"R\d+ .*在等你回复"),
        ("请回复到点", r"R\d+ 截止"),
        ("审批催", r".*⏰ P\d"),
        ("审批结果", r"[✅⏱] P\d+"),
    )
)
_HEADS = re.compile(r"逾期 ([13]) 个工作日：|到期未完成：")
"""What the lines below are about, until the next one."""
_LINES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("任务提醒", r"⏰ T\d"),
        ("里程碑到期", r"⏰ M\d+ .* 到期，还没有达成"),
        ("里程碑预警", r"⏳ M\d"),
        ("临期", r"T\d+ .*(?:还有 \d+ 个工作日到期：|今天到期：)"),
        ("静默 3 日", r"T\d+ .*3 个工作日没更新"),
        ("静默 5 日", r"T\d+ .*5 个工作日没更新"),
        ("逾期 D0", r"T\d+ .* 到期未完成。"),
        ("要误期", r"🔴 (?:风险 .：M|T)\d+ "),
        ("在等的", r"T\d+ .*未完成："),
    )
)
"""Of a message in which several rules speak, each of several things."""
_LAST = re.compile(r"~ ?(\d+)-(\d+)")
"""The last day of what a draft, or a month's rate, is about."""


def read(line: dict[str, Any]) -> Iterator[Owed]:
    """What one message says; nothing for what is no business of the clock's."""
    text, whom = str(line["text"]), str(line["to"])
    at = datetime.fromtimestamp(float(str(line["at"])), UTC)
    day = at.astimezone(zone_of(whom)).date()
    kind = next((kind for kind, pattern in _RULES if pattern.match(text)), None)
    if line["reply"] and kind != "审批结果":
        return
    if kind is None:
        yield from (Owed(rule, whom, day, mark, at, at) for rule, mark in _of_rules(text.split("\n")))
        return
    if kind in ("请回复到点", "审批结果"):
        marks = re.findall(r"[RP]\d+", text)[:1]
    else:
        marks = list(dict.fromkeys(_MARK.findall(text)))
    if kind in ("日报提示", "日报催", "日汇总", "周报", "自己的"):
        marks = [""]
    if kind == "自己的":
        month, number = (int(part) for part in _LAST.findall(text)[0])
        day = date(at.year, month, number)
    for mark in marks:
        yield Owed(kind, whom, day, mark, at, at)


def _of_rules(lines: list[str]) -> Iterator[tuple[str, str]]:
    """(rule, mark) of each thing."""
    above = ""
    for line in lines:
        head, mark = _HEADS.match(line), _MARK.search(line)
        if head:
            above = f"逾期 D+{head[1]}" if head[1] else "逾期 D0"
        elif mark:
            kind = next((kind for kind, pattern in _LINES if pattern.match(line)), "")
            if kind or (above and line.startswith("T")):
                yield kind or above, mark[0]


def in_the_morning(owed: Owed, then: datetime) -> bool:
    """Was it put off from a night, from days off or from leave to a morning? Only what waits for nobody else may be."""
    local = then.astimezone(zone_of(owed.whom))
    return owed.kind == "自己的" and works(local.date()) and time(9) <= local.time() <= time(11)


def kept_for_hours(owed: Owed, back: datetime) -> Owed:
    """A reminder somebody else set, when the bot was off at its moment: found after hours, it waits for the morning."""
    zone = zone_of(owed.whom)
    local = back.astimezone(zone)
    day = local.date()
    if works(day) and time(9) <= local.time() <= time(20):
        return owed
    if not works(day) or local.time() > time(20):
        day = add(day, 1)
    return replace(owed, day=day, at=datetime.combine(day, time(9), zone).astimezone(UTC))


def zone_of(whom: str) -> ZoneInfo:
    """Of a group, or of who belongs to it."""
    return ZoneInfo(ZONES[int(whom[1:].rstrip(PEOPLE + "戊")) % len(ZONES)])
