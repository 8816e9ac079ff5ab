"""How the project stands, as text.  ``/进度``"""

from __future__ import annotations

from chat.cards import Card, Paragraph
from chat.text import Text, join, say
from commands.context import Ctx
from commands.grammar import command
from commands.plan_things import sight_of
from commands.reply import Reply, reply
from commands.task_view import desk
from reports.milestone_cards import listing
from reports.sight import milestones, node_of
from reports.task_board import MOST_LINES, board

MOST_MILESTONES = 4


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
def show(ctx: Ctx) -> Reply:
    """Open tasks by state, red first, at most thirty lines."""
    tasks = ctx.tasks.open_in(ctx.project.id)
    if not tasks:
        return reply(
            "{project} 没有未完成的任务。建一个：{example}",
            "{project} has no open task. Make one: {example}",
            project=ctx.project.name,
            example=say("/任务 渠道投放 @李四 周五18:00", "/task Fix banner @Li tomorrow 6pm"),
        )
    lines = board(ctx.project.name, tasks, desk(ctx), MOST_LINES - len(milestones := _milestones(ctx)))
    return Reply(Card((Paragraph(join([lines[0], *milestones, *lines[1:]], "\n")),)))


def _milestones(ctx: Ctx) -> list[Text]:
    """The next ones, those that will be late first."""
    if not any(not each.closed for each in ctx.books.milestones.of_project(ctx.project.id)):
        return []
    sight = sight_of(ctx)
    found = [each for each in milestones(sight.things) if not each.closed]
    found.sort(key=lambda each: -sight.found.late(sight.place[node_of(each)]))
    title = say("🏁 里程碑 {n}", "🏁 Milestones {n}", n=len(found))
    return [title, *listing(found[:MOST_MILESTONES], sight)]
