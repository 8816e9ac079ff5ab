"""Hand in a report.  ``/日报 今日：… 明日：… 阻塞：无``, three plain lines, or a reply to the prompt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chat.cards import Button, text_card
from chat.text import Text, say
from commands.arguments import Rest, bare_name
from commands.context import Ctx
from commands.daily_change import change
from commands.daily_dates import back_date
from commands.daily_desk import check_reporter, desk_of, hand_in, nothing_there, source_of, taken
from commands.daily_look import look
from commands.grammar import answers, command, hears, quoted
from commands.reply import Reply
from planning.daily import PARTS, Parsed, parse, parse_rest
from planning.daily_words import Part
from reports.daily_choice import PATIENCE
from reports.daily_day import belongs, missed_before, running, times_of
from reports.daily_desk import Desk
from reports.daily_drafts import keep
from reports.daily_filing import file
from reports.daily_receipt import receipt
from reports.days import bare_day, short_day
from storage.daily import Words
from storage.daily_collections import Collection

_GLUED = re.compile(r"(改(?=[今明阻\d])|补(?=[\d昨前])|查(?=[\d本上今昨]))")
_GLUED_VERBS: Mapping[str, Callable[[Ctx, str], Reply]] = {
    "改": change,
    "补": back_date,
    "查": lambda ctx, words: look(ctx, None, words),
}
"""``/日报 改阻塞 …``: no space after a sub-verb, and what follows can be nothing else."""
_SMALL_TALK = re.compile(
    r"(?:你好|您好|hi|hello|hey|哈喽|在吗|在不在|谢+|谢谢你?|多谢|辛苦了?|thanks?(?: you)?|thx|ok|okay|好+的?|"
    r"收到|嗯+|哦+|行|可以|早|早上好|下午好|晚上好|再见|拜拜|bye|测试|test|help|帮助|知道了|明白)"
    r"[啊呀哈呢了吧~～!.。,， ]*"
)
_REQUEST = re.compile(
    r"^(?:提醒|帮|请|麻烦|建|新建|取消|催|查|看|怎么|如何|什么|为什么|谁|remind|please|what|how|why|who)|[?？吗呢]$|[想请]问|问一下|(?:怎么|如何)(?:用|交|写|填|发|弄|办|看|查|改)"
    r"|^(?:明天|明早|明晚|后天|下周|下个?月|(?:这|本)?(?:周|星期)[一二三四五六日天]|\d{1,2}(?:月|[-/.])\d{1,2})"
)
_CODE = re.compile(r"^\s*[tbmpr]\s?\d", re.IGNORECASE)


@command(
    "日报", "daily", "交日报", "写日报",
    usage=say("交日报：今日、明日、阻塞", "Hand in a report: today, tomorrow, blockers"),
    example=say(
        "/日报 今日：投放计划定稿 明日：上传素材 阻塞：无", "/daily Today: plan done Tomorrow: upload Blockers: none"
    ),
    help_rank=2,
)  # fmt: skip
def submit(ctx: Ctx, words: Rest) -> Reply:
    """File one report for the day it belongs to. Raises UserError when there is nothing in it."""
    glued = _GLUED.match(words)
    if glued is not None:
        return _GLUED_VERBS[glued.group(1)](ctx, words[glued.end() :])
    return _rest_of_one(ctx) or take(ctx, parse(words))


def _rest_of_one(ctx: Ctx) -> Reply | None:
    """What was still missing of a report of which a part had come."""
    asked = ctx.books.questions.open(ctx.chat.id, ctx.person.id)
    return the_rest(ctx, asked.subject) if asked is not None and asked.kind == "daily.rest" else None


def take(ctx: Ctx, parsed: Parsed) -> Reply:
    """For the day it belongs to; asks where that is in doubt."""
    desk = desk_of(ctx)
    if not parsed.found:
        raise nothing_there()
    check_reporter(ctx, desk)
    when = belongs(desk, ctx.person.id)
    if when.or_next is None:
        return hand_in(ctx, desk, parsed, when.day, hint=_hint(ctx, desk, when.day))
    key = keep(ctx.books, ctx.chat.id, ctx.person, desk, parsed, source_of(ctx))
    ctx.books.schedules.add("daily.choice", f"draft:{key}", ctx.at + PATIENCE, day=when.day.isoformat())
    text = say("你今天已交。这份记到哪天？", "You have reported today already. Which day is this for?")
    card = text_card(
        text,
        Button(say("替换 {day}", "Replace {day}", day=bare_day(when.day)), "daily.to", (key, when.day.isoformat())),
        Button(
            say("作为 {day} 的提前提交", "Early for {day}", day=bare_day(when.or_next)),
            "daily.to", (key, when.or_next.isoformat()),
        ),
    )  # fmt: skip
    return Reply(card, name=f"choice:{key}")


def _hint(ctx: Ctx, desk: Desk, day: date) -> Text | None:
    """An early report in the morning may have been meant for the day before."""
    missed = missed_before(desk, day, ctx.person.id)
    if missed is None:
        return None
    return say(
        "{day} 还没交：要补请回复那天的提示，或发 /日报 补 {day} …",
        "{day} is still missing: reply to that day's prompt, or send /daily late {day} …",
        day=bare_day(missed),
    )


# --- without a command -----------------------------------------------------------------------------------------------


@hears(r"^\s*[^\s/:]{1,8}\s?:[\s\S]*[^\s:]\s?:", rank=0)
def headed(ctx: Ctx, _: re.Match[str] | None) -> Reply | None:
    """``done: … next: …``, ``阻塞：… 今日：…``: two headings are a report, though the first is a command's word too."""
    parsed = parse(ctx.line.shown())
    if not parsed.certain:
        return None
    prefix, number = ctx.quoted_name.partition(":")[::2]
    if prefix in ("daily", "remind", "digest"):
        return to_prompt(ctx, number)
    return _rest_of_one(ctx) or take(ctx, parsed)


@hears(None, rank=20)
def plain_words(ctx: Ctx, _: re.Match[str] | None) -> Reply | None:
    """Headings anywhere and at any time; three bare lines while reports are collected; directly, even one."""
    text = ctx.line.shown()
    if _CODE.match(text):
        return None
    parsed = parse(text)
    if parsed.certain:
        return take(ctx, parsed)
    if not parsed.found or not _looks_like_one(ctx, parsed):
        return None
    return take(ctx, parsed)


def _looks_like_one(ctx: Ctx, parsed: Parsed) -> bool:
    """Not certain by itself: it must come while reports are collected, or all of it while a late one is taken.

    Who has reported already must say all three parts again.
    """
    desk = desk_of(ctx)
    last = desk.latest()
    if last is None or not last.times.opens <= ctx.at < last.times.late_until:
        return False
    if ctx.books.people.role(desk.project.id, ctx.person.id) == "observer":
        return False
    if len(parsed.found) == len(PARTS):
        return True
    report = ctx.books.daily.of(desk.project.id, last.day, ctx.person.id)
    if running(desk) is None or (report is not None and not report.withdrawn):
        return False
    if parsed.lines >= 2 or parsed.headings >= 2 or parsed.marked:
        return True
    return not ctx.in_group and _is_content(ctx.line.folded) and not _of_others(ctx, desk)


def _of_others(ctx: Ctx, desk: Desk) -> bool:
    """``王五下周三前交主图``: what somebody else shall do is a task."""
    words = ctx.line.shown().lstrip("@ ")
    names = [bare_name(m.person.name) for m in desk.members if m.person.id != ctx.person.id]
    return bool(ctx.line.people) or any(words.startswith(name) for name in names if name)


def _is_content(folded: str) -> bool:
    """One line that says something: no greeting, no question, no request, not only signs."""
    words = folded.strip()
    if _SMALL_TALK.fullmatch(words) or _REQUEST.search(words):
        return False
    return sum(letter.isalnum() for letter in words) >= 2


@quoted("daily")
def to_prompt(ctx: Ctx, rest: str) -> Reply | None:
    """A reply to a prompt is for the prompt's day."""
    collection = ctx.books.collections.get(int(rest))
    text = ctx.line.shown()
    parsed = parse(text)
    if collection is None or _CODE.match(text):
        return None
    if not parsed.found:
        raise nothing_there()
    if parsed.lines < 2 and not parsed.headings and not _is_content(ctx.line.folded):
        return None
    desk = desk_of(ctx, ctx.books.projects.get(collection.project_id))
    if ctx.at < times_of(desk, collection.day).late_until:
        return hand_in(ctx, desk, parsed, collection.day)
    return _too_late(ctx, desk, parsed, collection)


@quoted("remind")
def to_reminder(ctx: Ctx, rest: str) -> Reply | None:
    return to_prompt(ctx, rest)


@quoted("digest")
def to_digest(ctx: Ctx, rest: str) -> Reply | None:
    """Only what is certainly a report: people also talk about a digest."""
    return to_prompt(ctx, rest) if parse(ctx.line.shown()).certain else None


def _too_late(ctx: Ctx, desk: Desk, parsed: Parsed, collection: Collection) -> Reply:
    check_reporter(ctx, desk)
    key = keep(ctx.books, ctx.chat.id, ctx.person, desk, parsed, source_of(ctx))
    until = desk.rhythm.local(times_of(desk, collection.day).late_until)
    now = desk.rhythm.local(ctx.at)
    instead = belongs(desk, ctx.person.id).day
    today = say("{day} 今天", "{day} today", day=bare_day(instead))
    text = say(
        "{day} 的补交已在 {until} 截止。记到哪天？",
        "Late reports for {day} closed at {until}. Which day is this for?",
        day=bare_day(collection.day),
        until=f"{until:%H:%M}" if until.date() == now.date() else f"{bare_day(until.date())} {until:%H:%M}",
    )
    card = text_card(
        text,
        Button(
            say("{day}（需写原因）", "{day} (say why)", day=bare_day(collection.day)),
            "daily.to", (key, collection.day.isoformat()),
        ),
        Button(
            today if instead == now.date() else short_day(instead, desk.rhythm.calendar),
            "daily.to", (key, instead.isoformat()),
        ),
    )  # fmt: skip
    return Reply(card, name=f"choice:{key}")


# --- the rest of a report --------------------------------------------------------------------------------------------


@answers("daily.rest")
def the_rest(ctx: Ctx, subject: Mapping[str, Any]) -> Reply | None:
    """The parts that were missing. None: it is a whole new report, or no answer at all."""
    text = ctx.line.shown()
    report = ctx.books.daily.get(subject["report"])
    missing: tuple[Part, ...] = tuple(subject["missing"])
    if report is None or report.withdrawn or _CODE.match(text) or ctx.quoted_name:
        return None
    rest = parse_rest(text, missing)
    if not rest.found or len(rest.found & set(missing)) < len(rest.found) or not _answers(rest, ctx.line.folded):
        return None
    ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    desk = desk_of(ctx, ctx.books.projects.get(report.project_id))
    old = report.words
    words = Words(
        rest.done if "done" in rest.found else old.done,
        rest.plan if "plan" in rest.found else old.plan,
        rest.blocked if "blocked" in rest.found else old.blocked,
    )
    source = source_of(ctx)
    filed = file(desk, ctx.person, report.day, words, source, again=True)
    text_said = receipt(desk, filed, source.public, ctx.chat.platform, goes_on=True)
    return taken(ctx, report, text_said, public=source.public)


def _answers(rest: Parsed, folded: str) -> bool:
    """A greeting or a question is no answer; 无 is."""
    said = rest.done or rest.plan or rest.blocked
    return not said or rest.headings > 0 or rest.lines > 1 or _is_content(folded)
