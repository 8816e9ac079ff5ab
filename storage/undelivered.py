"""What did not arrive, for whoever has to look after it: how much, which, again, or never mind.

``ready`` waits for its turn; ``sending`` was going out when the bot stopped; ``doubt``: perhaps it arrived; ``dead``:
it was given up, with a reason; ``held``: somebody must release it; ``again``: somebody wants it sent once more.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, func, select, text, update

from chat.frozen import frozen
from storage.outbox import UNSENT, Waiting, waiting
from storage.statement import Statement, columns, moment, ms
from storage.tables.partial import one_of
from storage.tables.people import ChatRow, Identity
from storage.tables.road import TROUBLED, Outbox
from storage.transaction import Tx

OUTBOX, CHATS, IDENTITIES = columns(Outbox), columns(ChatRow), columns(Identity)
_IN_TROUBLE = text(one_of("outbox.state", *TROUBLED))
"""As the partial index has it."""
STATES = ("ready", "sending", "doubt", "dead", "held", "again")

_counts = Statement(select(OUTBOX.state, func.count()).where(_IN_TROUBLE).group_by(OUTBOX.state))
_ready = Statement(select(func.count()).where(OUTBOX.state == "ready"))
_sending = Statement(select(func.count()).where(OUTBOX.state == "sending"))
_rows = Statement(
    select(
        OUTBOX.id, OUTBOX.key, OUTBOX.platform, OUTBOX.chat, OUTBOX.kind, OUTBOX.state, OUTBOX.attempts, OUTBOX.at,
        OUTBOX.error, func.coalesce(func.nullif(CHATS.name, ""), IDENTITIES.name, ""),
    )
    .outerjoin(ChatRow, and_(CHATS.platform == OUTBOX.platform, CHATS.external_id == OUTBOX.chat))
    .outerjoin(Identity, and_(IDENTITIES.platform == OUTBOX.platform, IDENTITIES.external_id == OUTBOX.chat))
    .where(_IN_TROUBLE)
    .order_by(OUTBOX.id)
)  # fmt: skip
_THIS = (OUTBOX.id == bindparam("parcel"), text("state IN ('doubt', 'dead', 'held')"))
_again = Statement(update(Outbox).where(*_THIS).values(state="again"))
_drop = Statement(update(Outbox).where(*_THIS).values(state="dropped", error=bindparam("why")))
_wanted = Statement(
    update(Outbox)
    .where(OUTBOX.state == "again", _IN_TROUBLE)
    .values(state="ready", attempts=0, not_before=bindparam("now"), error="")
    .returning(OUTBOX.id)
)
_one = Statement(UNSENT.where(OUTBOX.id == bindparam("parcel")))


@frozen
class Undelivered:
    """One parcel in trouble; what it says is nobody's business here. ``where``: the group or person, "" if unknown."""

    id: int
    key: str
    platform: str
    chat: str
    kind: str
    state: str
    attempts: int
    at: datetime
    error: str
    where: str


def counts(tx: Tx) -> dict[str, int]:
    """How many parcels are in each of ``STATES``; states without any may be missing."""
    troubled: list[tuple[str, int]] = [(state, count) for state, count in tx.rows(_counts)]
    return {"ready": tx.value(_ready), "sending": tx.value(_sending), **dict(troubled)}


def listed(tx: Tx) -> list[Undelivered]:
    """Those in trouble, oldest first."""
    return [
        Undelivered(number, key, platform, chat, kind, state, attempts, moment(at), error, where)
        for number, key, platform, chat, kind, state, attempts, at, error, where in tx.rows(_rows)
    ]


def again(tx: Tx, parcel: int) -> bool:
    """Send it once more under the same key. False: it is not in trouble."""
    return tx.run(_again, parcel=parcel) > 0


def drop(tx: Tx, parcel: int, why: str) -> bool:
    """Never send it; the row and the reason remain. False: it is not in trouble."""
    return tx.run(_drop, parcel=parcel, why=why) > 0


def wanted(tx: Tx, now: datetime) -> list[Waiting]:
    """Those that somebody wants sent; from now on they wait for their turn like all others."""
    numbers = sorted(row[0] for row in tx.rows(_wanted, now=ms(now)))
    return [waiting(row) for number in numbers for row in tx.rows(_one, parcel=number)]
