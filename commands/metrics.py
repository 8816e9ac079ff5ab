"""What is measured, and how.  ``/指标``  ``/指标 完成率``  ``/指标 完成率 上周``"""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.arguments import Rest
from commands.context import Ctx
from commands.customer_health import overall
from commands.grammar import command
from commands.line import fold
from commands.number import record
from commands.reply import Reply
from commands.task_lines import quoted_task
from planning.work_weeks import week_before, work_week
from planning.zones import at_local
from reports.daily_desk import Desk
from reports.days import stamp
from reports.metric_page import Page
from reports.metric_pages import PAGES
from reports.planning.measures import Measures, measure
from reports.planning.week import clock_of

EXAMPLE = say("/指标 完成率", "/metrics completion")
_LAST = re.compile(r"上周|上个?星期|上一周|last(?: week)?")
_HEALTH = re.compile(r"客户(?:健康分?)?|健康分?|(?:customer )?health|customers?")
_NAMES = {
    "completion": r"完成[率度]?|completion|done",
    "deviation": r"(?:工期)?偏差[率]?|deviation|off plan",
    "response": r"响应(?:时间|时长|速度)?|response",
    "handling": r"处理(?:时间|时长)?|handling",
    "throughput": r"吞吐[量率]?|产出|throughput",
    "stages": r"阶段(?:用时|时间)?|周期(?:时间)?|瓶颈|stages?|cycle(?: time)?",
    "overdue": r"逾期(?:数|任务)?|overdue|late",
    "upcoming": r"下周(?:节点|到期)?|节点|due next week|next week|upcoming",
    "exceptions": r"异常|返工|客诉|exceptions?|rework|complaints?",
    "blockers": r"阻塞(?:响应|回应)?(?:时间|时长)?|blockers?",
    "quality": r"质量(?:欠账)?|欠账|quality(?: debt)?",
    "reports": r"日报(?:准时率|提交率|准时)?|准时率|提交率|punctuality|reports?",
    "people": r"资源(?:使用|占用)?|人力|resources?|people",
}


@command(
    "指标",
    "metrics",
    "metric",
    usage=say("各项指标怎么算、由哪些任务得出", "How figures are reckoned, and from which tasks"),
    example=EXAMPLE,
)
def show(ctx: Ctx, words: Rest) -> Reply:
    """All of them, or one with its rows; in a reply to a task, its own number. Raises UserError: no such figure."""
    task = quoted_task(ctx)
    if task is not None and words and not task.closed:
        return record(ctx, task, words)
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    folded = fold(words).strip()
    last = _LAST.search(folded)
    wanted = _LAST.sub("", folded).strip()
    if not wanted:
        return Reply(text_card(_all(desk, _measured(desk, last=last is not None))))
    if _HEALTH.fullmatch(wanted):
        return Reply(overall(ctx))
    name = next((each for each, pattern in _NAMES.items() if re.fullmatch(pattern, wanted)), None)
    if name is None:
        raise UserError(
            say("没有「{words}」这个指标。有：{names}。例：{example}",
                "There is no figure “{words}”. There are: {names}. Example: {example}", words=words[:20],
                names=listed(title for title, _ in PAGES.values()), example=EXAMPLE)
        )  # fmt: skip
    found = _measured(desk, last=last is not None)
    title, (now, earlier) = PAGES[name][0], _pages(desk, found, name)
    return Reply(text_card(now.text(title, stamp(found.period.now), earlier)))


def _pages(desk: Desk, found: Measures, name: str) -> tuple[Page, Page | None]:
    """Of this week and of the one before."""
    page, clock = PAGES[name][1], clock_of(desk)
    return page(found, clock), page(found.earlier, clock) if found.earlier else None


def _measured(desk: Desk, *, last: bool) -> Measures:
    """Of the work week of today (on a day off: the one before); last week's as it was sent."""
    rhythm = desk.rhythm
    today = rhythm.calendar.last_working(rhythm.local(desk.books.at).date())
    if not last:
        return measure(desk, today)
    week = week_before(work_week(today, rhythm.calendar).first, rhythm.calendar)
    sent = desk.books.weeks.of(desk.project.id, week.first)
    return measure(desk, week.last, sent.at if sent else at_local(week.last, 24 * 60, rhythm.zone))


def _all(desk: Desk, found: Measures) -> Text:
    lines: list[Text] = []
    for name, (title, _) in PAGES.items():
        now, earlier = _pages(desk, found, name)
        if not now.quiet:
            lines.append(now.headline(title, earlier))
    lines.append(say("看公式和明细：{example}", "Formula and rows: {example}", example=EXAMPLE))
    return join(lines, "\n")
