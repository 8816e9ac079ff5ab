"""What will be late and why, and what the plan hangs on.  ``/风险``  ``/关键路径``"""

from __future__ import annotations

from chat.cards import Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.access import alone_for, require
from commands.arguments import Rest
from commands.context import Ctx
from commands.grammar import button, command
from commands.line import fold
from commands.overdue import help_wanted, later
from commands.plan_things import refs_in, sight_of, thing_of
from commands.reply import Pressed, Reply, reply
from planning.risk import Outlook
from reports.days import bare_day
from reports.risk_cards import how_late, named, owned, three_lines
from reports.sight import SWITCH, Sight, node_of
from storage.milestones import Milestone
from storage.tasks import Task

MOST = 5
"""Chains on one card."""
MOST_TASKS = 8
VERB = say("看", "Show")
_ON, _OFF = ("开", "打开", "开启", "on"), ("关", "关闭", "关掉", "off")


@command(
    "风险", "risk", "risks",
    usage=say("哪些里程碑会晚，为什么", "What will be late, and why"),
    example=say("/风险", "/risk"),
    help_rank=8,
)  # fmt: skip
def risks(ctx: Ctx) -> Reply:
    """高 first, then 中; what is well is only counted."""
    sight = sight_of(ctx)
    ends = [n for n in range(len(sight.things)) if sight.open(n) and sight.found.room[n] is not None and _end(sight, n)]
    if asked := refs_in(ctx.line.folded):
        number = sight.place.get(node_of(thing_of(ctx, asked[0], VERB, say("/风险 M1", "/risk M1"))))
        if number is None or sight.found.room[number] is None:
            raise UserError(
                say("{ref} 后面没有里程碑，也没有人等它，不影响别的。",
                    "No milestone and nobody waits for {ref}; nothing else depends on it.",
                    ref=f"{asked[0][0].upper()}{asked[0][1]}")
            )  # fmt: skip
        return Reply(text_card(three_lines(sight, number), Button(say("关键路径", "Critical path"), "plan.path")))
    if not ends:
        raise UserError(
            say("还没有可以推算的计划：建里程碑「/里程碑 素材交付 9-28 包含 T1」，或加依赖「T2 依赖 T1」。",
                "There is no plan to reckon yet. Make a milestone: /milestone Materials 9-28 includes T1")
        )  # fmt: skip
    ends.sort(key=lambda n: (sight.found.room[n] or 0, n))
    tight = [n for n in ends if sight.found.level(n) != "low"]
    well = len(ends) - len(tight)
    if not tight:
        return Reply(
            text_card(
                say(
                    "🟢 {n} 项都可按期，余量都在 2 个工作日以上。", "🟢 All {n} are on time with room to spare.", n=well
                )
            )
        )
    lines: list[Text] = [three_lines(sight, n) for n in tight[:MOST]]
    if len(tight) > MOST:
        lines.append(say("另 {n} 项有风险", "{n} more at risk", n=len(tight) - MOST))
    if well:
        lines.append(say("🟢 其余 {n} 项可按期", "🟢 The other {n} are on time", n=well))
    return Reply(text_card(join(lines, "\n\n"), Button(say("关键路径", "Critical path"), "plan.path")))


def _end(sight: Sight, number: int) -> bool:
    """A milestone, or the last task of a chain."""
    return isinstance(sight.things[number], Milestone) or not sight.found.graph.out_of[number]


@command(
    "关键路径", "关键链", "critical path", "critical",
    usage=say("最紧的一条线，余量几天", "The tightest line and its room"),
    example=say("/关键路径", "/critical path"),
)  # fmt: skip
def path(ctx: Ctx) -> Reply:
    """To the tightest milestone, or to the one that is named."""
    refs = refs_in(ctx.line.folded)
    sight = sight_of(ctx)
    if refs:
        end = sight.place[node_of(thing_of(ctx, refs[0], VERB, say("/关键路径 M1", "/critical path M1")))]
    else:
        ends = [n for n in range(len(sight.things)) if sight.open(n) and sight.linked(n) and _end(sight, n)]
        found = [n for n in ends if sight.found.room[n] is not None] or ends
        if not found:
            raise UserError(
                say("还没有里程碑或依赖，算不出关键路径。先加：T2 依赖 T1",
                    "No milestones or links yet. First: T2 depends on T1")
            )  # fmt: skip
        end = min(found, key=lambda n: (sight.found.room[n] or 0, -sight.found.days.finish[n], n))
    return Reply(text_card(join(_path(sight, end), "\n")))


@button("plan.path")
def path_pressed(ctx: Ctx) -> Pressed:
    ctx.line.text = ctx.line.folded = ""
    return Pressed(say("关键路径", "Critical path"), reply=path(ctx))


def _path(sight: Sight, end: int) -> list[Text]:
    found = sight.found
    chain = sight.chain(end)
    lines: list[Text] = [
        say("关键路径：{what}", "Critical path: {what}", what=how_late(sight, end, found)),
        *_steps(sight, found, chain),
    ]
    rows = sight.in_a_row()
    by_people = sight.chain(end, rows)
    if by_people != chain:
        lines.append(
            say(
                "按人排（一个人一次做一件）：{what}",
                "One thing at a time for each person: {what}",
                what=how_late(sight, end, rows),
            )
        )
        lines += _steps(sight, rows, by_people)
    return lines


def _steps(sight: Sight, found: Outlook, chain: list[int]) -> list[Text]:
    lines = []
    for number in chain[-MOST_TASKS:]:
        thing = sight.things[number]
        first, last = found.start(number), found.finish(number)
        days = (
            bare_day(last) if isinstance(thing, Milestone) or first == last else f"{bare_day(first)}~{bare_day(last)}"
        )
        gap = "" if isinstance(thing, Task) and thing.owner_name else " "
        lines.append(say(f"· {{name}}{gap}{{days}}", "· {name} {days}", name=owned(thing), days=days))
    if len(chain) > MOST_TASKS:
        lines.insert(0, say("（前面 {n} 项略）", "({n} earlier ones left out)", n=len(chain) - MOST_TASKS))
    return lines


@command(
    "设置 风险预警", "set risk",
    usage=say("里程碑和风险预警：开或关", "Milestone and risk warnings: on or off"),
    example=say("/设置 风险预警 关", "/set risk off"),
    roles="admin",
)  # fmt: skip
def switch(ctx: Ctx, words: Rest) -> Reply:
    """Without 开 or 关: how it is now."""
    folded = fold(words).strip(" :。.")
    if folded not in (*_ON, *_OFF):
        on = ctx.project.settings.get(SWITCH, True)
        raise UserError(
            say("风险预警：{state}。里程碑前 5、3、1 个工作日 10:00 提醒；会晚的 18:00 先告诉上游，隔天才进群。"
                "要改：/设置 风险预警 关",
                "Risk warnings: {state}. Milestones 5, 3 and 1 working days before, at 10:00; "
                "what will be late at 18:00. To change: /set risk off",
                state=say("开", "on") if on else say("关", "off"))
        )  # fmt: skip
    require(ctx, "settings.risk")
    on = folded in _ON
    ctx.books.projects.set(ctx.project, **{SWITCH: None if on else False})
    return reply(
        "✅ 风险预警：{state}。", "✅ Risk warnings: {state}.", state=say("开", "on") if on else say("关", "off")
    )


# --- answers to a warning ------------------------------------------------------------------------------------------


def _own(ctx: Ctx, ids: str) -> list[Task]:
    """What the presser has open in these milestones. Raises UserError: nothing any more."""
    found: list[Task] = []
    for word in ids.split(",")[:20]:
        milestone = ctx.books.milestones.get(int(word)) if word.isdecimal() and len(word) < 18 else None
        if milestone is None or not ctx.books.people.role(milestone.project_id, ctx.person.id):
            continue
        alone_for(ctx, milestone.project_id)
        sight = Sight(ctx.books, ctx.books.projects.get(milestone.project_id), ctx.at)
        place = sight.place.get(node_of(milestone))
        if place is not None:
            found += [t for t in sight.unfinished(place) if t.owner == ctx.person.id and t not in found]
    if not found:
        raise UserError(say("这里已经没有你未完成的任务。", "Nothing of yours is open here any more."))
    return found


@button("plan.going")
def going(ctx: Ctx, ids: str) -> Pressed:
    """[正常推进]: counts as an update of one's own tasks."""
    tasks = _own(ctx, ids)
    word = "正常推进" if ctx.locale == "zh" else "on track"
    for task in tasks:
        if not any(
            e.field == "comment" and e.after == word and e.at.date() == ctx.at.date() for e in ctx.tasks.history(task)
        ):
            ctx.tasks.comment(task, word)
    refs = listed(named(task) for task in tasks[:MOST_TASKS])
    return Pressed(say("好的，已记下：{refs} 正常推进。", "Noted: {refs} on track.", refs=refs))


@button("plan.later")
def may_be_late(ctx: Ctx, ids: str) -> Pressed:
    """[可能延期…]: a new day and why; several: which?"""
    tasks = _own(ctx, ids)
    if len(tasks) == 1:
        return later(ctx, tasks[0].id)
    return _which(say("哪一项会延期？", "Which one will be late?"), "overdue.later", tasks)


@button("plan.help")
def needs_help(ctx: Ctx, ids: str) -> Pressed:
    """[需要帮助]: a blocker that asks the lead."""
    tasks = _own(ctx, ids)
    if len(tasks) == 1:
        return help_wanted(ctx, tasks[0].id)
    return _which(say("哪一项需要帮助？", "Which one needs help?"), "overdue.help", tasks)


def _which(text: Text, verb: str, tasks: list[Task]) -> Pressed:
    buttons = [Button(named(task), verb, (str(task.id),), task.version) for task in tasks[:MOST_TASKS]]
    card = text_card(text, *buttons)
    return Pressed(text, reply=Reply(Card((Paragraph(text), *card.blocks[1:]))))
