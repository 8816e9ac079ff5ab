"""What has to be checked before a task is good.  ``T1 清单 主图三张；A/B 测试``  ``T1 勾 1``  ``T1 跳过 2 赶上线``"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chat.cards import Card, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say, verbatim
from commands.access import allowed, decides, task_by_id
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command, hears
from commands.plan_things import undo_button
from commands.reply import Pressed, Reply
from commands.task_lines import Subjects, leading, ref_then, the_task
from commands.task_view import redraw, words_of
from reports.task_cards import head
from reports.task_look import check_line
from storage.checks import Check
from storage.tasks import Task

EXAMPLE = say("T1 清单 主图三张；A/B 测试", "T1 checklist three pictures; A/B test")
VERB = say("改清单", "change the checklist of")
MOST = 30
LONGEST = 100
LONGEST_WHY = 100
_NUMBERING = re.compile(r"^\s*(?:[-*•·☐]|\d{1,2}[.、)](?!\d))\s*")
_ALL = re.compile(r"^\s*(?:全部|所有|都|all)\s*$")
_BECAUSE = re.compile(r"^\s*(?:因为|原因|because)?[\s:：]*")


@command(
    "清单", "检查清单", "checklist",
    usage=say("任务的检查清单：加几项，或看", "A task's checklist: add to it, or look"),
    example=EXAMPLE,
)  # fmt: skip
def checklist(ctx: Ctx, numbers: Subjects, words: Rest) -> Reply:
    """One a line, or separated by ；. Without words what there is."""
    task = the_task(ctx, numbers, VERB, EXAMPLE, closed=not words)
    standing = ctx.books.checks.of(task.id)
    if not words:
        return Reply(_shown(task, standing))
    _may(ctx, task)
    items = [clean for part in re.split(r"[\n；;]", words) if (clean := _NUMBERING.sub("", part).strip(" :：。"))]
    if not items:
        raise UserError(say("写上要检查什么。例：{example}", "Write what to check, e.g. {example}", example=EXAMPLE))
    if len(standing) + len(items) > MOST:
        raise UserError(say("一个任务的清单最多 {most} 项。", "A checklist has {most} items at most.", most=MOST))
    if max(map(len, items)) > LONGEST:
        raise UserError(say("清单一项最多 {most} 字。", "An item has {most} characters at most.", most=LONGEST))
    for item in items:
        ctx.books.checks.add(task, item)
    redraw(ctx, task)
    shown = _shown(task, ctx.books.checks.of(task.id))
    return Reply(text_card(words_of(shown), undo_button(ctx)))


@hears(ref_then(r"(?:加|添加|检查)?清单(?![\u4e00-\u9fff])[:\s]*|检查项[:\s]*|checklist(?![a-z])[:\s]*"), rank=8)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 清单 …``"""
    return checklist(ctx, leading(ctx, match), ctx.line.rest)


@hears(ref_then(r"(?:删除?|去掉)(?:检查)?清单|drop check(?:list)?"), rank=7)
def dropped(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 删清单 2``: it was no check after all."""
    task = the_task(ctx, leading(ctx, match), VERB, EXAMPLE, closed=True)
    _may(ctx, task)
    checks = _wanted(ctx, task, ctx.line.folded)
    owed = [check for check in checks if check.done is None and (task.state == "done" or check.skipped is not None)]
    if owed and task.creator != ctx.person.id and not allowed(ctx, "task.others"):
        raise UserError(
            say("欠着的检查由建任务的人或管理员去掉；补做后可以勾：{ref} 勾 {n}",
                "What is owed is dropped by who made the task or an admin; once done, tick it: {ref} tick {n}",
                ref=task.ref, n=owed[0].number)
        )  # fmt: skip
    for check in checks:
        ctx.books.checks.drop(task, check.number, check.words)
    return _answer(
        ctx, task, say("{ref} 去掉清单 {rows}。", "{ref}: dropped {rows}.", ref=task.ref, rows=_rows(checks))
    )


@hears(ref_then(r"取消勾选?|untick"), rank=7)
def unticked(ctx: Ctx, match: re.Match[str]) -> Reply:
    return Reply(text_card(_tick(ctx, *_of_line(ctx, match), on=False), undo_button(ctx)))


@hears(ref_then(r"勾选?(?![\u4e00-\u9fff引])|打勾|补勾|tick(?![a-z])"), rank=8)
def ticked(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 勾 1 2``, ``T1 勾 全部``; also of a task that is done: that is how a debt is paid."""
    return Reply(text_card(_tick(ctx, *_of_line(ctx, match), on=True), undo_button(ctx)))


@hears(ref_then(r"(?:跳过|略过|先不做|skip)(?=[\s:]*\d)"), rank=8)
def skipped(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 跳过 2 赶上线``: from now on a debt. A reason has to be given."""
    task = the_task(ctx, leading(ctx, match), VERB, EXAMPLE, closed=True)
    number = re.match(r"[\s:]*\d{1,4}", ctx.line.folded)
    assert number is not None
    checks = _wanted(ctx, task, ctx.line.folded[: number.end()])
    ctx.line.cut(0, number.end())
    why = _BECAUSE.sub("", " ".join(ctx.line.rest.split()))[:LONGEST_WHY]
    _may(ctx, task)
    check = checks[0]
    if not why:
        raise UserError(
            say("写一句为什么跳过，例：{ref} 跳过 {n} 赶上线", "Say why, e.g. {ref} skip {n} no time before launch",
                ref=task.ref, n=check.number)
        )  # fmt: skip
    if check.done is not None or check.skipped is not None:
        raise UserError(_same(task, checks))
    ctx.books.checks.skip(task, check.number, why)
    text = say(
        "{ref} 跳过 {row}，记为质量欠账，补勾前每天的汇总里都有。补做后发：{ref} 勾 {n}",
        "{ref}: {row} is skipped. It is a quality debt in every digest until it is ticked: {ref} tick {n}",
        ref=task.ref, row=_rows(checks), n=check.number,
    )  # fmt: skip
    return _answer(ctx, task, text)


@button("check.tick")
def tick_pressed(ctx: Ctx, task_id: int, number: int) -> Pressed:
    ctx, task = task_by_id(ctx, task_id)
    text = _tick(ctx, task, _wanted(ctx, task, str(number)), on=True)
    return Pressed(text, reply=Reply(text_card(text, undo_button(ctx))))


def _of_line(ctx: Ctx, match: re.Match[str]) -> tuple[Task, list[Check]]:
    task = the_task(ctx, leading(ctx, match), VERB, EXAMPLE, closed=True)
    return task, _wanted(ctx, task, ctx.line.folded)


def _tick(ctx: Ctx, task: Task, checks: Sequence[Check], *, on: bool) -> Text:
    """Raises UserError: not theirs to say, the task is cancelled, or nothing would change."""
    _may(ctx, task)
    moved = [check for check in checks if (check.done is not None) != on]
    if not moved:
        raise UserError(_same(task, checks))
    for check in moved:
        ctx.books.checks.tick(task, check.number, on=on)
    redraw(ctx, task)
    if not on:
        return say("{ref} 取消勾 {rows}。", "{ref}: {rows} unticked.", ref=task.ref, rows=_rows(moved))
    left = [check for check in ctx.books.checks.of(task.id) if check.done is None]
    more: Text = say("还差 {n} 项。", "{n} to go.", n=len(left)) if left else say("清单全部勾完。", "All ticked.")
    return say("{ref} 勾了 {rows}。{more}", "{ref}: {rows} ticked. {more}", ref=task.ref, rows=_rows(moved), more=more)


def _may(ctx: Ctx, task: Task) -> None:
    if task.state == "cancelled":
        raise UserError(say("{ref} 已取消，清单不再改。", "{ref} is cancelled; its checklist stays.", ref=task.ref))
    if not decides(ctx, task):
        raise UserError(
            say("{ref} 由{who}负责，请他来改清单。", "{ref} belongs to {who}; please ask them.", ref=task.ref,
                who=task.owner_name)
        )  # fmt: skip


def _wanted(ctx: Ctx, task: Task, words: str) -> list[Check]:
    """The items that are named by number. Raises UserError: there is no list, or none of that number."""
    checks = ctx.books.checks.of(task.id)
    if not checks:
        raise UserError(
            say("{ref} 没有清单。先加：{ref} 清单 主图三张；A/B 测试",
                "{ref} has no checklist. Add one: {ref} checklist three pictures; A/B test", ref=task.ref)
        )  # fmt: skip
    if _ALL.match(words):
        return checks
    numbers = [int(each) for each in re.findall(r"\d{1,4}", words)]
    known = {check.number: check for check in checks}
    if not numbers or any(number not in known for number in numbers):
        raise UserError(
            say("{ref} 的清单有 {numbers}，写上编号，例：{ref} 勾 {first}",
                "{ref} has the items {numbers}; e.g. {ref} tick {first}", ref=task.ref,
                numbers=listed((str(number) for number in known), 10), first=checks[0].number)
        )  # fmt: skip
    return [known[number] for number in dict.fromkeys(numbers)]


def _answer(ctx: Ctx, task: Task, text: Text) -> Reply:
    redraw(ctx, task)
    return Reply(text_card(text, undo_button(ctx)))


def _same(task: Task, checks: Sequence[Check]) -> Text:
    return say("{ref} 清单 {rows} 没有变。", "{ref}: {rows} is the same.", ref=task.ref, rows=_rows(checks))


def _rows(checks: Sequence[Check]) -> Text:
    return listed((verbatim(f"{check.number}. {check.words}") for check in checks), 5)


def _shown(task: Task, checks: Sequence[Check]) -> Card:
    """All of it, ticked ones too."""
    done = sum(check.done is not None for check in checks)
    if not checks:
        return text_card(say("{head} 没有清单。加：{ref} 清单 主图三张；A/B 测试",
                             "{head} has no checklist. Add one: {ref} checklist three pictures; A/B test",
                             head=head(task), ref=task.ref))  # fmt: skip
    title = say("{head}｜清单 {n}/{all}", "{head} | checklist {n}/{all}", head=head(task), n=done, all=len(checks))
    return text_card(join([title, *(check_line(check) for check in checks)], "\n"))
