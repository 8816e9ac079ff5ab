"""One message for several projects: the same report for another one, away today for all of them."""

from __future__ import annotations

from chat.cards import text_card
from chat.errors import UserError
from chat.text import listed, say
from commands.context import Ctx
from commands.daily_desk import LONGEST_ID, check_reporter, collection_of, desk_of, expired
from commands.grammar import button
from commands.reply import Pressed
from reports.away import go_away
from reports.daily_day import times_of
from reports.daily_desk import reported
from reports.daily_filing import Source, file
from reports.daily_receipt import headline
from reports.days import bare_day
from storage.people import PARTICIPANTS


@button("daily.copy")
def copied(ctx: Ctx, collection_id: int, report_id: int) -> Pressed:
    """What the presser reported to one project, for another one. Raises UserError: too late, or reported already."""
    desk, collection = collection_of(ctx)
    report = ctx.books.daily.get(report_id)
    if report is None or report.person != ctx.person.id or report.withdrawn or report.day != collection.day:
        raise expired()
    if ctx.books.people.role(desk.project.id, ctx.person.id) not in PARTICIPANTS:
        raise UserError(say("只有项目成员能用这张卡片。", "Only members of the project can use this card."))
    check_reporter(ctx, desk)
    project = desk.project.name
    if reported(ctx.books, collection, ctx.person.id):
        raise UserError(say("「{p}」已经交过了。", "You have reported to {p} already.", p=project))
    if ctx.at >= times_of(desk, collection.day).late_until:
        raise UserError(
            say("「{p}」{day} 的补交已截止。", "Late reports to {p} for {day} are closed.", p=project,
                day=bare_day(collection.day))
        )  # fmt: skip
    filed = file(desk, ctx.person, collection.day, report.words, Source("form", ctx.chat.platform))
    return Pressed(say("「{p}」{said}", "{p}: {said}", p=project, said=headline(desk, filed)))


@button("daily.away_all")
def away(ctx: Ctx, ids: str) -> Pressed:
    """ids: of collections, with commas. Those that were reported meanwhile stay as they are."""
    done = []
    for word in ids.split(","):
        collection = ctx.books.collections.get(int(word)) if word.isdecimal() and len(word) < LONGEST_ID else None
        if collection is None or ctx.books.people.role(collection.project_id, ctx.person.id) not in PARTICIPANTS:
            raise expired()
        desk = desk_of(ctx, ctx.books.projects.get(collection.project_id))
        if reported(ctx.books, collection, ctx.person.id) or ctx.at >= times_of(desk, collection.day).late_until:
            continue
        go_away(desk, collection.day, ctx.person)
        done.append(say("「{p}」", "{p}", p=desk.project.name))
    if not done:
        raise UserError(say("都已经交过或过去了，没有改动。", "All are reported or over; nothing was changed."))
    said = say("✅ {projects}今天休假，不催。改主意了，直接交日报就行。",
               "✅ Away today for {projects}. If you change your mind, just send a report.",
               projects=listed(done))  # fmt: skip
    return Pressed(said, card=text_card(said))
