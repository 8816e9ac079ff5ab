"""What becomes of a question with a time to answer.  ``R1 3:4``  ``R1 @赵六 3:4``  ``R1 结束``"""

from __future__ import annotations

import re

from chat.cards import Button, text_card
from chat.errors import UserError
from chat.text import Text, join, listed, say
from commands.access import allowed, allowed_in, alone_for
from commands.arguments import Someone, take
from commands.ask import LONGEST
from commands.context import Ctx
from commands.grammar import button, hears, quoted
from commands.reply import Pressed, Reply, reply
from planning.window import AWAKE
from reports import ask_reads
from reports.asks import HOUR, arm_end, card, disarm, due_card, lateness, until
from reports.daily_desk import Desk
from reports.digest import question_line, short
from reports.own_clock import reader_of
from storage.asks import Ask
from storage.people import Person

_END = re.compile(r"(?:结束|关闭|取消|不用|不用回|不用等|不等|不问|算|撤回|close|end|cancel)(?:了|吧|了吧)?")


@hears(r"^\s*r ?(\d{1,6})(?![a-z0-9])", rank=10)
def about(ctx: Ctx, match: re.Match[str] | None) -> Reply | None:
    """``R1 …``: an answer; of who asked, that it is over, or somebody's answer by phone."""
    assert match is not None
    number = int(match.group(1))
    ctx.line.cut(match.start(), match.end())
    found = _numbered(ctx, number)
    if found is None:
        raise UserError(
            say("没找到 R{n}。发「/请回复」看看有哪些。", "There is no R{n}. Send “/ask” to see them.", n=number)
        )
    return _said(ctx, found)


@quoted("ask")
def replied(ctx: Ctx, rest: str) -> Reply | None:
    """A reply to the card, or to the reminder of it."""
    found = ctx.books.asks.get(int(rest.partition(":")[0]))
    if found is None or not ctx.line or (found.of(ctx.person.id) is None and found.asker != ctx.person.id):
        return None
    return _said(ctx, found)


@quoted("askdue")
@quoted("askstate")
def told(ctx: Ctx, rest: str) -> Reply | None:
    """A reply to what who asked was told: an answer that they heard, or that it is over."""
    return replied(ctx, rest)


def _said(ctx: Ctx, found: Ask) -> Reply:
    desk = _desk(ctx, found)
    in_charge = found.asker == ctx.person.id or allowed_in(ctx, found.project_id, "ask.others")
    if in_charge and _END.fullmatch(ctx.line.folded.strip(" ,。.!")):
        return _over(ctx, desk, found)
    person = ctx.person
    if in_charge and found.of(person.id) is None:
        other = take(Someone, ctx)
        person = other if other is not None and found.of(other.id) else person
    words = ctx.line.rest[:LONGEST]
    if not words:
        return _standing(ctx, desk, found)
    if found.of(person.id) is None:
        raise UserError(_not_asked(ctx, found))
    if found.state != "open" and not found.missing:
        raise UserError(say("{ref} 已经都回了。", "{ref} was answered by everybody already.", ref=found.ref))
    if found.state != "open":
        raise UserError(say("{ref} 已经结束。", "{ref} is over.", ref=found.ref))
    return Reply(text_card(_answered(ctx, desk, found, person, words, public=ctx.in_group)))


def _standing(ctx: Ctx, desk: Desk, found: Ask) -> Reply:
    """How it stands; who asked sees more where nobody else reads it, and still more as soon as the platform tells."""
    if ctx.in_group or found.asker != ctx.person.id:
        return Reply(text_card(question_line(found)))
    ask_reads.want(desk, found)
    return Reply(ask_reads.status(desk, found), name=ask_reads.name(found))


def _not_asked(ctx: Ctx, found: Ask) -> Text:
    people = listed(one.name for one in found.people[:5])
    if found.asker == ctx.person.id:
        return say(
            "{ref} 在等 {people}。代记：{ref} @某人 答复；不等了：{ref} 结束",
            "{ref} waits for {people}. To note an answer: {ref} @somebody …; to stop: {ref} end",
            ref=found.ref, people=people,
        )  # fmt: skip
    return say("{ref} 请的是 {people}，没有请你回复。", "{ref} asks {people}, not you.", ref=found.ref, people=people)


def _answered(ctx: Ctx, desk: Desk, found: Ask, person: Person, words: str, *, public: bool) -> Text:
    """Write it down; who asked hears of it where they cannot read it anyhow."""
    message = f"{ctx.chat.platform}:{ctx.thing.message_id}" if ctx.thing.kind == "message" else ""
    after = ctx.books.asks.answer(found, person.id, words, message if person.id == ctx.person.id else "")
    ctx.books.deeds.add(found.project_id, ctx.person.id, "answer", ref=found.ref)
    one = after.of(person.id)
    assert one is not None
    by = say("（{who} 代记）", " (noted by {who})", who=ctx.person.name) if person.id != ctx.person.id else say("", "")
    if not after.missing:
        rest: Text = say("都回了。", "That is everybody.")
        ctx.books.asks.close(after)
        disarm(ctx.books, after)
        after = ctx.books.asks.get(after.id) or after
    else:
        rest = say("还差 {people}。", "Still missing: {people}.",
                   people=listed(other.name for other in after.missing[:5]))  # fmt: skip
    text = say(
        "{ref} {who} 已回{late}{by}：{words}。{rest}", "{ref}: {who} answered{late}{by}: {words}. {rest}",
        ref=after.ref, who=person.name, late=lateness(after, one), by=by, words=short(words, 200).rstrip("。."),
        rest=rest,
    )  # fmt: skip
    redraw(ctx, desk, after)
    if not public and ctx.person.id != after.asker:
        ctx.speaker.to_person(ctx.books.people.get(after.asker), desk.project, text_card(text))
    return text


def _over(ctx: Ctx, desk: Desk, found: Ask) -> Reply:
    if not ctx.books.asks.close(found):
        raise UserError(say("{ref} 已经结束。", "{ref} is over.", ref=found.ref))
    disarm(ctx.books, found)
    redraw(ctx, desk, ctx.books.asks.get(found.id) or found)
    return reply("✅ {ref} 已结束，不再催。", "✅ {ref} is over; nobody will be reminded.", ref=found.ref)


# --- pressed --------------------------------------------------------------------------------------------------------


@button("ask.ok")
def noted(ctx: Ctx, number: int) -> Pressed:
    """[收到] is an answer, too."""
    return _pressed(ctx, number, "收到" if ctx.locale == "zh" else "OK")


@button("ask.form")
def filled(ctx: Ctx, number: int) -> Pressed:
    """fields: words."""
    words = ctx.action.fields.get("words", "").strip()[:LONGEST]
    if not words:
        raise UserError(say("没看到内容，请写一句。", "I see no content; please write a sentence."))
    return _pressed(ctx, number, words)


def _pressed(ctx: Ctx, number: int, words: str) -> Pressed:
    found = _by_id(ctx, number)
    one = found.of(ctx.person.id)
    if one is None:
        raise UserError(_not_asked(ctx, found))
    desk = _desk(ctx, found)
    if one.answered_at is not None and words in ("收到", "OK"):
        raise UserError(say("你 {at} 已回：{words}", "You answered at {at}: {words}",
                            at=f"{desk.rhythm.local(one.answered_at):%H:%M}", words=short(one.answer, 60)))  # fmt: skip
    if found.state != "open":
        raise UserError(say("{ref} 已经结束。", "{ref} is over.", ref=found.ref))
    text = _answered(ctx, desk, found, ctx.person, words, public=False)
    return Pressed(text, card=None if ctx.in_group else text_card(text))


@button("ask.wait")
def wait(ctx: Ctx, number: int) -> Pressed:
    """One more hour from now; then who asked is told again."""
    found = _own(ctx, number)
    desk = _desk(ctx, found)
    arm_end(desk, found, ctx.at + HOUR)
    text = say(
        "好，{at} 再看 {ref}。", "OK, {ref} again at {at}.", ref=found.ref, at=until(desk, ctx.at + HOUR, ctx.person.id)
    )
    return Pressed(text, card=text_card(text))


@button("ask.phone")
def phone(ctx: Ctx, number: int, sure: str = "") -> Pressed:
    """The bot cannot call anybody; it stops asking and says how to note what was said. Asks first who would be woken.

    ``sure``: set on the second press.
    """
    found = _own(ctx, number)
    asleep = _asleep(ctx, found)
    if asleep and not sure:
        raise UserError(
            say("{people}，还打吗？", "{people}. Call all the same?", people=join(asleep, "，", ", ")),
            Button(say("仍然打", "Call"), "ask.phone", (str(number), "sure")),
        )
    disarm(ctx.books, found)
    first = found.missing[0].name if found.missing else ""
    text = say(
        "我不会打电话，{ref} 由你打给 {people}，不再催。问到了替他记：{ref} @{first} 答复；不等了：{ref} 结束",
        "I cannot call; please call {people} about {ref}. I will not remind them. "
        "To note what was said: {ref} @{first} …; to stop: {ref} end",
        ref=found.ref, people=listed(one.name for one in found.missing[:5]), first=first,
    )  # fmt: skip
    return Pressed(say("好的。", "OK."), card=text_card(text), reply=Reply(text_card(text)))


def _asleep(ctx: Ctx, found: Ask) -> list[Text]:
    """``Emma 那边 03:10``: who is missing and for whom it is night."""
    project = ctx.books.projects.get(found.project_id)
    lines: list[Text] = []
    for one in found.missing:
        zone = reader_of(project, ctx.books.people.get(one.person), ctx.at)
        local = ctx.at.astimezone(zone) if zone else None
        if local is not None and not AWAKE[0] <= local.hour * 60 + local.minute <= AWAKE[1]:
            lines.append(say("{who} 那边 {at}", "it is {at} where {who} is", who=one.name, at=f"{local:%H:%M}"))
    return lines


# --- inside ---------------------------------------------------------------------------------------------------------


def _by_id(ctx: Ctx, number: int) -> Ask:
    found = ctx.books.asks.get(number)
    if found is None or not ctx.books.people.role(found.project_id, ctx.person.id):
        raise UserError(say("这张卡片已经过期。", "This card has expired."))
    alone_for(ctx, found.project_id)
    return found


def _own(ctx: Ctx, number: int) -> Ask:
    """Of who asked, and somebody is still missing. Raises UserError."""
    found = _by_id(ctx, number)
    if found.asker != ctx.person.id:
        raise UserError(
            say("{ref} 由 {who} 决定。", "{ref} is {who}'s to decide.", ref=found.ref, who=found.asker_name)
        )
    if found.state != "open":
        raise UserError(
            say("{ref} 已经都回了。", "{ref} was answered by everybody already.", ref=found.ref)
            if not found.missing
            else say("{ref} 已经结束。", "{ref} is over.", ref=found.ref)
        )
    return found


def _numbered(ctx: Ctx, number: int) -> Ask | None:
    """In this chat's project; in a direct chat, in the project where it concerns this person."""
    found = ctx.books.asks.numbered(ctx.project.id, number)
    if ctx.in_group or (found is not None and (found.of(ctx.person.id) or found.asker == ctx.person.id)):
        return found
    for project in ctx.books.projects.of(ctx.person.id):
        other = ctx.books.asks.numbered(project.id, number)
        if other is not None and (other.of(ctx.person.id) or other.asker == ctx.person.id):
            return other
    return found if allowed(ctx, "ask.others") else None


def _desk(ctx: Ctx, found: Ask) -> Desk:
    return Desk(ctx.books, ctx.speaker, ctx.books.projects.get(found.project_id))


def redraw(ctx: Ctx, desk: Desk, found: Ask) -> None:
    """The card where it was asked, by names; and what who asked was told at the end."""
    names = listed(one.name for one in found.people)
    ctx.speaker.redraw(found.name, card(desk, found, names, form=ctx.can.input_in_card))
    ctx.speaker.redraw(f"askdue:{found.id}", due_card(found))
    ctx.speaker.redraw(ask_reads.name(found), ask_reads.status(desk, found))
