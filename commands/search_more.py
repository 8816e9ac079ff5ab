"""Where else the words of a search stand: reports, decisions, approvals. Looking back on things is a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chat.frozen import frozen
from chat.text import Text, join, say, verbatim
from commands.context import Ctx
from commands.line import fold
from reports.approval_cards import STATE
from reports.daily_desk import Desk
from reports.days import bare_day
from reports.digest import short
from reports.readers import readable, readers_of
from storage.daily import Report

BACK = 92
"""Days of reports that are looked through, if none are named."""
LOOKED_THROUGH = 200
MOST = 5


@frozen
class Asked:
    """``words``: folded, each of them must occur. ``owner``: who wrote, asked or chose."""

    words: tuple[str, ...]
    owner: int | None
    first: date | None
    last: date | None


def beside(
    ctx: Ctx, places: Sequence[int], words: str, owner: int | None, since: date | None, until: date | None
) -> list[Text]:
    """Paragraphs to stand below the tasks; none: nothing has these words, or only other people's affairs."""
    parts = tuple(sorted(fold(words).split(), key=len, reverse=True))
    if not parts:
        return []
    asked = Asked(parts, owner, since, until)
    places = [place for place in places if ctx.books.people.role(place, ctx.person.id)]
    sections = (
        (say("日报", "Reports"), [line for place in places for line in _reports(ctx, place, asked)]),
        (say("决策", "Decisions"), [line for place in places for line in _decisions(ctx, place, asked)]),
        (say("审批", "Approvals"), [line for place in places for line in _approvals(ctx, place, asked)]),
    )
    return [join([title, *lines[:MOST]], "\n") for title, lines in sections if lines]


def _reports(ctx: Ctx, place: int, asked: Asked) -> list[Text]:
    """Those that this person may read; in a group only where everybody may."""
    role = ctx.books.people.role(place, ctx.person.id)
    if role in ("", "guest"):
        return []
    desk = Desk(ctx.books, ctx.speaker, ctx.books.projects.get(place))
    if ctx.in_group and readers_of(desk) != "all":
        return []
    last = asked.last or ctx.today
    first = asked.first or last - timedelta(days=BACK)
    found = ctx.books.daily.saying(place, asked.words[0], first, last, LOOKED_THROUGH, asked.owner)
    found = [report for report in readable(desk, ctx.person.id, found) if _has(asked, _words(report))]
    return [_report(report, asked.words[0]) for report in found[:MOST]]


def _report(report: Report, word: str) -> Text:
    """``9-18 李四：投放计划定稿``: the line with the word."""
    lines = _words(report).splitlines()
    line = next((line for line in lines if word in fold(line)), lines[0])
    return say("{day} {name}：{words}", "{day} {name}: {words}", day=bare_day(report.day), name=report.name,
               words=short(line.strip(), 60))  # fmt: skip


def _decisions(ctx: Ctx, place: int, asked: Asked) -> list[Text]:
    found = []
    for one in ctx.books.decisions.saying(place, asked.words[0], LOOKED_THROUGH):
        chosen = one.options[one.chosen - 1] if one.chosen else ""
        day = one.at.astimezone(ctx.zone).date()
        if not _has(asked, " ".join((one.title, *one.options, one.reason))) or not _within(asked, day):
            continue
        if asked.owner is None or asked.owner == one.asker or asked.owner in one.choosers:
            outcome = say("选 {option}", "{option}", option=short(chosen, 30)) if chosen else say("还没定", "open")
            found.append(join([verbatim(f"{one.ref} {short(one.title, 40)}"), outcome], "｜", " | "))
    return found[:MOST]


def _approvals(ctx: Ctx, place: int, asked: Asked) -> list[Text]:
    found = []
    for one in ctx.books.approvals.saying(place, asked.words[0], LOOKED_THROUGH):
        day = one.opened_at.astimezone(ctx.zone).date()
        if not _has(asked, f"{one.title} {one.detail}") or not _within(asked, day):
            continue
        if asked.owner is None or asked.owner == one.requester:
            parts = [verbatim(f"{one.ref} {short(one.title, 40)}"), verbatim(one.requester_name)]
            found.append(join([*parts, STATE[one.state]], "｜", " | "))
    return found[:MOST]


def _words(report: Report) -> str:
    return "\n".join((report.words.done, report.words.plan, report.words.blocked))


def _has(asked: Asked, words: str) -> bool:
    said = fold(words)
    return all(word in said for word in asked.words)


def _within(asked: Asked, day: date) -> bool:
    return (asked.first is None or day >= asked.first) and (asked.last is None or day <= asked.last)
