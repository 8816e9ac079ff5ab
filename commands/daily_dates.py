"""Reports for another day.  ``/日报 补 9-16 因为：现场没信号 今日：…``, ``/日报 明天的 …``; and which day was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from chat.cards import Button, Card, text_card
from chat.errors import UserError
from chat.text import Text, say
from commands.arguments import Rest
from commands.context import Ctx
from commands.daily_desk import check_reporter, desk_of, hand_in, nothing_there, source_of
from commands.grammar import answers, button, command
from commands.reply import Pressed, Reply
from commands.times import apart, check
from planning.calendar import DayKind
from planning.daily import Parsed, first_heading, parse
from planning.dates import find
from planning.lookback import looked_back
from reports.daily_day import oldest, times_of
from reports.daily_desk import Desk
from reports.daily_drafts import Waiting, keep, settle, waiting
from reports.daily_receipt import receipt
from reports.days import bare_day, short_day, weekday

EXAMPLE = say(
    "/日报 补 9-16 因为：现场没信号 今日：… 明日：… 阻塞：无",
    "/daily late 9-16 because: no signal on site today: … tomorrow: … blockers: none",
)
_DATE_WORDS = re.compile(r"\d|昨|前天|周|星期|礼拜|号|yesterday|last|mon|tue|wed|thu|fri|sat|sun", re.IGNORECASE)
_REASON = re.compile(r"^[\s,，。;；]*(?:原因(?:是)?|因为|由于|because(?: of)?|reason)\s*[:：]?\s*", re.IGNORECASE)
_LONGEST_REASON = 200


@command(
    "日报 补", "daily late",
    usage=say("补交某一天的日报", "Hand in a report for a past day"),
    example=EXAMPLE,
)  # fmt: skip
def back_date(ctx: Ctx, words: Rest) -> Reply:
    """File a report for the day that is named first. Raises UserError."""
    desk = desk_of(ctx)
    day, rest = _named_day(desk, words)
    if not words:
        raise nothing_there()
    if day is None:
        check(words.split("\n", 1)[0].split(" ", 1)[0], [], expected=True)
        if parse(words).headings:
            raise UserError(say("补哪一天？例：{example}", "Which day? Example: {example}", example=EXAMPLE))
        return hand_in(ctx, desk, parse("补 " + words), desk.rhythm.local(ctx.at).date())
    reason, content = _reason(rest)
    parsed = parse(content)
    today = desk.rhythm.local(ctx.at).date()
    if day > today:
        return _future(ctx, desk, parsed, day)
    _check_day(desk, day, today)
    if not parsed.found:
        raise nothing_there()
    if times_of(desk, day).standing(ctx.at) == "overdue" and not reason:
        return _ask_reason(ctx, desk, parsed, day)
    return hand_in(ctx, desk, parsed, day, reason=reason)


@command(
    "日报 明天的", "日报 明天", "日报 提前", "daily tomorrow", "daily early",
    usage=say("提前交下一个工作日的日报", "Hand in the next working day's report"),
    example=say("/日报 明天的 今日：… 明日：… 阻塞：无", "/daily tomorrow Today: … Tomorrow: … Blockers: none"),
)  # fmt: skip
def early(ctx: Ctx, words: Rest) -> Reply:
    """File for the next working day after today. Raises UserError when there is nothing in it."""
    desk = desk_of(ctx)
    today = desk.rhythm.local(ctx.at).date()
    return hand_in(ctx, desk, parse(words), desk.rhythm.calendar.next_working(today))


def _named_day(desk: Desk, words: str) -> tuple[date | None, str]:
    """The day at the beginning of the words, the newest past reading first; and the words after it."""
    for found in find(apart(words), desk.rhythm.local(desk.books.at), desk.rhythm.calendar)[:1]:
        if found.start > 1 or not _DATE_WORDS.search(found.words) or found.readings[0].end_day:
            break
        day = looked_back(found.readings, desk.rhythm.local(desk.books.at).date()).first
        return day, words[found.stop :].lstrip(" 的:：,，")
    return None, words


def _reason(words: str) -> tuple[str, str]:
    """``因为：现场没信号 今日…``: the reason, and the report behind it."""
    match = _REASON.match(words)
    if match is None:
        return "", words
    stop = max(first_heading(words), match.end())
    if stop == len(words) and "\n" in words:
        stop = words.index("\n")
    return words[match.end() : stop].strip(" \n,，。;；")[:_LONGEST_REASON], words[stop:]


def _check_day(desk: Desk, day: date, today: date) -> None:
    """Raises UserError: too long ago, or nobody reports on that day."""
    if day < oldest(today):
        raise UserError(
            say("{day} 太早了，最多补 31 天内的。", "{day} is too long ago; 31 days at most.", day=bare_day(day))
        )
    if not desk.rhythm.calendar.is_working(day):
        raise UserError(
            say(
                "{day}不用交日报。上一个工作日是 {last}。",
                "Nobody reports on {day}. The last working day is {last}.",
                day=short_day(day, desk.rhythm.calendar),
                last=bare_day(desk.rhythm.calendar.previous_working(day)),
            )
        )


# --- questions -------------------------------------------------------------------------------------------------------


def _future(ctx: Ctx, desk: Desk, parsed: Parsed, day: date) -> Reply:
    """Only the next working day's report may come early; anything further is asked about."""
    today = desk.rhythm.local(ctx.at).date()
    following = desk.rhythm.calendar.next_working(today)
    if day == following:
        return hand_in(ctx, desk, parsed, day)
    if not parsed.found:
        raise nothing_there()
    check_reporter(ctx, desk)
    key = keep(ctx.books, ctx.chat.id, ctx.person, desk, parsed, source_of(ctx))
    makeup = desk.rhythm.calendar.kind(following) is DayKind.MAKEUP
    text = say(
        "{day} 还没到。要提前交下一个工作日（{next} {weekday}{note}）吗？",
        "{day} is not here yet. Shall I take it for the next working day ({next} {weekday}{note})?",
        day=bare_day(day), next=bare_day(following), weekday=weekday(following),
        note=say("·调休上班", ", a working day") if makeup else "",
    )  # fmt: skip
    yes = Button(say("是", "Yes"), "daily.to", (key, following.isoformat()))
    no = Button(say("否", "No"), "daily.drop", (key,))
    return Reply(text_card(text, yes, no), name=f"choice:{key}")


def _ask_reason(ctx: Ctx, desk: Desk, parsed: Parsed, day: date) -> Reply:
    check_reporter(ctx, desk)
    key = keep(ctx.books, ctx.chat.id, ctx.person, desk, parsed, source_of(ctx))
    return Reply(text_card(_why(ctx, key, day)))


def _why(ctx: Ctx, key: str, day: date) -> Text:
    """Open the question for a reason in this chat."""
    ctx.books.questions.ask(
        ctx.chat.id, ctx.person.id, "daily.reason", lasts=timedelta(hours=2), key=key, day=day.isoformat()
    )
    return say(
        "补 {day} 要写原因，直接回一句即可，例：现场没信号",
        "A late report for {day} needs a reason. Reply with one line, e.g. no signal on site",
        day=bare_day(day),
    )


@answers("daily.reason")
def reason_said(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """The next line is the reason."""
    one = waiting(ctx.books, subject["key"])
    reason = _REASON.sub("", ctx.line.rest)[:_LONGEST_REASON]
    if one is None or not reason or parse(reason).certain:
        return None
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    desk = desk_of(ctx, ctx.books.projects.get(one.project_id))
    filed = settle(desk, one, date.fromisoformat(subject["day"]), reason)
    if filed is None:
        return None
    return Reply(text_card(receipt(desk, filed, one.source.public, ctx.chat.platform)))


@button("daily.to")
def meant_for(ctx: Ctx) -> Pressed:
    """args: draft key, day. Only who wrote the report may say which day it is for, once."""
    one = _draft(ctx)
    desk = desk_of(ctx, ctx.books.projects.get(one.project_id))
    day = _day_of(ctx, desk)
    if times_of(desk, day).standing(ctx.at) == "overdue" and day < desk.rhythm.local(ctx.at).date():
        return _shown(ctx, one, text_card(_why(ctx, one.draft.key, day)))
    filed = settle(desk, one, day)
    if filed is None:
        raise _decided()
    return _shown(ctx, one, text_card(receipt(desk, filed, False, ctx.chat.platform)))


@button("daily.drop")
def not_at_all(ctx: Ctx) -> Pressed:
    """args: draft key."""
    one = _draft(ctx)
    ctx.books.drafts.use(one.draft)
    return _shown(ctx, one, text_card(say("好的，没有记。", "OK, nothing was entered.")))


def _day_of(ctx: Ctx, desk: Desk) -> date:
    """The day on the button, if it is one that a report may be for. Raises UserError."""
    today = desk.rhythm.local(ctx.at).date()
    try:
        day = date.fromisoformat(ctx.action.args[1])
    except (IndexError, ValueError):
        raise _decided() from None
    if not oldest(today) <= day <= desk.rhythm.calendar.next_working(today):
        raise _decided()
    return day


def _draft(ctx: Ctx) -> Waiting:
    key = ctx.action.args[0] if ctx.action.args else ""
    draft = ctx.books.drafts.get(key)
    if draft is not None and draft.person_id != ctx.person.id:
        raise UserError(say("请让发这条日报的人来选。", "Only the person who sent the report can choose."))
    one = waiting(ctx.books, key)
    if one is None:
        raise _decided()
    return one


def _decided() -> UserError:
    return UserError(say("已经选过了。", "This was already decided."))


def _shown(ctx: Ctx, one: Waiting, card: Card) -> Pressed:
    """The question becomes its outcome; where a card cannot change, the outcome is said."""
    block = card.blocks[0]
    toast: Text = getattr(block, "text", say("好的。", "OK."))
    redrawn = ctx.speaker.redraw(f"choice:{one.draft.key}", card)
    return Pressed(toast, card=card, reply=None if redrawn else Reply(card))
