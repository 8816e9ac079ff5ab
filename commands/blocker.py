"""Obstacles as things with a number.  ``B1 主图 19:00 前给``, ``B1 解决``, ``/阻塞``, ``/阻塞 等法务盖章``"""

from __future__ import annotations

import re

from chat.cards import Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.access import allowed_in
from commands.arguments import Rest
from commands.blocker_again import AGAIN, PASS_ON, asking, find, passed_on, reopened
from commands.context import Ctx
from commands.daily import take, the_rest
from commands.daily_desk import check_reporter, desk_of, source_of
from commands.daily_look import blocker_line, require_member
from commands.departed import here_still
from commands.grammar import command, hears
from commands.line import Line
from commands.reply import Reply
from planning.daily import is_none, parse
from reports.daily_desk import Desk
from reports.daily_filing import helper_for, named_for
from reports.digest import age, short
from storage.blockers import Blocker
from storage.people import Person

EXAMPLE = say("/阻塞 等法务盖章", "/blockers waiting for legal")
_SOLVED = re.compile(
    r"(?:已经?)?(?:解决|解除|搞定|处理好|好|完成|关闭|没问题)(?:了|啦)?|solved?|fixed|done|closed?|resolved?"
)
_MOST = 20
_LONGEST = 500


@command(
    "阻塞", "blockers", "blocker",
    usage=say("列出阻塞，或报一个", "List blockers, or report one"),
    example=EXAMPLE,
    help_rank=6,
)  # fmt: skip
def blockers(ctx: Ctx, words: Rest) -> Reply:
    """Without words the open ones; with words a new one. A whole report may begin with 阻塞, too."""
    desk = desk_of(ctx)
    if not words:
        return _listed(ctx, desk)
    whole = f"阻塞：{words}"
    asked = ctx.books.questions.open(ctx.chat.id, ctx.person.id)
    if asked is not None and asked.kind == "daily.rest":
        ctx.line = Line(whole)
        if (said := the_rest(ctx, asked.subject)) is not None:
            return said
    parsed = parse(whole)
    if parsed.headings >= 2:
        return take(ctx, parsed)
    check_reporter(ctx, desk)
    if is_none(words):
        raise UserError(say("没有就不用报。例：{example}", "None, nothing to report. Example: {example}",
                            example=EXAMPLE))  # fmt: skip
    return _new(ctx, desk, words)


@hears(r"^\s*b ?(\d{1,6})(?![a-z0-9层楼座区栋口号])", rank=10)
def about(ctx: Ctx, match: re.Match[str] | None) -> Reply | None:
    """An answer to a blocker, or that it is solved. Raises UserError: there is none, or it is closed."""
    assert match is not None
    number = int(match.group(1))
    ctx.line.cut(match.start(), match.end())
    words = ctx.line.rest[:_LONGEST]
    desk, blocker = find(ctx, number)
    if not ctx.in_group and ctx.person.id not in (blocker.person, blocker.helper):
        require_member(ctx, desk)
    if not words:
        return Reply(text_card(blocker_line(blocker, ctx)))
    if AGAIN.fullmatch(ctx.line.folded.strip(" ,，。.!！:：")):
        return Reply(text_card(reopened(ctx, desk, blocker)))
    if blocker.state != "open":
        raise UserError(
            say(
                "{ref} 已经关了（{words}）。还没好就回：{ref} 重开",
                "{ref} is closed already ({words}). Not solved after all? Reply “{ref} reopen”",
                ref=blocker.ref, words=short(blocker.words, 40),
            )
        )  # fmt: skip
    if (match := PASS_ON.match(ctx.line.folded)) is not None:
        line = ctx.line
        ctx.line = Line(line.text[match.end() :], line.people)
        if (text := passed_on(ctx, desk, blocker)) is not None:
            return Reply(text_card(text))
        ctx.line = line
    if _SOLVED.fullmatch(ctx.line.folded.strip(" ,，。.!！:：")):
        return _solve(ctx, desk, blocker)
    return _answer(ctx, desk, blocker, words)


def _answer(ctx: Ctx, desk: Desk, blocker: Blocker, words: str) -> Reply:
    """The reporter's own words are a supplement; anybody else's are an answer."""
    told = words.rstrip("。.")
    if ctx.person.id == blocker.person:
        more = f"{blocker.words}；{told}"[:_LONGEST]
        ctx.books.blockers.supplement(blocker, more)
        text = say("{ref} 已补充：{words}。", "{ref} now also says: {words}.", ref=blocker.ref, words=told)
        if blocker.helper is not None:
            text = say("{text}{who} 请回应。", "{text} {who}, please answer.", text=text,
                       who=ctx.speaker.mention(ctx.books.people.get(blocker.helper), ctx.chat.platform))  # fmt: skip
        return Reply(text_card(text))
    ctx.books.blockers.answer(blocker, words)
    reporter = ctx.books.people.get(blocker.person)
    if not ctx.in_group:
        note = say(
            "{ref} {who} 回应：{words}。解决后回「{ref} 解决」。",
            "{ref}: {who} says {words}. When it is solved, reply “{ref} solved”.",
            ref=blocker.ref, who=ctx.person.name, words=told,
        )  # fmt: skip
        ctx.speaker.to_person(reporter, desk.project, text_card(note))
        return Reply(
            text_card(
                say("{ref} 已回应：{words}。已转告 {who}。", "{ref} answered: {words}. {who} was told.",
                    ref=blocker.ref, words=told, who=reporter.name)
            )
        )  # fmt: skip
    text = say(
        "{ref} 已回应：{words}。{who} 解决后回「{ref} 解决」。",
        "{ref} answered: {words}. {who}, when it is solved reply “{ref} solved”.",
        ref=blocker.ref, words=told, who=ctx.speaker.mention(reporter, ctx.chat.platform),
    )  # fmt: skip
    return Reply(text_card(text))


def _solve(ctx: Ctx, desk: Desk, blocker: Blocker) -> Reply:
    """The reporter, who was asked, or an admin may close it. Raises UserError."""
    theirs = ctx.person.id in (blocker.person, blocker.helper)
    if not theirs and not allowed_in(ctx, desk.project.id, "blocker.others"):
        people = listed(name for name in (blocker.name, blocker.helper_name) if name)
        raise UserError(
            say("{ref} 由 {people} 来关。", "{ref} is for {people} to close.", ref=blocker.ref, people=people)
        )
    ctx.books.blockers.solve(blocker)
    ctx.books.deeds.add(desk.project.id, ctx.person.id, "solved", number=blocker.number)
    text = say(
        "✅ {ref} 已解决：{words}（{who} 提出，用时 {time}）。",
        "✅ {ref} solved: {words} (reported by {who}, took {time}).",
        ref=blocker.ref, words=short(blocker.words), who=blocker.name, time=age(ctx.at - blocker.opened_at),
    )  # fmt: skip
    if not ctx.in_group:
        other = blocker.helper if ctx.person.id == blocker.person else blocker.person
        if other is not None and other != ctx.person.id:
            ctx.speaker.to_person(ctx.books.people.get(other), desk.project, text_card(text))
    return Reply(text_card(text))


def _new(ctx: Ctx, desk: Desk, words: str) -> Reply:
    """A blocker outside of any report."""
    mentioned = source_of(ctx).mentioned
    here_still(*mentioned)
    helper = helper_for(desk, words, ctx.person, mentioned)
    absent = named_for(desk, words, ctx.person, mentioned)
    return Reply(text_card(ask_helper(ctx, desk, words, helper, absent if absent != helper else None)))


def ask_helper(ctx: Ctx, desk: Desk, words: str, helper: Person | None, absent: Person | None = None) -> Text:
    """Enter a blocker of the sender's and ask ``helper``, instead of ``absent``; what to answer."""
    today = desk.rhythm.local(ctx.at).date()
    number = ctx.books.projects.next_number(desk.project.id, "B")
    blocker = ctx.books.blockers.add(
        desk.project.id, number, today, ctx.person.id, words[:_LONGEST], helper=helper.id if helper else None,
        report=None,
    )  # fmt: skip
    ctx.books.deeds.add(desk.project.id, ctx.person.id, "blocker", number=number)
    text = say("{ref} 已记下：{words}。", "{ref} noted: {words}.", ref=blocker.ref, words=words.rstrip("。")[:_LONGEST])
    if helper is None:
        return text
    if absent is not None:
        text = say("{text}{who} 今天休假，", "{text} {who} is away today;", text=text, who=absent.name)
    asked: Text = say(
        "{text}已请 {who} 回应。", "{text} Asked {who} for an answer.", text=text,
        who=ctx.speaker.mention(helper, ctx.chat.platform) if ctx.in_group else helper.name,
    )  # fmt: skip
    if not ctx.in_group:
        ctx.speaker.to_person(helper, desk.project, text_card(asking(blocker, ctx.person.name)))
    return asked


def _listed(ctx: Ctx, desk: Desk) -> Reply:
    require_member(ctx, desk)
    found = ctx.books.blockers.open_in(desk.project.id)
    if not found:
        return Reply(text_card(say("现在没有阻塞。", "Nothing is blocked.")))
    lines = [blocker_line(blocker, ctx) for blocker in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(say("还有 {n} 个。", "{n} more.", n=len(found) - _MOST))
    lines.append(say("回应：B1 … ；解决了：B1 解决", "Answer: B1 …; when it is solved: B1 solved"))
    title = say("阻塞 {n} 个", "Blockers: {n}", n=len(found))
    return Reply(Card((Paragraph(join(lines, "\n")),), title))
