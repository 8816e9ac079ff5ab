"""Who hands in what for which project: shared by every way a report can come."""

from __future__ import annotations

from datetime import date, timedelta

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import Text, join, say
from commands.context import Ctx
from commands.reply import Reply
from planning.daily import Parsed
from reports.daily_day import running, times_of
from reports.daily_desk import Desk, reported
from reports.daily_drafts import merged
from reports.daily_filing import Source, file
from reports.daily_prompt import EXAMPLE
from reports.daily_receipt import ask_rest, receipt
from storage.daily import Report
from storage.daily_collections import Collection
from storage.people import PARTICIPANTS
from storage.projects import ProjectInfo

PATIENCE = timedelta(hours=2)
"""How long the rest of a report may take, at least."""
LONGEST_ID = 16


def desk_of(ctx: Ctx, project: ProjectInfo | None = None) -> Desk:
    """Of a project; else of the one this chat is about. A direct chat is about the one that is collecting just now.

    As the writer has it, who may live by another clock than the team.
    """
    if project is not None:
        return Desk(ctx.books, ctx.speaker, project).own(ctx.person)
    own = Desk(ctx.books, ctx.speaker, ctx.project).own(ctx.person)
    if ctx.in_group or waits(ctx, own):
        return own
    others = [each for each in ctx.books.projects.of(ctx.person.id) if each.id != ctx.project.id]
    desks = [Desk(ctx.books, ctx.speaker, each).own(ctx.person) for each in others]
    waiting = next((desk for desk in desks if waits(ctx, desk)), None)
    if waiting is not None:
        return waiting
    return next((desk for desk in [own, *desks] if running(desk) is not None), own)


def waits(ctx: Ctx, desk: Desk) -> bool:
    """Does it collect just now, with nothing from this person yet?"""
    now = running(desk)
    watches = ctx.books.people.role(desk.project.id, ctx.person.id) not in PARTICIPANTS
    return now is not None and not watches and not reported(ctx.books, now, ctx.person.id)


def check_reporter(ctx: Ctx, desk: Desk) -> None:
    """Raises UserError: somebody who only watches, or who belongs to no project yet."""
    role = ctx.books.people.role(desk.project.id, ctx.person.id)
    if role == "observer":
        raise UserError(
            say(
                "{name} 是只看，不用交日报。要一起交，请管理员发：/成员 加 @{name}",
                "{name} only watches and need not report. To take part, ask an admin: /members add @{name}",
                name=ctx.person.name,
            )
        )
    if not ctx.in_group and not desk.groups and desk.project.state == "new" and not desk.rhythm.plan.on:
        raise UserError(
            say(
                "还不知道是哪个项目的日报。请先在项目群里 @我 发一次。",
                "I do not know which project this is for. Please @ me once in the project's group first.",
            )
        )


def source_of(ctx: Ctx) -> Source:
    """How this message came."""
    people = [ctx.books.people.meet(ctx.chat.platform, one.id, one.name) for one in ctx.line.people]
    via = "group" if ctx.in_group else "direct"
    return Source(via, ctx.chat.platform, ctx.thing.message_id, tuple(people))


def nothing_there() -> UserError:
    return UserError(say("没看到内容。例：{example}", "I see no content. Example: {example}", example=EXAMPLE))


def hand_in(ctx: Ctx, desk: Desk, parsed: Parsed, day: date, *, reason: str = "", hint: Text | None = None) -> Reply:
    """File what was said and answer; asks once for parts that are missing. Raises UserError when nothing was said.

    hint: said under the receipt.
    """
    if not parsed.found:
        raise nothing_there()
    check_reporter(ctx, desk)
    words = merged(desk, ctx.person, day, parsed)
    source = source_of(ctx)
    filed = file(desk, ctx.person, day, words, source, reason=reason)
    if filed.before is None and unfinished(parsed):
        until = max(ctx.at + PATIENCE, times_of(desk, day).closes)
        ctx.books.questions.ask(
            ctx.chat.id, ctx.person.id, "daily.rest", lasts=until - ctx.at, report=filed.report.id,
            missing=list(parsed.missing),
        )  # fmt: skip
        return Reply(text_card(ask_rest(parsed, day, desk.rhythm.local(ctx.at).date())))
    asked = ctx.books.questions.open(ctx.chat.id, ctx.person.id)
    if asked is not None and asked.kind == "daily.rest":
        ctx.books.questions.close(ctx.chat.id, ctx.person.id)
    text = receipt(desk, filed, source.public, ctx.chat.platform)
    if hint is not None:
        text = join([text, hint], "\n")
    return taken(ctx, filed.report, text, public=source.public)


def taken(ctx: Ctx, report: Report, text: Text, *, public: bool) -> Reply:
    """The receipt; directly with [同样交给「年货节」] for each other project that waits for one just now."""
    if public:
        return Reply(text_card(text), name=f"receipt:{report.id}")
    buttons = []
    for project in ctx.books.projects.of(ctx.person.id):
        desk = Desk(ctx.books, ctx.speaker, project).own(ctx.person)
        now = running(desk)
        if now is not None and project.id != report.project_id and waits(ctx, desk):
            label = say("同样交给「{p}」", "The same for {p}", p=project.name)
            buttons.append(Button(label, "daily.copy", (str(now.id), str(report.id))))
    return Reply(text_card(text, *buttons))


def unfinished(parsed: Parsed) -> bool:
    """Headings that name today and tomorrow say all there is; bare lines are asked on."""
    return bool(parsed.missing) and not (parsed.headings and {"done", "plan"} <= parsed.found)


def collection_of(ctx: Ctx) -> tuple[Desk, Collection]:
    """What a card is about, by its first argument; its project need not be the one this chat is about.

    Raises UserError: it names nothing that exists.
    """
    number = number_of(ctx)
    collection = ctx.books.collections.get(number) if number else None
    if collection is None:
        raise expired()
    return desk_of(ctx, ctx.books.projects.get(collection.project_id)), collection


def number_of(ctx: Ctx) -> int:
    """The first argument of a press as a row's id; 0: it is none. A press may say anything."""
    said = ctx.action.args[0] if ctx.action.args else ""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < LONGEST_ID else 0


def expired() -> UserError:
    return UserError(say("这张卡片已经过期。", "This card has expired."))
