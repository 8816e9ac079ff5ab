"""Tasks from a table: looked at first, made when somebody says so, taken back within ten minutes.  ``/导入``"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from chat.cards import Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say, verbatim
from commands.access import allowed, require
from commands.context import Ctx
from commands.grammar import answers, button, command
from commands.press import STALE
from commands.reply import Pressed, Reply
from commands.undo import WITHIN
from planning.due import overdue
from planning.sheet import COLUMNS, MOST_ROWS, Flaw, NoTitles, Sheet, Wanted, read
from reports.import_tasks import card_name, going_on
from storage.drafts import Draft
from storage.imports import Row

WAITS = timedelta(hours=1)
"""How long a table is waited for."""
MOST_FLAWS = 12
EXAMPLE = say(
    "标题,负责人,截止,优先级\n主图素材,王五,2026-09-18,高", "Title,Owner,Due,Priority\nMain picture,Li,2026-09-18,high"
)
_WHAT = {
    "title": say("没有标题", "has no title"),
    "owner": say("没有成员「{words}」", "nobody here is called “{words}”"),
    "due": say("截止「{words}」看不懂", "the due “{words}” is no date"),
    "start": say("开始「{words}」看不懂", "the start “{words}” is no date"),
    "days": say("工期「{words}」要写天数，1–366", "the duration “{words}” should be 1–366 days"),
    "state": say("状态「{words}」看不懂", "the state “{words}” means nothing here"),
    "progress": say("进度「{words}」要在 0–100%", "the progress “{words}” should be 0–100%"),
    "priority": say(
        "优先级「{words}」要写 紧急、高、中、低", "the priority “{words}” should be urgent, high, medium or low"
    ),
}


@command(
    "导入",
    "import",
    "导入 任务",
    "任务 导入",
    "task import",
    usage=say("从 Excel 或 CSV 导入任务", "Tasks from Excel or CSV"),
    example=say("/导入", "/import"),
    roles="admin",
)
def take(ctx: Ctx) -> Reply:
    """The table is attached, or stands below the command, or is asked for."""
    require(ctx, "task.import")
    found = _table(ctx)
    return _look(ctx, *found) if found else _ask(ctx)


@answers("import.table")
def table_said(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """The next message with a table in it."""
    found = _table(ctx)
    if not found:
        return None
    require(ctx, "task.import")
    return _look(ctx, *found)


def _table(ctx: Ctx) -> tuple[str, str] | None:
    """(name, CSV) of what is attached or pasted below the first line."""
    file = next((file for file in ctx.thing.files if file.text), None)
    if file is not None:
        return file.name, file.text
    if ctx.thing.files:
        raise UserError(
            say(
                "读不了「{name}」。请发 .xlsx 或 .csv，2 MB 以内，不要加密码。",
                "“{name}” cannot be read. Please send .xlsx or .csv, at most 2 MB, without a password.",
                name=ctx.thing.files[0].name[:40],
            )
        )
    pasted = ctx.line.text.strip()
    head, newline, _ = pasted.partition("\n")
    looks_so = any(mark in head for mark in ",\t，;") or head.strip().lower() in COLUMNS["title"]
    return ("", pasted) if newline and looks_so else None


def _ask(ctx: Ctx) -> Reply:
    ctx.books.questions.ask(ctx.chat.id, ctx.person.id, "import.table", lasts=WAITS)
    how = say("发来并 @我", "attach it and @ me") if ctx.in_group else say("发给我", "send it to me")
    return Reply(
        text_card(
            say(
                "把表格{how}：.xlsx 或 .csv，最多 {most} 行。第一行是列名，必须有「标题」，可以有：负责人、截止、开始、"
                "工期、状态、进度、优先级、标签、阶段、描述、编号。例：\n{example}",
                "Please {how}: .xlsx or .csv, at most {most} rows. The first row names the columns: Title is needed; "
                "Owner, Due, Start, Days, State, Progress, Priority, Tags, Stage, Detail and Number may be there. "
                "E.g.\n{example}",
                how=how, most=MOST_ROWS, example=EXAMPLE,
            ),
            Button(say("取消", "Cancel"), "import.cancel"),
        )
    )  # fmt: skip


@button("import.cancel")
def cancel(ctx: Ctx) -> Pressed:
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    done = say("好的，先不导入。", "OK, nothing is imported.")
    return Pressed(done, text_card(done))


# --- looking at it ---------------------------------------------------------------------------------------------------


def _look(ctx: Ctx, name: str, table: str) -> Reply:
    """What would be made, and what is wrong with the rest. Nothing is made yet."""
    members = [each.person for each in ctx.books.people.members(ctx.project.id)]
    people = {person.name: person.id for person in members if person.left_at is None}
    try:
        sheet = read(table, people, ctx.now, ctx.calendar)
    except NoTitles as error:
        raise UserError(
            say(
                "第一行没有「标题」这一列（读到：{head}）。改一下列名再发。例：\n{example}",
                "The first row has no column “Title” (it says: {head}). Rename the column and send it again. E.g.\n"
                "{example}",
                head=str(error) or "—",
                example=EXAMPLE,
            )
        ) from None
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    known = ctx.books.imports.known(ctx.project.id)
    fresh, there = _fresh(ctx, sheet, known)
    lines = _findings(ctx, name, sheet, fresh, there)
    if not fresh:
        return Reply(text_card(join([*lines, say("没有要导入的。", "There is nothing to import.")], "\n")))
    key = ctx.books.drafts.keep("import", ctx.chat.id, ctx.person.id, name=name, rows=len(fresh))
    ctx.books.imports.keep(key, [Row(one.number, asdict(one)) for one in fresh])
    start = Button(say("导入 {n} 项", "Import {n}", n=len(fresh)), "import.start", (key,), style="primary")
    drop = Button(say("不用了", "Never mind"), "import.drop", (key,))
    return Reply(text_card(join(lines, "\n"), start, drop), name=card_name(key))


def _fresh(ctx: Ctx, sheet: Sheet, known: Mapping[str, int]) -> tuple[list[Wanted], int]:
    """(rows that are not tasks yet, how many are)."""
    seen = set(known)
    fresh = []
    for one in sheet.wanted:
        if one.source in seen or _is_ours(ctx, one):
            continue
        seen.add(one.source)
        fresh.append(one)
    return fresh, len(sheet.wanted) - len(fresh)


def _is_ours(ctx: Ctx, one: Wanted) -> bool:
    """A row of our own export: its number is that of the same task."""
    number = one.source.removeprefix("id:").lstrip("Tt")
    if not one.source.startswith("id:T") or not number.isdecimal() or len(number) > 9:
        return False
    task = ctx.tasks.numbered(ctx.project.id, int(number))
    return task is not None and task.title == one.title


def _findings(ctx: Ctx, name: str, sheet: Sheet, fresh: list[Wanted], there: int) -> list[Text]:
    late = sum(one.state in ("todo", "doing", "blocked") and overdue(one.due, one.due_minute, ctx.now) for one in fresh)
    file = verbatim(name[:40]) if name else say("表格", "The table")
    lines = [
        say("📥 {file}：读到 {n} 行", "📥 {file}: {n} rows", file=file, n=sheet.rows),
        say("可以导入 {n} 项，已经有 {there} 项（跳过），有问题 {bad} 行",
            "{n} can be imported, {there} are there already (skipped), {bad} have a problem",
            n=len(fresh), there=there, bad=len(sheet.flaws)),
    ]  # fmt: skip
    lines += [_flaw(flaw) for flaw in sheet.flaws[:MOST_FLAWS]]
    if len(sheet.flaws) > MOST_FLAWS:
        lines.append(say("还有 {n} 行有问题", "{n} more rows have a problem", n=len(sheet.flaws) - MOST_FLAWS))
    if late:
        lines.append(say("其中 {n} 项截止已过，导入后算逾期", "{n} of them are overdue already", n=late))
    if sheet.unknown:
        names = listed(verbatim(word[:20]) for word in sheet.unknown[:6])
        lines.append(say("没用上的列：{names}", "Columns not used: {names}", names=names))
    if sheet.cut:
        lines.append(say("只读前 {most} 行，后面 {n} 行请分开导入",
                         "Only the first {most} rows are read; import the other {n} separately",
                         most=MOST_ROWS, n=sheet.cut))  # fmt: skip
    return lines


def _flaw(flaw: Flaw) -> Text:
    what = _WHAT[flaw.what]
    why = Text(what.zh, what.en, {"words": flaw.words[:30]})
    return say("第 {n} 行：{why}", "Row {n}: {why}", n=flaw.number, why=why)


# --- doing it --------------------------------------------------------------------------------------------------------


@button("import.start")
def start(ctx: Ctx) -> Pressed:
    """The rows become tasks a hundred at a time, so that nobody has to wait for them."""
    require(ctx, "task.import")
    draft = _mine(ctx)
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经在导入了。", "It is being imported already."))
    ctx.books.schedules.add(
        "import.rows", f"import:{draft.key}", ctx.at, batch=draft.key, project=ctx.project.id, chat=ctx.chat.id,
        person=ctx.person.id,
    )  # fmt: skip
    ctx.books.audit(ctx.project.id, "task.import", "done", f"{draft.subject['rows']} rows")
    card = going_on(draft.subject["rows"])
    return Pressed(say("开始导入。", "It begins."), card)


@button("import.drop")
def drop(ctx: Ctx) -> Pressed:
    draft = _mine(ctx)
    if not ctx.books.drafts.use(draft):
        raise UserError(say("已经在导入了。要撤销，等它导入完点 [撤销导入]。",
                            "It is being imported. To take it back, press [Undo] when it is done."))  # fmt: skip
    done = say("好的，没有导入。", "OK, nothing was imported.")
    return Pressed(done, Card((Paragraph(done),)))


@button("import.undo")
def take_back(ctx: Ctx) -> Pressed:
    """Tasks nobody touched since are taken back, a hundred at a time."""
    require(ctx, "task.import")
    draft = _mine(ctx)
    finished = int(ctx.action.args[1]) if len(ctx.action.args) > 1 and ctx.action.args[1].isdecimal() else 0
    if ctx.at.timestamp() - finished > WITHIN.total_seconds():
        raise UserError(
            say("超过 10 分钟，不能整批撤销了。", "More than 10 minutes ago: it cannot be taken back as a whole.")
        )
    if not ctx.books.imports.tasks(draft.key, 1):
        raise UserError(say("已经撤销了。", "It was taken back already."))
    ctx.books.schedules.replace(
        "import.undo", f"import:{draft.key}", ctx.at, batch=draft.key, project=ctx.project.id, chat=ctx.chat.id,
        person=ctx.person.id,
    )  # fmt: skip
    return Pressed(say("正在撤销。", "It is being taken back."))


def _mine(ctx: Ctx) -> Draft:
    """Raises UserError: the button is forged, or somebody else's."""
    draft = ctx.books.drafts.get(ctx.action.args[0]) if ctx.action.args else None
    if draft is None or draft.kind != "import":
        raise UserError(STALE)
    if draft.person_id != ctx.person.id and not allowed(ctx, "task.import"):
        raise UserError(say("只有发起导入的人或管理员能点。", "Only who began this, or an admin, can press it."))
    return draft
