"""What the messages of the simulated year say, by their words alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from bench.year_plan import Owed, works, zone_of

_MARK = re.compile(r"[提逾静问批]\d+x\d+")
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("日报提示", r"📝 \d"),
        ("日报催", r".*日报还有 .+截止，回 3 行即可"),
        ("日汇总", r"📊|\d+-\d+ 日报 \d+/\d+"),
        ("周报", r"📈 .*工作周|本周无变化"),
        ("自己的", r"📝 [周月]报草稿|.* 日报 \d+-\d+~\d+-\d+"),
        ("任务提醒", r"⏰ T\d"),
        ("逾期 D+1", r"逾期 1 个工作日"),
        ("逾期 D+3", r"逾期 3 个工作日"),
        ("逾期 D0", r"(?s).*到期未完成"),
        ("静默 3 日", r"(?s).*3 个工作日没更新"),
        ("静默 5 日", r"(?s).*5 个工作日没更新"),
        ("请回复催", r"R\d+ .*在等你回复"),
        ("请回复到点", r"R\d+ 截止"),
        ("审批催", r".*⏰ P\d"),
        ("审批结果", r"[✅⏱] P\d+"),
    )
)
_NEAR = re.compile(r"还有 \d+ 个工作日到期：|今天到期：")
"""In one message with whatever else there is to say at 10:00."""
_LAST = re.compile(r"~ ?(\d+)-(\d+)")
"""The last day of what a draft, or a month's rate, is about."""


def read(line: dict[str, Any]) -> Iterator[Owed]:
    """What one message says; nothing for what is no business of the clock's."""
    text, whom = str(line["text"]), str(line["to"])
    at = datetime.fromtimestamp(float(str(line["at"])), UTC)
    day = at.astimezone(zone_of(whom)).date()
    lines = text.split("\n")
    for mark in [mark for line in lines if _NEAR.search(line) for mark in _MARK.findall(line)]:
        yield Owed("临期", whom, day, mark, at, at)
    text = "\n".join(line for line in lines if not _NEAR.search(line))
    kind = next((kind for kind, pattern in _RULES if pattern.match(text)), None)
    if kind is None or (line["reply"] and kind != "审批结果"):
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
        yield Owed(_rule_of(mark, text, kind), whom, day, mark, at, at)


def _rule_of(mark: str, text: str, kind: str) -> str:
    """By which rule one of several things of a message is said: their marks tell what they are about."""
    if mark[:1] == "提":
        return "任务提醒"
    if kind != "任务提醒":
        return kind
    mine = "静默" if mark[:1] == "静" else "逾期"
    return next((name for name, pattern in _RULES if name.startswith(mine) and pattern.search(text)), kind)


def in_the_morning(owed: Owed, then: datetime) -> bool:
    """Was it put off from a night, from days off or from leave to a morning? Only what waits for nobody else may be."""
    local = then.astimezone(zone_of(owed.whom))
    return owed.kind == "自己的" and works(local.date()) and time(9) <= local.time() <= time(11)
