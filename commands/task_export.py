"""Every task as a table.  ``/导出``  ``/导出 csv 匿名``"""

from __future__ import annotations

import csv
import io
import re
from zoneinfo import ZoneInfo

from chat.cards import Attachment, Card, Paragraph
from chat.errors import UserError
from chat.text import Locale, say
from commands.access import require
from commands.arguments import Rest
from commands.context import Ctx
from commands.daily_export import BOM, harmless
from commands.grammar import command
from commands.nameless import asked, nameless
from commands.reply import Reply
from reports.clocks import of_a_file
from reports.days import clock
from reports.task_cards import PRIORITY, state_of
from storage import task_sheet
from storage.task_sheet import Listed

_KNOWN = re.compile(r"\s*(?:任务|全部|所有|的|csv|excel|xlsx|表格?|成|为|tasks?|all|as|\.|\s)*\s*", re.IGNORECASE)
_CSV = re.compile(r"(?:^|\s)csv(?:\s|$)", re.IGNORECASE)
HEADER = (
    say("编号", "Number"), say("标题", "Title"), say("负责人", "Owner"), say("状态", "State"), say("进度", "Progress"),
    say("优先级", "Priority"), say("开始", "Start"), say("截止", "Due"), say("工期", "Days"), say("标签", "Tags"),
    say("阶段", "Stage"), say("上级", "Part of"), say("创建", "Created"), say("完成时间", "Closed"),
    say("描述", "Detail"),
)  # fmt: skip
"""In this order, always: other people's programs read it. An import understands every one of them that it can use."""


@command(
    "导出",
    "export",
    "导出 任务",
    "任务 导出",
    "task export",
    usage=say("把全部任务导出成表格（xlsx 或 csv；匿名）", "All tasks as a table (xlsx or csv; anonymous)"),
    example=say("/导出", "/export"),
)
def export(ctx: Ctx, words: Rest) -> Reply:
    """A file in the chat. Only for members. Raises UserError: there are no tasks."""
    require(ctx, "task.export")
    words, no_names = asked(words)
    if not _KNOWN.fullmatch(words):
        raise UserError(
            say("没看懂要导出「{words}」。"
                "任务：/导出；日报：/日报 导出 9-14~9-18；审批：/审批 导出 P1；全部数据：/退出 只导出",
                "I do not know how to export “{words}”. Tasks: /export; reports: /daily export 9-14~9-18; "
                "an approval: /approve export P1; everything: /project export", words=words[:20])
        )  # fmt: skip
    found = task_sheet.listed(ctx.books.tx, ctx.project.id)
    if not found:
        raise UserError(say("还没有任务可导出。", "There are no tasks to export."))
    if no_names:
        masks = nameless(ctx, ctx.project.id)
        found = [masks.listed(one) for one in found]
    name = f"{ctx.project.name[:30]}-{ctx.today.isoformat()}"
    table = as_csv(ctx, found, ctx.locale)
    as_text = _CSV.search(words) is not None
    file = Attachment(f"{name}.csv", BOM + table) if as_text else Attachment(f"{name}.xlsx", table, "table")
    ctx.books.audit(ctx.project.id, "task.export", "done", f"{len(found)} tasks{' nameless' if no_names else ''}")
    text = say("{project} 全部任务，{n} 项。{whose}", "All {n} tasks of {project}.{whose}", project=ctx.project.name,
               n=len(found), whose=of_a_file(ctx.project, ctx.person, ctx.at))  # fmt: skip
    if no_names:
        text = say("{text}姓名换成了编号。", "{text} Numbers stand for names.", text=text)
    return Reply(Card((Paragraph(text), file)))


def as_csv(ctx: Ctx, found: list[Listed], locale: Locale) -> str:
    """One row a task, by number; no cell can start a formula."""
    out, home = io.StringIO(), ZoneInfo(ctx.project.zone)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([title.render(locale) for title in HEADER])
    for one in found:
        task = one.task
        due = f"{task.due.isoformat()}{' ' + clock(task.due_minute) if task.due_minute is not None else ''}" \
            if task.due else ""  # fmt: skip
        closed = f"{task.closed_at.astimezone(home):%Y-%m-%d %H:%M}" if task.closed_at else ""
        cells = (
            task.ref, task.title, task.owner_name, state_of(task).render(locale), f"{task.progress}%",
            PRIORITY[task.priority].render(locale) if task.priority else "",
            task.start.isoformat() if task.start else "",
            due, str(task.days or ""), " ".join(one.tags), task.stage, one.parent,
            f"{task.created_at.astimezone(home):%Y-%m-%d %H:%M}", closed, task.detail,
        )  # fmt: skip
        writer.writerow([harmless(cell) for cell in cells])
    return out.getvalue()
