"""Look back.  ``/日报 查 @李四 9-14~9-18``, ``/日报 查 本周 阻塞``"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import groupby

from chat.cards import Block, Button, Buttons, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, say, verbatim
from commands.arguments import Rest, Someone
from commands.context import Ctx
from commands.daily_desk import desk_of
from commands.grammar import command
from commands.line import fold
from commands.reply import Pressed, Reply
from commands.times import check
from planning.dates import find
from planning.lookback import Span, looked_back
from reports.daily_desk import Desk
from reports.days import bare_day, short_day
from reports.digest import answer_of, short
from reports.readers import readable, readers_of, refusal
from storage.blockers import Blocker
from storage.daily import Report
from storage.people import Person

EXAMPLE = say("/日报 查 @李四 9-14~9-18", "/daily look @Li 9-14~9-18")
_BLOCKERS = re.compile(r"阻塞|卡点|blockers?|blocked")
_OWN = re.compile(r"我|我的|自己|自己的|me|mine|my own")
LOOKED_AT = 200
WEEK, MONTH = 7, 31
_MOST = 30
"""Reports in one answer; more are exported."""
STANDING = {
    "early": say("提前", "early"),
    "on_time": say("准时", "on time"),
    "late": say("补交", "late"),
    "overdue": say("超期补交", "overdue"),
}


@command(
    "日报 查", "daily look", "daily show",
    usage=say("查看交过的日报", "Look at past reports"),
    example=EXAMPLE,
)  # fmt: skip
def look_up(ctx: Ctx, who: Someone, words: Rest) -> Reply:
    """Reports of a span of days, of one person or of all; or its blockers. Only for members. Raises UserError."""
    return look(ctx, who, words)


def look(ctx: Ctx, who: Person | None, words: str) -> Reply:
    """``words``: the days, and 阻塞 for blockers."""
    desk = desk_of(ctx)
    require_member(ctx, desk)
    sought = "" if _BLOCKERS.search(fold(words)) else _sought(desk, words)
    if _OWN.fullmatch(fold(sought)):
        who, sought = ctx.person, ""
    span = span_of(desk, words, default=_last_days(desk, MONTH if sought else WEEK))
    if _BLOCKERS.search(fold(words)):
        return _blockers(ctx, desk, span, who)
    reports = reports_of(ctx, desk, span, who)
    if sought:
        reports = [report for report in reports if _mentions(report, sought)]
    if sought and not reports:
        raise UserError(
            say(
                "{span} 的日报里没有「{words}」。例：{example}",
                "No report in {span} says “{words}”. Example: {example}",
                span=bare_span(span),
                words=short(sought, 30),
                example=EXAMPLE,
            )
        )
    if not reports:
        raise UserError(
            say("{span} 没有{who}日报。例：{example}", "No reports{who} in {span}. Example: {example}",
                span=bare_span(span), example=EXAMPLE,
                who=say(" {name} 的", " of {name}", name=who.name) if who else "")
        )  # fmt: skip
    card = _card(desk, reports, span)
    return alone(ctx, desk, card) if readers_of(desk) != "all" else Reply(card)


def require_member(ctx: Ctx, desk: Desk) -> None:
    """Reports are for the people of the project. Raises UserError; audited."""
    role = ctx.books.people.role(desk.project.id, ctx.person.id)
    if role in ("", "guest"):
        raise UserError(
            say(
                "只有项目成员能看日报。请管理员发：/成员 加 @{name}",
                "Only members of the project can read reports. Ask an admin: /members add @{name}",
                name=ctx.person.name,
            ),
            audit="daily.look",
        )


def span_of(desk: Desk, words: str, default: Span) -> Span:
    """The first days named; a month or more ago they are past ones. Raises UserError: words that are no days."""
    today = desk.rhythm.local(desk.books.at).date()
    found = find(words, desk.rhythm.local(desk.books.at), desk.rhythm.calendar)
    check(words, found, expected=True)
    if not found:
        return default
    span = looked_back(found[0].readings, today)
    if span.first > today:
        raise UserError(
            say("{span} 还没到。例：{example}", "{span} is not here yet. Example: {example}", span=bare_span(span),
                example=EXAMPLE)
        )  # fmt: skip
    return span


def bare_span(span: Span) -> str:
    """``9-14~9-18``."""
    return bare_day(span.first) if span.first == span.last else f"{bare_day(span.first)}~{bare_day(span.last)}"


def reports_of(ctx: Ctx, desk: Desk, span: Span, who: Person | None) -> list[Report]:
    """Newest day last; within a day in the order they came. Raises UserError: they are not for this person."""
    found = desk.books.daily.between(desk.project.id, span.first, span.last)
    wanted = [report for report in found if who is None or report.person == who.id]
    reports = readable(desk, ctx.person.id, wanted)
    if wanted and not reports:
        raise UserError(refusal(desk), audit="daily.look")
    return reports


def _last_days(desk: Desk, days: int) -> Span:
    today = desk.rhythm.local(desk.books.at).date()
    return Span(today - timedelta(days=days - 1), today)


def _sought(desk: Desk, words: str) -> str:
    """What is left beside the days: words that reports are looked through for."""
    rest = words[:LOOKED_AT]
    for one in reversed(find(rest, desk.rhythm.local(desk.books.at), desk.rhythm.calendar)):
        rest = rest[: one.start] + " " + rest[one.stop :]
    return rest.strip(' \n,，。.、:：“”「」"')


def _mentions(report: Report, sought: str) -> bool:
    """Every word of it, anywhere in the report."""
    said = fold("\n".join((report.words.done, report.words.plan, report.words.blocked)))
    return all(word in said for word in fold(sought).split())


def _card(desk: Desk, reports: list[Report], span: Span) -> Card:
    blocks: list[Block] = []
    for day, group in groupby(reports[-_MOST:], key=lambda report: report.day):
        lines = [short_day(day, desk.rhythm.calendar)]
        lines += [_entry(report, 300) for report in group]
        blocks.append(Paragraph(join(lines, "\n")))
    if len(reports) > _MOST:
        more = say("只列最近 {n} 份，全部请导出。", "The newest {n} only; export for all.", n=_MOST)
        blocks.append(Paragraph(more, quiet=True))
    args = (str(desk.project.id), span.first.isoformat(), span.last.isoformat())
    blocks.append(Buttons((Button(say("导出", "Export"), "daily.export.span", args),)))
    title = say("日报 {span}　{n} 份", "Reports {span}: {n}", span=bare_span(span), n=len(reports))
    return Card(tuple(blocks), title)


def _entry(report: Report, most: int) -> Text:
    """``李四：投放计划定稿 → 明日 上传素材｜阻塞 等王五的主图（补交）``"""
    words = report.words
    parts = [
        say("{name}：{done}", "{name}: {done}", name=report.name, done=short(words.done, most) or "—"),
        say(" → 明日 {plan}", " → tomorrow {plan}", plan=short(words.plan, most)) if words.plan else verbatim(""),
        say("｜阻塞 {what}", " | blocked: {what}", what=short(words.blocked, most)) if words.blocked else verbatim(""),
    ]
    if report.standing in ("late", "overdue"):
        parts.append(say("（{how}）", " ({how})", how=STANDING[report.standing]))
    return join(parts)


def _blockers(ctx: Ctx, desk: Desk, span: Span, who: Person | None) -> Reply:
    found = [
        blocker
        for blocker in desk.books.blockers.between(desk.project.id, span.first, span.last)
        if who is None or who.id in (blocker.person, blocker.helper)
    ]
    if not found:
        return Reply(text_card(say("{span} 没有阻塞。", "No blockers in {span}.", span=bare_span(span))))
    title = say("阻塞 {span}　{n} 个", "Blockers {span}: {n}", span=bare_span(span), n=len(found))
    return Reply(Card((Paragraph(join([blocker_line(b, ctx) for b in found[-_MOST:]], "\n")),), title))


def blocker_line(blocker: Blocker, ctx: Ctx) -> Text:
    """``B1 等王五的主图（李四→王五，9-21，已回应 29 分钟：主图 19:00 前给）``"""
    helper = say("→{name}", " → {name}", name=blocker.helper_name) if blocker.helper else ""
    if blocker.state == "solved":
        state: Text = say("已解决", "solved")
    else:
        state = answer_of(blocker, ctx.at)
    said = say("：{words}", ": {words}", words=short(blocker.answer, 60)) if blocker.answer else ""
    return say(
        "{ref} {words}（{who}{helper}，{day}，{state}{said}）", "{ref} {words} ({who}{helper}, {day}, {state}{said})",
        ref=blocker.ref, words=short(blocker.words), who=blocker.name, helper=helper, day=bare_day(blocker.day),
        state=state, said=said,
    )  # fmt: skip


def alone(ctx: Ctx, desk: Desk, card: Card) -> Reply:
    """To the writer alone. Raises UserError when they cannot be reached."""
    if not ctx.in_group:
        return Reply(card)
    return Reply(text_card(privately(ctx, desk, card).toast))


def privately(ctx: Ctx, desk: Desk, card: Card) -> Pressed:
    """To the presser alone; raises UserError when they cannot be reached."""
    if not ctx.in_group:
        return Pressed(say("好的。", "OK."), reply=Reply(card))
    if not ctx.speaker.to_person(ctx.person, desk.project, card):
        raise UserError(
            say("私聊发不到你，请先点开我发一句“你好”。", "I cannot reach you directly. Please send me a word first.")
        )
    return Pressed(say("已私聊发给你。", "Sent to you directly."))
