"""The weekly weighing: on the first working day of a work week the lead says of each task what it is."""

from __future__ import annotations

from datetime import datetime

from chat.cards import Block, Button, Buttons, Card, Paragraph
from chat.text import NOTHING, Text, join, listed, say, verbatim
from planning.moscow import CHOICES, MOST_MUST, Item
from reports import rules
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.planning.weighing import Weighing, weighing_of
from reports.round_desk import fire
from reports.rounds import WEIGHING
from reports.task_board import cut
from reports.ticks import Occasion, tick

PAGE = 5
NAMED = 8
CHOICE = {
    "must": say("必须", "must"),
    "should": say("应该", "should"),
    "could": say("可以", "could"),
    "wont": say("不做", "won't"),
}


@tick(WEIGHING, rules.WEIGHING)
def ask(occasion: Occasion) -> datetime | None:
    """Ask who leads the project; nothing where no task is open."""
    firing = fire(occasion)
    if firing.day is not None:
        weighing = weighing_of(firing.desk)
        for lead in firing.desk.leads if weighing.items else ():
            firing.desk.speaker.to_person(lead, firing.desk.project, page(firing.desk, weighing, 0))
    return firing.again


def page(desk: Desk, weighing: Weighing, number: int) -> Card:
    """Five tasks with four buttons each. number: from 0; too large a one is the last."""
    pages = max(1, -(-len(weighing.items) // PAGE))
    number = min(number, pages - 1)
    title = say(
        "🗂 {project} 重评 {first} ~ {last}（{page}/{pages}）",
        "🗂 {project}: priorities of {first} ~ {last} ({page}/{pages})",
        project=desk.project.name, first=bare_day(weighing.week.first), last=bare_day(weighing.week.last),
        page=number + 1, pages=pages,
    )  # fmt: skip
    blocks: list[Block] = []
    for item in weighing.items[number * PAGE : (number + 1) * PAGE]:
        blocks.append(Paragraph(_line(weighing, item)))
        blocks.append(Buttons(tuple(_choice(item, choice, number) for choice in CHOICES)))
    blocks.append(Paragraph(summary(weighing), quiet=True))
    blocks.append(Buttons(_turning(desk, number, pages)))
    return Card(tuple(blocks), title)


def _choice(item: Item, choice: str, number: int) -> Button:
    return Button(CHOICE[choice], "moscow.set", (str(item.task), choice, str(number)))


def _turning(desk: Desk, number: int, pages: int) -> tuple[Button, ...]:
    project = str(desk.project.id)
    buttons = []
    if number:
        buttons.append(Button(say("上一页", "Back"), "moscow.page", (project, str(number - 1))))
    if number + 1 < pages:
        buttons.append(Button(say("下一页", "Next"), "moscow.page", (project, str(number + 1))))
    return (*buttons, Button(say("完成", "Finish"), "moscow.done", (project,)))


def _line(weighing: Weighing, item: Item) -> Text:
    """``T5 商品上架（赵六，3 人日，9-28）必须，上次 应该``; on a phone one line where nobody has said anything yet."""
    task = weighing.tasks[item.task]
    facts = [verbatim(task.owner_name) if task.owner_name else say("待指派", "nobody"),
             say("{n} 人日", "{n} person-days", n=days(item.days))]  # fmt: skip
    if task.due:
        facts.append(verbatim(bare_day(task.due)))
    said = [CHOICE[item.choice]] if item.choice else []
    said += [say("上次 {choice}", "last time {choice}", choice=CHOICE[item.before])] if item.before else []
    head = say("T{n} {title}（{facts}）", "T{n} {title} ({facts})", n=item.number, title=cut(task.title, 24),
               facts=join(facts, "，", ", "))  # fmt: skip
    return say("{head}{said}", "{head}: {said}", head=head, said=join(said, "，", ", ")) if said else head


def summary(weighing: Weighing) -> Text:
    """``Must 4 项＝6.5 人日 / 可用 8 人日（81%）⚠ 超过 60%``."""
    found = weighing.result
    warning = say(" ⚠ 超过 {n}%", " ⚠ over {n}%", n=MOST_MUST) if found.too_much else NOTHING
    return say(
        "Must {n} 项＝{days} 人日 / 可用 {room} 人日（{percent}）{warning}",
        "Must: {n} tasks, {days} of {room} person-days ({percent}){warning}",
        n=found.must, days=days(found.days), room=days(found.capacity),
        percent="—" if found.per_cent is None else f"{found.per_cent}%", warning=warning,
    )  # fmt: skip


def result(weighing: Weighing) -> Text:
    """The summary, what differs from last time, what nobody weighed."""
    found = weighing.result
    lines = [summary(weighing)]
    if weighing.first_time:
        lines.append(say("第一次重评，没有上次可比。", "The first time: nothing to compare with."))
    elif not found.changed:
        lines.append(say("与上次相同。", "The same as last time."))
    else:
        lines.append(say("与上次：{changes}", "Since last time: {changes}", changes=_changes(found.changed)))
    for who, one, other in weighing.rivals[:NAMED]:
        lines.append(
            say("⚠ {who} 同几天有两项必须：{one}、{other}，先做哪项？",
                "⚠ {who} has two musts on the same days: {one}, {other}. Which first?",
                who=who, one=one.ref, other=other.ref)
        )  # fmt: skip
    if found.unsaid:
        refs = listed((f"T{item.number}" for item in found.unsaid), NAMED)
        lines.append(
            say("没评的 {n} 项{how}：{refs}", "{n} not said{how}: {refs}", n=len(found.unsaid),
                how=NOTHING if weighing.first_time else say("沿用上次", ", as last time"),
                refs=refs)
        )  # fmt: skip
    return join(lines, "\n")


def _changes(items: tuple[Item, ...]) -> Text:
    """``T3 应该→必须、T7 新 不做``."""
    parts = [
        say("T{n} {before}→{now}", "T{n} {before} → {now}", n=item.number,
            before=CHOICE[item.before] if item.before else say("新", "new"), now=CHOICE[item.choice])
        for item in items[:NAMED]
    ]  # fmt: skip
    if len(items) > NAMED:
        parts.append(say("等 {n} 项", "{n} in all", n=len(items)))
    return listed(parts)


def days(number: float) -> str:
    """``6.5``, ``8``."""
    return f"{round(number, 1):g}"
