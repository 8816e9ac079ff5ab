"""Being off plan, in parts: by stage, by group of owners, and week by week. Rows of ``/指标 偏差率``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chat.text import Text, listed, say, verbatim
from planning.lives import Work
from planning.metrics import Deviation
from planning.trend import TrendWeek, parted
from reports.days import bare_day
from reports.planning.measures import Measures
from reports.weekly_views import signed

EXAMPLE = say("/成员 组 投放组 @李四 @王五", "/members group Ads @Li @Wang")


def by_part(found: Measures) -> list[Text]:
    """Stages and groups of owners, the farthest behind first; nothing where nothing is finished."""
    if not found.deviation.rows:
        return []
    stages = _parts(found.deviation, lambda work: work.stage, say("没定阶段", "no stage"))
    teams = _parts(found.deviation, lambda work: found.teams.get(work.owner or 0, ""), say("没分组", "no group"))
    lines = [say("按阶段：中位（项数），最偏的三项", "By stage: median (tasks), the three farthest off"), *stages]
    if teams:
        return [*(lines if stages else []), say("按负责人组：", "By group of owners:"), *teams]
    ask = say("按负责人组：还没分组，例：{example}", "By group of owners: none yet, e.g. {example}", example=EXAMPLE)
    return [*(lines if stages else []), ask]


def _parts(found: Deviation, part: Callable[[Work], str], none: Text) -> list[Text]:
    """Nothing where all belong to none."""
    parts = parted(found, part)
    return [_part(name or none, each) for name, each in parts] if any(name for name, _ in parts) else []


def _part(name: Text | str, found: Deviation) -> Text:
    """``投放组 +20%（3 项）：T1 +50%、T4 +20%、T2 −10%``."""
    worst = found.worst()
    text = say("{name} {median}（{n} 项）", "{name} {median} ({n})", name=name, median=signed(found.median or 0),
               n=len(found.rows))  # fmt: skip
    if not worst:
        return text
    refs = listed(verbatim(f"{off.work.ref} {signed(off.per_cent)}") for off in worst)
    return say("{text}：{refs}", "{text}: {refs}", text=text, refs=refs)


def by_week(weeks: Sequence[TrendWeek]) -> list[Text]:
    """A row a work week, under what they say."""
    rows = [
        say(
            "{day} 起 {median}　返工 {back}　客诉 {complaints}",
            "from {day}: {median}　reworked {back}　complaints {complaints}",
            day=bare_day(week.first), median=_days(week), back=week.reopened, complaints=week.complaints,
        )
        for week in weeks
    ]  # fmt: skip
    title = say(
        "近 8 周：那周完成的比计划多用的工作日，中位数；重开几次；新标 #客诉 几项",
        "8 weeks: working days more than planned of what was finished then, the median; reopened; newly tagged "
        "#complaint",
    )
    return [title, *rows] if rows else []


def _days(week: TrendWeek) -> Text:
    """``+1.5 天（2 项）``."""
    days = week.median
    if days is None:
        return verbatim("—")
    sign = "+" if days > 0 else "−" if days < 0 else ""
    return say("{n} 天（{m} 项）", "{n} d ({m} done)", n=f"{sign}{abs(days):g}", m=len(week.rows))
