"""Who has how much to do, and who could take a task.  ``/负荷``  ``/负荷 @王五``  ``/建议 T1``"""

from __future__ import annotations

from chat.cards import Button, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import NOTHING, Text, join, say, verbatim
from commands.arguments import Rest, Someone
from commands.context import Ctx
from commands.grammar import command
from commands.names import called
from commands.reply import Reply
from commands.task_lines import Subjects, the_task
from planning.load import Load
from planning.suggest import Candidate
from reports.daily_desk import Desk
from reports.days import bare_day, working_days
from reports.planning.crew import Crew, Span
from reports.task_board import cut
from reports.task_cards import head
from reports.weekly_views import signed
from storage.people import Person

MOST_PEOPLE = 20
MOST_TASKS = 5
MOST_ROWS = 12
NOTE = say(
    "按计划工期减去进度，平摊到截止日；请假的天不算；超过 110% 标红。",
    "Planned days less progress, spread until the due; days of leave do not count; red above 110%.",
)
EXAMPLE = say("/建议 T1", "/suggest T1")


@command(
    "负荷",
    "load",
    usage=say("每个人这周和下周有多少事", "How much everybody has to do"),
    example=say("/负荷", "/load"),
)
def load(ctx: Ctx, whom: Someone, words: Rest) -> Reply:
    """What is left of this work week, and the next; of one person with their tasks. Raises UserError: no such one."""
    crew = Crew(Desk(ctx.books, ctx.speaker, ctx.project))
    this, following = crew.weeks()
    if whom is not None or words:
        person = _asked_about(ctx, crew, whom, words)
        blocks = [
            Paragraph(_of_one(crew, say("本周", "This week"), this, person)),
            Paragraph(_of_one(crew, say("下周", "Next week"), following, person)),
        ]
        return Reply(Card((*blocks, Paragraph(NOTE, quiet=True))))
    blocks = [Paragraph(_span(crew, say("本周", "This week"), this)),
              Paragraph(_span(crew, say("下周", "Next week"), following))]  # fmt: skip
    return Reply(Card((*blocks, Paragraph(NOTE, quiet=True))))


def _asked_about(ctx: Ctx, crew: Crew, whom: Person | None, words: str) -> Person:
    """Raises UserError: nobody of that name, or not somebody who takes part."""
    person = whom or called(ctx, words.strip())
    if person is None:
        raise UserError(
            say("没找到「{words}」。例：/负荷 @李四；所有人：/负荷", "No “{words}” here. E.g. /load @Li; all: /load",
                words=words[:20])
        )  # fmt: skip
    if person.id not in crew.names:
        raise UserError(
            say("{name} 不参与本项目，没有负荷可看。", "{name} takes no part in this project.", name=person.name)
        )
    return person


def _of_one(crew: Crew, name: Text, span: Span, person: Person) -> Text:
    """``李四 6.5/4 天 163%`` and below it what each task takes."""
    each = next(load for load in span.loads if load.person == person.id)
    lines = [_title(name, span), _line(crew, each, span, refs=False)]
    lines += [
        say("· {ref} {title} {n} 天{due}", "· {ref} {title}: {n} days{due}", ref=share.work.ref,
            title=cut(share.work.title, 24), n=f"{round(share.days, 1):g}",
            due=say("，{day} 截止", ", due {day}", day=bare_day(share.work.due)) if share.work.due else NOTHING)
        for share in each.shares[:MOST_ROWS]
    ]  # fmt: skip
    if len(each.shares) > MOST_ROWS:
        lines.append(say("还有 {n} 项", "{n} more", n=len(each.shares) - MOST_ROWS))
    return join(lines, "\n")


def _title(name: Text, span: Span) -> Text:
    return say(
        "{name} {first} ~ {last}（{n}）", "{name} {first} ~ {last} ({n})", name=name,
        first=bare_day(span.first), last=bare_day(span.last), n=working_days(span.days),
    )  # fmt: skip


def _span(crew: Crew, name: Text, span: Span) -> Text:
    lines = [_line(crew, each, span) for each in span.loads[:MOST_PEOPLE]]
    if len(span.loads) > MOST_PEOPLE:
        lines.append(say("还有 {n} 人", "{n} more people", n=len(span.loads) - MOST_PEOPLE))
    return join([_title(name, span), *lines], "\n")


def _line(crew: Crew, each: Load, span: Span, *, refs: bool = True) -> Text:
    """``🔴 李四 6.5/4 天 163%：T4 T5 T7``."""
    named = " ".join(share.work.ref for share in each.shares[:MOST_TASKS])
    more = " …" if len(each.shares) > MOST_TASKS else ""
    away = span.days - each.capacity
    return say(
        "{mark}{who} {days}/{capacity} 天 {percent}{away}{refs}",
        "{mark}{who} {days}/{capacity} days {percent}{away}{refs}",
        mark="🔴 " if each.too_much else "", who=crew.names[each.person], days=f"{round(each.days, 1):g}",
        capacity=f"{each.capacity:g}", percent="—" if each.per_cent is None else f"{each.per_cent}%",
        away=say("（休 {n}）", " ({n} away)", n=f"{away:g}") if away else "",
        refs=say("：{refs}", ": {refs}", refs=named + more) if refs and named else "",
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
