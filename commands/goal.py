"""Goals as trees: an indented outline becomes tasks within tasks.  ``/目标``  ``T3 权重 2``"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from chat.cards import Button, Buttons, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.access import decides, task_of
from commands.batch import MOST, lines_of, read_line, row_of, tell_owners
from commands.context import Ctx
from commands.grammar import button, command, hears
from commands.plan_things import refs_in, require_change, undo_button
from commands.reply import Pressed, Reply
from commands.task_change import DEEPEST, change, roll_up
from commands.task_lines import Subjects, leading, ref_then, the_task
from commands.task_make import keep, kept, store
from commands.task_wishes import decided
from planning.tree import indent, levels, parents, weight
from reports.task_board import cut
from reports.task_cards import head
from storage.tasks import Task

EXAMPLE = say(
    "/目标 双十一 GMV 1 亿\n  会场页面\n    主会场 @王五 9-28 ×2\n    详情页 @李四\n  渠道投放 @赵六",
    "/goal Autumn sale\n  Pages\n    Main page @Wang 9-28 ×2\n    Details @Li\n  Ads @Zhao",
)
HEAVIEST = 100
_DATED = re.compile(r"\d\s*[-/月号日.]|截止|前|[今明后]天|周[一二三四五六日末]|due|by ")
"""双十一 is what a goal is called; a date is written with figures or like 明天."""
MOST_LINES = 40
NAMES = (say("目标", "Goal"), say("模块", "Module"), say("任务", "Task"), say("子任务", "Sub-task"))
VERB = say("改权重", "change the weight of")
WEIGHT_EXAMPLE = say("T3 权重 2", "T3 weight 2")


@command(
    "目标", "goal", "goals",
    usage=say("目标树：贴缩进的清单，或看进度", "A tree of goals: paste an outline, or look at it"),
    example=say("/目标", "/goal"),
)  # fmt: skip
def goal(ctx: Ctx) -> Reply:
    """Without words the trees there are; ``T1``: one of them; several lines: a preview of what they would make."""
    if not ctx.line:
        return _shown(ctx, None)
    refs = refs_in(ctx.line.folded)
    if len(refs) == 1 and re.fullmatch(r"\s*t ?\d+\s*", ctx.line.folded):
        return _shown(ctx, task_of(ctx, refs[0][1], say("看", "Show"), say("/目标 T1", "/goal T1")))
    return _preview(ctx)


def _preview(ctx: Ctx) -> Reply:
    lines = lines_of(ctx.line)
    if not 2 <= len(lines) <= MOST:
        raise UserError(
            say("目标写一行，下面缩进写模块和任务，2–{most} 行。例：\n{example}",
                "Write the goal on one line and what belongs to it indented below, 2–{most} lines. Example:\n{example}",
                most=MOST, example=EXAMPLE)
        )  # fmt: skip
    columns, weights = [], []
    for number, line in enumerate(lines):
        deep, start = indent(line.text)
        line.cut(0, start)
        heavy, end = weight(line.folded)
        line.cut(end, len(line.text))
        columns.append(deep if number else -1)
        weights.append(heavy)
    depths = levels(columns)
    _check(depths, weights)
    read = [
        read_line(ctx, line, number, dated=bool(_DATED.search(line.folded))) for number, line in enumerate(lines, 1)
    ]
    problems = [each.problem for each in read if each.problem is not None]
    if problems:
        raise UserError(
            join([*problems, say("没有创建，改好再发一次。", "Nothing was made; please correct and send again.")], "\n")
        )
    wishes = [replace(each.wish, weight=heavy) for each, heavy in zip(read, weights, strict=True) if each.wish]
    key = keep(ctx, *wishes, kind="goal")
    ctx.books.drafts.keep("goal.shape", ctx.chat.id, ctx.person.id, under=f"{key}/shape", above=parents(depths))
    rows: list[Text] = [say("将建 {n} 项：", "{n} tasks to create:", n=len(wishes))]
    rows += [
        say("{pad}{level} {row}{times}", "{pad}{level} {row}{times}", pad="　" * (depth - 1), level=NAMES[depth - 1],
            row=row_of(ctx, number, each), times=f" ×{heavy}" if heavy != 1 else "")
        for number, (depth, each, heavy) in enumerate(zip(depths, read, weights, strict=True), 1)
    ]  # fmt: skip
    make = Button(say("全部创建", "Create all"), "goal.make", (key,), style="primary")
    return Reply(Card((Paragraph(join(rows, "\n")), Buttons((make, Button(say("不用", "No"), "task.drop", (key,)))))))


def _check(depths: Sequence[int], weights: Sequence[int]) -> None:
    """Raises UserError naming the line: too deep, or a weight out of range."""
    for number, (depth, heavy) in enumerate(zip(depths, weights, strict=True), 1):
        if depth > DEEPEST:
            raise UserError(
                say("第 {n} 行在第 {depth} 层，最多 {most} 层（目标、模块、任务、子任务）。没有创建。",
                    "Line {n} is on level {depth}; there are {most} at most. Nothing was made.",
                    n=number, depth=depth, most=DEEPEST)
            )  # fmt: skip
        if not 1 <= heavy <= HEAVIEST:
            raise UserError(
                say("第 {n} 行的权重要在 1–{most}，收到 {heavy}。没有创建。",
                    "The weight of line {n} is 1–{most}, not {heavy}. Nothing was made.",
                    n=number, most=HEAVIEST, heavy=heavy)
            )  # fmt: skip


@button("goal.make")
def make(ctx: Ctx, key: str) -> Pressed:
    """[全部创建]. Each new owner gets one message."""
    wishes = kept(ctx, decided(ctx, key).subject)
    shape = ctx.books.drafts.get(f"{key}/shape")
    above: list[int | None] = list(shape.subject["above"]) if shape else [None] * len(wishes)
    tasks: list[Task] = []
    for wish, place in zip(wishes, above, strict=True):
        tasks.append(store(ctx, replace(wish, parent=tasks[place].id if place is not None else None)))
    tell_owners(ctx, [(wish.owner, task) for wish, task in zip(wishes, tasks, strict=True) if wish.owner])
    text = say("✅ 已建 {n} 项：{names}", "✅ {n} tasks created: {names}", n=len(tasks),
               names=listed(head(task) for task in tasks[:12]))  # fmt: skip
    toast = say("已建 {n} 项", "{n} created", n=len(tasks))
    return Pressed(toast, card=text_card(text), reply=Reply(text_card(text, undo_button(ctx))))


# --- looking -------------------------------------------------------------------------------------------------------


def _shown(ctx: Ctx, top: Task | None) -> Reply:
    """The trees with open tasks, each parent with what its children make of it."""
    tasks = ctx.tasks.open_in(ctx.project.id)
    ids = {task.id for task in tasks}
    roots = [top] if top else sorted(
        (t for t in tasks if t.parent not in ids and ctx.tasks.children(t.id)), key=lambda t: t.number
    )  # fmt: skip
    if not roots:
        raise UserError(
            say("还没有目标。例：\n{example}", "There is no goal yet. Example:\n{example}", example=EXAMPLE)
        )
    lines: list[Text] = []
    for root in roots:
        level = _level(ctx, root)
        _branch(ctx, root, level, level, lines)
    if len(lines) > MOST_LINES:
        more = say(
            "还有 {n} 行，发「/目标 T1」看一棵",
            "{n} more lines: send “/goal T1” for one tree",
            n=len(lines) - MOST_LINES,
        )
        lines = [*lines[:MOST_LINES], more]
    return Reply(Card((Paragraph(join(lines, "\n")),)))


def _level(ctx: Ctx, task: Task) -> int:
    """1 for what belongs to nothing."""
    level, above = 1, task.parent
    while above is not None and level < DEEPEST:
        parent = ctx.tasks.get(above)
        level, above = level + 1, parent.parent if parent else None
    return level


def _branch(ctx: Ctx, task: Task, top: int, depth: int, lines: list[Text]) -> None:
    """``目标 T1 双十一 45%``, and what belongs to it below."""
    state = {"done": " ✅", "cancelled": " ✖"}.get(task.state, f" {task.progress}%")
    times = f" ×{task.weight}" if task.weight != 1 else ""
    who = f" {cut(task.owner_name, 12)}" if task.owner_name else ""
    lines.append(
        say("{pad}{level} {ref} {title}{times}{state}{who}", "{pad}{level} {ref} {title}{times}{state}{who}",
            pad="　" * (depth - top), level=NAMES[min(depth, DEEPEST) - 1], ref=task.ref, title=cut(task.title, 30),
            times=times, state=state, who=who)
    )  # fmt: skip
    for child in ctx.tasks.children(task.id) if depth < DEEPEST else ():
        _branch(ctx, child, top, depth + 1, lines)


# --- what one weighs -----------------------------------------------------------------------------------------------


@command("权重", "weight", usage=say("子任务在上级进度里的权重", "What a sub-task counts for"), example=WEIGHT_EXAMPLE)
def weigh(ctx: Ctx, numbers: Subjects) -> Reply:
    """A whole number from 1 to 100; the parent's progress follows."""
    task = the_task(ctx, numbers, VERB, WEIGHT_EXAMPLE)
    match = re.fullmatch(r"[\s:为是]*(-?\d{1,6})\s*", ctx.line.folded)
    heavy = int(match.group(1)) if match else 0
    if not 1 <= heavy <= HEAVIEST:
        raise UserError(
            say("权重写 1–{most} 的整数，例：{ref} 权重 2",
                "A weight is a whole number from 1 to {most}, e.g. {ref} weight 2",
                most=HEAVIEST, ref=task.ref)
        )  # fmt: skip
    parent = ctx.tasks.get(task.parent) if task.parent else None
    if not decides(ctx, task) and not (parent and decides(ctx, parent)):
        require_change(ctx, task)
    if task.weight == heavy:
        raise UserError(say("{ref} 的权重没有变。", "The weight of {ref} is the same.", ref=task.ref))
    task = change(ctx, task, weight=heavy)
    text = say("{head} 权重 {n}。", "{head}: weight {n}.", head=head(task), n=heavy)
    if parent is not None:
        roll_up(ctx, parent.id)
        now = ctx.tasks.get(parent.id) or parent
        text = say(
            "{text}{parent} 现在 {p}%。",
            "{text} {parent} is at {p}% now.",
            text=text,
            parent=head(parent),
            p=now.progress,
        )
    return Reply(text_card(text, undo_button(ctx)))


@hears(ref_then(r"权重|weight(?![a-z])"), rank=10)
def weight_said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T3 权重 2``"""
    return weigh(ctx, leading(ctx, match))
