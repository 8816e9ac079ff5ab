"""What the bot says: rows first, delivery later. A named card can be edited; a newer edit supersedes an unsent one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import orjson
from sqlalchemy import BigInteger, String, and_, bindparam, func, or_, select, text, tuple_, update

from chat.cards import Card, decode, text_card
from chat.frozen import frozen
from chat.messages import Outgoing
from chat.plain import plain
from chat.quoting import likeliest
from chat.text import Locale, say
from storage import vault
from storage.statement import Statement, columns, inserting, moment, ms
from storage.tables.people import ChatRow
from storage.tables.road import Outbox
from storage.transaction import Tx

OUTBOX = columns(Outbox)
CHATS = columns(ChatRow)
LOOK_BACK = 5000
"""Parcels that are searched for a recent failure, or for a card that somebody quotes."""
QUOTABLE = 60
"""Named cards of one chat among which a quoted one is looked for."""
SEALED = "sealed"
"""The only word of a body whose parcel is secret."""
LOST = say(
    "这封信里的验证码读不出来了（密钥换过）。请在聊天里重新发：/邮箱 地址",
    "The code in this letter can no longer be read (the key was changed). Please send “/mail address” in chat again.",
)
Position = tuple[str, str, int]
"""Platform, chat, id."""
START: Position = ("", "", 0)
ALL = 2**62

_post = Statement(inserting(Outbox, "id", "sent_at", "message_id").returning(OUTBOX.id))
_settle = Statement(
    update(Outbox)
    .where(OUTBOX.id == bindparam("parcel"), OUTBOX.state != "sent")
    .values(state="sent", sent_at=bindparam("sent"), message_id=bindparam("message"), attempts=OUTBOX.attempts + 1)
)
_settle_all = Statement(
    text("SELECT 1"),
    postgresql=text(
        "UPDATE outbox SET state = 'sent', sent_at = one.sent, message_id = one.message, attempts = attempts + 1 "
        "FROM json_to_recordset(CAST(:results AS json)) AS one (parcel BIGINT, sent BIGINT, message VARCHAR) "
        "WHERE outbox.id = one.parcel AND state <> 'sent'"
    ).bindparams(bindparam("results", type_=String)),
)
_fail = Statement(
    update(Outbox)
    .where(OUTBOX.id == bindparam("parcel"))
    .values(
        state=bindparam("to_state"), not_before=bindparam("later"), error=bindparam("why"), attempts=OUTBOX.attempts + 1
    )
)
_mark = Statement(update(Outbox).where(OUTBOX.id == bindparam("parcel")).values(state="sending"))
_supersede = Statement(
    update(Outbox)
    .where(OUTBOX.name == bindparam("card"), OUTBOX.kind == "edit", OUTBOX.state == "ready")
    .values(state="superseded")
    .returning(OUTBOX.id)
)
_cancel = Statement(
    update(Outbox)
    .where(OUTBOX.platform == bindparam("on"), OUTBOX.chat == bindparam("to"), OUTBOX.state == "ready")
    .values(state="superseded")
    .returning(OUTBOX.id)
)
_expire = Statement(
    update(Outbox)
    .where(OUTBOX.name == bindparam("card"), OUTBOX.kind != "edit", OUTBOX.state == "ready")
    .values(state="dropped", error=bindparam("why"))
    .returning(OUTBOX.id)
)
_silence = Statement(
    update(Outbox)
    .where(OUTBOX.platform == bindparam("on"), OUTBOX.reply_to == bindparam("message"), OUTBOX.state == "ready")
    .values(state="superseded")
    .returning(OUTBOX.id)
)
_newest = Statement(
    select(OUTBOX.state, OUTBOX.error)
    .where(OUTBOX.id > select(func.max(OUTBOX.id) - bindparam("back")).scalar_subquery())
    .where(OUTBOX.platform == bindparam("on"), OUTBOX.chat == bindparam("to"), OUTBOX.kind == bindparam("how"))
    .where(or_(OUTBOX.state == "sent", OUTBOX.state == "dead"))
    .order_by(OUTBOX.id.desc())
    .limit(1)
)
UNSENT = select(
    OUTBOX.id, OUTBOX.key, OUTBOX.platform, OUTBOX.kind, OUTBOX.chat, OUTBOX.body, OUTBOX.locale, OUTBOX.reply_to,
    OUTBOX.asker, OUTBOX.name, OUTBOX.state, OUTBOX.attempts, OUTBOX.not_before,
).where(or_(OUTBOX.state == "ready", OUTBOX.state == "sending"))  # fmt: skip
_unsent = Statement(
    UNSENT.where(text("state = 'ready'"), OUTBOX.id <= bindparam("last"))
    .where(
        tuple_(OUTBOX.platform, OUTBOX.chat, OUTBOX.id)
        > tuple_(
            bindparam("on", type_=String()), bindparam("to", type_=String()), bindparam("after", type_=BigInteger())
        )
    )
    .order_by(OUTBOX.platform, OUTBOX.chat, OUTBOX.id)
    .limit(bindparam("most"))
)
_sending = Statement(UNSENT.where(text("state = 'sending'")).order_by(OUTBOX.id))
_last = Statement(select(func.coalesce(func.max(OUTBOX.id), 0)))
_where_is = Statement(
    select(OUTBOX.platform, OUTBOX.chat, OUTBOX.locale, OUTBOX.kind, func.max(OUTBOX.at))
    .outerjoin(ChatRow, and_(CHATS.platform == OUTBOX.platform, CHATS.external_id == OUTBOX.chat))
    .where(OUTBOX.name == bindparam("card"), OUTBOX.kind != "edit")
    .where(or_(CHATS.state.is_(None), CHATS.state == "active"))
    .group_by(OUTBOX.platform, OUTBOX.chat, OUTBOX.locale, OUTBOX.kind)
)
_name_of = Statement(
    select(OUTBOX.name).where(OUTBOX.platform == bindparam("on"), OUTBOX.message_id == bindparam("message"))
)
_locale_of = Statement(
    select(OUTBOX.locale).where(OUTBOX.platform == bindparam("on"), OUTBOX.message_id == bindparam("message")).limit(1)
)
_recent = Statement(
    select(OUTBOX.name, OUTBOX.body, OUTBOX.locale)
    .where(OUTBOX.id > select(func.max(OUTBOX.id) - bindparam("back")).scalar_subquery())
    .where(OUTBOX.platform == bindparam("on"), or_(OUTBOX.chat == bindparam("to"), OUTBOX.chat == bindparam("who")))
    .where(OUTBOX.name.is_not(None))
    .order_by(OUTBOX.id.desc())
    .limit(QUOTABLE)
)
_latest = Statement(
    select(OUTBOX.message_id)
    .where(OUTBOX.name == bindparam("card"), OUTBOX.platform == bindparam("on"), OUTBOX.chat == bindparam("to"))
    .where(OUTBOX.kind != "edit", OUTBOX.state == "sent")
    .order_by(OUTBOX.id.desc())
    .limit(1)
)


_known = Statement(
    select(OUTBOX.id).where(OUTBOX.platform == bindparam("on"), OUTBOX.message_id == bindparam("message")).limit(1)
)


@frozen
class Waiting:
    """A parcel read back after a restart."""

    parcel: Outgoing
    state: str
    attempts: int
    not_before: int


@frozen
class Place:
    """Where a named card stands. ``kind``: post or direct; ``at``: when it was sent there last."""

    platform: str
    chat: str
    locale: Locale
    kind: str
    at: datetime


class Outboxes:
    """Post parcels for one thing. Keys are ``<thing>/<n>``: the same thing run again writes the same keys."""

    def __init__(self, tx: Tx, key: str, at: datetime) -> None:
        self._tx = tx
        self._key = key
        self._at = ms(at)
        self._count = 0

    def post(
        self,
        platform: str,
        chat: str,
        card: Card,
        *,
        kind: Literal["post", "edit", "direct"] = "post",
        locale: Locale = "zh",
        reply_to: str = "",
        asker: str = "",
        name: str | None = None,
        state: Literal["ready", "held"] = "ready",
        secret: bool = False,
        body: str = "",
    ) -> None:
        """Put one parcel in the outbox. ``name``: of a card that will be edited later under the same name.

        ``asker``: the person (platform id) whose message ``reply_to`` is. ``secret``: nobody who reads the books may
        read it. ``body``: the card as JSON, where that is made already.
        """
        key = f"{self._key}/{self._count}"
        self._count += 1
        parcels = self._tx.parcels

        def posted(row: tuple[Any, ...]) -> None:
            if state == "ready":
                parcels.append(
                    Outgoing(row[0], key, platform, kind, chat, card, locale, reply_to, name=name or "", asker=asker)
                )

        values = {
            "key": key, "platform": platform, "chat": chat, "kind": kind, "locale": locale,
            "body": body or _body(card, key if secret else ""), "reply_to": reply_to, "asker": asker, "name": name,
            "state": state, "attempts": 0, "not_before": self._at, "at": self._at, "error": "",
        }  # fmt: skip
        self._tx.then(_post, values, posted)

    def places(self, name: str) -> list[Place]:
        """Where the card called ``name`` stands."""
        return [
            Place(platform, chat, locale, kind, moment(at))
            for platform, chat, locale, kind, at in self._tx.rows(_where_is, card=name)
        ]

    def edit(
        self, name: str, card: Card, places: list[Place] | None = None, *, direct: Card | None = None
    ) -> bool:  # fmt: skip
        """Redraw the card called ``name`` (only in ``places``, if given). False: it stands nowhere.

        direct: what those see who got it directly, if it is not the same.
        """
        if places is None:
            places = self.places(name)
        if places:
            self._tx.superseded.extend(row[0] for row in self._tx.rows(_supersede, card=name))
        body, other = (_body(card, ""), _body(direct, "") if direct is not None else "") if places else ("", "")
        for place in places:
            seen, said = (direct, other) if direct is not None and place.kind == "direct" else (card, body)
            self.post(place.platform, place.chat, seen, kind="edit", locale=place.locale, name=name, body=said)
        return bool(places)

    def cancel(self, platform: str, chat: str) -> None:
        """Whatever still waits for this chat is not sent."""
        self._tx.superseded.extend(row[0] for row in self._tx.rows(_cancel, on=platform, to=chat))

    def expire(self, name: str, why: str) -> None:
        """Where the card called ``name`` has not arrived yet it would come too late: it is dropped, with the reason."""
        self._tx.superseded.extend(row[0] for row in self._tx.rows(_expire, card=name, why=why))

    def silence(self, platform: str, message_id: str) -> None:
        """Unsent answers to a message that was taken back are not sent."""
        if message_id:
            rows = self._tx.rows(_silence, on=platform, message=message_id)
            self._tx.superseded.extend(row[0] for row in rows)

    def trouble(self, platform: str, chat: str, kind: Literal["post", "direct"]) -> str:
        """Why the newest parcel of the last few thousand did not arrive in that chat; "" if it did."""
        row = self._tx.row(_newest, on=platform, to=chat, how=kind, back=LOOK_BACK)
        return str(row[1] or "?") if row and row[0] == "dead" else ""

    def name_of(self, platform: str, message_id: str) -> str:
        """Which named card a message of ours is; "" for none. It is how a reply to an old prompt finds its date."""
        return self._tx.value(_name_of, on=platform, message=message_id) or ""

    def locale_of(self, platform: str, message_id: str) -> Locale | None:
        """The language of a message of ours; None: it is not known."""
        key = ("locale of", platform, message_id)
        kept: tuple[Locale | None] | None = self._tx.kept(key)
        if kept is None:
            kept = (self._tx.value(_locale_of, on=platform, message=message_id),)
            self._tx.keep(key, kept)  # fifty presses at once are on the same card
        return kept[0]

    def quoted(self, platform: str, chat: str, person: str, words: str) -> str:
        """Which named card of this chat shows these words, where a platform tells no more of a quote; "" for none.

        person: the platform id of whom the chat belongs to, if it is a direct one; else "".
        """
        rows = self._tx.rows(_recent, on=platform, to=chat, who=person or chat, back=LOOK_BACK)
        return (
            likeliest(words, ((name, plain(decode(orjson.loads(body)), locale)) for name, body, locale in rows)) or ""
        )


def sent(tx: Tx, results: list[tuple[int, int, str]]) -> None:
    """Settle delivered parcels: (parcel id, milliseconds, platform's message id)."""
    if tx.shared and results:
        rows = [{"parcel": p, "sent": at, "message": m or None} for p, at, m in results]
        tx.do(_settle_all, results=orjson.dumps(rows).decode())
    else:
        tx.run_many(_settle, [{"parcel": p, "sent": at, "message": m or None} for p, at, m in results])


def going_out(tx: Tx, parcel: int) -> None:
    """Mark before sending where the platform cannot drop a second send: found so after a crash means in doubt."""
    tx.run(_mark, parcel=parcel)


def failed(
    tx: Tx, parcel: int, state: Literal["ready", "dead", "doubt", "missed", "superseded"], not_before: int, error: str
) -> None:
    """Not delivered: again from ``not_before`` (milliseconds), given up, or nobody knows; always with a reason."""
    tx.run(_fail, parcel=parcel, to_state=state, later=not_before, why=error[:500])


def left(tx: Tx) -> tuple[int, list[Waiting]]:
    """What a restart must deliver: the newest there is, and those that were going out. ``unsent`` reads the others."""
    return tx.value(_last), [waiting(row) for row in tx.rows(_sending)]


def unsent(tx: Tx, after: Position = START, last: int = ALL, most: int = ALL) -> list[Waiting]:
    """Parcels not sent up to the one called ``last``, chat by chat, from behind ``after`` on."""
    platform, chat, parcel = after
    rows = tx.rows(_unsent, on=platform, to=chat, after=parcel, last=last, most=most)
    return [waiting(row) for row in rows]


def position(parcel: Outgoing) -> Position:
    """Where ``unsent`` comes to it."""
    return parcel.platform, parcel.chat, parcel.id


def waiting(row: tuple[Any, ...]) -> Waiting:
    """A row of ``UNSENT``."""
    i, key, on, kind, chat, body, locale, reply, asker, name, state, tries, later = row
    card = card_of(body, key)
    return Waiting(
        Outgoing(i, key, on, kind, chat, card, locale, reply, name=name or "", asker=asker), state, tries, later
    )


def _body(card: Card, sealed_for: str) -> str:
    words = orjson.dumps(card).decode()
    return orjson.dumps({SEALED: vault.sealed(words, sealed_for)}).decode() if sealed_for else words


def card_of(body: str, key: str) -> Card:
    """What the parcel ``key`` says. One that was sealed under a key that is lost says so."""
    raw = orjson.loads(body)
    if SEALED not in raw:
        return decode(raw)
    try:
        return decode(orjson.loads(vault.opened(raw[SEALED], key)))
    except vault.Unreadable:
        return text_card(LOST)


def is_ours(tx: Tx, platform: str, message_id: str) -> bool:
    """Was this message sent by us?"""
    return tx.row(_known, on=platform, message=message_id) is not None


def message_called(tx: Tx, name: str, platform: str, chat: str) -> str:
    """The platform's id of the newest card called ``name`` in that chat; "" when it was never sent."""
    return tx.value(_latest, card=name, on=platform, to=chat) or ""
