"""Change or take back a report.  ``/日报 改 阻塞 等法务盖章``, ``/日报 撤回``, and messages that were recalled."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from chat.cards import text_card
from chat.errors import UserError
from chat.text import NOTHING, Text, join, say
from commands.arguments import Rest
from commands.ask_recall import recalled as answer_recalled
from commands.context import Ctx
from commands.daily_desk import check_reporter, desk_of, source_of
from commands.grammar import command, event
from commands.reply import Reply
from commands.times import check
from planning.daily import is_none, parse
from planning.daily_words import BLOCKED, DONE, PLAN, Part
from planning.dates import find
from planning.lookback import looked_back
from reports.daily_day import belongs
from reports.daily_desk import Desk
from reports.daily_filing import file, withdraw
from reports.daily_receipt import synced, updated
from reports.days import bare_day
from storage.daily import Report, Words

EXAMPLE = say("/日报 改 阻塞 等法务盖章", "/daily change blockers waiting for legal")
_PART = re.compile(rf"\s*(?:(?P<done>{DONE})|(?P<plan>{PLAN})|(?P<blocked>{BLOCKED}))[\s:：=]*(?P<words>.*)", re.DOTALL)
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


@command(
    "日报 改", "daily change",
    usage=say("改已交日报的一部分", "Change a part of a report"),
    example=EXAMPLE,
)  # fmt: skip
def change(ctx: Ctx, words: Rest) -> Reply:
    """A new version of the newest report, or of the day that is named. Raises UserError."""
    desk = desk_of(ctx)
    check_reporter(ctx, desk)
    day, rest = _day(desk, words)
    report = _report(ctx, desk, day)
    changed = _changes(rest)
    if not changed:
        raise UserError(
            say("要改哪一部分？例：{example}", "Which part? Example: {example}", example=EXAMPLE)
        )  # fmt: skip
    after = replace(report.words, **changed)
    if after == report.words:
        return Reply(
            text_card(
                say(
                    "内容一样，{day} 日报还是第 {n} 版。", "Nothing new; the report for {day} stays at version {n}.",
                    day=bare_day(report.day), n=report.version,
                )
            )
        )  # fmt: skip
    filed = file(desk, ctx.person, report.day, after, replace(source_of(ctx), via="change", message_id=""))
    return Reply(text_card(updated(desk, filed)))


@command(
    "日报 撤回", "daily withdraw",
    usage=say("撤回已交的日报", "Take a report back"),
    example=say("/日报 撤回", "/daily withdraw"),
)  # fmt: skip
def take_back(ctx: Ctx, words: Rest) -> Reply:
    """Raises UserError when there is nothing to take back."""
    desk = desk_of(ctx)
    report = _report(ctx, desk, _day(desk, words)[0])
    withdraw(desk, report)
    text = say(
        "已撤回 {day} 日报，重发即可。", "Report for {day} taken back; just send it again.", day=bare_day(report.day)
    )
    return Reply(text_card(join([text, _synced(desk, report)])))


@event("recalled")
def recalled(ctx: Ctx) -> Reply | None:
    """A message was taken back on the platform: so is the report, or the answer, that came with it."""
    message = ctx.thing.message_id
    report = ctx.books.daily.said_in(ctx.chat.platform, message)
    ctx.books.outbox.silence(ctx.chat.platform, message)
    if report is None:
        return answer_recalled(ctx)
    if report.withdrawn or report.person != ctx.person.id:
        return None
    desk = desk_of(ctx, ctx.books.projects.get(report.project_id))
    withdraw(desk, report)
    day = bare_day(report.day)
    gone = text_card(
        say("{name} {day} 日报已撤回。", "{name}'s report for {day} was taken back.", name=report.name, day=day)
    )
    desk.speaker.redraw(f"receipt:{report.id}", gone)
    text = say(
        "你撤回了 {day} 日报消息，已从汇总拿掉；重发即可。",
        "You took back your report for {day}; it is out of the digest. Just send it again.",
        day=day,
    )
    return Reply(text_card(text), private=True)


def _synced(desk: Desk, report: Report) -> Text:
    collection = desk.team.collection(report.day)
    if collection is None or collection.digest_at is None:
        return NOTHING
    return synced(desk, collection.digest)


def _day(desk: Desk, words: str) -> tuple[date | None, str]:
    """``9-17 阻塞 …``: the day named first, and what follows."""
    if not re.match(r"\s*\d", words):
        return None, words
    found = find(words, desk.rhythm.local(desk.books.at), desk.rhythm.calendar)
    if not found or found[0].start > 1:
        check(words.split(maxsplit=1)[0], [], expected=True)
        return None, words
    return looked_back(found[0].readings, desk.rhythm.local(desk.books.at).date()).first, words[found[0].stop :]


def _report(ctx: Ctx, desk: Desk, day: date | None) -> Report:
    """The report of that day; else of the day a report would belong to now; else the newest. Raises UserError."""
    books, project = ctx.books, desk.project.id
    if day is not None:
        report = books.daily.of(project, day, ctx.person.id)
    else:
        current = belongs(desk, ctx.person.id).day
        report = books.daily.of(project, current, ctx.person.id)
        if report is None or report.withdrawn:
            report = books.daily.latest(project, ctx.person.id, current)
    if report is None or report.withdrawn:
        raise UserError(
            say(
                "{day}还没有你的日报。直接发：今日：… 明日：… 阻塞：无",
                "There is no report of yours{day}. Just send: Today: … Tomorrow: … Blockers: none",
                day=say("{day} ", " for {day}", day=bare_day(day)) if day else NOTHING,
            )
        )
    return report


def _changes(words: str) -> dict[Part, str]:
    """``阻塞 等法务盖章`` or several headings; a part may become 无."""
    parsed = parse(words)
    if parsed.headings >= 2:
        said = Words(parsed.done, parsed.plan, parsed.blocked)
        return {part: getattr(said, part) for part in parsed.found}
    match = _PART.match(words.translate(_WIDE).lower())
    if match is None:
        return {}
    new = words[match.start("words") :].strip()
    for part in ("done", "plan", "blocked"):
        if match.group(part) and new:
            return {part: "" if is_none(new) else new}
    return {}
