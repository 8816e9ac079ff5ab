"""The digest's [看全部] and [展开]: every word of a day, to the presser alone; as a file when it is a lot."""

from __future__ import annotations

from chat.cards import Attachment, Block, Card, Paragraph
from chat.errors import UserError
from chat.text import Text, say
from commands.context import Ctx
from commands.daily_desk import collection_of
from commands.daily_export import as_markdown
from commands.daily_look import privately, require_member
from commands.grammar import button
from commands.reply import Pressed
from reports.days import bare_day, short_day
from reports.readers import readable, refusal
from storage.daily import Report

MOST = 8000
"""Characters in one card; platforms refuse large ones."""


@button("daily.all")
def show_all(ctx: Ctx) -> Pressed:
    """args: collection id. Every word of the day, to the presser alone."""
    desk, collection = collection_of(ctx)
    require_member(ctx, desk)
    reports = desk.books.daily.on(desk.project.id, collection.day)
    if not reports:
        raise UserError(say("{day} 还没有日报。", "No reports for {day} yet.", day=bare_day(collection.day)))
    reports = readable(desk, ctx.person.id, reports)
    if not reports:
        raise UserError(refusal(desk), audit="daily.look")
    blocks: list[Block] = [Paragraph(_full(report)) for report in reports]
    if sum(len(part) for report in reports for part in _parts(report)) > MOST:
        name = say("日报", "daily").render(ctx.locale)
        content = as_markdown(desk, reports, ctx.locale)
        blocks = [Attachment(f"{name}-{collection.day.isoformat()}.md", content)]
    title = say(
        "{project} {day}日报全文", "{project} {day}: all reports", project=desk.project.name,
        day=short_day(collection.day, desk.rhythm.calendar),
    )  # fmt: skip
    return privately(ctx, desk, Card(tuple(blocks), title))


def _full(report: Report) -> Text:
    return say(
        "{name}\n今日：{done}\n明日：{plan}\n阻塞：{blocked}",
        "{name}\nToday: {done}\nTomorrow: {plan}\nBlockers: {blocked}",
        name=report.name, done=report.words.done or "—", plan=report.words.plan or "—",
        blocked=report.words.blocked or say("无", "none"),
    )  # fmt: skip


def _parts(report: Report) -> tuple[str, ...]:
    return report.name, report.words.done, report.words.plan, report.words.blocked
