"""Take reports along.  ``/日报 导出 9-14~9-18 csv``"""

from __future__ import annotations

import csv
import io
import re
from datetime import date

from chat.cards import Attachment, Card, Paragraph
from chat.errors import UserError
from chat.text import Locale, say
from commands.arguments import Rest, Someone
from commands.context import Ctx
from commands.daily_desk import collection_of, desk_of, expired, number_of
from commands.daily_look import STANDING, alone, bare_span, privately, reports_of, require_member, span_of
from commands.grammar import button, command
from commands.nameless import asked, nameless
from commands.reply import Pressed, Reply
from planning.lookback import Span
from reports.clocks import of_a_file
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.readers import readers_of
from storage.daily import Report

EXAMPLE = say("/日报 导出 9-14~9-18 csv", "/daily export 9-14~9-18 csv")
BOM = "\ufeff"
_KIND = re.compile(r"\s*\b(?:(csv|excel|xlsx?|表格)|(md|markdown))\b", re.IGNORECASE)
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_NAME = say("日报", "daily")
_HEADER = (
    say("日期", "Date"), say("姓名", "Name"), say("今日进展", "Today"), say("明日计划", "Tomorrow"),
    say("阻塞问题", "Blockers"), say("状态", "Standing"), say("提交时间", "Handed in"), say("版本", "Version"),
    say("原因", "Reason"),
)  # fmt: skip
_LABELS = (say("今日", "Today"), say("明日", "Tomorrow"), say("阻塞", "Blockers"))


@command(
    "日报 导出", "daily export", "导出 日报", "export daily",
    usage=say("导出日报（csv 或 md；匿名）", "Export reports (csv or md; anonymous)"),
    example=EXAMPLE,
)  # fmt: skip
def export(ctx: Ctx, who: Someone, words: Rest) -> Reply:
    """A file in the chat. Only for members. Raises UserError when there is nothing to export."""
    desk = desk_of(ctx)
    require_member(ctx, desk)
    today = desk.rhythm.local(ctx.at).date()
    words, no_names = asked(words)
    kind = _KIND.search(words)
    span = span_of(desk, _KIND.sub("", words), default=Span(today.replace(day=1), today))
    reports = reports_of(ctx, desk, span, who)
    if no_names:
        masks = nameless(ctx, desk.project.id)
        reports = [masks.report(report) for report in reports]
    card = _file(ctx, desk, reports, span, markdown=bool(kind and kind.group(2)))
    return alone(ctx, desk, card) if readers_of(desk) != "all" else Reply(card)


@button("daily.export")
def export_day(ctx: Ctx) -> Pressed:
    """args: collection id. To the presser alone."""
    desk, collection = collection_of(ctx)
    require_member(ctx, desk)
    span = Span(collection.day, collection.day)
    return privately(ctx, desk, _file(ctx, desk, reports_of(ctx, desk, span, None), span))


@button("daily.export.span")
def export_span(ctx: Ctx) -> Pressed:
    """args: project id, first day, last day. To the presser alone."""
    try:
        desk = desk_of(ctx, ctx.books.projects.get(number_of(ctx)))
        span = Span(*(date.fromisoformat(day) for day in ctx.action.args[1:3]))
    except (KeyError, TypeError, ValueError):
        raise expired() from None
    require_member(ctx, desk)
    return privately(ctx, desk, _file(ctx, desk, reports_of(ctx, desk, span, None), span))


def _file(ctx: Ctx, desk: Desk, reports: list[Report], span: Span, *, markdown: bool = False) -> Card:
    """Raises UserError: there is nothing in it."""
    if not reports:
        raise UserError(
            say("{span} 没有日报可导出。例：{example}", "No reports to export in {span}. Example: {example}",
                span=bare_span(span), example=EXAMPLE)
        )  # fmt: skip
    name = f"{_NAME.render(ctx.locale)}-{span.first.isoformat()}" + (
        "" if span.first == span.last else f"~{span.last.isoformat()}"
    )
    desk.books.audit(desk.project.id, "daily.export", "done", f"{span.first.isoformat()} {span.last.isoformat()}")
    text = say("日报 {span}，{n} 份。{whose}", "Reports {span}: {n}.{whose}", span=bare_span(span), n=len(reports),
               whose=of_a_file(desk.project, ctx.person, ctx.at))  # fmt: skip
    content = (as_markdown if markdown else as_csv)(desk, reports, ctx.locale)
    return Card((Paragraph(text), Attachment(f"{name}.{'md' if markdown else 'csv'}", content)))


def as_csv(desk: Desk, reports: list[Report], locale: Locale = "zh") -> str:
    """With a byte order mark, so that Excel reads UTF-8; no cell can start a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([title.render(locale) for title in _HEADER])
    for report in reports:
        words = report.words
        row = (
            report.day.isoformat(), report.name, words.done, words.plan, words.blocked,
            STANDING[report.standing].render(locale), f"{desk.rhythm.local(report.at):%Y-%m-%d %H:%M}",
            str(report.version), report.reason,
        )  # fmt: skip
        writer.writerow([harmless(cell) for cell in row])
    return BOM + out.getvalue()


def harmless(cell: str) -> str:
    """A cell that begins like a formula is text. Leading blanks do not make it safe: spreadsheets skip them."""
    return "'" + cell if cell.lstrip(" \u00a0\u3000\ufeff\n").startswith(_RISKY) or cell.startswith(_RISKY) else cell


def as_markdown(desk: Desk, reports: list[Report], locale: Locale = "zh") -> str:
    """One heading a day, one list item a person."""
    lines: list[str] = [f"# {_escaped(desk.project.name)} {_NAME.render(locale)}", ""]
    day: date | None = None
    for report in reports:
        if report.day != day:
            day = report.day
            lines += [f"## {day.isoformat()}（{bare_day(day)}）", ""]
        lines.append(f"- **{_escaped(report.name)}**（{STANDING[report.standing].render(locale)}）")
        for label, words in zip(_LABELS, _parts(report), strict=True):
            lines.append(f"  - {label.render(locale)}：{_escaped(words) or '—'}")
    return "\n".join(lines) + "\n"


def _parts(report: Report) -> tuple[str, str, str]:
    return report.words.done, report.words.plan, report.words.blocked


def _escaped(words: str) -> str:
    """People's words are no markup."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", words.replace("\r", "")).replace("\n", "；")
