"""A project's own names for states.

``/状态 设置 进行：设计中、评审中``  ``T1 状态 评审中``  ``/状态 改名 评审中 走查中``
"""

from __future__ import annotations

import re

from chat.cards import text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.access import answers_for, open_task_of, require
from commands.arguments import Rest
from commands.context import Ctx
from commands.done import finish
from commands.grammar import command, hears
from commands.line import fold
from commands.plan_things import undo_button
from commands.reply import Reply, reply
from commands.task_change import change
from commands.task_lines import Subjects, leading, ref_then
from reports.risk_cards import named
from storage.tasks import Task

SETTING = "states"
RIGHT = "plan.states"
MOST, LONGEST = 8, 12
VERB = say("改状态", "change the state of")
EXAMPLE = say("T1 状态 评审中", "T1 state in review")
SET = say(
    "/状态 设置 待办：排队；进行：设计中、评审中；阻塞：等素材；完成：已上线",
    "/states set to do: queued; doing: design, review; blocked: waiting; done: live",
)
CLASSES = {
    "todo": (say("待办", "to do"), ("待办", "to do", "todo")),
    "doing": (say("进行", "doing"), ("进行", "进行中", "doing", "in progress")),
    "blocked": (say("阻塞", "blocked"), ("阻塞", "blocked")),
    "done": (say("完成", "done"), ("完成", "已完成", "done")),
}
"""The four kinds every state is one of: figures and reminders know only these."""
_PART = re.compile(r"\s*([^:：]{1,12}?)\s*[:：]\s*(.*)", re.DOTALL)


def states_of(ctx: Ctx) -> dict[str, str]:
    """{name: its kind}, in the order they were given."""
    return dict(ctx.project.settings.get(SETTING) or ())


@command(
    "状态", "states", "state",
    usage=say("这个项目自己的状态名", "The project's own names for states"),
    example=say("/状态", "/states"),
)  # fmt: skip
def shown(ctx: Ctx, numbers: Subjects, words: Rest) -> Reply:
    """What there are; with tasks and a name, as ``T1 状态 评审中``."""
    if numbers and words:
        return _put(ctx, numbers, words)
    if numbers or words:
        raise UserError(
            say("给任务定状态：{example}；定名字：{set}", "For a task: {example}; to name them: {set}", example=EXAMPLE,
                set=SET)
        )  # fmt: skip
    states = states_of(ctx)
    if not states:
        return reply("还没有自己的状态名。定几个：{set}", "There are no names of your own yet: {set}", set=SET)
    lines: list[Text] = [
        say("{kind}：{names}", "{kind}: {names}", kind=title, names=listed(mine))
        for kind, (title, _) in CLASSES.items()
        if (mine := [name for name, own in states.items() if own == kind])
    ]
    return Reply(text_card(join([*lines, say("例：{example}", "E.g. {example}", example=EXAMPLE)], "\n")))


@command(
    "状态 设置", "states set", "state set",
    usage=say("定状态名，最多 8 个", "Name the states, eight at most"),
    example=SET,
    roles="admin",
)  # fmt: skip
def settings(ctx: Ctx, words: Rest) -> Reply:
    """All of them at once; tasks keep what they have. Raises UserError: too many, twice the same, no such kind."""
    require(ctx, RIGHT)
    states: dict[str, str] = {}
    for part in filter(str.strip, re.split(r"[;；\n]", words)):
        match = _PART.fullmatch(part)
        kind = next((kind for kind, (_, said) in CLASSES.items() if match and fold(match[1]) in said), None)
        if match is None or kind is None:
            raise UserError(
                say("每段先写归哪一类（待办、进行、阻塞、完成），没看懂「{part}」。例：{set}",
                    "Each part begins with its kind (to do, doing, blocked, done), not “{part}”. E.g. {set}",
                    part=part.strip()[:30], set=SET)
            )  # fmt: skip
        for name in filter(None, (each.strip() for each in re.split(r"[、,，/]", match[2]))):
            if len(name) > LONGEST or any(fold(name) == fold(known) for known in states):
                raise UserError(
                    say("「{name}」太长或重复：每个最多 {most} 字，各不相同。",
                        "“{name}” is too long or there twice: {most} characters at most, each its own.",
                        name=name[:30], most=LONGEST)
                )  # fmt: skip
            states[name] = kind
    if not 1 <= len(states) <= MOST:
        raise UserError(
            say("状态名写 1–{most} 个，收到 {n} 个。例：{set}", "1–{most} names, not {n}. E.g. {set}", most=MOST,
                n=len(states), set=SET)
        )  # fmt: skip
    ctx.project = ctx.books.projects.set(ctx.project, **{SETTING: [[name, kind] for name, kind in states.items()]})
    return reply("✅ 状态名 {n} 个：{names}。", "✅ States ({n}): {names}.", n=len(states), names=listed(states))


@command(
    "状态 改名", "states rename", "state rename",
    usage=say("给一个状态换名字，历史不变", "Call a state otherwise; history stays"),
    example=say("/状态 改名 评审中 走查中", "/states rename review, walkthrough"),
    roles="admin",
)  # fmt: skip
def rename(ctx: Ctx, words: Rest) -> Reply:
    """Open tasks follow; what history says stays. Raises UserError: no such name, or taken."""
    require(ctx, RIGHT)
    states = states_of(ctx)
    old, new = ([part for part in re.split(r"\s*(?:→|->|,|，|\s)\s*", words.strip()) if part] + ["", ""])[:2]
    known = next((name for name in states if fold(name) == fold(old)), None)
    if known is None or not new or len(new) > LONGEST or new in states:
        raise UserError(
            say("写原来的名字和新名字（最多 {most} 字，不能重复）。现有：{names}",
                "Give the old name and a new one ({most} characters at most, not taken). There are: {names}",
                most=LONGEST, names=listed(states) if states else say("没有", "none"))
        )  # fmt: skip
    renamed = [[new if name == known else name, kind] for name, kind in states.items()]
    ctx.project = ctx.books.projects.set(ctx.project, **{SETTING: renamed})
    mine = [task for task in ctx.tasks.open_in(ctx.project.id) if task.label == known]
    for task in mine:
        change(ctx, task, label=new)
    return reply("✅ 「{old}」改叫「{new}」，{n} 项任务跟着改；历史里仍是原来的名字。",
                 "✅ “{old}” is called “{new}” now, {n} tasks with it; history keeps the old name.",
                 old=known, new=new, n=len(mine))  # fmt: skip


@hears(ref_then(r"(?:改)?状态(?:是|为|改为|改成)?|state(?![a-z])"), rank=10)
def said(ctx: Ctx, match: re.Match[str]) -> Reply:
    """``T1 T2 状态 评审中``"""
    return _put(ctx, leading(ctx, match), ctx.line.rest)


def _put(ctx: Ctx, numbers: list[int], words: str) -> Reply:
    """Raises UserError: no such name, no such task, not theirs."""
    states = states_of(ctx)
    wanted = fold(words).strip(" :：。.")
    name = next((name for name in states if fold(name) == wanted), None)
    if name is None:
        plain = say("也可以：T1 80%、T1 完成、T1 阻塞 等客户", "Also: T1 80%, T1 done, T1 blocked by the customer")
        raise UserError(
            say("状态有 {names}。例：{example}。{plain}", "The states are {names}. E.g. {example}. {plain}",
                names=listed(states), example=say("T1 状态 {name}", "T1 state {name}", name=next(iter(states))),
                plain=plain)
            if states
            else say("这个项目没有自己的状态名。管理员可以定：{set}。{plain}",
                     "This project has no names of its own for states. An admin can set them: {set}. {plain}", set=SET,
                     plain=plain)
        )  # fmt: skip
    tasks = [open_task_of(ctx, number, VERB, EXAMPLE) for number in numbers]
    for task in tasks:
        if not answers_for(ctx, task):
            raise UserError(
                say("{ref} 由{who}负责，请他来改。", "{ref} belongs to {who}; please ask them.", ref=task.ref,
                    who=task.owner_name)
            )  # fmt: skip
    if states[name] == "done":
        return _finished(ctx, tasks, name)
    after = [_moved(ctx, task, name, states[name]) for task in tasks]
    text = say("{names} 状态：{state}。", "{names}: state {state}.", names=listed(named(t) for t in after), state=name)
    return Reply(text_card(text, undo_button(ctx)))


def _moved(ctx: Ctx, task: Task, name: str, kind: str) -> Task:
    started = task.started_at if kind == "todo" else task.started_at or ctx.at
    return change(ctx, task, name if kind == "blocked" else "", state=kind, label=name, started_at=started)


def _finished(ctx: Ctx, tasks: list[Task], name: str) -> Reply:
    """As 完成 does it, with its questions; what is finished bears the name."""
    lines: list[Text] = []
    for task in tasks:
        card = finish(ctx, task, "")
        after = ctx.tasks.get(task.id)
        if after is None or after.state != "done":
            return Reply(card)
        change(ctx, after, label=name)
        lines.append(say("✅ {name} {state}", "✅ {name} {state}", name=named(task), state=name))
    return Reply(text_card(join(lines, "\n")))
