"""Make a task in one line.  ``/任务 渠道投放 @李四 周五18:00 !高 #双十一``"""

from __future__ import annotations

from datetime import date

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import Text, join, say, verbatim
from commands.arguments import Priority, Rest, Someone, Tags, When
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply
from planning.dates import Expression

EXAMPLE = "/任务 渠道投放 @李四 周五18:00 !高 #双十一"
END_OF_DAY = 18 * 60
PRIORITY = {"high": say("高", "High"), "medium": say("中", "Medium"), "low": say("低", "Low")}


@command(
    "任务",
    "task",
    usage=say("建任务：标题、@负责人、截止、!优先级、#标签", "Make a task: title, @owner, due, !priority, #tag"),
    example=EXAMPLE,
    help_rank=1,
)  # fmt: skip
def create(ctx: Ctx, owner: Someone, priority: Priority, tags: Tags, when: When, title: Rest) -> Reply:
    """Store one task and show it. Raises UserError when there is no title."""
    if not title:
        raise UserError(
            say(
                "缺标题。例：{example}",
                "Missing title. Example: {example}",
                example="/task Fix banner @Li tomorrow 6pm",
            )
        )
    due, minute = _due(when)
    number = ctx.books.projects.next_number(ctx.project.id, "T")
    task_id = ctx.tasks.add(
        ctx.project.id, number, title[:100], creator=ctx.person.id, owner=owner.id if owner else None, due=due,
        due_minute=minute, priority=priority, chat=ctx.chat.id, tags=tags,
    )  # fmt: skip
    parts: list[Text] = [
        say("负责人 {name}", "Owner {name}", name=owner.name if owner else say("待指派", "unassigned")),
        say("截止 {day}", "Due {day}", day=ctx.day(due, minute) if due else say("未定", "open")),
    ]
    if priority:
        parts.append(say("优先级 {p}", "{p}", p=PRIORITY[priority]))
    parts += [verbatim("#" + tag) for tag in tags]
    text = say(
        "✅ T{n} {title}\n{rest}", "✅ T{n} {title} | {rest}", n=number, title=title, rest=join(parts, "｜", " | ")
    )
    buttons = [Button(say("完成", "Done"), "task.done", (str(task_id),), 1)]
    return Reply(text_card(text, *buttons), name=f"task:{task_id}")


def _due(when: Expression | None) -> tuple[date | None, int | None]:
    if when is None:
        return None, None
    reading = when.readings[0]
    return reading.day, END_OF_DAY if reading.minute is None else reading.minute
