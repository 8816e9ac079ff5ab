"""Play a transcript through the whole bot and say where it differs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.room_stage import RoomStage
from bot.script import BadScript, Step, read
from bot.stage import Stage

ZONE = ZoneInfo("Asia/Shanghai")
_LATER = re.compile(r"\+(\d+)\s*(秒|分|分钟|小时|天)$")
_UNITS = {"秒": 1, "分": 60, "分钟": 60, "小时": 3600, "天": 86400}
_ANY = re.compile(r"⟨[^⟩]*⟩")


@dataclass
class Played:
    """``problems``: (line in the file, what differed); empty when every line was as expected."""

    path: Path
    steps: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


async def play(path: Path, platform: str = "", stage_at: Callable[[datetime], Stage] = RoomStage) -> Played:
    """platform: see ``bot.script.read``. Raises BadScript, OSError."""
    steps = read(path, platform)
    first = next((step for step in steps if step.kind == "time"), None)
    if first is None:
        raise BadScript(f"{path}: no clock line; begin with e.g. == 2026-09-18 14:00 ==")
    start = moment(first, datetime(2026, 1, 1, tzinfo=ZONE), path)
    stage = stage_at(start)
    if platform:
        stage.can(platform)
    played = Played(path, len(steps))
    try:
        await stage.start()
        for step in steps:
            await _one(stage, step, played)
        _leftovers(stage, steps[-1].line, played)
    finally:
        await stage.close()
    return played


async def _one(stage: Stage, step: Step, played: Played) -> None:
    if step.kind in ("time", "off", "quota", "group", "press", "form", "said", "recall", "event"):
        _leftovers(stage, step.line, played)
    try:
        await perform(stage, step, played)
    except LookupError as error:
        played.problems.append((step.line, f"做不到：{error}"))
    if step.quiet:
        stage.said.clear()
        stage.toasts.clear()


async def perform(stage: Stage, step: Step, played: Played) -> None:
    """Do or check one step. Raises LookupError: there is nothing like that to press, recall or count."""
    match step.kind:
        case "time":
            await stage.go(moment(step, stage.now(), played.path))
        case "off":
            await stage.off(moment(step, stage.now(), played.path))
        case "platform":
            stage.can(step.text)
        case "quota":
            await stage.spend(step.text)
        case "group":
            await stage.open_group(step.text, re.split(r"[\s、，,]+", step.more.strip()), met=step.quiet)
        case "event":
            await stage.happen(step)
        case "bot" | "edit":
            _expect(stage, step, played)
        case "toast":
            _expect_toast(stage, step, played)
        case "check":
            count = await stage.count(step.who)
            if count != int(step.text):
                played.problems.append((step.line, f"断言 {step.who}：应为 {step.text}，实为 {count}"))
        case _:
            await stage.act(step)


def _expect(stage: Stage, step: Step, played: Played) -> None:
    """The next line at that place; lines elsewhere keep their turn."""
    place = _place(stage, step.where)
    edited = step.kind == "edit"
    for line in stage.said:
        if line.place == place and line.edited == edited:
            stage.said.remove(line)
            if not _same(step.text, line.text):
                played.problems.append((step.line, f"应为：{_show(step.text)}\n  实为：{_show(line.text)}"))
            return
    what = "没有改卡片" if edited else "没有说话"
    played.problems.append((step.line, f"机器人在{place}{what}，应为：{_show(step.text)}"))


def _expect_toast(stage: Stage, step: Step, played: Played) -> None:
    toast = stage.toasts.popleft() if stage.toasts else ""
    if not _same(step.text, toast):
        played.problems.append((step.line, f"提示应为：{step.text}\n  实为：{toast or '（没有提示）'}"))


def _leftovers(stage: Stage, line: int, played: Played) -> None:
    while stage.said:
        extra = stage.said.popleft()
        verb = "改了卡片" if extra.edited else "多说了"
        played.problems.append((line, f"机器人在{extra.place}{verb}（{extra.at:%m-%d %H:%M}）：{_show(extra.text)}"))
    stage.toasts.clear()


def _place(stage: Stage, where: str) -> str:
    if not where:
        return stage.group
    return where if stage.is_group(where) else f"@{where}"


def _same(expected: str, got: str) -> bool:
    pattern = "(?:.*?)".join(re.escape(part) for part in _ANY.split(_squeeze(expected)))
    return re.fullmatch(pattern, _squeeze(got), re.DOTALL) is not None


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _show(text: str) -> str:
    return text.strip().replace("\n", "\n        ")


def moment(step: Step, now: datetime, path: Path) -> datetime:
    """The hour that a clock line means when it is ``now``. Raises BadScript."""
    if match := _LATER.match(step.text):
        return now + timedelta(seconds=int(match.group(1)) * _UNITS[match.group(2)])
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(step.text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    match = re.match(r"(\d{1,2}):(\d{2})(?::(\d{2}))?$", step.text)
    if match is None:
        raise BadScript(f"{path}:{step.line}: not a time: {step.text}")
    hour, minute, second = (int(part or 0) for part in match.groups())
    return now.replace(hour=hour, minute=minute, second=second, microsecond=0)
