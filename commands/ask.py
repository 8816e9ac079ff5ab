"""A question with a time to answer.  ``/请回复 @王五 @赵六 今天16:00 "主图尺寸定哪个？"``"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from chat.cards import Card, Paragraph, text_card
from chat.errors import UserError
from chat.messages import TOKEN
from chat.text import Text, join, listed, say, verbatim
from commands.approve_line import check_strangers
from commands.arguments import Everyone, take
from commands.ask_whom import TEAM, spoken
from commands.context import Ctx
from commands.departed import here_still
from commands.grammar import command, hears
from commands.reply import Reply, reply
from commands.times import apart, check
from planning.dates import find
from planning.dates.readings import past
from planning.due import END_OF_DAY, handy
from planning.zones import at_local
from reports.asks import arm, card, until
from reports.daily_desk import Desk
from reports.digest import question_line
from storage.asks import Ask
from storage.people import Person

EXAMPLE = say('/请回复 @王五 今天16:00 "主图尺寸定哪个？"', '/ask @Wang today 4pm "Which size?"')
MOST_PEOPLE = 20
MOST_LISTED = 20
LONGEST = 500
LOOKED_AT = 200
"""Characters in which a time is looked for."""
FURTHEST = timedelta(days=92)
_QUOTE = re.compile(r"[\"“「『](?P<words>[^\"”」』]+)[\"”」』]")
_ABOUT = re.compile(r"\s*(?:[^\s\d]{0,4}\s*)?(?<![a-z0-9])r ?(\d{1,6})\s*$")
_CLOCK = re.compile(r"\s*\d{1,2}:\d{2}")
_AFTER = re.compile(r"[\s,，:：;；、\"“「『]|$")
_PLAINLY = re.compile(
    r"^\s*(?P<please>请|麻烦|烦请)(?P<who>(?:[^:,，]|(?<=\d):(?=\d))*?)(?P<verb>(?:回复|答复|回个话|回一下)(?:一下|我)?)"
    r"\s*[:,，]\s*\S"
)
_EDGES = " \t\n,，。;；:：、"


@command(
    "请回复", "ask",
    usage=say("请人在某时前回复，到点催", "Ask people to answer by a time"),
    example=EXAMPLE,
)  # fmt: skip
def ask(ctx: Ctx, people: Everyone) -> Reply:
    """Without words: what is open here."""
    if not people and not ctx.line:
        return _listed(ctx)
    if (about := _ABOUT.match(ctx.line.folded)) is not None:
        raise UserError(
            say("{ref} 的回答直接发：{ref} 你的话；不等了发：{ref} 结束",
                "To answer {ref} send: {ref} your words; to stop waiting: {ref} end", ref=f"R{int(about.group(1))}")
        )  # fmt: skip
    people = people or spoken(ctx)
    check_strangers(ctx, ctx.line.text[: quoted.start()] if (quoted := _QUOTE.search(ctx.line.text)) else "")
    asked = _whom(ctx, people)
    here_still(*asked)
    desk = Desk(ctx.books, ctx.speaker, ctx.project)
    words, due = _question(ctx)
    number = ctx.books.projects.next_number(ctx.project.id, "R")
    made = ctx.books.asks.add(
        ctx.project.id, number, ctx.person.id, ctx.chat.id, [person.id for person in asked], words, due
    )
    arm(desk, made)
    ctx.books.deeds.add(ctx.project.id, ctx.person.id, "ask", ask=made.id)
    if ctx.in_group:
        return Reply(_card(ctx, desk, made), name=made.name)
    return _sent(ctx, desk, made, asked)


@hears(_PLAINLY.pattern, rank=39)
def plainly(ctx: Ctx, match: re.Match[str] | None) -> Reply | None:
    """``请 @王五 今天16点前回复：主图尺寸定哪个``. Without anybody @ed it is talk."""
    assert match is not None
    if not any(mark in match["who"] for mark in (TOKEN, "@", *TEAM)):
        return None
    ctx.line.cut(match.start("verb"), match.end("verb"))
    ctx.line.cut(0, match.end("please"))
    return ask(ctx, take(Everyone, ctx))


def _sent(ctx: Ctx, desk: Desk, made: Ask, asked: list[Person]) -> Reply:
    """Asked in a direct chat: it goes to each of them directly."""
    them: list[Text] = [verbatim(person.name) for person in asked]
    message = card(desk, made, listed(them), form=False)
    lost = [person for person in asked if not ctx.speaker.to_person(person, desk.project, message, name=made.name)]
    text = say("{ref} 已发给 {people}，{at} 截止。", "{ref} was sent to {people}, due {at}.", ref=made.ref,
               people=listed(them), at=until(desk, made.due_at, made.asker))  # fmt: skip
    if lost:
        names = listed(person.name for person in lost)
        text = say("{text}{names} 还联系不上，请在群里 @ 一下。",
                   "{text} {names} cannot be reached; mention them in a group.",
                   text=text, names=names)  # fmt: skip
    return Reply(text_card(text))


def _whom(ctx: Ctx, people: list[Person]) -> list[Person]:
    """Raises UserError: nobody, only oneself, too many."""
    others = list({person.id: person for person in people if person.id != ctx.person.id}.values())
    if not others and people:
        raise UserError(say("不能只请自己回复。例：{example}", "You cannot ask only yourself. Example: {example}",
                            example=EXAMPLE))  # fmt: skip
    if not others:
        raise UserError(say("请谁回复？例：{example}", "Who shall answer? Example: {example}", example=EXAMPLE))
    if len(others) > MOST_PEOPLE:
        raise UserError(
            say("一次最多请 {n} 人，这里有 {m} 人。", "At most {n} people at a time; these are {m}.", n=MOST_PEOPLE,
                m=len(others))
        )  # fmt: skip
    return others


def _question(ctx: Ctx) -> tuple[str, datetime]:
    """What is asked, and by when. Raises UserError."""
    match = _QUOTE.search(ctx.line.text)
    words = match.group("words").strip() if match else ""
    if match:
        ctx.line.cut(match.start(), match.end())
    due = _due(ctx, certain=bool(match))
    words = words or ctx.line.rest.strip(_EDGES)
    if not words:
        raise UserError(say("问什么？例：{example}", "What is the question? Example: {example}", example=EXAMPLE))
    if len(words) > LONGEST:
        raise UserError(
            say("问题有 {n} 字，请控制在 {most} 字内。", "The question has {n} characters; at most {most}, please.",
                n=len(words), most=LONGEST)
        )  # fmt: skip
    return words, due


def _due(ctx: Ctx, *, certain: bool) -> datetime:
    """The time said, cut out of the line; else the end of today or of the next working day.

    certain: the question was quoted, so whatever time is left is the deadline.
    """
    found = find(apart(ctx.line.text[:LOOKED_AT]), ctx.now, ctx.calendar)
    check(ctx.line.text[:LOOKED_AT], found, expected=certain)
    lead = len(ctx.line.text) - len(ctx.line.text.lstrip(_EDGES))
    for one in found:
        alone = one.start <= lead and _AFTER.match(ctx.line.text, one.stop)
        if certain or alone or one.role == "deadline":
            ctx.line.cut(one.start, one.stop)
            break
    else:
        one = None
    if _CLOCK.match(ctx.line.folded):
        raise UserError(
            say("没看懂时间「{words}」。例：{example}", "I do not understand the time “{words}”. Example: {example}",
                words=ctx.line.rest[:20], example=EXAMPLE)
        )  # fmt: skip
    if one is None:
        points = handy(ctx.now, ctx.calendar)
        point = points.today or points.following
        return at_local(point.day, point.minute, ctx.zone)
    reading = next((reading for reading in one.readings if not past(reading, ctx.now)), one.readings[0])
    day, minute = (reading.end_day, reading.end_minute) if reading.end_day else (reading.day, reading.minute)
    at = at_local(day, END_OF_DAY if minute is None else minute, ctx.zone)
    if at <= ctx.at:
        raise UserError(
            say("{time} 已经过去。例：{example}", "{time} is in the past. Example: {example}", time=one.words[:20],
                example=EXAMPLE)
        )  # fmt: skip
    if at - ctx.at > FURTHEST:
        raise UserError(
            say("{time} 太远了，最多 {n} 天。", "{time} is too far ahead; at most {n} days.", time=one.words[:20],
                n=FURTHEST.days)
        )  # fmt: skip
    return at


# --- inside ---------------------------------------------------------------------------------------------------------


def _card(ctx: Ctx, desk: Desk, found: Ask) -> Card:
    them = [
        say("{m}", "{m}", m=ctx.speaker.mention(ctx.books.people.get(one.person), ctx.chat.platform))
        for one in found.people
    ]
    return card(desk, found, join(them, " "), form=ctx.can.input_in_card)


def _listed(ctx: Ctx) -> Reply:
    """Only what one asked or is asked, in a direct chat; everything of the project in its group."""
    found = ctx.books.asks.open_in(ctx.project.id)
    if not ctx.in_group:
        found = [one for one in found if one.asker == ctx.person.id or one.of(ctx.person.id)]
    if not found:
        return reply("现在没有等回复的。例：{example}", "Nothing waits for an answer. Example: {example}",
                     example=EXAMPLE)  # fmt: skip
    lines = [question_line(one) for one in found[:MOST_LISTED]]
    if len(found) > MOST_LISTED:
        lines.append(say("还有 {n} 个。", "{n} more.", n=len(found) - MOST_LISTED))
    title = say("等回复 {n} 个", "Waiting for answers: {n}", n=len(found))
    return Reply(Card((Paragraph(join(lines, "\n")),), title))
