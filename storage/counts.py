"""What transcripts may count."""

from __future__ import annotations

from sqlalchemy import func, select

from storage.statement import Statement, columns
from storage.tables.approvals import ApprovalRow, ApprovalVote
from storage.tables.audit import Audit
from storage.tables.customers import CustomerRow
from storage.tables.daily import Away, BlockerRow, DailyRow
from storage.tables.plan import LinkRow, MilestoneRow
from storage.tables.repeats import RepeatRow
from storage.tables.road import Schedule
from storage.tables.time import AskRow
from storage.tables.work import TaskRow

COUNTS = {
    "任务": Statement(select(func.count()).select_from(TaskRow).where(columns(TaskRow).state != "undone")),
    "里程碑": Statement(select(func.count()).select_from(MilestoneRow).where(columns(MilestoneRow).state != "undone")),
    "客户": Statement(
        select(func.count())
        .select_from(CustomerRow)
        .join(TaskRow, columns(TaskRow).id == columns(CustomerRow).task_id)
        .where(columns(TaskRow).state != "undone")
    ),
    "依赖": Statement(select(func.count()).select_from(LinkRow)),
    "日报": Statement(select(func.count()).select_from(DailyRow).where(columns(DailyRow).state == "in")),
    "阻塞": Statement(select(func.count()).select_from(BlockerRow).where(columns(BlockerRow).state == "open")),
    "审批": Statement(select(func.count()).select_from(ApprovalRow).where(columns(ApprovalRow).state == "open")),
    "表态": Statement(select(func.count()).select_from(ApprovalVote)),
    "休假": Statement(select(func.count()).select_from(Away)),
    "重复": Statement(select(func.count()).select_from(RepeatRow).where(columns(RepeatRow).state == "on")),
    "请回复": Statement(select(func.count()).select_from(AskRow).where(columns(AskRow).state == "open")),
    "定时": Statement(
        select(func.count())
        .select_from(Schedule)
        .where(columns(Schedule).state == "on", columns(Schedule).owner != "bot")
        .where(*(columns(Schedule).kind != kind for kind in ("overdue", "weekly", "agenda", "moscow", "own_week")))
    ),
    "被拒": Statement(select(func.count()).select_from(Audit).where(columns(Audit).outcome == "refused")),
}
"""{word in a transcript: statement that counts}"""
