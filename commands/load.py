"""Who has how much to do, and who could take a task.  ``/负荷``  ``/建议 T1``"""

from __future__ import annotations

from chat.cards import Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, say, verbatim
from commands.context import Ctx
from commands.grammar import command
from commands.reply import Reply
from commands.task_lines import Subjects, the_task
from planning.load import Load
from planning.suggest import Candidate
from reports.daily_desk import Desk
from reports.days import bare_day, working_days
from reports.planning.crew import Crew, Span
from reports.task_cards import head
from reports.weekly_views import signed

MOST_PEOPLE = 20
MOST_TASKS = 5
EXAMPLE = say("/建议 T1", "/suggest T1")


@command(
    "负荷",
    "load",
    usage=say("每个人这周和下周有多少事", "How much everybody has to do"),
    example=say("/负荷", "/load"),
)
def load(ctx: Ctx) -> Reply:
    """What is left of this work week, and the next."""
    crew = Crew(Desk(ctx.books, ctx.speaker, ctx.project))
    this, following = crew.weeks()
    blocks = [Paragraph(_span(crew, say("本周", "This week"), this)),
              Paragraph(_span(crew, say("下周", "Next week"), following))]  # fmt: skip
    note = say(
        "按计划工期减去进度，平摊到截止日；请假的天不算；超过 110% 标红。",
        "Planned days less progress, spread until the due; days of leave do not count; red above 110%.",
    )
    return Reply(Card((*blocks, Paragraph(note, quiet=True))))


def _span(crew: Crew, name: Text, span: Span) -> Text:
    title = say(
        "{name} {first} ~ {last}（{n}）", "{name} {first} ~ {last} ({n})", name=name,
        first=bare_day(span.first), last=bare_day(span.last), n=working_days(span.days),
    )  # fmt: skip
    lines = [_line(crew, each, span) for each in span.loads[:MOST_PEOPLE]]
    if len(span.loads) > MOST_PEOPLE:
        lines.append(say("还有 {n} 人", "{n} more people", n=len(span.loads) - MOST_PEOPLE))
    return join([title, *lines], "\n")


def _line(crew: Crew, each: Load, span: Span) -> Text:
    """``🔴 李四 6.5/4 天 163%：T4 T5 T7``."""
    refs = " ".join(share.work.ref for share in each.shares[:MOST_TASKS])
    more = " …" if len(each.shares) > MOST_TASKS else ""
    away = span.days - each.capacity
    return say(
        "{mark}{who} {days}/{capacity} 天 {percent}{away}{refs}",
        "{mark}{who} {days}/{capacity} days {percent}{away}{refs}",
        mark="🔴 " if each.too_much else "", who=crew.names[each.person], days=f"{round(each.days, 1):g}",
        capacity=f"{each.capacity:g}", percent="—" if each.per_cent is None else f"{each.per_cent}%",
        away=say("（休 {n}）", " ({n} away)", n=f"{away:g}") if away else "",
        refs=say("：{refs}", ": {refs}", refs=refs + more) if refs else "",
    )  # fmt: skip


@command(
    "建议",
    "suggest",
    usage=say("任务可以交给谁，以及为什么", "Who could take a task, and why"),
    example=EXAMPLE,
)
def suggest(ctx: Ctx, numbers: Subjects) -> Reply:
    """Up to three people; who asks decides. Raises UserError: no such open task."""
    task = the_task(ctx, numbers, say("建议", "suggest for"), EXAMPLE)
    found = Crew(Desk(ctx.books, ctx.speaker, ctx.project)).candidates(task)
    if not found:
        raise UserError(
            say("除了现在的负责人，没有别的成员有空。加人：/成员 加 @某人",
                "Nobody else is there to take it. Add people: /members add @name")
        )  # fmt: skip
    lines = [say("{n}. {why}", "{n}. {why}", n=number, why=_why(one)) for number, one in enumerate(found, 1)]
    buttons = [
        Button(say("交给 {who}", "Give it to {who}", who=one.name), "task.owner.set", (str(task.id), str(one.person)),
               task.version)
        for one in found
    ]  # fmt: skip
    text = say("{head} 可以交给：\n{lines}", "{head} could go to:\n{lines}", head=head(task), lines=join(lines, "\n"))
    return Reply(text_card(text, *buttons))


def _why(one: Candidate) -> Text:
    """``李四：做完过 3 项 #投放，负荷 60%，以往偏差 +10%``."""
    parts = [
        say("做完过 {n} 项 #{tag}", "finished {n} of #{tag}", n=one.done, tag=one.tag)
        if one.done
        else say("没做过同类", "none of this kind so far")
    ]
    parts.append(say("接下后到截止前负荷 {n}%", "{n}% busy until the due with it", n=one.load))
    parts.append(
        say("以往偏差中位 {n}", "a median of {n} off plan", n=signed(one.off))
        if one.off is not None
        else say("没有可比的历史", "nothing to compare")
    )
    return say("{who}：{parts}", "{who}: {parts}", who=verbatim(one.name), parts=join(parts, "，", ", "))
