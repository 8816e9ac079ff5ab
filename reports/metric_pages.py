"""``/指标``: one page a figure: its formula, what counts, the rows behind it and those left out, all from history."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chat.text import Text, listed, say, verbatim
from planning.forecast import odd_ones
from planning.lives import Work
from planning.metrics import Exceptions, Taken, answer_minutes
from planning.work_weeks import week_after
from planning.working_time import Clock
from reports.days import bare_day, stamp
from reports.digest import short
from reports.metric_page import MOST, Page
from reports.off_plan import by_part, by_week
from reports.planning.measures import Measures, Spent, middle
from reports.planning.waits import waits
from reports.quality import quality
from reports.task_board import cut
from reports.task_cards import STATE
from reports.weekly_rows import left_out, one_line
from reports.weekly_views import hours, off_line, percent, signed


def _completion(found: Measures, _: Clock) -> Page:
    done = {work.number for work in found.completion.done}
    return Page(
        verbatim(percent(found.completion.rate)),
        say("已完成 {done} ÷ 应完成 {due}", "{done} done ÷ {due} due", done=len(done), due=len(found.completion.due)),
        say(
            "截止在 {last} 及以前的任务（近 8 周；更早的只算还没完成的），不算已取消",
            "tasks due by {last} (within 8 weeks; older ones while they are open), not the cancelled",
            last=bare_day(found.span.last),
        ),
        [one_line(work, _who(found, work), done=work.number in done) for work in found.completion.due],
        left_out(found.completion.left_out),
    )


def _deviation(found: Measures, _: Clock) -> Page:
    middle_ = found.deviation.median
    return Page(
        say("中位 {n}", "median {n}", n="—" if middle_ is None else signed(middle_)),
        say(
            "（实际工作日 − 计划工作日）÷ 计划工作日，取中位数；负数是提前",
            "(working days used − planned) ÷ planned, the median; negative is early",
        ),
        say(
            "应完成里已完成的；从开始日到完成日，计划到最初定的截止（建好 24 小时内的改动算更正），首尾都算",
            "what was due and is done; from start to done, planned to the first due (corrections within 24 hours "
            "count as such), both ends included",
        ),
        [off_line(off) for off in found.deviation.rows],
        left_out(found.deviation.left_out),
        [*by_part(found), *by_week(found.trend)],
    )


def _taken(found: Measures, taken: Sequence[Taken], formula: Text, counted: Text) -> Page:
    slowest = sorted(taken, key=lambda each: -each.minutes)
    minutes = middle(taken)
    value = say("—", "—") if minutes is None else say("中位 {n} 工作小时", "median {n} working hours", n=hours(minutes))
    rows = [
        say("{ref} {title}（{who}）{n} 小时", "{ref} {title} ({who}) {n} h", ref=each.work.ref,
            title=cut(each.work.title, 24), who=_who(found, each.work), n=hours(each.minutes))
        for each in slowest
    ]  # fmt: skip
    return Page(value, formula, counted, rows)


def _response(found: Measures, _: Clock) -> Page:
    return _taken(
        found, found.responses,
        say("从建任务到负责人第一次动它，取中位数", "from making a task to its owner's first action, the median"),
        say("只算工作日 9:00–18:00；近 8 周的任务，最慢的在前",
            "9:00–18:00 on working days; 8 weeks, the slowest first"),
    )  # fmt: skip


def _handling(found: Measures, _: Clock) -> Page:
    return _taken(
        found, found.handling,
        say("从开始到完成，减去因外部原因阻塞的时间，取中位数",
            "from start to done without waiting for outsiders, the median"),
        say("只算工作日 9:00–18:00；近 8 周完成的，最慢的在前；没记开始的不算",
            "9:00–18:00 on working days; done in 8 weeks, the slowest first; not those that nobody began"),
    )  # fmt: skip


def _throughput(found: Measures, _: Clock) -> Page:
    done = found.flow.done
    this = done[found.span.first]
    return Page(
        say("{n} 项", "{n}", n=this),
        say("一个工作周里完成的任务数", "tasks finished in a work week"),
        say("按完成日；近 8 个工作周", "by the day they were done; the last 8 work weeks"),
        [say("{day} 起 {n} 项", "from {day}: {n}", day=bare_day(day), n=n) for day, n in done.items()],
    )


def _stages(found: Measures, _: Clock) -> Page:
    rows = [
        say("{state} 中位 {n} 小时（{m} 项）", "{state}: median {n} h ({m} tasks)", state=STATE.get(s.state, s.state),
            n=hours(s.minutes), m=s.tasks)
        for s in found.flow.stages
    ]  # fmt: skip
    rows += [
        say("{stage} 从建到完成 中位 {n} 小时（{m} 项）", "{stage}: median {n} h from made to done ({m} tasks)",
            stage=s.state, n=hours(s.minutes), m=s.tasks)
        for s in found.flow.cycles
    ]  # fmt: skip
    slowest = found.flow.stages[0] if found.flow.stages else None
    value = say("最慢：{state}", "slowest: {state}", state=STATE.get(slowest.state, "")) if slowest else say("—", "—")
    return Page(
        value, say("完成的任务在各状态停留的时间，取中位数",
            "how long finished tasks stayed in each state, the median"),
        say("只算工作日 9:00–18:00；近 8 周，最慢的在前",
            "9:00–18:00 on working days; 8 weeks, the slowest first"), rows,
    )  # fmt: skip


def _overdue(found: Measures, _: Clock) -> Page:
    return Page(
        say("{n}", "{n}", n=len(found.late)),
        say("过了截止还没完成的任务数", "tasks that are past their due and not done"),
        say("此刻的截止日和时间；没写时间的到 18:00；已完成的看「/指标 异常」",
            "by their due now, 18:00 where no time is said; those done late are among the exceptions"),
        [one_line(work, _who(found, work), done=False) for work in found.late],
    )  # fmt: skip


def _upcoming(found: Measures, clock: Clock) -> Page:
    following = week_after(found.span.last, clock.calendar)
    rows: list[Text] = [verbatim(f"{goal.ref} {cut(goal.title, 24)} {bare_day(goal.due)}") for goal in found.goals]
    rows += [one_line(work, _who(found, work), done=False) for work in found.nodes]
    return Page(
        say("{n}", "{n}", n=len(rows)),
        say("下个工作周到期的里程碑和未完成任务", "milestones and open tasks that are due in the next work week"),
        say("{first} ~ {last}", "{first} ~ {last}", first=bare_day(following.first), last=bare_day(following.last)),
        rows,
    )


def _exceptions(found: Measures, _: Clock) -> Page:
    odd: Exceptions = found.exceptions
    value = say(
        "误期 {late}　改期 {moved}　返工 {rework}　客诉 {complaints}",
        "past due {late}　put off {moved}　reworked {rework}　complaints {complaints}",
        late=len(odd.late), moved=len(odd.moved), rework=len(odd.rework), complaints=len(odd.complaints),
    )  # fmt: skip
    rows = [
        *([_list(say("误期", "Past due"), odd.late)] if odd.late else []),
        *([_times(say("改期", "Put off"), odd.moved)] if odd.moved else []),
        *([_times(say("返工", "Reworked"), odd.rework)] if odd.rework else []),
        *([_list(say("客诉", "Complaints"), odd.complaints)] if odd.complaints else []),
    ]
    took = found.deviation.rows
    rows += [
        say("用时离群：{line}", "Far off the usual: {line}", line=off_line(took[number]))
        for number in odd_ones([off.used / off.planned for off in took])
    ]
    return Page(
        value,
        say("过了截止才完成或还没完成；往后改截止；完成后重开；带 #客诉 标签；"
            "用时离群指偏离中位 3 倍 MAD 以上",
            "done after the due or still open past it; due moved later; reopened after done; tagged #complaint; "
            "far off the usual is beyond 3 MAD of the median"),
        say("近 8 周的任务，不算已取消", "tasks of 8 weeks, not the cancelled"), rows,
    )  # fmt: skip


def _list(name: Text, works: Sequence[Work]) -> Text:
    refs = listed((work.ref for work in works), MOST)
    return say("{name}：{refs}", "{name}: {refs}", name=name, refs=refs)


def _times(name: Text, works: Sequence[tuple[Work, int]]) -> Text:
    refs = listed((f"{work.ref}×{times}" for work, times in works), MOST)
    return say("{name}：{refs}", "{name}: {refs}", name=name, refs=refs)


def _blockers(found: Measures, clock: Clock) -> Page:
    known = waits(found.blockers, found.period.now)
    mean = answer_minutes(known, clock)
    rows = []
    for blocker, (opened, answered) in zip(found.blockers, known, strict=True):
        took = say("{n} 小时", "{n} h", n=hours(clock.minutes(opened, answered))) if answered else None
        rows.append(
            say("{ref} {words}（{who}，{at}）{took}", "{ref} {words} ({who}, {at}) {took}", ref=blocker.ref,
                words=short(blocker.words, 40), who=blocker.name, at=stamp(opened.astimezone(clock.zone)),
                took=took or say("还没回应", "not answered"))
        )  # fmt: skip
    return Page(
        say("—", "—") if mean is None else say("平均 {n} 工作小时", "{n} working hours on average", n=hours(mean)),
        say("从报阻塞到第一次回应，取平均", "from the report to the first answer, the mean"),
        say("上次周报以后报的和回应的阻塞；只算工作日 9:00–18:00；没回应的列出、不计入",
            "blockers reported or answered since the last weekly digest; 9:00–18:00 on working days; unanswered ones "
            "are listed, not counted"), rows,
    )  # fmt: skip


def _reports(found: Measures, _: Clock) -> Page:
    reports = found.reports
    if reports is None:
        value, rows = say("—", "—"), []
    else:
        value = say("{rate}　补交 {late}", "{rate}　late {late}", rate=percent(reports.rate), late=reports.late)
        rows = [
            say("应交 {all}，准时 {on_time}，补交 {late}，没交 {none}",
                "{all} asked for, {on_time} on time, {late} late, {none} not in", all=reports.expected,
                on_time=reports.on_time, late=reports.late, none=reports.expected - reports.on_time - reports.late)
        ]  # fmt: skip
    return Page(
        value, say("准时和提前交的 ÷ 应交的", "in time or early ÷ asked for"),
        say("本工作周已截止的日报；休假的不算",
            "reports of this work week that are closed; not of those on leave"), rows,
    )  # fmt: skip


def _people(found: Measures, _: Clock) -> Page:
    """Person-days that went into what was finished."""
    days: dict[str, int] = {}
    for off in found.deviation.rows:
        name = found.names.get(off.work.owner or 0, "")
        days[name] = days.get(name, 0) + off.used
    planned = sum(off.planned for off in found.deviation.rows)
    rows = [
        say("{who} {n} 人日", "{who}: {n} person-days", who=name or say("待指派", "nobody"), n=n)
        for name, n in sorted(days.items(), key=lambda item: -item[1])
    ]
    rows += [_spent(spent) for spent in found.spent]
    return Page(
        say("{n} 人日（计划 {planned}）", "{n} person-days ({planned} planned)", n=sum(days.values()), planned=planned),
        say("已完成任务从开始到完成的工作日之和", "working days from start to done, added up"),
        say("应完成里已完成的；预算、设备用「T1 指标 预算 3万」记",
            "what was due and is done; budget and equipment: T1 metric budget 30000"),
        rows,
    )  # fmt: skip


def _spent(spent: Spent) -> Text:
    """``预算 合计 8万：T1 3万、T2 5万``."""
    each = listed((f"{ref} {words}" for ref, words in spent.rows), MOST)
    value = spent.total
    total = f"{round(value / 10_000, 2):g}万" if abs(value) >= 10_000 else f"{round(value, 2):g}"
    return say(
        "{name} 合计 {total}：{each}", "{name}, in all {plain}: {each}",
        name=spent.name, total=total, plain=f"{value:,.10g}",
        each=each,
    )  # fmt: skip


def _who(found: Measures, work: Work) -> Text:
    name = found.names.get(work.owner or 0, "")
    return verbatim(name) if name else say("待指派", "nobody")


PAGES: dict[str, tuple[Text, Callable[[Measures, Clock], Page]]] = {
    "completion": (say("完成率", "Completion"), _completion),
    "deviation": (say("偏差率", "Deviation"), _deviation),
    "response": (say("响应时间", "Response"), _response),
    "handling": (say("处理时间", "Handling"), _handling),
    "throughput": (say("吞吐", "Throughput"), _throughput),
    "stages": (say("阶段用时", "Stages"), _stages),
    "overdue": (say("逾期", "Overdue"), _overdue),
    "upcoming": (say("下周节点", "Due next week"), _upcoming),
    "exceptions": (say("异常", "Exceptions"), _exceptions),
    "blockers": (say("阻塞响应", "Blockers"), _blockers),
    "quality": (say("质量欠账", "Quality debt"), quality),
    "reports": (say("日报准时率", "Punctuality"), _reports),
    "people": (say("资源", "Resources"), _people),
}
