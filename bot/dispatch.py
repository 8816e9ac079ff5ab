"""The heart: one thing, one transaction. Replayable: it depends on the transaction and the thing, asks no clock, opens
no socket."""

from __future__ import annotations

import logging
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from hashlib import sha256

import orjson

from chat.cards import Card, decode, text_card
from chat.errors import UserError
from chat.frozen import frozen
from chat.messages import Answer, Incoming, Outgoing, Sender
from chat.ports import Abilities, Condition
from chat.text import Text, say
from commands.context import Ctx, well
from commands.grammar import Table
from commands.interpret import interpret
from commands.press import STALE
from commands.reply import Reply
from commands.welcome import came_back
from reports import ask_reads, calendar_warning, leave_import, person_left, risk_watch
from reports.ticks import Handler, Occasion
from storage import failed, inbox
from storage.books import Books
from storage.errors import cannot_store
from storage.projects import Scene, scene_ahead
from storage.statement import ms
from storage.transaction import Tx

log = logging.getLogger("jindu.dispatch")
A_MOMENT = timedelta(milliseconds=1)
NEVER_TWICE = timedelta(seconds=1)
"""A firing moves its entry on, whatever its handler says: the same moment again would be known already, for ever."""
TICK_AGAIN = timedelta(minutes=10)
"""When a firing that failed is tried again; the handler's own rule for lateness then applies."""


@dataclass(slots=True)
class Outcome:
    """What became of a thing. ``parcels``: held back until the press was answered."""

    answer: Answer | None = None
    duplicate: bool = False
    parcels: list[Outgoing] = field(default_factory=list)


@frozen
class Unfinished(Answer):
    """Its card is drawn at the end of the group."""

    drawing: Callable[[], Card] = field(kw_only=True)


class Dispatcher:
    """Everything that can happen, and the function that it means."""

    def __init__(self, table: Table, ticks: dict[str, Handler], can: Abilities, health: Condition = well) -> None:
        self._table = table
        self._ticks = ticks
        self._can = can
        self._health = health

    def __call__(self, tx: Tx, thing: Incoming) -> Outcome:
        """Handle ``thing`` within ``tx``. Known key: its stored answer and nothing else."""
        if thing.chat is not None and thing.sender is not None:
            scene_ahead(tx, thing.platform, thing.chat.id, thing.sender.id)
        seen = inbox.accept(tx, thing.key, thing.kind, ms(thing.at))
        if not seen.new:
            if thing.kind == "tick":
                _same_number(tx, thing)
            return Outcome(_stored(seen.answer), duplicate=True)
        try:
            answer = self._handle(tx, thing)
        except UserError as refusal:
            answer = self._refuse(tx, thing, refusal)
        except Exception as error:
            if cannot_store(error):
                raise  # not this thing's fault: it is not answered, so that it comes again
            code = _code(thing.key)
            answer = self._fail(tx, thing, code)
            log.exception("failed", extra={"action": "failed", "key": thing.key, "code": code})
        if answer is None:
            return Outcome()
        tx.held = True
        outcome = Outcome(answer, parcels=tx.parcels)
        if isinstance(answer, Unfinished):
            tx.at_end(thing.key, partial(_complete, tx, thing.key, outcome, answer))
        else:
            inbox.answered(tx, thing.key, orjson.dumps(answer).decode())
        return outcome

    def _handle(self, tx: Tx, thing: Incoming) -> Answer | None:
        if thing.kind == "tick":
            self._tick(tx, thing)
            return None
        if thing.chat is None:
            if thing.event == ask_reads.EVENT:
                ask_reads.follow(tx, thing, self._can)
            elif thing.event == person_left.EVENT:
                person_left.follow(tx, thing)
            elif thing.event in (leave_import.APPROVED, leave_import.WITHDRAWN):
                leave_import.follow(tx, thing, self._can)
            return None
        if thing.sender is None:
            thing = replace(thing, sender=_writer(tx, thing))
            if thing.sender is None:
                return None
        ctx = context(tx, thing, self._can)
        ctx.health = self._health
        try:
            answer = self._act(ctx)
        except UserError as refusal:
            refusal.locale = None if ctx.entered else ctx.locale
            raise
        if ctx.books.replanned:
            risk_watch.follow(ctx.books, ctx.speaker)
        return answer

    def _act(self, ctx: Ctx) -> Answer | None:
        if ctx.chat.returned and ctx.in_group:
            self._say(ctx, came_back(ctx))
        if ctx.thing.kind == "click":
            return self._press(ctx)
        if ctx.thing.kind == "event":
            handler = self._table.events.get(ctx.thing.event)
            self._say(ctx, handler(ctx) if handler else None)
            return None
        self._say(ctx, interpret(ctx, self._table))
        return None

    def _tick(self, tx: Tx, thing: Incoming) -> None:
        books = Books(tx, thing.key, thing.at)
        entry = books.schedules.get(thing.data["schedule"])
        if entry is None or entry.key != thing.key:
            return  # removed, paused or moved since the alarm rang
        occasion = Occasion(books, entry, thing.at, self._can)
        at = self._ticks[entry.kind](occasion)
        if at is None:
            books.schedules.remove(entry)
        else:
            books.schedules.move(entry, at if at > entry.at else entry.at + NEVER_TWICE, **occasion.left)

    def _press(self, ctx: Ctx) -> Answer:
        handler = self._table.buttons.get(ctx.action.verb)
        if handler is None:
            raise UserError(STALE)
        pressed = handler(ctx)
        self._say(ctx, pressed.reply)
        if pressed.again is not None:
            again = ctx.once_more(pressed.again)
            self._say(again, interpret(again, self._table))
        if pressed.drawing is not None:
            return Unfinished(pressed.toast, None, ctx.locale, pressed.alone, drawing=pressed.drawing)
        return Answer(pressed.toast, pressed.card, ctx.locale, pressed.alone)

    def _say(self, ctx: Ctx, said: Reply | None) -> None:
        if said is None:
            return
        if said.private and ctx.in_group:
            ctx.speaker.to_person(ctx.person, ctx.project, said.card, name=said.name)
            return
        ctx.books.outbox.post(
            ctx.chat.platform, ctx.chat.external_id, said.card, locale=ctx.locale, reply_to=ctx.thing.message_id,
            asker=ctx.thing.sender.id if ctx.thing.sender else "", name=said.name or None,
        )  # fmt: skip

    def _refuse(self, tx: Tx, thing: Incoming, refusal: UserError) -> Answer | None:
        """Nothing the command did remains; the refusal itself is a row."""
        tx.restart()
        inbox.close(tx, thing.key, thing.kind, ms(thing.at), "refused")
        if thing.kind == "click" and refusal.locale and not (refusal.audit or refusal.draft or refusal.buttons):
            return Answer(refusal.text, locale=refusal.locale)
        ctx = context(tx, thing, self._can)
        if refusal.audit:
            ctx.books.audit(ctx.project.id, refusal.audit, "refused", refusal.text.plain())
        if refusal.draft is not None:
            ctx.books.drafts.keep("again", ctx.chat.id, ctx.person.id, **refusal.draft)
        if thing.kind != "click":
            self._say(ctx, Reply(refusal.card()))
            return None
        if refusal.buttons:
            self._say(ctx, Reply(refusal.card()))
        return Answer(refusal.text, locale=ctx.locale)

    def _fail(self, tx: Tx, thing: Incoming, code: str) -> Answer | None:
        tx.restart()
        inbox.close(tx, thing.key, thing.kind, ms(thing.at), "failed", code)
        if thing.kind != "tick":
            failed.keep(tx, thing, code)
        books = Books(tx, thing.key, thing.at)
        if thing.kind == "tick" and (entry := books.schedules.get(thing.data["schedule"])):
            books.schedules.move(entry, thing.at + TICK_AGAIN)
        if thing.chat is None:
            return None
        text = say(
            "这条没办成，已记录（编号 {code}）。数据没有改动，可以再发一次。",
            "That did not work and has been recorded (code {code}). Nothing was changed; you can send it again.",
            code=code,
        )
        if thing.kind == "click":
            return Answer(text)
        books.outbox.post(thing.platform, thing.chat.id, text_card(text), reply_to=thing.message_id)
        return None


def context(tx: Tx, thing: Incoming, can: Abilities) -> Ctx:
    """Who, where and in which project; strangers and new chats are entered in the books."""
    assert thing.chat is not None
    assert thing.sender is not None
    books = Books(tx, thing.key, thing.at)
    place, sender = thing.chat, thing.sender
    scene = books.projects.scene(thing.platform, place.id, sender.id)
    entered = scene is None or not _familiar(scene, thing, sender.name)
    if scene is None or entered:
        scene = _enter(books, thing, scene)
    assert scene.project is not None
    assert scene.person is not None
    books.actor = scene.person.id
    books.said_in = (scene.chat.id, thing.message_id)
    ctx = Ctx(books, thing, scene.chat, scene.project, scene.person, scene.role, can)
    ctx.entered = entered
    return ctx


def _complete(tx: Tx, key: str, outcome: Outcome, answer: Unfinished) -> None:
    card = answer.drawing()
    outcome.answer = Answer(answer.toast, card, answer.locale, answer.alone)
    kept = tx.kept("encoded card")
    if kept is None or kept[0] is not card:
        kept = (card, orjson.Fragment(orjson.dumps(card)))
        tx.keep("encoded card", kept)  # all who pressed at the same moment are shown the same
    parts = {"toast": answer.toast, "card": kept[1], "locale": answer.locale, "alone": answer.alone}
    inbox.answered(tx, key, orjson.dumps(parts).decode())


def _writer(tx: Tx, thing: Incoming) -> Sender | None:
    """Whose message was taken back, where the platform does not say: who reported or answered with it.

    None: nothing came of it.
    """
    books = Books(tx, thing.key, thing.at)
    report = books.daily.said_in(thing.platform, thing.message_id)
    said = None if report else books.asks.said_in(thing.platform, thing.message_id)
    person = report.person if report else said[1] if said else None
    who = books.people.external_id(person, thing.platform) if person is not None else ""
    return Sender(who, books.people.get(person).name) if person is not None and who else None


def in_charge(tx: Tx, thing: Incoming) -> Sender | None:
    """Who stands for an event that nobody caused: the owner of the chat's project. None: the chat is not known."""
    assert thing.chat is not None
    books = Books(tx, thing.key, thing.at)
    chat = books.projects.chat(thing.platform, thing.chat.id)
    if chat is None or chat.project_id is None:
        return None
    owners = [m.person for m in books.people.members(chat.project_id) if m.is_admin]
    return Sender(books.people.external_id(owners[0].id, thing.platform), owners[0].name) if owners else None


def _familiar(scene: Scene, thing: Incoming, name: str) -> bool:
    """Nothing about who and where needs to be written down."""
    if scene.project is None or scene.person is None or not scene.role or scene.name != name:
        return False
    if thing.kind != "event" and scene.person.left_at is not None:
        return False
    return thing.kind == "event" or (scene.chat.heard_at is not None and scene.chat.state == "active")


def _enter(books: Books, thing: Incoming, scene: Scene | None) -> Scene:
    """Make the rows that are missing: person, chat, a project for the chat, membership."""
    assert thing.chat is not None
    assert thing.sender is not None
    person = books.people.meet(thing.platform, thing.sender.id, thing.sender.name)
    if thing.kind != "event" and person.left_at is not None:
        person = person_left.come_back(books, person)
    chat = scene.chat if scene else None
    group = thing.chat.kind == "group"
    if chat is None:
        chat = books.projects.add_chat(thing.platform, thing.chat.id, thing.chat.kind, thing.chat.name, None)
    if thing.kind != "event" and (chat.heard_at is None or chat.state != "active"):
        chat = books.projects.heard(chat)
    if group:
        books.people.seen_in(chat.id, person.id)
        if chat.project_id is None:
            project = books.projects.add(thing.chat.name or person.name, person.id)
            books.projects.bind(chat.id, project.id)
            calendar_warning.enter(books)
            books.people.welcome(project.id, person.id, "owner")
        else:
            project = books.projects.get(chat.project_id)
            books.people.welcome(project.id, person.id, "guest")
        if person.project_id is None:
            books.people.focus(person.id, project.id)
    else:
        books.people.talked(thing.platform, thing.sender.id)
        books.people.seen_in(chat.id, person.id)
        project = books.projects.focused(person) or books.projects.add(person.name, person.id)
        books.people.welcome(project.id, person.id, "owner" if project.created_by == person.id else "guest")
    role = books.people.role(project.id, person.id)
    return Scene(replace(chat, project_id=project.id), project, person, thing.sender.name, role)


def _same_number(tx: Tx, thing: Incoming) -> None:
    """An entry of the clock that got the number of one that is over, for the very moment at which that one fired, is
    another firing: it needs a key of its own. An entry that was handled has moved on or is gone.
    """
    books = Books(tx, thing.key, thing.at)
    entry = books.schedules.get(thing.data["schedule"])
    if entry is not None and entry.key == thing.key:
        books.schedules.move(entry, entry.at - A_MOMENT)


def _stored(answer: str | None) -> Answer | None:
    if answer is None:
        return None
    raw = orjson.loads(answer)
    toast = raw["toast"]
    card = decode(raw["card"]) if raw["card"] else None
    return Answer(Text(toast["zh"], toast["en"], toast["data"]), card, raw["locale"], raw.get("alone", False))


def _code(key: str) -> str:
    """A short code that the user sees and the log names; the same for the same thing."""
    return b32encode(sha256(key.encode()).digest())[:4].decode()
