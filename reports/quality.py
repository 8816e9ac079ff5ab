"""Quality debt in words: what was to be checked and was not, wherever it is told of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chat.text import NOTHING, Text, say
from planning.quality import Debt
from planning.working_time import Clock
from reports.days import bare_day
from reports.metric_page import Page
from reports.planning.measures import Measures
from reports.task_board import cut


def debt_line(debt: Debt, names: Mapping[int, str], since: datetime) -> Text:
    """``T1 第 2 项 A/B 测试（李四，9-18 起，赶上线）``. since: local."""
    who = names.get(debt.owner or 0, "")
    parts = say("{who}{day} 起{why}", "{who}since {day}{why}", day=bare_day(since.date()),
                who=say("{name}，", "{name}, ", name=who) if who else NOTHING,
                why=say("，{why}", ", {why}", why=cut(debt.why, 20)) if debt.why else NOTHING)  # fmt: skip
    return say("{ref} 第 {n} 项 {words}（{parts}）", "{ref} item {n} {words} ({parts})", ref=debt.ref, n=debt.number,
               words=cut(debt.words, 24), parts=parts)  # fmt: skip


def short_debt(debt: Debt) -> Text:
    """``T1 A/B 测试``."""
    return say("{ref} {words}", "{ref} {words}", ref=debt.ref, words=cut(debt.words, 20))


def quality(found: Measures, clock: Clock) -> Page:
    return Page(
        say("{n} 项", "{n}", n=len(found.debts)),
        say("任务完成时没勾的清单项 + 跳过的清单项，到补勾或去掉为止",
            "items not ticked when their task was done + items skipped, until they are ticked or dropped"),
        say("所有任务，不算已取消；重开的任务只算跳过的",
            "all tasks, not the cancelled; of a task opened again only what was skipped"),
        [debt_line(debt, found.names, debt.since.astimezone(clock.zone)) for debt in found.debts],
        quiet=not found.debts and not (found.earlier and found.earlier.debts),
    )  # fmt: skip
