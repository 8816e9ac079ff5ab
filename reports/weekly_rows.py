"""What stands behind the numbers of a week: the rows on a card, all of them as CSV, and a draft of the review."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence

from chat.cards import Card, Paragraph
from chat.text import NOTHING, Locale, Text, join, listed, say, verbatim
from planning.lives import Work
from planning.metrics import Why
from reports.days import bare_day
from reports.planning.week import Goal, Week
from reports.quality import debt_line
from reports.task_board import cut
from reports.task_cards import STATE
from reports.weekly_views import median, off_line, percent, rate, signed, who
from storage.weeks import Redated

MOST = 20
"""Rows of one number on a card; all are exported."""
MOST_REASONS = 5
WHY: dict[Why, Text] = {
    "later": say("截止在后", "due later"),
    "undated": say("没有截止", "no due date"),
    "cancelled": say("已取消", "cancelled"),
    "moved": say("改期到后面", "put off"),
    "unfinished": say("还没完成", "not done yet"),
}
_HEADER = (
    say("编号", "Number"), say("标题", "Title"), say("负责人", "Owner"), say("状态", "State"), say("开始", "Start"),
    say("最初截止", "First due"), say("截止", "Due"), say("完成", "Done"), say("计划工作日", "Days planned"),
    say("实际工作日", "Days used"), say("偏差", "Off plan"), say("计入完成率", "Counted"),
)  # fmt: skip
_YES, _NO = say("是", "yes"), say("否", "no")


def rows(project: str, week: Week, redated: Sequence[Redated] = ()) -> Card:
    """Each number of the digest and the tasks it counts; and what was put off meanwhile, with the reasons counted."""
    done = {work.number for work in week.completion.done}
    blocks = [
        _part(
            say("完成率 {rate}", "Done {rate}", rate=rate(week)),
            [task_line(work, week, done=work.number in done) for work in week.completion.due],
            left_out(week.completion.left_out),
        ),
        _part(
            say("工期偏差 中位 {median}", "Off plan by a median of {median}", median=median(week)),
            [off_line(off) for off in week.deviation.rows],
        ),
        _part(say("本周完成 {n}", "Done this week {n}", n=len(week.done)), _lines(week, week.done)),
        _part(say("逾期 {n}", "Overdue {n}", n=len(week.late)), _lines(week, week.late)),
        _part(say("下周到期 {n}", "Due next week {n}", n=len(week.nodes)), _lines(week, week.nodes)),
        *(
            [_part(say("下周里程碑", "Milestones next week"), [_goal(goal) for goal in week.goals])]
            if week.goals
            else []
        ),
        *([_part(say("质量欠账 {n}", "Quality debt {n}", n=len(week.debts)), _debts(week))] if week.debts else []),
        *([_put_off(redated)] if redated else []),
        *_elsewhere(week),
    ]
    title = say(
        "{project} 工作周 {first} ~ {last} 明细", "{project}: rows of {first} ~ {last}", project=project,
        first=bare_day(week.span.first), last=bare_day(week.span.last),
    )  # fmt: skip
    return Card(tuple(Paragraph(block) for block in blocks), title)


def _debts(week: Week) -> list[Text]:
    return [debt_line(debt, week.names, debt.since.astimezone(week.at.tzinfo)) for debt in week.debts]


def _put_off(redated: Sequence[Redated]) -> Text:
    """``本周改期 2``, each with its reason, and ``原因：供应商缺货 ×2``."""
    lines = [
        say("{ref} {was} → {now}{why}", "{ref} {was} → {now}{why}", ref=one.ref, was=bare_day(one.was),
            now=bare_day(one.now), why=say("：{why}", ": {why}", why=cut(one.why, 40)) if one.why else NOTHING)
        for one in redated
    ]  # fmt: skip
    counted = Counter(cut(one.why, 30) for one in redated)
    parts = [
        say("{why} ×{n}", "{why} ×{n}", why=why or say("没写", "none given"), n=n)
        for why, n in counted.most_common(MOST_REASONS)
    ]
    reasons = say("改期原因：{parts}", "Reasons: {parts}", parts=listed(parts))
    return _part(say("本周改期 {n}", "Put off this week {n}", n=len(redated)), lines, reasons)


def _goal(goal: Goal) -> Text:
    return say(
        "{ref} {title} {day}", "{ref} {title} {day}", ref=goal.ref, title=cut(goal.title, 28), day=bare_day(goal.due)
    )


def _elsewhere(week: Week) -> list[Text]:
    """Numbers whose rows are no tasks: how they came about, and the page that lists them."""
    parts = []
    if week.reports is not None:
        r = week.reports
        parts.append(
            say("日报 应交 {all}，准时 {on_time}，补交 {late}　发「/指标 日报准时率」看口径",
                "Reports: {all} asked for, {on_time} on time, {late} late; “/metrics reports” says more",
                all=r.expected, on_time=r.on_time, late=r.late)
        )  # fmt: skip
    if week.blockers:
        parts.append(
            say(
                "阻塞 {n}　发「/指标 阻塞响应」看每一个",
                "Blockers {n}; “/metrics blockers” lists them",
                n=week.blockers,
            )
        )
    return parts


def _part(head: Text, lines: Sequence[Text], foot: Text | None = None) -> Text:
    shown = list(lines[:MOST])
    if len(lines) > MOST:
        shown.append(say("还有 {n} 项，点 [导出] 看全部", "{n} more: press [Export]", n=len(lines) - MOST))
    return join([head, *shown, *([foot] if foot else [])], "\n")


def _lines(week: Week, works: Sequence[Work]) -> list[Text]:
    return [task_line(work, week, done=work.state == "done") for work in works]


def task_line(work: Work, week: Week, *, done: bool) -> Text:
    """``✅ T1 主图（王五）9-18 截止，9-20 完成``."""
    return one_line(work, who(week, work), done=done)


def one_line(work: Work, name: Text, *, done: bool) -> Text:
    """The same, of any owner."""
    due: Text = verbatim("—") if work.due is None else verbatim(bare_day(work.due))
    text = say(
        "{mark} {ref} {title}（{who}）{due} 截止",
        "{mark} {ref} {title} ({who}) due {due}", mark="✅" if done else "⬜",
        ref=work.ref, title=cut(work.title, 24), who=name, due=due,
    )  # fmt: skip
    if done and work.closed is not None:
        return say("{text}，{day} 完成", "{text}, done {day}", text=text, day=bare_day(work.closed))
    return text


def left_out(found: Sequence[tuple[Work, Why]], most: int = MOST) -> Text | None:
    """``不算在内：T5（截止在后）``; None: nothing is."""
    if not found:
        return None
    parts = [say("{ref}（{why}）", "{ref} ({why})", ref=work.ref, why=WHY[why]) for work, why in found[:most]]
    if len(found) > most:
        parts.append(say("等 {n} 项", "{n} in all", n=len(found)))
    return say("不算在内：{parts}", "Left out: {parts}", parts=listed(parts))


def as_csv(week: Week, locale: Locale, harmless: Callable[[str], str]) -> str:
    """One row a task, those that are left out too. ``harmless``: makes a cell no formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([title.render(locale) for title in _HEADER])
    off = {each.work.number: each for each in week.deviation.rows}
    counted = {work.number for work in week.completion.due}
    for work in week.works:
        each = off.get(work.number)
        cells = (
            work.ref, work.title, week.name(work), STATE[work.state].render(locale) if work.state in STATE else "",
            *(day.isoformat() if day else "" for day in (work.start, work.planned, work.due, work.closed)),
            str(each.planned) if each else "", str(each.used) if each else "", signed(each.per_cent) if each else "",
            (_YES if work.number in counted else _NO).render(locale),
        )  # fmt: skip
        writer.writerow([cell if cell[:1] in "+−" and each else harmless(cell) for cell in cells])
    return out.getvalue()


def review(project: str, week: Week) -> Text:
    """Background, goal, gap, improvement: the figures are in, what only people know is left open."""
    unfinished = [work for work in week.completion.due if work.state != "done"]
    gap = [
        say("完成率 {rate}，{n} 项没完成{refs}", "done {rate}, {n} not done{refs}", rate=rate(week),
            n=len(unfinished), refs=_refs(unfinished)),
        say("工期偏差 中位 {median}", "off plan by a median of {median}", median=median(week)),
    ]  # fmt: skip
    if week.reports is not None:
        gap.append(say("日报准时 {rate}", "reports on time {rate}", rate=percent(week.reports.rate)))
    if week.blockers:
        gap.append(say("阻塞 {n} 个", "{n} blockers", n=week.blockers))
    return say(
        "📝 复盘草稿：{project} {first} ~ {last}\n"
        "背景：应完成 {due} 项，完成 {done} 项，本周关闭 {closed} 项。\n"
        "目标：应完成的全部完成，工期偏差 0%。\n"
        "差距：{gap}。\n"
        "改进：（谁、做什么、哪天前）",
        "📝 Draft review: {project} {first} ~ {last}\n"
        "Background: {due} tasks were due, {done} are done, {closed} were closed this week.\n"
        "Goal: everything due is done, nothing off plan.\n"
        "Gap: {gap}.\n"
        "Improvement: (who does what by when)",
        project=project, first=bare_day(week.span.first), last=bare_day(week.span.last), due=len(week.completion.due),
        done=len(week.completion.done), closed=len(week.done), gap=join(gap, "；", "; "),
    )  # fmt: skip


def _refs(works: Sequence[Work]) -> Text:
    if not works:
        return verbatim("")
    refs = listed(work.ref for work in works[:MOST])
    return say("（{refs}）", " ({refs})", refs=refs)
