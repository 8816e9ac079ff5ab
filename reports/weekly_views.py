"""The weekly digest in three views of the same figures: the team's, one member's, three numbers for who watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chat.cards import Button, Buttons, Card, Paragraph, text_card
from chat.text import Text, join, listed, say, verbatim
from planning.lives import Work
from planning.metrics import Off
from reports import render
from reports.days import bare_day
from reports.planning.week import Danger, Week
from reports.quality import short_debt
from reports.task_board import cut

MOST = 5
"""Tasks named in one line."""
NONE = "—"


Fill = Callable[..., Text]
"""Fills the template called so with values; raises nothing that the caller has to know of."""


def team(project: str, project_id: int, week: Week, delay: int = 0, fill: Fill = render.text) -> Card:
    """Text ⑪ with its buttons; a quiet week is one line. delay: minutes it is sent late."""
    if week.quiet:
        return text_card(quiet(week))
    title, body = render.split(fill("weekly", **values(project, week, delay)))
    return Card((Paragraph(body), Buttons(buttons(project_id, week))), title)


def member(project: str, project_id: int, week: Week, person: int, fill: Fill = render.text) -> Card:
    """The same and a line of one's own."""
    if week.quiet:
        return text_card(join([quiet(week), own_line(week, person)], "\n"))
    title, body = render.split(fill("weekly", **values(project, week, 0)))
    text = join([body, own_line(week, person)], "\n")
    return Card((Paragraph(text), Buttons(buttons(project_id, week))), title)


def watcher(project: str, week: Week) -> Card:
    """Three numbers and the one task that is worst."""
    if week.quiet:
        return text_card(quiet(week))
    worst = week.late[0] if week.late else None
    if week.dangers:
        risk = say("最大风险：{risk}", "Greatest risk: {risk}", risk=danger(week.dangers[0]))
    elif worst is None:
        risk = say("没有逾期的任务。", "Nothing is overdue.")
    else:
        risk = say(
            "最大风险：{ref} {title}（{who}，{day} 到期）", "Greatest risk: {ref} {title} ({who}, due {day})",
            ref=worst.ref, title=cut(worst.title, 28), who=who(week, worst), day=bare_day(worst.due or week.span.last),
        )  # fmt: skip
    text = say(
        "📈 {project} 工作周 {first} ~ {last}\n完成率 {rate}　工期偏差 {median}　逾期 {late}\n{risk}",
        "📈 {project}: work week {first} ~ {last}\nDone {rate}　off plan {median}　overdue {late}\n{risk}",
        project=project, first=bare_day(week.span.first), last=bare_day(week.span.last), rate=rate(week),
        median=median(week), late=len(week.late), risk=risk,
    )  # fmt: skip
    return text_card(text)


def danger(one: Danger) -> Text:
    """``M2 预热启动 9-29 → 10-8``."""
    return say(
        "{ref} {title} {was} → {will}", "{ref} {title} {was} → {will}", ref=one.ref, title=cut(one.title, 24),
        was=bare_day(one.was), will=bare_day(one.will),
    )  # fmt: skip


def quiet(week: Week) -> Text:
    return say(
        "本周无变化：进行 {n} 项，均未到期。", "No change this week: {n} in progress, none of them due.", n=week.open
    )


def own_line(week: Week, person: int) -> Text:
    """``你：完成 T1、T3　逾期 T4　下周 T5``."""
    parts = [
        say("{what} {refs}", "{what} {refs}", what=what, refs=_refs(mine))
        for what, works in (
            (say("完成", "done"), week.done),
            (say("逾期", "overdue"), week.late),
            (say("下周", "next week"), week.nodes),
        )
        if (mine := [work for work in works if work.owner == person])
    ]
    if not parts:
        return say("你：这周没有完成、逾期或下周到期的任务。", "You: nothing done, overdue or due next week.")
    return say("你：{parts}", "You: {parts}", parts=join(parts, "　", "; "))


def _refs(works: list[Work]) -> Text:
    return listed((work.ref for work in works), MOST)


def buttons(project_id: int, week: Week) -> tuple[Button, ...]:
    """Each names the week and the moment its figures are of, so that they open the rows of just these numbers."""
    args = (str(project_id), week.span.first.isoformat(), str(int(week.at.timestamp() * 1000)))
    return (
        Button(say("明细", "Rows"), "week.rows", args),
        Button(say("导出", "Export"), "week.export", args),
        Button(say("复盘", "Review"), "week.review", args),
    )


def values(project: str, week: Week, delay: int) -> dict[str, Any]:
    """What the template is filled with."""
    before = week.before
    return {
        "project": project, "first": bare_day(week.span.first), "last": bare_day(week.span.last),
        "days": len(week.span.days), "delay": delay, "rate": rate(week), "due": len(week.completion.due),
        "done": len(week.completion.done), "before": _percent(before.done, before.due) if before else NONE,
        "median": median(week), "off": [_Off(off.work.ref, signed(off.per_cent)) for off in week.deviation.worst()],
        "late": [_Row(w.ref, who(week, w), bare_day(w.due or week.span.last)) for w in week.late[:MOST]],
        "late_count": len(week.late), "nodes": _nodes(week), "node_count": len(week.nodes) + len(week.goals),
        "debt_count": len(week.debts), "debts": [short_debt(debt) for debt in week.debts[:MOST]],
        "danger_count": len(week.dangers), "dangers": [danger(one) for one in week.dangers[:MOST]],
        "reports": week.reports is not None, "on_time": percent(week.reports.rate) if week.reports else NONE,
        "came_late": week.reports.late if week.reports else 0, "blockers": blockers(week),
    }  # fmt: skip


class _Off:
    """One task in the line of deviations."""

    def __init__(self, ref: str, percent: str) -> None:
        self.ref = ref
        self.percent = percent


class _Row:
    """One task in a line."""

    def __init__(self, ref: str, who: Text | str, day: str) -> None:
        self.ref = ref
        self.who = who
        self.day = day


def _nodes(week: Week) -> list[_Row]:
    """Milestones before the tasks of the same day."""
    found = [(goal.due, 0, goal.ref) for goal in week.goals]
    found += [(work.due or week.span.last, 1, work.ref) for work in week.nodes]
    ordered = sorted(found, key=lambda node: node[:2])
    return [_Row(ref, "", bare_day(due)) for due, _, ref in ordered[:MOST]]


def who(week: Week, work: Work) -> Text:
    name = week.name(work)
    return verbatim(name) if name else say("待指派", "nobody")


def rate(week: Week) -> str:
    return percent(week.completion.rate)


def median(week: Week) -> str:
    return NONE if week.deviation.median is None else signed(week.deviation.median)


def blockers(week: Week) -> Text:
    """``阻塞平均 1.5 小时有人回应``, in working hours."""
    if not week.blockers:
        return say("没有新阻塞", "no new blockers")
    if week.answered is None:
        return say("阻塞 {n} 个还没人回应", "{n} blockers, none answered", n=week.blockers)
    if week.waiting:
        return say(
            "阻塞平均 {hours} 小时有人回应，{n} 个还没有",
            "blockers answered within {hours} h on average, {n} not yet", hours=hours(week.answered), n=week.waiting,
        )  # fmt: skip
    return say(
        "阻塞平均 {hours} 小时有人回应", "blockers answered within {hours} h on average", hours=hours(week.answered)
    )


def hours(minutes: int) -> str:
    """``1.5``, ``2``."""
    return f"{round(minutes / 60, 1):g}"


def signed(number: int) -> str:
    """``+20%``, ``−20%``, ``0%``."""
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{abs(number)}%"


def percent(number: int | None) -> str:
    return NONE if number is None else f"{number}%"


def _percent(part: int, whole: int) -> str:
    return f"{(200 * part + whole) // (2 * whole)}%" if whole else NONE


def off_line(off: Off) -> Text:
    """``T1 主图 计划 5 天，用了 6 天：+20%``."""
    return say(
        "{ref} {title} 计划 {planned} 天，用了 {used} 天：{percent}",
        "{ref} {title}: {planned} days planned, {used} used: {percent}",
        ref=off.work.ref, title=cut(off.work.title, 24), planned=off.planned, used=off.used,
        percent=signed(off.per_cent),
    )  # fmt: skip
