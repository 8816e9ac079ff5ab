"""What is said of a plan that will be late: to the one who can change it, to those after them, and to the group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chat.cards import Button, Card, Paragraph
from chat.text import NOTHING, Text, join, listed, say, verbatim
from planning.due import END_OF_DAY
from planning.risk import Level, Outlook
from reports.days import bare_day, clock, working_days
from reports.rules import RISK as RULE
from reports.rules import foot
from reports.sight import Sight, Thing, node_of
from reports.slot import Part
from reports.task_cards import done_button
from storage.milestones import Milestone
from storage.tasks import Task

UP, DOWN, WELL = "risk.up", "risk.down", "risk.well"
MOST = 6
"""Things in one line."""
LEVELS: dict[Level, Text] = {
    "high": say("高", "high"),
    "medium": say("中", "medium"),
    "low": say("低", "low"),
}


def named(thing: Thing) -> Text:
    """``T2 渠道投放``."""
    return say("{ref} {title}", "{ref} {title}", ref=thing.ref, title=thing.title)


def owned(thing: Thing) -> Text:
    """``T2 渠道投放（李四）``; a milestone without its owner."""
    if isinstance(thing, Milestone) or not thing.owner_name:
        return named(thing)
    return say("{name}（{who}）", "{name} ({who})", name=named(thing), who=thing.owner_name)


def planned(thing: Thing) -> str:
    return bare_day(thing.due) if thing.due else ""


def move(sight: Sight, number: int, *, who: bool = True) -> Text:
    """``T2 渠道投放（李四）9-28 → 9-29``, ``M2 预热启动 9-29 → 9-30``."""
    thing = sight.things[number]
    name = owned(thing) if who else named(thing)
    tight = who and isinstance(thing, Task) and bool(thing.owner_name)
    return say(
        "{name}{was} → {will}" if tight else "{name} {was} → {will}", "{name} {was} → {will}", name=name,
        was=planned(thing), will=bare_day(sight.found.finish(number)),
    )  # fmt: skip


def moves(sight: Sight, numbers: Sequence[int]) -> Text:
    """The moves of several, at most six."""
    lines = [move(sight, number) for number in numbers[:MOST]]
    if len(numbers) > MOST:
        lines.append(say("另 {n} 项", "{n} more", n=len(numbers) - MOST))
    return join(lines, "；", "; ")


def upstream_part(sight: Sight, root: int) -> Part:
    """⑨: to who can still change it."""
    thing = sight.things[root]
    affected = moves(sight, sight.affected(root))
    lines = (cause(sight, root), say("会影响：{moves}", "This affects: {moves}", moves=affected))
    node = node_of(thing)
    if isinstance(thing, Milestone):
        return Part(RULE, UP, f"{node[0]}{node[1]}", lines, nodes=(node,), holds=thing.ref)
    done = done_button(thing)
    args = (str(thing.id),)
    buttons = (
        Button(say("现在完成", "Done now"), done.verb, done.args, done.version),
        Button(say("改到…（写原因）", "Move to… (say why)"), "overdue.later", args, thing.version),
        Button(say("需要帮助", "I need help"), "overdue.help", args),
    )
    return Part(
        RULE, UP, f"{node[0]}{node[1]}", (*lines, say("请选：", "Please choose:")), buttons, thing.ref, brief=2,
        nodes=(node,), holds=thing.ref,
    )  # fmt: skip


def cause(sight: Sight, root: int) -> Text:
    """``🔴 T1 海报设计 已到截止未完成``."""
    thing = sight.things[root]
    if isinstance(thing, Milestone):
        return say("🔴 {name} 已到日期未达成", "🔴 {name} was due and is not reached", name=named(thing))
    if sight.past(thing):
        return say("🔴 {name} 已到截止未完成", "🔴 {name} is due and not done", name=named(thing))
    if thing.due is not None and sight.moved(root):
        return say("🔴 {name} 预计 {will} 完成，晚于 {was}{rest}",
                   "🔴 {name} will be done {will}, later than {was}{rest}",
                   name=named(thing), will=bare_day(sight.found.finish(root)), was=bare_day(thing.due),
                   rest=_rest(sight.found, root))  # fmt: skip
    return say("🔴 {name} 预计 {will} 完成", "🔴 {name} will be done {will}", name=named(thing),
               will=bare_day(sight.found.finish(root)))  # fmt: skip


def _cause(thing: Thing) -> Text:
    return owned(thing) if thing.owner_name else say("{name} ", "{name}", name=named(thing))


def downstream_part(sight: Sight, root: int, mine: Sequence[int]) -> Part:
    """One line for somebody whose own work has to wait."""
    text = say("{cause}未完成：{moves}。", "{cause} is not done: {moves}.", cause=_cause(sight.things[root]),
               moves=join([move(sight, number, who=False) for number in mine[:MOST]], "；", "; "))  # fmt: skip
    node = node_of(sight.things[root])
    return Part(RULE, DOWN, f"{node[0]}{node[1]}", (text,), nodes=(node,))


def again_card(sight: Sight, late: Sequence[int]) -> Card:
    """``重算：T2 9-28~9-29、M2 9-30，风险 高。``"""
    parts: list[Text] = []
    for number in late:
        for each in sight.chain(number):
            text = span(sight, each)
            if text not in parts:
                parts.append(text)
    text = say("重算：{days}，风险 高。", "Reckoned anew: {days}; the risk is high.", days=listed(parts[: 2 * MOST]))
    return Card((Paragraph(text), *foot(RULE)))


def well_part(sight: Sight, number: int) -> Part:
    """To who had heard of it, when the group had not."""
    thing = sight.things[number]
    node = node_of(thing)
    text = recovered(thing, thing.due or sight.found.finish(number))
    return Part(RULE, WELL, f"{node[0]}{node[1]}", (text,), nodes=(node,))


def span(sight: Sight, number: int) -> Text:
    """``T2 9-28~9-29``, or one day."""
    first, last = sight.found.start(number), sight.found.finish(number)
    thing = sight.things[number]
    if isinstance(thing, Milestone) or first == last or not thing.days:
        return verbatim(f"{thing.ref} {bare_day(last)}")
    return verbatim(f"{thing.ref} {bare_day(first)}~{bare_day(last)}")


def recovered(thing: Thing, day: date) -> Text:
    return say(
        "风险解除：{name} {day} 可按期。", "Off the risk list: {name} will be on time, {day}.", name=named(thing),
        day=bare_day(day),
    )  # fmt: skip


def three_lines(sight: Sight, number: int) -> Text:
    """What will be late and by how much, because of what, and how it gets from there to here."""
    found = sight.found
    path = sight.chain(number, found)
    route = join([verbatim(f"{sight.things[n].ref} {bare_day(found.finish(n))}") for n in path[-MOST:]], " → ")
    return say(
        "{icon} 风险 {level}：{what}\n原因：{why}\n经过：{route}",
        "{icon} Risk {level}: {what}\nWhy: {why}\nWay: {route}",
        icon={"high": "🔴", "medium": "🟡", "low": "🟢"}[found.level(number)], level=LEVELS[found.level(number)],
        what=how_late(sight, number, found), why=reason(sight, sight.root(number, found), number, found),
        route=route,
    )  # fmt: skip


def how_late(sight: Sight, number: int, found: Outlook) -> Text:
    """``M2 预热启动 9-29 → 10-8，晚 2 个工作日＝9 天（跨国庆）``; on time: what room is left."""
    thing = sight.things[number]
    will = found.finish(number)
    if found.room[number] is None:
        return say("{name} 预计 {day}", "{name}, likely {day}", name=named(thing), day=bare_day(will))
    if thing.due is None or not found.late(number):
        return say("{name} {day}，余量 {n}", "{name} {day}, {n} of room", name=named(thing),
                   day=planned(thing) or bare_day(will), n=working_days(found.room[number] or 0))  # fmt: skip
    calendar_days = (will - thing.due).days
    late = found.late(number)
    more: Text = NOTHING
    if calendar_days != late:
        holiday = next(
            (
                name
                for n in range(calendar_days)
                if (name := sight.calendar.holiday_name(thing.due + timedelta(days=n)))
            ),
            None,
        )
        across = say("（跨{zh}）", " (across {en})", zh=holiday.zh, en=holiday.en) if holiday else NOTHING
        more = say("＝{n} 天{across}", ", {n} days in all{across}", n=calendar_days, across=across)
    return say(
        "{name} {was} → {will}，晚 {n}{more}", "{name} {was} → {will}, {n} late{more}",
        name=named(thing), was=bare_day(thing.due), will=bare_day(will), n=working_days(late), more=more,
    )  # fmt: skip


def reason(sight: Sight, root: int, number: int, found: Outlook) -> Text:
    """``T1 海报设计（王五）9-23 到期未完成，预计 9-28``."""
    thing = sight.things[root]
    will = bare_day(found.finish(root))
    tight = "" if isinstance(thing, Task) and thing.owner_name else " "
    if sight.past(thing) and isinstance(thing, Milestone):
        return say(
            "{who} {due} 到期未达成", "{who} was due {due} and is not reached", who=named(thing), due=planned(thing)
        )
    if sight.past(thing):
        return say(
            f"{{who}}{tight}{{due}} 到期未完成，预计 {{will}}{{rest}}",
            "{who} was due {due} and is not done; likely {will}{rest}",
            who=owned(thing), due=planned(thing), will=will, rest=_rest(found, root),
        )  # fmt: skip
    if root == number and found.graph.into[number]:
        return say("前面的都按期，它自己要到 {will}{rest}",
                   "what it waits for is on time; it needs until {will} itself{rest}",
                   will=will, rest=_rest(found, root))  # fmt: skip
    if root == number:
        return say("没有在等别的任务{rest}", "it waits for nothing else{rest}", rest=_rest(found, root))
    assumed = isinstance(thing, Task) and thing.due is None and not thing.days
    note = (
        say("（没有截止和工期，按 1 个工作日算）", " (no due date or estimate; taken as one working day)")
        if assumed
        else NOTHING
    )
    return say(
        f"在等 {{who}}{tight}预计 {{will}}{{rest}}{{note}}", "it waits for {who}, likely {will}{rest}{note}",
        who=owned(thing), will=will, rest=_rest(found, root), note=note,
    )  # fmt: skip


def _rest(found: Outlook, number: int) -> Text:
    """``，其间休假 3 天``: how much of it is leave."""
    days = len(found.resting(number))
    return say("，其间休假 {n} 天", " (days of leave meanwhile: {n})", n=days) if days else NOTHING


def group_card(sight: Sight, late: Sequence[int], well: Sequence[Thing], left: int = 0) -> Card:
    """The card of the day; drawn again while the day lasts. ``well``: what has recovered since."""
    lines = [three_lines(sight, number) for number in late]
    lines += [
        say("✅ {name} {day} 可按期", "✅ {name} will be on time, {day}", name=named(thing), day=planned(thing))
        for thing in well
    ]
    if left:
        lines.append(say("还有 {n} 项，发「/风险」看全部", "{n} more: send “/risk”", n=left))
    note = say("风险预警 · 关闭此类：/设置 风险预警 关", "Risk warning · To turn these off: /set risk off")
    return Card((Paragraph(join(lines, "\n\n")), Paragraph(note, quiet=True)))


def when(due: date, minute: int | None, year: int = 0) -> Text:
    """``9-28 周一 18:00``; with its year when that is not ``year``."""
    at = clock(END_OF_DAY if minute is None else minute)
    zh = "一二三四五六日"[due.weekday()]
    en = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[due.weekday()]
    day = f"{due.year}-{bare_day(due)}" if year and due.year != year else bare_day(due)
    return say(f"{{day}} 周{zh} {{at}}", f"{en} {{day}} {{at}}", day=day, at=at)
