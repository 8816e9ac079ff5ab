"""Things whose handling failed: kept, listed without their words, handed in once more when an admin asks."""

from __future__ import annotations

from datetime import datetime

import orjson
from sqlalchemy import bindparam, delete, or_, select, update

from chat.frozen import frozen
from chat.messages import Incoming, read_incoming
from storage.statement import Statement, columns, moment, ms, upsert
from storage.tables.failed import FailedThing
from storage.transaction import Tx

ROWS = columns(FailedThing)
_FIELDS = ("key", "code", "kind", "platform", "body", "state", "at")
_keep = Statement(
    upsert(FailedThing)
    .values({name: bindparam(name) for name in _FIELDS})
    .on_conflict_do_update(index_elements=["key"], set_={"state": bindparam("state"), "at": bindparam("at")})
)
_listed = Statement(
    select(ROWS.key, ROWS.code, ROWS.kind, ROWS.platform, ROWS.state, ROWS.at).order_by(ROWS.at, ROWS.key)
)
_ask = Statement(
    update(FailedThing)
    .where(or_(ROWS.code == bindparam("which"), ROWS.key == bindparam("which")), ROWS.state == "kept")
    .values(state="again")
)
_asked = Statement(select(ROWS.key, ROWS.body).where(ROWS.state == "again").order_by(ROWS.at))
_taken = Statement(delete(FailedThing).where(ROWS.key == bindparam("which")))
_old = Statement(delete(FailedThing).where(ROWS.at < bindparam("before")))


@frozen
class Failed:
    """What may be shown of it."""

    key: str
    code: str
    kind: str
    platform: str
    asked: bool
    at: datetime


def keep(tx: Tx, thing: Incoming, code: str) -> None:
    """Whole, so that it can be handled once the fault is mended."""
    tx.run(
        _keep, key=thing.key, code=code, kind=thing.kind, platform=thing.platform, body=orjson.dumps(thing).decode(),
        state="kept", at=ms(thing.at),
    )  # fmt: skip


def listed(tx: Tx) -> list[Failed]:
    """Oldest first."""
    return [
        Failed(key, code, kind, platform, state == "again", moment(at))
        for key, code, kind, platform, state, at in tx.rows(_listed)
    ]


def ask(tx: Tx, which: str) -> int:
    """Hand it in again; which: its code or key. How many there are of that name."""
    return tx.run(_ask, which=which)


def asked(tx: Tx) -> list[Incoming]:
    """Those that are to be handed in now."""
    return [read_incoming(orjson.loads(body)) for _, body in tx.rows(_asked)]


def taken(tx: Tx, key: str) -> None:
    """It is being handled again; should that fail too, it is kept anew."""
    tx.run(_taken, which=key)


def forget(tx: Tx, before: datetime) -> int:
    return tx.run(_old, before=ms(before))
