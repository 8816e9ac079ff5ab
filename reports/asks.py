"""Questions with a time to answer: how they look, and what the clock does half way and at the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from chat.cards import Block, Button, Buttons, Card, Field, Form, Paragraph, text_card
from chat.text import NOTHING, Text, join, listed, say
from planning.window import awake_there
from reports.clocks import seen_by
from reports.daily_desk import Desk
from reports.days import bare_day, short_day
from reports.digest import age
from reports.rules import ASK as RULE
from reports.rules import foot
from reports.speaker import Speaker
from reports.ticks import Occasion, tick
from storage.asks import Ask, Asked
from storage.books import Books
from storage.people import Person
from storage.readings import NUDGED, want

NUDGE, LOOK, DUE = "ask.nudge", "ask.look", "ask.due"
BEFORE = timedelta(minutes=2)
"""So long before the end the platform is asked who has read it."""
SHORT = timedelta(minutes=20)
"""A question to be answered sooner than this is not nudged."""
HOUR = timedelta(hours=1)
MOST_READERS = 30
"""People whose clocks are looked at for one card."""
_MINUTE = timedelta(minutes=1)


def owner(ask: Ask) -> str:
    """Of its entries in the schedule."""
    return ask.name


def arm(desk: Desk, ask: Ask) -> None:
    """The clock's two entries. Nobody is nudged at night or on a day off."""
    half = ask.made_at + (ask.due_at - ask.made_at) / 2
    half = desk.rhythm.awake(half.replace(second=0, microsecond=0))
    if ask.due_at - ask.made_at > SHORT and half < ask.due_at:
        desk.books.schedules.replace(NUDGE, owner(ask), half)
    arm_end(desk, ask, ask.due_at)


def arm_end(desk: Desk, ask: Ask, at: datetime) -> None:
    """Who asked hears how it stands, then; where the platform tells who has read it, with that."""
    desk.books.schedules.replace(DUE, owner(ask), at)
    look = desk.rhythm.awake(at) - BEFORE
    if look > desk.books.at and desk.speaker.can(desk.books.projects.chat_by_id(ask.chat).platform).read_seconds:
        desk.books.schedules.replace(LOOK, owner(ask), look)


def disarm(books: Books, ask: Ask) -> None:
    for kind in (NUDGE, LOOK, DUE):
        books.schedules.drop(kind, owner(ask))


def until(desk: Desk, at: datetime, *readers: int) -> Text:
    """``16:00`` today, else with the day; for readers by another clock with whose it is."""
    local = desk.rhythm.local(at)
    if local.date() == desk.rhythm.local(desk.books.at).date():
        plain = say("{at}", "{at}", at=f"{local:%H:%M}")
    else:
        plain = short_day(local.date(), desk.rhythm.calendar, None, local.hour * 60 + local.minute)
    return seen_by((desk.books.people.get(reader).zone for reader in readers), plain, at, desk.rhythm.zone)


def _readers(ask: Ask) -> list[int]:
    """Who reads its card: who asked, and the first who were."""
    return [ask.asker, *(one.person for one in ask.people[:MOST_READERS])]


def ways(ask: Ask, *, form: bool) -> list[Block]:
    """How to answer it without typing its number."""
    args = (str(ask.id),)
    blocks: list[Block] = [Buttons((Button(say("收到", "OK"), "ask.ok", args),))]
    if form:
        field = Field("words", say("回复", "Answer"), "lines", required=True)
        blocks.append(Form("ask.form", (field,), say("发送", "Send"), args, opener=say("写回复…", "Answer…")))
    return blocks


def card(desk: Desk, ask: Ask, people: Text, *, form: bool) -> Card:
    """As it stands in the chat where it was asked. ``people``: whom, as this chat can @ them."""
    text = say(
        "{ref} {asker} 请 {people} 在 {at} 前回复：{words}",
        "{ref}: {asker} asks {people} to answer by {at}: {words}",
        ref=ask.ref, asker=ask.asker_name, people=people, at=until(desk, ask.due_at, *_readers(ask)),
        words=ask.words,
    )  # fmt: skip
    done = [one for one in ask.people if one.answered_at]
    lines = [text]
    if done or ask.state != "open":
        lines.append(progress(ask))
    if ask.state != "open":
        return text_card(join(lines, "\n"))
    if absent := _absent(desk, ask):
        lines.append(absent)
    if not done:
        lines.append(say("回「{ref} …」或直接回复这条。", "Send “{ref} …” or reply to this.", ref=ask.ref))
    return Card((Paragraph(join(lines, "\n")), *ways(ask, form=form)))


def _absent(desk: Desk, ask: Ask) -> Text | None:
    """Who is away on the day it is due; None: nobody."""
    day = desk.rhythm.local(ask.due_at).date()
    away = desk.books.daily.away(desk.project.id, day)
    names = [one.name for one in ask.missing if away.get(one.person) == "day"]
    if not names:
        return None
    return say("{who} {day} 休假，可能来不及回。", "{who}: away on {day}, may not answer in time.",
               who=listed(names[:5]), day=bare_day(day))  # fmt: skip


def progress(ask: Ask, *, reads: bool = False) -> Text:
    """``王五 已回，赵六 未回``. reads: also who has read it, ``赵六 未回（已读）``, which is for who asked alone."""
    return join([_one(ask, one, reads=reads) for one in ask.people], "，", ", ")


def _one(ask: Ask, one: Asked, *, reads: bool) -> Text:
    if one.answered_at is None and one.left:
        return say("{who} 已离职", "{who} has left the company", who=one.name)
    if one.answered_at is None:
        text = say("{who} 未回", "{who} has not answered", who=one.name)
        return say("{text}{read}", "{text}{read}", text=text, read=read_mark(one)) if reads else text
    return say("{who} 已回{late}", "{who} answered{late}", who=one.name, late=lateness(ask, one))


def read_mark(one: Asked) -> Text:
    """``（已读）``; nothing where nobody tells."""
    if one.read is None:
        return NOTHING
    return say("（已读）", " (read)") if one.read else say("（未读）", " (not read)")


def lateness(ask: Ask, one: Asked) -> Text:
    """``（晚 20 分钟）``; nothing in time."""
    if one.answered_at is None or one.answered_at - ask.due_at < _MINUTE:
        return say("", "")
    return say("（晚 {n}）", " ({n} late)", n=age(one.answered_at - ask.due_at))


def due_card(ask: Ask) -> Card:
    """For who asked: how it stands, and what can be done about those who are missing."""
    text = say("{ref} 截止：{people}。", "{ref} is due: {people}.", ref=ask.ref, people=progress(ask, reads=True))
    if not ask.missing or ask.state != "open":
        return text_card(text)
    args = (str(ask.id),)
    return text_card(
        text,
        Button(say("再等 1 小时", "Wait 1 more hour"), "ask.wait", args),
        Button(say("电话", "By phone"), "ask.phone", args),
    )


# --- the clock ------------------------------------------------------------------------------------------------------


@tick(NUDGE, RULE)
def nudge(occasion: Occasion) -> datetime | None:
    """Half way: directly to those who have not answered and are here; in the chat only where that is impossible.

    Whoever sleeps then, by a clock of their own, hears of it at their 9:00 if that is in time: ``person`` alone.
    """
    found, only = _found(occasion), occasion.entry.subject.get("person")
    if found is None:
        return None
    desk, ask = found
    if occasion.at >= ask.due_at:
        return None
    today = desk.rhythm.local(occasion.at).date()
    away = desk.books.daily.away(desk.project.id, today)
    unreached: list[Asked] = []
    for one in ask.missing:
        if away.get(one.person) == "day" or desk.books.pushes.muted(one.person, RULE) or only not in (None, one.person):
            continue
        person = desk.books.people.get(one.person)
        morning = awake_there(occasion.at, person.zone)
        if morning is not None:
            if morning < ask.due_at:
                desk.books.schedules.add(NUDGE, owner(ask), morning, person=person.id)
            continue
        message = Card((Paragraph(_reminder(desk, ask, person)), *ways(ask, form=False), *foot(RULE)))
        if not desk.speaker.to_person(person, desk.project, message, name=ask.name + NUDGED):
            unreached.append(one)
    if unreached:
        _in_chat(desk, ask, unreached)
    return None


def _reminder(desk: Desk, ask: Ask, person: Person) -> Text:
    """By the clock of who reads it; who asked may have left since, and their answer is wanted all the same."""
    if desk.books.people.get(ask.asker).left_at is not None:
        return say(
            "{ref} 还差你的回复，{at} 截止：{words}（{asker} 问的，已离职）\n回「{ref} …」或直接回复这条。",
            "{ref} still needs your answer by {at}: {words} ({asker} asked it and has left the company)\n"
            "Send “{ref} …” or reply to this.",
            ref=ask.ref, asker=ask.asker_name, words=ask.words, at=until(desk, ask.due_at, person.id),
        )  # fmt: skip
    return say(
        "{ref} {asker} 在等你回复，{at} 截止：{words}\n回「{ref} …」或直接回复这条。",
        "{ref}: {asker} is waiting for your answer by {at}: {words}\nSend “{ref} …” or reply to this.",
        ref=ask.ref, asker=ask.asker_name, words=ask.words,
        at=until(desk, ask.due_at, person.id),
    )  # fmt: skip


def _in_chat(desk: Desk, ask: Ask, people: list[Asked]) -> None:
    chat = desk.books.projects.chat_by_id(ask.chat)
    if chat.kind != "group":
        return
    at_them = [
        say("{m}", "{m}", m=desk.speaker.mention(desk.books.people.get(one.person), chat.platform)) for one in people
    ]
    text = say(
        "{people} {ref} 还没回，{at} 截止：{words}", "{people} {ref} is not answered yet, due {at}: {words}",
        people=join(at_them, " "), ref=ask.ref,
        at=until(desk, ask.due_at, *_readers(ask)), words=ask.words,
    )  # fmt: skip
    desk.speaker.in_chat(chat, desk.project, text_card(text))


@tick(LOOK, None)
def look(occasion: Occasion) -> datetime | None:
    """Before the end: who has read it?"""
    found = _found(occasion)
    if found is not None:
        want(occasion.books, found[1])
    return None


@tick(DUE, None)
def due(occasion: Occasion) -> datetime | None:
    """The end: who asked hears who is missing; not at night."""
    found = _found(occasion)
    if found is None:
        return None
    desk, ask = found
    awake = desk.rhythm.awake(occasion.at)
    if awake > occasion.at:
        return awake
    asker = desk.books.people.get(ask.asker)
    if asker.left_at is not None:
        desk.tell_admins(_orphaned(ask))
        return None
    desk.speaker.to_person(asker, desk.project, due_card(ask), name=f"askdue:{ask.id}")
    return None


def _orphaned(ask: Ask) -> Card:
    """For who leads, when who asked has left."""
    return text_card(
        say(
            "{ref} 截止：{people}。{asker} 问的（已离职）：{words}",
            "{ref} is due: {people}. {asker} asked it and has left the company: {words}",
            ref=ask.ref, people=progress(ask), asker=ask.asker_name, words=ask.words,
        )
    )  # fmt: skip


def without(books: Books, speaker: Speaker, person: Person) -> None:
    """Somebody left the company: nobody waits for their answers; a question that waits for nobody else is over."""
    for ask in books.asks.waiting_for(person.id):
        if ask.missing or not books.asks.close(ask):
            continue
        disarm(books, ask)
        after = books.asks.get(ask.id) or ask
        desk = Desk(books, speaker, books.projects.get(ask.project_id))
        text = say(
            "{ref} 只差 {who}，{who} 已离职，不再等：{words}",
            "{ref} waited for {who} alone, who has left the company. It is over: {words}",
            ref=ask.ref, who=person.name, words=ask.words,
        )  # fmt: skip
        speaker.redraw(after.name, card(desk, after, listed(one.name for one in after.people), form=False))
        speaker.to_person(books.people.get(ask.asker), desk.project, text_card(text))


def _found(occasion: Occasion) -> tuple[Desk, Ask] | None:
    """None: it is closed, or everybody has answered."""
    ask = occasion.books.asks.get(int(occasion.entry.owner.partition(":")[2]))
    if ask is None or ask.state != "open" or not ask.missing:
        return None
    return Desk(occasion.books, occasion.speaker, occasion.books.projects.get(ask.project_id)), ask
