"""The buttons of the prompt and the reminder: fill in, away today, yesterday's plan; and the admin's send or skip."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chat.cards import Block, Button, Buttons, Card, Paragraph, text_card
from chat.errors import UserError
from chat.text import Text, join, say, verbatim
from commands.access import allowed_in
from commands.context import Ctx
from commands.daily_desk import check_reporter, collection_of, expired, hand_in, nothing_there
from commands.grammar import button
from commands.reply import Pressed
from planning.daily import Parsed, is_none
from planning.daily_words import Part
from planning.zones import at_local
from reports.away import go_away
from reports.daily_day import times_of
from reports.daily_desk import Desk
from reports.daily_filing import Source, file
from reports.daily_open import ask
from reports.daily_plan import arrange
from reports.daily_prompt import form
from reports.daily_receipt import headline
from reports.days import bare_day
from reports.digest import short
from storage.daily import Report, Words
from storage.daily_collections import Collection
from storage.daily_figures import done_by

LOOK_BACK = timedelta(days=10)
"""How old a plan may be to be offered as today's."""


@button("daily.form")
def filled_in(ctx: Ctx) -> Pressed:
    """args: collection id. The same record as by text; nothing is said in the group."""
    desk, collection = _of(ctx)
    check_reporter(ctx, desk)
    fields = {name: ctx.action.fields.get(name, "").strip() for name in ("done", "plan", "blocked")}
    if not any(fields.values()):
        raise nothing_there()
    if ctx.at >= times_of(desk, collection.day).late_until:
        raise UserError(
            say(
                "{day} 的补交已截止。要补请发：/日报 补 {day} 因为：… 今日：…",
                "Late reports for {day} are closed. To send one: /daily late {day} because: … today: …",
                day=bare_day(collection.day),
            )
        )
    words = Words(*("" if name != "done" and is_none(said) else said for name, said in fields.items()))
    filed = file(desk, ctx.person, collection.day, words, Source("form", ctx.chat.platform))
    now = desk.rhythm.local(ctx.at)
    said = say("已提交 {time}", "Sent {time}", time=f"{now:%H:%M}")
    toast = headline(desk, filed)
    return Pressed(said if filed.before is None else toast, card=text_card(said), alone=True)


@button("daily.away")
def away_today(ctx: Ctx) -> Pressed:
    """args: collection id. Not asked and not missing on that day."""
    desk, collection = _of(ctx)
    check_reporter(ctx, desk)
    _not_yet(ctx, desk, collection)
    if ctx.at >= times_of(desk, collection.day).late_until:
        raise UserError(say("{day} 已经过去。", "{day} is over.", day=bare_day(collection.day)))
    go_away(desk, collection.day, ctx.person)
    done = say(
        "✅ {day} 休假，今天不催。改主意了，直接交日报就行。",
        "✅ Away on {day}; you will not be reminded. If you change your mind, just send a report.",
        day=bare_day(collection.day),
    )
    return Pressed(done, card=text_card(done), alone=True)


@button("daily.prefill")
def yesterdays_plan(ctx: Ctx) -> Pressed:
    """args: collection id. Shows what was planned and what was finished, ready to be sent; never sends it itself."""
    desk, collection = _of(ctx)
    check_reporter(ctx, desk)
    _not_yet(ctx, desk, collection)
    last, words = _prefill(ctx, desk, collection)
    if not words.done:
        raise UserError(
            say("昨天没有写明日计划，请直接填写。", "There is no plan from yesterday. Please write the report.")
        )
    card = _prefilled(ctx, collection, last, words)
    if not ctx.in_group:
        return Pressed(say("看一眼，没问题就交。", "Have a look, then send it."), card=card)
    if not ctx.speaker.to_person(ctx.person, desk.project, card, name=f"prefill:{collection.id}"):
        raise _unreachable()
    return Pressed(say("已私聊发给你，看一眼再交。", "Sent to you directly; have a look, then send it."))


@button("daily.same")
def as_planned(ctx: Ctx) -> Pressed:
    """args: collection id. Yesterday's plan becomes what was done; the rest is asked."""
    desk, collection = _of(ctx)
    _not_yet(ctx, desk, collection)
    _, words = _prefill(ctx, desk, collection)
    if not words.done:
        raise expired()
    found: frozenset[Part] = frozenset(("done",))
    said = hand_in(ctx, desk, Parsed(done=words.done, found=found, lines=1), collection.day)
    done = say("已记下今日。", "Noted what you did.")
    return Pressed(done, card=said.card)


@button("daily.send")
def send_now(ctx: Ctx) -> Pressed:
    """args: collection id. The prompt that was missed goes out now, the rest of the day moves along."""
    desk, collection = _missed(ctx)
    if desk.rhythm.local(ctx.at).date() != collection.day:
        raise UserError(say("{day} 已过，不能再发。", "{day} is over; too late.", day=bare_day(collection.day)))
    late = ctx.at - collection.times.opens
    times = collection.times.shifted(late)
    opened = ctx.books.collections.change(
        collection, state="open", times=times, late_by=int(late.total_seconds() // 60)
    )
    arrange(ctx.books, desk.rhythm)
    ask(desk, opened)
    done = say(
        "✅ 已发 {day} 日报提示，{time} 截止。",
        "✅ Prompt for {day} sent, due {time}.",
        day=bare_day(collection.day),
        time=f"{desk.rhythm.local(times.closes):%H:%M}",
    )
    return _settled(ctx, collection, done)


@button("daily.skip")
def skip(ctx: Ctx) -> Pressed:
    """args: collection id. The day stays the system's fault; nobody counts as missing."""
    collection = _missed(ctx)[1]
    ctx.books.collections.change(collection, state="dropped")
    done = say("好的，{day} 不发，不算任何人缺交。", "OK, {day} is skipped; nobody counts as missing.",
               day=bare_day(collection.day))  # fmt: skip
    return _settled(ctx, collection, done)


# --- inside ----------------------------------------------------------------------------------------------------------


def _of(ctx: Ctx) -> tuple[Desk, Collection]:
    """The collection a card belongs to; its project, which need not be the one this chat is about."""
    desk, collection = collection_of(ctx)
    if not ctx.books.people.role(desk.project.id, ctx.person.id):
        raise UserError(say("只有项目成员能用这张卡片。", "Only members of the project can use this card."))
    return desk, collection


def _missed(ctx: Ctx) -> tuple[Desk, Collection]:
    """Raises UserError: not an admin, or it was decided already."""
    desk, collection = _of(ctx)
    if not allowed_in(ctx, desk.project.id, "daily.missed"):
        raise UserError(say("只有管理员能决定。", "Only an admin can decide."), audit="daily.missed")
    if collection.state != "missed":
        state = say("跳过了", "skipped") if collection.state == "dropped" else say("发出了", "sent")
        raise UserError(
            say("{day} 的提示已经{state}。", "The prompt for {day} was {state} already.", day=bare_day(collection.day),
                state=state)
        )  # fmt: skip
    return desk.team, collection


def _settled(ctx: Ctx, collection: Collection, done: Text) -> Pressed:
    ctx.speaker.redraw(f"missed:{collection.id}", text_card(done))
    return Pressed(done, card=text_card(done))


def _not_yet(ctx: Ctx, desk: Desk, collection: Collection) -> None:
    """Raises UserError: the report is in already."""
    report = ctx.books.daily.of(desk.project.id, collection.day, ctx.person.id)
    if report is not None and not report.withdrawn:
        at = desk.rhythm.local(report.at)
        raise UserError(
            say(
                "你 {time} 已交 {day} 日报。要改：/日报 改 今日 …",
                "You sent the report for {day} at {time}. To change it: /daily change today …",
                time=f"{at:%H:%M}", day=bare_day(collection.day),
            )
        )  # fmt: skip


def _prefill(ctx: Ctx, desk: Desk, collection: Collection) -> tuple[Report | None, Words]:
    """What was planned last and what was finished since midnight, as today's report; open obstacles stay."""
    books, project = ctx.books, desk.project.id
    last = books.daily.latest(project, ctx.person.id, collection.day - timedelta(days=1))
    if last is not None and last.day < collection.day - LOOK_BACK:
        last = None
    start, end = _day(desk, collection.day)
    finished = [f"T{n} {title}" for n, title in done_by(books.tx, project, ctx.person.id, start, end)]
    planned = [last.words.plan] if last is not None and last.words.plan else []
    open_ones = [b.words for b in books.blockers.open_in(project) if b.person == ctx.person.id]
    return last, Words("\n".join(planned + finished), "", "\n".join(open_ones))


def _day(desk: Desk, day: date) -> tuple[datetime, datetime]:
    return at_local(day, 0, desk.rhythm.zone), at_local(day, 24 * 60, desk.rhythm.zone)


def _prefilled(ctx: Ctx, collection: Collection, last: Report | None, words: Words) -> Card:
    lines = [
        say("{day} 的计划：{plan}", "Planned on {day}: {plan}", day=bare_day(last.day), plan=short(last.words.plan))
        if last is not None and last.words.plan
        else say("今天完成的：", "Finished today:")
    ]
    lines += [verbatim(line) for line in words.done.splitlines() if last is None or line not in last.words.plan]
    blocks: list[Block] = [Paragraph(join(lines, "\n"))]
    same = Button(say("就用这个", "Use this"), "daily.same", (str(collection.id),), style="primary")
    if ctx.can.input_in_card:
        blocks.append(form(collection.id, words, opener=say("改一改再交", "Edit, then send")))
    blocks.append(Buttons((same,)))
    return Card(tuple(blocks))


def _unreachable() -> UserError:
    return UserError(
        say("私聊发不到你，请先点开我发一句“你好”。", "I cannot reach you directly. Please send me a word first.")
    )
