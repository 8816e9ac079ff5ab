"""How the project stands, as text.  ``/进度``  ``/进度 公开``"""

from __future__ import annotations

import re

from chat.cards import Button, Buttons, Card, Paragraph, text_card
from chat.text import Text, join, say
from commands.access import seen_from
from commands.arguments import Rest
from commands.context import Ctx
from commands.daily_desk import expired
from commands.grammar import button, command
from commands.line import fold
from commands.plan_things import sight_of
from commands.publish import groups_for, may_publish, pressed, privately_first, with_publish
from commands.reply import Pressed, Reply
from commands.task_view import desk
from reports.milestone_cards import listing
from reports.sight import milestones, node_of
from reports.task_board import MOST_LINES, board

MOST_MILESTONES = 4
HEADS = 5
"""Lines that name states; where tasks do not fit beside them, a picture is offered."""
KIND = "board"
_PUBLIC = re.compile(r"公开|发群里?|发到群里|public|here")


@command(
    "进度",
    "status",
    "任务列表",
    "任务 列表",
    "看进度",
    "看看进度",
    "看板",
    usage=say("看项目进度：逾期、进行、待办", "How the project stands"),
    example=say("/进度", "/status"),
    help_rank=5,
)
def show(ctx: Ctx, words: Rest) -> Reply:
    """To the asker alone first, and with 公开 to the group at once; so, too, who no direct message reaches."""
    card = _board(ctx)
    if card is None:
        return Reply(text_card(_nothing(ctx)))
    publish = may_publish(ctx)
    if ctx.in_group and _PUBLIC.fullmatch(fold(words).strip()):
        return Reply(card)
    own = with_publish(ctx, card, KIND) if publish else card
    return privately_first(ctx, own, say("进度", "How it stands"), publish=publish) or Reply(card)


@button("board.publish")
def publish(ctx: Ctx, key: str) -> Pressed:
    """[公开]: as it stands now, once, to the group it was asked in; asked for alone, to every group."""
    draft = pressed(ctx, key, KIND)
    there = seen_from(ctx, int(draft.subject["project"]))
    if there is None:
        raise expired()
    card = _board(there)
    if card is None:
        return Pressed(_nothing(there))
    for chat in groups_for(there, draft):
        there.speaker.in_chat(chat, there.project, card)
    return Pressed(say("已发到群里。", "Sent to the group."))


def _board(ctx: Ctx) -> Card | None:
    """Open tasks by state, red first, at most thirty lines. None: there is none."""
    tasks = ctx.tasks.open_in(ctx.project.id)
    if not tasks:
        return None
    milestones = _milestones(ctx)
    many = len(tasks) + len(milestones) > MOST_LINES - HEADS
    lines = board(ctx.project.name, tasks, desk(ctx), MOST_LINES - len(milestones) - many)
    text = Paragraph(join([lines[0], *milestones, *lines[1:]], "\n"))
    return Card((text, Buttons((Button(say("画成图", "As a picture"), "picture", ("board",)),))) if many else (text,))


def _nothing(ctx: Ctx) -> Text:
    return say(
        "{project} 没有未完成的任务。建一个：{example}",
        "{project} has no open task. Make one: {example}",
        project=ctx.project.name,
        example=say("/任务 渠道投放 @李四 周五18:00", "/task Fix banner @Li tomorrow 6pm"),
    )


def _milestones(ctx: Ctx) -> list[Text]:
    """The next ones, those that will be late first."""
    if not any(not each.closed for each in ctx.books.milestones.of_project(ctx.project.id)):
        return []
    sight = sight_of(ctx)
    found = [each for each in milestones(sight.things) if not each.closed]
    found.sort(key=lambda each: -sight.found.late(sight.place[node_of(each)]))
    title = say("🏁 里程碑 {n}", "🏁 Milestones {n}", n=len(found))
    return [title, *listing(found[:MOST_MILESTONES], sight)]
